"""What functions of single numbers compute, against Python's mathematics."""

import math
from collections.abc import Callable

import pytest
import torch

from graph.layers import mathematics, trigonometry
from tests.graph.layers.computing import close, computed

BELOW_ONE = (-0.5, 0.25)
ABOVE_ONE = (1.5, 4.0)

EXPECTED: dict[str, tuple[tuple[float, ...], Callable[[float], float]]] = {
    "Abs": ((-2.5, 2.5), abs),
    "Neg": ((-2.5, 2.5), lambda x: 0 - x),
    "Sign": ((-2.5, 0.0, 2.5), lambda x: (x > 0) - (x < 0)),
    "Exp": ((-1.0, 2.0), math.exp),
    "Expm1": ((-1.0, 1e-6), math.expm1),
    "Log": (ABOVE_ONE, math.log),
    "Log2": (ABOVE_ONE, math.log2),
    "Log10": (ABOVE_ONE, math.log10),
    "Log1p": ((1e-6, 3.0), math.log1p),
    "Sqrt": (ABOVE_ONE, math.sqrt),
    "Rsqrt": (ABOVE_ONE, lambda x: 1 / math.sqrt(x)),
    "Square": ((-3.0, 4.0), lambda x: x * x),
    "Reciprocal": ((-4.0, 0.5), lambda x: 1 / x),
    "Round": ((-1.5, 0.5, 2.4), round),
    "Ceil": ((-1.5, 0.5), math.ceil),
    "Floor": ((-1.5, 0.5), math.floor),
    "Trunc": ((-1.5, 0.5), math.trunc),
    "Frac": ((-1.25, 2.5), lambda x: math.modf(x)[0]),
    "Erf": ((-1.0, 0.5), math.erf),
    "Sin": ((-1.0, 2.0), math.sin),
    "Cos": ((-1.0, 2.0), math.cos),
    "Tan": ((-1.0, 2.0), math.tan),
    "Asin": (BELOW_ONE, math.asin),
    "Acos": (BELOW_ONE, math.acos),
    "Atan": ((-3.0, 2.0), math.atan),
    "Sinh": ((-1.0, 2.0), math.sinh),
    "Cosh": ((-1.0, 2.0), math.cosh),
    "Asinh": ((-3.0, 2.0), math.asinh),
    "Acosh": (ABOVE_ONE, math.acosh),
    "Atanh": (BELOW_ONE, math.atanh),
}


@pytest.mark.parametrize("name", [row.name for row in (*mathematics.ROWS, *trigonometry.ROWS)])
def test_a_function_is_that_of_the_book(name: str):
    numbers, function = EXPECTED[name]
    close(computed(name, torch.tensor([numbers])), [[function(x) for x in numbers]])


def test_both_kinds_of_sinc():
    x = torch.tensor([[0.0, 0.5, 1.0]])
    close(computed("Sinc", x), [[1, 2 / math.pi, 0]])
    expected = [[1, math.sin(0.5) / 0.5, math.sin(1)]]
    close(computed("Sinc", x, times_pi=False), expected)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(-1.0, 1.0, [-1, 0.5, 1]), (None, 1.0, [-3, 0.5, 1]), (-1.0, None, [-1, 0.5, 3])],
)
def test_clamp(low: float | None, high: float | None, expected: list[float]):
    given = computed("Clamp", torch.tensor([[-3.0, 0.5, 3.0]]), min=low, max=high)
    close(given, [expected])


def test_clip_by_norm_keeps_the_direction_and_short_vectors():
    x = torch.tensor([[3.0, 4.0], [0.3, 0.4], [0.0, 0.0]], requires_grad=True)
    given = computed("ClipByNorm", x, max_norm=2.0)
    close(given, [[1.2, 1.6], [0.3, 0.4], [0, 0]])
    given.sum().backward()
    assert x.grad is not None
    assert x.grad.isfinite().all()
    close(x.grad[1:], torch.ones(2, 2))


def test_clip_by_norm_along_one_axis():
    x = torch.tensor([[[3.0, 0.0], [4.0, 0.5]]])
    close(computed("ClipByNorm", x, max_norm=1.0, dim=(1,)), [[[0.6, 0.0], [0.8, 0.5]]])


def test_missing_and_infinite_numbers_are_replaced():
    x = torch.tensor([[math.nan, math.inf, -math.inf, 1.0]])
    close(computed("NanToNum", x, nan=5.0, posinf=6.0, neginf=-6.0), [[5, 6, -6, 1]])
    largest = torch.finfo(torch.float32).max
    close(computed("NanToNum", x), [[0, largest, -largest, 1]])
