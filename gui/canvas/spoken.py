"""What a screen reader says of the canvas: its nodes are painted, not widgets with names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gui.canvas.badges import words_of
from gui.canvas.looks import NodeLook

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView


class Spoken(QObject):
    """Keeps the description of the canvas, whose change a screen reader says, that of what is
    selected."""

    def __init__(self, canvas: CanvasView) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        canvas.setAccessibleName(self.tr("Network canvas"))
        canvas.editor.selection_changed.connect(self.say)
        canvas.editor.document.changed.connect(self.say)
        self.say()

    def say(self, *_: object) -> None:
        """Say what is selected now."""
        text = self._words()
        if text != self._canvas.accessibleDescription():
            self._canvas.setAccessibleDescription(text)

    def _words(self) -> str:
        chosen = self._canvas.editor.chosen[1]
        items = self._canvas.items_scene.chosen_drawing.node_items
        if not chosen:
            return self.tr("Tab walks through the nodes in the order in which data flows.")
        if len(chosen) > 1 or not chosen <= items.keys():
            return self.tr("{count} nodes are selected").format(count=len(chosen))
        (name,) = chosen
        return self._of_node(items[name].look)

    def _of_node(self, look: NodeLook) -> str:
        """`conv1, Convolution, 6 filters 5×5, gives 6×28×28`; what is wrong comes last."""
        gives = self.tr("gives {size}").format(size=look.size) if look.size else ""
        wrong = self.tr("problem: {text}").format(text=look.problem) if look.problem else ""
        parts = (look.name, look.title, look.summary, look.note, gives, *words_of(look), wrong)
        return ", ".join(part for part in parts if part)
