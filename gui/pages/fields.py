"""One input for each kind of parameter. What may be entered is the parameter's to decide."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QWidget

from gui.pages.settings import Setting


class Field(QWidget):
    """Shows a value and lets it be changed.

    Signals:
        entered(value): the user gave another value; nobody has checked it.
    """

    entered = Signal(object)

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._input: QCheckBox | QComboBox | QLineEdit
        if setting.parameter.kind == "choice":
            self._input = self._combo(setting)
        elif setting.parameter.kind == "switch":
            self._input = self._check()
        else:
            self._input = self._line()
        self._input.setObjectName(setting.key.replace(".", "_"))
        self._input.setAccessibleName(setting.parameter.label)
        self._input.setAccessibleDescription(setting.parameter.help)
        self.setFocusProxy(self._input)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._input)
        self._kind = setting.parameter.kind
        self._shown: Any = None

    @property
    def input(self) -> QWidget:
        """What takes the keyboard."""
        return self._input

    def show_value(self, value: Any) -> None:
        """Show a value without entering it."""
        self._shown = value
        match self._input:
            case QCheckBox():
                self._input.setChecked(bool(value))
            case QComboBox():
                self._input.setCurrentIndex(self._input.findData(value))
            case QLineEdit():
                self._input.setText(_text(value))

    def _combo(self, setting: Setting) -> QComboBox:
        combo = _QuietCombo()
        for choice in setting.parameter.choices:
            combo.addItem(setting.titles.get(choice, str(choice)), choice)
        combo.setPlaceholderText(self.tr("Choose …"))
        # A long title must not make the whole form wide.
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(8)
        combo.activated.connect(lambda: self.entered.emit(combo.currentData()))
        return combo

    def _check(self) -> QCheckBox:
        check = QCheckBox()
        check.clicked.connect(self.entered)
        return check

    def _line(self) -> QLineEdit:
        line = QLineEdit()
        line.setAlignment(Qt.AlignmentFlag.AlignRight)
        line.editingFinished.connect(lambda: self._typed(line.text()))
        return line

    def _typed(self, text: str) -> None:
        if text != _text(self._shown):
            self.entered.emit(_value(self._kind, text))


class _QuietCombo(QComboBox):
    """A choice that the wheel does not change while the form is scrolled."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the form scroll."""
        event.ignore()


def _text(value: Any) -> str:
    """A value as it is typed."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:g}" if float(f"{value:g}") == value else repr(value)
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return str(value)


def _value(kind: str, text: str) -> Any:
    """What a typed text means; the text itself where it means nothing."""
    text = text.strip()
    if kind == "text":
        return text
    if not text:
        return None
    parts = [part for part in text.replace("×", ",").split(",") if part.strip()]
    if kind in ("pair", "sizes") and len(parts) > 1:
        return tuple(_number(part) for part in parts)
    return _number(text)


def _number(text: str) -> Any:
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return text
