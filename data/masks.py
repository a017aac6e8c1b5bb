"""Images with a class for every pixel, read or drawn when they are asked for. Imports torch: for
workers only."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy
import torch
from torch import Tensor
from torchvision.tv_tensors import Image, Mask

from data.augmentation import Augment
from data.dataset import Batch
from data.kept import Kept

Masked = tuple[Tensor, Tensor]
"""An image, uint8 of shape (C, H, W), and the class of every pixel, uint8 of shape (H, W)."""


class MaskedImages:
    """Images of one size with their masks; `Samples` for segmentation."""

    def __init__(
        self,
        read: Callable[[int], Masked],
        origins: Sequence[int],
        augment: Augment | None = None,
    ) -> None:
        """Keep what a split consists of.

        Args:
            read: gives the sample of this number in the whole dataset.
            origins: the numbers of this split's samples.
            augment: what changes training images by chance.
        """
        self._origins = tuple(origins)
        self._augment = augment
        self._samples = Kept(
            lambda index: read(self._origins[index]),
            lambda sample: sum(part.numel() for part in sample),
        )

    def __len__(self) -> int:
        return len(self._origins)

    def batch(self, indices: Tensor, generator: torch.Generator | None = None) -> Batch:
        """Images of shape (B, C, H, W) from 0 to 1, masks of shape (B, H, W); see `Samples`."""
        images, masks = [], []
        for index in indices.tolist():
            image, mask = self._samples[index]
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
        picture: numpy.ndarray = self._samples[index][0].permute(1, 2, 0).numpy()
        return picture[:, :, 0] if picture.shape[2] == 1 else picture

    def origin(self, index: int) -> int:
        """The number of the sample in the whole dataset."""
        return self._origins[index]
