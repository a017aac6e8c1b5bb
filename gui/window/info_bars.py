"""Bars below the top of the window that say what happened, without getting in the way."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from gui.runs.parts import button, label
from gui.window.messages import Choice, Message

MOST_BARS = 3


class InfoBar(QFrame):
    """One message.

    Signals:
        closed(): the user or the clock put it away.
    """

    closed = Signal()

    def __init__(self, message: Message, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.message = message
        self.setObjectName(f"info_{message.key}")
        self.setProperty("role", f"notice_{message.severity}")
        self.setAccessibleName(message.title)
        self.setAccessibleDescription(message.text)
        title = label(message.title, f"notice_title_{message.severity}", "info_title", wrap=True)
        text = label(message.text, "", "info_text", wrap=True)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        text.setVisible(bool(message.text))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(title)
        words.addWidget(text)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 8, 8)
        row.setSpacing(8)
        row.addLayout(words, 1)
        for choice in message.choices:
            made = button(choice.text, f"choice_{choice.name}")
            made.clicked.connect(lambda _=False, choice=choice: self._choose(choice))
            row.addWidget(made, 0, Qt.AlignmentFlag.AlignVCenter)
        close = QToolButton(self)
        close.setObjectName("info_close")
        close.setText("×")
        close.setFixedSize(26, 26)
        close.setToolTip(self.tr("Put away"))
        close.setAccessibleName(self.tr("Put away"))
        close.clicked.connect(self.closed)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        if message.seconds:
            QTimer.singleShot(message.seconds * 1000, self, self.closed.emit)

    def _choose(self, choice: Choice) -> None:
        self.closed.emit()
        choice.do()


class InfoBars(QWidget):
    """The messages that are open, the newest on top."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("info_bars")
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 8, 12, 8)
        self._column.setSpacing(6)
        self.bars: list[InfoBar] = []
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    def show_message(self, message: Message) -> None:
        """Say something; it takes the place of what was said under the same key."""
        self.withdraw(message.key)
        bar = InfoBar(message, self)
        bar.closed.connect(lambda: self._remove(bar))
        self.bars.insert(0, bar)
        self._column.insertWidget(0, bar)
        for old in self.bars[MOST_BARS:]:
            self._remove(old)
        self.show()

    def withdraw(self, key: str) -> None:
        """Take back what was said under a key."""
        for bar in [bar for bar in self.bars if bar.message.key == key]:
            self._remove(bar)

    def bar(self, key: str) -> InfoBar | None:
        """The open message with that key."""
        return next((bar for bar in self.bars if bar.message.key == key), None)

    def _remove(self, bar: InfoBar) -> None:
        if bar in self.bars:
            self.bars.remove(bar)
            self._column.removeWidget(bar)
            bar.hide()
            bar.deleteLater()
        self.setVisible(bool(self.bars))
