"""The verbs of the command that need no training, run as a person runs them."""

import io
import json
import math
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

import kumitate
from codegen.module import generate
from evaluation.report import ClassScore, NumberScore, Outcome, Report
from evaluation.segmentations import MaskOutcome, MaskScore, Segmentation
from graph.files import load, save
from terminal.printing import print_report


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()

    def invoke(*arguments):
        return runner.invoke(kumitate.main, [str(argument) for argument in arguments])

    return invoke


@pytest.fixture
def lenet(run):
    assert run("new", "lenet5", "-o", "lenet.yaml").exit_code == 0
    return "lenet.yaml"


def test_templates_are_listed(run):
    listed = json.loads(run("templates", "--json").stdout)
    assert {"lenet5", "mlp", "resnet-small"} <= {template["id"] for template in listed}
    assert all(t["title"] and t["description"] and t["task"] and t["source"] for t in listed)
    text = run("templates").stdout
    assert "LeNet-5" in text


def test_new_does_not_overwrite(run, lenet, tmp_path):
    before = (tmp_path / lenet).read_text()
    again = run("new", "mlp", "-o", lenet)
    assert again.exit_code == 1
    assert "exists already" in again.output
    assert (tmp_path / lenet).read_text() == before
    assert run("new", "mlp", "-o", lenet, "--force").exit_code == 0
    assert load(lenet).project.name == "Multilayer perceptron"


def test_the_hint_at_what_to_do_next_can_be_pasted_into_a_shell(run, monkeypatch):
    monkeypatch.delenv("UV", raising=False)
    for arguments in (["new", "mlp"], ["adapt", "mlp", "digits"]):
        hint = run(*arguments, "-o", "my $net.yaml", "--force").output.partition("open it: ")[2]
        if os.name == "nt":
            assert hint.strip() == 'kumitate "my $net.yaml"'
        else:
            told = subprocess.run(["sh", "-c", f"printf '<%s>' {hint}"], capture_output=True)
            assert told.stdout == b"<kumitate><my $net.yaml>"


def test_new_takes_overrides(run):
    done = run("new", "mlp", "-o", "m.yaml", "--set", "blocks.main.parameters.hidden=32")
    assert done.exit_code == 0
    assert load("m.yaml").project.main.parameters["hidden"].default == 32


def test_unknown_template_names_the_nearest(run):
    done = run("new", "lenet", "-o", "x.yaml")
    assert done.exit_code == 1
    assert 'did you mean "lenet5"' in done.output


def test_check_of_a_good_project(run, lenet):
    done = run("check", lenet)
    assert done.exit_code == 0
    assert "No problems" in done.stdout
    assert json.loads(run("check", lenet, "--json").stdout) == []


def test_check_of_a_bad_project_says_what_where_and_what_to_do(run, lenet):
    size = "blocks.main.nodes.image.shape=[1, 10, 10]"
    done = run("check", lenet, "--json", "--set", size)
    assert done.exit_code == 1
    problems = json.loads(done.stdout)
    assert [p["place"] for p in problems] == ["main.image"] or problems[0]["severity"] == "error"
    text = run("check", lenet, "--set", "blocks.main.nodes.conv2.kernel_size=30").stdout
    assert "main.conv2" in text
    assert "14×14" in text
    assert "Possible: Set kernel size to 14×14" in text
    # height // 2 − 29 has to leave two pixels for the second pooling.
    assert "Which sizes of image are legal?" in text
    assert "any from 62." in text


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("training.epoch=3", "epochs"),
        ("blocks.main.nodes.flaten.start_dim=1", 'did you mean "flatten"'),
        ("blocks.main.nodes.conv1", "PATH=VALUE"),
        ("training.epochs=[", "not a YAML value"),
        ("training.optimizer.learning_rate.x=1", "no parts"),
        ("blocks.main.nodes.conv1.out_channels=0", "at least 1"),
        ("data.image_size=banana", "whole number"),
        ("data.dataset=cats", "digits"),
        ("training.device=tpu", "one of"),
    ],
)
def test_wrong_overrides_are_explained(run, lenet, override, words):
    done = run("check", lenet, "--set", override)
    assert done.exit_code == 1
    assert words in done.output


def test_summary_counts(run, lenet):
    values = json.loads(run("summary", lenet, "--json").stdout)
    assert values["parameters"] == 61_706
    # 6·5·5·28·28 + 16·6·5·5·10·10 + 400·120 + 120·84 + 84·10
    assert values["multiply_adds"] == 117_600 + 240_000 + 48_000 + 10_080 + 840
    conv1 = next(node for node in values["nodes"] if node["node"] == "conv1")
    assert conv1 == {
        "node": "conv1",
        "layer": "Conv2d",
        "output": [[6, 28, 28]],
        "parameters": 156,
        "multiply_adds": 117_600,
        "output_bytes": 4 * 6 * 28 * 28,
        "kept_bytes": 0,
        "receptive_field": [5, 5],
    }
    assert values["training_memory"] == {
        "batch_size": 64,
        "optimizer": "Adam",
        "weights": 4 * 61_706,
        "gradients": 4 * 61_706,
        "optimizer_states": 8 * 61_706,
        "activations": 64 * 35_472,
        "total": 16 * 61_706 + 64 * 35_472,
    }
    text = run("summary", lenet).stdout
    assert "batches of 64 and Adam: about 3.26 MB" in text
    assert "61,706" in text
    assert "416,520" in text


def test_summary_of_a_broken_project_does_not_pretend_to_be_whole(run, lenet):
    broken = ("--set", "blocks.main.nodes.conv2.kernel_size=30")
    text = run("summary", lenet, *broken).stdout
    assert "not all of it could be counted" in text
    assert "Memory to train" not in text
    values = json.loads(run("summary", lenet, *broken, "--json").stdout)
    assert not values["complete"]
    assert {n["node"]: n["receptive_field"] for n in values["nodes"]}["fc1"] is None
    assert json.loads(run("summary", lenet, "--json").stdout)["complete"]


def test_code_is_printed_or_written(run, lenet, tmp_path):
    printed = run("code", lenet).stdout
    assert printed.rstrip().endswith("return x")
    assert run("code", lenet, "-o", "model.py").exit_code == 0
    assert (tmp_path / "model.py").read_text() == printed


def test_what_goes_into_a_file_is_utf_8_whatever_the_code_page(run, lenet, tmp_path):
    """As on Windows, where Python writes into files and pipes in the code page of the system."""
    project = replace(load(lenet).project, notes="Größer als 日本.")
    save(project, tmp_path / "日本.yaml")

    def told(*arguments):
        command = [sys.executable, "-m", "kumitate", *arguments]
        here = str(Path(kumitate.__file__).parent)
        environment = {**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONPATH": here}
        done = subprocess.run(command, capture_output=True, env=environment, check=False)
        return done.returncode, (done.stdout + done.stderr).decode("utf-8")

    assert told("code", "日本.yaml") == (0, generate(project).text)
    status, text = told("summary", "日本.yaml")
    assert status == 0, text
    assert "6×28×28" in text
    assert told("export", "日本.yaml", "日本")[1].splitlines()[-1] == str(Path("日本/project.yaml"))
    assert "日本語.yaml" in told("check", "日本語.yaml")[1]


def test_a_terminal_shows_what_it_can(run, lenet, monkeypatch):
    shown = io.BytesIO()
    terminal = io.TextIOWrapper(shown, encoding="cp437")
    monkeypatch.setattr(terminal, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdout", terminal)
    kumitate.main(["summary", lenet], standalone_mode=False)
    terminal.flush()
    assert b"conv1" in shown.getvalue()
    assert b"6?28?28" in shown.getvalue()


def test_code_of_a_broken_project_is_refused(run, lenet):
    done = run("code", lenet, "--set", "blocks.main.nodes.conv2.kernel_size=30")
    assert done.exit_code == 1
    assert "main.conv2" in done.output


def test_export_without_training(run, lenet, tmp_path):
    done = run("export", lenet, "out")
    assert done.exit_code == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "model.py",
        "example.py",
        "README.md",
        "project.yaml",
    }
    assert (tmp_path / "out" / "model.py").read_text() == run("code", lenet).stdout
    assert "Without weights" in done.stdout


def test_export_does_not_overwrite_what_is_no_export(run, lenet, tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    for name in ("README.md", "model.py"):
        (own / name).write_text("mine")
    done = run("export", lenet, own)
    assert done.exit_code == 1
    assert f"{own} has model.py, README.md already" in done.output
    assert "--force" in done.output
    assert [path.read_text() for path in own.iterdir()] == ["mine", "mine"]
    assert run("export", lenet, own, "--force").exit_code == 0
    code = (own / "model.py").read_text()
    assert "class LeNet" in code
    again = run("export", lenet, own, "--set", "blocks.main.nodes.conv1.out_channels=9")
    assert again.exit_code == 0, "an earlier export may be replaced"
    assert (own / "model.py").read_text() != code


def test_training_a_broken_project_is_refused_before_it_starts(run, lenet, tmp_path):
    done = run("train", lenet, "--set", "blocks.main.nodes.conv2.kernel_size=30")
    assert done.exit_code == 1
    assert "main.conv2" in done.output
    assert not (tmp_path / "lenet.runs").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check", "missing.yaml"], "does not exist"),
        (["check", "."], "is a folder"),
        (["evaluate", "missing"], "is gone"),
        (["chek", "x"], 'did you mean "check"'),
        (["export", "missing.yaml", "out"], "does not exist"),
        (["new", "lenet5", "-o", "no/such/folder/x.yaml"], "does not exist"),
    ],
)
def test_wrong_input_gets_a_sentence(run, arguments, words):
    done = run(*arguments)
    assert done.exit_code in (1, 2)
    assert words in done.output
    assert "Traceback" not in done.output


def test_what_is_not_understood_is_reported_and_kept(run, tmp_path):
    (tmp_path / "x.yaml").write_text(
        "kumitate: 1\ncolour: red\nblocks: {main: {nodes: {a: {layer: Conv3}}, links: []}}\n"
    )
    done = run("check", "x.yaml")
    assert done.exit_code == 1
    assert '"colour" is not known' in done.stderr
    assert "main.a" in done.stdout


def test_a_report_on_numbers_is_told_by_its_errors(capsys):
    print_report(
        Report(
            split="test",
            weights="best",
            epoch=1,
            time=0.0,
            samples=2,
            loss=4.0,
            task="regression",
            total=NumberScore("", 1.5, 2.0, 0.5),
            scores=(NumberScore("height", 1.5, 2.0, 0.5),),
            outcomes=(Outcome(7, 2.5, (1.0,), (3.5,)),),
        )
    )
    text = capsys.readouterr().out
    assert text.startswith("1.5 is the mean absolute error on 2 test samples")
    assert "0.500" in text
    assert "sample 7: error 2.5   1 was predicted as 3.5" in text


def test_a_report_on_masks_is_told_by_its_overlap(capsys):
    outcome = MaskOutcome(7, 0.4, picture="p.png", truth="t.png", answer="a.png", wrong="w.png")
    print_report(
        Report(
            split="test",
            weights="best",
            epoch=1,
            time=0.0,
            samples=2,
            loss=0.25,
            accuracy=0.875,
            task="segmentation",
            score=0.5,
            score_name="mean IoU",
            segmentation=Segmentation(
                (
                    MaskScore("sky", 0.5, 0.667, 12_000, 9_000),
                    MaskScore("sea", math.nan, math.nan, 0, 0),
                ),
                ((9_000, 0), (0, 0)),
                (outcome,),
            ),
        )
    )
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == (
        "50.0% is the mean IoU on 2 test samples (87.5% of the pixels are right, loss 0.25, "
        "weights of epoch 1)"
    )
    assert lines[3].split() == ["sky", "50.0%", "66.7%", "12,000", "9,000"]
    assert lines[4].split() == ["sea", "–", "–", "0", "0"]
    assert lines[-1] == "  sample 7: mean IoU 40.0%  p.png"


@pytest.mark.parametrize("classes", [25, 26])
def test_too_many_classes_for_a_matrix_are_told_by_what_is_confused_most(capsys, classes):
    confusion = [[0] * classes for _ in range(classes)]
    confusion[3][4], confusion[2][2], confusion[9][1] = 5, 7, 2
    print_report(
        Report(
            split="test",
            weights="best",
            epoch=1,
            time=0.0,
            samples=14,
            loss=1.0,
            accuracy=0.5,
            classes=tuple(ClassScore(f"c{n}", 0.5, 0.5, 0.5, 1, 1) for n in range(classes)),
            confusion=tuple(map(tuple, confusion)),
            mistakes_total=7,
        )
    )
    text = capsys.readouterr().out
    told = text.partition("confused most often:")[2]
    if classes == 25:
        assert "Confusion (row: true, column: predicted), 7 mistakes" in text
        assert told == ""
    else:
        assert [line.strip() for line in told.strip().splitlines()] == [
            "5 × c3 taken for c4",
            "2 × c9 taken for c1",
        ]


def test_a_template_is_made_to_fit_data(run):
    done = run("adapt", "resnet18", "shapes", "--with", "classes=5", "-o", "mine.yaml")
    assert done.exit_code == 0, done.output
    assert "classes becomes 5 (it was 1000)" in done.stdout
    project = load("mine.yaml").project
    assert project.data["dataset"] == "shapes"
    assert project.data["classes"] == 5
    assert json.loads(run("check", "mine.yaml", "--json").stdout) == []
    again = run("adapt", "mine.yaml", "shapes", "--json")
    assert json.loads(again.stdout) == []


def test_without_a_file_nothing_is_written(run, tmp_path):
    done = run("adapt", "mlp", "diabetes")
    assert done.exit_code == 0
    assert "Nothing was written" in done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("lenet5", "diabetes"), "cannot take 10, as Diabetes progression gives it"),
        (("lenet5", "digit"), 'did you mean "digits"'),
        (("lenet5", "digits", "--with", "image_size"), "needs NAME=VALUE"),
        (("lenet5", "digits", "--with", "image_size=[1"), "is no value for image_size"),
        (("lenet5", "digits", "--with", "image_size=big"), "image_size must be"),
        (("lenet5", "digits", "--with", "side=3"), 'no parameter "side"'),
    ],
)
def test_what_cannot_be_adapted_is_said(run, arguments, words):
    done = run("adapt", *arguments)
    assert done.exit_code == 1
    assert words in done.output


def test_weights_that_are_not_there_keep_training_from_starting(run, lenet, tmp_path):
    done = run("train", lenet, "--weights", "gone: 1.pth")
    assert done.exit_code == 1
    assert f"There is no file {tmp_path / 'gone: 1.pth'}" in " ".join(done.output.split())
    assert not (tmp_path / "lenet.runs").exists()
