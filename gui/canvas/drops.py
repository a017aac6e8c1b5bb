"""What is dragged from the palette over the canvas."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent

from gui.canvas.mouse import MouseView
from gui.gestures.dragged import dropped_type
from gui.gestures.drop import DropGesture


class DropView(MouseView):
    """The part of the canvas that takes what comes from elsewhere in the window."""

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Show where a layer would be put."""
        dropped = dropped_type(event.mimeData())
        if dropped is None:
            event.ignore()
            return
        self.cancel_gesture()
        canvas = self.canvas
        place = canvas.camera.to_canvas(event.position())
        self.begin(DropGesture(canvas, type_=dropped[0], is_block=dropped[1]), place)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Follow the mouse."""
        if isinstance(self.gesture, DropGesture):
            place = self.canvas.camera.to_canvas(event.position())
            self.gesture.move(place, event.modifiers())
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """It went elsewhere."""
        if isinstance(self.gesture, DropGesture):
            self.cancel_gesture()

    def dropEvent(self, event: QDropEvent) -> None:
        """Add it."""
        dropped = dropped_type(event.mimeData())
        if dropped is None:
            event.ignore()
            return
        canvas = self.canvas
        place = canvas.camera.to_canvas(event.position())
        if not isinstance(self.gesture, DropGesture):
            self.begin(DropGesture(canvas, type_=dropped[0], is_block=dropped[1]), place)
        self._finish(place, event.modifiers())
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.setFocus(Qt.FocusReason.MouseFocusReason)
