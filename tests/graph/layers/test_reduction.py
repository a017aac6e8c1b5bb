"""What sums and statistics compute, against values worked out by hand."""

import math

import pytest
import torch

from graph.layers.reduction import Mean
from graph.shapes import SetArgument, ShapeError, TensorSpec
from tests.graph.layers.computing import close, computed

X = torch.tensor([[[1.0, 2.0], [3.0, 8.0]]])


@pytest.mark.parametrize(
    ("name", "everything", "over_the_first"),
    [
        ("Sum", 14, [4, 10]),
        ("Mean", 3.5, [2, 5]),
        ("Prod", 48, [3, 16]),
        ("Max", 8, [3, 8]),
        ("Min", 1, [1, 2]),
        ("Var", 29 / 3, [2, 18]),
        ("Std", math.sqrt(29 / 3), [math.sqrt(2), math.sqrt(18)]),
        ("Norm", math.sqrt(78), [math.sqrt(10), math.sqrt(68)]),
        (
            "LogSumExp",
            math.log(sum(math.exp(x) for x in (1, 2, 3, 8))),
            [math.log(math.e + math.exp(3)), math.log(math.exp(2) + math.exp(8))],
        ),
    ],
)
def test_a_reduction(name: str, everything: float, over_the_first: list[float]):
    close(computed(name, X), [everything])
    close(computed(name, X, dim=(1,)), [over_the_first])
    close(computed(name, X, dim=(-2,), keepdim=True), [[over_the_first]])
    close(computed(name, X, dim=(2, 1), keepdim=True), [[[everything]]])


def test_a_sum_never_mixes_samples():
    close(computed("Sum", torch.tensor([[1.0, 2.0], [10.0, 20.0]])), [3, 30])
    with pytest.raises(ShapeError, match="axis 0 does not exist"):
        Mean(dim=(0,)).infer(TensorSpec((3, 4)))


def test_an_axis_that_is_named_twice_is_refused():
    with pytest.raises(ShapeError, match="axis 2 of an input of size 3×4 is named twice") as caught:
        Mean(dim=(1, 2, 2)).infer(TensorSpec((3, 4)))
    assert caught.value.repairs == (SetArgument("dim", (1, 2)),)


@pytest.mark.parametrize(("p", "expected"), [(0.0, 4), (1.0, 14), (3.0, 548 ** (1 / 3))])
def test_kinds_of_length(p: float, expected: float):
    close(computed("Norm", X, p=p), [expected])


def test_variance_of_all_divides_by_their_count():
    close(computed("Var", X, correction=0), [29 / 4])


def test_truth_over_axes():
    x = torch.tensor([[[True, False], [True, True]]])
    assert computed("All", x, dim=(1,)).tolist() == [[True, False]]
    assert computed("Any", x, dim=(1,)).tolist() == [[True, True]]
    assert computed("All", x).tolist() == [False]
    # Counting is a sum of truth values.
    assert computed("Sum", x).tolist() == [3]


def test_places_and_the_middle():
    x = torch.tensor([[[5.0, 1.0, 9.0, 3.0]]])
    assert computed("ArgMax", x, dim=2).tolist() == [[2]]
    assert computed("ArgMin", x, dim=-1, keepdim=True).tolist() == [[[1]]]
    # Of an even count the lower one in the middle.
    assert computed("Median", x, dim=2).tolist() == [[3]]


def test_running_sums_and_products():
    x = torch.tensor([[[1.0, 2.0, 3.0]]])
    close(computed("CumSum", x, dim=2), [[[1, 3, 6]]])
    close(computed("CumSum", x, dim=2, reverse=True), [[[6, 5, 3]]])
    close(computed("CumProd", x, dim=-1), [[[1, 2, 6]]])
    close(computed("CumProd", x, dim=-1, reverse=True), [[[6, 6, 3]]])
