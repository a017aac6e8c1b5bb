"""A choice by title of what is kept by name: a dataset, an optimiser, a loss."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

from gui.pages.settings import Setting

MARGIN = 2
"""Pixels that the style keeps free at both sides of the text."""

LIST_MARGIN = 40
"""Pixels around a title in the list, with what a scroll bar takes."""


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

    def shown(self, option: QStyleOptionComboBox) -> str:
        """The title as far as there is room; what is too long ends in dots."""
        field = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, self)
        return self.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, room.width() - 2 * MARGIN
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """As any, with dots where the title is cut; the tip and the list have all of it."""
        if self.currentIndex() < 0:
            super().paintEvent(event)
            return
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        option.currentText = self.shown(option)
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def showPopup(self) -> None:
        """The list, as wide as its longest title."""
        metrics = self.view().fontMetrics()
        titles = [self.itemText(row) for row in range(self.count())]
        longest = max(map(metrics.horizontalAdvance, titles), default=0)
        self.view().setMinimumWidth(longest + LIST_MARGIN)
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls the form; it must not change a setting in passing."""
        event.ignore()
