"""Pieces at random places while training."""

import torch
from torch import Tensor, nn

from codegen.parts.center_crop import center_crop
from codegen.parts.take_places import take_places


class RandomCrop(nn.Module):
    """Cuts a piece out of each sample: at random, in evaluation the centre."""

    # torchvision's transforms would cut the whole batch at the same place.

    def __init__(self, size: tuple[int, ...]) -> None:
        super().__init__()
        self.size = size

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, ...) to (N, C, *size)."""
        if not self.training:
            return center_crop(x, self.size)
        places = []
        for has, wanted in zip(x.shape[2:], self.size, strict=True):
            start = torch.randint(has - wanted + 1, (x.size(0), 1), device=x.device)
            places.append(start + torch.arange(wanted, device=x.device))
        return take_places(x, places)

    def extra_repr(self) -> str:
        """The settings, for `print(model)`."""
        return f"size={self.size}"
