"""The distances of the pixels of an image from its centre."""

import torch
from torch import Tensor


def from_centre(size: int, x: Tensor) -> Tensor:
    """Of `size` neighbouring pixels: -1, 0, 1 for three; where `x` is."""
    return torch.arange(size, device=x.device) - (size - 1) / 2
