"""What is wrong with the project, in words, each with the place and what would mend it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from graph.problem import Fix, Problem
from gui.editor import Editor
from gui.runs.parts import button, label, set_role

MOST_ROWS = 40
"""More rows than anybody reads at once; the first problems usually cause the others."""


_BESIDE_FIXES = 58
"""Width of a row that its badge and margins take."""


class ProblemRow(QFrame):
    """One problem. A click or Enter goes to its place.

    Signals:
        chosen(problem), fix_chosen(fix).
    """

    chosen = Signal(object)
    fix_chosen = Signal(object)

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"problem_{number}")
        self.setProperty("role", "row")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.problem: Problem | None = None
        self._number = number
        self.badge = label("", "badge_error", f"problem_badge_{number}")
        self.badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.title = label("", "strong", f"problem_title_{number}", wrap=True)
        self.text = label("", "", f"problem_text_{number}", wrap=True)
        self.place = label("", "small", f"problem_place_{number}")
        self.fixes: list[QPushButton] = []
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        self._buttons.addStretch(1)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.place)
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addLayout(head)
        words.addWidget(self.text)
        words.addLayout(self._buttons)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 10, 16, 10)
        layout.setSpacing(12)
        layout.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def show_problem(self, problem: Problem) -> None:
        """Show another problem; the edits of its fixes are always the newest."""
        unchanged = problem == self.problem
        self.problem = problem
        for made, fix in zip(self.fixes, problem.fixes, strict=False):
            made.setProperty("fix", fix)
        if unchanged:
            return
        is_error = problem.severity == "error"
        set_role(self.badge, "badge_error" if is_error else "badge_warning")
        self.badge.setText("!" if is_error else "?")
        sort = self.tr("Error") if is_error else self.tr("Warning")
        self.badge.setToolTip(sort)
        self.badge.setAccessibleName(sort)
        self.title.setText(problem.title)
        self.text.setText(problem.text)
        self.place.setText(problem.place)
        self.setAccessibleName(f"{sort}: {problem.title}")
        self.setAccessibleDescription(problem.text)
        self._show_fixes(problem.fixes)

    def _show_fixes(self, fixes: tuple[Fix, ...]) -> None:
        for old in self.fixes:
            self._buttons.removeWidget(old)
            # Hidden at once, deleted later: it may be its own click that brought us here.
            old.hide()
            old.deleteLater()
        self.fixes = []
        for place, fix in enumerate(fixes):
            made = button(fix.label, f"fix_{self._number}_{place}", role="fix")
            made.setProperty("fix", fix)
            made.clicked.connect(lambda _=False, made=made: self._fix(made))
            self._buttons.insertWidget(place, made, 0, Qt.AlignmentFlag.AlignLeft)
            self.fixes.append(made)
        self._arrange_fixes()

    def minimumSizeHint(self) -> QSize:
        """Any width: texts wrap, and fixes stand below each other where they must."""
        return QSize(120, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the fixes anew."""
        super().resizeEvent(event)
        self._arrange_fixes()

    def _arrange_fixes(self) -> None:
        needed = sum(made.sizeHint().width() + 8 for made in self.fixes)
        fits = needed <= self.width() - _BESIDE_FIXES
        way = QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom
        if self._buttons.direction() != way:
            self._buttons.setDirection(way)

    def _fix(self, made: QPushButton) -> None:
        self.fix_chosen.emit(made.property("fix"))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Go to the place."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(
            event.position().toPoint()
        ):
            self.chosen.emit(self.problem)
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the place."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self.problem)
            event.accept()
        else:
            super().keyPressEvent(event)


class ProblemsPanel(QWidget):
    """The list of problems. Brought up to date when it can be seen.

    Signals:
        setting_requested(name): a problem lies in the settings of data or training.
    """

    setting_requested = Signal(str)

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("problems")
        self._editor = editor
        self.rows: list[ProblemRow] = []
        inside = QWidget(self)
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._more = label("", "muted", "more_problems")
        self._more.setContentsMargins(42, 8, 12, 8)
        self._more.hide()
        self._column.addWidget(self._more)
        self._column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setObjectName("problems_scroll")
        scroll.setProperty("role", "panel")
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        self._empty: QLabel = label(
            self.tr("No problems. Everything fits together."), "muted", "no_problems"
        )
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(scroll)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self.update_now)
        editor.document.changed.connect(self._document_changed)
        self.update_now()

    def _document_changed(self, _: object) -> None:
        self._timer.start()

    def update_now(self) -> None:
        """Show the problems of the document as it is."""
        self._timer.stop()
        problems = self._editor.document.problems
        shown = problems[:MOST_ROWS]
        while len(self.rows) < len(shown):
            self._add_row()
        for number, row in enumerate(self.rows):
            used = number < len(shown)
            if used:
                row.show_problem(shown[number])
            row.setVisible(used)
        self._more.setVisible(len(problems) > len(shown))
        left = len(problems) - len(shown)
        self._more.setText(self.tr("and {count} more").format(count=left))
        self._stack.setCurrentIndex(1 if problems else 0)

    def visible_rows(self) -> list[ProblemRow]:
        """The rows that show a problem."""
        return [row for row in self.rows if not row.isHidden()]

    def _add_row(self) -> None:
        row = ProblemRow(len(self.rows), self)
        row.chosen.connect(self._go_to)
        row.fix_chosen.connect(self._fix)
        self._column.insertWidget(len(self.rows), row)
        self.rows.append(row)

    def _go_to(self, problem: Problem) -> None:
        if problem.block:
            self._editor.go_to(problem.block, problem.node)
        else:
            self.setting_requested.emit(problem.parameter)

    def _fix(self, fix: Fix) -> None:
        self._editor.apply(fix.label, fix.edit)
