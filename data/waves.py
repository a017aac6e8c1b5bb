"""Waves drawn many at a time, and series that fit into memory. Imports torch: for workers only.

A form says how high a wave is at a place of its period, from 0 to 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy
import torch
from torch import Tensor

from data.dataset import Batch


def _sine(place: Tensor) -> Tensor:
    return (2 * math.pi * place).sin()


def _square(place: Tensor) -> Tensor:
    return torch.where(place < 0.5, 1.0, -1.0)


def _triangle(place: Tensor) -> Tensor:
    return 4 * (place - 0.5).abs() - 1


def _rising_saw(place: Tensor) -> Tensor:
    return 2 * place - 1


def _falling_saw(place: Tensor) -> Tensor:
    return 1 - 2 * place


def _pulses(place: Tensor) -> Tensor:
    return torch.where(place < 0.15, 1.0, -0.2)


FORMS: tuple[Callable[[Tensor], Tensor], ...] = (
    _sine,
    _square,
    _triangle,
    _rising_saw,
    _falling_saw,
    _pulses,
    # The last two are sines whose pitch changes.
    _sine,
    _sine,
)
RISING, FALLING = 6, 7
PITCH_CHANGE = 3.0
"""By how much a pitch that changes is higher at one end than at the other."""


def draw_waves(kinds: Tensor, length: int, noise: float, generator: torch.Generator) -> Tensor:
    """Noisy waves of 2 to 5 periods, with a height from 0.5 to 1.5, beginning anywhere.

    Args:
        kinds: the number of the form of each, of shape (N,).
        length: how many steps.
        noise: standard deviation of the noise.
        generator: all chance is drawn from it.

    Returns:
        Of shape (N, length, 1).
    """
    count = len(kinds)
    pitch, height, start = torch.rand(3, count, 1, generator=generator)
    pitch = 2 + 3 * pitch
    time = torch.arange(length) / length
    # With a pitch that rises evenly from p to PITCH_CHANGE·p so many periods have gone by.
    risen = time + (PITCH_CHANGE - 1) / 2 * time**2
    fallen = PITCH_CHANGE * time - (PITCH_CHANGE - 1) / 2 * time**2
    gone = time.repeat(count, 1)
    gone[kinds == RISING] = risen / 2
    gone[kinds == FALLING] = fallen / 2
    place = (pitch * gone + start) % 1
    waves = torch.empty(count, length)
    for number, form in enumerate(FORMS):
        waves[kinds == number] = form(place[kinds == number])
    waves *= 0.5 + height
    waves += noise * torch.randn(count, length, generator=generator)
    return waves.unsqueeze(2)


PICTURE_HEIGHT = 64


class SeriesSamples:
    """Series of one length with one class each; `Samples` for classification."""

    def __init__(self, series: Tensor, labels: Tensor, origins: Tensor) -> None:
        """Keep the samples of a split.

        Args:
            series: float, of shape (N, steps, features).
            labels: class numbers, of shape (N,).
            origins: the number of each sample in the whole dataset, of shape (N,).
        """
        self.series = series
        self.labels = labels
        self._origins = origins

    def __len__(self) -> int:
        return len(self.labels)

    def batch(self, indices: Tensor, generator: torch.Generator | None = None) -> Batch:
        """Series of shape (B, steps, features) and labels of shape (B,); see `Samples`."""
        return Batch({"series": self.series[indices]}, {"label": self.labels[indices]})

    def picture(self, index: int) -> numpy.ndarray:
        """The first feature as a curve, of shape (64, steps): its lowest value at the bottom."""
        values = self.series[index, :, 0].numpy()
        low, high = values.min(), values.max()
        heights = (values - low) / max(high - low, 1e-9) * (PICTURE_HEIGHT - 1)
        rows = PICTURE_HEIGHT - 1 - heights.round().astype(int)
        picture = numpy.zeros((PICTURE_HEIGHT, len(rows)), dtype=numpy.uint8)
        before = rows[0]
        for step, row in enumerate(rows):
            picture[min(before, row) : max(before, row) + 1, step] = 255
            before = row
        return picture

    def origin(self, index: int) -> int:
        """The number of the sample in the whole dataset."""
        return int(self._origins[index])
