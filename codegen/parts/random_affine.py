"""Turning, moving, scaling and shearing at random while training."""

import math

from torch import Tensor, nn

from codegen.parts.from_centre import from_centre
from codegen.parts.random_between import random_between
from codegen.parts.sample_at import sample_at


class RandomAffine(nn.Module):
    """Turns, moves, scales and shears each image by random amounts while training.

    Args:
        degrees: it is turned by up to so many degrees to the left or right.
        translate: it is moved by up to this share of its height and width.
        min_scale, max_scale: how much it is enlarged; below 1 it becomes smaller.
        shear: its columns are slanted by up to so many degrees.
        padding_mode: what is outside of the image: "zeros", "border", "reflection".
    """

    # torchvision's RandomAffine would change all images of a batch alike.

    def __init__(
        self,
        degrees: float = 0.0,
        translate: float = 0.0,
        min_scale: float = 1.0,
        max_scale: float = 1.0,
        shear: float = 0.0,
        padding_mode: str = "zeros",
    ) -> None:
        super().__init__()
        self.degrees, self.translate, self.shear = degrees, translate, shear
        self.scale = (min_scale, max_scale)
        self.padding_mode = padding_mode

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to the same size; in evaluation the input as it is."""
        if not self.training:
            return x
        height, width = x.shape[2:]
        most = self.translate
        down = from_centre(height, x)[:, None]
        right = from_centre(width, x)[None, :]
        down = down - height * random_between(x, -most, most, 1, 1)
        right = right - width * random_between(x, -most, most, 1, 1)
        angle = math.radians(self.degrees) * random_between(x, -1, 1, 1, 1)
        down, right = (
            angle.cos() * down - angle.sin() * right,
            angle.sin() * down + angle.cos() * right,
        )
        slant = math.radians(self.shear) * random_between(x, -1, 1, 1, 1)
        right = right + slant.tan() * down
        low, high = map(math.log, self.scale)
        scale = random_between(x, low, high, 1, 1).exp()
        return sample_at(x, down / scale, right / scale, self.padding_mode)

    def extra_repr(self) -> str:
        """The settings, for `print(model)`."""
        return (
            f"degrees={self.degrees}, translate={self.translate}, scale={self.scale}, "
            f"shear={self.shear}, padding_mode={self.padding_mode!r}"
        )
