"""Many changes of an image in one step while training."""

import math

import torch
from torch import Tensor, nn

from codegen.parts.from_centre import from_centre
from codegen.parts.random_between import random_between
from codegen.parts.sample_at import sample_at
from codegen.parts.take_places import take_places


class ImageAugmentation(nn.Module):
    """Changes each image at random while training, with one resampling for all of it.

    In evaluation the centre of the image is left as it is. Outside of an image its edge
    goes on.

    Args:
        size: height and width that come out.
        pad: how far outside of the image the piece may lie, down and to the right.
        min_scale, max_scale: how much it is enlarged; below 1 it becomes smaller.
        angle: it is turned by up to so many degrees to the left or right.
        aspect_ratio: it is stretched along one axis by up to this factor.
        distortion: how strongly it bulges inwards or outwards, as with a wide lens.
        flip_lr, flip_ud: it is mirrored, with a probability of one half.
        brightness: up to so much is added or subtracted.
        contrast: the distance from `contrast_center` is multiplied by up to this
            factor, or divided by it.
        brightness_each, contrast_each: each channel by itself.
        noise: the standard deviation of noise, up to this.
    """

    # torchvision's transforms would change all images of a batch alike.

    def __init__(
        self,
        size: tuple[int, int],
        *,
        pad: tuple[int, int] = (0, 0),
        min_scale: float = 1.0,
        max_scale: float = 1.0,
        angle: float = 0.0,
        aspect_ratio: float = 1.0,
        distortion: float = 0.0,
        flip_lr: bool = False,
        flip_ud: bool = False,
        brightness: float = 0.0,
        brightness_each: bool = False,
        contrast: float = 1.0,
        contrast_center: float = 0.5,
        contrast_each: bool = False,
        noise: float = 0.0,
    ) -> None:
        super().__init__()
        self.size, self.pad = size, pad
        self.scale = (min_scale, max_scale)
        self.angle, self.aspect_ratio = angle, aspect_ratio
        self.distortion = distortion
        self.flip_lr, self.flip_ud = flip_lr, flip_ud
        self.brightness, self.brightness_each = brightness, brightness_each
        self.contrast, self.contrast_each = contrast, contrast_each
        self.contrast_center = contrast_center
        self.noise = noise

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to (N, C, *size)."""
        if not self.training:
            return self._centre(x)
        return self._colours(self._warped(x))

    def _centre(self, x: Tensor) -> Tensor:
        """The middle; what is wanted beyond the image is its edge."""
        places = []
        for has, wanted in zip(x.shape[2:], self.size, strict=True):
            first = (has - wanted) // 2
            place = torch.arange(first, first + wanted, device=x.device)
            places.append(place.clamp(0, has - 1).expand(x.size(0), -1))
        return x if x.shape[2:] == self.size else take_places(x, places)

    def _warped(self, x: Tensor) -> Tensor:
        """Scaled, turned, stretched, distorted, mirrored and cut out at random."""
        (height, width), (h, w) = self.size, x.shape[2:]
        down, right = from_centre(height, x)[:, None], from_centre(width, x)[None, :]
        most = self.distortion
        bulge = random_between(x, -most, most, 1, 1).exp() - 1
        # The squared distance from the centre, 1 in the middle of each edge.
        radius = (down * 2 / height) ** 2 + (right * 2 / width) ** 2
        stretched = (1 + bulge * radius) / (1 + bulge)
        scale = self._factor(x, *self.scale)
        half = math.sqrt(self.aspect_ratio)
        aspect = self._factor(x, 1 / half, half)
        tall, wide = scale / aspect, scale * aspect
        down, right = down * stretched / tall, right * stretched / wide
        angle = math.radians(self.angle) * random_between(x, -1, 1, 1, 1)
        down, right = (
            angle.cos() * down - angle.sin() * right,
            angle.sin() * down + angle.cos() * right,
        )
        down, right = (
            down * self._sign(x, self.flip_ud),
            right * self._sign(x, self.flip_lr),
        )
        # The piece lies anywhere in the image and its border.
        room = h + 2 * self.pad[0] - height / tall, w + 2 * self.pad[1] - width / wide
        down = down + room[0] * random_between(x, -0.5, 0.5, 1, 1)
        right = right + room[1] * random_between(x, -0.5, 0.5, 1, 1)
        return sample_at(x, down, right, "border")

    def _factor(self, x: Tensor, low: float, high: float) -> Tensor:
        """Between two factors, so that doubling is as likely as halving."""
        return random_between(x, math.log(low), math.log(high), 1, 1).exp()

    def _sign(self, x: Tensor, flip: bool) -> Tensor:
        drawn = random_between(x, -1, 1, 1, 1)
        return torch.where(drawn < 0, -1.0, 1.0) if flip else torch.ones_like(drawn)

    def _colours(self, x: Tensor) -> Tensor:
        """With another brightness and contrast, and with noise."""
        most = self.brightness
        groups = x.size(1) if self.brightness_each else 1
        light = random_between(x, -most, most, groups, 1, 1)
        most = math.log(self.contrast)
        groups = x.size(1) if self.contrast_each else 1
        contrast = random_between(x, -most, most, groups, 1, 1).exp()
        centre = self.contrast_center
        x = centre + (x + (light - centre).to(x.dtype)) * contrast.to(x.dtype)
        if self.noise:
            strength = random_between(x, 0, self.noise, 1, 1, 1).to(x.dtype)
            x = x + strength * torch.randn_like(x)
        return x

    def extra_repr(self) -> str:
        """The settings, for `print(model)`."""
        shown = (
            "size pad scale angle aspect_ratio distortion flip_lr flip_ud brightness "
            "contrast noise"
        )
        return ", ".join(f"{name}={getattr(self, name)}" for name in shown.split())
