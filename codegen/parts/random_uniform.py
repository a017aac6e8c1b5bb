"""Random numbers that are equally likely within a range, as a source of a network."""

import torch
from torch import Tensor, nn


class RandomUniform(nn.Module):
    """New random numbers for every sample and every call, also in evaluation."""

    place: Tensor

    def __init__(self, size: tuple[int, ...], low: float, high: float) -> None:
        super().__init__()
        self.size, self.low, self.high = size, low, high
        # Knows where the module is, and in which precision.
        self.register_buffer("place", torch.empty(0), persistent=False)

    def forward(self, batch: int) -> Tensor:
        noise = torch.rand(
            batch, *self.size, device=self.place.device, dtype=self.place.dtype
        )
        return self.low + (self.high - self.low) * noise
