"""A link as a painted item, with the size of what flows beside it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainter, QPainterPath, QPen, QStaticText
from PySide6.QtWidgets import (
    QGraphicsRectItem,
    QStyleOptionGraphicsItem,
    QWidget,
)

from graph.state import Link
from gui.canvas import curves
from gui.canvas.looks import LinkLook
from gui.canvas.measures import LABEL_DISTANCE, Level
from gui.canvas.node_painting import static
from gui.canvas.surface import Surface

MARGIN = 4.0
LABEL_PARTS = (0.5, 0.35, 0.65, 0.2, 0.8)
"""Where along the link its size may stand, the best first."""
RESTING, LIFTED = 1.0, 2.0


class LinkItem(QGraphicsRectItem):
    """A link between two ports, which follows them."""

    def __init__(
        self, link: Link, look: LinkLook, surface: Surface, is_hidden: Callable[[QRectF], bool]
    ) -> None:
        """`is_hidden` says whether a node lies over a rectangle."""
        super().__init__()
        self._is_hidden = is_hidden
        self.link = link
        self.look = look
        self.surface = surface
        self.start, self.end = QPointF(), QPointF()
        self.path: QPainterPath | None = None
        self.line = QLineF()
        self.is_selected = False
        self.is_hovered = False
        self.is_insertion = False
        self.is_lifted = False
        self._points: list[tuple[float, float]] | None = None
        self._pieces: tuple[curves.Cubic, ...] = ()
        self._label: QStaticText | None = None
        self._label_revision = 0
        self._label_at = QPointF()
        self.setZValue(RESTING)

    def set_look(self, look: LinkLook) -> None:
        """Show another size or state."""
        if look == self.look:
            return
        resized = look.size != self.look.size
        self.look = look
        if resized:
            self._label = None
            self._place()
        self.update()

    def set_ends(self, start: QPointF, end: QPointF) -> None:
        """Follow the ports."""
        if start != self.start or end != self.end or self._no_course():
            self.start, self.end = QPointF(start), QPointF(end)
            self._pieces = curves.cubics(start, end)
            self.line = QLineF(start, end)
            self.path = curves.path_of(start, self._pieces, end) if self._pieces else None
            self._points = None
            self._place()

    def _no_course(self) -> bool:
        return self.path is None and self.line.isNull()

    def _place(self) -> None:
        if self.path is None:
            bounds = QRectF(self.start, self.end).normalized()
        else:
            bounds = self.path.controlPointRect()
        bounds.adjust(-MARGIN, -MARGIN, MARGIN, MARGIN)
        if self.look.size:
            label = self._label_place()
            self._label_at = label.topLeft()
            bounds |= label
        self.setRect(bounds)

    def _label_place(self) -> QRectF:
        """Beside the middle, or where else along the link no node hides it."""
        surface = self.surface
        width = surface.width(surface.size_font, self.look.size) + 2.0
        height = surface.metrics[id(surface.size_font)].height()
        first: QRectF | None = None
        for part in LABEL_PARTS if self._pieces else LABEL_PARTS[:1]:
            x, y, lift = curves.label_place(self.start, self._pieces, self.end, part)
            for side in (1.0, -1.0):
                left = x + LABEL_DISTANCE if side > 0 else x - LABEL_DISTANCE - width
                top = y - height / 2 - side * lift * 9.0
                place = QRectF(round(left), round(top), width, height)
                if first is None:
                    first = place
                if not self._is_hidden(place):
                    return place
        return first or QRectF()

    def points(self) -> list[tuple[float, float]]:
        """Points along the link, for distances."""
        if self._points is None:
            self._points = curves.points_of(self.start, self._pieces, self.end)
        return self._points

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
            self.setZValue(LIFTED if any(after) else RESTING)
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
        return surface.link_hovered if self.is_hovered else surface.link

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
        if self.look.size and surface.level is Level.FULL:
            self._paint_label(painter)
        if self.is_lifted:
            painter.setOpacity(1.0)

    def _paint_label(self, painter: QPainter) -> None:
        surface = self.surface
        if self._label is None or self._label_revision != surface.revision:
            self._label = static(self.look.size, surface.size_font)
            self._label_revision = surface.revision
        if self.look.wrong:
            painter.setPen(surface.link_wrong)
        else:
            painter.setPen(surface.text if self.is_hovered else surface.muted)
        painter.setFont(surface.size_font)
        painter.drawStaticText(self._label_at, self._label)
