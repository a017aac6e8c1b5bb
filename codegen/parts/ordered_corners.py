"""Boxes whose corners may be the wrong way round, as before any training."""

import torch
from torch import Tensor


def ordered_corners(boxes: Tensor) -> Tensor:
    """Boxes (..., 4), with the upper left corner before the lower right one."""
    one, other = boxes[..., :2], boxes[..., 2:]
    return torch.cat((torch.minimum(one, other), torch.maximum(one, other)), dim=-1)
