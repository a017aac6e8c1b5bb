"""Vectors that are no longer than a bound."""

import torch
from torch import Tensor


def clip_by_norm(x: Tensor, max_norm: float, dim: tuple[int, ...]) -> Tensor:
    """Shorten every vector along the axes `dim` to `max_norm` where it is longer."""
    length = torch.linalg.vector_norm(x, dim=dim, keepdim=True)
    shorter: Tensor = max_norm / length.clamp(min=max_norm)
    return x * shorter
