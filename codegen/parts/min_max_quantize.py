"""Numbers rounded to levels within a range that is measured or learned."""

import torch
from torch import Tensor, nn


class MinMaxQuantize(nn.Module):
    """Rounds to 2^bits levels between two limits, one level being exactly 0.

    The gradient is that of the input, and 0 outside of the limits; learned limits get
    the gradient of all that lies beyond them.

    Args:
        limits: "average" of the smallest and largest numbers of batches while
            training, those of the "latest" batch, or "learned".
        decay: how much of the average stays at every batch.
        lowest: the lower limit at the start.
        highest: the upper limit at the start.
        eps: the limits are at least so far apart.
    """

    limits: Tensor
    batches: Tensor

    def __init__(
        self,
        bits: int = 8,
        limits: str = "average",
        decay: float = 0.999,
        lowest: float = -6.0,
        highest: float = 6.0,
        eps: float = 0.01,
    ) -> None:
        super().__init__()
        self.levels = 2**bits - 1
        self.follows = limits != "learned"
        self.decay = decay if limits == "average" else 0.0
        self.eps = eps
        start = torch.tensor([lowest, highest])
        if self.follows:
            self.register_buffer("limits", start)
            self.register_buffer("batches", torch.tensor(0))
        else:
            self.limits = nn.Parameter(start)

    def forward(self, x: Tensor) -> Tensor:
        """Any size; the same size."""
        if self.training and self.follows:
            self.follow(x.detach())
        low, high = self.limits.to(x.dtype)
        with torch.no_grad():
            scale = torch.clamp(high - low, min=self.eps) / self.levels
            # Moved so that 0 is a level: borders and ReLUs stay exactly 0.
            below = torch.clamp(torch.round(-low / scale), 0, self.levels)
            to_low = -below * scale - low
            to_high = (self.levels - below) * scale - high
        low, high = low + to_low, high + to_high
        inside = (x >= low) & (x <= high)
        passed = torch.where(inside, x, torch.where(x < low, low, high))
        rounded = torch.round(passed.detach() / scale) * scale
        return rounded + (passed - passed.detach())  # adds 0 exactly

    @torch.no_grad()
    def follow(self, x: Tensor) -> None:
        """Move the limits to those of a batch, the first time altogether."""
        share = torch.where(self.batches.eq(0), 1.0, 1 - self.decay)
        self.limits.lerp_(torch.stack(x.aminmax()).to(self.limits.dtype), share)
        self.batches += 1

    def extra_repr(self) -> str:
        """The settings, for `print(model)`."""
        return f"levels={self.levels + 1}, decay={self.decay}, eps={self.eps}"
