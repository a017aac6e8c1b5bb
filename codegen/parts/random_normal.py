"""Random numbers of a normal distribution, as a source of a network."""

import torch
from torch import Tensor, nn


class RandomNormal(nn.Module):
    """New random numbers for every sample and every call, also in evaluation."""

    place: Tensor

    def __init__(self, size: tuple[int, ...], mean: float, std: float) -> None:
        super().__init__()
        self.size, self.mean, self.std = size, mean, std
        # Knows where the module is, and in which precision.
        self.register_buffer("place", torch.empty(0), persistent=False)

    def forward(self, batch: int) -> Tensor:
        noise = torch.randn(
            batch, *self.size, device=self.place.device, dtype=self.place.dtype
        )
        return self.mean + self.std * noise
