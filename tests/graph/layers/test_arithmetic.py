"""What arithmetic computes, against values worked out by hand."""

import pytest
import torch

from graph.declare import build
from graph.edits import add_node, set_argument
from graph.layers.arithmetic import MatMul, Multiply
from graph.layers.arithmetic_scalar import ROWS, operand
from graph.shapes import InsertBefore, ShapeError, TensorSpec
from graph.state import MAIN, Project
from graph.term import Symbol
from graph.trace import traced
from tests.graph.layers.computing import LAYERS, close, computed

A = torch.tensor([[6.0, -7.0]])
B = torch.tensor([[4.0, 2.0]])
C = torch.tensor([[5.0, -9.0]])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Add", [15, -14]),
        ("Multiply", [120, 126]),
        ("Average", [5, -14 / 3]),
        ("Maximum", [6, 2]),
        ("Minimum", [4, -9]),
    ],
)
def test_three_branches(name: str, expected: list[float]):
    close(computed(name, A, B, C), [expected])


@pytest.mark.parametrize("name", ["Maximum", "Minimum"])
def test_one_and_two_branches(name: str):
    close(computed(name, A), A)
    close(computed(name, A, B), [[6, 2] if name == "Maximum" else [4, -7]])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Subtract", [2, -9]),
        ("Divide", [1.5, -3.5]),
        ("Pow", [1296, 49]),
        # The remainder has the sign of the divisor: −7 = −4 · 2 + 1.
        ("Remainder", [2, 1]),
        ("Atan2", [0.9827937, -1.2924967]),
    ],
)
def test_two_inputs_in_their_order(name: str, expected: list[float]):
    close(computed(name, A, B), [expected])


def test_one_number_per_channel_meets_every_place():
    gate = torch.tensor([[[[0.5]], [[2.0]]]])
    close(computed("Multiply", torch.ones(1, 2, 2, 2), gate)[0, 1], [[2, 2], [2, 2]])


@pytest.mark.parametrize("swapped", [False, True])
def test_a_gate_without_axes_gets_a_repair_that_helps(swapped: bool):
    map_, gate = TensorSpec((3, 8, 8)), TensorSpec((3,))
    received = (gate, map_) if swapped else (map_, gate)
    with pytest.raises(ShapeError) as caught:
        Multiply().infer(*received)
    assert caught.value.port == ("in_1" if swapped else "in_2")
    (repair,) = caught.value.repairs
    assert isinstance(repair, InsertBefore)
    spread = build(LAYERS[repair.layer], dict(repair.arguments)).infer(gate)
    assert Multiply().infer(map_, spread) == map_


@pytest.mark.parametrize(
    ("transpose_in", "transpose_other"), [(False, False), (True, False), (False, True)]
)
def test_matrix_product(transpose_in: bool, transpose_other: bool):
    left = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    right = torch.tensor([[5.0, 6.0], [7.0, 8.0]])
    given = computed(
        "MatMul",
        (left.T if transpose_in else left)[None],
        (right.T if transpose_other else right)[None],
        transpose_in=transpose_in,
        transpose_other=transpose_other,
    )
    close(given, [[[19, 22], [43, 50]]])


def test_matrix_products_of_several_heads_cost_what_they_cost():
    layer = MatMul(transpose_other=True)
    keys = TensorSpec((8, 10, 64))
    assert layer.infer(keys, keys) == TensorSpec((8, 10, 10))
    assert layer.multiply_adds(keys, keys) == 8 * 10 * 10 * 64


WITH_THREE = {
    "AddScalar": [1, 5],
    "MultiplyScalar": [-6, 6],
    "RSubScalar": [5, 1],
    "RDivScalar": [-1.5, 1.5],
    "PowScalar": [-8, 8],
    "RPowScalar": [1 / 9, 9],
    "MaximumScalar": [3, 3],
    "MinimumScalar": [-2, 2],
}
"""What becomes of −2 and 2 with the number 3."""


@pytest.mark.parametrize("name", [row.name for row in ROWS])
def test_arithmetic_with_a_number(name: str):
    close(computed(name, torch.tensor([[-2.0, 2.0]]), value=3.0), [WITH_THREE[name]])


def test_a_negative_base_is_raised_before_the_sign():
    close(computed("RPowScalar", torch.tensor([[2.0, 3.0]]), value=-2.0), [[4, -8]])


def test_whole_numbers_with_a_number_become_decimal():
    given = computed("AddScalar", torch.tensor([[1, 2]]), value=0.5)
    close(given, [[1.5, 2.5]])
    assert given.dtype == torch.float32


def test_an_expression_stands_in_brackets_beside_an_operator():
    scale = traced(2, Symbol("scale"))
    assert operand(scale) == "{value}"
    assert operand(scale + 1) == "({value})"
    assert operand(-1.0) == "({value})"


@pytest.mark.parametrize("name", [row.name for row in ROWS])
def test_the_number_stands_on_the_node(name: str):
    project = add_node(Project(), MAIN, name, name="one")
    project = set_argument(project, MAIN, "one", "value", -1.5)
    assert "−1.5" in build(LAYERS[name], project.main.nodes["one"].arguments).summary()
