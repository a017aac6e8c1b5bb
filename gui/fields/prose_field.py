"""The field of a text of several lines."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from graph.declare import Parameter

ROWS = 8


class ProseField(QPlainTextEdit):
    """Shows and edits a text; does what `Field` does for all other parameters.

    Signals:
        edited(value): the user wrote something.
        refused(text): never, as every text is legal; for those who connect to any field.
        entered(): the keyboard is in the field.
        left(): the edit is complete.
    """

    edited = Signal(object)
    refused = Signal(str)
    entered = Signal()
    left = Signal()

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.parameter = parameter
        self.line = self
        self.setObjectName(f"field_{parameter.name}")
        self.setAccessibleName(parameter.label)
        self.setAccessibleDescription(parameter.help)
        self.setToolTip(parameter.help)
        self.setPlaceholderText(parameter.help)
        self.setTabChangesFocus(True)
        # Undo belongs to the project, of which every letter is an edit.
        self.setUndoRedoEnabled(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._showing = False
        self.textChanged.connect(self._written)

    def sizeHint(self) -> QSize:
        """As many rows as a longer note needs."""
        return QSize(super().sizeHint().width(), ROWS * self.fontMetrics().lineSpacing() + 16)

    def minimumSizeHint(self) -> QSize:
        """The same height; the width is the form's."""
        return QSize(80, self.sizeHint().height())

    def show_value(self, value: Any) -> None:
        """Show what the model holds; the cursor stays where it was."""
        text = str(value)
        if text == self.toPlainText():
            return
        self._showing = True
        place = self.textCursor().position()
        self.setPlainText(text)
        cursor = self.textCursor()
        cursor.setPosition(min(place, len(text)))
        self.setTextCursor(cursor)
        self._showing = False

    def show_mixed(self) -> None:
        """Several notes are selected and differ."""
        self._showing = True
        self.clear()
        self.setPlaceholderText(self.tr("several values"))
        self._showing = False

    def event(self, event: QEvent) -> bool:
        """Let no command of the window take Ctrl+Enter."""
        if event.type() == QEvent.Type.ShortcutOverride and _ends(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape and Ctrl+Enter end the edit; undo and redo are the project's."""
        if _ends(event):
            self.left.emit()
            self.clearFocus()
            event.accept()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Say so."""
        super().focusInEvent(event)
        self.entered.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Say so."""
        super().focusOutEvent(event)
        self.left.emit()

    def _written(self) -> None:
        if not self._showing:
            self.edited.emit(self.toPlainText())


def _ends(event: QEvent) -> bool:
    """Whether a key says that the text is complete."""
    if not isinstance(event, QKeyEvent):
        return False
    control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    return event.key() == Qt.Key.Key_Escape or (enter and control)
