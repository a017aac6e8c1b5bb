"""Turning at random while training."""

import math

from torch import Tensor, nn

from codegen.parts.from_centre import from_centre
from codegen.parts.random_between import random_between
from codegen.parts.sample_at import sample_at


class RandomRotation(nn.Module):
    """Turns each image by a random angle, up to `degrees` to the left or right."""

    # torchvision's RandomRotation would turn all images of a batch alike.

    def __init__(self, degrees: float, padding_mode: str = "zeros") -> None:
        super().__init__()
        self.degrees, self.padding_mode = degrees, padding_mode

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to the same size; in evaluation the input as it is."""
        if not self.training:
            return x
        down = from_centre(x.size(2), x)[:, None]
        right = from_centre(x.size(3), x)[None, :]
        angle = math.radians(self.degrees) * random_between(x, -1, 1, 1, 1)
        cos, sin = angle.cos(), angle.sin()
        return sample_at(
            x, cos * down - sin * right, sin * down + cos * right, self.padding_mode
        )

    def extra_repr(self) -> str:
        """The settings, for `print(model)`."""
        return f"degrees={self.degrees}, padding_mode={self.padding_mode!r}"
