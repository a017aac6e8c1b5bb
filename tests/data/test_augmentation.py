"""Chance that changes images: masks and boxes go along, and the generator alone decides."""

import pytest
import torch
from torchvision.transforms import v2
from torchvision.tv_tensors import BoundingBoxes, Image, Mask

from data.augmentation import AugmentedImages
from data.dataset import IGNORED


def sample(size=32):
    """A bright square with its mask and its box."""
    image = torch.zeros(3, size, size)
    image[:, 8:16, 4:20] = 1
    box = BoundingBoxes(torch.tensor([[4.0, 8, 20, 16]]), format="XYXY", canvas_size=(size, size))
    return {"image": Image(image), "mask": Mask((image[0] > 0).long()), "boxes": box}


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def test_nothing_is_changed_unless_it_is_asked_for():
    assert AugmentedImages().augment() is None


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(
    "settings",
    [
        {"horizontal_flip": True, "vertical_flip": True},
        {"zoom": 0.3, "shift": 0.1},
        {"shift": 0.2, "horizontal_flip": True},
    ],
    ids=str,
)
def test_image_mask_and_box_stay_together(settings, seed):
    changed = AugmentedImages(**settings).augment()(sample(), generator(seed))
    bright = changed["image"][0] > 0.5
    assert (bright == changed["mask"].bool()).float().mean() > 0.97
    rows, columns = bright.nonzero(as_tuple=True)
    left, top, right, bottom = changed["boxes"].clamp(0, 32)[0].tolist()
    found = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
    assert torch.tensor(found).float().sub(torch.tensor([left, top, right, bottom])).abs().max() < 2


@pytest.mark.parametrize("seed", range(3))
def test_a_turned_box_still_holds_its_square(seed):
    changed = AugmentedImages(rotation=30.0, elastic=10.0).augment()(sample(), generator(seed))
    rows, columns = changed["mask"].nonzero(as_tuple=True)
    left, top, right, bottom = changed["boxes"][0].tolist()
    assert left - 2 <= columns.min()
    assert columns.max() <= right + 2
    assert top - 2 <= rows.min()
    assert rows.max() <= bottom + 2


@pytest.mark.parametrize("size", [(8, 8), (9, 40), (20, 20), (40, 17)])
def test_small_images_are_deformed_as_far_as_large_ones(size):
    augment = AugmentedImages(elastic=50.0).augment()

    def pixels_moved(height, width):
        columns = (torch.arange(width) / 64).expand(1, height, width)
        moved = [augment({"image": Image(columns)}, generator(seed))["image"] for seed in range(50)]
        # In the middle, since at the edges black comes in.
        return ((torch.stack(moved) - columns)[..., 3:-3, 3:-3] * 64).abs().median()

    assert 0.5 < pixels_moved(*size) / pixels_moved(64, 64) < 2


def test_elastic_is_torchvision_s_where_there_is_room():
    changed = AugmentedImages(elastic=50.0).augment()(sample(), generator(1))
    seed = int(torch.randint(2**62, (), generator=generator(1)))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        expected = v2.ElasticTransform(alpha=50.0, fill={Image: 0, Mask: 0})(sample())
    assert all(torch.equal(changed[key], expected[key]) for key in expected)


def test_what_comes_in_at_the_edge_is_filled():
    changed = AugmentedImages(rotation=45.0).augment(fill=IGNORED)(sample(), generator(0))
    assert (changed["mask"] == IGNORED).any()
    assert set(changed["mask"].unique().tolist()) <= {0, 1, IGNORED}


def test_all_chance_comes_from_the_generator():
    augment = AugmentedImages(rotation=20.0, brightness=0.5, elastic=20.0).augment()
    torch.manual_seed(5)
    before = torch.get_rng_state()
    first = augment(sample(), generator(3))["image"]
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(6)
    assert torch.equal(augment(sample(), generator(3))["image"], first)
    assert not torch.equal(augment(sample(), generator(4))["image"], first)
