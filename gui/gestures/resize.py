"""Changing the size of a frame by its lower right corner."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF, Qt

from graph.framing import LEAST_HEIGHT, LEAST_WIDTH, frame_rectangle, set_rectangle
from graph.geometry import Rectangle
from gui.canvas.frames import show_frame
from gui.canvas.measures import SNAP, snapped
from gui.canvas.preferences import canvas_preferences
from gui.gestures.gesture import Gesture


class ResizeGesture(Gesture):
    """The corner follows the mouse, on the grid; what lies in the frame stays where it is."""

    cursor = Qt.CursorShape.SizeFDiagCursor

    def __init__(self, *args: object, frame: str) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.frame = frame

    def start(self, place: QPointF) -> None:
        """Take the corner."""
        super().start(place)
        self.scene.glide.finish()
        state = self.editor.document.state
        self.before = frame_rectangle(state, self.drawing.block.nodes[self.frame])

    def move(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Show the size that it would have."""
        show_frame(self.drawing, self.frame, self._rectangle(place, modifiers))
        text = QCoreApplication.translate("Canvas", "Release to keep this size · Esc: as it was")
        self.hint(text)

    def _rectangle(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> Rectangle:
        left, top, right, bottom = self.before
        right += place.x() - self.began.x()
        bottom += place.y() - self.began.y()
        free = modifiers & Qt.KeyboardModifier.AltModifier or not canvas_preferences().snaps
        if not free:
            right, bottom = snapped(right, SNAP), snapped(bottom, SNAP)
        return left, top, max(right, left + LEAST_WIDTH), max(bottom, top + LEAST_HEIGHT)

    def finish(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Keep that size, as one step of undo."""
        rectangle, block, frame = self._rectangle(place, modifiers), self.drawing.name, self.frame
        show_frame(self.drawing, frame, self.before)
        if rectangle != self.before:
            label = QCoreApplication.translate("Canvas", "Resize {name}").format(name=frame)
            self.drawing.apply(label, lambda p: set_rectangle(p, block, frame, rectangle))

    def cancel(self) -> None:
        """Back to the size that the model has."""
        if self.frame in self.drawing.node_items:
            show_frame(self.drawing, self.frame, self.before)
