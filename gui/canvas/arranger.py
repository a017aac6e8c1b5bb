"""Arranging the block that is shown, and bringing it into view when its nodes have come to rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from graph.direction import Arrangement, direction_of
from graph.layout import turn
from gui.canvas.drawn import course_in, shapes_in
from gui.canvas.scene import CanvasScene
from gui.editor import Editor

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
        self._arranging = arrange_block(canvas.editor, canvas.items_scene, arrangement)
        canvas.keep = canvas.show_start
        canvas.camera.update_limits()
        if not canvas.items_scene.glide.moving:
            self._arrived()

    def _arrived(self) -> None:
        """The nodes stand where they were arranged: show them, unless somebody looks elsewhere."""
        if self._arranging and self._canvas.keep is not None:
            self._canvas.keep()
        self._arranging = False


def arrange_block(
    editor: Editor, scene: CanvasScene, arrangement: Arrangement | None = None
) -> bool:
    """Put all nodes in order, in another way from now on where one is given, and say which links
    lost reroute points that somebody had set."""
    block, result = editor.block, editor.document.result(editor.block)
    way = arrangement or scene.block.arrangement
    shapes, course = shapes_in(scene, direction_of(way)), course_in(scene, direction_of(way))
    before = scene.block.links
    label = QCoreApplication.translate("Canvas", "Arrange {block}").format(block=block)
    done = editor.apply(label, lambda project: turn(project, block, way, shapes, result, course))
    lost = [
        old for old, new in zip(before, scene.block.links, strict=True) if old.by_hand > new.by_hand
    ]
    if done and lost:
        one = QCoreApplication.translate("Canvas", "{link} is").format(link=lost[0])
        several = QCoreApplication.translate("Canvas", "{count} links are").format(count=len(lost))
        text = QCoreApplication.translate(
            "Canvas",
            "Arranged. {links} no longer led as set by hand; undo brings that back",
        )
        editor.told.emit(text.format(links=one if len(lost) == 1 else several))
    return done
