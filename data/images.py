"""Labelled images that fit into memory, as tensors. Imports torch: for workers only."""

from __future__ import annotations

import numpy
import torch
from torch import Tensor
from torch.nn import functional

from data.dataset import Batch


class ImageSamples:
    """Images of one size with one class each; `Samples` for classification."""

    def __init__(
        self,
        images: Tensor,
        labels: Tensor,
        origins: Tensor,
        *,
        random_shift: int = 0,
        smallest_size: int | None = None,
    ) -> None:
        """Keep the samples of a split.

        Args:
            images: float, 0 to 1, of shape (N, C, H, W).
            labels: class numbers, of shape (N,).
            origins: the number of each sample in the whole dataset, of shape (N,).
            random_shift: how far augmentation moves an image, in pixels.
            smallest_size: from here to that of the images, the height and width in which
                augmentation brings each batch; nothing for theirs.
        """
        self.images = images
        self.labels = labels
        self._origins = origins
        self._random_shift = random_shift
        self._smallest_size = smallest_size

    def __len__(self) -> int:
        return len(self.labels)

    def batch(self, indices: Tensor, generator: torch.Generator | None = None) -> Batch:
        """Images of shape (B, C, H, W) and labels of shape (B,); see `Samples`."""
        images = self.images[indices]
        if generator is not None and self._random_shift:
            images = shift_randomly(images, self._random_shift, generator)
        if generator is not None and self._smallest_size is not None:
            largest = images.shape[-1]
            drawn = torch.randint(self._smallest_size, largest + 1, (), generator=generator)
            images = resize(images, int(drawn))
        return Batch({"image": images}, {"label": self.labels[indices]})

    def picture(self, index: int) -> numpy.ndarray:
        """The image in bytes, of shape (H, W) for one channel, else (H, W, 3)."""
        return picture_of(self.images[index])

    def origin(self, index: int) -> int:
        """The number of the sample in the whole dataset."""
        return int(self._origins[index])


def picture_of(image: Tensor) -> numpy.ndarray:
    """An image as people look at it, in bytes, of shape (H, W) for one channel, else (H, W, 3).

    Args:
        image: of shape (C, H, W), in bytes, or float from 0 to 1; what lies beyond is cut off.
    """
    if image.is_floating_point():
        image = (image.clamp(0, 1) * 255).round().to(torch.uint8)
    picture: numpy.ndarray = image.permute(1, 2, 0).numpy()
    return picture[:, :, 0] if picture.shape[2] == 1 else picture[:, :, :3]


def resize(images: Tensor, size: int) -> Tensor:
    """Images of shape (N, C, H, W) as (N, C, size, size), bilinear; as they are if they fit."""
    if images.shape[-2:] == (size, size):
        return images
    return functional.interpolate(images, (size, size), mode="bilinear", align_corners=False)


def shift_randomly(images: Tensor, distance: int, generator: torch.Generator) -> Tensor:
    """Move each image by its own whole number of pixels, up to `distance` along both axes.

    What comes in at the edge is 0, the background of the digits.

    Args:
        images: of shape (B, C, H, W).
        distance: the largest shift, in pixels.
        generator: all chance is drawn from it, two numbers per image.
    """
    count, channels, height, width = images.shape
    padded = functional.pad(images, (distance,) * 4)
    start = torch.randint(0, 2 * distance + 1, (2, count, 1), generator=generator)
    rows = (start[0] + torch.arange(height)).view(count, 1, height, 1)
    columns = (start[1] + torch.arange(width)).view(count, 1, 1, width)
    samples = torch.arange(count).view(count, 1, 1, 1)
    return padded[samples, torch.arange(channels).view(1, channels, 1, 1), rows, columns]
