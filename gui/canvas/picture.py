"""A network as a picture: SVG and PDF, in which lines and texts stay sharp, and PNG."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, get_args

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QIODevice,
    QMarginsF,
    QRect,
    QRectF,
    QSize,
    QSizeF,
    Qt,
)
from PySide6.QtGui import QImage, QImageWriter, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QGraphicsItem

from gui.canvas.scene import CanvasScene
from gui.editor import Editor
from gui.look.theme import theme

Format = Literal["png", "svg", "pdf"]
FORMATS: tuple[Format, ...] = get_args(Format)

SPACE_AROUND = 24.0
SHARPNESS = 2.0
"""Pixels of a PNG per unit of the canvas."""
MOST_PIXELS, LONGEST_SIDE = 120_000_000, 30_000
"""Larger pictures cannot be opened by many programs."""
LONGEST_PAGE = 14_400.0
"""Points; what readers of PDF can show."""
POINTS = 0.75
"""Per unit of the canvas."""


class NothingToShowError(ValueError):
    """There is no node to show in a picture."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture; `scale` is smaller than wanted where it would be too large for most programs."""

    content: bytes
    scale: float


def picture_of(
    editor: Editor, format_: Format, *, only: Collection[str] = (), transparent: bool = False
) -> Picture:
    """The block that is shown, or some of its nodes, in the colours of the theme.

    Raises:
        NothingToShowError: where there is no node.
    """
    scene = _scene(editor, only)
    names = [name for name, item in scene.node_items.items() if item.isVisible()]
    if not names:
        raise NothingToShowError
    bounds = scene.bounds_of(names)
    for item in scene.link_items.values():
        if item.isVisible():
            bounds |= item.course | item.label
    bounds = bounds.adjusted(-SPACE_AROUND, -SPACE_AROUND, SPACE_AROUND, SPACE_AROUND)
    bounds = QRectF(bounds.toAlignedRect())
    title = editor.document.state.name
    if format_ == "svg":
        return _svg(scene, bounds, transparent, title)
    if format_ == "pdf":
        return _pdf(scene, bounds, transparent, title)
    return _png(scene, bounds, transparent)


def _scene(editor: Editor, only: Collection[str]) -> CanvasScene:
    """The items as they are without mouse and selection."""
    scene = CanvasScene(editor)
    scene.surface.dots_shown = False
    for item in scene.items():
        # Kept pictures of nodes would be put into the SVG in place of their lines.
        item.setCacheMode(QGraphicsItem.CacheMode.NoCache)
    for mark in scene.node_items.values():
        mark.set_selected(False)
        mark.setVisible(not only or mark.name in only)
    for link, item in scene.link_items.items():
        item.setVisible(not only or {link.source, link.target} <= set(only))
    return scene


def _paint(scene: CanvasScene, painter: QPainter, bounds: QRectF, transparent: bool) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if not transparent:
        painter.fillRect(QRectF(painter.window()), theme().color("background"))
    scene.render(painter, QRectF(painter.window()), bounds, Qt.AspectRatioMode.IgnoreAspectRatio)


def _svg(scene: CanvasScene, bounds: QRectF, transparent: bool, title: str) -> Picture:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    generator.setOutputDevice(buffer)
    generator.setTitle(title)
    generator.setDescription("Kumitate")
    # Of CSS: a unit of the canvas is a pixel.
    generator.setResolution(96)
    size = bounds.size().toSize()
    generator.setSize(size)
    generator.setViewBox(QRect(0, 0, size.width(), size.height()))
    painter = QPainter(generator)
    _paint(scene, painter, bounds, transparent)
    painter.end()
    return Picture(bytes(buffer.data().data()), 1.0)


def _pdf(scene: CanvasScene, bounds: QRectF, transparent: bool, title: str) -> Picture:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(title)
    writer.setCreator("Kumitate")
    scale = min(1.0, LONGEST_PAGE / (POINTS * max(bounds.width(), bounds.height())))
    page = QSizeF(bounds.width(), bounds.height()) * POINTS * scale
    writer.setPageSize(
        QPageSize(page, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch)
    )
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    painter = QPainter(writer)
    _paint(scene, painter, bounds, transparent)
    painter.end()
    return Picture(bytes(buffer.data().data()), scale)


def _png(scene: CanvasScene, bounds: QRectF, transparent: bool) -> Picture:
    longest, area = max(bounds.width(), bounds.height()), bounds.width() * bounds.height()
    scale = min(SHARPNESS, LONGEST_SIDE / longest, (MOST_PIXELS / area) ** 0.5)
    size = QSize(max(1, round(bounds.width() * scale)), max(1, round(bounds.height() * scale)))
    image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    _paint(scene, painter, bounds, transparent)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return Picture(bytes(buffer.data().data()), scale / SHARPNESS)
