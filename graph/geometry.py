"""The course of links as numbers: how far one goes straight on, whether it runs through a node.

How it is drawn in full: gui/canvas/curves.py.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence

from graph.direction import LEFT_RIGHT, TOP_DOWN, Direction
from graph.state import Point

Rectangle = tuple[float, float, float, float]
"""Left, top, right, bottom."""

Cubic = tuple[Point, Point, Point, Point]

OUT = 18.0
"""How far a link at right angles goes on from a port before it turns."""
PASSING: Mapping[Direction, tuple[float, float]] = {
    TOP_DOWN: (280.0, 145.0),
    LEFT_RIGHT: (110.0, 60.0),
}
"""How far ends must be apart, across the flow, for a link to go back between two nodes, and how far
from an end it goes back otherwise: nodes are passed beside their long edges or their short ones."""
TURNED = 60.0
"""How far back from its ends such a link is straight, so that it does not lie under its nodes."""
LEAST_DROP = 24.0
"""A target that is at least as far behind its source is reached by a single curve."""
STEPS = 12
"""Pieces of a curve when distances to it are measured."""


def rounded(at: Point) -> Point:
    """A place to a thousandth: what is less cannot be seen, and would come out otherwise each time
    that a sum is made in another order."""
    return round(at[0], 3), round(at[1], 3)


def rectangle_at(middle: Point, size: tuple[float, float]) -> Rectangle:
    """What has this width and height and is centred there."""
    (x, y), (width, height) = middle, size
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def united(rectangles: Iterable[Rectangle]) -> Rectangle:
    """The smallest rectangle around some others, of which there is at least one."""
    lefts, tops, rights, bottoms = zip(*rectangles, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def pull_of(across: float, along: float) -> float | None:
    """How far the curve of a link goes straight on from its source, and straight towards its
    target; None where the target is not far enough behind the source for a single curve.

    Args:
        across, along: from source to target; data flows along.
    """
    if along >= LEAST_DROP or (along > 0 and along >= abs(across) * 0.2):
        return max(along * 0.5, min(abs(across) * 0.35, 36.0))
    return None


def curve_back(start: Point, end: Point, passing: tuple[float, float]) -> tuple[Cubic, ...]:
    """The curve of a link whose target is not behind its source: on from it, back between or beside
    the nodes, and on to the target. Places are (across, along)."""
    (x1, y1), (x2, y2) = start, end
    pull = 36.0 + min(abs(y2 - y1) * 0.08, 24.0)
    side = _side(x1, x2, passing)
    turned = side, max((y1 + y2) / 2, y1 - TURNED)
    turning = side, min((y1 + y2) / 2, y2 + TURNED)
    leave = start, (x1, y1 + pull), (side, y1 + pull), turned
    enter = turning, (side, y2 - pull), (x2, y2 - pull), end
    if turning == turned:
        return leave, enter
    third = (turned[1] - turning[1]) / 3
    return leave, (turned, (side, turned[1] - third), (side, turning[1] + third), turning), enter


def corners_back(start: Point, end: Point, passing: tuple[float, float]) -> tuple[Point, ...]:
    """The same at right angles."""
    (x1, y1), (x2, y2) = start, end
    side = _side(x1, x2, passing)
    on, before = y1 + OUT, y2 - OUT
    return start, (x1, on), (side, on), (side, before), (x2, before), end


def _side(x1: float, x2: float, passing: tuple[float, float]) -> float:
    """Where a link goes back: between its nodes, or beside them where there is no room."""
    between, beside = passing
    return (x1 + x2) / 2 if abs(x2 - x1) > between else max(x1, x2) + beside


def crosses(points: Sequence[Point], rectangle: Rectangle) -> bool:
    """Whether a link, given by points along it, runs through a rectangle; each piece is clipped as
    by Liang and Barsky (1984)."""
    left, top, right, bottom = rectangle
    for (ax, ay), (bx, by) in itertools.pairwise(points):
        if max(ax, bx) < left or min(ax, bx) > right or max(ay, by) < top or min(ay, by) > bottom:
            continue
        first, last = 0.0, 1.0
        for step, room in (
            (ax - bx, ax - left),
            (bx - ax, right - ax),
            (ay - by, ay - top),
            (by - ay, bottom - ay),
        ):
            if step < 0:
                first = max(first, room / step)
            elif step > 0:
                last = min(last, room / step)
            elif room < 0:
                last = -1.0
        if first <= last:
            return True
    return False


def at(piece: Cubic, t: float) -> Point:
    """The point of a cubic at `t` from 0 to 1 (Bernstein form)."""
    u = 1.0 - t
    weights = (u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t)
    x = sum(weight * point[0] for weight, point in zip(weights, piece, strict=True))
    y = sum(weight * point[1] for weight, point in zip(weights, piece, strict=True))
    return x, y


def distance(points: Sequence[Point], x: float, y: float) -> float:
    """The distance of a point from a link, given by points along it."""
    best = float("inf")
    for (ax, ay), (bx, by) in itertools.pairwise(points):
        dx, dy = bx - ax, by - ay
        square = dx * dx + dy * dy
        part = 0.0 if square == 0 else ((x - ax) * dx + (y - ay) * dy) / square
        part = min(max(part, 0.0), 1.0)
        ox, oy = ax + part * dx - x, ay + part * dy - y
        best = min(best, ox * ox + oy * oy)
    return float(best**0.5)
