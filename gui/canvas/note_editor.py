"""Writing on a note where it lies: a field over the sheet, in the size in which it is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint

from graph.edits import set_argument
from graph.layers.note import Note
from gui.fields.prose_field import ProseField
from gui.look.theme import SMALL_SIZE, font

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView

INSIDE = 4


class NoteEditor(ProseField):
    """The field over a note. What is written is in the project at once, as one step of undo; the
    field goes with Escape, with a click elsewhere, and when the canvas moves."""

    def __init__(self, canvas: CanvasView, name: str) -> None:
        super().__init__(Note.PARAMETERS["text"], canvas.viewport())
        self.setObjectName("note_editor")
        self._canvas = canvas
        self._name = name
        self._block = canvas.editor.block
        # The field grows with its note, from the upper edge, which the note itself does not.
        self._top = canvas.items_scene.node_items[name].card_on_canvas().topLeft()
        chosen = font(SMALL_SIZE)
        chosen.setPixelSize(max(round(SMALL_SIZE * canvas.zoom), 8))
        self.setFont(chosen)
        self.show_value(self._text())
        self.selectAll()
        self._place()
        self.edited.connect(self._write)
        self.left.connect(self.finish)
        canvas.editor.document.changed.connect(self._follow)
        canvas.zoom_changed.connect(self.finish)
        canvas.editor.block_changed.connect(self.finish)
        self.show()
        self.setFocus()

    def _text(self) -> str:
        node = self._canvas.editor.document.state.blocks[self._block].nodes[self._name]
        return str(node.arguments.get("text", ""))

    def _place(self) -> None:
        canvas = self._canvas
        item = canvas.items_scene.node_items[self._name]
        corner = canvas.camera.to_view(self._top)
        width = round(item.card.width() * canvas.zoom)
        height = round(max(item.card.height(), 90.0) * canvas.zoom)
        self.move(QPoint(round(corner.x()), round(corner.y())))
        self.resize(width, height + 2 * INSIDE)

    def _write(self, text: Any) -> None:
        editor, block, name = self._canvas.editor, self._block, self._name
        editor.apply(
            self.tr("Write {name}").format(name=name),
            lambda project: set_argument(project, block, name, "text", text),
            merge=f"note {block} {name} {id(self)}",
        )

    def _follow(self, _: object) -> None:
        blocks = self._canvas.editor.document.state.blocks
        if self._block not in blocks or self._name not in blocks[self._block].nodes:
            self.finish()
            return
        self.show_value(self._text())
        self._place()

    def finish(self, *_: object) -> None:
        """Take the field away; what was written stays."""
        if self._canvas.note_editor is not self:
            return
        self._canvas.note_editor = None
        self._canvas.editor.document.changed.disconnect(self._follow)
        if self.hasFocus():
            # Not where the keyboard went elsewhere, such as into a field of the inspector.
            self._canvas.setFocus()
        self.hide()
        self.deleteLater()
