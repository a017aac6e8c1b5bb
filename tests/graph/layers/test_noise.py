"""What noise does while training and in evaluation, as a distribution and not by chance."""

import pytest
import torch

from graph.layer import Layer
from graph.layers.regularization import DropBlock2d, Dropout2d, StochasticDepth
from graph.layers.regularization_noise import GaussianDropout, GaussianNoise
from graph.shapes import SetArgument, ShapeError, TensorSpec
from tests.graph.layer_harness import Emitted

WIDE = TensorSpec((50_000,))
IMAGE = TensorSpec((8, 9, 9))


def test_noise_is_added_with_its_strength():
    torch.manual_seed(0)
    given = Emitted(GaussianNoise(std=0.5), [WIDE])(torch.full((1, 50_000), 3.0))["out"]
    assert given.mean().item() == pytest.approx(3, abs=0.02)
    assert given.std().item() == pytest.approx(0.5, abs=0.02)


def test_gaussian_dropout_has_the_variance_of_dropout():
    torch.manual_seed(0)
    x = torch.full((1, 50_000), 2.0)
    given = Emitted(GaussianDropout(p=0.2), [WIDE])(x)["out"]
    dropped = torch.nn.functional.dropout(x, 0.2)
    assert given.mean().item() == pytest.approx(2, abs=0.02)
    assert given.std().item() == pytest.approx(1.0, abs=0.02)
    assert given.std().item() == pytest.approx(dropped.std().item(), abs=0.02)


@pytest.mark.parametrize(
    "layer",
    [GaussianNoise(), GaussianDropout(), Dropout2d(), StochasticDepth(), DropBlock2d()],
    ids=str,
)
def test_nothing_changes_in_evaluation(layer: Layer):
    x = torch.randn(2, *IMAGE.sizes)
    assert torch.equal(Emitted(layer, [IMAGE]).eval()(x)["out"], x)


def test_stochastic_depth_drops_whole_samples():
    torch.manual_seed(0)
    given = Emitted(StochasticDepth(p=0.5), [IMAGE])(torch.ones(64, *IMAGE.sizes))["out"]
    each = given.flatten(1)
    assert (each == each[:, :1]).all()
    assert set(each[:, 0].tolist()) == {0.0, 2.0}


def test_a_block_without_a_centre_is_refused_with_the_next_smaller_one():
    with pytest.raises(ShapeError, match="odd") as caught:
        DropBlock2d(block_size=4).infer(IMAGE)
    assert caught.value.repairs == (SetArgument("block_size", 3),)
    with pytest.raises(ShapeError, match="all that fits") as caught:
        DropBlock2d(block_size=7).infer(TensorSpec((3, 9, 6)))
    assert caught.value.repairs == (SetArgument("block_size", 5),)
    assert DropBlock2d(block_size=4, p=0).infer(IMAGE) == IMAGE
