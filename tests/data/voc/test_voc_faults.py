"""Every fault of a folder in the layout of Pascal VOC is named with its file."""

import os
import re
from pathlib import Path

import pytest
import torch
from PIL import ExifTags, Image

from data.catalog import read_data
from data.dataset import DataError
from tests.data.voc.folders import Folder, xml_of


def change(path, text):
    def apply(cells):
        (cells.path / path).write_text(text)

    return apply


def remove(path):
    return lambda cells: (cells.path / path).unlink()


BOMB = """<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "cat"><!ENTITY c "&b;&b;&b;">]>
<annotation><object><name>&c;</name></object></annotation>"""


@pytest.mark.parametrize(
    ("harm", "words", "parameter"),
    [
        (remove("JPEGImages/b.png"), "There is no image JPEGImages/b.jpg", "folder"),
        (remove("Annotations/b.xml"), r"There is no annotation .*b\.xml", "folder"),
        (remove("ImageSets/Main/val.txt"), r"no list .*val\.txt.*by ratio", "split"),
        (change("ImageSets/Main/test.txt", "\n"), r"test\.txt names no image", "split"),
        (change("ImageSets/Main/train.txt", "a\nzebra\n"), "JPEGImages/zebra.jpg", "folder"),
        (
            lambda cells: (cells.path / "ImageSets/Main/val.txt").write_bytes(b"\xff\xfe"),
            r"val\.txt is no text.*by ratio",
            "split",
        ),
        (change("ImageSets/Main/val.txt", "e\n"), "leave no image for validation", "split"),
        (
            change("Annotations/b.xml", "<annotation>"),
            r"b\.xml cannot be read.*no element",
            "folder",
        ),
        (change("Annotations/b.xml", BOMB), r"b\.xml.*DOCTYPE", "folder"),
        (
            change(
                "Annotations/b.xml", "<annotation><object><name>cat</name></object></annotation>"
            ),
            r"b\.xml.*object 1 has no name or no bndbox",
            "folder",
        ),
        (
            change("Annotations/b.xml", xml_of([("cat", (1, "x", 3, 4))])),
            r"b\.xml.*ymin must be a number, but is 'x'",
            "folder",
        ),
        (
            change("Annotations/b.xml", xml_of([("cat", (1, "nan", 3, 4))])),
            "ymin must be a number",
            "folder",
        ),
    ],
)
def test_each_fault_is_named_with_its_file(cells, harm, words, parameter):
    harm(cells)
    text, beside = cells.refusal()
    assert re.search(words, text)
    assert beside == parameter


def test_the_first_faults_are_told_together(cells):
    for name in "abcd":
        change(f"Annotations/{name}.xml", "<annotation>")(cells)
    text, _ = cells.refusal()
    assert [f"{name}.xml cannot be read" in text for name in "abcd"] == [True, True, True, False]
    assert text.endswith("\nAnd 1 more.")
    for name in "abcd":
        cells.add(name, ("cat", (11, 6, 11, 15)))
    summary = cells.dataset().describe().summary
    assert "4 boxes are faulty. a.xml: the box of object 1, cat" in summary
    assert summary.endswith("And 1 more. The log of a training names all.")


def test_folders_that_are_none_are_said(tmp_path, folder):
    for path, words in (("", "No folder is chosen"), (str(tmp_path / "x"), "There is no folder")):
        with pytest.raises(DataError, match=words) as raised:
            read_data({"dataset": "voc_boxes", "folder": path})[0].describe()
        assert raised.value.parameter == "folder"
    for path in ("a\0b", str(tmp_path / ("x" * 5000))):
        with pytest.raises(DataError, match="hoose another"):
            read_data({"dataset": "voc_boxes", "folder": path})[0].describe()
    with pytest.raises(DataError, match="has no folder JPEGImages"):
        read_data({"dataset": "voc_boxes", "folder": str(tmp_path)})[0].describe()
    assert "holds no annotations" in folder.refusal(split="ratio")[0]
    folder.add("a").add("b").add("c").lists(train=["a"], val=["a"], test=["a"])
    assert "No object is annotated" in Folder.refusal(folder, split="ratio")[0]


@pytest.mark.parametrize("part", [".", "Annotations"])
def test_a_folder_that_may_not_be_looked_into_is_named(cells, monkeypatch, part):
    # Whoever runs the tests may be allowed to read everything.
    hidden = cells.path / part
    listdir = os.listdir

    def refuse(path):
        if Path(path) == hidden:
            raise PermissionError(13, "Permission denied", str(path))
        return listdir(path)

    monkeypatch.setattr(os, "listdir", refuse)
    text, beside = cells.refusal(split="ratio")
    assert text.startswith(f"The folder {hidden} cannot be read (Permission denied). ")
    assert beside == "folder"


def test_an_image_that_cannot_be_read_or_has_another_size_is_named(cells):
    training = cells.dataset().load().training
    (cells.path / "JPEGImages/b.png").write_bytes(b"no image")
    assert training.batch(torch.tensor([0])).inputs["image"].shape == (1, 3, 224, 224)
    with pytest.raises(DataError, match=r"b\.png is no image that can be read"):
        training.batch(torch.tensor([1]))
    whole = (cells.path / "JPEGImages/a.png").read_bytes()
    (cells.path / "JPEGImages/b.png").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match=r"b\.png is damaged or incomplete"):
        training.batch(torch.tensor([1]))
    Image.new("RGB", (20, 40)).save(cells.path / "JPEGImages/b.png")
    with pytest.raises(DataError, match=r"b\.png has 20×40 pixels.*made for 40×20"):
        training.batch(torch.tensor([1]))


def test_boxes_that_were_drawn_before_an_image_was_turned_are_explained(cells):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    Image.new("RGB", (40, 20)).save(cells.path / "JPEGImages/d.png", exif=exif)
    with pytest.raises(DataError, match=r"d\.png has 20×40 pixels.*take the orientation.*EXIF"):
        cells.dataset().load()
    Image.new("RGB", (40, 21)).save(cells.path / "JPEGImages/d.png")
    with pytest.raises(DataError, match=r"d\.png has 40×21 pixels.*Repair one of them\.$"):
        cells.dataset().load()


def test_images_to_judge_with_are_looked_at_before_training(cells):
    Image.new("RGB", (20, 40)).save(cells.path / "JPEGImages/e.png")
    (cells.path / "JPEGImages/d.png").write_bytes(b"no image")
    with pytest.raises(DataError) as raised:
        cells.dataset().load()
    first, second = str(raised.value).splitlines()
    assert "d.png is no image that can be read" in first
    assert "e.png has 20×40 pixels" in second
    whole = (cells.path / "JPEGImages/a.png").read_bytes()
    for name in "de":
        (cells.path / f"JPEGImages/{name}.png").write_bytes(whole)
    cells.dataset().load()
    (cells.path / "JPEGImages/e.png").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match=r"e\.png is damaged or incomplete"):
        cells.dataset().load()
