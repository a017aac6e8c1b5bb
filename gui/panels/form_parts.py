"""Pieces that the forms of the inspector share: a heading, a folding section, a table of facts."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from gui.runs.parts import label

FIELD_INSET = 9
"""From the edge of a field with the role `title` to its letters."""


def section(text: str, name: str) -> QLabel:
    """A small heading in capitals."""
    made = label(text.upper(), "section", name)
    made.setAccessibleName(text)
    made.setContentsMargins(0, 12, 0, 0)
    return made


def column_below(form: QWidget, name: QWidget) -> QVBoxLayout:
    """The column of a form whose first line is a name to be written: its letters, and not its
    border, stand above those of the rest."""
    outer = QVBoxLayout(form)
    outer.setContentsMargins(16 - FIELD_INSET, 12, 16, 16)
    outer.setSpacing(4)
    outer.addWidget(name)
    column = QVBoxLayout()
    column.setContentsMargins(FIELD_INSET, 0, 0, 0)
    column.setSpacing(8)
    outer.addLayout(column, 1)
    return column


class Fold(QWidget):
    """A section that can be folded away; `body` takes the widgets."""

    def __init__(self, title: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self.button = QPushButton(self)
        self.button.setObjectName(name)
        self.button.setProperty("role", "fold")
        self.button.setCheckable(True)
        self.button.setAccessibleName(title)
        self._inside = QWidget(self)
        self.body = QVBoxLayout(self._inside)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._inside)
        self.button.toggled.connect(self.set_open)
        self.set_open(False)

    def set_open(self, is_open: bool) -> None:
        """Unfold or fold."""
        self.button.setChecked(is_open)
        self.button.setText(("▾  " if is_open else "▸  ") + self._title)
        self._inside.setVisible(is_open)


class Facts(QWidget):
    """Names on the left, values in monospace on the right."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(7)
        self._grid.setColumnStretch(0, 1)
        self._rows: list[tuple[QLabel, QLabel]] = []
        self._shown: list[tuple[str, str]] = []

    def show_facts(self, facts: list[tuple[str, str]]) -> None:
        """Show these and no others."""
        if facts == self._shown:
            return
        self._shown = facts
        while len(self._rows) < len(facts):
            self._add_row()
        for row, (name, value) in enumerate(self._rows):
            used = row < len(facts)
            name.setVisible(used)
            value.setVisible(used)
            if used:
                name.setText(facts[row][0])
                value.setText(facts[row][1])

    def facts(self) -> list[tuple[str, str]]:
        """What is shown."""
        return list(self._shown)

    def _add_row(self) -> None:
        number = len(self._rows)
        name = label("", "muted", f"{self.objectName()}_name_{number}")
        name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        value = label("", "mono", f"{self.objectName()}_value_{number}")
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._grid.addWidget(name, number, 0)
        self._grid.addWidget(value, number, 1, Qt.AlignmentFlag.AlignRight)
        self._rows.append((name, value))
