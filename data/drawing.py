"""Shapes drawn as smooth masks, many at a time. Imports torch: for workers only.

A form is a function of the plane that is positive inside: roughly the distance to its edge, with
a radius of about 1. Its values divided by the width of a pixel, cut to 0..1, are a mask with soft
edges.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Self

import numpy
import torch
from torch import Tensor

from data.dataset import Batch
from data.images import picture_of

Form = Callable[[Tensor, Tensor], Tensor]


def _circle(x: Tensor, y: Tensor) -> Tensor:
    return 1 - torch.hypot(x, y)


def _square(x: Tensor, y: Tensor) -> Tensor:
    return 0.77 - torch.maximum(x.abs(), y.abs())


def _regular(x: Tensor, y: Tensor, corners: int, apothem: float) -> Tensor:
    """A polygon with equal sides, one of them at the bottom."""
    angles = [math.pi / 2 + 2 * math.pi * number / corners for number in range(corners)]
    sides = [x * math.cos(angle) + y * math.sin(angle) for angle in angles]
    return apothem - torch.stack(sides).amax(0)


def _triangle(x: Tensor, y: Tensor) -> Tensor:
    return _regular(x, y - 0.15, 3, 0.5)


def _hexagon(x: Tensor, y: Tensor) -> Tensor:
    return _regular(x, y, 6, 0.87)


def _cross(x: Tensor, y: Tensor) -> Tensor:
    long, short = torch.maximum(x.abs(), y.abs()), torch.minimum(x.abs(), y.abs())
    return torch.minimum(1 - long, 0.3 - short)


def _ring(x: Tensor, y: Tensor) -> Tensor:
    return 0.25 - (torch.hypot(x, y) - 0.75).abs()


def _star(x: Tensor, y: Tensor) -> Tensor:
    fifth = 2 * math.pi / 5
    angle = torch.atan2(x, -y)
    folded = (torch.remainder(angle + fifth / 2, fifth) - fifth / 2).abs()
    radius = torch.hypot(x, y)
    # From a tip at radius 1.05 straight to the corner between two tips, at radius 0.45.
    across, along = radius * folded.sin(), radius * folded.cos()
    corner = (0.45 * math.sin(fifth / 2), 0.45 * math.cos(fifth / 2))
    side = (corner[0], corner[1] - 1.05)
    return (across * side[1] - (along - 1.05) * side[0]) / math.hypot(*side)


def _bar(x: Tensor, y: Tensor) -> Tensor:
    return torch.minimum(1 - x.abs(), 0.35 - y.abs())


def _heart(x: Tensor, y: Tensor) -> Tensor:
    x, y = x.abs() * 1.25, 0.16 - y * 1.22
    return 0.45 * (1 - (x * x + (y - 0.65 * x.sqrt()).square()))


def _crescent(x: Tensor, y: Tensor) -> Tensor:
    return torch.minimum(1 - torch.hypot(x, y), torch.hypot(x - 0.5, y) - 0.75)


FORMS: tuple[Form, ...] = (
    _circle,
    _square,
    _triangle,
    _cross,
    _ring,
    _star,
    _bar,
    _heart,
    _crescent,
    _hexagon,
)
"""In the order of the names in data/datasets/shapes.py."""

COLORS = (
    (0.90, 0.16, 0.16),
    (0.16, 0.75, 0.25),
    (0.18, 0.35, 0.95),
    (0.98, 0.90, 0.15),
    (0.95, 0.25, 0.75),
    (0.15, 0.85, 0.90),
    (1.00, 0.55, 0.05),
    (0.55, 0.25, 0.85),
    (0.55, 0.35, 0.15),
    (1.00, 1.00, 1.00),
)
DARKEST, BRIGHTEST = 0.37, 1.0
"""Of the greys that stand for the ten colours in images of one channel."""
REACH = 1.12
"""How far the corners of the forms are from their middle, at most."""
BACKGROUND = 0.3
"""The brightest background."""


def _striped(x: Tensor, y: Tensor) -> Tensor:
    return torch.sin(y * 2.5 * math.pi)


def _checked(x: Tensor, y: Tensor) -> Tensor:
    return torch.sin(x * 2 * math.pi) * torch.sin(y * 2 * math.pi)


def _dotted(x: Tensor, y: Tensor) -> Tensor:
    return 0.3 - torch.cos(x * 2.2 * math.pi) * torch.cos(y * 2.2 * math.pi)


PATTERNS: tuple[Form, ...] = (_striped, _checked, _dotted)
"""Textures 1 to 3: negative where the shape is darker."""
HOLLOW = 4


@dataclass(frozen=True, slots=True)
class Scene:
    """What chance decides about each picture; the first axis counts pictures.

    Attributes:
        place: of the middle, as a share of the image from the middle, of shape (N, 2).
        angle: in radians.
        scale: the radius as a share of half the image.
        background: two colours, at the left and the right edge, of shape (N, 2, 3).
        brightness: what the colour of the shape is multiplied with.
    """

    place: Tensor
    angle: Tensor
    scale: Tensor
    background: Tensor
    brightness: Tensor

    @classmethod
    def by_chance(cls, count: int, generator: torch.Generator) -> Self:
        """Of so many pictures."""

        def between(low: float, high: float, *shape: int) -> Tensor:
            return low + (high - low) * torch.rand(count, *shape, generator=generator)

        return cls(
            place=between(-0.3, 0.3, 2),
            angle=between(-0.25, 0.25),
            scale=between(0.55, 0.68),
            background=between(0.0, BACKGROUND, 2, 3),
            brightness=between(0.93, 1.0),
        )

    def of(self, indices: Tensor) -> Self:
        """Of these pictures alone."""
        return type(self)(*(getattr(self, field.name)[indices] for field in fields(self)))


def draw(looks: Tensor, scene: Scene, *, size: int, channels: int) -> Tensor:
    """Pictures of shape (N, channels, size, size), from 0 to 1.

    Args:
        looks: numbers of form, colour, texture and size of each, of shape (N, 4).
        scene: what chance decided about each.
        size: height and width in pixels.
        channels: 1 or 3.
    """
    steps = _steps(size)
    scale = scene.scale * torch.where(looks[:, 3] == 1, 0.5, 1.0)
    sine, cosine = (scene.angle.sin() / scale), (scene.angle.cos() / scale)
    # Where the whole shape stays inside the image.
    free = (1 - REACH * scale)[:, None] * (scene.place / 0.3)
    across = steps.view(1, 1, size) - free[:, 0].view(-1, 1, 1)
    down = steps.view(1, size, 1) - free[:, 1].view(-1, 1, 1)
    sine, cosine = sine.view(-1, 1, 1), cosine.view(-1, 1, 1)
    x, y = cosine * across + sine * down, cosine * down - sine * across
    soft = (size / 2 * scale).view(-1, 1, 1)

    mask, shade = cover(looks, x, y, soft)
    paint = colors_of(looks, channels) * scene.brightness[:, None]
    behind = shaded_background(scene.background, size=size, channels=channels)
    return behind + (paint[:, :, None, None] * shade[:, None] - behind) * mask[:, None]


def _steps(size: int) -> Tensor:
    """The middles of pixels along a side, from -1 to 1."""
    return (torch.arange(size) + 0.5) * (2 / size) - 1


def cover(looks: Tensor, x: Tensor, y: Tensor, soft: Tensor) -> tuple[Tensor, Tensor]:
    """How much of each pixel a shape covers, and how bright it is there; from 0 to 1.

    Args:
        looks: numbers of form, colour, texture and size of each shape, of shape (N, 4).
        x: places in the plane of the shape, of shape (N, H, W). `y` likewise.
        soft: pixels in a unit of that plane, of shape (N, 1, 1).
    """
    inside = torch.empty_like(x)
    for number, form in enumerate(FORMS):
        these = looks[:, 0] == number
        if these.any():
            inside[these] = form(x[these], y[these])
    mask = (inside * soft + 0.5).clamp(0, 1)
    hollow = looks[:, 2] == HOLLOW
    if hollow.any():
        mask[hollow] *= 1 - ((inside[hollow] - 0.16) * soft[hollow] + 0.5).clamp(0, 1)
    shade = torch.ones_like(x)
    for number, pattern in enumerate(PATTERNS, start=1):
        these = looks[:, 2] == number
        if these.any():
            light = (pattern(x[these], y[these]) * soft[these] / 6 + 0.5).clamp(0, 1)
            shade[these] = 0.45 + 0.55 * light
    return mask, shade


def colors_of(looks: Tensor, channels: int) -> Tensor:
    """The colour of each shape, or the grey that stands for it, of shape (N, channels)."""
    if channels == 3:
        return torch.tensor(COLORS)[looks[:, 1]]
    return torch.linspace(DARKEST, BRIGHTEST, len(COLORS))[looks[:, 1], None]


def shaded_background(colors: Tensor, *, size: int, channels: int) -> Tensor:
    """Pictures that go from one colour at the left to another at the right.

    Args:
        colors: both, of shape (N, 2, 3).
        size: height and width in pixels.
        channels: 1 or 3.

    Returns:
        of shape (N, channels, size, size), all rows of which are one in memory.
    """
    right = ((_steps(size) + 1) / 2).view(1, 1, 1, size)
    left, end = colors[:, 0, :channels, None, None], colors[:, 1, :channels, None, None]
    return (left + (end - left) * right).expand(-1, -1, size, -1)


class DrawnShapes:
    """Pictures that are drawn when they are asked for; `Samples` for classification."""

    def __init__(
        self,
        labels: Tensor,
        looks: Tensor,
        scene: Scene,
        origins: Tensor,
        *,
        size: int,
        channels: int,
    ) -> None:
        """Keep what each picture of a split shows.

        Args:
            labels: class numbers, of shape (N,).
            looks: numbers of form, colour, texture and size, of shape (N, 4).
            scene: what chance decided about each.
            origins: the number of each sample in the whole dataset, of shape (N,).
            size: height and width in pixels.
            channels: 1 or 3.
        """
        self.labels = labels
        self._looks = looks
        self._scene = scene
        self._origins = origins
        self._size = size
        self._channels = channels

    def __len__(self) -> int:
        return len(self.labels)

    def batch(self, indices: Tensor, generator: torch.Generator | None = None) -> Batch:
        """Images of shape (B, C, H, W) and labels of shape (B,); see `Samples`."""
        images = draw(
            self._looks[indices],
            self._scene.of(indices),
            size=self._size,
            channels=self._channels,
        )
        return Batch({"image": images}, {"label": self.labels[indices]})

    def picture(self, index: int) -> numpy.ndarray:
        """The image in bytes, of shape (H, W) for one channel, else (H, W, 3)."""
        return picture_of(self.batch(torch.tensor([index])).inputs["image"][0])

    def origin(self, index: int) -> int:
        """The number of the sample in the whole dataset."""
        return int(self._origins[index])
