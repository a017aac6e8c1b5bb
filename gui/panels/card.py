"""The card of the selected node's layer: formula, use, mistakes, and the lines of PyTorch.

The sentence and the arithmetic stand above it in the form, always visible.
"""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QResizeEvent, QTextOption
from PySide6.QtWidgets import QFrame, QLabel, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from codegen.line import node_lines, result_lines
from codegen.module import GeneratedModule, NotReadyError
from graph.card import Card, node_card
from graph.results import NodeResult
from graph.state import Node
from gui.editor import Editor
from gui.fields.numbers import whole
from gui.panels.form_parts import Fold
from gui.panels.highlighter import PythonHighlighter
from gui.panels.written import known_module, module_of
from gui.runs.parts import label

SHORTEST_WAIT = 120
"""Milliseconds after the last edit until the module is written; longer where that takes long."""

SELECTABLE = (
    Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
)


class CodeLines(QPlainTextEdit):
    """A few lines of Python, as high as they are; long ones are broken, never cut."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("role", "code")
        self.setReadOnly(True)
        self.setTextInteractionFlags(SELECTABLE)
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        self.highlighter = PythonHighlighter(self.document())

    def show_lines(self, lines: list[str]) -> None:
        """Show these; what somebody has selected stays where nothing changed."""
        text = "\n".join(lines)
        if text != self.toPlainText():
            self.setPlainText(text)
            self._fit()

    def sizeHint(self) -> QSize:
        """As high as the broken lines are."""
        return QSize(120, self._height())

    def minimumSizeHint(self) -> QSize:
        """As narrow as you like."""
        return QSize(0, self._height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other widths break the lines elsewhere."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Another font is higher or lower."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _height(self) -> int:
        # The height of a plain text's layout is counted in lines.
        lines = max(1, round(self.document().size().height()))
        around = self.height() - self.viewport().height()
        return lines * QFontMetrics(self.font()).lineSpacing() + max(6, around)

    def _fit(self) -> None:
        if self.height() != self._height():
            self.setFixedHeight(self._height())


class CardBox(QWidget):
    """The card as a fold; whether it is open is remembered from node to node."""

    is_open = False

    def __init__(
        self, editor: Editor, parent: QWidget | None = None, *, is_block: bool = False
    ) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._editor = editor
        self._about: tuple[str, str, Node, NodeResult] | None = None
        title = self.tr("About this block") if is_block else self.tr("About this layer")
        self.fold = Fold(title, "about_layer", self)
        self._sections: dict[str, tuple[QLabel, QWidget]] = {}
        self.code = CodeLines("card_code", self)
        self.code.setAccessibleName(self.tr("The lines of PyTorch that it becomes"))
        self._add("formula", self.tr("Formula"), self._text("card_formula", "mono"))
        self._add("cost", self.tr("Multiply-adds for one sample"), self._text("card_cost", "mono"))
        self._add("use", self.tr("What it is for"), self._text("card_use"))
        self._add("mistakes", self.tr("Common mistakes"), self._text("card_mistakes"))
        self._add("code", self.tr("In PyTorch"), self.code)
        self._add("names", self.tr("Also called"), self._text("card_names"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.fold)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHORTEST_WAIT)
        self._timer.timeout.connect(self._write)
        self.fold.set_open(CardBox.is_open)
        self.fold.button.toggled.connect(self._toggled)

    def _text(self, name: str, role: str = "") -> QLabel:
        made = label("", role, name, wrap=True)
        made.setTextInteractionFlags(SELECTABLE)
        made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        return made

    def _add(self, key: str, title: str, widget: QWidget) -> None:
        heading = label(title, "small", f"card_{key}_title")
        self.fold.body.addWidget(heading)
        self.fold.body.addWidget(widget)
        self._sections[key] = (heading, widget)

    def show_node(self, block: str, node: Node, result: NodeResult) -> None:
        """Show the card of a node, with its own numbers."""
        about = (block, node.name, node, result)
        if about == self._about:
            # Nodes before it may have other names now, and with them the variables in its lines.
            if CardBox.is_open:
                self._timer.start()
            return
        self._about = about
        if CardBox.is_open:
            self._fill()

    def _toggled(self, is_open: bool) -> None:
        CardBox.is_open = is_open
        if is_open and self._about is not None:
            self._fill()

    def _fill(self) -> None:
        assert self._about is not None  # noqa: S101 - asked only where a node is shown
        block, name, node, result = self._about
        card = None if node.is_block else node_card(node.type, result)
        self._show_text("formula", card.formula if card else "")
        self._show_text("cost", self._cost(card))
        self._show_text("use", card.use if card else "")
        self._show_text("mistakes", "\n".join(f"• {one}" for one in card.mistakes) if card else "")
        self._show_text("names", self._names(card))
        known = known_module(self._editor.document.state)
        if isinstance(known, GeneratedModule):
            self._show_code(node_lines(known, block, name))
            return
        self._show_code(result_lines(result, name))
        if known is None:
            self._timer.start()

    def _cost(self, card: Card | None) -> str:
        line = card.explanation.multiply_adds if card else None
        return f"{line.formula} = {whole(line.value)}" if line else ""

    def _names(self, card: Card | None) -> str:
        if card is None:
            return ""
        console = [
            self.tr("{name} (Neural Network Console)").format(name=name) for name in card.console
        ]
        return ", ".join([*card.synonyms, *console])

    def _write(self) -> None:
        """Take the lines out of the module, which knows the names of variables."""
        if self._about is None or not self.isVisible() or not CardBox.is_open:
            return
        block, name, _, result = self._about
        begun = time.monotonic()
        try:
            self._show_code(node_lines(module_of(self._editor.document.state), block, name))
        except NotReadyError:
            self._show_code(result_lines(result, name))
        took = (time.monotonic() - begun) * 1000
        self._timer.setInterval(max(SHORTEST_WAIT, round(took * 2)))

    def _show_text(self, key: str, text: str) -> None:
        heading, widget = self._sections[key]
        heading.setVisible(bool(text))
        widget.setVisible(bool(text))
        if isinstance(widget, QLabel) and widget.text() != text:
            widget.setText(text)

    def _show_code(self, lines: list[str]) -> None:
        heading, widget = self._sections["code"]
        heading.setVisible(bool(lines))
        widget.setVisible(bool(lines))
        self.code.show_lines(lines)
