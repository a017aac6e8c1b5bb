"""The way to the shown block: project › main › block. Earlier parts lead back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from graph.state import MAIN
from gui.canvas.overlay import Dress
from gui.editor import Editor

LONGEST = 32
"""Characters of a name."""
SHORTER = (20, 12, 6)
"""Characters of a name where there is less room, and less again."""
MORE = "…"


class Breadcrumb(QWidget):
    """Names of the project and of the blocks that were opened on the way."""

    def __init__(self, editor: Editor, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("canvas_breadcrumb")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.editor = editor
        self.trail: list[str] = [MAIN]
        self._shown: tuple[object, ...] = ()
        self._room = 10_000
        editor.block_renamed.connect(self.rename)
        self.back = self._way("←", "canvas_back", self.tr("Look where you looked before"))
        self.forward = self._way("→", "canvas_forward", self.tr("Look there again"))
        self._row = QHBoxLayout()
        self._row.setSpacing(6)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(4, 2, 6, 2)
        whole.setSpacing(6)
        for part in (self.back, self.forward):
            whole.addWidget(part)
        whole.addLayout(self._row)
        Dress(
            self,
            "#canvas_breadcrumb { background: $background; border-radius: 6px; }"
            "#canvas_breadcrumb QLabel { color: $quiet; background: transparent; }"
            "#canvas_breadcrumb QLabel#canvas_breadcrumb_here"
            " { color: $text; font-weight: 600; }"
            "#canvas_breadcrumb QPushButton { color: $accent; background: transparent;"
            " border: none; padding: 0; margin: 0; min-height: 0; font-weight: 400; }"
            "#canvas_breadcrumb QPushButton:hover, #canvas_breadcrumb QPushButton:focus"
            " { text-decoration: underline; }"
            "#canvas_breadcrumb QPushButton:disabled { color: $quiet; }",
        )
        self.refresh()

    def show_ways(self, *, back: bool, forward: bool) -> None:
        """Offer to go back or forward, where there is somewhere to go; room is kept for both as
        soon as there is one, so that nothing moves under the mouse."""
        for button, can in ((self.back, back), (self.forward, forward)):
            button.setVisible(back or forward)
            button.setEnabled(can)
        self.refresh()
        self.adjustSize()

    def rename(self, old: str, new: str) -> None:
        """A block on the way has another name."""
        self.trail = [new if name == old else name for name in self.trail]

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
        way, longest = self._fitting(state.name)
        shown = (state.name, *self.trail, *way, longest)
        if shown == self._shown:
            return
        self._shown = shown
        while (entry := self._row.takeAt(0)) is not None:
            widget = entry.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._label(_short(state.name, longest), "canvas_breadcrumb_project", state.name)
        for block in way[:-1]:
            self._label("›", "canvas_breadcrumb_arrow")
            if block == MORE:
                left_out = [name for name in self.trail if name not in way]
                self._label(MORE, "canvas_breadcrumb_more", " › ".join(left_out))
            else:
                self._button(block, longest)
        self._label("›", "canvas_breadcrumb_arrow")
        self._label(_short(way[-1], longest), "canvas_breadcrumb_here", way[-1])
        self.adjustSize()

    def set_room(self, width: int) -> None:
        """Use no more than this width: names become shorter, and those in the middle are left
        out."""
        if width != self._room:
            self._room = width
            self.refresh()

    def _fitting(self, project: str) -> tuple[list[str], int]:
        """The blocks to be named, and the longest name for which there is room."""
        ways = [self.trail]
        if len(self.trail) > 3:
            ways.append([self.trail[0], MORE, *self.trail[-2:]])
        if len(self.trail) > 2:
            ways.append([self.trail[0], MORE, self.trail[-1]])
        for way in ways:
            for longest in (LONGEST, *SHORTER[:-1]):
                if self._width(project, way, longest) <= self._room:
                    return way, longest
        return ways[-1], SHORTER[-1]

    def _width(self, project: str, way: list[str], longest: int) -> int:
        font = self.font()
        font.setWeight(QFont.Weight.DemiBold)
        metrics = QFontMetrics(font)
        texts = [part for name in (project, *way) for part in (_short(name, longest), "›")][:-1]
        gaps = 2 * len(texts) * self._row.spacing()
        ways = 0
        if not self.back.isHidden():
            ways = sum(one.sizeHint().width() + 6 for one in (self.back, self.forward))
        return sum(metrics.horizontalAdvance(text) for text in texts) + gaps + ways

    def _way(self, sign: str, name: str, words: str) -> QPushButton:
        button = QPushButton(sign, self)
        button.setObjectName(name)
        button.setFlat(True)
        button.setToolTip(words)
        button.setAccessibleName(words)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        # The keyboard has Alt and an arrow; a button that is used up would hand it to the canvas,
        # which takes that for a step to the next node.
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.hide()
        return button

    def _label(self, text: str, name: str, whole: str = "") -> None:
        label = QLabel(text, self)
        label.setToolTip(whole if whole != text else "")
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setObjectName(name)
        self._add(label)

    def _button(self, block: str, longest: int) -> None:
        button = QPushButton(_short(block, longest), self)
        button.setToolTip(block if len(block) > longest else "")
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


def _short(name: str, longest: int) -> str:
    return name if len(name) <= longest else f"{name[: longest - 1]}…"
