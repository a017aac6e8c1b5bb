"""Small pieces that the pages are made of: labels, buttons, cards. Their look is the stylesheet's.

A widget says what it is by the property `role`, never by a colour.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

_ROW = 27
"""Height of a table's row, in device-independent pixels."""


def set_role(widget: QWidget, role: str) -> None:
    """Say what a widget is, and let the stylesheet dress it."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def label(text: str, role: str, name: str, *, wrap: bool = False) -> QLabel:
    """A text; what others wrote (messages, names) is never read as HTML."""
    made = QLabel(text)
    made.setObjectName(name)
    made.setProperty("role", role)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if wrap:
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        made.setSizePolicy(policy)
    return made


def button(text: str, name: str, *, role: str = "", tip: str = "") -> QPushButton:
    """A button that says its verb."""
    made = QPushButton(text)
    made.setObjectName(name)
    made.setAccessibleName(text)
    made.setAutoDefault(False)
    if role:
        made.setProperty("role", role)
    if tip:
        made.setToolTip(tip)
    return made


def make_list_of_rows(table: QTableView, name: str, title: str) -> None:
    """Let a table show rows to be chosen one at a time, and nothing to be written.

    Args:
        table: as Qt makes it.
        name: its object name.
        title: what those hear who listen.
    """
    table.setObjectName(name)
    table.setAccessibleName(title)
    table.setShowGrid(False)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    # Tab leads on to what stands behind the table.
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(_ROW)
    table.horizontalHeader().setHighlightSections(False)


def can_be_cleared(line: QLineEdit, words: str) -> None:
    """Give a field a button that empties it, with a name for those who listen."""
    line.setClearButtonEnabled(True)
    for made in line.findChildren(QToolButton):
        made.setAccessibleName(words)


class Notice(QFrame):
    """A card with a title, a text, and buttons with what can be done about it.

    Its role is `notice_error`, `notice_warning` or `notice_info`.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.title = label("", "notice_title", f"{name}_title", wrap=True)
        self.text = label("", "", f"{name}_text", wrap=True)
        self.details = label("", "code", f"{name}_details", wrap=True)
        selectable = (
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.text.setTextInteractionFlags(selectable)
        self.details.setTextInteractionFlags(selectable)
        self.details.hide()
        self._buttons: list[QPushButton] = []
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        self._row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(4)
        layout.addWidget(self.title)
        layout.addWidget(self.text)
        layout.addWidget(self.details)
        layout.addLayout(self._row)
        self.hide()

    def add_button(self, made: QPushButton) -> QPushButton:
        """A further thing that can be done; hidden until `show_message` names it."""
        made.hide()
        self._buttons.append(made)
        self._row.insertWidget(self._row.count() - 1, made)
        return made

    def show_message(
        self,
        title: str,
        text: str,
        *,
        severity: str = "error",
        details: str = "",
        buttons: tuple[QPushButton, ...] = (),
    ) -> None:
        """Say something, with the buttons that help."""
        set_role(self, f"notice_{severity}")
        self.title.setText(title)
        set_role(self.title, f"notice_title_{severity}")
        self.text.setText(text)
        self.text.setVisible(bool(text))
        if details != self.details.text():
            self.details.setText(details)
            self.details.hide()
        for one in self._buttons:
            one.setVisible(one in buttons)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.show()
