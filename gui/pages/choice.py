"""A choice by title of what is kept by name: a dataset, an optimiser, a loss."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QWidget

from gui.pages.settings import Setting


class TitledChoice(QComboBox):
    """Offers the titles of a setting's choices.

    Signals:
        edited(name): the user chose another one.
    """

    edited = Signal(object)

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"choice_{setting.parameter.name}")
        self.setAccessibleName(setting.parameter.label)
        for name, title in setting.titles.items():
            self.addItem(title, name)
        self.setPlaceholderText(self.tr("Choose …"))
        # A long title must not make the whole form wide.
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.activated.connect(lambda row: self.edited.emit(self.itemData(row)))

    def show_value(self, value: Any) -> None:
        """Show a choice without making it."""
        row = self.findData(value)
        self.setCurrentIndex(row)
        self.setToolTip(self.itemText(row))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls the form; it must not change a setting in passing."""
        event.ignore()
