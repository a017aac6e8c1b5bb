"""Segmentation from run to report and to the folder that is taken home, and fixes on the way."""

import runpy
import sys

import numpy
import pytest
import torch
import yaml
from click.testing import CliRunner
from PIL import Image
from sklearn import metrics

from data.catalog import DATASETS
from data.dataset import DataError
from evaluation.network import load_network
from evaluation.report import read_report
from evaluation.tiles import predict_tiles
from graph.edits import set_argument
from graph.files import from_text, to_text
from graph.inference import infer_block
from graph.state import MAIN
from kumitate import main
from tests.training.examples import new_run
from tests.training.sessions import Session
from training.check import task_problems
from training.export import export_run
from training.messages import EpochDone, Evaluated, Finished
from training.prediction import predict_masks
from training.runs import RunError

NETWORK = """\
from torch import Tensor, nn


class Segmenter(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, kernel_size=3{padding})
        self.conv2 = nn.Conv2d(8, {outputs}, kernel_size=3{padding})

    def forward(self, image: Tensor) -> Tensor:
        return self.conv2(self.conv1(image).relu())
"""

PROJECT = """\
kumitate: 1
name: Segmenter
blocks:
  main:
    nodes:
      image: {layer: Input, shape: [1, 32, 32], at: [0, 0]}
      conv1: {layer: Conv2d, out_channels: 8, kernel_size: 3, padding: PADDING, at: [0, 90]}
      relu1: {layer: ReLU, at: [0, 180]}
      conv2: {layer: Conv2d, out_channels: CLASSES, kernel_size: 3, padding: PADDING, at: [0, 270]}
      classes: {layer: Output, at: [0, 360]}
    links: [image -> conv1, conv1 -> relu1, relu1 -> conv2, conv2 -> classes]
data: {dataset: cells, image_size: 32, samples: 60, cells: 5}
training: {loss: pixel_cross_entropy}
"""

CELLS = {"dataset": "cells", "image_size": 32, "samples": 60, "cells": 5}


def project(*, padding=1, classes=2):
    text = PROJECT.replace("PADDING", str(padding)).replace("CLASSES", str(classes))
    return from_text(text).project


@pytest.fixture(
    scope="module",
    params=[
        (0, 2, {"name": "pixel_cross_entropy", "border_weight": 5}),
        (2, 2, {"name": "dice", "cross_entropy": 1}),
        (0, 1, {"name": "pixel_binary_cross_entropy"}),
    ],
    ids=["padded", "valid", "binary"],
)
def trained(request, tmp_path_factory):
    """Runs of a network that keeps the size, of one that does not, and of one with one output."""
    border, outputs, loss = request.param
    padding = "" if border else ", padding=1"
    run = new_run(
        tmp_path_factory.mktemp("segmentation"),
        NETWORK.format(padding=padding, outputs=outputs),
        data=CELLS,
        epochs=4,
        batch_size=8,
        loss=loss,
        optimizer={"name": "Adam", "learning_rate": 0.02},
    )
    return run, Session(run), border


def outputs(run, border):
    """Predicted and true classes of the test samples."""
    test = DATASETS["cells"](image_size=32, samples=60, cells=5).load().test
    batch = test.batch(torch.arange(len(test)))
    with torch.no_grad():
        network = load_network(run.model_path, run.best_weights).eval()
        output = network(batch.inputs["image"])
    predicted = (output.sigmoid()[:, 0] > 0.5).long() if len(output[0]) == 1 else output.argmax(1)
    mask = batch.targets["mask"]
    return predicted, mask[:, border : 32 - border, border : 32 - border]


def test_the_best_epoch_is_that_of_the_highest_mean_iou(trained):
    _, session, _ = trained
    assert session.failed is None
    epochs = session.of(EpochDone)
    assert {done.score_name for done in epochs} == {"mean IoU"}
    best = max(epochs, key=lambda done: (done.validation_score, -done.epoch))
    assert session.of(Finished)[0].best_epoch == best.epoch
    assert best.validation_score > 0.6
    assert all(0.5 < done.training_accuracy <= 1 for done in epochs)


def test_the_report_is_scikit_learns(trained):
    run, session, border = trained
    report = read_report(run.folder, "test")
    predicted, mask = outputs(run, border)
    ious = metrics.jaccard_score(mask.flatten(), predicted.flatten(), average=None)
    assert [score.iou for score in report.segmentation.scores] == pytest.approx(ious, rel=1e-5)
    assert report.score == pytest.approx(ious.mean(), rel=1e-5)
    evaluated = session.of(Evaluated)[0]
    assert (evaluated.score, evaluated.score_name) == (report.score, "mean IoU")
    assert evaluated.accuracy == pytest.approx((mask == predicted).double().mean().item(), rel=1e-5)


def test_the_folder_to_take_home_tells_of_masks(trained, tmp_path, capsys):
    run, _, border = trained
    before = run.project_path.read_text(encoding="utf-8")
    # The examples' projects hold no nodes, which an exported folder describes.
    text = yaml.safe_load(to_text(project(padding=1 - border // 2)))
    text["training"] = yaml.safe_load(before)["training"]
    run.project_path.write_text(yaml.safe_dump(text), encoding="utf-8")
    try:
        export_run(run, tmp_path / "home")
    finally:
        run.project_path.write_text(before, encoding="utf-8")
    readme = (tmp_path / "home" / "README.md").read_text(encoding="utf-8")
    one = "binary" in before
    assert ("above 0 it is cell" in readme) == one
    assert ("the largest is the pixel's class: background, cell" in readme) != one
    assert "the mean intersection over union is" in readme
    predicted, mask = outputs(run, border)
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(str(tmp_path / "home"))
        patched.delitem(sys.modules, "model", raising=False)
        runpy.run_path(str(tmp_path / "home" / "example.py"))
    printed = capsys.readouterr().out.splitlines()
    right = (predicted[0] == mask[0]).double().mean().item()
    assert printed[0] == f"Sample 0: {right:.1%} of the pixels are right"
    share = (mask[0] == 1).double().mean().item()
    assert printed[2].startswith("  cell: ")
    assert printed[2].endswith(f"{share:.1%} are true")


def problems(project):
    return task_problems(project, infer_block(project, MAIN))


def test_a_missing_class_and_a_missing_enlargement_have_fixes():
    assert not problems(project())
    (problem,) = problems(project(classes=5))
    assert problem.fixes[0].label == "Make the output 2×32×32"
    fixed = problem.fixes[0].edit(project(classes=5))
    assert fixed.main.nodes["conv2"].arguments["out_channels"] == 2
    assert not problems(fixed)
    assert not problems(project(padding=0)), "convolutions may take a border off"
    halved = set_argument(project(), MAIN, "conv1", "stride", 2)
    (problem,) = problems(halved)
    assert (problem.severity, problem.title) == ("warning", "classes is smaller than the mask")
    assert not problems(problem.fixes[0].edit(halved))


def test_a_wrong_number_of_class_weights_is_a_problem_of_the_loss():
    text = yaml.safe_load(PROJECT.replace("PADDING", "1").replace("CLASSES", "2"))
    text["training"] = {"loss": {"name": "pixel_cross_entropy", "class_weights": [1, 2, 3]}}
    (problem,) = problems(from_text(yaml.safe_dump(text)).project)
    assert problem.parameter == "training.loss"
    assert "3 class weights, but 2 classes" in problem.text


@pytest.fixture
def images(trained, tmp_path):
    """The run, two images in the size of its data, and one larger."""
    run, _, border = trained
    splits = DATASETS["cells"](image_size=32, samples=60, cells=5).load()
    paths = [tmp_path / f"{number}.png" for number in range(3)]
    for number in (0, 1):
        Image.fromarray(splits.test.picture(number)).save(paths[number])
    large = DATASETS["cells"](image_size=75, samples=5).load().test.picture(0)
    Image.fromarray(large[:60]).save(paths[2])
    return run, border, paths


def indices(path):
    with Image.open(path) as image:
        assert image.mode == "P"
        return torch.from_numpy(numpy.array(image).astype(numpy.int64))


class TestPredicting:
    def test_masks_are_what_the_network_says(self, images, tmp_path):
        run, border, paths = images
        made = list(predict_masks(run, paths, tmp_path / "masks"))
        assert [one.path for one in made] == [tmp_path / "masks" / f"{n}.png" for n in range(3)]
        predicted, _ = outputs(run, border)
        for number in (0, 1):
            mask = indices(made[number].path)
            assert mask.shape == (32, 32)
            # Also of the network that gives less than it takes, all of the image is predicted.
            inner = mask[border : 32 - border, border : 32 - border]
            assert torch.equal(inner, predicted[number])
            share = (mask == 1).double().mean().item()
            assert made[number].shares["cell"] == pytest.approx(share)
        assert indices(made[2].path).shape == (60, 75)

    def test_tiles_keep_the_images_own_size(self, images, tmp_path):
        run, _, paths = images
        (made,) = predict_masks(run, paths[2:], tmp_path / "masks", tiles=True)
        network = load_network(run.model_path, run.best_weights).eval()
        with Image.open(paths[2]) as image:
            whole = torch.from_numpy(numpy.array(image))[None].float() / 255
        expected = predict_tiles(network, whole, (32, 32))
        expected = (expected[0] > 0).long() if len(expected) == 1 else expected.argmax(dim=0)
        assert torch.equal(indices(made.path), expected)

    def test_the_command_prints_where_the_masks_are(self, images, tmp_path):
        run, _, paths = images
        folder = str(tmp_path / "masks")
        arguments = ["predict", str(run.folder), str(paths[0]), "--output", folder]
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 0, result.output
        assert str(tmp_path / "masks" / "0.png") in result.output
        assert "cell" in result.output
        result = CliRunner().invoke(main, [*arguments[:-1], str(tmp_path)])
        assert result.exit_code == 1
        assert "would take the place of an image" in result.output

    def test_what_cannot_be_is_said(self, images, tmp_path):
        run, _, paths = images
        (tmp_path / "other").mkdir()
        twin = tmp_path / "other" / "0.jpg"
        Image.new("L", (32, 32)).save(twin)
        with pytest.raises(RunError, match=r"would both be .*0\.png"):
            list(predict_masks(run, [paths[0], twin], tmp_path / "masks"))
        twin.write_bytes(b"nothing")
        with pytest.raises(DataError, match=r"0\.jpg is no image"):
            list(predict_masks(run, [twin], tmp_path / "masks"))
        digits = new_run(tmp_path / "digits", NETWORK.format(padding="", outputs=2))
        with pytest.raises(RunError, match="learned classification"):
            list(predict_masks(digits, paths, tmp_path / "masks"))
        untrained = new_run(
            tmp_path / "new", NETWORK.format(padding="", outputs=2), data=CELLS, loss="dice"
        )
        with pytest.raises(RunError, match="has no weights yet"):
            list(predict_masks(untrained, paths, tmp_path / "masks"))
