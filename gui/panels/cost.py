"""What the network costs: totals, and a table of its nodes in which a click leads to the node."""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    QSortFilterProxyModel,
    Qt,
    QTimer,
)
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QSizePolicy,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from graph.cost import BlockCost, CostCounter, memory_text
from graph.layer import LAYERS
from graph.results import BlockResult
from graph.state import MAIN, Block
from gui.editor import Editor
from gui.fields.numbers import short, spaced_size, whole
from gui.panels.cost_table import SORT_ROLE, CostDelegate, CostModel, CostRow
from gui.runs.parts import label, make_list_of_rows
from training.spec import read_training

Index = QModelIndex | QPersistentModelIndex

WIDTHS = (104, 140, 128, 96, 96, 140, 88, 88)
"""What a column needs at least, in pixels."""

SCROLL_BAR = 24

FOLDED_AWAY = (7, 3, 1, 6, 2)
"""The columns that a narrow panel does without, the first one first."""


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
        self._counter = CostCounter()
        self.weights = label("0", "title", "total_weights")
        self.multiply_adds = label("0", "title", "total_multiply_adds")
        self.memory = label("0", "title", "total_memory")
        self.training = label("0", "title", "total_training")
        self.weights_words = label(self.tr("weights"), "muted", "total_weights_words")
        self.training_words = label("", "muted", "total_training_words")
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
        words = label(self.tr("multiply-adds for one sample"), "muted", "total_multiply_adds_words")
        totals.add(self.weights, self.weights_words)
        totals.add(self.multiply_adds, words)
        totals.add(self.training, self.training_words)
        words = label(self.tr("between layers for one sample"), "muted", "total_memory_words")
        totals.add(self.memory, words)
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
        make_list_of_rows(table, "cost_table", self.tr("Cost of every node"))
        table.setModel(self._sorted)
        table.setItemDelegate(CostDelegate(table))
        header = table.horizontalHeader()
        header.setMinimumSectionSize(72)
        for column, width in enumerate(WIDTHS):
            stretches = column in (4, 5)
            mode = QHeaderView.ResizeMode["Stretch" if stretches else "Interactive"]
            header.setSectionResizeMode(column, mode)
            table.setColumnWidth(column, width)
        table.setSortingEnabled(True)
        # In the order of the flow until a heading is clicked.
        table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        table.clicked.connect(self._go_to)
        table.activated.connect(self._go_to)
        return table

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold columns away where there is no room for all."""
        super().resizeEvent(event)
        needed = sum(WIDTHS) + SCROLL_BAR
        for column in FOLDED_AWAY:
            self.table.setColumnHidden(column, needed > self.width())
            needed -= WIDTHS[column] if needed > self.width() else 0

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
        name = name if name in document.state.blocks else MAIN
        result = document.result(name)
        cost = self._counter.count(document.state, result, alone=name != MAIN)
        rows = self._rows(document.state.blocks[name], result, cost)
        self.model.show_rows(rows)
        self._stack.setCurrentIndex(1 if rows else 0)
        self._show_totals(cost)

    def _rows(self, block: Block, result: BlockResult, cost: BlockCost) -> list[CostRow]:
        rows = []
        for node in result.order:
            if node not in block.nodes or block.nodes[node].is_note:
                continue
            found, costs = result.nodes[node], cost.nodes[node]
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
                    costs.sees if found.reached else "unknown",
                    costs.parameters,
                    costs.multiply_adds,
                    costs.output_bytes,
                    costs.kept_bytes,
                )
            )
        return rows

    def _show_totals(self, cost: BlockCost) -> None:
        self.weights.setText(whole(cost.parameters))
        words = self.tr("weights")
        if cost.frozen_parameters:
            words = self.tr("weights, {n} of them frozen").format(n=whole(cost.frozen_parameters))
        self.weights_words.setText(words)
        self.multiply_adds.setText(short(cost.multiply_adds))
        self.memory.setText(memory_text(cost.output_bytes))
        spec, _ = read_training(self._editor.document.state.training)
        memory = cost.training_memory(spec.batch_size, spec.optimizer.states())
        self.training.setText(memory_text(memory.total))
        self.training_words.setText(
            self.tr("to train with batches of {n} and {optimizer}").format(
                n=spec.batch_size, optimizer=spec.optimizer.NAME
            )
        )
        tip = self.tr(
            "Weights {weights}, gradients {gradients}, memory of the optimiser {optimizer}, values "
            "kept for the backward pass {activations}. Single operations need some more for a "
            "moment."
        ).format(
            weights=memory_text(memory.weights),
            gradients=memory_text(memory.gradients),
            optimizer=memory_text(memory.optimizer),
            activations=memory_text(memory.activations),
        )
        self.training.setToolTip(tip)
        self.training_words.setToolTip(tip)

    def _go_to(self, index: Index) -> None:
        node = self.model.rows[self._sorted.mapToSource(index).row()].node
        self._editor.go_to(self._editor.block, node)
