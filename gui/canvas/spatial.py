"""Finds what lies near a point among thousands of rectangles, without Qt's scene index: nodes and
links are asked for separately, and whether or not they are painted one by one."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

from graph.geometry import Rectangle

CELL = 256.0
MOST_CELLS = 96
"""Something that covers more cells than this is looked at every time."""

Area = tuple[int, int, int, int]
"""The first column and row of cells that something covers, and the last ones."""

K = TypeVar("K", bound=Hashable)


class SpatialIndex(Generic[K]):
    """Keys in a grid of square cells."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], set[K]] = {}
        self._large: set[K] = set()
        self._rectangles: dict[K, Rectangle] = {}
        self._bounds: Rectangle | None = None
        """Around everything; None where it has to be looked for."""
        self._edges: tuple[Counter[float], ...] | None = None
        """How many have their left, top, right and lower edge there; counted when it is asked for
        first, so that opening a large network need not."""

    def place(self, key: K, rectangle: Rectangle) -> None:
        """Enter or move something."""
        before = self._rectangles.get(key)
        if before == rectangle:
            return
        self._forget_edges(before)
        self._rectangles[key] = rectangle
        if self._edges is not None:
            for edges, at in zip(self._edges, rectangle, strict=True):
                edges[at] += 1
        if self._bounds is not None:
            left, top, right, bottom = rectangle
            x1, y1, x2, y2 = self._bounds
            self._bounds = min(x1, left), min(y1, top), max(x2, right), max(y2, bottom)
        area = _area_of(rectangle)
        if before is not None:
            covered = _area_of(before)
            if covered == area:
                return
            self._leave(key, covered)
        if _is_large(area):
            self._large.add(key)
            return
        for cell in _cells(area):
            if cell in self._cells:
                self._cells[cell].add(key)
            else:
                self._cells[cell] = {key}

    def rectangle(self, key: K) -> Rectangle:
        """Where something is."""
        return self._rectangles[key]

    def remove(self, key: K) -> None:
        """Take something out."""
        before = self._rectangles.pop(key, None)
        if before is not None:
            self._leave(key, _area_of(before))
            self._forget_edges(before)

    def clear(self) -> None:
        """Take everything out."""
        self._cells.clear()
        self._large.clear()
        self._rectangles.clear()
        self._bounds = None
        self._edges = None

    def touching(self, rectangle: Rectangle) -> list[K]:
        """What overlaps a rectangle."""
        left, top, right, bottom = rectangle
        area = _area_of(rectangle)
        candidates: set[K] = set(self._large)
        if _is_large(area):
            candidates.update(self._rectangles)
        else:
            for cell in _cells(area):
                candidates |= self._cells.get(cell, set())
        found = []
        for key in candidates:
            x1, y1, x2, y2 = self._rectangles[key]
            if x1 <= right and x2 >= left and y1 <= bottom and y2 >= top:
                found.append(key)
        return found

    def bounds(self) -> Rectangle | None:
        """The rectangle around everything; None where there is nothing."""
        if not self._rectangles:
            return None
        if self._bounds is None:
            if self._edges is None:
                self._edges = tuple(map(Counter, zip(*self._rectangles.values(), strict=True)))
            lefts, tops, rights, bottoms = self._edges
            self._bounds = min(lefts), min(tops), max(rights), max(bottoms)
        return self._bounds

    def _forget_edges(self, gone: Rectangle | None) -> None:
        """Something is not there any more; it matters where it alone lay at the very edge."""
        if gone is None or self._edges is None:
            return
        for number, (edges, at) in enumerate(zip(self._edges, gone, strict=True)):
            edges[at] -= 1
            if not edges[at]:
                del edges[at]
                if self._bounds is not None and self._bounds[number] == at:
                    self._bounds = None

    def _leave(self, key: K, area: Area) -> None:
        if _is_large(area):
            self._large.discard(key)
            return
        for cell in _cells(area):
            members = self._cells[cell]
            members.discard(key)
            if not members:
                del self._cells[cell]


def _area_of(rectangle: Rectangle) -> Area:
    left, top, right, bottom = rectangle
    floor = math.floor
    return floor(left / CELL), floor(top / CELL), floor(right / CELL), floor(bottom / CELL)


def _is_large(area: Area) -> bool:
    left, top, right, bottom = area
    return (right - left + 1) * (bottom - top + 1) > MOST_CELLS


def _cells(area: Area) -> Iterable[tuple[int, int]]:
    left, top, right, bottom = area
    for x in range(left, right + 1):
        for y in range(top, bottom + 1):
            yield x, y
