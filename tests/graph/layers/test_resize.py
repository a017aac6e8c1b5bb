"""What resizing makes of numbers, and what one result sees."""

import pytest
import torch

from graph.layer import Window
from graph.layers.resize import RANKS, Interpolate, Upsample
from graph.shapes import SetArgument, ShapeError, TensorSpec
from tests.graph.layer_harness import Emitted

MODES = Interpolate.PARAMETERS["mode"].choices


def result(layer, *tensors):
    """What the emitted code makes of the tensors."""
    received = [x if x is None else TensorSpec(tuple(x.shape[1:])) for x in tensors]
    return Emitted(layer, received)(*tensors)["out"]


RAMP = torch.tensor([[[0.0, 1.0]]])


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, [0, 0, 1, 1]),
        ({"mode": "linear"}, [0, 0.25, 0.75, 1]),
        ({"mode": "linear", "align_corners": True}, [0, 1 / 3, 2 / 3, 1]),
    ],
)
def test_doubling_a_ramp(settings, expected):
    assert result(Upsample(**settings), RAMP)[0, 0].tolist() == pytest.approx(expected)


def test_each_axis_may_have_its_own_factor():
    assert Upsample(scale_factor=(2, 3)).infer(TensorSpec((4, 5, 6))).sizes == (4, 10, 18)
    with pytest.raises(ShapeError, match="2 for an input of size") as caught:
        Upsample(scale_factor=(2, 3, 4)).infer(TensorSpec((4, 5, 6)))
    assert caught.value.repairs == (SetArgument("scale_factor", (2,)),)


def test_a_factor_of_two_thirds_is_exact():
    spec = TensorSpec((1, 9))
    assert Interpolate(scale_factor=2, divisor=3).infer(spec, None).sizes == (1, 6)
    shrunk = result(Interpolate(divisor=2, mode="area"), torch.arange(4.0).reshape(1, 1, 4), None)
    assert shrunk[0, 0].tolist() == [0.5, 2.5]


def test_the_size_of_a_second_input_is_taken_over():
    like = torch.zeros(1, 7, 5, 3)
    assert result(Interpolate(mode="bilinear"), torch.zeros(1, 2, 8, 8), like).shape == (1, 2, 5, 3)


def test_only_one_size_can_count():
    image = TensorSpec((1, 6, 6))
    for layer, like in (
        (Interpolate(size=(3,)), image),
        (Interpolate(size=(3,), divisor=2), None),
        (Interpolate(divisor=2), image),
    ):
        with pytest.raises(ShapeError, match="only one"):
            layer.infer(image, like)
    with pytest.raises(ShapeError, match="needs a size"):
        Interpolate().infer(image, None)


def test_nothing_left_is_refused():
    with pytest.raises(ShapeError, match="no pixel is left") as caught:
        Interpolate(scale_factor=2, divisor=13).infer(TensorSpec((1, 8, 6)), None)
    (repair,) = caught.value.repairs
    mended = Interpolate(scale_factor=2, divisor=repair.value)
    assert mended.infer(TensorSpec((1, 8, 6)), None).sizes == (1, 1, 1)


@pytest.mark.parametrize("rank", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("mode", MODES)
def test_modes_fit_the_inputs_that_torch_takes(mode, rank):
    x = torch.zeros(2, *[4] * rank)
    try:
        nn_result = torch.nn.functional.interpolate(x, size=[3] * (rank - 1), mode=mode)
    except (NotImplementedError, ValueError, RuntimeError):
        with pytest.raises(ShapeError) as caught:
            Interpolate(size=(3,), mode=mode).infer(TensorSpec((4,) * rank), None)
        if rank in (2, 3, 4):
            assert caught.value.repairs
        return
    given = Interpolate(size=(3,), mode=mode).infer(TensorSpec((4,) * rank), None)
    assert given.sizes == nn_result.shape[1:]
    assert mode not in RANKS or RANKS[mode] == rank


def test_one_result_sees_its_neighbours():
    image = TensorSpec((1, 4, 4))
    assert Upsample().window(image) == Window((1, 1), (0.5, 0.5))
    assert Upsample(mode="bilinear").window(image) == Window((2, 2), (0.5, 0.5))
    assert Upsample(mode="bicubic").window(image).size == (4, 4)
    halved = Interpolate(divisor=2, mode="bilinear", antialias=True)
    assert halved.window(image, None) == Window((4, 4), (2, 2))
    assert Interpolate(size=(3,), mode="area").window(image, None).size == (2, 2)
