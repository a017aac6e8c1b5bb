"""What normalizations do to numbers, and how far one of their results sees."""

import inspect

import pytest
import torch
from torch import nn

from graph.layer import Layer, Window, load_layers
from graph.layers.normalization import BatchNorm2d, InstanceNorm2d
from graph.layers.normalization_layer import (
    GroupNorm,
    LayerNorm,
    LayerNorm2d,
    LocalResponseNorm,
    Normalize,
    RMSNorm,
)
from graph.shapes import TensorSpec
from tests.graph.layer_harness import Emitted

IMAGE = TensorSpec((4, 3, 5))

OF_TORCH = [f"{name}{rank}d" for name in ("BatchNorm", "InstanceNorm") for rank in (1, 2, 3)]


@pytest.mark.parametrize("name", OF_TORCH)
def test_defaults_are_those_of_torch(name: str):
    # What is at its default is not written, so torch's must be the same.
    signature = inspect.signature(getattr(nn, name))
    for parameter in load_layers()[name].PARAMETERS.values():
        assert signature.parameters[parameter.name].default == parameter.default


def test_layer_norm_of_an_image_brings_every_pixel_to_mean_0_and_variance_1():
    given = Emitted(LayerNorm2d(), [IMAGE])(10 * torch.randn(2, *IMAGE.sizes) + 3)["out"]
    torch.testing.assert_close(given.mean(dim=1), torch.zeros(2, 3, 5), atol=1e-5, rtol=0)
    variance = given.var(dim=1, correction=0)
    torch.testing.assert_close(variance, torch.ones(2, 3, 5), atol=1e-3, rtol=0)


def test_unit_length_keeps_the_direction():
    given = Emitted(Normalize(), [TensorSpec((2,))])(torch.tensor([[3.0, -4.0], [0.0, 0.0]]))
    torch.testing.assert_close(given["out"], torch.tensor([[0.6, -0.8], [0.0, 0.0]]))


def test_rms_norm_divides_by_the_root_mean_square():
    given = Emitted(RMSNorm(), [TensorSpec((2,))])(torch.tensor([[1.0, 7.0]]))["out"]
    torch.testing.assert_close(given, torch.tensor([[0.2, 1.4]]))


def test_local_response_is_divided_by_neighbouring_channels():
    layer = LocalResponseNorm(size=3, alpha=3.0, beta=1.0, k=1.0)
    given = Emitted(layer, [TensorSpec((3, 1))])(torch.tensor([[[1.0], [2.0], [3.0]]]))["out"]
    expected = torch.tensor([[[1 / 6], [2 / 15], [3 / 14]]])
    torch.testing.assert_close(given, expected)


@pytest.mark.parametrize(
    ("layer", "sees_one_place"),
    [
        (BatchNorm2d(), True),
        (LayerNorm2d(), True),
        (LocalResponseNorm(), True),
        (Normalize(), True),
        (Normalize(dim=2), False),
        (InstanceNorm2d(), False),
        (GroupNorm(), False),
        (LayerNorm(), False),
        (RMSNorm(), False),
    ],
    ids=str,
)
def test_what_one_result_sees(layer: Layer, sees_one_place: bool):
    seen = layer.window(IMAGE)
    assert seen == (Window((1, 1), (1, 1)) if sees_one_place else None)
    # By gradients of fresh weights, whether a result depends on another place.
    x = torch.randn(2, *IMAGE.sizes, requires_grad=True)
    Emitted(layer, [IMAGE]).eval()(x)["out"][0, 0, 0, 0].backward()
    assert x.grad is not None
    elsewhere = x.grad[0].clone()
    elsewhere[:, 0, 0] = 0
    assert bool((elsewhere == 0).all()) == sees_one_place
