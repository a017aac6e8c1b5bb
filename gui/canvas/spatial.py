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

K = TypeVar("K", bound=Hashable)


class SpatialIndex(Generic[K]):
    """Keys in a grid of square cells."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], set[K]] = {}
        self._large: set[K] = set()
        self._rectangles: dict[K, Rectangle] = {}
        self._covered: dict[K, tuple[int, int, int, int]] = {}
        self._bounds: Rectangle | None = None
        """Around everything; None where it has to be looked for."""
        self._edges: tuple[Counter[float], ...] | None = None
        """How many have their left, top, right and lower edge there; counted when it is asked for
        first, so that opening a large network need not."""

    def place(self, key: K, rectangle: Rectangle) -> None:
        """Enter or move something."""
        left, top, right, bottom = rectangle
        cells = (
            math.floor(left / CELL),
            math.floor(top / CELL),
            math.floor(right / CELL),
            math.floor(bottom / CELL),
        )
        before = self._rectangles.get(key)
        if before == rectangle:
            return
        self._forget_edges(before)
        self._rectangles[key] = rectangle
        if self._edges is not None:
            for edges, at in zip(self._edges, rectangle, strict=True):
                edges[at] += 1
        if self._bounds is not None:
            x1, y1, x2, y2 = self._bounds
            self._bounds = min(x1, left), min(y1, top), max(x2, right), max(y2, bottom)
        if self._covered.get(key) == cells:
            return
        self._leave(key)
        self._covered[key] = cells
        if self._is_large(cells):
            self._large.add(key)
            return
        for cell in _cells(cells):
            self._cells.setdefault(cell, set()).add(key)

    def rectangle(self, key: K) -> Rectangle:
        """Where something is."""
        return self._rectangles[key]

    def remove(self, key: K) -> None:
        """Take something out."""
        if key in self._rectangles:
            self._leave(key)
            self._forget_edges(self._rectangles.pop(key))
            del self._covered[key]

    def clear(self) -> None:
        """Take everything out."""
        self._cells.clear()
        self._large.clear()
        self._rectangles.clear()
        self._covered.clear()
        self._bounds = None
        self._edges = None

    def touching(self, rectangle: Rectangle) -> list[K]:
        """What overlaps a rectangle."""
        left, top, right, bottom = rectangle
        cells = (
            math.floor(left / CELL),
            math.floor(top / CELL),
            math.floor(right / CELL),
            math.floor(bottom / CELL),
        )
        candidates: set[K] = set(self._large)
        if self._is_large(cells):
            candidates.update(self._rectangles)
        else:
            for cell in _cells(cells):
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

    def _leave(self, key: K) -> None:
        cells = self._covered.get(key)
        if cells is None:
            return
        if self._is_large(cells):
            self._large.discard(key)
            return
        for cell in _cells(cells):
            members = self._cells.get(cell)
            if members is not None:
                members.discard(key)
                if not members:
                    del self._cells[cell]

    @staticmethod
    def _is_large(cells: tuple[int, int, int, int]) -> bool:
        left, top, right, bottom = cells
        return (right - left + 1) * (bottom - top + 1) > MOST_CELLS


def _cells(cells: tuple[int, int, int, int]) -> Iterable[tuple[int, int]]:
    left, top, right, bottom = cells
    for x in range(left, right + 1):
        for y in range(top, bottom + 1):
            yield x, y
