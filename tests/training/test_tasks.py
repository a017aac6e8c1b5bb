"""Regression and reconstruction from run to report, and the fixes that lead there."""

import math
import runpy
import subprocess
import sys

import numpy
import pytest
import torch
from sklearn import metrics
from torch.nn import functional

from codegen.module import generate
from data.catalog import DATASETS
from evaluation.network import load_network
from evaluation.report import read_report
from graph.edits import rename_node
from graph.expression import Expression
from graph.files import from_text, to_text
from graph.inference import infer_block
from graph.project_edits import set_training
from graph.state import MAIN
from graph.templates import load_template
from tests.training.examples import new_run
from tests.training.sessions import Session
from training.check import task_problems
from training.export import export_run
from training.messages import BatchDone, EpochDone, Evaluated, Finished

REGRESSOR = """\
from torch import Tensor, nn


class Regressor(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(10, 1)

    def forward(self, features: Tensor) -> Tensor:
        return self.fc(features)
"""

AUTOENCODER = """\
from torch import Tensor, nn


class Autoencoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.encode = nn.Linear(64, 4)
        self.decode = nn.Linear(4, 64)

    def forward(self, image: Tensor) -> Tensor:
        x = self.decode(self.encode(image.flatten(1)))
        return x.sigmoid().reshape(-1, 1, 8, 8)
"""


@pytest.fixture(scope="module")
def regression(tmp_path_factory):
    run = new_run(
        tmp_path_factory.mktemp("regression"),
        REGRESSOR,
        data={"dataset": "diabetes"},
        loss="mean_squared_error",
        optimizer={"name": "Adam", "learning_rate": 3.0},
    )
    return run, Session(run)


@pytest.fixture(scope="module")
def reconstruction(tmp_path_factory):
    run = new_run(
        tmp_path_factory.mktemp("reconstruction"),
        AUTOENCODER,
        epochs=2,
        loss={"name": "binary_cross_entropy", "target": "input"},
    )
    return run, Session(run)


def test_a_variational_autoencoder_learns_from_two_outputs(tmp_path, monkeypatch, capsys):
    project = load_template("variational-autoencoder", overrides=["training.epochs=2"])
    run = new_run(tmp_path, generate(project).text, **project.training, data=project.data)
    session = Session(run)
    assert session.failed is None
    first, last = session.of(EpochDone)
    assert last.validation_loss < first.validation_loss
    report = read_report(run.folder, "test")
    test = DATASETS["digits"]().load().test
    pixels = test.batch(torch.arange(len(test))).inputs["image"]
    with torch.no_grad():
        restored, divergence = load_network(run.model_path, run.best_weights).eval()(pixels)
    unlikely = functional.binary_cross_entropy_with_logits(restored, pixels, reduction="sum")
    assert report.loss == pytest.approx(float((unlikely + divergence.sum()) / len(test)), rel=1e-4)
    errors = (restored.sigmoid() - pixels).abs().flatten(1).mean(dim=1)
    assert report.total.mean_absolute_error == pytest.approx(float(errors.mean()), rel=1e-4)

    run.project_path.write_text(to_text(project), encoding="utf-8")
    export_run(run, tmp_path / "home")
    assert "Behind it comes" in (tmp_path / "home" / "README.md").read_text(encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path / "home")
    monkeypatch.delitem(sys.modules, "model", raising=False)
    runpy.run_path(str(tmp_path / "home" / "example.py"))
    monkeypatch.delitem(sys.modules, "model")
    assert f"sample 0 came back with a mean absolute error of {errors[0]:.4f}" in (
        capsys.readouterr().out
    )


def test_the_best_epoch_of_numbers_is_that_of_the_smallest_loss(regression):
    _, session = regression
    assert session.failed is None
    epochs = session.of(EpochDone)
    assert all(math.isnan(done.validation_accuracy) for done in epochs)
    assert all(math.isnan(done.training_accuracy) for done in epochs)
    assert all(math.isnan(done.accuracy) for done in session.of(BatchDone))
    best = min(epochs, key=lambda done: done.validation_loss)
    (finished,) = session.of(Finished)
    assert finished.best_epoch == best.epoch
    assert finished.best_loss == best.validation_loss < epochs[0].training_loss
    assert math.isnan(session.of(Evaluated)[0].accuracy)


def test_the_report_on_numbers_is_scikit_learns(regression):
    run, _ = regression
    report = read_report(run.folder, "test")
    test = DATASETS["diabetes"]().load().test
    batch = test.batch(torch.arange(len(test)))
    with torch.no_grad():
        output = load_network(run.model_path, run.best_weights).eval()(batch.inputs["features"])
    true, predicted = batch.targets["values"].numpy(), output.numpy()
    (score,) = report.scores
    assert (report.task, score.name, report.samples) == ("regression", "progression", len(test))
    for one in (score, report.total):
        ours = (one.mean_absolute_error, one.root_mean_squared_error, one.r2)
        assert ours == pytest.approx(
            (
                metrics.mean_absolute_error(true, predicted),
                metrics.root_mean_squared_error(true, predicted),
                metrics.r2_score(true, predicted),
            ),
            rel=1e-4,
        )
    errors = numpy.abs(true - predicted)[:, 0]
    assert [one.error for one in report.outcomes] == pytest.approx(sorted(errors, reverse=True))
    worst = report.outcomes[0]
    place = int(errors.argmax())
    assert worst.index == test.origin(place)
    assert worst.true == pytest.approx((true[place, 0],))
    assert worst.predicted == pytest.approx((predicted[place, 0],))


def test_the_report_on_pictures_has_pairs_the_worst_first(reconstruction):
    run, session = reconstruction
    assert session.failed is None
    report = read_report(run.folder, "test")
    test = DATASETS["digits"]().load().test
    image = test.batch(torch.arange(len(test))).inputs["image"]
    with torch.no_grad():
        output = load_network(run.model_path, run.best_weights).eval()(image)
    errors = (output - image).abs().flatten(1).mean(dim=1)
    assert report.task == "reconstruction"
    assert report.total.mean_absolute_error == pytest.approx(errors.mean().item(), rel=1e-4)
    worst = report.outcomes[0]
    assert worst.error == pytest.approx(errors.max().item(), rel=1e-4)
    assert worst.index == test.origin(int(errors.argmax()))
    for outcome in report.outcomes:
        assert (run.folder / outcome.picture).exists()
        assert (run.folder / outcome.answer).exists()
    written = list((run.folder / "evaluation" / "test").glob("*.png"))
    assert len(written) == 2 * len(report.outcomes)


@pytest.mark.parametrize(
    ("which", "input_name", "words", "printed"),
    [
        (
            "regression",
            "values",  # as what is true is called, too
            "The predicted numbers: progression.",
            "progression: ",
        ),
        ("reconstruction", "label", "given back", "sample 0 came back with a mean absolute error"),
    ],
)
def test_the_folder_to_take_home_tells_what_the_outputs_are(
    which, input_name, words, printed, request, tmp_path
):
    run, _ = request.getfixturevalue(which)
    project = load_template("regression-mlp" if which == "regression" else "autoencoder")
    (old_name,) = project.main.input_names()
    project = rename_node(project, MAIN, old_name, input_name)
    before = run.project_path.read_text(encoding="utf-8")
    # The examples' projects hold no nodes, which an exported folder describes.
    text = to_text(set_training(project, {"loss": project.training["loss"]}))
    run.project_path.write_text(text, encoding="utf-8")
    try:
        export_run(run, tmp_path / "home")
    finally:
        run.project_path.write_text(before, encoding="utf-8")
    readme = (tmp_path / "home" / "README.md").read_text(encoding="utf-8")
    assert words in readme
    assert "mean absolute error" in readme
    command = [sys.executable, "example.py"]
    told = subprocess.run(
        command, cwd=tmp_path / "home", capture_output=True, text=True, check=True
    )
    assert told.stdout.startswith(printed)


def problems(project):
    return task_problems(project, infer_block(project, MAIN))


def test_templates_have_no_problems_and_fixes_lead_back_to_none():
    for name in ("regression-mlp", "autoencoder"):
        project = load_template(name)
        assert not problems(project)
    wrong = set_training(load_template("regression-mlp"), {})
    (problem,) = problems(wrong)
    assert problem.fixes[0].label == "Take the loss Mean squared error (numbers)"
    assert not problems(problem.fixes[0].edit(wrong))


def test_an_output_is_made_like_the_input():
    project = set_training(
        load_template("mlp"), {"loss": {"name": "mean_squared_error", "target": "input"}}
    )
    (problem,) = problems(project)
    assert problem.fixes[0].label == "Make the output 1×8×8"
    assert not problems(problem.fixes[0].edit(project))


def test_an_input_made_like_the_data_keeps_the_parameter_of_its_channels():
    text = to_text(load_template("resnet-small")).replace(
        "[= in_channels, 16, 16]", "[= colours, 20, 20]"
    )
    project = from_text(text.replace("classes:", "colours: 3\n      classes:", 1)).project
    (problem,) = problems(project)
    fix = next(fix for fix in problem.fixes if fix.label.startswith("Make the input 1×16×16"))
    mended = fix.edit(project)
    assert mended.main.nodes["image"].arguments["shape"] == (Expression("colours"), 16, 16)
    assert mended.main.parameters["colours"].default == 1
    assert not problems(mended)


def test_a_missing_sigmoid_is_put_in():
    loss = {"name": "binary_cross_entropy"}
    project = set_training(load_template("mlp"), {"loss": loss})
    (problem,) = problems(project)
    assert problem.severity == "warning"
    assert not problems(problem.fixes[0].edit(project))
