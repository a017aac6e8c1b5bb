"""Moving a feature map without changing its size."""

from torch import Tensor, nn


def shift(x: Tensor, shifts: tuple[int, ...], mode: str = "constant") -> Tensor:
    """Move every axis behind the channels forwards by so many places.

    What leaves is lost; what becomes free is filled as `nn.functional.pad` does.
    """
    border: list[int] = []
    for places in reversed(shifts):  # torch wants the last axis first
        border += [max(places, 0), max(-places, 0)]
    moved = nn.functional.pad(x, border, mode)
    for axis, places in enumerate(shifts, start=2):
        moved = moved.narrow(axis, max(-places, 0), x.size(axis))
    return moved
