"""Rectangles of noise while training (Zhong et al. 2017, random erasing)."""

import math

import torch
from torch import Tensor, nn

from codegen.parts.random_between import random_between


class RandomErase(nn.Module):
    """Covers rectangles of each image with random values while training.

    Args:
        p: how probable each rectangle is.
        min_area, max_area: the share of the image that a rectangle covers.
        aspect_ratio: a rectangle is up to so many times higher than wide, or wider
            than high.
        min_value, max_value: the range of the values that it is filled with.
        count: how many rectangles there are at most.
        per_channel: each channel has rectangles of its own.
    """

    def __init__(
        self,
        p: float = 0.5,
        min_area: float = 0.02,
        max_area: float = 0.4,
        aspect_ratio: float = 3.0,
        min_value: float = 0.0,
        max_value: float = 1.0,
        count: int = 1,
        per_channel: bool = False,
    ) -> None:
        super().__init__()
        self.p, self.count, self.per_channel = p, count, per_channel
        self.area = (min_area, max_area)
        self.aspect_ratio = aspect_ratio
        self.values = (min_value, max_value)

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to the same size; in evaluation the input as it is."""
        if not self.training:
            return x
        drawn = (x.size(1) if self.per_channel else 1, self.count)
        area = x.size(2) * x.size(3) * random_between(x, *self.area, *drawn)
        most = math.log(self.aspect_ratio)
        ratio = random_between(x, -most, most, *drawn).exp()
        covered = random_between(x, 0, 1, *drawn, 1, 1) < self.p
        rows = self._span(x, x.size(2), (area * ratio).sqrt())
        columns = self._span(x, x.size(3), (area / ratio).sqrt())
        # (N, C or 1, count, H, W), of which one rectangle is enough
        covered = (covered & rows[..., :, None] & columns[..., None, :]).any(dim=2)
        low, high = self.values
        return torch.where(covered, low + (high - low) * torch.rand_like(x), x)

    def _span(self, x: Tensor, size: int, wanted: Tensor) -> Tensor:
        """Which of the `size` places lie in spans as long as wanted, (..., size)."""
        length = wanted.round().clamp(max=size)
        room = size - length + 1
        start = (room * torch.rand_like(room)).floor().minimum(room - 1)
        place = torch.arange(size, device=x.device)
        start, end = start[..., None], (start + length)[..., None]
        return (start <= place) & (place < end)

    def extra_repr(self) -> str:
        """The settings, for `print(model)`."""
        return f"p={self.p}, area={self.area}, count={self.count}"
