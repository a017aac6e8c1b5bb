"""Arranging the block that is shown, and bringing it into view when its nodes have come to rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from graph.direction import Arrangement
from gui.canvas import commands

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView


class Arranger(QObject):
    """Puts the nodes of a canvas in order."""

    def __init__(self, canvas: CanvasView) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._arranging = False
        canvas.items_scene.glide.arrived.connect(self._arrived)

    def arrange(self, arrangement: Arrangement | None = None) -> None:
        """Put all nodes in order, in another way from now on where one is given."""
        canvas = self._canvas
        self._arranging = commands.arrange_block(canvas.editor, canvas.items_scene, arrangement)
        canvas.keep = canvas.show_start
        canvas.camera.update_limits()
        if not canvas.items_scene.glide.moving:
            self._arrived()

    def _arrived(self) -> None:
        """The nodes stand where they were arranged: show them, unless somebody looks elsewhere."""
        if self._arranging and self._canvas.keep is not None:
            self._canvas.keep()
        self._arranging = False
