"""What the inspector says about inputs of any size: formulas of a node's sizes, and for an Input
which sizes are legal.

Legal sizes are searched for a few milliseconds at a time, so that the window never waits.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from graph.legal_sizes import LegalSearch, LegalSizes, image_inputs, legal_search
from graph.problem import Fix
from graph.state import MAIN, Block
from gui.editor import Editor
from gui.panels.form_parts import Fold, section
from gui.runs.parts import button, label

SLICE = 0.008
"""Seconds of searching at a time; half of a frame."""


class SizesBox(QWidget):
    """Formulas and legal sizes of the selected node; hidden where there is nothing to say."""

    def __init__(self, editor: Editor, block: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sizes")
        self._editor = editor
        self._block = block
        self._title = section(self.tr("For inputs of any size"), "formulas_title")
        self._formulas = label("", "mono", "formulas", wrap=True)
        self.legal = LegalSizesFold(editor, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addWidget(self._formulas)
        column.addWidget(self.legal)

    def show_node(self, name: str) -> None:
        """Show what is known about a node now; nothing where several are selected."""
        document = self._editor.document
        lines = [str(line) for line in document.formulas.of(self._block, name)] if name else []
        self._title.setVisible(bool(lines))
        self._formulas.setVisible(bool(lines))
        self._formulas.setText("\n".join(lines))
        main = self._block == MAIN
        asks = main and name in image_inputs(document.state, document.result(MAIN))
        self.legal.show_input(name if asks else "")
        self.setVisible(bool(lines) or asks)


class LegalSizesFold(Fold):
    """Answers which sizes of an Input are legal, when it is unfolded."""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        title = QCoreApplication.translate("LegalSizesFold", "Which sizes are legal?")
        super().__init__(title, "legal_sizes", parent)
        self._editor = editor
        self._name = ""
        self._asked: Mapping[str, Block] | None = None
        self._search: LegalSearch | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._go_on)
        self.answer = label("", "", "legal_sizes_answer", wrap=True)
        self.body.addWidget(self.answer)
        self._fixes: list[QWidget] = []
        self.button.toggled.connect(self._ask)

    def show_input(self, name: str) -> None:
        """Be about an Input of the main block as it is now; about none where the name is empty."""
        self.setVisible(bool(name))
        if name != self._name:
            self._name, self._asked = name, None
        self._ask()

    @property
    def searching(self) -> bool:
        """Whether the answer is still to come."""
        return self._search is not None

    def _ask(self) -> None:
        project = self._editor.document.state
        if not self.button.isChecked() or not self._name:
            self._stop()
            return
        blocks = project.blocks
        if self._asked is blocks:
            return
        self._stop()
        self._asked = blocks
        self._show([self.tr("Trying sizes …")], [])
        self._search = legal_search(project, self._name)
        self._timer.start()

    def _stop(self) -> None:
        self._timer.stop()
        if self._search is not None:
            self._search, self._asked = None, None

    def _go_on(self) -> None:
        end = time.perf_counter() + SLICE
        while self._search is not None and time.perf_counter() < end:
            try:
                next(self._search)
            except StopIteration as finished:
                found: LegalSizes | None = finished.value
                self._timer.stop()
                self._search = None
                if found is not None:
                    self._show(found.words(), found.fixes())

    def _show(self, lines: list[str], fixes: list[Fix]) -> None:
        self.answer.setText("\n".join(lines))
        for old in self._fixes:
            old.hide()
            old.deleteLater()
        self._fixes = []
        for number, fix in enumerate(fixes, start=1):
            made = button(fix.label, f"legal_size_{number}")
            made.clicked.connect(lambda _=False, fix=fix: self._apply(fix))
            self.body.addWidget(made)
            made.show()
            self._fixes.append(made)

    def _apply(self, fix: Fix) -> None:
        self._editor.apply(fix.label, fix.edit)
