"""Weights whose rows have mean 0 and spread 1."""

import torch
from torch import Tensor, nn


class StandardizedWeight(nn.Module):
    """Gives every filter mean 0 and standard deviation 1 (Qiao et al. 2019)."""

    def __init__(self, eps: float = 1e-5) -> None:
        super().__init__()
        self.eps = eps

    def forward(self, weight: Tensor) -> Tensor:
        """A weight with its filters along the first axis; the same size."""
        rows = weight.flatten(1)
        variance, mean = torch.var_mean(rows, dim=1, correction=0, keepdim=True)
        return ((rows - mean) / torch.sqrt(variance + self.eps)).view_as(weight)
