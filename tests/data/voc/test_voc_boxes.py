"""Images with boxes in the layout of Pascal VOC: sizes, classes, splits, and faults by name."""

import itertools
import os

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from data.catalog import read_data, write_data
from data.dataset import NO_BOX, SPLIT_NAMES
from data.voc import read_annotation
from graph.shapes import TensorSpec
from tests.data.voc.folders import BCCD, DIFFICULT, truths, xml_of


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


def test_difficult_objects_are_ignored_unless_they_are_wanted(cells):
    splits = cells.dataset(image_size=[40, 80]).load()
    assert truths(splits.validation)[1] == [1]
    assert splits.notes == (DIFFICULT,)
    targets = splits.validation.batch(torch.tensor([0])).targets
    assert targets["ignored_boxes"].tolist() == [[[0.0, 0.0, 80.0, 40.0]]]
    assert targets["ignored_labels"].tolist() == [[0]]
    learned = splits.training.batch(torch.arange(3), torch.Generator())
    assert set(learned.targets) == {"boxes", "labels"}
    wanted = cells.dataset(difficult=True).load()
    assert wanted.notes == ()
    assert truths(wanted.validation)[1] == [0, 1]
    assert wanted.validation.batch(torch.tensor([0])).targets["ignored_labels"].shape == (1, 0)


def test_difficult_objects_of_other_classes_are_left_out(cells):
    splits = cells.dataset(class_names="dog").load()
    assert splits.validation.batch(torch.tensor([0])).targets["ignored_labels"].shape == (1, 0)


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


def test_shares_are_kept_where_most_images_have_other_classes(folder):
    for number, classes in enumerate([*["a"] * 10, *itertools.combinations("abcdef", 3)]):
        folder.add(f"{number:02}", *[(name, (1, 1, 9, 9)) for name in classes])
    splits = folder.dataset(split="ratio", validation_fraction=0.2, test_fraction=0.3).load()
    assert len(splits.validation) == pytest.approx(6, abs=1)
    assert len(splits.test) == pytest.approx(9, abs=1)


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


def test_names_in_lists_may_have_spaces_and_end_like_a_second_column(folder):
    for name in ("cat", "cat 1", "my dog", "my dog 7"):
        folder.add(name, ("cat", (1, 1, 9, 9)))
    folder.lists(train=["cat", "cat 1"], val=["my dog  -1"], test=["my dog 7\t1"])
    splits = folder.dataset().load()
    assert [len(splits[name]) for name in SPLIT_NAMES] == [2, 1, 1]


def test_a_list_may_begin_with_a_byte_order_mark(cells):
    (cells.path / "ImageSets/Main/train.txt").write_text("a\nb\n", encoding="utf-8-sig")
    assert len(cells.dataset().load().training) == 2


def test_what_macos_writes_beside_annotations_is_none(cells):
    for name in "abcde":
        (cells.path / f"Annotations/._{name}.xml").write_bytes(b"\0\5\x16\7")
    assert cells.dataset(split="ratio").describe().samples == 5


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
