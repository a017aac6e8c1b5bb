"""The whole network seen from far away: all nodes and links painted by one item, since a call per
node would cost more than the picture."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import QGraphicsRectItem, QStyleOptionGraphicsItem, QWidget

from gui.canvas.link_item import LinkItem
from gui.canvas.node_item import NodeItem
from gui.canvas.spatial import Rectangle
from gui.canvas.surface import Surface

HEIGHT = 20.0
AROUND = 9.0
"""How far the frame of a marked card stands off."""


class FarItem(QGraphicsRectItem):
    """A filled card per node in the colour of its stripe, a thin line per link, frames as lines."""

    def __init__(self, surface: Surface) -> None:
        super().__init__()
        self.surface = surface
        self._cards: dict[str, list[QRectF]] = {}
        self._selected: list[QRectF] = []
        self._wrong: list[QRectF] = []
        self._frames: list[QRectF] = []
        self._lines: list[QLineF] = []
        self._curves = QPainterPath()
        self._stale = True
        self.setZValue(HEIGHT)

    def expire(self) -> None:
        """Something moved, came, went or was selected; collect anew before the next painting."""
        self._stale = True
        self.update()

    def collect(
        self,
        nodes: Iterable[NodeItem],
        links: Iterable[LinkItem],
        rectangle: Callable[[str], Rectangle],
        bounds: QRectF,
        wrong: Collection[str],
    ) -> None:
        """Take what is to be painted, if it is not known already; `wrong` are the names of nodes
        with problems."""
        if not self._stale:
            return
        self._stale = False
        self._cards, self._selected, self._wrong, self._frames = {}, [], [], []
        for node in nodes:
            look = node.look
            if look.frame is not None:
                (self._selected if node.is_selected else self._frames).append(node.card_on_canvas())
                continue
            left, top, right, bottom = rectangle(look.name)
            card = QRectF(left, top, right - left, bottom - top)
            self._cards.setdefault(look.category, []).append(card)
            if node.is_selected:
                self._selected.append(card.adjusted(-AROUND, -AROUND, AROUND, AROUND))
            elif look.name in wrong:
                self._wrong.append(card.adjusted(-AROUND, -AROUND, AROUND, AROUND))
        self._lines = []
        self._curves = QPainterPath()
        for link in links:
            if link.path is None:
                self._lines.append(link.line)
            else:
                self._curves.addPath(link.path)
        self.setRect(bounds.adjusted(-20.0, -20.0, 20.0, 20.0))

    @property
    def cards(self) -> dict[str, list[QRectF]]:
        """The cards by category."""
        return self._cards

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        """Draw everything."""
        surface = self.surface
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setBrush(surface.nothing)
        painter.setPen(surface.far_link)
        painter.drawRects(self._frames)
        painter.drawLines(self._lines)
        if not self._curves.isEmpty():
            painter.drawPath(self._curves)
        painter.setPen(Qt.PenStyle.NoPen)
        for category, cards in self._cards.items():
            painter.setBrush(surface.stripe(category))
            painter.drawRects(cards)
        painter.setBrush(surface.nothing)
        for marked, pen in (
            (self._wrong, surface.far_wrong),
            (self._selected, surface.far_selected),
        ):
            painter.setPen(pen)
            painter.drawRects(marked)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
