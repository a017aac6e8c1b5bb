"""Another state of the project over the canvas: what came, what went, what is different.

Outlines differ in their dashes as well as in colour, and each bears its word.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from graph.compare import BlockComparison
from graph.direction import TOP_DOWN
from graph.layer import LAYERS
from graph.state import Link, Node
from gui.canvas.measures import NODE_HEIGHT, NODE_WIDTH
from gui.canvas.scene import CanvasScene
from gui.look.theme import NODE_CORNER

Kind = Literal["added", "removed", "changed"]
TOKENS: dict[Kind, str] = {"added": "good", "removed": "error", "changed": "warning"}
_STYLES: dict[Kind, Qt.PenStyle] = {
    "added": Qt.PenStyle.SolidLine,
    "removed": Qt.PenStyle.DashLine,
    "changed": Qt.PenStyle.DashDotLine,
}
AROUND = 5.0
"""From a card to the outline around it."""
TAG_HEIGHT = 18.0
WORDS_FROM = 0.35
"""The zoom below which words could not be read."""
ABOVE_ALL = 50.0
GHOST_STEP = NODE_WIDTH + 24.0
MOST_STEPS = 40


def word_of(kind: Kind) -> str:
    """What stands on an outline."""
    return {
        "added": QCoreApplication.translate("Comparison", "added"),
        "removed": QCoreApplication.translate("Comparison", "removed"),
        "changed": QCoreApplication.translate("Comparison", "changed"),
    }[kind]


@dataclass(frozen=True, slots=True)
class Mark:
    """An outline; `node` is drawn inside where it is no longer there."""

    kind: Kind
    card: QRectF
    node: Node | None = None


@dataclass(slots=True)
class Marks:
    """Everything that is drawn over one block."""

    nodes: dict[str, Mark] = field(default_factory=dict)
    added: list[Link] = field(default_factory=list)
    removed: list[QPolygonF] = field(default_factory=list)
    """The points through which each link went."""


def marks_of(scene: CanvasScene, found: BlockComparison) -> Marks:
    """Where the marks belong in the shown block."""
    marks = Marks(added=[link for link in found.links_added if link in scene.link_items])
    taken = [
        item.card_on_canvas()
        for name, item in scene.node_items.items()
        if not scene.block.nodes[name].is_frame
    ]
    for kind, names in (("added", found.added), ("changed", found.changed)):
        for name in names:
            if name in scene.node_items:
                card = scene.node_items[name].card_on_canvas()
                marks.nodes[name] = Mark("added" if kind == "added" else "changed", card)
    for name, node in found.removed.items():
        card = QRectF(0, 0, NODE_WIDTH, NODE_HEIGHT)
        card.moveCenter(QPointF(*node.at))
        for _ in range(MOST_STEPS):
            # What took its place must be seen too.
            if not any(card.intersects(other) for other in taken):
                break
            card.translate(GHOST_STEP, 0.0)
        taken.append(card)
        marks.nodes[name] = Mark("removed", card, node)
    for link in found.links_removed:
        start, end = (
            _end(scene, marks, link, is_input=False),
            _end(scene, marks, link, is_input=True),
        )
        if start is not None and end is not None:
            marks.removed.append(QPolygonF([start, *(QPointF(*at) for at in link.dots), end]))
    return marks


def _end(scene: CanvasScene, marks: Marks, link: Link, *, is_input: bool) -> QPointF | None:
    """Where a removed link began or ended: at a port, or at a node that is gone."""
    name, port = (link.target, link.input) if is_input else (link.source, link.output)
    mark, item = marks.nodes.get(name), scene.node_items.get(name)
    if mark is not None and mark.node is not None:
        card = mark.card
    elif item is not None:
        places = item.shape_.inputs if is_input else item.shape_.outputs
        if port in places:
            return item.port_place(port, is_input=is_input)
        card = item.card_on_canvas()
    else:
        return None
    if scene.surface.direction == TOP_DOWN:
        return QPointF(card.center().x(), card.top() if is_input else card.bottom())
    return QPointF(card.left() if is_input else card.right(), card.center().y())


class ComparisonItem(QGraphicsItem):
    """Draws the marks; nothing of it can be touched."""

    def __init__(self, scene: CanvasScene) -> None:
        super().__init__()
        self._scene = scene
        self.marks = Marks()
        self._bounds = QRectF()
        self.setZValue(ABOVE_ALL)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def show_marks(self, marks: Marks) -> None:
        """Draw these instead."""
        self.prepareGeometryChange()
        self.marks = marks
        bounds = QRectF()
        for mark in marks.nodes.values():
            bounds |= mark.card
        for way in marks.removed:
            bounds |= way.boundingRect().adjusted(-1, -1, 1, 1)
        for link in marks.added:
            bounds |= self._scene.link_items[link].course
        self._bounds = bounds.adjusted(-80, -80, 80, 80) if not bounds.isNull() else QRectF()
        self.update()

    def boundingRect(self) -> QRectF:
        """Around all marks."""
        return self._bounds

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        """Draw what is in view."""
        zoom = max(option.levelOfDetailFromTransform(painter.worldTransform()), 0.01)
        exposed = option.exposedRect.adjusted(-80, -80, 80, 80)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(self._pen("removed", 2.0, zoom))
        for way in self.marks.removed:
            painter.drawPolyline(way)
        painter.setPen(self._pen("added", 3.0, zoom))
        for link in self.marks.added:
            item = self._scene.link_items.get(link)
            if item is not None and item.path is not None:
                painter.drawPath(item.path)
            elif item is not None:
                painter.drawLine(item.line)
        for name, mark in self.marks.nodes.items():
            if exposed.intersects(mark.card):
                self._paint_mark(painter, name, mark, zoom)

    def _color(self, kind: Kind) -> QColor:
        return self._scene.surface.colors[TOKENS[kind]]

    def _pen(self, kind: Kind, width: float, zoom: float) -> QPen:
        # From far away as wide as a pixel and a half.
        return QPen(self._color(kind), max(width, 1.5 / zoom), _STYLES[kind])

    def _paint_mark(self, painter: QPainter, name: str, mark: Mark, zoom: float) -> None:
        if mark.node is not None:
            self._paint_ghost(painter, name, mark, mark.node, zoom)
        painter.setPen(self._pen(mark.kind, 2.5, zoom))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        outline = mark.card.adjusted(-AROUND, -AROUND, AROUND, AROUND)
        painter.drawRoundedRect(outline, NODE_CORNER + AROUND, NODE_CORNER + AROUND)
        if zoom < WORDS_FROM:
            return
        surface = self._scene.surface
        word = word_of(mark.kind)
        width = QFontMetricsF(surface.badge_font).horizontalAdvance(word) + 14.0
        tag = QRectF(outline.left() + 12.0, outline.top() - TAG_HEIGHT / 2, width, TAG_HEIGHT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._color(mark.kind))
        painter.drawRoundedRect(tag, TAG_HEIGHT / 2, TAG_HEIGHT / 2)
        painter.setPen(surface.colors["panel"])
        painter.setFont(surface.badge_font)
        painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, word)

    def _paint_ghost(
        self, painter: QPainter, name: str, mark: Mark, node: Node, zoom: float
    ) -> None:
        surface = self._scene.surface
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(surface.background)
        painter.setOpacity(0.85)
        painter.drawRoundedRect(mark.card, NODE_CORNER, NODE_CORNER)
        painter.setOpacity(1.0)
        if zoom < WORDS_FROM:
            return
        cls = None if node.is_block else LAYERS.get(node.type)
        title = cls.TITLE if cls is not None else node.type
        room = mark.card.adjusted(16.0, 0.0, -14.0, 0.0)
        painter.setFont(surface.small_font)
        painter.setPen(surface.quiet)
        title = surface.elided(surface.small_font, title, room.width() * 0.45)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, title)
        left = room.width() - surface.width(surface.small_font, title) - 10.0
        painter.setFont(surface.name_font)
        text = surface.elided(surface.name_font, name, left)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
