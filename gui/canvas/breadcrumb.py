"""The way to the shown block: project › main › block. Earlier parts lead back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from graph.state import MAIN
from gui.canvas.overlay import Dress
from gui.editor import Editor

LONGEST = 32
"""Characters of a name."""


class Breadcrumb(QWidget):
    """Names of the project and of the blocks that were opened on the way."""

    def __init__(self, editor: Editor, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("canvas_breadcrumb")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.editor = editor
        self.trail: list[str] = [MAIN]
        self._shown: tuple[str, ...] = ()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(4, 2, 6, 2)
        self._row.setSpacing(6)
        Dress(
            self,
            "#canvas_breadcrumb { background: $background; border-radius: 6px; }"
            "#canvas_breadcrumb QLabel { color: $quiet; background: transparent; }"
            "#canvas_breadcrumb QLabel#canvas_breadcrumb_here"
            " { color: $text; font-weight: 600; }"
            "#canvas_breadcrumb QPushButton { color: $accent; background: transparent;"
            " border: none; padding: 0; margin: 0; min-height: 0; font-weight: 400; }"
            "#canvas_breadcrumb QPushButton:hover, #canvas_breadcrumb QPushButton:focus"
            " { text-decoration: underline; }",
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
        shown = (state.name, *self.trail)
        if shown == self._shown:
            return
        self._shown = shown
        while (entry := self._row.takeAt(0)) is not None:
            widget = entry.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._label(_short(state.name), "canvas_breadcrumb_project")
        for block in self.trail[:-1]:
            self._label("›", "canvas_breadcrumb_arrow")
            self._button(block)
        self._label("›", "canvas_breadcrumb_arrow")
        self._label(_short(self.trail[-1]), "canvas_breadcrumb_here")
        self.adjustSize()

    def _label(self, text: str, name: str) -> None:
        label = QLabel(text, self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setObjectName(name)
        self._add(label)

    def _button(self, block: str) -> None:
        button = QPushButton(_short(block), self)
        button.setObjectName(f"canvas_breadcrumb_{block}")
        button.setFlat(True)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.setAccessibleName(self.tr("Show block {name}").format(name=block))
        button.clicked.connect(lambda: self.editor.open_block(block))
        self._add(button)

    def _add(self, part: QWidget) -> None:
        self._row.addWidget(part)
        # Without this, Qt shows it later, and until then it counts as having no size.
        part.show()


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
