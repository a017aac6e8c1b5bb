"""What gestures that move nodes have in common: what is in hand keeps to the grid, and lines up
with others."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QPointF, QRectF, Qt

from graph.direction import TOP_DOWN
from graph.snapping import Neighbours
from gui.canvas.labels import edges_of
from gui.canvas.measures import SNAP
from gui.canvas.preferences import canvas_preferences
from gui.gestures.gesture import Gesture
from gui.gestures.guides import GuideLines

ALIGN_REACH = 7.0
"""How near the node in hand must come to being in line with others, in pixels."""


class LiningUpGesture(Gesture):
    """Thin lines show with what it is in line. With Alt, or where the canvas is told so, it neither
    keeps to the grid nor lines up."""

    cursor = Qt.CursorShape.SizeAllCursor

    def line_up_with(self, cards: Iterable[QRectF]) -> None:
        """From now on with these."""
        self.neighbours = Neighbours(map(edges_of, cards))
        self.guides = GuideLines(self.scene.surface)
        self.drawing.add_item(self.guides)

    def lined_up(
        self,
        before: QPointF,
        card: QRectF,
        place: QPointF,
        modifiers: Qt.KeyboardModifier,
        straight: Callable[[], Iterable[float]],
    ) -> QPointF:
        """How far what is in hand has gone.

        Args:
            before: where its middle was.
            card: of its size.
            place: where the mouse is.
            straight: gives places across the flow at which one of its links would be straight.
        """
        wished = before + (place - self.began)
        if modifiers & Qt.KeyboardModifier.AltModifier or not canvas_preferences().snaps:
            self.guides.show_guides(())
            return QPointF(round(wished.x()), round(wished.y())) - before
        snapped = self.neighbours.snap(
            (wished.x(), wished.y()),
            (card.width(), card.height()),
            reach=ALIGN_REACH / self.canvas.camera.zoom,
            grid=SNAP,
            straight=straight(),
            axis=0 if self.scene.surface.direction == TOP_DOWN else 1,
        )
        self.guides.show_guides(snapped.guides)
        return QPointF(*snapped.center) - before
