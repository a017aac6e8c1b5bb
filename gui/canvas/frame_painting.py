"""How a frame around nodes is drawn: a pale ground, an edge, and its title."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from graph.framing import TITLE_HEIGHT
from gui.canvas.measures import Level
from gui.canvas.node_shape import NodeShape
from gui.canvas.surface import mixed, pen
from gui.look.theme import NODE_CORNER

if TYPE_CHECKING:
    from gui.canvas.node_item import NodeItem

INSIDE = 12.0
PALE = 0.09
"""How much there is of the colour in the ground."""
HANDLE = 12.0
"""The corner at the lower right by which the size is changed."""
_TOKENS = {
    "blue": "convolution",
    "teal": "pooling",
    "orange": "activation",
    "violet": "normalization",
    "pink": "merge",
    "grey": "shape",
}
"""The colours of the theme by the names that a person chooses from."""


def frame_shape(frame: tuple[str, float, float]) -> NodeShape:
    """As large as it is told."""
    return NodeShape(frame[1], frame[2], {}, {})


def paint_frame(painter: QPainter, item: NodeItem, color: str) -> None:
    """The ground, the edge, the title, and the corner by which it is resized."""
    surface, card = item.surface, item.card.adjusted(0.5, 0.5, -0.5, -0.5)
    chosen = surface.colors[_TOKENS.get(color, "shape")]
    ground = surface.colors["background"]
    pale = QColor(chosen)
    pale.setAlphaF(PALE)
    painter.setBrush(pale)
    if item.is_selected:
        painter.setPen(surface.selected_border)
    else:
        painter.setPen(pen(mixed(chosen, ground, 0.7 if item.is_hovered else 0.4), 1.2))
    painter.drawRoundedRect(card, NODE_CORNER, NODE_CORNER)
    if surface.level is Level.FULL:
        _paint_handle(painter, card)
    words = item.look.note or QCoreApplication.translate("Canvas", "Double-click to name")
    large = surface.level is not Level.FULL
    written = surface.title_level_font if large else surface.name_font
    text = surface.elided(written, words, card.width() - 2 * INSIDE)
    strip = QRectF(card.left() + INSIDE, card.top(), card.width() - 2 * INSIDE, TITLE_HEIGHT)
    plate = QRectF(strip.left() - 4.0, strip.top() + 3.0, surface.width(written, text) + 8.0, 20.0)
    # Links go on behind it.
    painter.fillRect(plate, mixed(chosen, ground, PALE))
    painter.setPen(surface.text if item.look.note else surface.quiet)
    painter.setFont(written)
    painter.drawText(strip, int(Qt.AlignmentFlag.AlignVCenter), text)


def _paint_handle(painter: QPainter, card: QRectF) -> None:
    corner = card.bottomRight() - QPointF(4.0, 4.0)
    for away in (4.0, 8.0):
        painter.drawLine(corner - QPointF(away, 0), corner - QPointF(0, away))
