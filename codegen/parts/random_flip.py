"""Mirroring at random while training."""

import torch
from torch import Tensor, nn


class RandomFlip(nn.Module):
    """Turns each sample round along each of the axes `dims` with probability `p`."""

    # torchvision's transforms would turn either the whole batch or nothing.

    def __init__(self, dims: tuple[int, ...], p: float = 0.5) -> None:
        super().__init__()
        self.dims, self.p = dims, p

    def forward(self, x: Tensor) -> Tensor:
        """The same size; in evaluation the input as it is."""
        if not self.training:
            return x
        for dim in self.dims:
            turned = torch.rand(x.size(0), device=x.device) < self.p
            x = torch.where(turned.view(-1, *[1] * (x.dim() - 1)), x.flip(dim), x)
        return x

    def extra_repr(self) -> str:
        """The settings, for `print(model)`."""
        return f"dims={self.dims}, p={self.p}"
