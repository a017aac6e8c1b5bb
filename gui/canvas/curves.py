"""The course of a link between two ports in the style that a person chose: gently curved, straight,
or at right angles; where its target stands higher, around its own nodes."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from typing import Literal, get_args

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath

from graph.direction import TOP_DOWN, Direction
from graph.geometry import (
    LEAST_DROP,
    PASSING,
    STEPS,
    at,
    corners_back,
    curve_back,
    pull_of,
)
from graph.state import Point

ALIGNED = 0.75
"""Ends that are less apart than this are joined by a straight line."""

LinkStyle = Literal["curved", "straight", "orthogonal"]
LINK_STYLES: tuple[LinkStyle, ...] = get_args(LinkStyle)

Cubic = tuple[QPointF, QPointF, QPointF, QPointF]


def cubics(
    start: QPointF, end: QPointF, style: LinkStyle = "curved", direction: Direction = TOP_DOWN
) -> tuple[Cubic, ...]:
    """The curves of a link that leaves and arrives in the direction in which data flows; none for
    a straight."""
    if direction == TOP_DOWN:
        return _downwards(start, end, style, PASSING[direction])
    turned = _downwards(start.transposed(), end.transposed(), style, PASSING[direction])
    return tuple((a.transposed(), b.transposed(), c.transposed(), d.transposed())
                 for a, b, c, d in turned)  # fmt: skip


def _downwards(
    start: QPointF, end: QPointF, style: LinkStyle, passing: tuple[float, float]
) -> tuple[Cubic, ...]:
    """The curves of a link that leaves downwards and arrives from above."""
    if style == "straight":
        return ()
    if style == "orthogonal":
        return _right_angles(start, end, passing)
    x1, y1, x2, y2 = start.x(), start.y(), end.x(), end.y()
    across, down = x2 - x1, y2 - y1
    if down > 0 and abs(across) < ALIGNED:
        return ()
    pull = pull_of(across, down)
    if pull is not None:
        return ((start, QPointF(x1, y1 + pull), QPointF(x2, y2 - pull), end),)
    # The target stands higher: out below, up between or beside the nodes, in from above.
    return tuple(map(_cubic, curve_back((x1, y1), (x2, y2), passing)))


def _cubic(corners: Iterable[Point]) -> Cubic:
    one, two, three, four = (QPointF(x, y) for x, y in corners)
    return one, two, three, four


def _right_angles(start: QPointF, end: QPointF, passing: tuple[float, float]) -> tuple[Cubic, ...]:
    """The same at right angles: across half way down, or around where the target stands higher."""
    x1, y1, x2, y2 = start.x(), start.y(), end.x(), end.y()
    if y2 > y1 and abs(x2 - x1) < ALIGNED:
        return ()
    if y2 - y1 >= LEAST_DROP:
        middle = (y1 + y2) / 2
        corners = [start, QPointF(x1, middle), QPointF(x2, middle), end]
    else:
        back = corners_back((x1, y1), (x2, y2), passing)
        corners = [QPointF(x, y) for x, y in back]
    return tuple(
        (a, a + (b - a) / 3, b - (b - a) / 3, b) for a, b in itertools.pairwise(corners) if a != b
    )


def path_of(start: QPointF, pieces: tuple[Cubic, ...], end: QPointF) -> QPainterPath:
    """The same as a path."""
    path = QPainterPath(start)
    for _, first, second, last in pieces:
        path.cubicTo(first, second, last)
    if not pieces:
        path.lineTo(end)
    return path


def points_of(start: QPointF, pieces: tuple[Cubic, ...], end: QPointF) -> list[tuple[float, float]]:
    """Points along the link, close enough to measure distances."""
    if not pieces:
        return [(start.x(), start.y()), (end.x(), end.y())]
    points = [(start.x(), start.y())]
    for piece in pieces:
        corners = _corners(piece)
        points += [at(corners, step / STEPS) for step in range(1, STEPS + 1)]
    return points


def label_place(
    start: QPointF,
    pieces: tuple[Cubic, ...],
    end: QPointF,
    part: float,
    direction: Direction = TOP_DOWN,
) -> tuple[float, float, float]:
    """Where the size may stand: a point at some part of the link, and how far it is slanted there
    against the direction in which data flows (-1 to 1), so that a text can keep off it."""
    if not pieces:
        middle = start + (end - start) * part
        return middle.x(), middle.y(), _slant(end.x() - start.x(), end.y() - start.y(), direction)
    number = min(int(part * len(pieces)), len(pieces) - 1)
    piece, t = _corners(pieces[number]), part * len(pieces) - number
    x, y = at(piece, t)
    before, after = at(piece, max(t - 0.05, 0.0)), at(piece, min(t + 0.05, 1.0))
    return x, y, _slant(after[0] - before[0], after[1] - before[1], direction)


def _corners(piece: Cubic) -> tuple[Point, Point, Point, Point]:
    one, two, three, four = piece
    return (one.x(), one.y()), (two.x(), two.y()), (three.x(), three.y()), (four.x(), four.y())


def _slant(across: float, down: float, direction: Direction) -> float:
    length = max(math.hypot(across, down), 1e-6)
    slant, forward = (across, down) if direction == TOP_DOWN else (down, across)
    return slant / length if forward >= 0 else -slant / length
