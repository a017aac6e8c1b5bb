"""A piece of a feature map, from a place that is told."""

from torch import Tensor


def crop(x: Tensor, offset: tuple[int, ...], size: tuple[int, ...]) -> Tensor:
    """Cut a piece out of every axis behind the channels, starting at the offset."""
    for axis, (start, wanted) in enumerate(zip(offset, size, strict=True), start=2):
        x = x.narrow(axis, start, wanted)
    return x
