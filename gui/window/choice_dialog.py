"""A list of things, of which one is to be chosen before anything else goes on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QListWidget, QVBoxLayout, QWidget

from gui.runs.parts import label, set_role


class ChoiceDialog(QDialog):
    """A list to choose from; Enter or a double click chooses.

    Args:
        name: the object names begin with it.
        title: of the window.
        about: what the choice is for.
        choices: the lines; the first is chosen.
        go_on: what the button says that takes the chosen one.
    """

    def __init__(
        self,
        name: str,
        title: str,
        about: str,
        choices: Sequence[str],
        go_on: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(f"{name}_dialog")
        self.setWindowTitle(title)
        self.resize(460, 380)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(10)
        column.addWidget(label(about, "muted", f"{name}_about", wrap=True))
        self.list = QListWidget(self)
        self.list.setObjectName(f"{name}_list")
        self.list.setAccessibleName(title)
        self.list.setSpacing(3)
        self.list.addItems(list(choices))
        self.list.setCurrentRow(0)
        self.list.itemActivated.connect(self.accept)
        column.addWidget(self.list, 1)
        buttons = QDialogButtonBox(self)
        for part, text, role in (
            ("go_on", go_on, QDialogButtonBox.ButtonRole.AcceptRole),
            ("cancel", self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole),
        ):
            made = buttons.addButton(text, role)
            made.setObjectName(f"{name}_{part}")
            made.setAccessibleName(text)
            if part == "go_on":
                set_role(made, "primary")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def ask(self) -> int | None:
        """Show it until something is chosen; the number of that, or None for nothing."""
        accepted = self.exec() == QDialog.DialogCode.Accepted
        row = self.list.currentRow()
        self.deleteLater()
        return row if accepted and row >= 0 else None
