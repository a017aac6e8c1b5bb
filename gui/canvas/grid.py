"""The dotted ground of the canvas."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QSize
from PySide6.QtGui import QPainter, QPixmap, QTransform

from gui.canvas.measures import GRID
from gui.canvas.surface import Surface


class Grid:
    """Dots at the crossings of a grid: a row of them is drawn once for the width of the view, and
    then only put where the rows are."""

    def __init__(self, surface: Surface) -> None:
        self.surface = surface
        self._row = QPixmap()
        self._key: tuple[object, ...] = ()

    def paint(
        self, painter: QPainter, transform: QTransform, size: QSize, exposed: QRect, ratio: float
    ) -> None:
        """Fill the exposed part of a view; `transform` leads from canvas to view."""
        zoom = transform.m11()
        step = GRID * zoom
        while step < 14.0:
            step *= 2.0
        while step > 44.0:
            step /= 2.0
        key = (step, size.width(), ratio, self.surface.revision)
        if key != self._key:
            self._key = key
            self._row = self._draw_row(step, size.width(), ratio)
        origin = transform.map(QPointF(0.0, 0.0))
        painter.save()
        painter.resetTransform()
        painter.setClipRect(exposed)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        # Over its edges, which may lie within a pixel.
        painter.fillRect(exposed.adjusted(-1, -1, 1, 1), self.surface.colors["background"])
        # In pixels of the device, among which every dot is alike.
        painter.scale(1 / ratio, 1 / ratio)
        left, top = (round(at % step * ratio) - round(step * ratio) for at in origin.toTuple())
        step *= ratio
        first = int((exposed.top() * ratio - top) / step)
        last = int(((exposed.bottom() + 1) * ratio - top) / step)
        for number in range(max(first - 1, 0), last + 2):
            painter.drawPixmap(left, top + round(number * step), self._row)
        painter.restore()

    def _draw_row(self, step: float, width: int, ratio: float) -> QPixmap:
        across = width + 2 * step + 2.0
        dot = max(2, round(1.5 * ratio))
        row = QPixmap(round(across * ratio), dot)
        row.fill(self.surface.colors["background"])
        painter = QPainter(row)
        for number in range(int(across / step) + 1):
            painter.fillRect(round(number * step * ratio), 0, dot, dot, self.surface.grid)
        painter.end()
        return row
