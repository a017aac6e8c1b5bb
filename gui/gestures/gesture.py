"""What every gesture has in common: it starts, moves, and either finishes or is cancelled.

A gesture shows where it would lead without touching the model, and makes one edit when it is
finished. Cancelled, it leaves everything as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

if TYPE_CHECKING:
    from gui.canvas.drawing import Drawing
    from gui.canvas.view import CanvasView


class Gesture:
    """A gesture in hand. It acts in a drawing, and places are in that: the block that fills the
    canvas, or one that is shown in place of a node."""

    cursor: Qt.CursorShape | None = None
    """The shape of the mouse cursor meanwhile."""
    pans_at_edges = True
    """Whether the canvas moves under the mouse where that comes to an edge of the view."""

    def __init__(self, canvas: CanvasView, drawing: Drawing | None = None) -> None:
        """`drawing` is where it begins; the whole canvas where none is given."""
        self.canvas = canvas
        self.editor = canvas.editor
        self.scene = canvas.items_scene
        self.drawing: Drawing = drawing or self.scene
        self.began = QPointF()

    def can_start(self) -> bool:
        """Whether what was pressed is still what it was when the mouse moves."""
        return True

    def start(self, place: QPointF) -> None:
        """Begin where the button went down."""
        self.began = QPointF(place)

    def move(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Follow the mouse."""

    def finish(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Do what it showed; afterwards it is over."""

    def cancel(self) -> None:
        """Leave everything as it was before it started."""

    def hint(self, text: str) -> None:
        """Say in the status bar what it would do."""
        self.editor.hint.emit(text)
