"""A line of text that never is cut off without saying so."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

_MIDDLE = Qt.AlignmentFlag.AlignVCenter


class ElidedLabel(QLabel):
    """A label that shows "…" where there is no room for all of it.

    Without a tip of its own, its tip is the whole text while that is not to be seen.
    """

    def __init__(
        self,
        text: str,
        name: str,
        role: str,
        parent: QWidget | None = None,
        *,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        tip: str = "",
    ) -> None:
        super().__init__(text, parent)
        self.setObjectName(name)
        self.setProperty("role", role)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(side | _MIDDLE)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setToolTip(tip)
        self._mode = mode
        self._has_tip = bool(tip)

    def shown_text(self) -> str:
        """What there is room for."""
        room = self.contentsRect().width()
        return self.fontMetrics().elidedText(self.text(), self._mode, room)

    def event(self, event: QEvent) -> bool:
        """Have the tip ready when it is asked for."""
        if event.type() == QEvent.Type.ToolTip and not self._has_tip:
            whole = self.text()
            self.setToolTip(whole if self.shown_text() != whole else "")
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what there is room for."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), self.alignment(), self.shown_text())
        painter.end()
