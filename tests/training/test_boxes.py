"""Detection from run to report and to the folder that is taken home, and what leads there."""

import json
import math
import subprocess
import sys
from dataclasses import replace

import pytest
import torch
from click.testing import CliRunner
from PIL import Image

from codegen.module import generate
from data.catalog import DATASETS
from evaluation.network import load_network
from evaluation.report import read_report, write_report
from graph.files import from_text, to_text
from graph.inference import infer_block
from graph.project_edits import set_data, set_training
from graph.state import MAIN
from kumitate import main
from tests.training.examples import new_run
from tests.training.sessions import Session
from training.check import task_problems
from training.export import export_run
from training.messages import EpochDone, Evaluated, Log
from training.objectives import LOSSES
from training.prediction import predict_boxes
from training.runs import RunError, create_run

PROJECT = """\
kumitate: 1
name: Finder
blocks:
  main:
    nodes:
      image: {layer: Input, shape: [3, 32, 32], at: [0, 0]}
      small: {layer: AvgPool2d, kernel_size: 4, at: [0, 90]}
      flatten: {layer: Flatten, at: [0, 180]}
      hidden: {layer: Linear, out_features: 64, at: [0, 270]}
      relu: {layer: ReLU, at: [0, 360]}
      fc: {layer: Linear, out_features: 63, at: [0, 450]}
      cells: {layer: Reshape, shape: [7, 3, 3], at: [0, 540]}
      boxes: {layer: Output, at: [0, 630]}
    links: [image -> small, small -> flatten, flatten -> hidden, hidden -> relu, relu -> fc,
      fc -> cells, cells -> boxes]
data: {dataset: scenes, image_size: 32, classes: 2, most_objects: 1, samples: 300}
training:
  loss: {name: yolo, grid: 3, boxes: 1}
  epochs: 12
  batch_size: 16
  device: cpu
  optimizer: {name: Adam, learning_rate: 0.005}
"""

SCENES = {"image_size": 32, "classes": 2, "most_objects": 1, "samples": 300}


def project(text=PROJECT):
    return from_text(text, source="finder.yaml").project


def run_of(one, folder):
    return create_run(
        folder / "finder.runs", project_text=to_text(one), model_text=generate(one).text
    )


@pytest.fixture(scope="module")
def detection(tmp_path_factory):
    run = run_of(project(), tmp_path_factory.mktemp("detection"))
    session = Session(run)
    assert session.failed is None, session.failed
    return run, session


def test_the_best_epoch_is_that_of_the_highest_precision(detection):
    run, session = detection
    epochs = session.of(EpochDone)
    assert {done.score_name for done in epochs} == {"mAP@.5"}
    assert all(math.isnan(done.validation_accuracy) for done in epochs)
    scores = [done.validation_score for done in epochs]
    best = max(number for number, done in enumerate(epochs) if done.best)
    assert scores[best] == max(scores)
    # One bright shape on a dark ground is found now and then even by this network.
    assert max(scores) > 0.1 > scores[0]
    (evaluated,) = session.of(Evaluated)
    report = read_report(run.folder, "test")
    assert report.score == evaluated.score > 0.1
    assert report.epoch == best + 1
    assert sum(score.objects for score in report.detection.scores) == 60


def test_the_folder_to_take_home_finds_the_same_boxes(detection, tmp_path):
    run, _ = detection
    export_run(run, tmp_path / "home")
    readme = (tmp_path / "home" / "README.md").read_text(encoding="utf-8")
    assert "pip install torch torchvision" in readme
    assert "`yolo_detections` in `example.py`" in readme
    report = read_report(run.folder, "test")
    assert f"mean average precision (mAP@.5) is {report.score:.1%}" in readme
    done = subprocess.run(
        [sys.executable, "example.py"],
        cwd=tmp_path / "home",
        capture_output=True,
        text=True,
        check=True,
    )
    samples = torch.load(tmp_path / "home" / "samples.pt", weights_only=True)
    network = load_network(run.model_path, run.best_weights).eval()
    with torch.no_grad():
        output = network(samples["inputs"]["image"])
    # A single box in each cell needs no suppression to be counted.
    scores = output[:, 4:5] * output[:, 5:]
    lines = done.stdout.splitlines()
    assert sum(line.startswith("Sample ") for line in lines) == len(output)
    found = sum(line.startswith("  ") for line in lines)
    assert 0 < found <= int((scores > 0.2).sum())


def test_the_folder_to_take_home_tells_no_result_of_older_weights(detection, tmp_path):
    run, _ = detection
    report = read_report(run.folder, "test")
    write_report(run.folder, replace(report, epoch=report.epoch - 1))
    try:
        export_run(run, tmp_path / "home")
    finally:
        write_report(run.folder, report)
    readme = (tmp_path / "home" / "README.md").read_text(encoding="utf-8")
    assert "It was not evaluated on held-out samples." in readme
    assert "mAP@.5" not in readme


class TestPredict:
    @pytest.fixture
    def images(self, detection, tmp_path):
        """A run, files of its test samples, one of them twice as wide, and what it gives."""
        run, _ = detection
        samples = DATASETS["scenes"](**SCENES).load().test
        paths = []
        for place in range(4):
            paths.append(tmp_path / f"{place}.png")
            Image.fromarray(samples.picture(place)).save(paths[-1])
        wide = Image.open(paths[0]).resize((64, 32), Image.Resampling.NEAREST)
        wide.save(tmp_path / "wide.png")
        network = load_network(run.model_path, run.best_weights).eval()
        pixels = torch.stack([torch.from_numpy(samples.picture(at)) for at in range(4)])
        with torch.no_grad():
            output = network(pixels.permute(0, 3, 1, 2).float() / 255)
        decoding = LOSSES["yolo"](grid=3, boxes=1).decoding()
        return run, paths, decoding.detections(output, threshold=0.15, overlap=0.5)

    def test_boxes_are_those_of_the_network(self, images):
        run, paths, expected = images
        made = list(predict_boxes(run, paths, threshold=0.15))
        assert [one.image for one in made] == paths
        assert sum(len(one.boxes) for one in made) > 0
        for one, (corners, scores, labels) in zip(made, expected, strict=True):
            assert one.size == (32, 32)
            assert [box.label for box in one.boxes] == labels.tolist()
            found = [[box.left, box.top, box.right, box.bottom] for box in one.boxes]
            torch.testing.assert_close(torch.tensor(found).view(-1, 4), corners, atol=1e-4, rtol=0)
            sure = torch.tensor([box.score for box in one.boxes])
            torch.testing.assert_close(sure, scores.clamp(max=1), atol=1e-4, rtol=0)

    def test_the_command_tells_boxes_in_pixels_of_the_image(self, images):
        run, paths, expected = images
        arguments = ["predict", str(run.folder), *map(str, paths), "--sure", "0.15"]
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 0, result.output
        found = len(expected[0][0])
        assert f"{paths[0]}: {found} box" in result.output
        wide = str(paths[0].with_name("wide.png"))
        result = CliRunner().invoke(main, [*arguments[:2], wide, "--sure", "0.15", "--json"])
        (values,) = json.loads(result.output)
        assert (values["width"], values["height"]) == (64, 32)
        for box in values["boxes"]:
            assert box["class"] in ("red circle", "green square")
            assert 0 <= box["left"] < box["right"] <= 64
            assert 0 <= box["top"] < box["bottom"] <= 32

    def test_what_cannot_be_is_said(self, images, tmp_path):
        _, paths, _ = images
        digits = new_run(tmp_path / "digits")
        with pytest.raises(RunError, match="learned classification, but boxes need"):
            list(predict_boxes(digits, paths))
        untrained = run_of(project(), tmp_path / "new")
        with pytest.raises(RunError, match="has no weights yet"):
            list(predict_boxes(untrained, paths))


def problems(one):
    return task_problems(one, infer_block(one, MAIN))


def test_an_output_that_does_not_fit_is_told_and_mended():
    assert not problems(project())
    more = set_data(project(), {**project().data, "classes": 3})
    (problem,) = problems(more)
    assert "must have 8×3×3" in problem.text
    assert "for each of 3×3 cells five numbers for its box" in problem.text
    flat = set_training(
        project(), {"loss": {"name": "yolo", "grid": 3, "boxes": 1, "layout": "darknet"}}
    )
    (problem,) = problems(flat)
    assert "must have 63" in problem.text
    assert not problems(problem.fixes[0].edit(flat))
    (problem,) = problems(set_training(project(), {}))
    assert [fix.label for fix in problem.fixes] == ["Take the loss YOLO, first version (boxes)"]


def test_the_loss_can_follow_an_output_of_other_boxes_and_cells():
    finer = PROJECT.replace("[7, 3, 3]", "[17, 4, 4]").replace("features: 63", "features: 272")
    (problem,) = problems(project(finer))
    follow = next(fix for fix in problem.fixes if "the loss" in fix.label)
    assert follow.label == "Let the loss expect an output of 17×4×4"
    mended = follow.edit(project(finer))
    assert mended.training["loss"] == {"name": "yolo", "grid": 4, "boxes": 3}
    assert not problems(mended)
    for sizes, numbers in (("[16, 4, 4]", 256), ("[17, 2, 8]", 272), ("[2, 4, 4]", 32)):
        other = finer.replace("[17, 4, 4]", sizes).replace("272", str(numbers))
        (problem,) = problems(project(other))
        assert not [fix for fix in problem.fixes if "the loss" in fix.label]


ANNOTATION = """<annotation><size><width>32</width><height>32</height></size>{}</annotation>"""
OBJECT = """<object><name>{}</name><bndbox><xmin>{}</xmin><ymin>2</ymin><xmax>20</xmax>
<ymax>30</ymax></bndbox></object>"""


def test_what_is_wrong_with_the_data_is_told_before_training(tmp_path):
    folder = tmp_path / "cells"
    for part in ("JPEGImages", "Annotations"):
        (folder / part).mkdir(parents=True)
    for number in range(12):
        Image.new("RGB", (32, 32)).save(folder / f"JPEGImages/{number}.png")
        written = OBJECT.format("cat", 20 if number == 3 else 2) + OBJECT.format("dog", 5)
        (folder / f"Annotations/{number}.xml").write_text(ANNOTATION.format(written))
    data = {
        "dataset": "voc_boxes",
        "folder": str(folder),
        "image_size": (32, 32),
        "split": "ratio",
        "horizontal_flip": True,
    }
    one = set_data(project(PROJECT.replace("epochs: 12", "epochs: 1")), data)
    session = Session(run_of(one, tmp_path))
    assert session.failed is None, session.failed
    warnings = [message.text for message in session.of(Log) if message.level == "warning"]
    assert warnings == [
        "3.xml: the box of object 1, cat (20, 2, 20, 30), has no area and is left out."
    ]
