"""Selecting everything inside a rectangle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QGraphicsRectItem

from graph.state import Link
from gui.canvas.measures import Level
from gui.gestures.gesture import Gesture

if TYPE_CHECKING:
    from gui.canvas.drawing import Drawing
    from gui.canvas.view import CanvasView

HEIGHT = 40.0


class MarqueeGesture(Gesture):
    """A rectangle drawn on empty canvas. With Shift or Ctrl, what was selected stays selected."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, canvas: CanvasView, drawing: Drawing | None = None) -> None:
        super().__init__(canvas, drawing)
        self.path_before, self.nodes_before = self.editor.path, self.editor.chosen[1]
        self.links_before = self.scene.selected_links
        self.dots_before = self.scene.selected_dots

    def start(self, place: QPointF) -> None:
        """Begin where the button went down."""
        super().start(place)
        self.adding = False
        self.frame = QGraphicsRectItem(QRectF(place, place))
        accent = self.scene.surface.colors["accent"]
        filling = QColor(accent)
        filling.setAlpha(26)
        edge = QPen(accent, 1.0)
        edge.setCosmetic(True)
        self.frame.setPen(edge)
        self.frame.setBrush(filling)
        self.frame.setZValue(HEIGHT)
        self.drawing.add_item(self.frame)

    def move(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Select what the rectangle touches."""
        frame = QRectF(self.began, place).normalized()
        self.frame.setRect(frame)
        adding = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier
        self.adding = bool(modifiers & adding)
        edges = (frame.left(), frame.top(), frame.right(), frame.bottom())
        nodes = frozenset(self.drawing.node_index.touching(edges))
        dots = frozenset(self.drawing.dots_in(frame)) if self._sees_links() else frozenset()
        links = self._links_inside(frame) if not nodes and not dots else frozenset()
        if self.adding and self.path_before == self.drawing.path:
            nodes, links = nodes | self.nodes_before, links | self.links_before
            dots |= self.dots_before
        self.editor.select(nodes, self.drawing.path)
        self.scene.select_links(links, dots)
        self.hint(self._words(len(nodes) + len(dots)))

    def finish(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Keep that selection."""
        self.move(place, modifiers)
        self._put_away()

    def cancel(self) -> None:
        """Back to what was selected."""
        self._put_away()
        self.editor.select(self.nodes_before, self.path_before)
        self.scene.select_links(self.links_before, self.dots_before)

    def _put_away(self) -> None:
        self.drawing.remove_item(self.frame)

    def _sees_links(self) -> bool:
        """Whether links are more than thin lines."""
        return self.scene.surface.level >= Level.SIZE

    def _links_inside(self, frame: QRectF) -> frozenset[Link]:
        if not self._sees_links():
            return frozenset()
        edges = (frame.left(), frame.top(), frame.right(), frame.bottom())
        return frozenset(
            link
            for link in self.drawing.link_index.touching(edges)
            if any(frame.contains(x, y) for x, y in self.drawing.link_items[link].points())
        )

    def _words(self, count: int) -> str:
        translate = QCoreApplication.translate
        if self.adding:
            text = translate("Canvas", "{count} selected").format(count=count)
        else:
            text = translate("Canvas", "{count} selected · Shift keeps what was selected before")
            text = text.format(count=count)
        return text
