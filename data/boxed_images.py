"""Images from files with boxes, read when they are asked for. Imports torch: for workers only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy
import torch
from torch import Tensor
from torchvision.tv_tensors import BoundingBoxes, Image

from data.augmentation import Augment
from data.dataset import NO_BOX, Batch
from data.image_files import opened, pixels_of
from data.images import picture_of
from data.kept import Kept
from data.voc import Annotation, check_size

LEAST_LEFT = 0.1
"""Of a box that was moved over the edge, the share that must be left for it to count."""


@dataclass(frozen=True, slots=True)
class BoxedImage:
    """What a split knows of an image before it is read.

    Attributes:
        origin: the number of the sample in the whole dataset.
        boxes: corners in pixels of the image as it is read, float of shape (N, 4).
        labels: their classes, int64 of shape (N,).
        ignored_boxes: likewise of objects that are not learned, and do not count when judging.
        ignored_labels: their classes.
    """

    annotation: Annotation
    origin: int
    boxes: Tensor
    labels: Tensor
    ignored_boxes: Tensor
    ignored_labels: Tensor


def boxed_image(
    annotation: Annotation,
    origin: int,
    class_names: Sequence[str],
    size: tuple[int, int],
    *,
    difficult: bool,
) -> BoxedImage:
    """An image with the objects of these classes, brought to a height and width.

    Args:
        annotation: the image and what is on it.
        origin: the number of the sample in the whole dataset.
        class_names: in the order of their numbers.
        size: height and width.
        difficult: whether objects that are marked as difficult count as any other.
    """
    width, height = annotation.size
    scale = torch.tensor([size[1] / width, size[0] / height]).repeat(2)
    numbers = {name: number for number, name in enumerate(class_names)}

    def boxes_of(*, ignored: bool) -> tuple[Tensor, Tensor]:
        objects = [
            one
            for one in annotation.objects
            if one.name in numbers and (one.difficult and not difficult) == ignored
        ]
        boxes = torch.tensor([one.box for one in objects], dtype=torch.float32).view(-1, 4)
        labels = torch.tensor([numbers[one.name] for one in objects], dtype=torch.int64)
        return boxes * scale, labels

    return BoxedImage(annotation, origin, *boxes_of(ignored=False), *boxes_of(ignored=True))


class BoxedImages:
    """Images of one size with boxes; `Samples` for detection."""

    def __init__(
        self,
        images: Sequence[BoxedImage],
        size: tuple[int, int],
        augment: Augment | None = None,
    ) -> None:
        """Keep what a split consists of.

        Args:
            images: what is known of them.
            size: height and width to which they are brought.
            augment: what changes training images by chance.
        """
        self._images = tuple(images)
        self._size = size
        self._augment = augment
        self._pixels = Kept(lambda index: self._read(self._images[index].annotation), Tensor.numel)

    def __len__(self) -> int:
        return len(self._images)

    def batch(self, indices: Tensor, generator: torch.Generator | None = None) -> Batch:
        """Images of shape (B, 3, H, W) from 0 to 1, boxes and labels; see `Samples`.

        Raises:
            DataError: an image cannot be read.
        """
        images, boxes, labels = [], [], []
        all_known = [self._images[index] for index in indices.tolist()]
        for index, known in zip(indices.tolist(), all_known, strict=True):
            image, corners, classes = self._pixels[index].float() / 255, known.boxes, known.labels
            if generator is not None and self._augment is not None:
                image, corners, kept = self._changed(image, corners, self._augment, generator)
                classes = classes[kept]
            images.append(image)
            boxes.append(corners)
            labels.append(classes)
        targets = {"boxes": _padded(boxes), "labels": _padded(labels, NO_BOX)}
        if generator is None:
            targets["ignored_boxes"] = _padded([known.ignored_boxes for known in all_known])
            ignored = [known.ignored_labels for known in all_known]
            targets["ignored_labels"] = _padded(ignored, NO_BOX)
        return Batch({"image": torch.stack(images)}, targets)

    def picture(self, index: int) -> numpy.ndarray:
        """The image in bytes, of shape (H, W, 3)."""
        return picture_of(self._pixels[index])

    def origin(self, index: int) -> int:
        """The number of the sample in the whole dataset."""
        return self._images[index].origin

    def _changed(
        self, image: Tensor, boxes: Tensor, augment: Augment, generator: torch.Generator
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Image and boxes changed by chance, and which boxes are still there, of shape (N,)."""
        framed = BoundingBoxes(boxes, format="XYXY", canvas_size=self._size)
        sample = augment({"image": Image(image), "boxes": framed}, generator)
        moved = sample["boxes"].as_subclass(Tensor)
        height, width = self._size
        clipped = moved.clamp(min=0).minimum(moved.new_tensor([width, height, width, height]))
        sides, whole = (one[:, 2:] - one[:, :2] for one in (clipped, moved))
        kept = (sides >= 1).all(dim=1) & (sides.prod(dim=1) >= LEAST_LEFT * whole.prod(dim=1))
        # Contrast may leave 0 to 1; what the network sees later never does.
        return sample["image"].as_subclass(Tensor).clamp(0, 1), clipped[kept], kept

    def _read(self, annotation: Annotation) -> Tensor:
        """An image as uint8 of shape (3, H, W)."""
        with opened(annotation.image, "folder") as image:
            check_size(annotation, image.size)
            return torch.from_numpy(pixels_of(image, size=self._size, channels=3))


def _padded(rows: Sequence[Tensor], value: float = 0.0) -> Tensor:
    """One tensor of all, those with fewer rows filled up at the end."""
    return torch.nn.utils.rnn.pad_sequence(list(rows), batch_first=True, padding_value=value)
