"""The middle of a feature map, as the U-Net of Ronneberger et al. crops its skips."""

from torch import Tensor


def center_crop(x: Tensor, size: tuple[int, ...]) -> Tensor:
    """Cut the middle out of every axis behind the channels.

    Where an odd number of rows is cut off, one less goes at the top than at the
    bottom; likewise on the left.
    """
    for axis, (has, wanted) in enumerate(zip(x.shape[2:], size, strict=True), start=2):
        x = x.narrow(axis, (has - wanted) // 2, wanted)
    return x
