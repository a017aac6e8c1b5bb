"""The first problem of the shown block, with what would mend it, in a corner of the canvas."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from graph.problem import Problem
from gui.canvas.overlay import Dress
from gui.editor import Editor

WIDTH = 292
LEFT, RIGHT = 13, 8
"""Kept free inside of its edges."""
MOST_FIXES = 3


class ProblemCard(QFrame):
    """A card with one problem. Dismissed, it stays away until another problem comes first.

    Signals:
        resized(): its size or visibility changed.
    """

    resized = Signal()

    def __init__(self, editor: Editor, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("canvas_problem")
        self.editor = editor
        self.problem: Problem | None = None
        self._dismissed: tuple[str, str, str] | None = None
        self._wanted = True
        self.setFixedWidth(WIDTH)
        self._title = self._label("canvas_problem_title")
        self._text = self._label("canvas_problem_text")
        close = QToolButton(self)
        close.setObjectName("canvas_problem_dismiss")
        close.setText("×")
        close.setToolTip(self.tr("Hide this problem here"))
        close.setAccessibleName(close.toolTip())
        close.setFixedSize(QSize(18, 18))
        close.clicked.connect(self.dismiss)
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self._title, 1)
        head.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self._fixes = QVBoxLayout()
        self._fixes.setSpacing(2)
        column = QVBoxLayout(self)
        column.setContentsMargins(LEFT, 8, RIGHT, 9)
        column.setSpacing(3)
        column.addLayout(head)
        column.addWidget(self._text)
        column.addLayout(self._fixes)
        Dress(
            self,
            "#canvas_problem { background: $panel; border: 1px solid $line;"
            " border-left: 3px solid $error; border-radius: 8px; }"
            "#canvas_problem[severity=warning] { border-left: 3px solid $warning; }"
            "#canvas_problem QLabel { background: transparent; border: none; }"
            "#canvas_problem_title { color: $error; font-weight: 600; }"
            "#canvas_problem[severity=warning] #canvas_problem_title { color: $warning; }"
            "#canvas_problem_text { color: $text; }"
            "#canvas_problem QPushButton { color: $accent; background: transparent; border: none;"
            " padding: 1px 0; min-height: 0; font-weight: 600; text-align: left; }"
            "#canvas_problem QPushButton#canvas_problem_show { color: $muted;"
            " font-weight: 400; }"
            "#canvas_problem QPushButton:hover, #canvas_problem QPushButton:focus"
            " { text-decoration: underline; }"
            "#canvas_problem QToolButton { color: $muted; background: transparent; border: none;"
            " padding: 0; }"
            "#canvas_problem QToolButton:hover, #canvas_problem QToolButton:focus"
            " { color: $text; }",
        )
        self.hide()

    def _label(self, name: str) -> QLabel:
        label = QLabel(self)
        label.setObjectName(name)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        return label

    def set_wanted(self, wanted: bool) -> None:
        """Whether to show problems at all; not where a list of them is open beside it."""
        if wanted != self._wanted:
            self._wanted = wanted
            self.refresh()

    def refresh(self) -> None:
        """Show the first problem of the block as it is now."""
        problem = self._first()
        if self._wanted and problem == self.problem and problem and not self.isHidden():
            # Buttons stay, but their edits must be those of the present state.
            self.problem = problem
            return
        self.problem = problem
        if problem is None or not self._wanted or _key(problem) == self._dismissed:
            if not self.isHidden():
                self.hide()
                self.resized.emit()
            return
        self._dismissed = None
        self._title.setText(problem.title)
        self._text.setText(problem.text)
        self._show_fixes(problem)
        self.setProperty("severity", problem.severity)
        self.style().unpolish(self)
        self.style().polish(self)
        self.setAccessibleName(f"{problem.title}. {problem.text}")
        self.show()
        self._take_height()

    def _take_height(self) -> None:
        layout = self.layout()
        if layout is not None:
            for part in self.findChildren(QWidget):
                # Until then its font is not the one that will be painted.
                part.ensurePolished()
            layout.invalidate()
            layout.activate()
            height = layout.totalHeightForWidth(WIDTH) if layout.hasHeightForWidth() else -1
            self.setFixedHeight(height if height > 0 else self.sizeHint().height())
        self.resized.emit()

    def _first(self) -> Problem | None:
        """An empty canvas says itself what to do, so that is no problem here."""
        here = self.editor.block
        for problem in self.editor.document.problems:
            if problem.block == here and problem.code != "empty":
                return problem
        return None

    def _show_fixes(self, problem: Problem) -> None:
        while (entry := self._fixes.takeAt(0)) is not None:
            widget = entry.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for number, fix in enumerate(problem.fixes[:MOST_FIXES]):
            button = self._button(fix.label, f"canvas_problem_fix_{number}")
            button.clicked.connect(lambda _=False, number=number: self._apply(number))
        if problem.node:
            button = self._button(self.tr("Show"), "canvas_problem_show")
            button.clicked.connect(self._go)

    def _button(self, text: str, name: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setFlat(True)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.setAccessibleName(text)
        button.ensurePolished()
        room = WIDTH - LEFT - RIGHT - 4
        button.setText("\n".join(_lines(text, button.fontMetrics(), room)))
        self._fixes.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        # Without this, Qt shows it later, and the card is made too low for it.
        button.show()
        return button

    def _apply(self, number: int) -> None:
        if self.problem is not None and number < len(self.problem.fixes):
            fix = self.problem.fixes[number]
            self.editor.apply(fix.label, fix.edit)

    def _go(self) -> None:
        if self.problem is not None:
            self.editor.go_to(self.problem.block, self.problem.node)

    def dismiss(self) -> None:
        """Hide it until another problem comes first."""
        if self.problem is not None:
            self._dismissed = _key(self.problem)
        self.hide()
        self.resized.emit()


def _lines(text: str, metrics: QFontMetrics, room: int) -> list[str]:
    """A text broken between words, as buttons do not: into lines for which there is room."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".lstrip()
        if lines[-1] and metrics.horizontalAdvance(longer) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _key(problem: Problem) -> tuple[str, str, str]:
    return problem.block, problem.node, problem.text
