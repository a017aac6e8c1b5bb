"""Yes or no, learned as if it were a sigmoid of straight lines."""

import torch
from torch import Tensor


def binary_sigmoid(x: Tensor) -> Tensor:
    """1 above 0, else 0; the gradient is 1/2 between -1 and 1, else 0."""
    passed = torch.where((x > -1) & (x < 1), x / 2, 0.0)
    return (x > 0).to(x.dtype) + (passed - passed.detach())  # adds 0 exactly
