"""Multiplication by noise of mean 1 while training."""

import math

import torch
from torch import Tensor, nn


class GaussianDropout(nn.Module):
    """Multiplies each number by normally distributed noise of mean 1 while training.

    The noise has the variance that dropout with probability `p` causes, p / (1 - p),
    after Srivastava et al., "Dropout" (2014), section 10.
    """

    def __init__(self, p: float = 0.5) -> None:
        super().__init__()
        self.p = p

    def forward(self, x: Tensor) -> Tensor:
        """Any size; in evaluation the input as it is."""
        if not self.training:
            return x
        std = math.sqrt(self.p / (1 - self.p))
        return x * (1 + std * torch.randn_like(x))

    def extra_repr(self) -> str:
        """The settings, for `print(model)`."""
        return f"p={self.p}"
