"""Ending what is being typed, before something is done with the project."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from gui.fields.field import LineEdit


def finish_typing() -> None:
    """Let what stands in the line with the keyboard count, as if the keyboard left it."""
    line = QApplication.focusWidget()
    if isinstance(line, LineEdit):
        line.left.emit()
