"""The list of runs at the right of the Train page: choose, rename, restore, delete."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeySequence, QPainter, QPen, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from gui.look.theme import CORNER, SMALL_SIZE, font, theme
from gui.runs import words
from gui.runs.catalog import ENTRY_ROLE, RunCatalog, RunEntry, describe
from gui.runs.parts import button, label
from training.runs import Run

Index = QModelIndex | QPersistentModelIndex
_ROW = 56


class RunDelegate(QStyledItemDelegate):
    """Draws a run: sign and title, then state, time, epochs and result in words."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Two lines."""
        return QSize(120, _ROW)

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        """Draw one run."""
        entry: RunEntry = index.data(ENTRY_ROLE)
        colors = theme()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = option.rect.adjusted(0, 1, -1, -1)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.color("accent_soft"))
            painter.drawRoundedRect(card, CORNER, CORNER)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(colors.color("accent"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(card.adjusted(1, 1, -1, -1), CORNER - 1, CORNER - 1)
        status = entry.state.status if entry.state else None
        sign = QRect(card.left() + 8, card.top() + 9, 16, 18)
        painter.setPen(colors.color(words.STATUS_TOKENS[status] if status else "muted"))
        painter.setFont(font(SMALL_SIZE, bold=True))
        painter.drawText(
            sign, Qt.AlignmentFlag.AlignCenter, words.STATUS_SIGNS[status] if status else "…"
        )
        line = QRect(sign.right() + 6, card.top() + 8, card.right() - sign.right() - 14, 19)
        painter.setPen(colors.color("text"))
        number = words.best_result(entry.state)
        if number != words.NO_NUMBER:
            painter.setFont(font())
            painter.drawText(
                line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, number
            )
            line.setRight(line.right() - painter.fontMetrics().horizontalAdvance(number) - 8)
        self._write(painter, line, entry.title, bold=True)
        line.setRight(card.right() - 8)
        painter.setPen(colors.color("muted"))
        self._write(painter, line.translated(0, 20), describe(entry), size=SMALL_SIZE)
        painter.restore()

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Show the title; a run that goes on training does not take away what is being typed."""
        if not (isinstance(editor, QLineEdit) and editor.isModified()):
            super().setEditorData(editor, index)

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """The title is edited where it stands."""
        rectangle: QRect = option.rect
        editor.setGeometry(rectangle.adjusted(24, 2, -4, -24))

    def _write(
        self, painter: QPainter, line: QRect, text: str, *, bold: bool = False, size: float = 13.0
    ) -> None:
        chosen = font(size, bold=bold)
        painter.setFont(chosen)
        short = QFontMetrics(chosen).elidedText(text, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, short)


class RunList(QWidget):
    """The runs and what can be done with the chosen one.

    Signals:
        chosen(run): another run was chosen by the user or by `choose`; None for none.
        restore_requested(run), delete_requested(run): the user wants that; deleting is confirmed.
    """

    chosen = Signal(object)
    restore_requested = Signal(object)
    delete_requested = Signal(object)

    def __init__(self, catalog: RunCatalog, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runs")
        self._catalog = catalog
        self._chosen: Run | None = None
        self.view = QListView(self)
        self.view.setObjectName("run_list")
        self.view.setAccessibleName(self.tr("Runs"))
        self.view.setModel(catalog)
        self.view.setItemDelegate(RunDelegate(self.view))
        self.view.setUniformItemSizes(True)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._selection_changed())
        self._empty = label(
            self.tr("No runs yet. Each training becomes a run that is kept here."),
            "muted",
            "runs_empty",
            wrap=True,
        )
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.view)
        self._orders = QStackedWidget(self)
        self._orders.addWidget(self._make_orders())
        self._orders.addWidget(self._make_confirmation())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(label(self.tr("Runs"), "heading", "runs_title"))
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._orders)
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.view)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(self._ask_to_delete)
        catalog.listed.connect(self._update)
        catalog.entry_changed.connect(self._entry_changed)
        catalog.rowsInserted.connect(self._update)
        catalog.rowsRemoved.connect(self._update)
        catalog.layoutChanged.connect(self._update)
        # A reset takes the selection away without a signal of its own.
        catalog.modelReset.connect(self._selection_changed)
        self._update()

    @property
    def run(self) -> Run | None:
        """The chosen run."""
        return self._chosen

    def choose(self, run: Run | None) -> None:
        """Choose a run of the list, or none."""
        row = self._catalog.row_of(run)
        if row < 0:
            self.view.clearSelection()
            self.view.setCurrentIndex(QModelIndex())
        else:
            self.view.setCurrentIndex(self._catalog.index(row))

    def _make_orders(self) -> QWidget:
        row = QWidget(self)
        self.restore = button(self.tr("Restore this version"), "restore_run")
        self.restore.setToolTip(
            self.tr("Bring back the network and settings that this run trained. Can be undone.")
        )
        self.restore.clicked.connect(lambda: self.restore_requested.emit(self._chosen))
        self.rename = button(self.tr("Rename"), "rename_run", role="flat")
        self.rename.clicked.connect(lambda: self.view.edit(self.view.currentIndex()))
        self.delete = button(self.tr("Delete …"), "delete_run", role="flat")
        self.delete.clicked.connect(self._ask_to_delete)
        self.restore.setSizePolicy(_expanding(self.restore))
        pair = QHBoxLayout()
        pair.setSpacing(8)
        pair.addWidget(self.rename)
        pair.addWidget(self.delete)
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.restore)
        column.addLayout(pair)
        return row

    def _make_confirmation(self) -> QWidget:
        box = QWidget(self)
        self.question = label("", "", "delete_question", wrap=True)
        self.confirm = button(self.tr("Delete"), "confirm_delete", role="danger")
        self.confirm.clicked.connect(self._delete)
        self.keep = button(self.tr("Keep"), "cancel_delete")
        self.keep.clicked.connect(lambda: self._orders.setCurrentIndex(0))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.confirm)
        row.addWidget(self.keep)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.question)
        column.addLayout(row)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), box)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.keep.click)
        return box

    def _ask_to_delete(self) -> None:
        entry = self._catalog.entry_of(self._chosen)
        if entry is None or not self.delete.isEnabled():
            return
        self.question.setText(
            self.tr(
                "Delete “{title}” of {when} with its weights and reports? It cannot come back."
            ).format(title=entry.title, when=words.moment(entry.run, entry.state))
        )
        self._orders.setCurrentIndex(1)
        # The harmless answer has the keyboard.
        self.keep.setFocus()

    def _delete(self) -> None:
        self._orders.setCurrentIndex(0)
        if self._chosen is not None:
            self.delete_requested.emit(self._chosen)

    def _selection_changed(self) -> None:
        indexes = self.view.selectionModel().selectedIndexes()
        entry: RunEntry | None = indexes[0].data(ENTRY_ROLE) if indexes else None
        run = entry.run if entry else None
        if run != self._chosen:
            self._chosen = run
            self._orders.setCurrentIndex(0)
            self._update()
            self.chosen.emit(run)
        elif run is None:
            self._update()

    def _entry_changed(self, run: Run) -> None:
        if run == self._chosen:
            self._update()

    def _update(self) -> None:
        model: QAbstractItemModel = self._catalog
        self._stack.setCurrentIndex(1 if model.rowCount() else 0)
        entry = self._catalog.entry_of(self._chosen)
        state = entry.state if entry else None
        self._orders.setVisible(entry is not None)
        whole = state is not None and state.status != "broken"
        self.restore.setEnabled(whole)
        self.rename.setEnabled(whole)
        active = state is not None and state.active
        self.delete.setEnabled(state is not None and not active)
        self.delete.setToolTip(
            self.tr("Stop the training before deleting its run.")
            if active
            else self.tr("Remove the run with its weights and reports.")
        )


def _expanding(widget: QWidget) -> Any:
    policy = widget.sizePolicy()
    policy.setHorizontalPolicy(policy.Policy.MinimumExpanding)
    return policy
