"""How well each class is recognized, as a table that can be sorted."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from evaluation.report import ClassScore
from gui.runs import words
from gui.runs.parts import make_list_of_rows

Index = QModelIndex | QPersistentModelIndex
_SORT_ROLE = Qt.ItemDataRole.UserRole
_COLUMNS = ("name", "precision", "recall", "f1", "support", "predicted")


class ClassModel(QAbstractTableModel):
    """One row per class, one column per number."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._scores: tuple[ClassScore, ...] = ()

    def show_scores(self, scores: tuple[ClassScore, ...]) -> None:
        """Show the classes of another report."""
        self.beginResetModel()
        self._scores = scores
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """One per class."""
        return 0 if parent.isValid() else len(self._scores)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Name and five numbers."""
        return 0 if parent.isValid() else len(_COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The number in words, its value to sort by, and why there is none."""
        if not index.isValid():
            return None
        column = _COLUMNS[index.column()]
        value = getattr(self._scores[index.row()], column)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return words.share(value) if isinstance(value, float) else str(value)
            case Qt.ItemDataRole.UserRole:
                # What does not exist comes after what is worst, so that it is never in between.
                return -1.0 if isinstance(value, float) and math.isnan(value) else value
            case Qt.ItemDataRole.TextAlignmentRole if column != "name":
                return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            case Qt.ItemDataRole.ToolTipRole:
                return self._why_none(column) if value != value else None
            case _:
                return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Names of the columns, and what they mean."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        title, help_ = self._columns()[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if section == 0 else Qt.AlignmentFlag.AlignRight
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return help_ if role == Qt.ItemDataRole.ToolTipRole else None

    def _columns(self) -> tuple[tuple[str, str], ...]:
        return (
            (self.tr("Class"), self.tr("The name of the class.")),
            (
                self.tr("Precision"),
                self.tr("Of the samples that were taken for this class, the share that is of it."),
            ),
            (
                self.tr("Recall"),
                self.tr("Of the samples of this class, the share that was recognized."),
            ),
            (self.tr("F1"), self.tr("The harmonic mean of precision and recall.")),
            (self.tr("Samples"), self.tr("How many samples are of this class.")),
            (self.tr("Predicted"), self.tr("How many samples were taken for this class.")),
        )

    def _why_none(self, column: str) -> str:
        return {
            "precision": self.tr("No sample was taken for this class, so there is no precision."),
            "recall": self.tr("There is no sample of this class, so there is no recall."),
            "f1": self.tr(
                "There is no sample of this class and none was taken for it, so there is no F1."
            ),
        }[column]


class ClassTable(QTableView):
    """The table; a click on a column's head sorts by it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        make_list_of_rows(self, "class_table", self.tr("Scores by class"))
        self._scores = ClassModel(self)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self._scores)
        self._sorted.setSortRole(_SORT_ROLE)
        self.setModel(self._sorted)
        self.setSortingEnabled(True)
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        head.setMinimumSectionSize(56)
        self.setMinimumHeight(120)

    def show_scores(self, scores: tuple[ClassScore, ...]) -> None:
        """Show the classes of another report, in the order that was chosen."""
        self._scores.show_scores(scores)
