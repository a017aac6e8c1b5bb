"""Tables of numbers that are only read: the errors of each output, and the worst samples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from gui.runs.parts import make_list_of_rows

Index = QModelIndex | QPersistentModelIndex
Column = tuple[str, str]
"""The head of a column and what it means."""


class NumberModel(QAbstractTableModel):
    """Rows of texts below the heads of their columns."""

    def __init__(self, columns: tuple[Column, ...], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = columns
        self._rows: list[tuple[str, ...]] = []
        self._colors: tuple[QColor, ...] = ()

    def show_rows(self, rows: list[tuple[str, ...]], colors: Sequence[QColor] = ()) -> None:
        """Show other rows, perhaps each with the colour of what it tells of."""
        self.beginResetModel()
        self._rows, self._colors = rows, tuple(colors)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """As many as are shown."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """One per head."""
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The text; numbers stand at the right."""
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() > 0:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0 and self._colors:
            return self._colors[index.row()]
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The head, and what it means as a tip."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section][0]
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._columns[section][1]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None


class NumberTable(QTableView):
    """Shows such rows; the first column takes the room that is left."""

    def __init__(
        self, name: str, title: str, columns: tuple[Column, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        make_list_of_rows(self, name, title)
        self.numbers = NumberModel(columns, self)
        self.setModel(self.numbers)
        self.setWordWrap(False)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)

    def show_rows(self, rows: list[tuple[str, ...]], colors: Sequence[QColor] = ()) -> None:
        """Show other rows, from the first; see `NumberModel.show_rows`."""
        self.numbers.show_rows(rows, colors)
        self.scrollToTop()
