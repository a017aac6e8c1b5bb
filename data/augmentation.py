"""Chance that makes more of few images, and carries masks and boxes along.

The settings are declared here once for all datasets of images that have them; what they do is
torchvision's `transforms.v2`. No torch at import.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from data.divided import DividedDataset
from graph.declare import declare, param

if TYPE_CHECKING:
    import torch

SMOOTHNESS = 5.0
"""Pixels over which an elastic deformation is blended (the sigma of a Gaussian)."""

Augment = Callable[[dict[str, Any], "torch.Generator"], dict[str, Any]]
"""Changes one sample by chance: tensors of `torchvision.tv_tensors` by name."""


@declare
class AugmentedImages(DividedDataset):
    """Base of the datasets whose training images can be changed by chance."""

    horizontal_flip: bool = param(
        default=False, help="Mirror every second training image, left to right."
    )
    vertical_flip: bool = param(
        default=False, help="Mirror every second training image, top to bottom.", advanced=True
    )
    rotation: float = param(
        default=0.0,
        min=0,
        max=180,
        help="Turn training images by up to so many degrees, either way.",
        advanced=True,
    )
    zoom: float = param(
        default=0.0,
        min=0,
        max=0.9,
        help="Enlarge or shrink training images by up to this share: 0.2 is from 0.8 to 1.2 times.",
        advanced=True,
    )
    shift: float = param(
        default=0.0,
        min=0,
        max=0.9,
        help="Move training images by up to this share of their height and width.",
        advanced=True,
    )
    brightness: float = param(
        default=0.0,
        min=0,
        max=1,
        help="Make training images darker or brighter by up to this share.",
        advanced=True,
    )
    contrast: float = param(
        default=0.0,
        min=0,
        max=1,
        help="Lower or raise the contrast of training images by up to this share.",
        advanced=True,
    )
    saturation: float = param(
        default=0.0,
        min=0,
        max=1,
        help="Lower or raise how colourful training images are by up to this share.",
        advanced=True,
    )
    elastic: float = param(
        default=0.0,
        min=0,
        max=200,
        help="Deform training images like rubber; 0 not at all, 50 strongly. As U-Net was trained.",
        advanced=True,
    )

    def augment(self, fill: int = 0) -> Augment | None:
        """What changes a training sample by chance; None where nothing is to be changed.

        It takes and gives a dictionary of `tv_tensors` (`Image`, `Mask`, `BoundingBoxes`), which
        are changed together, and draws all chance from the generator. Boxes may lie outside of the
        image afterwards.

        Args:
            fill: what a mask holds where the image has been moved away; images have 0 there.
        """
        from torchvision.transforms import v2
        from torchvision.tv_tensors import Image, Mask

        fills = {Image: 0, Mask: fill}
        steps: list[Any] = []
        if self.horizontal_flip:
            steps.append(v2.RandomHorizontalFlip())
        if self.vertical_flip:
            steps.append(v2.RandomVerticalFlip())
        if self.rotation or self.zoom or self.shift:
            steps.append(
                v2.RandomAffine(
                    self.rotation,
                    translate=(self.shift, self.shift),
                    scale=(1 - self.zoom, 1 + self.zoom),
                    interpolation=v2.InterpolationMode.BILINEAR,
                    fill=fills,
                )
            )
        if self.elastic:
            steps.append(_elastic(self.elastic, fills))
        if self.brightness or self.contrast or self.saturation:
            steps.append(
                v2.ColorJitter(
                    brightness=self.brightness,
                    contrast=self.contrast,
                    saturation=self.saturation,
                )
            )
        return _by_chance(v2.Compose(steps)) if steps else None


def _elastic(strength: float, fills: dict[Any, int]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    from torchvision.transforms import v2

    def deform(sample: dict[str, Any]) -> dict[str, Any]:
        # Four times the smoothness is mirrored at the edges, which takes an image larger than that.
        smoothness = min(SMOOTHNESS, (min(sample["image"].shape[-2:]) - 1) / 4)
        # What is blended less is moved further, so that the strength would be another.
        alpha = strength * smoothness / SMOOTHNESS
        elastic = v2.ElasticTransform(alpha=alpha, sigma=smoothness, fill=fills)
        deformed: dict[str, Any] = elastic(sample)
        return deformed

    return deform


def _by_chance(transform: Callable[[Any], Any]) -> Augment:
    import torch

    def augment(sample: dict[str, Any], generator: torch.Generator) -> dict[str, Any]:
        # The transforms know torch's own generator only, which must be left as it was.
        seed = int(torch.randint(2**62, (), generator=generator))
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            changed: dict[str, Any] = transform(sample)
        return changed

    return augment
