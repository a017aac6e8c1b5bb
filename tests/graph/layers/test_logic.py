"""What comparisons and logic compute, against values worked out by hand."""

import math

import pytest
import torch

from graph.declare import build
from graph.layers.reduction import Mean
from graph.shapes import InsertBefore, ShapeError, TensorSpec
from tests.graph.layers.computing import LAYERS, close, computed

A = torch.tensor([[1.0, 2.0, 3.0]])
B = torch.tensor([[2.0, 2.0, 2.0]])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Equal", [False, True, False]),
        ("NotEqual", [True, False, True]),
        ("Greater", [False, False, True]),
        ("GreaterEqual", [False, True, True]),
        ("Less", [True, False, False]),
        ("LessEqual", [True, True, False]),
    ],
)
def test_a_comparison_with_an_input_and_with_a_number(name: str, expected: list[bool]):
    assert computed(name, A, B).tolist() == [expected]
    assert computed(name, A, None, value=2.0).tolist() == [expected]
    # Turned around, the other number is the larger one.
    assert computed(name, -A, None, value=-2.0).tolist() == computed(name, B, A).tolist()


FALSE_TRUE = torch.tensor([[False, False, True, True]])
OTHER = torch.tensor([[False, True, False, True]])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("LogicalAnd", [False, False, False, True]),
        ("LogicalOr", [False, True, True, True]),
        ("LogicalXor", [False, True, True, False]),
    ],
)
def test_a_connection_with_an_input_and_with_a_setting(name: str, expected: list[bool]):
    assert computed(name, FALSE_TRUE, OTHER).tolist() == [expected]
    # Of numbers, all but 0 are true.
    assert computed(name, FALSE_TRUE.float() * 5, OTHER.long()).tolist() == [expected]
    for value in (False, True):
        by_setting = computed(name, FALSE_TRUE.float() * 5, None, value=value)
        by_input = computed(name, FALSE_TRUE, torch.full_like(FALSE_TRUE, value))
        assert by_setting.tolist() == by_input.tolist()
        assert computed(name, FALSE_TRUE, None, value=value).tolist() == by_input.tolist()


def test_questions():
    x = torch.tensor([[0.0, math.nan, math.inf, -math.inf]])
    assert computed("LogicalNot", x).tolist() == [[True, False, False, False]]
    assert computed("IsNaN", x).tolist() == [[False, True, False, False]]
    assert computed("IsInf", x).tolist() == [[False, False, True, True]]
    assert computed("IsFinite", x).tolist() == [[True, False, False, False]]


def test_choosing_by_a_mask():
    mask = torch.tensor([[True, False, True]])
    close(computed("Where", mask, A, -A), [[1, -2, 3]])


@pytest.mark.parametrize(
    ("dtype", "expected"),
    [("float", [-1.7, 0.0, 2.5]), ("integer", [-1, 0, 2]), ("boolean", [True, False, True])],
)
def test_changing_the_sort(dtype: str, expected: list[float]):
    close(computed("Cast", torch.tensor([[-1.7, 0.0, 2.5]]), dtype=dtype), [expected])


def test_true_and_false_become_numbers_by_a_repair():
    with pytest.raises(ShapeError, match="expects decimal numbers") as caught:
        Mean().infer(TensorSpec((4,), "boolean"))
    (repair,) = caught.value.repairs
    assert isinstance(repair, InsertBefore)
    cast = build(LAYERS[repair.layer], dict(repair.arguments))
    assert cast.infer(TensorSpec((4,), "boolean")) == TensorSpec((4,))
