"""Which numbers are taken, repeated, moved and joined."""

import pytest
import torch

from graph.layer import Window
from graph.layers.merge import Chunk, Concat, Split, Stack
from graph.layers.selection import Flip, IndexSelect, Roll, Select, Shift, Slice, Tile
from graph.layers.shape import Expand, Permute, Squeeze, Transpose, Unflatten
from graph.layers.shape_channels import ChannelShuffle, PixelShuffle, PixelUnshuffle
from graph.shapes import SetArgument, ShapeError, TensorSpec
from tests.graph.layer_harness import Emitted


def results(layer, *tensors):
    """What the emitted code makes of the tensors, by port."""
    received = [x if x is None else TensorSpec(tuple(x.shape[1:])) for x in tensors]
    return Emitted(layer, received)(*tensors)


def values(layer, numbers):
    """What a layer makes of the numbers of one sample."""
    return results(layer, torch.tensor([numbers], dtype=torch.float))["out"][0].tolist()


COUNT = [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (Slice(start=1, stop=3), [1, 2]),
        (Slice(start=-2), [3, 4]),
        (Slice(step=2), [0, 2, 4]),
        (Slice(start=1, stop=-1, step=2), [1, 3]),
        (Slice(stop=9), COUNT),
        (Select(index=-1), 4),
        (IndexSelect(index=(3, 0, 0)), [3, 0, 0]),
        (Flip(), [4, 3, 2, 1, 0]),
        (Tile(repeats=(2,)), COUNT * 2),
        (Roll(shifts=(2,)), [3, 4, 0, 1, 2]),
        (Unflatten(unflattened_size=(-1, 1)), [[0], [1], [2], [3], [4]]),
    ],
)
def test_a_row_of_numbers(layer, expected):
    assert values(layer, COUNT) == expected


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (Shift(shifts=(2,)), [0, 0, 1, 2, 3]),
        (Shift(shifts=(-1,)), [2, 3, 4, 5, 0]),
        (Shift(shifts=(2,), mode="replicate"), [1, 1, 1, 2, 3]),
        (Shift(shifts=(-2,), mode="reflect"), [3, 4, 5, 4, 3]),
    ],
)
def test_a_shifted_signal(layer, expected):
    assert values(layer, [[1, 2, 3, 4, 5]]) == [expected]


def test_a_shift_goes_down_and_to_the_right():
    assert values(Shift(shifts=(1, -1)), [[[1, 2], [3, 4]]]) == [[[0, 0], [2, 0]]]


def test_a_slice_of_nothing_is_refused():
    with pytest.raises(ShapeError, match="takes nothing") as caught:
        Slice(start=3, stop=2).infer(TensorSpec((5,)))
    assert SetArgument("stop", None) in caught.value.repairs


def test_parts_of_given_sizes():
    parts = results(Split(sizes=(1, 3)), torch.arange(4.0)[None])
    assert [part.tolist() for part in parts.values()] == [[[0]], [[1, 2, 3]]]
    with pytest.raises(ShapeError, match="make 4, but") as caught:
        Split(sizes=(1, 3)).infer(TensorSpec((6,)))
    assert caught.value.repairs == (SetArgument("sizes", (1, 5)),)


def test_one_part_is_a_part_too():
    assert list(results(Split(sizes=(4,)), torch.arange(4.0)[None])) == ["out_1"]


def test_parts_that_do_not_come_out_even_are_offered_another_number():
    with pytest.raises(ShapeError) as caught:
        Chunk(chunks=4).infer(TensorSpec((6,)))
    assert caught.value.repairs == (SetArgument("chunks", 3),)


def test_a_stack_has_a_new_axis_and_a_join_has_none():
    one, two = torch.zeros(1, 3), torch.ones(1, 3)
    assert results(Stack(dim=-1), one, two)["out"].tolist() == [[[0, 1], [0, 1], [0, 1]]]
    assert results(Concat(), one, two)["out"].tolist() == [[0, 0, 0, 1, 1, 1]]


def test_only_an_axis_of_size_1_is_removed():
    with pytest.raises(ShapeError, match="size 4") as caught:
        Squeeze().infer(TensorSpec((1, 3, 4)))
    assert caught.value.repairs == (SetArgument("dim", 1),)


def test_a_number_per_channel_over_a_whole_image():
    given = results(Expand(), torch.tensor([[[[1.0]], [[2.0]]]]), torch.zeros(1, 2, 1, 2))["out"]
    assert given.tolist() == [[[[1, 1]], [[2, 2]]]]
    with pytest.raises(ShapeError, match="only repeat axes of size 1"):
        Expand(size=(4, 2)).infer(TensorSpec((2, 2)), None)


def test_pixels_and_channels_trade_places():
    image = torch.arange(16.0).reshape(1, 1, 4, 4)
    channels = results(PixelUnshuffle(), image)["out"]
    assert channels[0, :, 0, 0].tolist() == [0, 1, 4, 5]
    assert torch.equal(results(PixelShuffle(), channels)["out"], image)


def test_channels_are_dealt_out_over_the_groups():
    given = values(ChannelShuffle(groups=2), [[0], [1], [2], [3], [4], [5]])
    assert [row[0] for row in given] == [0, 3, 1, 4, 2, 5]


def test_what_one_result_sees():
    image = TensorSpec((4, 8, 8))
    assert Slice(dim=2, step=2).window(image) == Window((1, 1), (2, 1))
    assert PixelShuffle().window(image) == Window((1, 1), (0.5, 0.5))
    assert PixelUnshuffle().window(image) == Window((2, 2), (2, 2))
    # Where places change with each other, nothing can be said of neighbours.
    for layer in (Transpose(dim0=2, dim1=3), Permute(dims=(1, 3, 2)), Flip(), Roll()):
        assert layer.window(image) is None
    assert Concat(dim=2).window(image, image) is None
    assert Concat().window(image, image) == Window((1, 1), (1, 1))
