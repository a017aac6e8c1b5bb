"""Coordinates as channels, after Liu et al., "An Intriguing Failing of CNNs" (2018)."""

import torch
from torch import Tensor


def add_coordinates(x: Tensor) -> Tensor:
    """Add the row and the column of every pixel as two channels, from -1 to 1."""
    batch, _, height, width = x.shape
    rows = torch.linspace(-1, 1, height, device=x.device, dtype=x.dtype)
    columns = torch.linspace(-1, 1, width, device=x.device, dtype=x.dtype)
    row = rows[:, None].expand(batch, 1, height, width)
    column = columns.expand(batch, 1, height, width)
    return torch.cat([x, row, column], dim=1)  # (N, C + 2, H, W)
