"""Which gesture a press starts, and where its moves go."""

from __future__ import annotations

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
from gui.canvas.edge_pan import EdgePan
from gui.canvas.frames import corner_at
from gui.canvas.glide import Part
from gui.canvas.hits import NOTHING, Hit, hit_test
from gui.canvas.tips import tip
from gui.editor import Inside
from gui.gestures.gesture import Gesture
from gui.gestures.link import LinkGesture
from gui.gestures.marquee import MarqueeGesture
from gui.gestures.move import MoveGesture
from gui.gestures.move_inside import MoveInsideGesture
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
        self._on_click: Part | Inside | None = None
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
        gesture.start(place)

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
            gesture.finish(place, modifiers)
            self._over()

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
            self._press_left(hit_test(canvas.items_scene, place, canvas.zoom), place, event)
        event.accept()

    def _press_left(self, hit: Hit, place: QPointF, event: QMouseEvent) -> None:
        canvas = self.canvas
        editor, scene = canvas.editor, canvas.items_scene
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._on_click = None
        corner = corner_at(scene, place, canvas.zoom) if hit.sort in ("nothing", "link") else ""
        if corner:
            self.begin(ResizeGesture(canvas, frame=corner), place)
        elif hit.port is not None:
            self.begin(LinkGesture(canvas, port=hit.port), place)
        elif hit.inner:
            self._press_inner(hit, adding=control or shift)
        elif hit.node:
            if control or shift:
                editor.select(editor.selection ^ {hit.node})
            elif hit.node not in editor.selection:
                scene.select_links(())
                editor.select([hit.node])
            else:
                # Others stay selected for a drag; a click alone selects this one only.
                self._on_click = hit.node
            if hit.node in editor.selection:
                self._waiting = MoveGesture(canvas, held=hit.node)
        elif hit.dot is not None:
            self._press_dot(hit.dot, adding=control or shift)
        elif hit.link is not None:
            if control or shift:
                scene.select_links(scene.selected_links ^ {hit.link}, scene.selected_dots)
            else:
                editor.select(())
                scene.select_links([hit.link])
        else:
            # Made first: Escape brings back what was selected before the press.
            self._waiting = MarqueeGesture(canvas)
            if not control and not shift:
                canvas.clear_selection()

    def _press_inner(self, hit: Hit, *, adding: bool) -> None:
        """Select a node inside of an expanded one, and wait whether it is moved."""
        canvas = self.canvas
        inside = canvas.editor.inside
        names = inside.names if inside is not None and inside.use == hit.node else frozenset()
        canvas.items_scene.select_links(())
        if adding:
            names = names ^ {hit.inner}
            canvas.editor.select_inside(hit.node, names)
        elif hit.inner not in names:
            names = frozenset({hit.inner})
            canvas.editor.select_inside(hit.node, names)
        else:
            self._on_click = Inside(hit.node, frozenset({hit.inner}))
        if hit.inner in names:
            self._waiting = MoveInsideGesture(canvas, use=hit.node, held=hit.inner)

    def _press_dot(self, dot: Dot, *, adding: bool) -> None:
        """Select a reroute point as a node is selected, and wait whether it is moved."""
        canvas = self.canvas
        scene = canvas.items_scene
        if adding:
            scene.select_links(scene.selected_links, scene.selected_dots ^ {dot})
        elif dot in scene.selected_dots:
            self._on_click = dot
        else:
            rerouting.select(canvas.editor, scene, dot)
        if dot in scene.selected_dots:
            self._waiting = MoveGesture(canvas, held=dot)

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
            self.begin(waiting, canvas.camera.to_canvas(self._pressed))
        if self.gesture is not None:
            self.gesture.move(place, event.modifiers())
            if self.gesture.pans_at_edges and event.buttons():
                self._edge_pan.aim(self._pressed, pixel)
        elif not event.buttons():
            hit = hit_test(canvas.items_scene, place, canvas.zoom)
            self._hover(hit)
            if hit.sort == "nothing" and not self._space:
                corner = corner_at(canvas.items_scene, place, canvas.zoom)
                shape = ResizeGesture.cursor if corner else Qt.CursorShape.ArrowCursor
                self.viewport().setCursor(shape)
        event.accept()

    def mouse_stays(self) -> None:
        """The canvas moved under the mouse while something is in hand."""
        if self.gesture is not None:
            place = self.canvas.camera.to_canvas(self._mouse)
            self.gesture.move(place, QApplication.keyboardModifiers())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Finish the gesture; a press that did not move was a click."""
        canvas = self.canvas
        if self._waiting is not None and event.button() == Qt.MouseButton.LeftButton:
            self._waiting = None
            if isinstance(self._on_click, str):
                canvas.items_scene.select_links(())
                canvas.editor.select([self._on_click])
            elif isinstance(self._on_click, Inside):
                canvas.editor.select_inside(self._on_click.use, self._on_click.names)
            elif self._on_click is not None:
                rerouting.select(canvas.editor, canvas.items_scene, self._on_click)
        elif self.gesture is not None and event.button() == self._held:
            self._finish(canvas.camera.to_canvas(event.position()), event.modifiers())
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open a block; add or remove a reroute point; on empty canvas ask for the search."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        canvas = self.canvas
        place = canvas.camera.to_canvas(event.position())
        hit = hit_test(canvas.items_scene, place, canvas.zoom)
        if hit.inner and not event.modifiers():
            commands.open_inner(canvas.editor, hit.node, hit.inner)
        elif hit.sort == "node" and not event.modifiers():
            if not commands.open_node(canvas.editor, hit.node) and not canvas.write_note(hit.node):
                self.mousePressEvent(event)
        elif hit.sort == "nothing":
            canvas.adder.open_at(place)
        elif hit.dot is not None and not event.modifiers():
            rerouting.remove(canvas.editor, [hit.dot])
        elif hit.link is not None and not event.modifiers():
            rerouting.add_at(canvas.editor, canvas.items_scene, hit.link, place)
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
        for old in _parts(self._hovered):
            if old[0] in scene.node_items:
                scene.node_items[old[0]].set_hovered(False)
        link = self._hovered.link
        if link is not None and link in scene.link_items:
            scene.link_items[link].set_state(hovered=False)
            scene.link_items[link].mark_dots()
        for node, port in _parts(hit):
            scene.node_items[node].set_hovered(hit.link is None, port)
        if hit.link is not None:
            scene.link_items[hit.link].set_state(hovered=True)
            scene.link_items[hit.link].mark_dots(hovered=hit.dot.number if hit.dot else None)
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
                hit = hit_test(canvas.items_scene, place, canvas.zoom)
                text = tip(canvas.items_scene, hit, place)
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
            self.canvas.adder.open_at(self._place_to_add())

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


def _parts(hit: Hit) -> list[tuple[str, tuple[str, bool] | None]]:
    """The nodes that something under the mouse lights up, each with the port concerned."""
    if hit.link is not None:
        link = hit.link
        return [(link.source, (link.output, False)), (link.target, (link.input, True))]
    if hit.port is not None:
        return [(hit.node, (hit.port.port, hit.port.is_input))]
    return [(hit.node, None)] if hit.node else []
