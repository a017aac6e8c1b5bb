"""Which rows a crop keeps and where a border goes, in numbers that were worked out by hand."""

import pytest
import torch

from graph.layers.crop import CenterCrop, Crop
from graph.layers.pad import Pad1d, Pad2d, Pad3d, PadLike
from graph.shapes import SetArgument, ShapeError, TensorSpec
from tests.graph.layer_harness import Emitted


def result(layer, *tensors):
    """What the emitted code makes of the tensors."""
    received = [x if x is None else TensorSpec(tuple(x.shape[1:])) for x in tensors]
    return Emitted(layer, received)(*tensors)["out"]


def numbered(*sizes):
    """One sample whose numbers count up from 0."""
    count = torch.Size(sizes).numel()
    return torch.arange(float(count)).reshape(1, *sizes)


# --- crop


def test_the_middle_is_what_the_first_unet_keeps():
    # 64 of 136 and 392 of 568: (568 - 392) / 2 = 88 on each side.
    x = numbered(1, 568, 10)
    middle = result(CenterCrop(), x, torch.zeros(1, 7, 392, 10))
    assert middle.shape == (1, 1, 392, 10)
    assert middle[0, 0, 0, 0] == 88 * 10
    assert middle[0, 0, -1, -1] == (88 + 392) * 10 - 1


def test_an_odd_border_leaves_one_less_at_the_top_and_left():
    x = numbered(1, 5, 4)
    assert result(CenterCrop(size=(2, 1)), x, None).tolist() == [[[[5.0], [9.0]]]]


def test_one_number_crops_all_axes_of_a_volume():
    x = numbered(1, 3, 3, 3)
    assert result(CenterCrop(size=(1,)), x, None).flatten().tolist() == [13.0]


def test_fcn_crops_from_an_offset_to_a_second_input():
    x = numbered(2, 8, 8)
    piece = result(Crop(offset=(5,)), x, torch.zeros(1, 9, 2, 3))
    assert piece.shape == (1, 2, 2, 3)
    assert torch.equal(piece, x[:, :, 5:7, 5:8])


def test_a_piece_outside_is_refused_with_the_largest_one_inside():
    with pytest.raises(ShapeError, match="cannot cut 4×4 out of 6×5") as caught:
        Crop(offset=(3, 1), size=(4,)).infer(TensorSpec((1, 6, 5)), None)
    assert caught.value.repairs == (SetArgument("size", (3, 4)),)


def test_a_size_that_is_told_twice_is_refused():
    image = TensorSpec((1, 6, 6))
    with pytest.raises(ShapeError, match="only one") as caught:
        CenterCrop(size=(2,)).infer(image, image)
    assert caught.value.repairs == (SetArgument("size", None),)


def test_a_size_must_come_from_somewhere():
    with pytest.raises(ShapeError, match="needs a size"):
        CenterCrop().infer(TensorSpec((1, 6, 6)), None)


def test_a_vector_has_no_size_for_an_image():
    with pytest.raises(ShapeError) as caught:
        CenterCrop().infer(TensorSpec((1, 6, 6)), TensorSpec((3,)))
    assert caught.value.port == "like"


# --- pad


def test_sides_are_where_their_names_say():
    padded = result(Pad2d(left=1, right=0, top=0, bottom=2), numbered(1, 1, 2) + 1)
    assert padded.tolist() == [[[[0, 1, 2], [0, 0, 0], [0, 0, 0]]]]
    padded = result(Pad3d(left=0, right=0, top=0, bottom=0, front=1, back=0), numbered(1, 1, 1, 1))
    assert padded.shape == (1, 1, 2, 1, 1)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"mode": "constant", "value": 7.0}, [7, 7, 0, 1, 2, 7]),
        ({"mode": "reflect"}, [2, 1, 0, 1, 2, 1]),
        ({"mode": "replicate"}, [0, 0, 0, 1, 2, 2]),
        ({"mode": "circular"}, [1, 2, 0, 1, 2, 0]),
    ],
)
def test_what_the_border_holds(settings, expected):
    padded = result(Pad1d(left=2, right=1, **settings), numbered(1, 3))
    assert padded[0, 0].tolist() == expected


def test_padding_to_a_second_input_puts_the_odd_row_at_the_bottom_and_right():
    # As in milesial's U-Net: left = difference // 2, right = difference - left.
    like = torch.zeros(1, 5, 3, 4)
    padded = result(PadLike(value=9.0), numbered(1, 2, 1), like)
    assert padded.tolist() == [[[[9, 0, 9, 9], [9, 1, 9, 9], [9, 9, 9, 9]]]]


def test_padding_to_a_smaller_input_is_refused():
    with pytest.raises(ShapeError, match="CenterCrop") as caught:
        PadLike().infer(TensorSpec((1, 6, 6)), TensorSpec((1, 6, 5)))
    assert caught.value.port == "like"


def test_a_mirrored_border_is_narrower_than_the_image():
    assert Pad1d(left=2, right=2, mode="reflect").infer(TensorSpec((1, 3))).sizes == (1, 7)
    with pytest.raises(ShapeError, match="narrower"):
        Pad1d(left=3, right=0, mode="reflect").infer(TensorSpec((1, 3)))
    assert Pad1d(left=3, right=0, mode="circular").infer(TensorSpec((1, 3))).sizes == (1, 6)
    with pytest.raises(ShapeError, match="at most as wide"):
        Pad1d(left=4, right=0, mode="circular").infer(TensorSpec((1, 3)))
