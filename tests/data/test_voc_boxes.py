"""Images with boxes in the layout of Pascal VOC: sizes, classes, splits, and faults by name."""

import os
import re
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from data import voc
from data.catalog import read_data, write_data
from data.dataset import NO_BOX, SPLIT_NAMES, DataError
from data.voc import read_annotation
from graph.shapes import TensorSpec

BCCD = Path(__file__).parents[3] / "shared/data/bccd"

OBJECT = """<object><name>{name}</name><difficult>{difficult}</difficult><bndbox>
<xmin>{box[0]}</xmin><ymin>{box[1]}</ymin><xmax>{box[2]}</xmax><ymax>{box[3]}</ymax>
</bndbox></object>"""


def xml_of(objects, size=(40, 20)):
    """An annotation; each object is (name, corners as in the file) and perhaps `difficult`."""
    written = "".join(
        OBJECT.format(name=name, box=box, difficult=int(bool(rest))) for name, box, *rest in objects
    )
    sizes = f"<size><width>{size[0]}</width><height>{size[1]}</height></size>" if size else ""
    return f"<annotation>{sizes}{written}</annotation>"


DIFFICULT = "1 object is left out, marked as difficult."


class Folder:
    """A folder in the layout, with images of 40×20 pixels."""

    def __init__(self, path):
        self.path = path
        for part in ("JPEGImages", "Annotations", "ImageSets/Main"):
            (path / part).mkdir(parents=True)

    def add(self, name, *objects, size=(40, 20)):
        """An image, black but for its objects, which are white."""
        picture = Image.new("RGB", (40, 20))
        for _, (left, top, right, bottom), *_ in objects:
            if left < right and top < bottom:
                picture.paste((255, 255, 255), (left - 1, top - 1, right, bottom))
        picture.save(self.path / f"JPEGImages/{name}.png")
        (self.path / f"Annotations/{name}.xml").write_text(xml_of(objects, size))
        return self

    def lists(self, **names):
        for title, members in names.items():
            text = "".join(f"{name}\n" for name in members)
            (self.path / f"ImageSets/Main/{title}.txt").write_text(text)
        return self

    def dataset(self, **settings):
        data = {"dataset": "voc_boxes", "folder": str(self.path), **settings}
        dataset, errors = read_data(data)
        assert not errors
        return dataset

    def refusal(self, **settings):
        """What is said of it, by describing and by loading alike, and beside which setting."""
        dataset = self.dataset(**settings)
        with pytest.raises(DataError) as described:
            dataset.describe()
        with pytest.raises(DataError) as loaded:
            dataset.load()
        assert str(described.value) == str(loaded.value)
        return str(described.value), described.value.parameter


@pytest.fixture(autouse=True)
def _look_at_once(monkeypatch):
    monkeypatch.setattr(voc, "PATIENCE", 0)


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path / "cells")


@pytest.fixture
def cells(folder):
    """Five images of cats and dogs, divided by lists."""
    folder.add("a", ("cat", (11, 6, 20, 15)), ("dog", (1, 1, 4, 4)))
    folder.add("b", ("dog", (21, 11, 40, 20)))
    folder.add("c")
    folder.add("d", ("cat", (1, 1, 40, 20), "difficult"), ("dog", (5, 5, 9, 9)))
    folder.add("e", ("cat", (3, 3, 9, 9)))
    return folder.lists(train=["a", "b", "c"], val=["d"], test=["e"])


def truths(samples, place=0):
    """The boxes of one sample with their labels, without rows that fill up."""
    targets = samples.batch(torch.tensor([place])).targets
    there = targets["labels"][0] != NO_BOX
    return targets["boxes"][0][there].tolist(), targets["labels"][0][there].tolist()


def test_what_is_in_the_folder_is_told_without_torch(cells):
    description = cells.dataset(image_size=[64, 96]).describe()
    assert description.task == "detection"
    assert description.inputs == {"image": TensorSpec((3, 64, 96))}
    assert description.class_names == ("cat", "dog")
    assert description.samples == 5
    assert "5 images with boxes of 2 classes: cat 2, dog 3." in description.summary


def test_boxes_follow_the_image_to_its_new_size(cells):
    splits = cells.dataset(image_size=[40, 80]).load()
    assert [len(splits[name]) for name in SPLIT_NAMES] == [3, 1, 1]
    boxes, labels = truths(splits.training)
    # In the file pixels are counted from 1, and the last one belongs to the box.
    assert boxes == [[20.0, 10.0, 40.0, 30.0], [0.0, 0.0, 8.0, 8.0]]
    assert labels == [0, 1]
    image = splits.training.batch(torch.tensor([0])).inputs["image"][0]
    assert image.shape == (3, 40, 80)
    bright = image[:, 12:28, 22:38]
    assert bright.min() > 0.9
    assert image[:, :, 44:].max() < 0.1
    assert splits.training.picture(0).shape == (40, 80, 3)


def test_rows_fill_up_where_others_have_more_boxes(cells):
    targets = cells.dataset().load().training.batch(torch.arange(3)).targets
    assert targets["boxes"].shape == (3, 2, 4)
    assert targets["labels"].tolist() == [[0, 1], [1, NO_BOX], [NO_BOX, NO_BOX]]
    assert not targets["boxes"][2].any()
    nothing = cells.dataset().load().training.batch(torch.tensor([2])).targets
    assert nothing["boxes"].shape == (1, 0, 4)


def test_difficult_objects_are_left_out_unless_they_are_wanted(cells):
    _, labels = truths(cells.dataset().load().validation)
    assert labels == [1]
    assert cells.dataset().load().notes == (DIFFICULT,)
    assert cells.dataset(difficult=True).load().notes == ()
    _, labels = truths(cells.dataset(difficult=True).load().validation)
    assert labels == [0, 1]


def test_the_classes_can_be_chosen(cells):
    dataset = cells.dataset(class_names="dog")
    assert dataset.describe().class_names == ("dog",)
    splits = dataset.load()
    (box,), labels = truths(splits.training)
    assert box == pytest.approx([0, 0, 4 * 224 / 40, 4 * 224 / 20])
    assert labels == [0]
    others = "Objects of other classes are left out: cat (2)."
    assert splits.notes == (DIFFICULT, others)
    assert dataset.describe().summary.endswith(f"dog 3. {DIFFICULT} {others}")
    assert cells.dataset(class_names=" dog, cat ,").describe().class_names == ("dog", "cat")
    text, parameter = cells.refusal(class_names="cats")
    assert text == 'No object of the class "cats" is annotated; did you mean "cat"?'
    assert parameter == "class_names"


def test_by_ratio_every_image_is_in_one_split(folder):
    for number in range(20):
        folder.add(f"{number:02d}", ("cat" if number % 2 else "dog", (1, 1, 9, 9)))
    splits = folder.dataset(split="ratio", test_fraction=0.3).load()
    assert [len(splits[name]) for name in SPLIT_NAMES] == [12, 2, 6]
    origins = [splits[name].origin(at) for name in SPLIT_NAMES for at in range(len(splits[name]))]
    assert sorted(origins) == list(range(20))
    kinds = [truths(splits.test, place)[1][0] for place in range(6)]
    assert sorted(kinds) == [0, 0, 0, 1, 1, 1]


def test_few_images_of_other_classes_each_are_divided_too(folder):
    for name in "abcd":
        folder.add(name, (name, (1, 1, 9, 9)))
    splits = folder.dataset(split="ratio").load()
    assert [len(splits[name]) for name in SPLIT_NAMES] == [2, 1, 1]


def test_two_images_are_too_few_to_be_divided(folder):
    folder.add("a", ("cat", (1, 1, 9, 9))).add("b", ("cat", (1, 1, 9, 9)))
    text, beside = folder.refusal(split="ratio")
    assert text.startswith("Of 2 images none is left for validation: ")
    assert beside == "split"


def test_what_is_in_two_lists_stays_held_out(cells):
    cells.lists(train=["a", "b", "c", "d", "e"], val=["d", "e"])
    splits = cells.dataset().load()
    assert [len(splits[name]) for name in SPLIT_NAMES] == [3, 1, 1]
    assert splits.notes == (
        "1 image is in val.txt and in test.txt, and only used as test.txt says.",
        "1 image is in the training list and in val.txt, and only used as val.txt says.",
        "1 image is in the training list and in test.txt, and only used as test.txt says.",
        DIFFICULT,
    )


def test_without_a_list_for_training_it_is_what_is_not_for_validation(cells):
    (cells.path / "ImageSets/Main/train.txt").unlink()
    cells.lists(trainval=["a", "b", "d"])
    assert [len(cells.dataset().load()[name]) for name in SPLIT_NAMES] == [2, 1, 1]


def test_lists_of_one_class_have_a_second_column(cells):
    (cells.path / "ImageSets/Main/train.txt").write_text("a  1\nb -1\n\n")
    assert len(cells.dataset().load().training) == 2


def test_a_box_without_area_is_named_and_left_out(cells):
    cells.add("a", ("cat", (11, 6, 11, 15)), ("dog", (1, 1, 4, 4)))
    dataset = cells.dataset()
    summary = dataset.describe().summary
    fault = "a.xml: the box of object 1, cat (11, 6, 11, 15), has no area and is left out."
    assert summary.endswith(f"One box is faulty. {fault}")
    splits = dataset.load()
    assert splits.notes == (DIFFICULT, fault)
    assert truths(splits.training)[1] == [1]


@pytest.mark.parametrize(
    ("written", "expected", "words"),
    [
        ((30, 10, 60, 20), [29, 9, 40, 20], "leaves the image of 40×20 pixels and is clipped"),
        ((-9, 1, 10, 9), [0, 0, 10, 9], "is clipped"),
        ((0, 0, 10, 9), [0, 0, 10, 9], ""),
        ((50, 1, 60, 9), None, "lies outside of the image of 40×20 pixels and is left out"),
        ((1.5, 2.5, 10.25, 9), [0.5, 1.5, 10.25, 9], ""),
    ],
)
def test_boxes_over_the_edge_are_clipped(tmp_path, written, expected, words):
    path = tmp_path / "a.xml"
    path.write_text(xml_of([("cat", written)]))
    read = read_annotation(path, tmp_path / "a.jpg")
    assert [list(one.box) for one in read.objects] == ([expected] if expected else [])
    assert [words in note for note in read.notes] == ([True] if words else [])


@given(st.tuples(*[st.integers(-100, 200)] * 4), st.tuples(*[st.integers(1, 100)] * 2))
def test_every_box_is_inside_and_has_an_area_or_is_named(tmp_path_factory, written, size):
    path = tmp_path_factory.mktemp("any") / "a.xml"
    path.write_text(xml_of([("cat", written)], size))
    read = read_annotation(path, path)
    for one in read.objects:
        left, top, right, bottom = one.box
        assert 0 <= left < right <= size[0]
        assert 0 <= top < bottom <= size[1]
    assert read.objects or read.notes


def test_the_size_is_that_of_the_image_where_none_is_written(cells):
    cells.add("b", ("dog", (21, 11, 40, 20)), size=None)
    assert truths(cells.dataset(image_size=[40, 80]).load().training, 1) == (
        [[40.0, 20.0, 80.0, 40.0]],
        [1],
    )


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


def test_images_to_judge_with_are_looked_at_before_training(cells):
    Image.new("RGB", (20, 40)).save(cells.path / "JPEGImages/e.png")
    (cells.path / "JPEGImages/d.png").write_bytes(b"no image")
    with pytest.raises(DataError) as raised:
        cells.dataset().load()
    first, second = str(raised.value).splitlines()
    assert "d.png is no image that can be read" in first
    assert "e.png has 20×40 pixels" in second


def test_files_that_change_are_read_anew(cells):
    dataset = cells.dataset()
    first = dataset.describe()
    assert dataset.describe() is first
    path = cells.path / "Annotations/b.xml"
    path.write_text(xml_of([("horse", (21, 11, 40, 20))]))
    os.utime(path, ns=(1, 1))
    assert dataset.describe().class_names == ("cat", "dog", "horse")
    cells.add("f", ("cow", (1, 1, 5, 5))).lists(train=["a", "f"])
    assert "cow" in dataset.describe().class_names


def test_many_files_are_not_looked_at_for_every_edit(cells, monkeypatch):
    monkeypatch.setattr(voc, "PATIENCE", 1e9)
    looked = []
    look = voc._look
    monkeypatch.setattr(voc, "_look", lambda path: looked.append(path) or look(path))
    for _ in range(3):
        cells.dataset().describe()
    assert looked == [cells.path]


@pytest.mark.parametrize("seed", range(4))
def test_boxes_go_along_when_training_images_are_moved_by_chance(cells, seed):
    settings = {"horizontal_flip": True, "zoom": 0.3, "shift": 0.4}
    splits = cells.dataset(image_size=[64, 64], **settings).load()
    generator = torch.Generator().manual_seed(seed)
    indices = torch.tensor([1] * 6)
    batch = splits.training.batch(indices, generator)
    again = splits.training.batch(indices, torch.Generator().manual_seed(seed))
    assert torch.equal(batch.inputs["image"], again.inputs["image"])
    for image, boxes, labels in zip(
        batch.inputs["image"], batch.targets["boxes"], batch.targets["labels"], strict=True
    ):
        rows, columns = (image[0] > 0.5).nonzero(as_tuple=True)
        if labels[0] == NO_BOX if len(labels) else True:
            assert len(rows) < 0.15 * 32 * 32
            continue
        found = torch.stack([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1])
        assert (found - boxes[0]).abs().max() <= 2
        assert (boxes >= 0).all()
        assert (boxes <= 64).all()
    plain = splits.validation.batch(torch.tensor([0]), generator)
    assert torch.equal(
        plain.inputs["image"], splits.validation.batch(torch.tensor([0])).inputs["image"]
    )


def test_it_is_fitted_to_a_network_of_any_proportions(cells):
    fitted = cells.dataset(horizontal_flip=True).fitted_to({"image": (3, 64, 96)})
    assert write_data(fitted) == {
        "dataset": "voc_boxes",
        "folder": str(cells.path),
        "image_size": (64, 96),
        "horizontal_flip": True,
    }
    assert cells.dataset().fitted_to({"image": (1, 64, 64)}) is None
    assert cells.dataset().fitted_to({"image": (3, 16, 64)}) is None


@pytest.mark.skipif(not BCCD.is_dir(), reason=f"the photographs are not there: {BCCD}")
def test_real_photographs_of_blood_cells():
    dataset, _ = read_data({"dataset": "voc_boxes", "folder": str(BCCD), "image_size": [48, 64]})
    description = dataset.describe()
    assert description.samples == 364
    assert description.class_names == ("Platelets", "RBC", "WBC")
    splits = dataset.load()
    assert [len(splits[name]) for name in SPLIT_NAMES] == [205, 87, 72]
    assert len(splits.notes) == 2
    assert "BloodImage_00338.xml: the box of object 13, RBC (504, 337, 504, 337)" in splits.notes[1]
    batch = splits.test.batch(torch.arange(8))
    boxes = batch.targets["boxes"][batch.targets["labels"] != NO_BOX]
    assert (boxes >= 0).all()
    assert (boxes[:, 2] <= 64).all()
    assert (boxes[:, 3] <= 48).all()
    assert (boxes[:, 2:] > boxes[:, :2]).all()
