"""The main job without a window, as a newcomer sees it: `kumitate demo`, and what it leaves."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent

ONLY_TORCH = """
import sys

class OnlyTorch:
    '''Refuses what is not there where only torch was installed.'''

    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top in {forbidden}:
            raise ModuleNotFoundError("No module named " + repr(top), name=top)
        return None

sys.meta_path.insert(0, OnlyTorch())
sys.path[:0] = [{folder!r}]
"""

FORBIDDEN = {
    "kumitate", "gui", "terminal", "graph", "codegen", "data", "evaluation", "training",
    "lightning_fabric", "lightning_utilities", "torchmetrics", "torchvision", "safetensors",
    "sklearn", "scipy", "PySide6", "pyqtgraph", "psygnal", "click", "psutil",
}  # fmt: skip


def kumitate(*arguments, cwd, check=True):
    done = subprocess.run(
        [sys.executable, "-m", "kumitate", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    if check:
        assert done.returncode == 0, done.stdout + done.stderr
    return done


def only_torch(folder, program):
    """Run a program in a fresh interpreter that has nothing but torch."""
    head = ONLY_TORCH.format(forbidden=sorted(FORBIDDEN), folder=str(folder))
    done = subprocess.run(
        [sys.executable, "-I", "-c", head + program],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """What `kumitate demo` printed, and the folder that it left."""
    place = tmp_path_factory.mktemp("demo")
    done = kumitate("demo", "--folder", "here", cwd=place)
    return done, place / "here"


@pytest.fixture(scope="module")
def run_folder(demo):
    return next((demo[1] / "lenet.runs").iterdir())


def test_it_reaches_98_percent_on_digits_that_were_held_out(demo, run_folder):
    report = json.loads(kumitate("evaluate", run_folder, "--json", cwd=demo[1]).stdout)
    assert report["split"] == "test"
    assert report["samples"] >= 250
    assert report["accuracy"] >= 0.98
    confusion = report["confusion"]
    right = sum(confusion[n][n] for n in range(10))
    assert right / report["samples"] == pytest.approx(report["accuracy"])
    assert sum(map(sum, confusion)) == report["samples"]


def test_it_shows_progress_and_says_where_everything_lies(demo, run_folder):
    done, place = demo
    assert done.stderr.count("epoch") >= 10
    for path in (place / "lenet.yaml", run_folder, place / "exported"):
        assert path.name in done.stdout
    assert "61,706" in done.stdout


def test_the_text_that_trained_is_the_text_of_the_code_view_and_of_the_export(demo, run_folder):
    printed = kumitate("code", "lenet.yaml", cwd=demo[1]).stdout
    assert (run_folder / "model.py").read_text() == printed
    assert (demo[1] / "exported" / "model.py").read_text() == printed


def test_the_export_needs_only_torch_and_computes_the_same(demo, run_folder):
    import torch

    from evaluation.network import load_network
    from training.runs import Run

    exported = demo[1] / "exported"
    run = Run(run_folder)
    torch.manual_seed(0)
    image = torch.rand(5, 1, 28, 28)
    torch.save(image, exported / "image.pt")
    only_torch(
        exported,
        """
import torch
from model import LeNet5
network = LeNet5()
network.load_state_dict(torch.load("weights.pt", weights_only=True))
with torch.no_grad():
    torch.save(network.eval()(torch.load("image.pt", weights_only=True)), "result.pt")
""",
    )
    network = load_network(run.model_path, run.best_weights).eval()
    with torch.no_grad():
        expected = network(image)
    torch.testing.assert_close(
        torch.load(exported / "result.pt", weights_only=True), expected, rtol=0, atol=1e-6
    )


def test_the_usage_example_runs_with_only_torch(demo):
    exported = demo[1] / "exported"
    printed = only_torch(exported, 'import runpy; runpy.run_path("example.py")')
    lines = printed.splitlines()
    assert len(lines) == 8
    right = [line for line in lines if line.split()[0] == line.split()[4]]
    assert len(right) >= 7


def test_the_readme_tells_what_is_needed(demo):
    text = (demo[1] / "exported" / "README.md").read_text()
    assert "weights.pt" in text
    assert "0, 1, 2, 3, 4, 5, 6, 7, 8, 9" in text
    assert "held-out" in text
    assert "28×28" in text


def test_an_exported_run_opens_as_a_project(demo):
    done = kumitate("check", demo[1] / "exported" / "project.yaml", cwd=demo[1])
    assert "No problems" in done.stdout


def test_train_prints_the_run_folder_last(tmp_path):
    kumitate("new", "mlp", "-o", "m.yaml", cwd=tmp_path)
    done = kumitate(
        "train", "m.yaml", "--epochs", 2, "--batch-size", 100, "--seed", 3, "--device", "cpu",
        cwd=tmp_path,
    )  # fmt: skip
    folder = Path(done.stdout.splitlines()[-1])
    assert folder.parent.name == "m.runs"
    frozen = (folder / "project.yaml").read_text()
    assert "epochs: 2" in frozen
    assert "seed: 3" in frozen
    assert "epochs: 2" not in (tmp_path / "m.yaml").read_text()


def test_training_on_a_device_that_is_not_there_says_which_are(tmp_path):
    import torch

    missing = "mps" if torch.cuda.is_available() else "cuda"
    kumitate("new", "mlp", "-o", "m.yaml", cwd=tmp_path)
    done = kumitate("train", "m.yaml", "--device", missing, cwd=tmp_path, check=False)
    assert done.returncode == 1
    assert "cpu" in done.stderr
    assert "Traceback" not in done.stderr
