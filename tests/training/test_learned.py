"""What a run learned keeps its names when the folder of its data changes."""

import dataclasses
import json
import re
import subprocess
import sys

import pytest
import torch
from PIL import Image

from codegen.module import generate
from data.dataset import DataError
from graph.files import from_text, to_text
from tests.data.voc.folders import Folder
from tests.training.examples import new_run
from tests.training.sessions import Session
from training.evaluations import Evaluation
from training.export import export_run
from training.messages import Evaluated
from training.prediction import predict_boxes, predict_masks, what_was_learned
from training.runs import create_run
from training.session import judge, read_settings
from training.worker import main

BOXES = """\
kumitate: 1
name: Finder
blocks:
  main:
    nodes:
      image: {layer: Input, shape: [3, 32, 32], at: [0, 0]}
      conv: {layer: Conv2d, out_channels: 14, kernel_size: 12, stride: 10, at: [0, 90]}
      cells: {layer: Conv2d, out_channels: 7, kernel_size: 1, at: [0, 180]}
      boxes: {layer: Output, at: [0, 270]}
    links: [image -> conv, conv -> cells, cells -> boxes]
training:
  loss: {name: yolo, grid: 3, boxes: 1}
  epochs: 1
  batch_size: 4
  device: cpu
"""


@pytest.fixture
def cats(tmp_path):
    """Images of cats, numbered by alphabet behind them dogs."""
    folder = Folder(tmp_path / "pets")
    for name in ("a", "b", "c", "d", "e", "f"):
        folder.add(name, ("cat", (3, 3, 12, 12)), ("dog", (21, 6, 35, 15)))
    return folder.lists(train=["a", "b"], val=["c"], test=["d"])


@pytest.fixture
def run(cats, tmp_path):
    """A run that learned cats and dogs, for one epoch."""
    project = from_text(BOXES, source="finder.yaml").project
    data = {"dataset": "voc_boxes", "folder": str(cats.path), "image_size": 32}
    project = dataclasses.replace(project, data=data)
    run = create_run(
        tmp_path / "finder.runs", project_text=to_text(project), model_text=generate(project).text
    )
    run.environment_path.write_text(json.dumps({"threads": 1}))
    session = Session(run)
    assert session.failed is None, session.failed
    return run


@pytest.fixture
def ants(cats, run):
    """An ant, which is first by alphabet, comes to an image to learn from and to a held-out one;
    and in the latter somebody calls the dog a hound, so that the dog's number changes."""
    cats.add("b", ("cat", (3, 3, 12, 12)), ("dog", (21, 6, 35, 15)), ("ant", (1, 1, 3, 3)))
    cats.add("d", ("ant", (1, 1, 3, 3)), ("cat", (3, 3, 12, 12)), ("hound", (21, 6, 35, 15)))


def test_boxes_have_the_names_that_were_learned(run, cats, ants):
    image = cats.path / "JPEGImages/a.png"
    (found,) = predict_boxes(run, [image], threshold=0.0)
    assert found.class_names == ("cat", "dog")
    run.names_path.unlink()
    (found,) = predict_boxes(run, [image], threshold=0.0)
    assert found.class_names == ("ant", "cat", "dog", "hound"), "as a run of an earlier release"


def test_the_folder_to_take_home_has_the_names_and_numbers_that_were_learned(run, ants, tmp_path):
    home = tmp_path / "home"
    export_run(run, home)
    assert 'CLASSES = ["cat", "dog"]' in (home / "example.py").read_text(encoding="utf-8")
    samples = torch.load(home / "samples.pt", weights_only=True)
    labels = samples["targets"]["labels"].tolist()
    assert labels == [[-1, 0, -1]], "ants and hounds were never learned"
    command = [sys.executable, "example.py"]
    told = subprocess.run(command, cwd=home, capture_output=True, text=True, check=True)
    assert told.stdout.startswith("Sample 0 shows cat. Found:")


def test_other_classes_are_neither_judged_nor_learned_further(run, ants, monkeypatch):
    before = run.best_weights.read_bytes()
    run.set_epochs(2)
    words = (
        "The data does not have the classes any more that the run "
        f"{run.title} learned (new: ant, hound). It learned cat, dog; now the data has ant, cat, "
        "dog, hound. Bring the data back to what was learned, or train a new run."
    )
    failed = Session(run, resume=True).failed
    assert failed is not None
    assert (failed.kind, failed.message) == ("data", words)
    assert run.best_weights.read_bytes() == before
    monkeypatch.setattr("training.worker._be_polite", lambda: None)
    monkeypatch.setattr("training.worker.faulthandler.enable", lambda: None)
    assert main([str(run.folder), "--evaluate", "validation"]) == 1
    assert Evaluation(run, "validation").state().message == words


@pytest.mark.parametrize(
    ("second", "words"),
    [("puppy", "(new: puppy; gone: dog)"), (None, "(gone: dog)"), ("bat", "(new: bat; gone: dog)")],
)
def test_what_became_of_the_classes_is_said(run, cats, second, words):
    for name in ("a", "b", "c", "d"):
        boxes = [("cat", (3, 3, 12, 12)), (second, (21, 6, 35, 15))]
        cats.add(name, *[box for box in boxes if box[0]])
    dataset, spec = read_settings(run)
    with pytest.raises(DataError, match=re.escape(words)):
        judge(run, dataset, spec, "test", say=lambda message: None)


def test_data_that_changes_while_it_is_learned_is_judged_by_what_was_learned(cats, run):
    """The samples at the end are those from the beginning, so their names are."""

    def change(message):
        cats.add("e", ("ant", (1, 1, 3, 3)), ("cat", (3, 3, 12, 12)))
        cats.lists(train=["a", "b", "e"])

    run.set_epochs(2)
    session = Session(run, change, resume=True)
    assert session.failed is None
    assert session.of(Evaluated)
    report = Evaluation(run, "test").state().report
    assert [score.name for score in report.detection.scores] == ["cat", "dog"]


def test_a_run_that_learned_nothing_yet_learns_the_data_as_it_is(run, ants):
    for path in run.checkpoints.iterdir():
        path.unlink()
    failed = Session(run, resume=True).failed
    assert failed is not None
    assert "learned" not in failed.message, "its output is too small for four classes"
    assert "7" in failed.message


def test_names_that_cannot_be_read_are_not_guessed(run):
    run.names_path.write_text("{")
    with pytest.raises(DataError, match=r"names\.json is damaged"):
        what_was_learned(run)


MASKS = """\
from torch import Tensor, nn


class Segmenter(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 3, kernel_size=1)

    def forward(self, image: Tensor) -> Tensor:
        return self.conv(image)
"""


def masks(folder, classes, numbers=range(6)):
    """Images of these numbers, with masks of so many classes."""
    for part in ("images", "masks"):
        (folder / part).mkdir(exist_ok=True)
    for number in numbers:
        Image.new("RGB", (8, 8), (number * 40, 0, 0)).save(folder / f"images/{number}.png")
        mask = torch.arange(64).view(8, 8).remainder(classes).to(torch.uint8)
        Image.fromarray(mask.numpy()).save(folder / f"masks/{number}.png")
    return {
        "dataset": "image_masks",
        "images": str(folder / "images"),
        "masks": str(folder / "masks"),
        "mask_values": "index",
        "height": 8,
        "width": 8,
    }


def test_masks_of_more_classes_change_nothing_in_what_is_predicted(tmp_path):
    data = masks(tmp_path, 3)
    run = new_run(tmp_path, MASKS, data=data, epochs=1, loss={"name": "pixel_cross_entropy"})
    assert Session(run).failed is None
    masks(tmp_path, 4, [6])
    (made,) = predict_masks(run, [tmp_path / "images/0.png"], tmp_path / "out")
    assert list(made.shares) == ["background", "class 1", "class 2"]
    dataset, spec = read_settings(run)
    with pytest.raises(DataError, match="new: class 3"):
        judge(run, dataset, spec, "test", say=lambda message: None)


def test_what_gives_its_input_back_cares_for_no_classes(tmp_path):
    loss = {"name": "mean_squared_error", "target": "input"}
    run = new_run(tmp_path, MASKS, data=masks(tmp_path, 3), epochs=1, loss=loss)
    first = Session(run)
    assert first.failed is None, first.failed
    masks(tmp_path, 4, [6])
    run.set_epochs(2)
    again = Session(run, resume=True)
    assert again.failed is None, again.failed
    report = judge(run, *read_settings(run), "validation", say=lambda message: None)
    assert report.task == "reconstruction"
