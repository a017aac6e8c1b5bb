"""Where the parts that lie over the canvas stand: breadcrumb, problem, overview, notes."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QAbstractScrollArea

from gui.canvas.breadcrumb import Breadcrumb
from gui.canvas.camera import Camera
from gui.canvas.minimap import Minimap
from gui.canvas.overlay import CursorNote, EmptyNote
from gui.canvas.problem_card import ProblemCard
from gui.canvas.scene import CanvasScene
from gui.editor import Editor

MARGIN = 14
LEAST_ROOM = 560
"""Width of a view below which the overview would only be in the way."""


class Overlays:
    """They are children of the view and not of its viewport, which takes its children along when
    it scrolls."""

    def __init__(
        self, editor: Editor, scene: CanvasScene, camera: Camera, view: QAbstractScrollArea
    ) -> None:
        self._view = view
        self._scene = scene
        self.breadcrumb = Breadcrumb(editor, view)
        self.problem = ProblemCard(editor, view)
        self.minimap = Minimap(scene, camera, view)
        self.empty = EmptyNote(view)
        self.note = CursorNote(view)
        self.minimap_wanted = True
        self.problem.resized.connect(self.place)
        self.refresh()

    def refresh(self) -> None:
        """Follow the model."""
        self.breadcrumb.refresh()
        self.problem.refresh()
        self.empty.setVisible(not self._scene.node_items)
        self.place()

    def want_minimap(self, wanted: bool) -> None:
        """Show or hide the overview."""
        self.minimap_wanted = wanted
        self.place()

    def place(self) -> None:
        """Put everything where it belongs at the view's size."""
        width, height = self._view.width(), self._view.height()
        self.breadcrumb.set_room(width - 2 * MARGIN)
        self.breadcrumb.adjustSize()
        self.breadcrumb.move(MARGIN - 4, MARGIN - 4)
        self.problem.move(MARGIN, height - self.problem.height() - MARGIN)
        self.minimap.move(
            width - self.minimap.width() - MARGIN, height - self.minimap.height() - MARGIN
        )
        shown = self.minimap_wanted and width >= LEAST_ROOM and bool(self._scene.node_items)
        self.minimap.setVisible(shown)
        room = min(width - 2 * MARGIN, 420)
        self.empty.setFixedWidth(max(room, 60))
        self.empty.setFixedHeight(max(self.empty.heightForWidth(max(room, 60)), 20))
        self.empty.move((width - self.empty.width()) // 2, (height - self.empty.height()) // 2)

    def covered(self) -> list[QRectF]:
        """The parts of the view that nodes should not be put behind."""
        parts = (self.problem, self.minimap)
        return [QRectF(part.geometry()) for part in parts if not part.isHidden()]

    def leave_free(self, part: QRectF) -> bool:
        """Whether a part of the view is off its edges, and nothing lies over it."""
        inner = QRectF(self._view.viewport().rect()).adjusted(8.0, 40.0, -8.0, -8.0)
        return inner.contains(part) and not any(one.intersects(part) for one in self.covered())
