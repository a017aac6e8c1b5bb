"""The dotted ground: dots where the grid crosses, whatever part of it is painted."""

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, QSize
from PySide6.QtGui import QImage, QPainter, QTransform

from gui.canvas.grid import Grid
from gui.canvas.measures import GRID
from gui.canvas.surface import Surface

SIZE = QSize(300, 200)


def painted(grid, transform, ratio, exposed):
    """A view that shows nothing else; only a part of it is painted."""
    image = QImage(SIZE * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    grid.paint(painter, transform, SIZE, exposed, ratio)
    painter.end()
    return image


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("zoom", [0.75, 1.0, 1.37])
def test_dots_lie_on_the_grid_of_the_canvas(qapp, ratio, zoom):
    surface = Surface()
    transform = QTransform.fromTranslate(-431.0, 77.0).scale(zoom, zoom)
    image = painted(Grid(surface), transform, ratio, QRect(QPoint(), SIZE))
    for column in range(-60, 60):
        for row in range(-60, 60):
            dot = transform.map(QPointF(column * GRID, row * GRID)) * ratio
            between = transform.map(QPointF((column + 0.5) * GRID, row * GRID)) * ratio
            inner = QRect(QPoint(), image.size()).adjusted(2, 2, -2, -2)
            if inner.contains(dot.toPoint()):
                near = [
                    image.pixel(dot.toPoint() + QPoint(x, y))
                    for x in (-1, 0, 1)
                    for y in (-1, 0, 1)
                ]
                assert surface.grid.rgb() in near
            if inner.contains(between.toPoint()):
                assert image.pixel(between.toPoint()) == surface.colors["background"].rgb()


@pytest.mark.parametrize("ratio", [1.0, 2.0])
@pytest.mark.parametrize(
    "part", [QRect(0, 0, 40, 30), QRect(71, 55, 90, 1), QRect(250, 150, 50, 50)]
)
def test_a_part_is_painted_as_in_the_whole(qapp, ratio, part):
    transform = QTransform.fromTranslate(13.0, -8.0).scale(1.2, 1.2)
    grid = Grid(Surface())
    whole = painted(grid, transform, ratio, QRect(QPoint(), SIZE))
    alone = painted(grid, transform, ratio, part)
    pixels = QRect(part.topLeft() * ratio, part.size() * ratio)
    assert alone.copy(pixels) == whole.copy(pixels)
    outside = alone.pixelColor(QPoint(200, 120) * ratio)
    assert outside.value() == 0, "nothing else is painted"
