"""Channels rounded as whole numbers would be, each with a step of its own."""

import torch
from torch import Tensor, nn


class FakeQuantizePerChannel(nn.Module):
    """`torch.fake_quantize_per_channel_affine` with fixed steps.

    Args:
        scale: the step of every channel, or one for all.
        zero_point: the whole number that stands for 0.
    """

    scale: Tensor

    def __init__(
        self,
        scale: tuple[float, ...],
        zero_point: int = 0,
        quant_min: int = -128,
        quant_max: int = 127,
    ) -> None:
        super().__init__()
        self.zero_point = zero_point
        self.quant_min = quant_min
        self.quant_max = quant_max
        self.register_buffer("scale", torch.tensor(scale))

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, ...); the same size."""
        scale = self.scale.expand(x.size(1)).contiguous()
        zero_point = torch.full_like(scale, self.zero_point, dtype=torch.int32)
        return torch.fake_quantize_per_channel_affine(
            x, scale, zero_point, 1, self.quant_min, self.quant_max
        )

    def extra_repr(self) -> str:
        """The settings, for `print(model)`."""
        limits = f"quant_min={self.quant_min}, quant_max={self.quant_max}"
        return f"zero_point={self.zero_point}, {limits}"
