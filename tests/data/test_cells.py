"""Drawn cells: the same from the same seed, apart by the gap that was asked for."""

import pytest
import torch
from scipy import ndimage

from data.catalog import DATASETS
from data.cells import draw_cells

CELLS = DATASETS["cells"]


def drawn(gap, seed=0, size=64):
    return draw_cells(torch.Generator().manual_seed(seed), size=size, cells=12, gap=gap)


def test_inputs_and_masks_are_as_described():
    dataset = CELLS(image_size=48, samples=20)
    description, splits = dataset.describe(), dataset.load()
    batch = splits.training.batch(torch.arange(4))
    assert batch.inputs["image"].shape == (4, *description.inputs["image"].sizes)
    assert batch.inputs["image"].min() >= 0
    assert batch.inputs["image"].max() <= 1
    assert batch.targets["mask"].shape == (4, 48, 48)
    assert batch.targets["mask"].dtype == torch.int64
    assert batch.targets["mask"].unique().tolist() == list(range(description.classes))
    assert len(splits.training) + len(splits.validation) + len(splits.test) == 20
    assert splits.test.picture(0).shape == (48, 48)


def test_the_same_seed_draws_the_same():
    one, same, other = (
        CELLS(samples=10, seed=seed).load().test.batch(torch.arange(2)) for seed in (3, 3, 4)
    )
    assert torch.equal(one.inputs["image"], same.inputs["image"])
    assert torch.equal(one.targets["mask"], same.targets["mask"])
    assert not torch.equal(one.inputs["image"], other.inputs["image"])


@pytest.mark.parametrize("gap", [1, 2, 4])
@pytest.mark.parametrize("seed", range(4))
def test_cells_that_would_touch_are_apart_by_the_gap(gap, seed):
    _, cells = drawn(gap, seed)
    numbers = set(cells.unique().tolist()) - {0}
    # Seen without their numbers, as the mask shows them, no two of them are one.
    _, count = ndimage.label(cells > 0, structure=[[1, 1, 1]] * 3)
    assert count >= len(numbers) > 3
    for number in numbers:
        others = (cells > 0) & (cells != number)
        chebyshev = ndimage.distance_transform_cdt(cells != number, metric="chessboard")
        assert chebyshev[others.numpy()].min() > gap


def test_without_a_gap_some_touch():
    _, cells = drawn(0)
    _, count = ndimage.label(cells > 0)
    assert count < len(set(cells.unique().tolist()) - {0})


def test_cells_are_brighter_than_what_lies_between():
    image, cells = drawn(1)
    light = image[0].float()
    assert light[cells > 0].mean() > light[cells == 0].mean() + 50


def test_flipped_images_take_their_masks_along():
    plain = CELLS(samples=10).load().training
    flipped = CELLS(samples=10, horizontal_flip=True).load().training
    before = plain.batch(torch.arange(7))
    after = flipped.batch(torch.arange(7), torch.Generator().manual_seed(0))
    turned = 0
    for number in range(7):
        image, mask = after.inputs["image"][number], after.targets["mask"][number]
        if torch.equal(mask, before.targets["mask"][number]):
            assert torch.equal(image, before.inputs["image"][number])
        else:
            turned += 1
            assert torch.equal(mask, before.targets["mask"][number].flip(1))
            assert torch.equal(image, before.inputs["image"][number].flip(2))
    assert 0 < turned < 7
    # Judging and looking see the samples as they are.
    assert torch.equal(flipped.batch(torch.arange(7)).targets["mask"], before.targets["mask"])


def test_cells_fit_a_network_with_one_square_grey_input():
    assert CELLS().fitted_to({"image": (1, 96, 96)}).image_size == 96
    assert CELLS().fitted_to({"image": (3, 96, 96)}) is None
    assert CELLS().fitted_to({"image": (1, 96, 64)}) is None
