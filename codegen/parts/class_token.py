"""Learned vectors put before a sequence."""

import torch
from torch import Tensor, nn


class ClassToken(nn.Module):
    """Puts learned vectors before the first step of a sequence.

    A transformer gathers in them what it finds out about the whole sequence.
    """

    def __init__(self, features: int, num_tokens: int = 1) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(num_tokens, features))

    def forward(self, x: Tensor) -> Tensor:
        """(N, L, features) to (N, num_tokens + L, features)."""
        tokens = self.weight.expand(x.size(0), -1, -1)
        return torch.cat([tokens, x], dim=1)
