"""The way to the shown block: project › main › block. Earlier parts lead back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from graph.state import MAIN
from gui.canvas.overlay import Dress
from gui.editor import Editor

LONGEST = 40
"""Characters of a project's name."""


class Breadcrumb(QWidget):
    """Names of the project and of the blocks that were opened on the way."""

    def __init__(self, editor: Editor, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("canvas_breadcrumb")
        self.editor = editor
        self.trail: list[str] = [MAIN]
        self._shown: tuple[str, ...] = ()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(6)
        Dress(
            self,
            "#canvas_breadcrumb QLabel { color: $muted; background: transparent; }"
            "#canvas_breadcrumb QLabel#canvas_breadcrumb_here"
            " { color: $text; font-weight: 600; }"
            "#canvas_breadcrumb QPushButton { color: $muted; background: transparent;"
            " border: none; padding: 0; margin: 0; min-height: 0; }"
            "#canvas_breadcrumb QPushButton:hover, #canvas_breadcrumb QPushButton:focus"
            " { color: $accent; text-decoration: underline; }",
        )
        self.refresh()

    def follow(self, block: str) -> None:
        """Another block is shown."""
        if block in self.trail:
            del self.trail[self.trail.index(block) + 1 :]
        else:
            inside = self.editor.document.state.blocks.get(self.trail[-1])
            uses = inside is not None and any(
                node.is_block and node.type == block for node in inside.nodes.values()
            )
            self.trail = [*self.trail, block] if uses else [MAIN, block]
        self.refresh()

    def refresh(self) -> None:
        """Show the names as they are now."""
        state = self.editor.document.state
        self.trail = [name for name in self.trail if name in state.blocks] or [MAIN]
        name = state.name if len(state.name) <= LONGEST else f"{state.name[:LONGEST]}…"
        shown = (name, *self.trail)
        if shown == self._shown:
            return
        self._shown = shown
        while (entry := self._row.takeAt(0)) is not None:
            widget = entry.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._label(name, "canvas_breadcrumb_project")
        for block in self.trail[:-1]:
            self._label("›", "canvas_breadcrumb_arrow")
            self._button(block)
        self._label("›", "canvas_breadcrumb_arrow")
        self._label(self.trail[-1], "canvas_breadcrumb_here")
        self.adjustSize()

    def _label(self, text: str, name: str) -> None:
        label = QLabel(text, self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setObjectName(name)
        self._row.addWidget(label)

    def _button(self, block: str) -> None:
        button = QPushButton(block, self)
        button.setObjectName(f"canvas_breadcrumb_{block}")
        button.setFlat(True)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.setAccessibleName(self.tr("Show block {name}").format(name=block))
        button.clicked.connect(lambda: self.editor.open_block(block))
        self._row.addWidget(button)
