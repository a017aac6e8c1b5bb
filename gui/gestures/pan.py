"""Moving the canvas under the view: middle button, or Space and the left one."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF, Qt

from gui.gestures.gesture import Gesture


class PanGesture(Gesture):
    """The grabbed place of the canvas stays under the mouse."""

    cursor = Qt.CursorShape.ClosedHandCursor
    pans_at_edges = False

    def move(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Follow the mouse."""
        camera = self.canvas.camera
        camera.bring(self.began, camera.to_view(place))
        self.hint(QCoreApplication.translate("Canvas", "Moving the view; nothing is changed"))

    def cancel(self) -> None:
        """Nothing to undo: looking elsewhere changes nothing."""
