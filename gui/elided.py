"""A line of text that never is cut off without saying so."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from gui.runs.parts import label, set_role


class ElidedLabel(QFrame):
    """A text on the right that is shortened when there is no room for it, and then has a tip."""

    def __init__(
        self,
        name: str,
        role: str,
        parent: QWidget | None = None,
        *,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle,
    ) -> None:
        super().__init__(parent)
        self._text = ""
        self._mode = mode
        self._label = label("", role, name)
        self._label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._label)

    def text(self) -> str:
        """The whole text."""
        return self._text

    def set_text(self, text: str) -> None:
        """Show a text."""
        self._text = text
        self.setAccessibleName(text)
        self._show()

    def set_role(self, role: str) -> None:
        """Say what the text is."""
        set_role(self._label, role)
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten anew."""
        super().resizeEvent(event)
        self._show()

    def _show(self) -> None:
        metrics = QFontMetrics(self._label.font())
        room = self.width() - 2
        shown = metrics.elidedText(self._text, self._mode, room)
        self._label.setText(shown)
        self.setToolTip(self._text if shown != self._text else "")
