"""The dotted ground of the canvas."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap, QTransform

from gui.canvas.measures import GRID
from gui.canvas.surface import Surface


class Grid:
    """Dots at the crossings of a grid, drawn once for the size of the view and then only moved."""

    def __init__(self, surface: Surface) -> None:
        self.surface = surface
        self._picture = QPixmap()
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
        key = (step, size, ratio, self.surface.revision)
        if key != self._key:
            self._key = key
            self._picture = self._draw(step, size, ratio)
        origin = transform.map(QPointF(0.0, 0.0))
        painter.save()
        painter.resetTransform()
        painter.setClipRect(exposed)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        left = round((origin.x() % step) * ratio) / ratio
        top = round((origin.y() % step) * ratio) / ratio
        painter.drawPixmap(QPointF(left - step_back(step, ratio), top - step_back(step, ratio)),
                           self._picture)  # fmt: skip
        painter.restore()

    def _draw(self, step: float, size: QSize, ratio: float) -> QPixmap:
        margin = 2 * step + 2.0
        width, height = size.width() + margin, size.height() + margin
        picture = QPixmap(round(width * ratio), round(height * ratio))
        picture.fill(self.surface.colors["background"])
        painter = QPainter(picture)
        painter.setPen(Qt.PenStyle.NoPen)
        dot = max(2, round(1.5 * ratio))
        brush = self.surface.grid
        columns = [round(n * step * ratio) for n in range(int(width / step) + 1)]
        rows = [round(n * step * ratio) for n in range(int(height / step) + 1)]
        line = QPixmap(picture.width(), dot)
        line.fill(self.surface.colors["background"])
        across = QPainter(line)
        for x in columns:
            across.fillRect(x, 0, dot, dot, brush)
        across.end()
        for y in rows:
            painter.drawPixmap(0, y, line)
        painter.end()
        picture.setDevicePixelRatio(ratio)
        return picture


def step_back(step: float, ratio: float) -> float:
    """How far left of and above the view the picture begins, in whole device pixels."""
    return round(step * ratio) / ratio
