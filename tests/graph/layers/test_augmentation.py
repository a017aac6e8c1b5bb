"""What augmentation does to real images: each sample another change, and none in evaluation."""

import math

import pytest
import torch
from torch import Tensor

from graph.layer import Layer
from graph.layers.augmentation import RandomCrop, RandomErase, RandomFlip, RandomShift
from graph.layers.augmentation_image import (
    ColorJitter,
    ImageAugmentation,
    RandomAffine,
    RandomRotation,
)
from graph.layers.normalization_mean import MeanSubtraction
from graph.shapes import SetArgument, ShapeError, TensorSpec
from tests.graph.layer_harness import Emitted
from tests.graph.layers.computing import close

IMAGE = TensorSpec((3, 8, 10))
STRONG = ImageAugmentation(
    pad=(2, 2),
    min_scale=0.8,
    max_scale=1.3,
    angle=30,
    aspect_ratio=1.3,
    distortion=0.3,
    flip_lr=True,
    flip_ud=True,
    brightness=0.2,
    brightness_each=True,
    contrast=1.5,
    contrast_each=True,
    noise=0.1,
)
LAYERS = [
    RandomFlip(dims=(-1, -2)),
    RandomShift(shifts=(3,)),
    RandomErase(p=1),
    RandomRotation(degrees=40),
    RandomAffine(shear=20),
    ColorJitter(saturation=0.5),
    STRONG,
]
every = pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.NAME)


def augmented(layer: Layer, x: Tensor, seed: int = 0, *, training: bool = True) -> Tensor:
    torch.manual_seed(seed)
    made = Emitted(layer, [TensorSpec(tuple(x.shape[1:]))], len(x)).train(training)
    result: Tensor = made(x)["out"]
    return result


def images(count: int = 2) -> Tensor:
    return torch.rand(1, *IMAGE.sizes, generator=torch.Generator().manual_seed(1)).repeat(
        count, 1, 1, 1
    )


@every
def test_evaluation_changes_nothing(layer: Layer):
    assert torch.equal(augmented(layer, images(), training=False), images())


@every
def test_each_sample_of_a_batch_is_changed_in_its_own_way(layer: Layer):
    given = augmented(layer, images(8))
    assert len({tuple(one.flatten().tolist()) for one in given}) > 2


@every
def test_the_same_seed_gives_the_same(layer: Layer):
    assert torch.equal(augmented(layer, images(), 3), augmented(layer, images(), 3))
    assert not torch.equal(augmented(layer, images(8), 3), augmented(layer, images(8), 4))


@every
def test_gradients_flow(layer: Layer):
    x = images().requires_grad_()
    augmented(layer, x).sum().backward()
    assert x.grad is not None
    assert x.grad.abs().sum() > 0


def windows(x: Tensor, height: int, width: int) -> Tensor:
    """All pieces of one image, (places, C, height, width)."""
    pieces = x.unfold(1, height, 1).unfold(2, width, 1)
    return pieces.flatten(1, 2).transpose(0, 1)


def test_a_crop_is_a_piece_of_its_image_and_the_centre_in_evaluation():
    given = augmented(RandomCrop(size=(5, 4)), images(32))
    pieces = windows(images(1)[0], 5, 4)
    found = [(pieces == one).flatten(1).all(dim=1).nonzero().item() for one in given]
    assert len(set(found)) > 10
    centre = augmented(RandomCrop(size=(5, 4)), images(), training=False)
    assert torch.equal(centre, images()[:, :, 1:6, 3:7])


def test_a_crop_larger_than_the_image_is_refused_with_what_fits():
    with pytest.raises(ShapeError, match="cannot cut 9×4 out of 8×10") as caught:
        RandomCrop(size=(9, 4)).infer(IMAGE)
    assert caught.value.repairs == (SetArgument("size", (8, 4)),)


@pytest.mark.parametrize("mode", ["replicate", "reflect", "constant"])
def test_a_shift_is_a_piece_of_the_padded_image(mode: str):
    given = augmented(RandomShift(shifts=(2, 3), mode=mode), images(32))
    padded = torch.nn.functional.pad(images(1), (3, 3, 2, 2), mode)[0]
    pieces = windows(padded, 8, 10)
    found = [(pieces == one).flatten(1).all(dim=1).nonzero()[0].item() for one in given]
    assert len(set(found)) > 10


def test_a_flip_mirrors_about_as_often_as_told():
    given = augmented(RandomFlip(p=0.25), images(400))
    mirrored = (given == images(400).flip(-1)).flatten(1).all(dim=1)
    kept = (given == images(400)).flatten(1).all(dim=1)
    assert (mirrored ^ kept).all()
    assert mirrored.float().mean().item() == pytest.approx(0.25, abs=0.07)


def test_an_erased_rectangle_has_the_area_told():
    x = torch.full((50, 3, 40, 40), 5.0)
    erase = RandomErase(p=1, min_area=0.1, max_area=0.2, min_value=-2, max_value=-1)
    given = augmented(erase, x)
    covered = given != 5
    assert (covered == covered[:, :1]).all()
    assert given[covered].min() >= -2
    assert given[covered].max() <= -1
    shares = covered[:, 0].flatten(1).float().mean(dim=1)
    assert shares.min() > 0.08
    assert shares.max() < 0.22
    for one in covered[:, 0]:
        assert one.sum() == one.any(dim=0).sum() * one.any(dim=1).sum()  # one rectangle
    each = augmented(RandomErase(p=1, per_channel=True), x) != 5
    assert not (each == each[:, :1]).all()


def test_a_rotation_by_a_known_angle(monkeypatch):
    made = Emitted(RandomRotation(degrees=90), [TensorSpec((1, 5, 5))], 1)
    monkeypatch.setattr(torch, "rand", lambda *sizes, **_: torch.ones(*sizes))
    x = torch.rand(1, 1, 5, 5)
    turned = made(x)["out"]
    assert any(torch.allclose(turned, torch.rot90(x, k, dims=(2, 3)), atol=1e-5) for k in (1, 3))


def test_settings_without_effect_leave_an_image_as_it_is():
    still = [
        ImageAugmentation(),
        RandomAffine(degrees=0, translate=0, min_scale=1, max_scale=1),
        RandomRotation(degrees=0),
        ColorJitter(brightness=0, contrast=0),
        RandomErase(p=0),
        RandomShift(shifts=(0,)),
        RandomFlip(p=0),
    ]
    for layer in still:
        torch.testing.assert_close(augmented(layer, images()), images(), atol=1e-5, rtol=0)


def test_a_larger_scale_shows_a_smaller_part():
    ramp = torch.arange(32.0).expand(4, 1, 32, 32)
    given = augmented(ImageAugmentation(min_scale=2, max_scale=2), ramp)
    steps = given[:, 0, 10, 1:] - given[:, 0, 10, :-1]
    close(steps[:, 8:-8].mean(), 0.5)
    assert given.min() >= 0
    assert given.max() <= 31


def test_another_size_is_the_centre_in_evaluation():
    smaller = augmented(ImageAugmentation(size=(4, 6)), images(), training=False)
    assert torch.equal(smaller, images()[:, :, 2:6, 2:8])
    larger = augmented(ImageAugmentation(size=(10, 12)), images(), training=False)
    padded = torch.nn.functional.pad(images(), (1, 1, 1, 1), "replicate")
    assert torch.equal(larger, padded)
    assert augmented(ImageAugmentation(size=(10, 12)), images()).shape == (2, 3, 10, 12)


def test_brightness_and_contrast_stay_within_their_range():
    x = torch.full((200, 2, 2, 2), 1.0)
    light = augmented(ImageAugmentation(brightness=0.3), x) - 1
    assert light.abs().max() <= 0.3 + 1e-6
    assert light.abs().max() > 0.25
    assert (light == light[:, :1]).all()
    factor = (augmented(ImageAugmentation(contrast=2), x) - 0.5) / 0.5
    assert factor.log().abs().max() <= math.log(2) + 1e-5
    jitter = augmented(ColorJitter(brightness=0.5, contrast=0), x)
    assert 0.5 <= jitter.min() < 0.55
    assert 1.45 < jitter.max() <= 1.5


def test_the_mean_that_was_seen_is_subtracted():
    made = Emitted(MeanSubtraction(), [TensorSpec((2, 3))], 4)
    batches = torch.randn(3, 4, 2, 3)
    for batch in batches:
        made.train()(batch)
    mean = batches.flatten(0, 1).mean(dim=0)
    x = torch.randn(4, 2, 3)
    close(made.eval()(x)["out"], x - mean)
    shared = Emitted(MeanSubtraction(start_dim=2), [TensorSpec((2, 3))], 4)
    close(shared.train()(x)["out"], x - x.mean(dim=(0, 1)))
    fixed = Emitted(MeanSubtraction(update_running_mean=False), [TensorSpec((2, 3))], 4)
    assert torch.equal(fixed.train()(x)["out"], x)
