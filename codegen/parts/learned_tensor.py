"""A tensor that is learned, as a source of a network."""

import torch
from torch import Tensor, nn


class LearnedTensor(nn.Module):
    """A learned tensor that is the same for every sample.

    It starts with random numbers around 0 ("normal": with the scale as standard
    deviation, "uniform": from -scale to scale), or with the scale itself ("constant").
    """

    def __init__(self, size: tuple[int, ...], initial: str, scale: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(size))
        if initial == "normal":
            nn.init.normal_(self.weight, std=scale)
        elif initial == "uniform":
            nn.init.uniform_(self.weight, -scale, scale)
        else:
            nn.init.constant_(self.weight, scale)

    def forward(self, batch: int) -> Tensor:
        return self.weight.expand(batch, *self.weight.shape)
