"""Typing the name of a block where its node stands, as soon as it was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QFrame, QVBoxLayout

from graph.edits import EditError
from graph.grouping import rename_group
from gui.fields.field import LineEdit, mark_wrong
from gui.runs.parts import label

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView

LEAST_WIDTH = 190


class BlockNameField(QFrame):
    """The field over the node of a new block. Enter takes the name; Escape keeps the one that the
    block got; both are one step of undo with the making of the block.

    Args:
        merge: the text with which the block was made, see `Editor.apply`.
    """

    def __init__(self, canvas: CanvasView, node: str, merge: str) -> None:
        super().__init__(canvas.viewport())
        self.setObjectName("block_name")
        self.setProperty("role", "card")
        self._canvas = canvas
        self._block, self._path = canvas.editor.chosen[0], canvas.editor.path
        self._node = node
        self._merge = merge
        self.line = LineEdit(self)
        self.line.setObjectName("block_name_line")
        self.line.setProperty("role", "title")
        self.line.setAccessibleName(self.tr("Name of the new block"))
        self.line.setText(canvas.editor.document.state.blocks[self._block].nodes[node].type)
        self.line.selectAll()
        self.error = label("", "error", "block_name_error", wrap=True)
        self.error.hide()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(4, 4, 4, 4)
        self._column.setSpacing(2)
        self._column.addWidget(self.line)
        self._column.addWidget(self.error)
        self._place()
        self.line.textEdited.connect(self._check)
        self.line.left.connect(self._left)
        self.line.cancelled.connect(self.finish)
        editor = canvas.editor
        editor.document.changed.connect(self._follow)
        editor.block_changed.connect(self.finish)
        canvas.zoom_changed.connect(self._zoomed)
        self.show()
        self.line.setFocus()

    def _place(self) -> None:
        canvas = self._canvas
        drawing = canvas.items_scene.find(self._path) or canvas.items_scene
        card = drawing.node_items[self._node].card_on_canvas().translated(drawing.origin())
        card = canvas.camera.transform().mapRect(card)
        width = max(round(card.width()), LEAST_WIDTH)
        self.setFixedWidth(width)
        # Without a text that wraps, Qt knows no height for a width.
        hint = self._column.totalSizeHint().height()
        self.setFixedHeight(max(self._column.totalHeightForWidth(width), hint))
        room = canvas.viewport().rect()
        left = min(round(card.center().x() - width / 2), room.right() - width - 4)
        top = min(round(card.top()), room.bottom() - self.height() - 4)
        self.move(QPoint(max(left, 4), max(top, 4)))

    def _refusal(self) -> str:
        """Why the name that stands there cannot be taken; empty where it can."""
        try:
            rename_group(self._canvas.editor.document.state, self._block, self._node, self._wish())
        except EditError as error:
            text = str(error)
            return text[:1].upper() + text[1:]
        return ""

    def _wish(self) -> str:
        return self.line.text().strip()

    def _check(self) -> None:
        text = self._refusal()
        mark_wrong(self.line, bool(text))
        self.error.setText(text)
        self.error.setVisible(bool(text))
        self._place()

    def _left(self) -> None:
        """Enter, or the keyboard went elsewhere; a name that cannot be taken is not."""
        if self._canvas.block_name is not self:
            return
        refusal = self._refusal()
        if refusal and self.line.hasFocus():
            self._check()
            return
        if not refusal:
            self._rename()
        self.finish()

    def _zoomed(self, *_: object) -> None:
        """The node is no longer where the field lies."""
        self._canvas.setFocus()

    def _rename(self) -> None:
        editor, block, wish = self._canvas.editor, self._block, self._wish()
        done = rename_group(editor.document.state, block, self._node, wish)
        self._node = done.node
        editor.apply(
            self.tr("Make block {name}").format(name=wish),
            lambda _: done.project,
            merge=self._merge,
            path=self._path,
        )
        editor.select([done.node], self._path)

    def _follow(self, _: object) -> None:
        blocks = self._canvas.editor.document.state.blocks
        if self._block not in blocks or self._node not in blocks[self._block].nodes:
            self.finish()

    def finish(self, *_: object) -> None:
        """Take the field away; the block keeps the name that it has."""
        canvas = self._canvas
        if canvas.block_name is not self:
            return
        canvas.block_name = None
        canvas.editor.document.changed.disconnect(self._follow)
        if self.line.hasFocus():
            # First: where a focused field is hidden, Qt goes on to the next node.
            canvas.setFocus()
        self.hide()
        self.deleteLater()
