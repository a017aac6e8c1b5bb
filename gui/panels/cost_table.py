"""The table of the cost panel: a row per node, sortable, with bars for shares."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    Qt,
)
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QWidget

from graph.cost import memory_text
from graph.field import NOTHING, Sees
from gui.fields.numbers import whole
from gui.look.theme import TEXT_SIZE, font, theme

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
FIRST_NUMBER = 4
"""The first column with numbers and bars."""
SORT_ROLE = int(Qt.ItemDataRole.UserRole) + 1
SHARE_ROLE = int(Qt.ItemDataRole.UserRole) + 2
LONGEST_ROLE = int(Qt.ItemDataRole.UserRole) + 3
"""The longest number of the column: bars end where it begins."""


@dataclass(frozen=True, slots=True)
class CostRow:
    """What one node costs; memory in bytes for one sample."""

    node: str
    layer: str
    size: str
    elements: int
    sees: Sees | Literal["unknown"]
    weights: int
    multiply_adds: int
    memory: int
    kept: int


class CostModel(QAbstractTableModel):
    """The nodes of a block and their costs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[CostRow] = []
        self._most = (1, 1, 1, 1)
        self._longest = [""] * 4
        self._titles = (
            (self.tr("Node"), ""),
            (self.tr("Layer"), ""),
            (self.tr("Output size"), self.tr("Of one sample.")),
            (
                self.tr("Sees"),
                self.tr(
                    "The receptive field: how much of the input one value of the node depends on. "
                    "Inside a block, of the block's input."
                ),
            ),
            (self.tr("Weights"), self.tr("Learned numbers, and frozen ones.")),
            (self.tr("Multiply-adds"), self.tr("Multiplications with addition for one sample.")),
            (self.tr("Memory"), self.tr("Of everything that the node makes, for one sample.")),
            (
                self.tr("Kept"),
                self.tr("What training keeps of that for the backward pass, for one sample."),
            ),
        )

    def show_rows(self, rows: list[CostRow]) -> None:
        """Show these; a table that only changed its numbers keeps its place."""
        if [row.node for row in rows] == [row.node for row in self.rows]:
            self.rows = rows
            self._measure()
            if rows:
                last = self.index(len(rows) - 1, self.columnCount() - 1)
                self.dataChanged.emit(self.index(0, 0), last)
            return
        self.beginResetModel()
        self.rows = rows
        self._measure()
        self.endResetModel()

    def _measure(self) -> None:
        amounts = [_amounts(row) for row in self.rows] or [(0, 0, 0, 0)]
        first, second, third, fourth = (max(column) or 1 for column in zip(*amounts, strict=True))
        self._most = (first, second, third, fourth)
        self._longest = [
            max((self._text(row, FIRST_NUMBER + number) for row in self.rows), key=len, default="")
            for number in range(4)
        ]

    def rowCount(self, parent: Index = _ROOT) -> int:
        """One row per node."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Node, layer, size, what it sees, weights, multiply-adds, memory, what is kept."""
        return 0 if parent.isValid() else len(self._titles)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The titles, and what they mean."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section][0]
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._titles[section][1] or None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = (
                Qt.AlignmentFlag.AlignRight
                if section >= FIRST_NUMBER
                else Qt.AlignmentFlag.AlignLeft
            )
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What stands in a cell, how it sorts, and how long its bar is."""
        row, column = self.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == SORT_ROLE:
            sees = _seen_places(row.sees)
            return (row.node, row.layer, row.elements, sees, *_amounts(row))[column]
        if role == SHARE_ROLE and column >= FIRST_NUMBER:
            number = column - FIRST_NUMBER
            return _amounts(row)[number] / self._most[number]
        if role == LONGEST_ROLE and column >= FIRST_NUMBER:
            return self._longest[column - FIRST_NUMBER]
        if role == Qt.ItemDataRole.ToolTipRole and column < FIRST_NUMBER:
            return self._text(row, column)
        return None

    def _text(self, row: CostRow, column: int) -> str:
        texts = (
            row.node,
            row.layer,
            row.size,
            self._seen(row.sees),
            whole(row.weights),
            whole(row.multiply_adds),
            memory_text(row.memory),
            memory_text(row.kept),
        )
        return texts[column]

    def _seen(self, sees: Sees | Literal["unknown"]) -> str:
        if sees == "unknown":
            return "–"
        if sees is None:
            return self.tr("everything")
        if sees is NOTHING:
            return self.tr("nothing")
        return " × ".join(whole(places) for places in sees.places) or "1"


def _amounts(row: CostRow) -> tuple[int, int, int, int]:
    return row.weights, row.multiply_adds, row.memory, row.kept


def _seen_places(sees: Sees | Literal["unknown"]) -> float:
    """A number that sorts by how much is seen."""
    if sees == "unknown":
        return -1.0
    if sees is None:
        return math.inf
    return 0.0 if sees is NOTHING else float(math.prod(sees.places))


class CostDelegate(QStyledItemDelegate):
    """Draws words below their heading, and a number with a bar of its share."""

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        """Draw one cell."""
        share = float(index.data(SHARE_ROLE) or 0.0)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, theme().color("accent_soft"))
        cell = QRectF(option.rect).adjusted(8, 4, -8, -4)
        text = str(index.data())
        chosen = font(TEXT_SIZE)
        painter.setFont(chosen)
        if index.column() < FIRST_NUMBER:
            painter.setPen(theme().color("text"))
            cut = Qt.TextElideMode.ElideRight
            shown = QFontMetrics(chosen).elidedText(text, cut, int(cell.width()))
            left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(cell, left, shown)
            painter.restore()
            return
        number = QFontMetrics(chosen).horizontalAdvance(str(index.data(LONGEST_ROLE))) + 8.0
        if share > 0 and cell.width() > number + 12:
            bar = QRectF(cell.left(), cell.center().y() - 4, 0, 8)
            bar.setWidth(max(3.0, (cell.width() - number) * share))
            bar.moveRight(cell.right() - number)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color("accent" if share > 0.5 else "muted"))
            painter.setOpacity(0.55)
            painter.drawRoundedRect(bar, 3, 3)
            painter.setOpacity(1.0)
        painter.setPen(theme().color("text" if share > 0 else "muted"))
        shown = QFontMetrics(chosen).elidedText(text, Qt.TextElideMode.ElideLeft, int(cell.width()))
        painter.drawText(cell, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.restore()
