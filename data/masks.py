"""Images with a class for every pixel, read or drawn when they are asked for. Imports torch: for
workers only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy
import torch
from torch import Tensor
from torchvision.tv_tensors import Image, Mask

from data.augmentation import Augment
from data.dataset import Batch
from data.images import picture_of
from data.kept import Kept

Masked = tuple[Tensor, Tensor]
"""An image, uint8 of shape (C, H, W), and the class of every pixel, uint8 of shape (H, W)."""


@dataclass(frozen=True, slots=True)
class Part:
    """A sample: an image, or what is cut out of it.

    Attributes:
        origin: the number of the sample in the whole dataset.
        image: that of the image.
        top: the uppermost row of what is cut out.
        left: likewise the leftmost column.
    """

    origin: int
    image: int
    top: int = 0
    left: int = 0


class MaskedImages:
    """Images of one size with their masks, or parts of one size; `Samples` for segmentation."""

    def __init__(
        self,
        read: Callable[[int], Masked],
        parts: Sequence[Part],
        augment: Augment | None = None,
        *,
        size: tuple[int, int] | None = None,
    ) -> None:
        """Keep what a split consists of.

        Args:
            read: gives the image of this number, with its mask.
            parts: the samples.
            augment: what changes training images by chance.
            size: height and width of what is cut out of the images; while training at places by
                chance. None where the images are taken as they are.
        """
        self._parts = tuple(parts)
        self._augment = augment
        self._size = size
        self._images = Kept(read, lambda image: sum(tensor.numel() for tensor in image))

    def __len__(self) -> int:
        return len(self._parts)

    def batch(self, indices: Tensor, generator: torch.Generator | None = None) -> Batch:
        """Images of shape (B, C, H, W) from 0 to 1, masks of shape (B, H, W); see `Samples`."""
        images, masks = [], []
        for index in indices.tolist():
            image, mask = self._sample(self._parts[index], generator)
            image = image.float() / 255
            if generator is not None and self._augment is not None:
                changed = self._augment({"image": Image(image), "mask": Mask(mask)}, generator)
                # Noise and contrast may leave 0 to 1; what the network sees later never does.
                image = changed["image"].as_subclass(Tensor).clamp(0, 1)
                mask = changed["mask"].as_subclass(Tensor)
            images.append(image)
            masks.append(mask.long())
        return Batch({"image": torch.stack(images)}, {"mask": torch.stack(masks)})

    def picture(self, index: int) -> numpy.ndarray:
        """The image in bytes, of shape (H, W) for one channel, else (H, W, 3)."""
        return picture_of(self._sample(self._parts[index])[0])

    def origin(self, index: int) -> int:
        """The number of the sample in the whole dataset."""
        return self._parts[index].origin

    def _sample(self, part: Part, generator: torch.Generator | None = None) -> Masked:
        image, mask = self._images[part.image]
        if self._size is None:
            return image, mask
        height, width = self._size
        top, left = part.top, part.left
        if generator is not None:
            top, left = (
                int(torch.randint(have - want + 1, (), generator=generator))
                for have, want in zip(mask.shape, self._size, strict=True)
            )
        rows, columns = slice(top, top + height), slice(left, left + width)
        return image[:, rows, columns], mask[rows, columns]
