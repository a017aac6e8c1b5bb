"""A tensor that never changes, as a source of a network."""

import torch
from torch import Tensor, nn


class Constant(nn.Module):
    """The same value everywhere, for every sample; not learned and not saved."""

    tensor: Tensor

    def __init__(self, size: tuple[int, ...], value: float) -> None:
        super().__init__()
        self.register_buffer("tensor", torch.full(size, float(value)), persistent=False)

    def forward(self, batch: int) -> Tensor:
        """(N, *size)"""
        return self.tensor.expand(batch, *self.tensor.shape)
