"""A window with a template, a hand that does what a person would, and a camera for both modes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from PIL import Image
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragMoveEvent,
    QHelpEvent,
    QImage,
    QPainter,
    QPen,
    QPolygonF,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from docs.screenshots import settle
from graph.state import Link, Project
from gui.gestures.dragged import dragged
from gui.look.theme import TOKENS, theme
from gui.window.main_window import MainWindow

Mode = Literal["light", "dark"]
MODES: tuple[Mode, ...] = get_args(Mode)
SIZE = (1200, 760)
LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
COLORS = 112
"""Of a picture in the guide; a window has few."""
GAP = 8
"""Between parts of a picture that stand beside each other."""
_ARROW = ((0, 0), (0, 16), (4, 12), (7, 18), (9.5, 17), (6.5, 11), (12, 11))

Part = QWidget | QRect | None
Shot = dict[Mode, QImage]


class Stage:
    """What a picture is made of.

    Attributes:
        shots: what was photographed, which stands beside each other on the picture.
    """

    def __init__(self, template: str, size: tuple[int, int] = SIZE) -> None:
        self.window = MainWindow()
        self.window.resize(*size)
        self.window.show()
        if template:
            self.window.commands.new_from_template(template)
        self.canvas = self.window.pages.design.canvas
        self.editor = self.window.editor
        self.shots: list[Shot] = []
        self._pointer: QPoint | None = None
        self._told: QPoint | None = None
        for name in ("palette", "inspector"):
            # A window has the panels that the last one had.
            self.window.pages.design.set_panel_visible(name, True)
        self.hide("bottom")
        self.canvas.setFocus()

    # --- doing ---------------------------------------------------------------------------------

    def act(self, name: str) -> None:
        """Do what a menu does."""
        action = self.window.actions_[name]
        if not action.isEnabled():
            raise ValueError(f"{name} cannot be done here: {self.window.actions_.why_not(name)}")
        action.trigger()

    def edit(self, label: str, edit: Callable[[Project], Project]) -> None:
        """Change the network."""
        if not self.editor.apply(label, edit):
            raise ValueError(f"{label} was refused")

    def hide(self, *panels: str) -> None:
        """Hide panels, which makes room for the canvas."""
        for name in panels:
            self.window.pages.design.set_panel_visible(name, False)
        settle(0.1)

    def only_canvas(self) -> None:
        """Hide all panels."""
        self.hide("palette", "inspector", "bottom")

    def type(self, text: str) -> None:
        """Type where the keyboard is, which the first letter may change."""
        for letter in text:
            QTest.keyClicks(QApplication.focusWidget() or self.canvas, letter)

    def look(self, x: float, y: float, zoom: float = 1.0) -> None:
        """Show a place."""
        self.canvas.set_zoom(zoom)
        self.canvas.camera.update_limits(around=QPointF(x, y))
        self.canvas.camera.look_at(QPointF(x, y))
        settle(0.1)

    def crop(self, width: int, height: int) -> QRect:
        """The middle of the canvas, so large."""
        self.canvas.show_minimap(False)
        place = QRect(0, 0, width, height)
        middle = self.canvas.viewport().rect().center()
        place.moveCenter(self.canvas.viewport().mapTo(self.window, middle))
        return place

    def wide(self, height: int) -> QRect:
        """The middle of the canvas in all of its width."""
        return self.crop(self.canvas.width(), height)

    # --- places --------------------------------------------------------------------------------

    def pixel(self, x: float, y: float) -> QPoint:
        """The pixel of a place of the canvas."""
        return self.canvas.camera.to_view(QPointF(x, y)).toPoint()

    def node(self, name: str, across: float = -60, down: float = 0) -> QPoint:
        """A pixel of a node."""
        place = self.canvas.items_scene.node_items[name].pos()
        return self.pixel(place.x() + across, place.y() + down)

    def port(self, name: str, port: str, *, is_input: bool) -> QPoint:
        """The pixel of a port."""
        item = self.canvas.items_scene.node_items[name]
        place = item.port_place(port, is_input=is_input)
        return self.pixel(place.x(), place.y())

    def middle(self, link: Link) -> QPoint:
        """The pixel half way along a link."""
        place = self.canvas.items_scene.link_items[link].middle()
        return self.pixel(place.x(), place.y())

    # --- the hand ------------------------------------------------------------------------------

    def point(self, at: QPoint, on: QWidget | None = None) -> None:
        """Hold the mouse over a pixel of the canvas, or of another widget."""
        widget = on or self.canvas.viewport()
        QTest.mouseMove(widget, at)
        self._pointer = widget.mapTo(self.window, at)

    def hold(self, start: QPoint, end: QPoint, modifier: Qt.KeyboardModifier = NONE) -> None:
        """Drag, and do not let go."""
        QTest.mousePress(self.canvas.viewport(), LEFT, modifier, start)
        for part in (0.3, 0.7, 1.0):
            self.point(start + (end - start) * part)

    def release(self, at: QPoint) -> None:
        """Let go."""
        QTest.mouseRelease(self.canvas.viewport(), LEFT, NONE, at)
        self._pointer = None

    def carry(self, layer: str, to: QPoint) -> None:
        """Drag a layer from the palette over the canvas, and do not let go."""
        mime = dragged(layer, is_block=False)
        port, copy = self.canvas.viewport(), Qt.DropAction.CopyAction
        entered = QDragEnterEvent(to, copy, mime, LEFT, NONE)
        QApplication.sendEvent(port, entered)
        QApplication.sendEvent(port, QDragMoveEvent(to, copy, mime, LEFT, NONE))
        self._pointer = port.mapTo(self.window, to)

    def tell(self, at: QPoint) -> None:
        """Wait over a pixel of the canvas until the tip comes."""
        self.point(at)
        self._told = at

    # --- the camera ----------------------------------------------------------------------------

    def snap(self, part: Part = None) -> None:
        """Photograph the window, or a part of it, in both modes."""
        shot: Shot = {}
        for mode in MODES:
            theme().set_mode(mode)
            for item in self.canvas.items_scene.items():
                item.update()
            self._show_tip()
            settle(0.3)
            shot[mode] = self._photograph(part)
        QToolTip.hideText()
        self.shots.append(shot)

    def add(self, make: Callable[[], QImage]) -> None:
        """Put another picture beside the others, made in each mode."""
        shot: Shot = {}
        for mode in MODES:
            theme().set_mode(mode)
            shot[mode] = make()
        self.shots.append(shot)

    def _show_tip(self) -> None:
        if self._told is None:
            return
        port = self.canvas.viewport()
        QToolTip.hideText()
        settle(0.4)
        event = QHelpEvent(QEvent.Type.ToolTip, self._told, port.mapToGlobal(self._told))
        QApplication.sendEvent(port, event)

    def _photograph(self, part: Part) -> QImage:
        """The window with all that lies over it: menus, tips, other windows, the mouse."""
        image = self.window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        corner = self.window.pos()
        for widget in QApplication.topLevelWidgets():
            if widget.isVisible() and widget is not self.window and widget.width() > 1:
                place = QRect(widget.pos() - corner, widget.size())
                painter.drawPixmap(place, widget.grab())
                if widget.windowType() is Qt.WindowType.Dialog:
                    # The desktop would draw its edge.
                    painter.setPen(theme().color("muted"))
                    painter.drawRect(place)
        if self._pointer is not None:
            painter.translate(self._pointer)
            painter.setPen(QPen(QColor("white"), 1.2))
            painter.setBrush(QColor("black"))
            painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in _ARROW]))
        painter.end()
        if part is None:
            return image
        area = part
        if isinstance(part, QWidget):
            area = QRect(part.mapTo(self.window, QPoint(0, 0)), part.size())
        ratio = image.devicePixelRatio()
        return image.copy(QRect(area.topLeft() * ratio, area.size() * ratio))

    def close(self) -> None:
        """Throw it away."""
        self.canvas.cancel_gesture()
        for one in self.window.workspaces:
            one.editor.replace_project(Project())
            one.session.begin(Project())
        self.window.close()
        self.window.deleteLater()
        for widget in QApplication.topLevelWidgets():
            widget.close()
        settle(0.1)
        # Without a running event loop Qt would keep it, and give it every change of the theme.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def beside(images: Sequence[QImage]) -> QImage:
    """Pictures beside each other, with a line between them."""
    width = sum(one.width() + GAP for one in images) - GAP
    image = QImage(width, max(one.height() for one in images), QImage.Format.Format_RGB32)
    image.fill(theme().color("line"))
    painter = QPainter(image)
    left = 0
    for one in images:
        painter.drawImage(QRect(left, 0, one.width(), one.height()), one)
        left += one.width() + GAP
    painter.end()
    return image


def write(image: QImage, path: Path) -> None:
    """Write a picture with few colours, which makes the file small: those of the theme, which may
    be rare, and the most frequent of the others."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    size, line = (image.width(), image.height()), image.bytesPerLine()
    whole = Image.frombytes("RGB", size, bytes(image.constBits()), "raw", "RGB", line)
    few = whole.quantize(COLORS - len(TOKENS), dither=Image.Dither.NONE).getpalette() or []
    tokens = [theme().color(token).getRgb()[:3] for token in TOKENS]
    colors = np.array([*tokens, *zip(few[0::3], few[1::3], few[2::3], strict=True)], int)
    pixels, where = np.unique(np.asarray(whole, int).reshape(-1, 3), axis=0, return_inverse=True)
    nearest = np.array([np.abs(colors - one).sum(axis=1).argmin() for one in pixels], np.uint8)
    chosen = Image.fromarray(nearest[where].reshape(size[1], size[0]), "P")
    chosen.putpalette(colors.astype(np.uint8).tobytes())
    chosen.save(path, optimize=True)
