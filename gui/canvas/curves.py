"""The course of a link between two ports in the style that a person chose: gently curved, straight,
or at right angles; where its target stands higher, around its own nodes."""

from __future__ import annotations

import itertools
import math
from typing import Literal, get_args

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath

from graph.direction import TOP_DOWN, Direction

ALIGNED = 0.75
"""Ends that are less apart than this are joined by a straight line."""
OUT = 18.0
"""How far a link at right angles goes on from a port before it turns."""
ACROSS_NODES, DOWN_NODES = (280.0, 145.0), (110.0, 60.0)
"""How far ends must be apart for a link to go back between two nodes, and how far from an end it
goes back otherwise: where nodes are passed beside their long edges, and their short ones."""
STEPS = 12
"""Pieces of a curve when distances to it are measured."""

LinkStyle = Literal["curved", "straight", "orthogonal"]
LINK_STYLES: tuple[LinkStyle, ...] = get_args(LinkStyle)

Cubic = tuple[QPointF, QPointF, QPointF, QPointF]


def cubics(
    start: QPointF, end: QPointF, style: LinkStyle = "curved", direction: Direction = TOP_DOWN
) -> tuple[Cubic, ...]:
    """The curves of a link that leaves and arrives in the direction in which data flows; none for
    a straight."""
    if direction == TOP_DOWN:
        return _downwards(start, end, style, ACROSS_NODES)
    turned = _downwards(start.transposed(), end.transposed(), style, DOWN_NODES)
    return tuple((a.transposed(), b.transposed(), c.transposed(), d.transposed())
                 for a, b, c, d in turned)  # fmt: skip


def _downwards(
    start: QPointF, end: QPointF, style: LinkStyle, around: tuple[float, float]
) -> tuple[Cubic, ...]:
    """The curves of a link that leaves downwards and arrives from above."""
    if style == "straight":
        return ()
    if style == "orthogonal":
        return _right_angles(start, end, around)
    x1, y1, x2, y2 = start.x(), start.y(), end.x(), end.y()
    across, down = x2 - x1, y2 - y1
    if down > 0 and abs(across) < ALIGNED:
        return ()
    if down >= 24.0 or (down > 0 and down >= abs(across) * 0.2):
        pull = max(down * 0.5, min(abs(across) * 0.35, 36.0))
        return ((start, QPointF(x1, y1 + pull), QPointF(x2, y2 - pull), end),)
    # The target stands higher: out below, up between or beside the nodes, in from above.
    pull = 36.0 + min(abs(down) * 0.08, 24.0)
    side = _side(x1, x2, around)
    middle = QPointF(side, (y1 + y2) / 2)
    return (
        (start, QPointF(x1, y1 + pull), QPointF(side, y1 + pull), middle),
        (middle, QPointF(side, y2 - pull), QPointF(x2, y2 - pull), end),
    )


def _right_angles(start: QPointF, end: QPointF, around: tuple[float, float]) -> tuple[Cubic, ...]:
    """The same at right angles: across half way down, or around where the target stands higher."""
    x1, y1, x2, y2 = start.x(), start.y(), end.x(), end.y()
    if y2 > y1 and abs(x2 - x1) < ALIGNED:
        return ()
    if y2 - y1 >= 24.0:
        middle = (y1 + y2) / 2
        corners = [start, QPointF(x1, middle), QPointF(x2, middle), end]
    else:
        side = _side(x1, x2, around)
        below, above = y1 + OUT, y2 - OUT
        corners = [
            *(start, QPointF(x1, below), QPointF(side, below)),
            *(QPointF(side, above), QPointF(x2, above), end),
        ]
    return tuple(
        (a, a + (b - a) / 3, b - (b - a) / 3, b) for a, b in itertools.pairwise(corners) if a != b
    )


def _side(x1: float, x2: float, around: tuple[float, float]) -> float:
    """Where a link goes up: between its nodes, or beside them where there is no room."""
    between, beside = around
    return (x1 + x2) / 2 if abs(x2 - x1) > between else max(x1, x2) + beside


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
        points += [at(piece, step / STEPS) for step in range(1, STEPS + 1)]
    return points


def at(piece: Cubic, t: float) -> tuple[float, float]:
    """The point of a cubic at `t` from 0 to 1 (Bernstein form)."""
    u = 1.0 - t
    weights = (u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t)
    x = sum(weight * point.x() for weight, point in zip(weights, piece, strict=True))
    y = sum(weight * point.y() for weight, point in zip(weights, piece, strict=True))
    return x, y


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
    piece, t = pieces[number], part * len(pieces) - number
    x, y = at(piece, t)
    before, after = at(piece, max(t - 0.05, 0.0)), at(piece, min(t + 0.05, 1.0))
    return x, y, _slant(after[0] - before[0], after[1] - before[1], direction)


def _slant(across: float, down: float, direction: Direction) -> float:
    length = max(math.hypot(across, down), 1e-6)
    slant, forward = (across, down) if direction == TOP_DOWN else (down, across)
    return slant / length if forward >= 0 else -slant / length


def crosses(
    points: list[tuple[float, float]], rectangle: tuple[float, float, float, float]
) -> bool:
    """Whether a link, given by points along it, runs through a rectangle (left, top, right,
    bottom); each piece is clipped as by Liang and Barsky (1984)."""
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


def distance(points: list[tuple[float, float]], x: float, y: float) -> float:
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
