"""What activations compute, against values worked out by hand."""

import inspect
import math

import pytest
import torch
from torch import Tensor, nn

from graph.layer import Layer, load_layers
from graph.layers.activation import PLAIN, WithSettings
from graph.layers.activation_axis import GLU, CReLU, Maxout, Softmax
from graph.layers.activation_threshold import Threshold
from graph.shapes import TensorSpec
from tests.graph.layer_harness import Emitted

SETTABLE = [cls for cls in load_layers().values() if issubclass(cls, WithSettings)]

AT_MINUS_ONE_AND_TWO = {
    "ReLU": (0, 2),
    "ReLU6": (0, 2),
    "Hardsigmoid": (1 / 3, 5 / 6),
    "Hardswish": (-1 / 3, 5 / 3),
    "LogSigmoid": (-math.log(1 + math.e), -math.log(1 + math.exp(-2))),
    "SELU": (1.0507009 * 1.6732632 * (math.exp(-1) - 1), 2.1014019),
    "SiLU": (-1 / (1 + math.e), 2 / (1 + math.exp(-2))),
    "Mish": (-math.tanh(math.log(1 + math.exp(-1))), 2 * math.tanh(math.log(1 + math.exp(2)))),
    "Sigmoid": (1 / (1 + math.e), 1 / (1 + math.exp(-2))),
    "Softsign": (-0.5, 2 / 3),
    "Tanh": (math.tanh(-1), math.tanh(2)),
    "Tanhshrink": (-1 - math.tanh(-1), 2 - math.tanh(2)),
}
"""The formulas of the cards, at two places."""


def computed(layer: Layer, x: Tensor) -> Tensor:
    """What the emitted code makes of a batch."""
    module = Emitted(layer, [TensorSpec(tuple(x.shape[1:]))], batch=len(x))
    result: Tensor = module(x)["out"]
    return result


@pytest.mark.parametrize("name", [row.name for row in PLAIN])
def test_a_formula_gives_its_values(name: str):
    given = computed(load_layers()[name](), torch.tensor([[-1.0, 2.0]]))
    torch.testing.assert_close(given, torch.tensor([AT_MINUS_ONE_AND_TWO[name]]).float())


@pytest.mark.parametrize("cls", SETTABLE, ids=[cls.NAME for cls in SETTABLE])
def test_defaults_are_those_of_torch(cls: type[WithSettings]):
    # What is at its default is not written, so torch's must be the same.
    signature = inspect.signature(getattr(nn, cls.NAME))
    for name, parameter in cls.PARAMETERS.items():
        assert signature.parameters[name].default == parameter.default


def test_softmax_sums_to_one_along_its_axis():
    given = computed(Softmax(dim=-1), torch.randn(2, 3, 5))
    torch.testing.assert_close(given.sum(dim=2), torch.ones(2, 3))


def test_a_gate_multiplies_the_first_half_by_the_sigmoid_of_the_second():
    given = computed(GLU(), torch.tensor([[3.0, 5.0, 0.0, 0.0]]))
    torch.testing.assert_close(given, torch.tensor([[1.5, 2.5]]))


def test_concatenated_relu_keeps_both_signs():
    given = computed(CReLU(), torch.tensor([[-1.0, 2.0]]))
    torch.testing.assert_close(given, torch.tensor([[0.0, 2.0, 1.0, 0.0]]))


@pytest.mark.parametrize("dim", [2, -1])
def test_maxout_keeps_the_largest_of_neighbours(dim: int):
    x = torch.tensor([[[1.0, 5.0, 2.0, 3.0, 0.0, -1.0]]])
    given = computed(Maxout(pool_size=3, dim=dim), x)
    torch.testing.assert_close(given, torch.tensor([[[5.0, 3.0]]]))


def test_threshold_replaces_what_is_not_larger():
    given = computed(Threshold(threshold=1.0, value=-7.0), torch.tensor([[0.5, 1.0, 1.5]]))
    torch.testing.assert_close(given, torch.tensor([[-7.0, -7.0, 1.5]]))
