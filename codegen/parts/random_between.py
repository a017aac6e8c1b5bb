"""Random settings, one for each sample."""

import torch
from torch import Tensor


def random_between(x: Tensor, low: float, high: float, *axes: int) -> Tensor:
    """Numbers between two bounds, (N, *axes): each sample of `x` has its own."""
    return low + (high - low) * torch.rand(x.size(0), *axes, device=x.device)
