"""The code that the network is: live, read only, the selected node's lines marked."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QShowEvent,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QTextEdit, QVBoxLayout, QWidget

from codegen.module import GeneratedModule, NotReadyError
from graph.document import Difference
from graph.state import Project
from gui.editor import Editor
from gui.look.theme import theme
from gui.panels.highlighter import PythonHighlighter
from gui.panels.replacing import replace_text
from gui.panels.written import Written, keep, known_module, write, written_module
from gui.runs.background import Background
from gui.runs.parts import button, label

WAIT = 80
"""Milliseconds after the last edit."""

VEIL = 0.5
"""How much of a text that is out of date is hidden."""

LARGE = 250
"""Nodes of all blocks together; the module of more of them takes longer than a frame."""


class CodeView(QPlainTextEdit):
    """The text.

    Signals:
        clicked(line): the user clicked into a line, counted from 0, or pressed Enter there.
    """

    clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.dimmed = False

    def set_dimmed(self, dimmed: bool) -> None:
        """Whether the text is out of date, and pale."""
        if dimmed != self.dimmed:
            self.dimmed = dimmed
            self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A veil over the text; to colour its lines anew would take long where they are many."""
        super().paintEvent(event)
        if self.dimmed:
            veil = QColor(theme().color("panel"))
            veil.setAlphaF(VEIL)
            painter = QPainter(self.viewport())
            painter.fillRect(event.rect(), veil)
            painter.end()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click, not the end of a selection, means its line."""
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            self.clicked.emit(self.textCursor().blockNumber())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter means the line in which the cursor is; everything else as usual."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.clicked.emit(self.textCursor().blockNumber())
        else:
            super().keyPressEvent(event)


class CodePanel(QWidget):
    """Shows the generated module. Written anew only while it can be seen, and never in the middle
    of a gesture; that of a large network by a thread, so that nobody waits for it.

    Signals:
        save_requested(text): the user wants the module as a file.
    """

    save_requested = Signal(str)

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("code")
        self._editor = editor
        self.module: GeneratedModule | None = None
        self._stale = True
        self.background = Background(self)
        self.view = CodeView(self)
        self.view.setObjectName("code_text")
        self.view.setProperty("role", "code")
        self.view.setAccessibleName(self.tr("Generated code"))
        self.view.setReadOnly(True)
        self.view.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.view.setUndoRedoEnabled(False)
        # Nothing where the scroll bars meet; the style would draw a box.
        self.view.setCornerWidget(QWidget(self.view))
        self.view.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.view.setPlaceholderText(
            self.tr("The PyTorch code of the network appears here as soon as it fits together.")
        )
        self.view.document().setDocumentMargin(12)
        self.view.clicked.connect(self._line_clicked)
        self.highlighter = PythonHighlighter(self.view.document())
        self.message = label("", "error", "code_message", wrap=True)
        self.message.hide()
        self.copy = button(self.tr("Copy"), "copy_code", role="flat")
        self.copy.setToolTip(self.tr("Copy the whole module."))
        self.copy.clicked.connect(self._copy)
        self.save = button(self.tr("Save…"), "save_code", role="flat")
        self.save.setToolTip(self.tr("Save the module as a Python file."))
        self.save.clicked.connect(self._save)
        self.corner = QWidget(self)
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT)
        self._timer.timeout.connect(self._wake)
        editor.document.changed.connect(self._document_changed)
        editor.selection_changed.connect(self._mark)
        editor.block_changed.connect(self._block_changed)
        theme().changed.connect(self._mark)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self.corner)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.copy)
        row.addWidget(self.save)
        top = QHBoxLayout()
        top.setContentsMargins(16, 4, 12, 0)
        top.addWidget(self.message, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.view, 1)

    def text(self) -> str:
        """The module as it was last written."""
        return self.module.text if self.module else ""

    @property
    def up_to_date(self) -> bool:
        """Whether the text is that of the project as it is now."""
        return not self._stale

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while nobody looked."""
        super().showEvent(event)
        if self._stale:
            self._timer.start(0)

    def _document_changed(self, difference: Difference) -> None:
        self._stale = True
        before, after = difference.before.main.nodes, difference.after.main.nodes
        if any(after.get(name) is node for name, node in before.items()):
            self._timer.start()
        else:
            # Of what was another project, the text would be a lie.
            self.module = None
            self.view.clear()
            self._timer.start(0)

    def _wake(self) -> None:
        state = self._editor.document.state
        if not self.isVisible():
            return
        nodes = sum(len(block.nodes) for block in state.blocks.values())
        if nodes <= LARGE or known_module(state) is not None:
            self.update_now()
        elif not self.background.busy:
            self.background.call(lambda: write(state), lambda written: self._take(state, written))

    def _take(self, state: Project, written: Written) -> None:
        if state is self._editor.document.state:
            keep(state, written)
            self._show(written)
        else:
            self._wake()

    def update_now(self) -> None:
        """Write the module of the document as it is."""
        self._show(written_module(self._editor.document.state))

    def _show(self, written: Written) -> None:
        self._timer.stop()
        self._stale = False
        if isinstance(written, NotReadyError):
            self._show_not_ready(str(written))
        else:
            self._show_module(written)

    def _show_not_ready(self, text: str) -> None:
        empty = not self._editor.document.state.main.nodes
        if empty:
            self.module = None
            self.view.clear()
        self.message.setText(text)
        self.message.setVisible(not empty)
        self._set_dimmed(True)
        self._mark()

    def _show_module(self, module: GeneratedModule) -> None:
        self.module = module
        self.message.hide()
        down = self.view.verticalScrollBar().value()
        across = self.view.horizontalScrollBar().value()
        replace_text(self.view.document(), module.text)
        self.view.verticalScrollBar().setValue(down)
        self.view.horizontalScrollBar().setValue(across)
        self._set_dimmed(False)
        self._mark()

    def _set_dimmed(self, dimmed: bool) -> None:
        self.view.set_dimmed(dimmed)
        self.copy.setEnabled(not dimmed)
        self.save.setEnabled(not dimmed)

    def marked_lines(self) -> list[int]:
        """The lines, counted from 0, that belong to the selected nodes."""
        if self.module is None or self.message.isVisibleTo(self):
            return []
        block, names = self._editor.chosen
        chosen = {(block, node) for node in names}
        return [line for line, owner in enumerate(self.module.owners) if owner in chosen]

    def _mark(self, *_: object) -> None:
        lines = self.marked_lines()
        marks = []
        for line in lines:
            mark = QTextEdit.ExtraSelection()
            mark.cursor = QTextCursor(self.view.document().findBlockByNumber(line))
            mark.format.setBackground(theme().color("accent_soft"))
            mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
            marks.append(mark)
        self.view.setExtraSelections(marks)
        if lines and not self.view.hasFocus():
            self._bring_into_view(lines[0])

    def _block_changed(self, block: str) -> None:
        """Bring the class of the block that is shown into view."""
        self._mark()
        owners = self.module.owners if self.module else ()
        line = next((n for n, owner in enumerate(owners) if owner and owner[0] == block), -1)
        lines = self.text().splitlines()
        while line > 0 and not lines[line].startswith("class "):
            line -= 1
        if line >= 0 and not self.view.hasFocus():
            self.view.verticalScrollBar().setValue(line)

    def _bring_into_view(self, line: int) -> None:
        first = self.view.firstVisibleBlock().blockNumber()
        height = max(1.0, self.view.blockBoundingRect(self.view.firstVisibleBlock()).height())
        shown = int(self.view.viewport().height() / height)
        if not first <= line < first + shown - 1:
            self.view.verticalScrollBar().setValue(max(0, line - shown // 3))

    def _line_clicked(self, line: int) -> None:
        owner = self.module.owner_of(line) if self.module else None
        if owner is not None and owner[1]:
            self._editor.go_to(*owner)

    def _copy(self) -> None:
        self._catch_up()
        QGuiApplication.clipboard().setText(self.text())

    def _save(self) -> None:
        self._catch_up()
        if self.module is not None:
            self.save_requested.emit(self.text())

    def _catch_up(self) -> None:
        """What is taken along is the project as it is, not as it was a moment ago."""
        if self._stale:
            self.update_now()
