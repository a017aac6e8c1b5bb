"""Boxes drawn over pictures: what is true solid, what was found dashed, coloured by class."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from evaluation.colors import class_color
from evaluation.detections import Box
from gui.look.contrast import readable_on
from gui.look.theme import SMALL_SIZE, font
from gui.runs import words

_HALO = QColor(0, 0, 0, 150)
"""Around every line, so that it stands out from a picture of any colour."""

_DASHES = (3.5, 2.0)
"""Dash and gap, in widths of the line."""


def box_color(label: int) -> QColor:
    """The colour of a class."""
    # The first colour is that of a background, which is no class of boxes.
    return QColor(*class_color(label + 1))


def paint_boxes(
    painter: QPainter,
    frame: QRect,
    true: Sequence[Box],
    found: Sequence[Box],
    *,
    width: float = 1.5,
    names: Sequence[str] = (),
) -> None:
    """Draw boxes over a picture.

    Args:
        frame: where the picture is drawn.
        true: what is there.
        found: what was found.
        width: of the lines, in device-independent pixels.
        names: of the classes, to be written beside what was found; none if empty.
    """
    painter.save()
    painter.setClipRect(frame)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for boxes, dashed in ((true, False), (found, True)):
        for box in boxes:
            place = _place(box, frame)
            for color, wide in ((_HALO, width + 1.5), (box_color(box.label), width)):
                pen = QPen(color, wide)
                if dashed:
                    # Patterns are in widths of the pen; colour and halo have the same gaps.
                    pen.setDashPattern([length * width / wide for length in _DASHES])
                    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
                painter.setPen(pen)
                painter.drawRect(place)
    if names:
        for box in found:
            name = names[box.label] if box.label < len(names) else str(box.label)
            _write(painter, frame, _place(box, frame), f"{name} {words.share(box.score, 0)}", box)
    painter.restore()


def _place(box: Box, frame: QRect) -> QRectF:
    return QRectF(
        frame.left() + box.left * frame.width(),
        frame.top() + box.top * frame.height(),
        (box.right - box.left) * frame.width(),
        (box.bottom - box.top) * frame.height(),
    )


def _write(painter: QPainter, frame: QRect, place: QRectF, text: str, box: Box) -> None:
    """A name on a ground of its class's colour, above the box or where there is no room inside."""
    painter.setFont(font(SMALL_SIZE, bold=True))
    metrics = painter.fontMetrics()
    ground = QRectF(0, 0, metrics.horizontalAdvance(text) + 8, metrics.height() + 2)
    ground.moveBottomLeft(place.topLeft())
    if ground.top() < frame.top():
        ground.moveTopLeft(place.topLeft())
    ground.moveLeft(max(frame.left(), min(ground.left(), frame.right() - ground.width())))
    color = box_color(box.label)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.fillRect(ground, color)
    painter.setPen(readable_on(color, (QColor(0, 0, 0), QColor(255, 255, 255))))
    painter.drawText(ground, Qt.AlignmentFlag.AlignCenter, text)
