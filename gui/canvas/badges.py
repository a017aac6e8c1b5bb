"""Small signs on a node: that its weights are frozen, or those of another node."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

if TYPE_CHECKING:
    from gui.canvas.looks import NodeLook
    from gui.canvas.surface import Surface

BADGE_WIDTH, BADGE_HEIGHT = 20.0, 16.0
BADGE_GAP = 4.0
_REACH = 5.0
"""From the middle of a badge to the ends of its sign."""


def badges_of(look: NodeLook) -> tuple[str, ...]:
    """The signs that a node carries, from right to left."""
    return ("frozen",) * look.frozen + ("shared",) * bool(look.shares)


def badges_width(look: NodeLook) -> float:
    """The room that they need."""
    return len(badges_of(look)) * (BADGE_WIDTH + BADGE_GAP)


def words_of(look: NodeLook) -> list[str]:
    """What badges, dashes and the number of repetitions mean, a sentence each."""
    translate = QCoreApplication.translate
    words = []
    if look.only_if:
        text = translate("Canvas", "Only if {condition}; else what comes in goes on as it is.")
        words.append(text.format(condition=look.only_if))
    elif look.bypassed:
        words.append(
            translate(
                "Canvas", "Bypassed: what comes in goes on as it is. Bypass again brings it back."
            )
        )
    if look.frozen:
        words.append(translate("Canvas", "Frozen: its weights stay as they are in training."))
    if look.shares:
        words.append(translate("Canvas", "Uses the weights of {name}.").format(name=look.shares))
    if look.repeat:
        text = translate("Canvas", "Repeated {count}, each time with weights of its own.")
        words.append(text.format(count=look.repeat))
    return words


def paint_badge(painter: QPainter, surface: Surface, badge: str, rect: QRectF) -> None:
    """Draw one badge."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(surface.colors["accent_soft"])
    painter.drawRoundedRect(rect, BADGE_HEIGHT / 2, BADGE_HEIGHT / 2)
    pen = QPen(surface.colors["accent"], 1.2)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if badge == "frozen":
        _paint_flake(painter, rect.center())
    else:
        _paint_rings(painter, rect.center())


def _paint_flake(painter: QPainter, middle: QPointF) -> None:
    lines = []
    for turn in range(6):
        angle = math.pi * turn / 3 + math.pi / 2
        end = _turned(middle, angle, _REACH)
        lines.append(QLineF(middle, end))
        knee = _turned(middle, angle, _REACH * 0.55)
        lines += [QLineF(knee, _turned(knee, angle + side, 1.8)) for side in (-0.9, 0.9)]
    painter.drawLines(lines)


def _turned(start: QPointF, angle: float, length: float) -> QPointF:
    return start + QPointF(math.cos(angle) * length, -math.sin(angle) * length)


def _paint_rings(painter: QPainter, middle: QPointF) -> None:
    """Two links of a chain."""
    for side in (-1.0, 1.0):
        ring = QRectF(0, 0, 7.0, 6.0)
        ring.moveCenter(middle + QPointF(side * 2.4, 0.0))
        painter.drawRoundedRect(ring, 3.0, 3.0)
