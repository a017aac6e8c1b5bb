"""The whole network seen from far away: all nodes and links painted by one item, since a call per
node would cost more than the picture."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import QGraphicsRectItem, QStyleOptionGraphicsItem, QWidget

from graph.geometry import Rectangle
from gui.canvas.link_item import LinkItem
from gui.canvas.node_item import NodeItem
from gui.canvas.surface import Surface

HEIGHT = 20.0
AROUND = 9.0
"""How far the frame of a marked card stands off."""


class FarItem(QGraphicsRectItem):
    """A filled card per node in the colour of its stripe, a thin line per link, frames as lines."""

    def __init__(self, surface: Surface) -> None:
        super().__init__()
        self.surface = surface
        self.cards: dict[str, dict[str, QRectF]] = {}
        """By category and name. Kept up to date card by card, since the overview shows them too."""
        self.revision = 0
        """Another number whenever cards came, went, moved or have another colour."""
        self._categories: dict[str, str] = {}
        self._inside: dict[str, list[tuple[str, str]]] = {}
        """By expanded node, the category and the key of each card inside of it."""
        self._selected: list[QRectF] = []
        self._wrong: list[QRectF] = []
        self._frames: list[QRectF] = []
        self._lines: list[QLineF] = []
        self._curves = QPainterPath()
        self._stale = True
        self.setZValue(HEIGHT)

    def place_card(self, name: str, category: str, rectangle: Rectangle) -> None:
        """A card is here from now on."""
        left, top, right, bottom = rectangle
        card = QRectF(left, top, right - left, bottom - top)
        if self._categories.get(name) != category:
            self.remove_card(name)
            self._categories[name] = category
        self.cards.setdefault(category, {})[name] = card
        self.revision += 1

    def place_inside(self, name: str, cards: Iterable[tuple[str, str, QRectF]]) -> None:
        """Cards with these names and categories are here from now on, in place of an expanded
        node."""
        self.remove_card(name)
        keys = []
        for key, category, card in cards:
            self.cards.setdefault(category, {})[key] = card
            keys.append((category, key))
        self._inside[name] = keys
        self.revision += 1

    def remove_card(self, name: str) -> None:
        """A card has gone, or those in its place."""
        for inner, key in self._inside.pop(name, ()):
            del self.cards[inner][key]
            self.revision += 1
        category = self._categories.pop(name, None)
        if category is not None:
            del self.cards[category][name]
            self.revision += 1

    def clear_cards(self) -> None:
        """All have gone."""
        self.cards, self._categories, self._inside = {}, {}, {}
        self.revision += 1

    def expire(self) -> None:
        """Something moved, came, went or was selected; collect anew before the next painting."""
        self._stale = True
        self.update()

    def collect(
        self,
        nodes: Iterable[NodeItem],
        links: Iterable[LinkItem],
        bounds: QRectF,
        wrong: Collection[str],
    ) -> None:
        """Take what is to be painted besides the cards, if it is not known already; `wrong` are
        the names of nodes with problems."""
        if not self._stale:
            return
        self._stale = False
        self._selected, self._wrong, self._frames = [], [], []
        for node in nodes:
            look = node.look
            if look.frame is not None:
                (self._selected if node.is_selected else self._frames).append(node.card_on_canvas())
                continue
            if look.inner is not None:
                marks = self._wrong if look.name in wrong else self._frames
                (self._selected if node.is_selected else marks).append(node.card_on_canvas())
                continue
            if node.is_selected or look.name in wrong:
                card = self.cards[look.category][look.name]
                marked = self._selected if node.is_selected else self._wrong
                marked.append(card.adjusted(-AROUND, -AROUND, AROUND, AROUND))
        self._lines = []
        self._curves = QPainterPath()
        for link in links:
            if link.path is None:
                self._lines.append(link.line)
            else:
                self._curves.addPath(link.path)
        self.setRect(bounds.adjusted(-20.0, -20.0, 20.0, 20.0))

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
        self.paint_cards(painter)
        painter.setBrush(surface.nothing)
        for marked, pen in (
            (self._wrong, surface.far_wrong),
            (self._selected, surface.far_selected),
        ):
            painter.setPen(pen)
            painter.drawRects(marked)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)

    def paint_cards(self, painter: QPainter) -> None:
        """Draw the cards alone, with the pen that is set."""
        for category, cards in self.cards.items():
            painter.setBrush(self.surface.stripe(category))
            painter.drawRects(list(cards.values()))
