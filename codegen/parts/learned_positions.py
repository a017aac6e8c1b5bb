"""Learned vectors that tell every step of a sequence where it stands."""

import torch
from torch import Tensor, nn


class LearnedPositions(nn.Module):
    """Adds a learned vector to every step of a sequence.

    They start as small random numbers (standard deviation 0.02), as in BERT and GPT-2.
    """

    def __init__(self, max_length: int, features: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(max_length, features))
        nn.init.normal_(self.weight, std=0.02)

    def forward(self, x: Tensor) -> Tensor:
        """(N, L, features), with L at most `max_length`; the size stays."""
        return x + self.weight[: x.size(1)]
