"""Images read at places between their pixels."""

import torch
from torch import Tensor, nn


def sample_at(x: Tensor, down: Tensor, right: Tensor, mode: str = "zeros") -> Tensor:
    """`x` (N, C, H, W) read at the places (N, h, w), between the pixels of each image.

    Args:
        down, right: the places, in pixels from the centre of the image.
        mode: what is outside of the image: "zeros", "border" or "reflection".
    """
    grid = torch.stack((right * (2 / x.size(3)), down * (2 / x.size(2))), dim=-1)
    return nn.functional.grid_sample(
        x, grid.to(x.dtype), padding_mode=mode, align_corners=False
    )
