"""Which gesture a press starts, and where its moves go."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import (
    QHelpEvent,
    QInputDevice,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QGraphicsView, QToolTip, QWidget

from graph.dots import Dot
from gui.canvas import commands, rerouting
from gui.canvas.drawing import Drawing
from gui.canvas.edge_pan import EdgePan
from gui.canvas.frames import corner_at
from gui.canvas.glide import Part
from gui.canvas.hits import NOTHING, Hit, hit_test, is_ground, lit_by
from gui.canvas.tips import tip
from gui.editor import Path
from gui.gestures.gesture import Gesture
from gui.gestures.link import LinkGesture
from gui.gestures.marquee import MarqueeGesture
from gui.gestures.move import MoveGesture
from gui.gestures.pan import PanGesture
from gui.gestures.resize import ResizeGesture

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView

WHEEL_ZOOM = 1.0015
"""Per unit of a wheel's angle; a notch is 120 of them."""


class MouseView(QGraphicsView):
    """The half of the canvas that turns events into gestures."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.gesture: Gesture | None = None
        self._waiting: Gesture | None = None
        self._pressed = QPointF()
        self._held = Qt.MouseButton.NoButton
        self._put_back = False
        self._on_click: Callable[[], None] = _nothing
        self._hovered: Hit = NOTHING
        self._space = self._space_used = False
        self._mouse = QPointF()
        self._edge_pan = EdgePan(self)

    @property
    def canvas(self) -> CanvasView:
        """This view, as what it is."""
        from gui.canvas.view import CanvasView

        assert isinstance(self, CanvasView)  # noqa: S101
        return self

    # --- gestures ------------------------------------------------------------------------------

    def begin(self, gesture: Gesture, place: QPointF) -> None:
        """Take a gesture in hand."""
        self._hover(NOTHING)
        self.gesture = gesture
        if gesture.cursor is not None:
            self.viewport().setCursor(gesture.cursor)
        gesture.start(gesture.drawing.local(place))

    def cancel_gesture(self) -> None:
        """Drop what is in hand; the model stays as it is."""
        self._waiting = None
        self._edge_pan.stop()
        gesture, self.gesture = self.gesture, None
        if gesture is not None:
            gesture.cancel()
            self._over()

    def _finish(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        self._edge_pan.stop()
        # No longer in hand: the edit that it makes must not cancel it.
        gesture, self.gesture = self.gesture, None
        if gesture is not None:
            gesture.finish(gesture.drawing.local(place), modifiers)
            self._over()

    def _hit(self, place: QPointF) -> Hit:
        """What lies at a place of the canvas."""
        return hit_test(self.canvas.items_scene, place, self.canvas.zoom)

    def _over(self) -> None:
        shape = Qt.CursorShape.OpenHandCursor if self._space else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)
        self.canvas.editor.hint.emit("")

    # --- mouse ---------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start what the place and the button mean; the right one drops what is in hand."""
        self._put_back = False
        if self.gesture is not None or self._waiting is not None:
            if event.button() == Qt.MouseButton.RightButton:
                self.cancel_gesture()
                self._put_back = True
            return
        self._held = event.button()
        canvas = self.canvas
        canvas.items_scene.glide.finish()
        pixel = event.position()
        place = canvas.camera.to_canvas(pixel)
        left = event.button() == Qt.MouseButton.LeftButton
        if event.button() == Qt.MouseButton.MiddleButton or (left and self._space):
            self._space_used = True
            canvas.pan(0, 0)
            self.begin(PanGesture(canvas), place)
        elif left:
            self._pressed = pixel
            self._press_left(self._hit(place), place, event)
        event.accept()

    def _press_left(self, hit: Hit, place: QPointF, event: QMouseEvent) -> None:
        canvas = self.canvas
        scene = canvas.items_scene
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        adding = control or shift
        self._on_click = _nothing
        ground, here = scene.at(place), scene.find(hit.path) or scene
        corner = self._corner_at(hit, ground, place)
        if corner:
            self.begin(ResizeGesture(canvas, ground, frame=corner), place)
        elif hit.port is not None:
            self.begin(LinkGesture(canvas, here, port=hit.port), place)
        elif is_ground(hit, ground):
            # A click means the whole node, a drag what is inside of it.
            self._on_click = partial(self._select, hit.path, hit.node, adding=adding)
            self._waiting = MarqueeGesture(canvas, ground)
        elif hit.part is not None:
            if adding or not self._is_selected(hit.path, hit.part):
                self._select(hit.path, hit.part, adding=adding)
            else:
                # Others stay selected for a drag; a click alone selects this one only.
                self._on_click = partial(self._select, hit.path, hit.part)
            if self._is_selected(hit.path, hit.part):
                self._waiting = MoveGesture(canvas, here, held=hit.part)
        elif hit.link is not None:
            if adding and canvas.editor.path == hit.path:
                scene.select_links(scene.selected_links ^ {hit.link}, scene.selected_dots)
            else:
                canvas.editor.select((), hit.path)
                scene.select_links([hit.link])
        else:
            # Made first: Escape brings back what was selected before the press.
            self._waiting = MarqueeGesture(canvas)
            if not adding:
                canvas.clear_selection()

    def _corner_at(self, hit: Hit, ground: Drawing, place: QPointF) -> str:
        """The frame whose corner lies there, if nothing lies on it."""
        if hit.sort in ("nothing", "link") or is_ground(hit, ground):
            return corner_at(ground, ground.local(place), self.canvas.zoom)
        return ""

    def _is_selected(self, path: Path, part: Part) -> bool:
        editor, scene = self.canvas.editor, self.canvas.items_scene
        return editor.path == path and part in editor.chosen[1] | scene.selected_dots

    def _select(self, path: Path, part: Part, *, adding: bool = False) -> None:
        """Select a node or a reroute point alone, or besides what is selected beside it."""
        editor, scene = self.canvas.editor, self.canvas.items_scene
        if not adding:
            scene.select_links(())
        if isinstance(part, Dot):
            if not adding or editor.path != path:
                editor.select((), path)
            dots = scene.selected_dots ^ {part} if adding else {part}
            scene.select_links(scene.selected_links, dots)
        else:
            others = editor.chosen[1] if editor.path == path and adding else frozenset()
            editor.select(others ^ {part}, path)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the gesture, or light up what lies under the mouse."""
        canvas = self.canvas
        pixel = self._mouse = event.position()
        place = canvas.camera.to_canvas(pixel)
        if self._waiting is not None and event.buttons() & Qt.MouseButton.LeftButton:
            away = pixel - self._pressed
            if away.manhattanLength() < QApplication.startDragDistance() / 2:
                return
            waiting, self._waiting = self._waiting, None
            if waiting.can_start():
                self.begin(waiting, canvas.camera.to_canvas(self._pressed))
        if self.gesture is not None:
            self.gesture.move(self.gesture.drawing.local(place), event.modifiers())
            if self.gesture.pans_at_edges and event.buttons():
                self._edge_pan.aim(self._pressed, pixel)
        elif not event.buttons():
            hit, ground = self._hit(place), canvas.items_scene.at(place)
            self._hover(hit)
            bare = hit.sort == "nothing" or is_ground(hit, ground)
            if bare and not self._space:
                corner = self._corner_at(hit, ground, place)
                shape = ResizeGesture.cursor if corner else Qt.CursorShape.ArrowCursor
                self.viewport().setCursor(shape)
        event.accept()

    def mouse_stays(self) -> None:
        """The canvas moved under the mouse while something is in hand."""
        if self.gesture is not None:
            place = self.canvas.camera.to_canvas(self._mouse)
            self.gesture.move(self.gesture.drawing.local(place), QApplication.keyboardModifiers())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Finish the gesture; a press that did not move was a click."""
        canvas = self.canvas
        if self._waiting is not None and event.button() == Qt.MouseButton.LeftButton:
            self._waiting = None
            self._on_click()
        elif self.gesture is not None and event.button() == self._held:
            self._finish(canvas.camera.to_canvas(event.position()), event.modifiers())
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open a block; add or remove a reroute point; on empty canvas ask for the search."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        canvas = self.canvas
        place = canvas.camera.to_canvas(event.position())
        hit, ground = self._hit(place), canvas.items_scene.at(place)
        here = canvas.items_scene.find(hit.path) or canvas.items_scene
        if hit.sort == "nothing" or is_ground(hit, ground):
            canvas.adder.open_at(ground, ground.local(place))
        elif event.modifiers():
            self.mousePressEvent(event)
        elif hit.sort == "node" and hit.path:
            commands.open_inner(here, hit.node)
        elif hit.sort == "node":
            if not commands.open_node(canvas.editor, hit.node) and not canvas.write_note(hit.node):
                self.mousePressEvent(event)
        elif hit.dot is not None:
            rerouting.remove(here, [hit.dot])
        elif hit.link is not None:
            rerouting.add_at(canvas.items_scene, here, hit.link, here.local(place))
        else:
            self.mousePressEvent(event)
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing lies under the mouse any more."""
        self._hover(NOTHING)
        super().leaveEvent(event)

    def _hover(self, hit: Hit) -> None:
        if hit == self._hovered:
            return
        scene = self.canvas.items_scene
        before, here = scene.find(self._hovered.path), scene.find(hit.path)
        if before is not None:
            for item, _ in lit_by(before, self._hovered):
                item.set_hovered(False)
            if self._hovered.link in before.link_items:
                before.link_items[self._hovered.link].set_state(hovered=False)
                before.link_items[self._hovered.link].mark_dots()
        if here is not None:
            for item, port in lit_by(here, hit):
                item.set_hovered(hit.link is None, port)
            if hit.link is not None:
                here.link_items[hit.link].set_state(hovered=True)
                here.link_items[hit.link].mark_dots(hovered=hit.dot.number if hit.dot else None)
        self._hovered = hit
        if not self._space:
            on_port = hit.port is not None
            shape = Qt.CursorShape.CrossCursor if on_port else Qt.CursorShape.ArrowCursor
            self.viewport().setCursor(shape)

    def viewportEvent(self, event: QEvent) -> bool:
        """Tooltips, and pinching on a touchpad."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            canvas = self.canvas
            place = canvas.camera.to_canvas(QPointF(event.pos()))
            text = ""
            if self.gesture is None:
                text = tip(canvas.items_scene, self._hit(place), place)
            QToolTip.showText(event.globalPos(), text, self.viewport())
            return True
        if (
            isinstance(event, QNativeGestureEvent)
            and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture
        ):
            zoom = self.canvas.zoom * (1.0 + event.value())
            self.canvas._zoom_to(zoom, event.position())
            return True
        return super().viewportEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom around the mouse; two fingers on a touchpad and Shift pan."""
        modifiers = event.modifiers()
        angle = event.angleDelta()
        touchpad = event.device().type() == QInputDevice.DeviceType.TouchPad
        if touchpad and not modifiers & Qt.KeyboardModifier.ControlModifier:
            pixels = event.pixelDelta()
            moved = pixels if not pixels.isNull() else angle
            self.canvas.pan(moved.x(), moved.y())
        elif modifiers & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier):
            self.canvas.pan(angle.y() or angle.x(), 0)
        else:
            turned = angle.y() or angle.x()
            self.canvas._zoom_to(self.canvas.zoom * WHEEL_ZOOM**turned, event.position())
        event.accept()

    # --- Space ---------------------------------------------------------------------------------

    def space_pressed(self, event: QKeyEvent) -> None:
        """From now on the left button pans."""
        if not event.isAutoRepeat() and self.gesture is None:
            self._space, self._space_used = True, False
            self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
        event.accept()

    def space_released(self, event: QKeyEvent) -> None:
        """Space that was not used for panning asks for the search."""
        if event.isAutoRepeat() or not self._space:
            return
        used = self._space_used
        self.forget_space()
        if not used:
            place = self._place_to_add()
            ground = self.canvas.items_scene.at(place)
            self.canvas.adder.open_at(ground, ground.local(place))

    def _place_to_add(self) -> QPointF:
        """Under the mouse, or in the middle of the view where the mouse is elsewhere."""
        canvas = self.canvas
        if self.viewport().underMouse():
            return canvas.camera.to_canvas(self._mouse)
        return canvas.camera.seen().center()

    def forget_space(self) -> None:
        """Space is not held."""
        if self._space:
            self._space = False
            if self.gesture is None:
                self.viewport().setCursor(Qt.CursorShape.ArrowCursor)


def _nothing() -> None:
    """What a click does besides the press."""
