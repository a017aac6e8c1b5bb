"""What gradient control does to results and to gradients, against values worked out by hand."""

from typing import Any

import pytest
import torch
from torch import Tensor

from tests.graph.layers.computing import close, computed


def passed_back(name: str, x: Tensor, gradient: Tensor, **arguments: Any) -> tuple[Tensor, Tensor]:
    """The result of a layer, and what becomes of the gradient at its output."""
    x = x.clone().requires_grad_()
    result = computed(name, x, **arguments)
    result.backward(gradient)
    assert x.grad is not None
    return result.detach(), x.grad


X = torch.tensor([[1.0, -2.0, 3.0], [4.0, 5.0, -6.0]])
GRADIENT = torch.tensor([[0.5, -3.0, 4.0], [0.0, 0.3, 0.4]])


def test_nothing_passes_a_stopped_gradient():
    x = X.clone().requires_grad_()
    given = computed("Detach", x)
    assert not given.requires_grad
    close(given, X)


def test_a_gradient_is_turned_around():
    result, gradient = passed_back("GradientReversal", X, GRADIENT, alpha=2.0)
    close(result, X)
    close(gradient, -2 * GRADIENT)


def test_a_gradient_is_clipped_number_by_number():
    result, gradient = passed_back("ClipGradByValue", X, GRADIENT, min=-1.0, max=0.35)
    close(result, X)
    close(gradient, [[0.35, -1.0, 0.35], [0.0, 0.3, 0.35]])


def test_long_gradients_are_shortened_sample_by_sample():
    gradient = torch.tensor([[0.0, -3.0, 4.0], [0.0, 0.3, 0.4]])
    result, given = passed_back("ClipGradByNorm", X, gradient, max_norm=2.0)
    close(result, X)
    close(given, [[0.0, -1.2, 1.6], [0.0, 0.3, 0.4]])


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("GradientReversal", {}),
        ("ClipGradByValue", {"max": 0.25}),
        ("ClipGradByNorm", {"max_norm": 0.25}),
        ("TopKGrad", {}),
    ],
)
def test_other_readers_of_the_same_numbers_are_not_concerned(name: str, arguments: dict[str, Any]):
    x = torch.ones(1, 2, requires_grad=True)
    (computed(name, x, **arguments) * 0 + x * 5).sum().backward()
    close(x.grad if x.grad is not None else x, [[5, 5]])


@pytest.mark.parametrize("name", ["GradientReversal", "ClipGradByValue", "ClipGradByNorm"])
def test_without_gradients_there_is_nothing_to_do(name: str):
    with torch.no_grad():
        close(computed(name, X), X)


def test_the_largest_numbers_are_kept_and_only_they_learn():
    result, gradient = passed_back("TopKData", X, GRADIENT, k=2)
    close(result, [[1, 0, 3], [4, 5, 0]])
    close(gradient, [[0.5, 0, 4], [0, 0.3, 0]])


def test_the_largest_by_size_are_kept():
    result, _ = passed_back("TopKData", X, GRADIENT, k=1, absolute=True)
    close(result, [[0, 0, 3], [0, 0, -6]])


def test_only_the_largest_numbers_come_out():
    result, gradient = passed_back("TopKData", X, torch.tensor([[7.0, 8.0]] * 2), k=2, reduce=True)
    close(result, [[3, 1], [5, 4]])
    close(gradient, [[8, 0, 7], [8, 7, 0]])


def test_numbers_compete_within_a_channel():
    x = torch.tensor([[[[1.0, 2.0], [3.0, 4.0]], [[8.0, 7.0], [6.0, 5.0]]]])
    close(computed("TopKData", x, start_dim=2), [[[[0, 0], [0, 4]], [[8, 0], [0, 0]]]])
    close(computed("TopKData", x, start_dim=2, k=2, reduce=True), [[[4, 3], [8, 7]]])


def test_only_the_largest_gradients_pass():
    result, gradient = passed_back("TopKGrad", X, GRADIENT, k=1)
    close(result, X)
    close(gradient, [[0, 0, 4], [0, 0, 0.4]])
    _, by_size = passed_back("TopKGrad", X, GRADIENT, k=2, absolute=True)
    close(by_size, [[0, -3, 4], [0, 0.3, 0.4]])


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        (0.0, [1, -2, 3, -4, 5]),
        (0.5, [0, 0, 3, -4, 5]),
        (0.8, [0, 0, 0, -4, 5]),
        (1.0, [0, 0, 0, 0, 0]),
    ],
)
def test_a_share_of_the_smallest_becomes_zero_but_learns(rate: float, expected: list[float]):
    x = torch.tensor([[1.0, -2.0, 3.0, -4.0, 5.0]])
    gradient = torch.tensor([[1.0, 2.0, 3.0, 4.0, 5.0]])
    result, given = passed_back("Prune", x, gradient, rate=rate)
    close(result, [expected])
    close(given, gradient)
