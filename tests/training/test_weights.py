"""Trainings that start from weights in a file."""

import re

import torch
from safetensors.torch import load_file, save_file
from torchvision import models

from codegen.module import generate
from data.catalog import DATASETS
from evaluation.network import load_network
from evaluation.published import load_published
from graph.files import to_text
from graph.inference import infer_block
from graph.project_edits import set_training
from graph.state import MAIN
from graph.templates import load_template
from tests.training.examples import MODEL, new_run
from tests.training.sessions import Session, after
from training.adapting import adapt
from training.check import task_problems
from training.export import export_run
from training.messages import Log, Started
from training.runs import create_run


def saved(tmp_path, **changes):
    """Weights for the network of the examples, each the same number."""
    model = tmp_path / "model.py"
    model.write_text(MODEL)
    state = {key: torch.full_like(v, 0.5) for key, v in load_network(model).state_dict().items()}
    path = tmp_path / "start.safetensors"
    save_file({**state, **changes}, path)
    return path


def test_the_first_step_is_from_the_weights_in_the_file(tmp_path):
    path = saved(tmp_path)
    settings = {"weights": str(path), "optimizer": {"name": "SGD", "learning_rate": 1e-9}}
    run = new_run(tmp_path, **settings, epochs=1)
    session = Session(run)
    assert session.failed is None
    learned = load_file(run.last_weights)["hidden.weight"]
    torch.testing.assert_close(learned, torch.full_like(learned, 0.5), rtol=0, atol=1e-4)
    (told,) = [m.text for m in session.of(Log) if "start from" in m.text]
    assert str(path) in told
    assert "9 tensors were taken from it, which are all of the network's" in told


def test_exported_weights_start_a_network_with_other_names(tmp_path):
    """They fit by their order, which is that of the network."""
    project = load_template("lenet5", overrides=["training.epochs=1"])
    run = new_run(tmp_path, generate(project).text, **project.training, data=project.data)
    run.project_path.write_text(to_text(project), encoding="utf-8")
    assert Session(run).failed is None
    export_run(run, tmp_path / "home")
    (tmp_path / "other.py").write_text(
        re.sub(r"(conv|fc)(\d)", r"part_\2_\1", generate(project).text)
    )
    network, learned = load_network(tmp_path / "other.py"), load_file(run.best_weights)
    taken = load_published(network, tmp_path / "home" / "weights.pt")
    assert taken.new == taken.unused == ()
    for name in ("fc1.weight", "conv2.bias"):
        layer, kind = name.split(".")
        other = network.state_dict()[f"part_{layer[-1]}_{layer[:-1]}.{kind}"]
        assert torch.equal(other, learned[name])


def test_what_does_not_fit_starts_anew_and_is_told(tmp_path):
    path = saved(tmp_path, **{"scores.weight": torch.zeros(7, 32)})
    session = Session(new_run(tmp_path, weights=str(path), epochs=1))
    assert session.failed is None
    (told,) = [m for m in session.of(Log) if "start from" in m.text]
    assert told.level == "warning"
    assert "scores.weight is 10×32, but scores.weight in start.safetensors is 7×32" in told.text


def test_weights_that_do_not_fit_end_it_with_their_names(tmp_path):
    path = tmp_path / "start.safetensors"
    save_file({"other.weight": torch.zeros(3, 3)}, path)
    session = Session(new_run(tmp_path, weights=str(path), epochs=1))
    assert session.failed is not None
    assert "its names (other.weight) are not those of the network" in session.failed.message
    assert not session.of(Started)


def test_going_on_does_not_start_anew(tmp_path):
    path = saved(tmp_path)
    run = new_run(tmp_path, weights=str(path), epochs=2)
    Session(run, after(1, 3, "stop"))
    path.unlink()
    resumed = Session(run, resume=True)
    assert resumed.failed is None
    assert not [m for m in resumed.of(Log) if "start from" in m.text]


def test_a_file_that_is_not_there_is_a_problem_that_can_be_mended(tmp_path):
    path = tmp_path / "gone.pth"
    project = set_training(load_template("lenet5"), {"weights": str(path)})
    (problem,) = task_problems(project, infer_block(project, MAIN))
    assert problem.parameter == "training.weights"
    assert str(path) in problem.text
    mended = problem.fixes[0].edit(project)
    assert not task_problems(mended, infer_block(mended, MAIN))


def test_a_published_network_starts_with_all_but_its_classifier(tmp_path):
    torch.manual_seed(0)
    path = tmp_path / "published.pth"
    published = models.squeezenet1_0(num_classes=5)
    torch.save(published.state_dict(), path)
    data = DATASETS["shapes"](image_size=32, classes=3, samples_per_class=6)
    project = adapt(load_template("squeezenet"), data).project
    settings = {"weights": str(path), "epochs": 1, "device": "cpu", "batch_size": 4}
    settings["optimizer"] = {"name": "SGD", "learning_rate": 1e-9}
    project = set_training(project, settings)
    run = create_run(
        tmp_path / "runs", project_text=to_text(project), model_text=generate(project).text
    )
    session = Session(run)
    assert session.failed is None, session.failed
    (told,) = [m for m in session.of(Log) if "start from" in m.text]
    assert told.level == "warning"
    assert "conv10.weight is 3×512×1×1, but classifier.1.weight in published.pth is" in told.text
    learned = load_file(run.last_weights)
    first = published.state_dict()["features.0.weight"]
    torch.testing.assert_close(learned["conv1.weight"], first, rtol=0, atol=1e-4)
