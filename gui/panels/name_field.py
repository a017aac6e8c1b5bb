"""A name that is edited where it stands, with the reason beside it when it cannot be taken."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from graph.edits import EditError
from graph.state import near_name
from gui.fields.field import LineEdit, mark_wrong
from gui.runs.parts import button, label


class NameField(QWidget):
    """A line for a name. `rename` is tried when the user is done; an `EditError` is shown below and
    the old name kept, with the nearest name that can be as a button."""

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
        self.nearest = button("", f"{name}_nearest", role="flat")
        self.nearest.clicked.connect(self._take_nearest)
        self.nearest.hide()
        self.setFocusProxy(self.line)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.line)
        layout.addWidget(self.error)
        layout.addWidget(self.nearest, 0, Qt.AlignmentFlag.AlignLeft)

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
            text, nearest = str(error), near_name(wish)
            self._say(text[:1].upper() + text[1:], nearest if nearest != wish else "")

    def _take_nearest(self) -> None:
        self.line.setText(near_name(self.line.text()))
        self.line.setFocus()
        self._finish()

    def _take_back(self) -> None:
        self.line.setText(self._shown)
        self.line.selectAll()
        self._say("")

    def _say(self, text: str, nearest: str = "") -> None:
        mark_wrong(self.line, bool(text))
        self.error.setText(text)
        self.error.setVisible(bool(text))
        words = self.tr("Name it {name}").format(name=nearest)
        self.nearest.setText(words)
        self.nearest.setAccessibleName(words)
        # It may be about to have the keyboard, which a moment of hiding would send on.
        self.nearest.setVisible(bool(nearest))
