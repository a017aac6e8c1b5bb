"""Weights made three numbers: 0 and two of the same size."""

import torch
from torch import Tensor


def ternary_weight(weight: Tensor) -> Tensor:
    """Small weights 0, all others their mean size with their sign (Li & Liu 2016).

    Small is what is below 0.7 times the mean size. The gradient is that of `weight`.
    """
    with torch.no_grad():
        size = weight.abs()
        large = size > 0.7 * size.mean()
        mean = (size * large).sum() / large.sum().clamp(min=1)
        ternary = mean * weight.sign() * large
    return ternary + (weight - weight.detach())  # adds 0 exactly
