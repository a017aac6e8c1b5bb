"""Normally distributed noise while training."""

import torch
from torch import Tensor, nn


class GaussianNoise(nn.Module):
    """Adds normally distributed noise of standard deviation `std` while training."""

    def __init__(self, std: float = 0.1) -> None:
        super().__init__()
        self.std = std

    def forward(self, x: Tensor) -> Tensor:
        """Any size; in evaluation the input as it is."""
        if not self.training:
            return x
        return x + self.std * torch.randn_like(x)

    def extra_repr(self) -> str:
        """The settings, for `print(model)`."""
        return f"std={self.std}"
