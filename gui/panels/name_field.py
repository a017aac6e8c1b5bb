"""A name that is edited where it stands, with the reason beside it when it cannot be taken."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from graph.edits import EditError
from gui.fields import LineEdit, mark_wrong
from gui.runs.parts import label


class NameField(QWidget):
    """A line for a name. `rename` is tried when the user is done; an `EditError` is shown below and
    the old name kept."""

    def __init__(
        self,
        name: str,
        accessible_name: str,
        rename: Callable[[str], None],
        parent: QWidget | None = None,
        *,
        role: str = "title",
    ) -> None:
        super().__init__(parent)
        self._rename = rename
        self._shown = ""
        self.line = LineEdit(self)
        self.line.setObjectName(name)
        self.line.setProperty("role", role)
        self.line.setAccessibleName(accessible_name)
        self.line.left.connect(self._finish)
        self.line.cancelled.connect(self._take_back)
        self.error = label("", "error", f"{name}_error", wrap=True)
        self.error.hide()
        self.setFocusProxy(self.line)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.line)
        layout.addWidget(self.error)

    def show_name(self, name: str) -> None:
        """Show the model's name."""
        if name != self._shown or not self.line.hasFocus():
            self._shown = name
            self.line.setText(name)
            self.line.setToolTip(f"{self.line.accessibleName()}: {name}")
            self.line.setCursorPosition(0)
            self._say("")

    def _finish(self) -> None:
        wish = self.line.text().strip()
        if wish == self._shown:
            self._say("")
            return
        try:
            self._rename(wish)
        except EditError as error:
            text = str(error)
            self._say(text[:1].upper() + text[1:])

    def _take_back(self) -> None:
        self.line.setText(self._shown)
        self.line.selectAll()
        self._say("")

    def _say(self, text: str) -> None:
        mark_wrong(self.line, bool(text))
        self.error.setText(text)
        self.error.setVisible(bool(text))
