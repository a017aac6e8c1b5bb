"""Cells under a microscope, drawn from a seed: many nearly touch. Imports torch: for workers only.

A cell is where its own field is positive and above that of all others: the distance to its edge
as a share of its radius, which changes with the direction.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

BACKGROUND, CELL = 0, 1
_DARTS = 40
"""So often a place for each cell is looked for before it is left out."""


def draw_cells(
    generator: torch.Generator, *, size: int, cells: int, gap: int
) -> tuple[Tensor, Tensor]:
    """An image, uint8 of shape (1, size, size), and its cells, of the same shape without channel.

    Cells have numbers from 1, the background is 0.

    Args:
        generator: all chance is drawn from it.
        size: height and width in pixels.
        cells: how many are drawn; fewer where there is no room.
        gap: pixels of background between cells that would touch.
    """

    def between(low: float, high: float, *shape: int) -> Tensor:
        return low + (high - low) * torch.rand(*shape, generator=generator)

    distance = 0.85 * size / math.sqrt(cells)
    centres = _scattered(generator, cells, size, distance)
    count = len(centres)
    fields = _fields(centres, distance / 2 * between(1.0, 1.3, count), size, generator)
    strongest, owner = fields.max(dim=0)
    numbers = torch.where(strongest > 0, owner + 1, 0)
    if gap:
        # The cell with the smaller number gives way, so that the gap is exactly that wide.
        window = 2 * gap + 1
        around = functional.max_pool2d(numbers[None, None].float(), window, stride=1, padding=gap)
        touching = (numbers > 0) & (around[0, 0] > numbers)
        numbers = torch.where(touching, 0, numbers)
    else:
        touching = torch.zeros_like(numbers, dtype=torch.bool)

    steps = torch.linspace(0, 1, size)
    slope = between(-0.08, 0.08, 2)
    behind = between(0.12, 0.28, 1) + slope[0] * steps[:, None] + slope[1] * steps[None, :]
    brightness = between(0.45, 0.8, count)[owner]
    dome = 0.8 + 0.35 * strongest.clamp(0, 1)
    # Soft over about a pixel, and fainter where two cells meet.
    inside = (strongest * distance / 2 + 0.5).clamp(0, 1)
    light = behind + (brightness * dome - behind) * inside * torch.where(touching, 0.45, 1.0)
    light = functional.avg_pool2d(
        light[None, None], 3, stride=1, padding=1, count_include_pad=False
    )
    light = light[0, 0] + 0.04 * torch.randn(size, size, generator=generator)
    return (light.clamp(0, 1) * 255).round().to(torch.uint8)[None], numbers


def _scattered(generator: torch.Generator, cells: int, size: int, distance: float) -> Tensor:
    """Middles of shape (N, 2), no two of them closer than `distance`."""
    darts = (torch.rand(cells * _DARTS, 2, generator=generator) * size).tolist()
    kept: list[list[float]] = []
    for dart in darts:
        if all(math.dist(dart, other) >= distance for other in kept):
            kept.append(dart)
            if len(kept) == cells:
                break
    return torch.tensor(kept)


def _fields(centres: Tensor, radius: Tensor, size: int, generator: torch.Generator) -> Tensor:
    """How deep in each cell a pixel lies, 1 in its middle, of shape (N, size, size)."""
    places = torch.arange(size) + 0.5
    down = places.view(1, size, 1) - centres[:, 0].view(-1, 1, 1)
    across = places.view(1, 1, size) - centres[:, 1].view(-1, 1, 1)
    angle = torch.atan2(down, across)
    edge = torch.ones_like(angle)
    for waves, height in ((2, 0.12), (3, 0.08)):
        share, turn = torch.rand(2, len(centres), 1, 1, generator=generator)
        edge += height * share * torch.cos(waves * angle + 2 * math.pi * turn)
    return 1 - torch.hypot(down, across) / (radius.view(-1, 1, 1) * edge)
