"""The whole network in a corner of the canvas, and a frame around the part in view."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from gui.canvas.camera import Camera
from gui.canvas.scene import CanvasScene
from gui.look.theme import CORNER

SIZE = QSize(152, 98)
INSET = 8.0
PATIENCE = 60
"""Milliseconds that it may be behind: all nodes in every frame of a drag would cost too much."""


class Minimap(QWidget):
    """A click or drag shows that place.

    Signals:
        looked(): somebody chose what to look at.
    """

    looked = Signal()

    def __init__(self, scene: CanvasScene, camera: Camera, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("canvas_minimap")
        self.setAccessibleName(self.tr("Overview of the network"))
        self.setToolTip(self.tr("Click to look there"))
        self.setFixedSize(SIZE)
        self._scene = scene
        self._camera = camera
        self._picture = QPixmap()
        self._drawn = QRectF()
        self._key: tuple[object, ...] = ()
        self._cards = scene.far.revision
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PATIENCE)
        self._timer.timeout.connect(self._draw_anew)
        scene.content_changed.connect(self._content_changed)

    def _content_changed(self) -> None:
        if self._scene.far.revision != self._cards and not self._timer.isActive():
            self._timer.start()

    def _draw_anew(self) -> None:
        self._cards = self._scene.far.revision
        self.update()

    def _frame(self) -> tuple[QRectF, float, QPointF]:
        """What is shown of the canvas, the scale, and where its upper left corner is put."""
        shown = content = self._scene.content_bounds()
        seen = self._camera.seen()
        if content.isEmpty():
            shown = seen
        else:
            # A far pan must not shrink the network to a dot.
            across, down = content.width() / 2, content.height() / 2
            shown = content | (seen & content.adjusted(-across, -down, across, down))
        width, height = self.width() - 2 * INSET, self.height() - 2 * INSET
        scale = min(width / max(shown.width(), 1.0), height / max(shown.height(), 1.0), 0.25)
        left = (self.width() - shown.width() * scale) / 2
        top = (self.height() - shown.height() * scale) / 2
        return shown, scale, QPointF(left, top)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw cards as they look from far away."""
        surface = self._scene.surface
        shown, scale, corner = self._frame()
        content = self._scene.content_bounds()
        key = (self._cards, surface.revision, self.devicePixelRatioF(), scale)
        if key != self._key:
            self._key = key
            self._picture = self._draw(content, scale)
            self._drawn = content
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(surface.border)
        painter.setBrush(surface.panel)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), CORNER, CORNER)
        painter.setClipRect(QRectF(self.rect()).adjusted(3, 3, -3, -3))
        painter.drawPixmap(
            corner + (self._drawn.topLeft() - shown.topLeft()) * scale, self._picture
        )
        painter.setClipping(False)
        seen = self._camera.seen() & shown
        frame = QRectF(
            corner + (seen.topLeft() - shown.topLeft()) * scale, seen.size() * scale
        ).intersected(QRectF(self.rect()).adjusted(2.5, 2.5, -2.5, -2.5))
        painter.setPen(QPen(surface.colors["accent"], 1.2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(frame, 4.0, 4.0)
        painter.end()

    def _draw(self, content: QRectF, scale: float) -> QPixmap:
        """The cards of all nodes."""
        ratio = self.devicePixelRatioF()
        size = (content.size() * scale * ratio).toSize() + QSize(2, 2)
        picture = QPixmap(size)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(scale, scale)
        painter.translate(-content.topLeft())
        painter.setPen(Qt.PenStyle.NoPen)
        self._scene.far.paint_cards(painter)
        painter.end()
        return picture

    def _look_at(self, event: QMouseEvent) -> None:
        shown, scale, corner = self._frame()
        place = shown.topLeft() + (event.position() - corner) / scale
        self.looked.emit()
        self._camera.look_at(place)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Look there."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._look_at(event)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Nothing more; the canvas behind must not take it for its own."""
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Keep looking where the mouse is."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._look_at(event)
