"""How a note is drawn: a sheet of paper with wrapped words in Markdown."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPolygonF

from gui.canvas.looks import NodeLook
from gui.canvas.measures import WIDEST_NODE
from gui.canvas.node_shape import NodeShape
from gui.canvas.note_text import NoteText
from gui.canvas.surface import Surface, mixed, pen

if TYPE_CHECKING:
    from gui.canvas.node_item import NodeItem

NOTE_WIDTH = WIDEST_NODE
INSIDE = 14.0
FOLD = 14.0
"""The turned-down corner at the upper right."""
LEAST_HEIGHT = 48.0


def note_text(look: NodeLook) -> str:
    """The words on a note; an invitation on an empty one."""
    return look.note or QCoreApplication.translate("Canvas", "Double-click to write")


def wrapped(text: str, surface: Surface) -> NoteText:
    """A text broken into lines that fit on a note."""
    return NoteText(text, surface.small_font, NOTE_WIDTH - 2 * INSIDE, surface.colors["accent"])


def note_shape(look: NodeLook, surface: Surface) -> NodeShape:
    """As high as its words need; the height is even, so that edges fall on whole pixels."""
    words = wrapped(note_text(look), surface).size().height()
    height = 2.0 * math.ceil(max(words + 2 * INSIDE, LEAST_HEIGHT) / 2)
    return NodeShape(NOTE_WIDTH, height, {}, {})


def paint_note(painter: QPainter, item: NodeItem, words: NoteText) -> None:
    """The sheet and its words."""
    surface, card = item.surface, item.card
    paper = mixed(surface.colors["warning"], surface.colors["panel"], 0.14)
    painter.setBrush(paper)
    painter.setPen(surface.selected_border if item.is_selected else pen(_edge(surface)))
    painter.drawPolygon(_sheet(card))
    painter.drawPolyline(_corner(card))
    painter.save()
    painter.translate(card.topLeft() + QPointF(INSIDE, INSIDE))
    words.paint(painter, (surface.text if item.look.note else surface.quiet).color())
    painter.restore()


def _edge(surface: Surface) -> QColor:
    return mixed(surface.colors["warning"], surface.colors["line"], 0.45)


def _sheet(card: QRectF) -> QPolygonF:
    inner = card.adjusted(0.5, 0.5, -0.5, -0.5)
    return QPolygonF(
        [
            inner.topLeft(),
            inner.topRight() - QPointF(FOLD, 0),
            inner.topRight() + QPointF(0, FOLD),
            inner.bottomRight(),
            inner.bottomLeft(),
        ]
    )


def _corner(card: QRectF) -> QPolygonF:
    corner = card.topRight() + QPointF(-0.5, 0.5)
    return QPolygonF(
        [
            corner - QPointF(FOLD, 0),
            corner + QPointF(-FOLD, FOLD),
            corner + QPointF(0, FOLD),
        ]
    )
