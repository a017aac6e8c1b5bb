"""What the network costs: totals, and a table of its nodes in which a click leads to the node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    QSortFilterProxyModel,
    Qt,
    QTimer,
)
from PySide6.QtGui import QFontMetrics, QPainter, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QSizePolicy,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from graph.layer import LAYERS
from graph.state import MAIN
from gui.editor import Editor
from gui.numbers import short, spaced_size, whole
from gui.runs.parts import label
from gui.theme import TEXT_SIZE, font, theme

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
FIRST_NUMBER = 3
"""The first column with numbers and bars."""
NARROW = 640
SORT_ROLE = int(Qt.ItemDataRole.UserRole) + 1
SHARE_ROLE = int(Qt.ItemDataRole.UserRole) + 2


@dataclass(frozen=True, slots=True)
class CostRow:
    """What one node costs."""

    node: str
    layer: str
    size: str
    elements: int
    weights: int
    multiply_adds: int


class CostModel(QAbstractTableModel):
    """The nodes of a block and their costs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[CostRow] = []
        self._most = (1, 1)
        self._titles = (
            self.tr("Node"),
            self.tr("Layer"),
            self.tr("Output size"),
            self.tr("Weights"),
            self.tr("Multiply-adds"),
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
        self._most = (
            max((row.weights for row in self.rows), default=0) or 1,
            max((row.multiply_adds for row in self.rows), default=0) or 1,
        )

    def rowCount(self, parent: Index = _ROOT) -> int:
        """One row per node."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Node, layer, size, weights, multiply-adds."""
        return 0 if parent.isValid() else len(self._titles)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The titles."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
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
            texts = (row.node, row.layer, row.size, whole(row.weights), whole(row.multiply_adds))
            return texts[column]
        if role == SORT_ROLE:
            keys = (row.node, row.layer, row.elements, row.weights, row.multiply_adds)
            return keys[column]
        if role == SHARE_ROLE and column >= FIRST_NUMBER:
            amounts = (row.weights, row.multiply_adds)
            return amounts[column - FIRST_NUMBER] / self._most[column - FIRST_NUMBER]
        if role == Qt.ItemDataRole.ToolTipRole and column < FIRST_NUMBER:
            return (row.node, row.layer, row.size)[column]
        return None


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
        number = 84.0
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


class Totals(QWidget):
    """Numbers with their words in a row; where it is narrow, the first ones only."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._pairs: list[QWidget] = []
        self._row = QHBoxLayout(self)
        # The layout must not hold the panel as wide as all of them.
        self._row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        self._row.setContentsMargins(16, 8, 16, 4)
        self._row.setSpacing(28)
        self._row.addStretch(1)

    def add(self, value: QLabel, words: QLabel) -> None:
        """A further number."""
        pair = QWidget(self)
        row = QHBoxLayout(pair)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(value)
        row.addWidget(words)
        self._row.insertWidget(len(self._pairs), pair)
        self._pairs.append(pair)

    def minimumSizeHint(self) -> QSize:
        """As narrow as you like."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show what there is room for."""
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """Numbers change their width."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().event(event)

    def _fit(self) -> None:
        left = self.width() - 32
        for pair in self._pairs:
            left -= pair.sizeHint().width()
            pair.setVisible(left >= 0)
            left -= self._row.spacing()


class CostPanel(QWidget):
    """Totals and table of the block that is open. Brought up to date while it can be seen."""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cost")
        self._editor = editor
        self._stale = True
        self._narrow: bool | None = None
        self.weights = label("0", "title", "total_weights")
        self.multiply_adds = label("0", "title", "total_multiply_adds")
        self.memory = label("0", "title", "total_memory")
        self.model = CostModel(self)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self.model)
        self._sorted.setSortRole(SORT_ROLE)
        self.table = self._make_table()
        empty = label(self.tr("What each layer costs appears here."), "muted", "no_costs")
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(empty)
        self._stack.addWidget(self.table)
        totals = Totals(self)
        for value, words in (
            (self.weights, self.tr("weights")),
            (self.multiply_adds, self.tr("multiply-adds for one sample")),
            (self.memory, self.tr("values between layers")),
        ):
            totals.add(value, label(words, "muted", f"{value.objectName()}_words"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(totals)
        layout.addWidget(self._stack, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(40)
        self._timer.timeout.connect(self._wake)
        editor.document.changed.connect(self._changed)
        editor.block_changed.connect(self._changed)

    def _make_table(self) -> QTableView:
        table = QTableView(self)
        table.setObjectName("cost_table")
        table.setAccessibleName(self.tr("Cost of every node"))
        table.setModel(self._sorted)
        table.setShowGrid(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(27)
        table.setItemDelegate(CostDelegate(table))
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(96)
        for column, mode in enumerate(
            ("Interactive", "Interactive", "Interactive", "Stretch", "Stretch")
        ):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode[mode])
        table.setSortingEnabled(True)
        # In the order of the flow until a heading is clicked.
        table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        table.clicked.connect(self._go_to)
        table.activated.connect(self._go_to)
        return table

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give words less room where all is narrow."""
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        if narrow != self._narrow:
            self._narrow = narrow
            for column, width in enumerate((100, 120, 100) if narrow else (130, 150, 120)):
                self.table.setColumnWidth(column, width)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while nobody looked."""
        super().showEvent(event)
        if self._stale:
            self.update_now()

    def _changed(self, _: object) -> None:
        self._stale = True
        self._timer.start()

    def _wake(self) -> None:
        if self.isVisible():
            self.update_now()

    def update_now(self) -> None:
        """Add up the block as it is."""
        self._timer.stop()
        self._stale = False
        document, name = self._editor.document, self._editor.block
        block = document.state.blocks.get(name) or document.state.blocks[MAIN]
        result = document.result(name)
        order = [node for node in result.order if node in block.nodes]
        rows = []
        for node in order:
            found = result.nodes[node]
            specs = list(found.outputs.values())
            layer = LAYERS.get(block.nodes[node].type)
            is_block = block.nodes[node].is_block
            title = block.nodes[node].type if is_block or layer is None else layer.TITLE
            rows.append(
                CostRow(
                    node,
                    title + (f" × {int(found.repeat)}" if found.repeat != 1 else ""),
                    ", ".join(spaced_size(spec.sizes) for spec in specs) or "–",
                    sum(spec.elements for spec in specs),
                    found.parameters,
                    found.multiply_adds,
                )
            )
        self.model.show_rows(rows)
        self._stack.setCurrentIndex(1 if rows else 0)
        self.weights.setText(whole(result.parameters))
        self.multiply_adds.setText(short(result.multiply_adds))
        self.memory.setText(short(sum(row.elements for row in rows)))

    def _go_to(self, index: Index) -> None:
        node = self.model.rows[self._sorted.mapToSource(index).row()].node
        self._editor.go_to(self._editor.block, node)
