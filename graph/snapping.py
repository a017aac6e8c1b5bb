"""Where a node in hand snaps to: the grid, or the edges and centres of others."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from graph.geometry import Rectangle

SAME = 0.01
"""Lines nearer to each other than this are one."""


@dataclass(frozen=True, slots=True)
class Guide:
    """A thin line that shows what is in line: across at `at` from `start` to `end` where `axis` is
    1, else down."""

    axis: int
    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Snapped:
    """The centre at which a node comes to lie, and the lines that say why."""

    center: tuple[float, float]
    guides: tuple[Guide, ...] = ()


def lines_of(rectangle: Rectangle, axis: int) -> tuple[float, float, float]:
    """Centre, lower edge and upper edge along an axis (0 across, 1 down)."""
    low, high = rectangle[axis], rectangle[axis + 2]
    return (low + high) / 2, low, high


class Neighbours:
    """The nodes that one in hand may line up with; made once, asked at every move."""

    def __init__(self, rectangles: Iterable[Rectangle]) -> None:
        self._by_line: list[list[dict[float, list[Rectangle]]]] = [
            [{}, {}, {}],
            [{}, {}, {}],
        ]
        for rectangle in rectangles:
            for axis in (0, 1):
                for kind, line in enumerate(lines_of(rectangle, axis)):
                    self._by_line[axis][kind].setdefault(line, []).append(rectangle)
        self._lines = [[sorted(found) for found in kinds] for kinds in self._by_line]

    def snap(
        self,
        center: tuple[float, float],
        size: tuple[float, float],
        *,
        reach: float,
        grid: float,
        straight: Iterable[float] = (),
        axis: int = 0,
    ) -> Snapped:
        """Where a node of that size comes to lie.

        Args:
            center: where the hand has it.
            reach: how near it must come to a line.
            grid: the step of the grid, which holds along an axis without such a line.
            straight: places along `axis` at which one of its links would be straight; they go
                before.
        """
        x, y = (self._along(i, center[i], size[i], reach, grid) for i in (0, 1))
        wishes = [at for at in straight if abs(at - center[axis]) <= reach]
        if wishes:
            nearest = min(wishes, key=lambda at: abs(at - center[axis]))
            x, y = (nearest, y) if axis == 0 else (x, nearest)
        return Snapped((x, y), self._guides((x, y), size))

    def _along(self, axis: int, center: float, size: float, reach: float, grid: float) -> float:
        best: float | None = None
        least = reach
        # Centres go before edges at the same distance.
        for kind, offset in enumerate((0.0, -size / 2, size / 2)):
            lines, wished = self._lines[axis][kind], center + offset
            number = bisect_left(lines, wished)
            for line in lines[max(number - 1, 0) : number + 1]:
                away = abs(line - wished)
                if away < least or (away == least and best is None):
                    best, least = line - offset, away
        return round(center / grid) * grid if best is None else best

    def _guides(self, center: tuple[float, float], size: tuple[float, float]) -> tuple[Guide, ...]:
        x, y = center
        half = size[0] / 2, size[1] / 2
        own = (x - half[0], y - half[1], x + half[0], y + half[1])
        guides = []
        for axis in (0, 1):
            for kind, line in enumerate(lines_of(own, axis)):
                found = self._at(axis, kind, line)
                if not found:
                    continue
                across = 1 - axis
                low = min(own[across], *(one[across] for one in found))
                high = max(own[across + 2], *(one[across + 2] for one in found))
                guides.append(Guide(axis, line, low, high))
                if kind == 0:
                    # Nodes of one width have three lines in common; their centres say enough.
                    break
        return tuple(guides)

    def _at(self, axis: int, kind: int, line: float) -> list[Rectangle]:
        lines = self._lines[axis][kind]
        number = bisect_left(lines, line - SAME)
        found: list[Rectangle] = []
        while number < len(lines) and lines[number] <= line + SAME:
            found += self._by_line[axis][kind][lines[number]]
            number += 1
        return found
