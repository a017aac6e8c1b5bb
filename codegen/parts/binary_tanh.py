"""The sign of numbers, learned as if it were a tanh of straight lines."""

import torch
from torch import Tensor


def binary_tanh(x: Tensor) -> Tensor:
    """1 above 0, else -1; the gradient is 1 between -1 and 1, else 0."""
    passed = torch.where((x > -1) & (x < 1), x, 0.0)
    sign = torch.where(x > 0, 1.0, -1.0).to(x.dtype)
    return sign + (passed - passed.detach())  # adds 0 exactly
