"""Back and forward through the places looked at: which block, and what part of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, Signal

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView

MOST_PLACES = 100


@dataclass(frozen=True, slots=True)
class Place:
    """A block, the point of it that is in the middle of the view, and the zoom."""

    block: str
    middle: tuple[float, float]
    zoom: float


class Visited(QObject):
    """Remembers a place whenever another block or a far node is shown instead. Made before the
    canvas itself follows the editor, since it must see what is left.

    Signals:
        changed(): there is another way back or forward.
    """

    changed = Signal()

    def __init__(self, canvas: CanvasView) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._block = canvas.editor.block
        self._behind: list[Place] = []
        self._ahead: list[Place] = []
        self._start: Place | None = None
        self._going = False
        canvas.editor.block_renamed.connect(self._rename)
        canvas.editor.block_changed.connect(self._leave_block)
        canvas.editor.replaced.connect(self._forget)
        canvas.editor.show_node.connect(self._leave_part)

    def back(self) -> bool:
        """Show what was looked at before; False where there is nothing."""
        return self._go(self._behind, self._ahead)

    def forward(self) -> bool:
        """Show again what was gone back from; False where there is nothing."""
        return self._go(self._ahead, self._behind)

    def arrived(self) -> None:
        """The canvas shows another block from its start."""
        self._start = self._here()

    def can_go_back(self) -> bool:
        """Whether there is a way back."""
        return any(self._exists(place) for place in self._behind)

    def can_go_forward(self) -> bool:
        """Whether there is a way forward."""
        return any(self._exists(place) for place in self._ahead)

    def _here(self) -> Place:
        middle = self._canvas.camera.seen().center()
        return Place(self._block, (middle.x(), middle.y()), self._canvas.zoom)

    def _exists(self, place: Place) -> bool:
        return place.block in self._canvas.editor.document.state.blocks

    def _leave_block(self, block: str) -> None:
        if block != self._block and not self._going:
            self._remember()
        self._block = block

    def _leave_part(self, _block: str, _node: str) -> None:
        """A jump within a block; not where one has just come into it for that node."""
        if not self._going and self._here() != self._start:
            self._remember()

    def _remember(self) -> None:
        here = self._here()
        if not self._behind or self._behind[-1] != here:
            self._behind = [*self._behind, here][-MOST_PLACES:]
        self._ahead = []
        self.changed.emit()

    def _forget(self) -> None:
        self._behind, self._ahead = [], []
        self.changed.emit()

    def _rename(self, old: str, new: str) -> None:
        for places in (self._behind, self._ahead):
            places[:] = [replace(p, block=new) if p.block == old else p for p in places]
        if self._block == old:
            self._block = new

    def _go(self, source: list[Place], other: list[Place]) -> bool:
        while source:
            place = source.pop()
            if self._exists(place):
                other.append(self._here())
                self._show(place)
                self.changed.emit()
                return True
        return False

    def _show(self, place: Place) -> None:
        canvas = self._canvas
        self._going = True
        canvas.editor.open_block(place.block)
        self._going = False
        canvas.set_zoom(place.zoom)
        middle = QPointF(*place.middle)
        canvas.pan(0, 0)
        canvas.camera.update_limits(around=middle)
        canvas.camera.look_at(middle)
