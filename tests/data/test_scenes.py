"""The drawn scenes: boxes lie tightly around what is drawn, masks are what is seen."""

import pytest
import torch

from data.catalog import read_data, write_data
from data.dataset import NO_BOX, SPLIT_NAMES
from data.datasets.shapes import appearance
from data.scenes import Arrangement, draw_scenes


def scenes(**settings):
    dataset, errors = read_data({"dataset": "scenes", "samples": 30, **settings})
    assert not errors
    return dataset


def one_shape(label, *, middle=(0.5, 0.5), radius=0.2, angle=0.0):
    """A black picture with a single shape."""
    return Arrangement(
        label=torch.tensor([[label]]),
        middle=torch.tensor([[middle]]),
        radius=torch.tensor([[radius]]),
        angle=torch.tensor([[angle]]),
        brightness=torch.ones(1, 1),
        background=torch.zeros(1, 2, 3),
    )


LOOKS = torch.tensor([appearance(label) for label in range(10)])


@pytest.mark.parametrize("size", [32, 101, 256])
def test_a_circle_and_a_square_have_the_boxes_that_geometry_says(size):
    drawn = draw_scenes(one_shape(0, middle=(0.6, 0.3)), LOOKS, size=size, channels=3)
    expected = torch.tensor([0.4, 0.1, 0.8, 0.5]) * size
    assert (drawn.boxes[0, 0] - expected).abs().max() <= 1
    square = draw_scenes(one_shape(1, middle=(0.3, 0.6)), LOOKS, size=size, channels=3)
    side = 0.77 * 0.2
    expected = torch.tensor([0.3 - side, 0.6 - side, 0.3 + side, 0.6 + side]) * size
    assert (square.boxes[0, 0] - expected).abs().max() <= 1


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("angle", [0.0, 0.2])
@pytest.mark.parametrize("label", range(10))
def test_the_box_is_tight_around_what_is_bright(label, angle, channels):
    drawn = draw_scenes(one_shape(label, angle=angle), LOOKS, size=96, channels=channels)
    bright = drawn.images[0].amax(dim=0)
    rows, columns = (bright > bright.max() / 2).nonzero(as_tuple=True)
    found = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
    assert (torch.tensor(found) - drawn.boxes[0, 0]).abs().max() <= 1
    assert torch.equal(drawn.mask[0] == label + 1, drawn.mask[0] > 0)
    assert ((drawn.mask[0] > 0) == (bright > bright.max() / 2)).float().mean() > 0.99


def test_a_shape_in_front_hides_what_is_behind_but_not_its_box():
    both = Arrangement(
        label=torch.tensor([[1, 0]]),
        middle=torch.tensor([[[0.5, 0.5], [0.6, 0.5]]]),
        radius=torch.tensor([[0.2, 0.1]]),
        angle=torch.zeros(1, 2),
        brightness=torch.ones(1, 2),
        background=torch.zeros(1, 2, 3),
    )
    drawn = draw_scenes(both, LOOKS, size=64, channels=3)
    alone = draw_scenes(one_shape(1), LOOKS, size=64, channels=3)
    assert torch.equal(drawn.boxes[0, 0], alone.boxes[0, 0])
    assert drawn.mask[0, 32, 38] == 1
    assert drawn.mask[0, 32, 30] == 2


@pytest.mark.parametrize("settings", [{}, {"image_size": 33, "channels": 1, "classes": 1}], ids=str)
def test_boxes_are_inside_of_the_picture_and_rows_fill_up_at_the_end(settings):
    dataset = scenes(most_objects=5, **settings)
    splits = dataset.load()
    size = dataset.image_size
    for name in SPLIT_NAMES:
        batch = splits[name].batch(torch.arange(len(splits[name])))
        boxes, labels = batch.targets["boxes"], batch.targets["labels"]
        there = labels != NO_BOX
        assert boxes.shape == (*labels.shape, 4)
        assert there[:, 0].all()
        assert torch.equal(there, there.long().cummin(dim=1).values.bool())
        assert not boxes[~there].any()
        assert (boxes >= 0).all()
        assert (boxes <= size).all()
        assert (boxes[there][:, 2:] > boxes[there][:, :2]).all()
        assert set(labels[there].tolist()) <= set(range(dataset.classes))


def test_shapes_hardly_cover_each_other():
    from torchvision.ops import box_iou

    batch = scenes(most_objects=6, samples=60).load().training.batch(torch.arange(40))
    for boxes, labels in zip(batch.targets["boxes"], batch.targets["labels"], strict=True):
        there = boxes[labels != NO_BOX]
        overlap = box_iou(there, there).fill_diagonal_(0)
        assert overlap.max() < 0.35


def test_the_same_pictures_have_boxes_or_masks():
    boxes, masks = scenes(), scenes(target="masks")
    assert boxes.describe().task == "detection"
    assert masks.describe().task == "segmentation"
    assert masks.describe().class_names == ("background", *boxes.describe().class_names)
    one = boxes.load().training.batch(torch.arange(6))
    other = masks.load().training.batch(torch.arange(6))
    assert torch.equal(one.inputs["image"], other.inputs["image"])
    mask = other.targets["mask"]
    assert mask.shape == (6, 112, 112)
    for picture in range(6):
        labels = one.targets["labels"][picture]
        assert set(mask[picture].unique().tolist()) == {0, *(labels[labels != NO_BOX] + 1).tolist()}


def test_a_picture_is_drawn_alike_whatever_the_batch():
    splits, other = scenes(seed=3).load(), scenes(seed=4).load()
    batch = splits.training.batch(torch.tensor([5, 2]))
    alone = splits.training.batch(torch.tensor([2]))
    assert torch.equal(batch.inputs["image"][1:], alone.inputs["image"])
    assert not torch.equal(
        other.training.batch(torch.tensor([2])).inputs["image"][0], alone.inputs["image"][0]
    )


def test_it_is_fitted_to_a_network_that_takes_squares():
    fitted = scenes(classes=2).fitted_to({"image": (1, 64, 64)})
    assert write_data(fitted) == {
        "dataset": "scenes",
        "image_size": 64,
        "channels": 1,
        "classes": 2,
        "samples": 30,
    }
    assert scenes().fitted_to({"image": (3, 16, 16)}) is None
    assert scenes().fitted_to({"image": (3, 64, 48)}) is None
