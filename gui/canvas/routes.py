"""The course of a link through its reroute points: a leg from each point to the next.

Without any it is that of gui/canvas/curves.py.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF

from graph.direction import TOP_DOWN, Direction
from graph.geometry import LEAST_DROP, OUT
from gui.canvas.curves import Cubic, LinkStyle, cubics

PULL = 0.38
"""Of the distance of two points: how far a curve goes straight on from each of them."""
SHORTEST_PULL, LONGEST_PULL = 12.0, 60.0
"""At least, and at most: on a long way it would lead far off the line from point to point."""
DOWN = QPointF(0.0, 1.0)

Legs = tuple[tuple[Cubic, ...], ...]


def legs_of(
    points: Sequence[QPointF], style: LinkStyle = "curved", direction: Direction = TOP_DOWN
) -> Legs:
    """The curves between a port, the reroute points and the other port, which is left and reached
    in the direction in which data flows. Without reroute points, and straight, the only leg has no
    curves."""
    if len(points) == 2:
        return (cubics(points[0], points[1], style, direction),)
    if direction == TOP_DOWN:
        return _downwards(points, style)
    turned = _downwards([point.transposed() for point in points], style)
    return tuple(tuple(_transposed(piece) for piece in leg) for leg in turned)


def _transposed(piece: Cubic) -> Cubic:
    one, two, three, four = piece
    return one.transposed(), two.transposed(), three.transposed(), four.transposed()


def _downwards(points: Sequence[QPointF], style: LinkStyle) -> Legs:
    """The same for data that flows down."""
    if style == "straight":
        return tuple((_straight(a, b),) for a, b in itertools.pairwise(points))
    return _at_right_angles(points) if style == "orthogonal" else _smooth(points)


def _straight(start: QPointF, end: QPointF) -> Cubic:
    return start, start + (end - start) / 3, end - (end - start) / 3, end


def _smooth(points: Sequence[QPointF]) -> Legs:
    """Through every point in the direction from the one before to the one behind, as the splines
    of Catmull and Rom (1974) do; a leg that leads straight down stays straight."""
    ways = [
        DOWN,
        *itertools.starmap(_heading, zip(points, points[1:], points[2:], strict=False)),
        DOWN,
    ]
    legs: list[tuple[Cubic, ...]] = []
    for (start, end), (leaving, arriving) in zip(
        itertools.pairwise(points), itertools.pairwise(ways), strict=True
    ):
        if leaving == arriving == DOWN and end.y() - start.y() >= LEAST_DROP:
            # As between two ports.
            legs.append(cubics(start, end) or (_straight(start, end),))
            continue
        away = end - start
        length = math.hypot(away.x(), away.y())
        pull = min(max(length * PULL, SHORTEST_PULL), LONGEST_PULL)
        legs.append(((start, start + leaving * pull, end - arriving * pull, end),))
    return tuple(legs)


def _heading(before: QPointF, at: QPointF, behind: QPointF) -> QPointF:
    """In which direction a curve goes through a point between two others."""
    if any(a.x() == b.x() and a.y() < b.y() for a, b in ((before, at), (at, behind))):
        return DOWN
    away = behind - before
    length = math.hypot(away.x(), away.y())
    return away / length if length else DOWN


def _at_right_angles(points: Sequence[QPointF]) -> Legs:
    """Across and down only, going on through a point where that leads to the next one."""
    heading = (0, 1)
    legs = []
    last = len(points) - 2
    for number, (start, end) in enumerate(itertools.pairwise(points)):
        if number == last:
            corners = _into_port(start, end, heading)
        elif number == 0:
            corners = _out_of_port(start, end, points[2])
        else:
            corners = _corner(start, end, heading)
        pieces = [(a, b) for a, b in itertools.pairwise((start, *corners, end)) if a != b]
        if pieces:
            (from_, to) = pieces[-1]
            heading = (_sign(to.x() - from_.x()), _sign(to.y() - from_.y()))
        legs.append(tuple(_straight(a, b) for a, b in pieces))
    return tuple(legs)


def _out_of_port(start: QPointF, end: QPointF, after: QPointF) -> list[QPointF]:
    """Where the first leg turns: just below the port, or at the level of its end, where the next
    leg would otherwise go back over it."""
    below = start.y() + OUT
    if end.y() >= below and after.y() < end.y():
        return [QPointF(start.x(), end.y())]
    return [QPointF(start.x(), below), QPointF(end.x(), below)]


def _corner(start: QPointF, end: QPointF, heading: tuple[int, int]) -> list[QPointF]:
    """Where a leg between two reroute points turns: once, going straight on first."""
    across, down = end.x() - start.x(), end.y() - start.y()
    on = across * heading[0] + down * heading[1] > 0
    across_first = bool(heading[0]) == on
    return [QPointF(end.x(), start.y()) if across_first else QPointF(start.x(), end.y())]


def _into_port(start: QPointF, end: QPointF, heading: tuple[int, int]) -> list[QPointF]:
    """Where the last leg turns, so that it arrives from above: just above the port, or at once
    where that goes on, and not back over the way that it came."""
    across, down = end.x() - start.x(), end.y() - start.y()
    if down >= OUT and (across * heading[0] > 0 or heading[1] < 0):
        return [QPointF(end.x(), start.y())]
    above = end.y() - OUT
    return [QPointF(start.x(), above), QPointF(end.x(), above)]


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)
