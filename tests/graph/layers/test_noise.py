"""What noise does while training and in evaluation, as a distribution and not by chance."""

import math

import pytest
import torch
from torch.distributions import Normal, kl_divergence

from graph.layer import Layer
from graph.layers.regularization import DropBlock2d, Dropout2d, StochasticDepth
from graph.layers.regularization_noise import GaussianDropout, GaussianNoise
from graph.layers.sampling import GaussianSample
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


def test_a_drawn_code_has_the_learned_distribution_and_tells_how_far_it_is_from_normal():
    torch.manual_seed(0)
    mean, log_variance = torch.full((1, 50_000), 2.0), torch.full((1, 50_000), 0.6)
    mean.requires_grad_()
    layer = Emitted(GaussianSample(), [WIDE, WIDE])
    given = layer(mean, log_variance)
    assert given["out"].mean().item() == pytest.approx(2, abs=0.02)
    assert given["out"].var().item() == pytest.approx(math.exp(0.6), abs=0.03)
    learned = Normal(mean, (log_variance / 2).exp())
    expected = kl_divergence(learned, Normal(0.0, 1.0)).sum(dim=1, keepdim=True)
    torch.testing.assert_close(given["divergence"], expected)
    assert torch.autograd.grad(given["out"].sum(), mean)[0].unique().item() == 1
    assert torch.equal(layer.eval()(mean, log_variance)["out"], mean)


def test_mean_and_variance_must_have_one_size():
    with pytest.raises(ShapeError, match="size of the mean"):
        GaussianSample().infer(TensorSpec((8,)), TensorSpec((9,)))


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
