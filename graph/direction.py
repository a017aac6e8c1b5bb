"""Which way data flows in the drawing of a block, and how its nodes are arranged for that.

What computes places is written once, for top to bottom: `across` is then x and `along` is y. With
`turned` the same serves the other direction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Direction = Literal["top-down", "left-right"]
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
TOP_DOWN: Direction = "top-down"
LEFT_RIGHT: Direction = "left-right"

Arrangement = Literal["top-down", "left-right", "by-resolution"]
"""How arranging puts the nodes of a block: in layers of one direction, or from left to right in
rows of equal resolution."""
ARRANGEMENTS: tuple[Arrangement, ...] = get_args(Arrangement)
BY_RESOLUTION: Arrangement = "by-resolution"


def direction_of(arrangement: Arrangement) -> Direction:
    """In which direction data flows there."""
    return TOP_DOWN if arrangement == TOP_DOWN else LEFT_RIGHT


@dataclass(frozen=True, slots=True)
class Spacing:
    """Distances in canvas units: between the centres of nodes as most are drawn, and the gaps that
    are left between larger ones."""

    across: float
    along: float
    gap_across: float
    gap_along: float

    @property
    def clear_across(self) -> float:
        """Nodes nearer to each other than this and `clear_along` would lie on each other."""
        return self.across - 8.0

    @property
    def clear_along(self) -> float:
        """See `clear_across`."""
        return self.along - 16.0


SPACINGS: Mapping[Direction, Spacing] = {
    TOP_DOWN: Spacing(across=260.0, along=90.0, gap_across=12.0, gap_along=42.0),
    # Sizes of tensors are written between the layers.
    LEFT_RIGHT: Spacing(across=90.0, along=340.0, gap_across=42.0, gap_along=90.0),
}


def turned(direction: Direction, pair: tuple[float, float]) -> tuple[float, float]:
    """A place or size on the canvas as (across, along), and the other way round."""
    return pair if direction == TOP_DOWN else (pair[1], pair[0])
