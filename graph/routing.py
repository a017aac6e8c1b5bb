"""The way of links past the nodes of an arranged block: straight on where nothing is there, else
through the lanes that were left free for them.

All places here are (across, along), and data flows along.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graph.geometry import (
    LEAST_DROP,
    STEPS,
    Cubic,
    Rectangle,
    at,
    corners_back,
    crosses,
    curve_back,
    pull_of,
)
from graph.state import Point

OFF = 9.0
"""How far beyond a layer a link may turn."""
TURN = 45.0
"""How far beyond its column a link between bands turns."""
NEAR_ACROSS, NEAR_ALONG = 6.0, 2.0
"""A link that comes nearer than this to a node is led around it."""


@dataclass(frozen=True, slots=True)
class Row:
    """A layer: from where to where it reaches along, and its nodes from left to right."""

    start: float
    end: float
    cards: tuple[Rectangle, ...] = ()


@dataclass(frozen=True, slots=True)
class End:
    """A port, the row in which its node is, and the rectangle of that node."""

    port: Point
    level: int
    card: Rectangle


Stretch = tuple[Point, Point]
"""Where a link goes straight along between the nodes of rows."""


class Router:
    """Finds the way of links between rows of nodes."""

    def __init__(self, rows: Sequence[Row], passing: tuple[float, float]) -> None:
        """`passing` is how links go back past nodes; see graph/geometry.py."""
        self._rows = rows
        self._passing = passing
        self._rights = [[card[2] for card in row.cards] for row in rows]
        self._lefts = [[card[0] for card in row.cards] for row in rows]

    def way(self, source: End, target: End, lanes: Sequence[float]) -> tuple[Point, ...]:
        """The points through which a link is led; none where nothing is in its way without them.

        Args:
            lanes: its place across in every row between the two.
        """
        if self._is_free(source, target):
            return ()
        own = (source.card, target.card)
        levels = range(source.level, target.level + 1)
        stretches = self._stretches(source, target, lanes)
        points: list[Point] = []
        here, number = source.port, -1
        while number < len(stretches) - 1:
            # As far on as nothing is between; the next one can always be reached.
            number = next(
                further
                for further in range(len(stretches) - 1, number, -1)
                if further == number + 1 or self._is_clear(here, stretches[further][0], levels, own)
            )
            points += stretches[number]
            here = stretches[number][1]
        ports = (source.port, target.port)
        return tuple(dict.fromkeys(point for point in points if point not in ports))

    def way_between(self, source: End, target: End, gaps: Sequence[float]) -> tuple[Point, ...]:
        """The same where the two lie in different bands, whatever their rows.

        Args:
            gaps: places across, beside the band of the source and beside that of the target, at
                which there are no nodes.
        """
        if self._is_free(source, target):
            return ()
        leave = self._rows[source.level].end + TURN
        entry = self._rows[target.level].start - TURN
        first, last = gaps
        return tuple(dict.fromkeys(((first, leave), (first, entry), (last, entry))))

    def _is_free(self, source: End, target: End) -> bool:
        """Whether nothing is in the way of a link without points, in whatever style."""
        first, last = sorted((source.level, target.level))
        own = (source.card, target.card)
        courses = _courses(source.port, target.port, self._passing)
        return not any(self._is_blocked(one, range(first, last + 1), own) for one in courses)

    def _stretches(self, source: End, target: End, lanes: Sequence[float]) -> list[Stretch]:
        """Out of the row of the source, through every lane, into the row of the target, and there;
        equal lanes that follow each other as one."""
        (first, _), (last, _) = source.port, target.port
        stretches = [(source.port, (first, self._rows[source.level].end + OFF))]
        for level, across in enumerate(lanes, start=source.level + 1):
            row = self._rows[level]
            entry, leave = (across, row.start - OFF), (across, row.end + OFF)
            if level > source.level + 1 and stretches[-1][1][0] == across:
                entry = stretches.pop()[0]
            stretches.append((entry, leave))
        before = (last, self._rows[target.level].start - OFF)
        return [*stretches, (before, target.port), (target.port, target.port)]

    def _near(
        self, left: float, right: float, levels: Sequence[int], own: tuple[Rectangle, ...]
    ) -> Iterator[Rectangle]:
        """The nodes in some rows that reach into a strip, without those at the ends."""
        for level in levels:
            first = bisect_right(self._rights[level], left)
            last = bisect_left(self._lefts[level], right)
            for card in self._rows[level].cards[first:last]:
                if card not in own:
                    yield card

    def _is_blocked(
        self, course: Sequence[Point], levels: Sequence[int], own: tuple[Rectangle, ...]
    ) -> bool:
        """Whether a link on this course runs through a node, or nearly."""
        across = [point[0] for point in course]
        near = self._near(min(across) - NEAR_ACROSS, max(across) + NEAR_ACROSS, levels, own)
        return any(
            crosses(
                course,
                (
                    left - NEAR_ACROSS,
                    start - NEAR_ALONG,
                    right + NEAR_ACROSS,
                    end + NEAR_ALONG,
                ),
            )
            for left, start, right, end in near
        )

    def _is_clear(
        self, here: Point, there: Point, levels: Sequence[int], own: tuple[Rectangle, ...]
    ) -> bool:
        """Whether there is no node in the rectangle between two points, in which every course
        from the one to the other lies."""
        (a, along), (b, end) = here, there
        near = self._near(min(a, b) - NEAR_ACROSS, max(a, b) + NEAR_ACROSS, levels, own)
        return not any(card[1] < end and card[3] > along for card in near)


def _courses(start: Point, end: Point, passing: tuple[float, float]) -> Iterator[Sequence[Point]]:
    """Points along a link between two ports in each style in which it may be drawn."""
    yield [start, end]
    pull = pull_of(end[0] - start[0], end[1] - start[1])
    if pull is None:
        pieces: tuple[Cubic, ...] = curve_back(start, end, passing)
    else:
        pieces = ((start, (start[0], start[1] + pull), (end[0], end[1] - pull), end),)
    yield [at(piece, step / STEPS) for piece in pieces for step in range(STEPS + 1)]
    if end[1] - start[1] >= LEAST_DROP:
        middle = (start[1] + end[1]) / 2
        yield [start, (start[0], middle), (end[0], middle), end]
    else:
        yield corners_back(start, end, passing)
