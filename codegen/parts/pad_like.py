"""A border that brings a feature map to the size of another one."""

from torch import Tensor, nn


def pad_like(
    x: Tensor, like: Tensor, mode: str = "constant", value: float = 0.0
) -> Tensor:
    """Add a border around every axis behind the channels, up to the sizes of `like`.

    Where an odd number of rows is added, one less goes to the top than to the
    bottom; likewise on the left.
    """
    border: list[int] = []
    for axis in range(x.dim() - 1, 1, -1):  # torch wants the last axis first
        missing = like.size(axis) - x.size(axis)
        border += [missing // 2, missing - missing // 2]
    return nn.functional.pad(x, border, mode, value)
