"""Pictures of several drawn shapes, with their boxes or masks. Imports torch: for workers only.

The shapes are those of `drawing.py`. Each is drawn in a window of its own, so that many small ones
in a large picture cost little.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Literal, Self

import numpy
import torch
from torch import Tensor

from data.dataset import NO_BOX, Batch
from data.drawing import BACKGROUND, REACH, colors_of, cover, shaded_background
from data.images import picture_of

Target = Literal["boxes", "masks"]

SMALLEST, LARGEST = 0.08, 0.2
"""Radii of the shapes, as shares of a picture's side."""
APART = 0.8
"""How far the middles of two shapes are from each other, as a share of their radii together."""
TRIES = 30
"""How often a place is looked for; a shape for which there is none is left out."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What chance decides about each picture; the first axis counts pictures, the second shapes.

    Attributes:
        label: the class of each shape, `NO_BOX` where there is none.
        middle: as shares of the picture, x and y, of shape (N, most, 2).
        radius: as a share of the picture's side.
        angle: in radians.
        brightness: what the colour is multiplied with.
        background: two colours, at the left and the right edge, of shape (N, 2, 3).
    """

    label: Tensor
    middle: Tensor
    radius: Tensor
    angle: Tensor
    brightness: Tensor
    background: Tensor

    @classmethod
    def by_chance(cls, count: int, most: int, classes: int, generator: torch.Generator) -> Self:
        """Of so many pictures with one to `most` shapes each, which hardly cover each other."""

        def between(low: float, high: float, *shape: int) -> Tensor:
            return low + (high - low) * torch.rand(count, *shape, generator=generator)

        wanted = torch.randint(1, most + 1, (count, 1), generator=generator)
        label = torch.randint(0, classes, (count, most), generator=generator)
        label = torch.where(torch.arange(most) < wanted, label, NO_BOX)
        radius = between(SMALLEST, LARGEST, most)
        middle = torch.zeros(count, most, 2)
        for shape in range(most):
            placed = torch.zeros(count, dtype=torch.bool)
            for _ in range(TRIES):
                margin = REACH * radius[:, shape, None]
                place = margin + (1 - 2 * margin) * between(0, 1, 2)
                far = (place[:, None] - middle[:, :shape]).norm(dim=-1)
                enough = APART * (radius[:, shape, None] + radius[:, :shape])
                free = ((far > enough) | (label[:, :shape] == NO_BOX)).all(dim=1)
                middle[:, shape] = torch.where((free & ~placed)[:, None], place, middle[:, shape])
                placed |= free
            label[~placed, shape] = NO_BOX
        return cls(
            label=label,
            middle=middle,
            radius=radius,
            angle=between(-0.25, 0.25, most),
            brightness=between(0.93, 1.0, most),
            background=between(0.0, BACKGROUND, 2, 3),
        )

    def of(self, indices: Tensor) -> Self:
        """Of these pictures alone."""
        return type(self)(*(getattr(self, field.name)[indices] for field in fields(self)))


@dataclass(frozen=True, slots=True)
class Drawn:
    """Some pictures and what is on them.

    Attributes:
        images: from 0 to 1, of shape (N, channels, size, size).
        boxes: corners in pixels, of shape (N, most, 4); of 0 where there is no shape.
        mask: the class of what is seen at each pixel plus one, 0 where nothing is, (N, size, size).
    """

    images: Tensor
    boxes: Tensor
    mask: Tensor


def draw_scenes(arrangement: Arrangement, looks: Tensor, *, size: int, channels: int) -> Drawn:
    """Draw pictures, later shapes over earlier ones.

    Args:
        arrangement: what is where.
        looks: numbers of form, colour, texture and size of each class, of shape (classes, 4).
        size: height and width in pixels.
        channels: 1 or 3.
    """
    count, most = arrangement.label.shape
    images = shaded_background(arrangement.background, size=size, channels=channels).clone()
    mask = torch.zeros(count, size, size, dtype=torch.int64)
    boxes = torch.zeros(count, most, 4)
    window = min(size, 2 * math.ceil(REACH * LARGEST * size) + 2)
    pixels = torch.arange(window)
    for shape in range(most):
        (pictures,) = (arrangement.label[:, shape] != NO_BOX).nonzero(as_tuple=True)
        if not len(pictures):
            continue
        label = arrangement.label[pictures, shape]
        radius = arrangement.radius[pictures, shape, None, None]
        angle = arrangement.angle[pictures, shape, None, None]
        middle = arrangement.middle[pictures, shape] * size
        start = (middle - window / 2).long().clamp(0, size - window)
        columns, rows = (start[:, None] + pixels[:, None]).unbind(dim=-1)
        across = (columns + 0.5 - middle[:, :1])[:, None, :] / (size * radius)
        down = (rows + 0.5 - middle[:, 1:])[:, :, None] / (size * radius)
        covered, shade = cover(
            looks[label],
            angle.cos() * across + angle.sin() * down,
            angle.cos() * down - angle.sin() * across,
            size * radius,
        )
        here = (pictures[:, None, None], rows[:, :, None], columns[:, None, :])
        paint = colors_of(looks[label], channels) * arrangement.brightness[pictures, shape, None]
        wanted = paint[:, None, None] * shade[..., None]
        # Channels last, as indexing gives them.
        behind = images.permute(0, 2, 3, 1)[here]
        images.permute(0, 2, 3, 1)[here] = behind + (wanted - behind) * covered[..., None]
        solid = covered > 0.5
        mask[here] = torch.where(solid, label[:, None, None] + 1, mask[here])
        boxes[pictures, shape] = _boxes_of(solid) + start.repeat(1, 2)
    return Drawn(images, boxes, mask)


def _boxes_of(solid: Tensor) -> Tensor:
    """The corners of what is solid in windows of shape (N, H, W), of shape (N, 4)."""
    sides = []
    for axis in (1, 2):  # over rows for left and right, over columns for top and bottom
        line = solid.any(dim=axis).long()
        sides.append((line.argmax(dim=1), line.shape[1] - line.flip(1).argmax(dim=1)))
    (left, right), (top, bottom) = sides
    return torch.stack((left, top, right, bottom), dim=1).float()


class DrawnScenes:
    """Pictures that are drawn when they are asked for; `Samples` for detection or segmentation."""

    def __init__(
        self,
        arrangement: Arrangement,
        looks: Tensor,
        origins: Tensor,
        *,
        size: int,
        channels: int,
        target: Target,
    ) -> None:
        """Keep what is on each picture of a split.

        Args:
            arrangement: what chance decided about each.
            looks: numbers of form, colour, texture and size of each class, of shape (classes, 4).
            origins: the number of each sample in the whole dataset, of shape (N,).
            size: height and width in pixels.
            channels: 1 or 3.
            target: what a batch tells of its pictures.
        """
        self._arrangement = arrangement
        self._looks = looks
        self._origins = origins
        self._size = size
        self._channels = channels
        self._target = target

    def __len__(self) -> int:
        return len(self._origins)

    def batch(self, indices: Tensor, generator: torch.Generator | None = None) -> Batch:
        """Images of shape (B, C, H, W), with boxes and labels, or masks; see `Samples`."""
        arrangement = self._arrangement.of(indices)
        drawn = draw_scenes(arrangement, self._looks, size=self._size, channels=self._channels)
        if self._target == "masks":
            return Batch({"image": drawn.images}, {"mask": drawn.mask})
        # What is there first, and no more rows than are needed.
        order = (arrangement.label == NO_BOX).long().argsort(dim=1, stable=True)
        most = int((arrangement.label != NO_BOX).sum(dim=1).max()) if len(indices) else 0
        boxes = drawn.boxes.gather(1, order[..., None].expand(-1, -1, 4))[:, :most]
        labels = arrangement.label.gather(1, order)[:, :most]
        return Batch({"image": drawn.images}, {"boxes": boxes, "labels": labels})

    def picture(self, index: int) -> numpy.ndarray:
        """The image in bytes, of shape (H, W) for one channel, else (H, W, 3)."""
        return picture_of(self.batch(torch.tensor([index])).inputs["image"][0])

    def origin(self, index: int) -> int:
        """The number of the sample in the whole dataset."""
        return int(self._origins[index])
