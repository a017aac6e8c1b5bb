"""A link as a painted item, with its reroute points, and the size of what flows beside it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import (
    QGraphicsRectItem,
    QStyleOptionGraphicsItem,
    QWidget,
)

from graph.direction import TOP_DOWN
from graph.geometry import STEPS, Rectangle, distance
from graph.state import Link
from gui.canvas import curves
from gui.canvas.link_looks import LinkLook
from gui.canvas.measures import DOT_RADIUS, LABEL_DISTANCE, Level
from gui.canvas.routes import legs_of
from gui.canvas.surface import Surface

MARGIN = 4.0
LABEL_PARTS = (0.5, 0.35, 0.65, 0.2, 0.8, 0.9)
"""Where along the link its size may stand, the best first."""
BETWEEN = 7.0
"""How far a text over or under a link keeps off its ends."""
STEEP = 0.7
"""From this slant on, a text stands beside a link that leads to the right, not over or under it."""
RESTING, LIFTED = 1.0, 2.0

Spot = tuple[float, float, float, float, float]
"""A point of a link, how far that is slanted, on which side a text stands (1 right or above, -1
left or below), and how far along the link it is (0 to 1)."""


def _moved_as_a_whole(before: Sequence[QPointF], after: Sequence[QPointF]) -> bool:
    away = after[0] - before[0]
    return len(before) == len(after) and all(
        new - old == away for new, old in zip(after, before, strict=True)
    )


class LinkItem(QGraphicsRectItem):
    """A link between two ports, which follows them, through the dots of its reroute points.

    Attributes:
        link: as the model has it, with its dots.
        dots: where they are shown, which may be elsewhere during a gesture.
        edges: the rectangle around its course.
        label: the place of its size; null where it has none.
    """

    # What most links never have otherwise lies here once, not with each of thousands.
    start = end = QPointF()
    edges: Rectangle = (0.0, 0.0, 0.0, 0.0)
    label = QRectF()
    spot: Spot | None = None
    is_selected = is_hovered = is_insertion = is_lifted = False
    dots_selected: frozenset[int] = frozenset()
    dot_hovered: int | None = None
    _followed: tuple[QPointF, ...] = ()
    _pieces: tuple[curves.Cubic, ...] = ()
    _turns: tuple[int, ...] = (0,)
    """How many of the pieces there are from each point to the next."""
    _path: QPainterPath | None = None
    _points: list[tuple[float, float]] | None = None

    def __init__(self, link: Link, look: LinkLook, surface: Surface, order: float = 0.0) -> None:
        """A link of the model; of two, that with the larger order lies above."""
        super().__init__()
        self.order = order
        self.link = link
        self.look = look
        self.surface = surface
        self.dots = [QPointF(*at) for at in link.dots]
        self.setZValue(order + RESTING)

    def set_look(self, look: LinkLook) -> bool:
        """Show another size or state; True where the size needs another place."""
        if look == self.look:
            return False
        resized = look.size != self.look.size
        self.look = look
        self.update()
        return resized

    def set_ends(self, start: QPointF, end: QPointF) -> bool:
        """Follow the ports and the dots; True where the size needs another place."""
        before, way = self._followed, (start, *self.dots, end)
        if way == before:
            return False
        self._followed = way
        self.start, self.end = start, end
        if before and _moved_as_a_whole(before, way):
            self._shift(start - before[0])
            return False
        self.restyle()
        return True

    def _shift(self, away: QPointF) -> None:
        """Many links move with both of their nodes; what was found out about them holds."""
        x, y = away.x(), away.y()
        self._points = None
        self._pieces = tuple(
            (one + away, two + away, three + away, four + away)
            for one, two, three, four in self._pieces
        )
        if self._path is not None:
            self._path.translate(away)
        left, top, right, bottom = self.edges
        self.edges = left + x, top + y, right + x, bottom + y
        self.label = self.label.translated(away)
        if self.spot is not None:
            at_x, at_y, slant, side, part = self.spot
            self.spot = (at_x + x, at_y + y, slant, side, part)
        self.setRect(self.rect().translated(away))

    def restyle(self) -> None:
        """Take a course between the ports in the style that is wanted; the size needs another
        place then."""
        surface = self.surface
        way = (self.start, *self.dots, self.end)
        legs = legs_of(way, surface.link_style, surface.direction)
        self._turns = tuple(map(len, legs))
        self._pieces = tuple(itertools.chain.from_iterable(legs))
        self._path = self._points = None
        self.edges = self._edges_of_course()
        self.label = QRectF()
        self._take_bounds()
        self.update()

    @property
    def path(self) -> QPainterPath | None:
        """Its course, made when it is asked for first; None for a straight line."""
        if self._path is None and self._pieces:
            self._path = curves.path_of(self.start, self._pieces, self.end)
        return self._path

    @property
    def line(self) -> QLineF:
        """From one end to the other."""
        return QLineF(self.start, self.end)

    @property
    def course(self) -> QRectF:
        """The rectangle around its course."""
        left, top, right, bottom = self.edges
        return QRectF(left, top, right - left, bottom - top)

    def _edges_of_course(self) -> Rectangle:
        pieces = self._pieces
        if not pieces:
            x1, y1, x2, y2 = self.start.x(), self.start.y(), self.end.x(), self.end.y()
            return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)
        # Of a single curve, the points that pull it lie around it, near enough.
        several = len(pieces) > 1
        points = self.points() if several else [(at.x(), at.y()) for at in pieces[0]]
        xs, ys = zip(*points, strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    def _take_bounds(self) -> None:
        margin = DOT_RADIUS + MARGIN if self.dots else MARGIN
        left, top, right, bottom = self.edges
        left, top, right, bottom = left - margin, top - margin, right + margin, bottom + margin
        if self.label.isNull():
            self.setRect(left, top, right - left, bottom - top)
        else:
            self.setRect(QRectF(left, top, right - left, bottom - top) | self.label)

    def label_spots(self) -> Iterator[Spot]:
        """Where the size may stand, the best place first; none where no size is known."""
        if not self.look.size:
            return
        for part in LABEL_PARTS:
            yield self._spot(part, 1.0)
            yield self._spot(part, -1.0)

    def carried_spot(self) -> Spot | None:
        """Where the size was along the link before that was bent; None where it had no place."""
        if self.spot is None or not self.look.size:
            return None
        *_, side, part = self.spot
        return self._spot(part, side)

    def _spot(self, part: float, side: float) -> Spot:
        direction = self.surface.direction
        x, y, slant = curves.label_place(self.start, self._pieces, self.end, part, direction)
        return x, y, slant, side, part

    def label_at(self, spot: Spot) -> QRectF:
        """The place of the size at a spot."""
        x, y, slant, side, _ = spot
        surface = self.surface
        width = surface.width(surface.size_font, self.look.size) + 2.0
        height = surface.metrics[id(surface.size_font)].height()
        if surface.direction == TOP_DOWN or abs(slant) > STEEP:
            slant = slant if surface.direction == TOP_DOWN else 0.0
            left = x + LABEL_DISTANCE if side > 0 else x - LABEL_DISTANCE - width
            top = y - height / 2 - side * slant * 9.0
        else:
            # Over or under it, the further off the steeper it is.
            away = height / 2 + 2.0 + abs(slant) * width / 2
            left = x - width / 2
            ends = sorted((self.start.x(), self.end.x()))
            if ends[0] + BETWEEN + width < ends[1] - BETWEEN:
                left = min(max(left, ends[0] + BETWEEN), ends[1] - BETWEEN - width)
            top = y - height / 2 - side * away
        return QRectF(round(left), round(top), width, height)

    def set_label(self, spot: Spot | None) -> None:
        """Write the size there, if it is known; None where it has no place."""
        self.spot = spot
        place = self.label_at(spot) if spot is not None and self.look.size else QRectF()
        if place != self.label:
            self.label = place
            self._take_bounds()
            self.update()

    def points(self) -> list[tuple[float, float]]:
        """Points along the link, for distances."""
        if self._points is None:
            self._points = curves.points_of(self.start, self._pieces, self.end)
        return self._points

    def leg_at(self, place: QPointF) -> int:
        """How many of the dots lie between its source and the part of it that is nearest to a
        place."""
        points, x, y = self.points(), place.x(), place.y()
        nearest = min(range(len(points) - 1), key=lambda n: distance(points[n : n + 2], x, y))
        piece = nearest // STEPS
        return sum(piece >= end for end in itertools.accumulate(self._turns[:-1]))

    def middle(self) -> QPointF:
        """A point of the link half way."""
        x, y, _ = curves.label_place(self.start, self._pieces, self.end, 0.5)
        return QPointF(x, y)

    def set_state(
        self,
        *,
        selected: bool | None = None,
        hovered: bool | None = None,
        insertion: bool | None = None,
        lifted: bool | None = None,
    ) -> None:
        """Show it selected, under the mouse, as the place where a node would be put in, or as the
        link that is being plugged elsewhere; None leaves as it is."""
        before = (self.is_selected, self.is_hovered, self.is_insertion, self.is_lifted)
        asked = (selected, hovered, insertion, lifted)
        after = tuple(old if new is None else new for old, new in zip(before, asked, strict=True))
        if after != before:
            self.is_selected, self.is_hovered, self.is_insertion, self.is_lifted = after
            self.setZValue(self.order + (LIFTED if any(after) else RESTING))
            self.update()

    def mark_dots(
        self, *, selected: frozenset[int] | None = None, hovered: int | None = None
    ) -> None:
        """Show which dots are selected (None leaves as it is), and which is under the mouse."""
        selected = self.dots_selected if selected is None else selected
        if (selected, hovered) != (self.dots_selected, self.dot_hovered):
            self.dots_selected, self.dot_hovered = selected, hovered
            self.update()

    def pen(self) -> QPen:
        """What it is drawn with."""
        surface = self.surface
        if self.is_insertion:
            return surface.link_insert
        if self.is_selected:
            return surface.link_selected
        if self.look.wrong:
            return surface.link_wrong
        if self.is_hovered:
            return surface.link_hovered
        return surface.link_idle if self.look.idle else surface.link

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        """Draw line and size."""
        surface = self.surface
        if self.is_lifted:
            painter.setOpacity(0.25)
        painter.setPen(self.pen())
        if self.path is None:
            painter.drawLine(self.line)
        else:
            painter.setBrush(surface.nothing)
            painter.drawPath(self.path)
        if self.dots and surface.dots_shown:
            self._paint_dots(painter)
        if self.look.size and surface.level is Level.FULL:
            self._paint_label(painter)
        if self.is_lifted:
            painter.setOpacity(1.0)

    def _paint_dots(self, painter: QPainter) -> None:
        surface = self.surface
        pen = self.pen()
        for number, at in enumerate(self.dots):
            selected = number in self.dots_selected
            painter.setPen(surface.link_selected if selected else pen)
            painter.setBrush(painter.pen().brush() if selected else surface.panel)
            radius = DOT_RADIUS + (1.5 if number == self.dot_hovered else 0.0)
            painter.drawEllipse(at, radius, radius)

    def _paint_label(self, painter: QPainter) -> None:
        surface = self.surface
        if self.look.wrong:
            painter.setPen(surface.link_wrong)
        else:
            painter.setPen(surface.text if self.is_hovered else surface.quiet)
        painter.setFont(surface.size_font)
        words = surface.static(self.look.size, surface.size_font)
        painter.drawStaticText(self.label.topLeft(), words)
