"""The list of the palette: how a layer looks in it, which sections are folded, and what a drag
carries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import (
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QDrag,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPen,
    QPixmap,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QWidget,
)

from gui.gestures.dragged import PALETTE_MIME, dragged
from gui.look.theme import NODE_CORNER, SMALL_SIZE, TEXT_SIZE, font, theme
from gui.panels.search import Entry

Index = QModelIndex | QPersistentModelIndex
_MIDDLE = Qt.AlignmentFlag.AlignVCenter

ENTRY_ROLE = int(Qt.ItemDataRole.UserRole) + 1
SECTION_ROLE, COUNT_ROLE = ENTRY_ROLE + 1, ENTRY_ROLE + 2
_ROW, _HEADING, _SQUARE, _ARROW = 28, 30, 10, 4.0
_LEFT, _RIGHT = 26, 12
"""From the edges of a row to the name in it."""


class PaletteModel(QStandardItemModel):
    """Headings and entries, one below the other."""

    def add_heading(self, section: str, title: str, count: int) -> None:
        """A heading, below which the entries of a section follow."""
        item = QStandardItem(title)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        item.setData(section, SECTION_ROLE)
        item.setData(count, COUNT_ROLE)
        item.setData(str(count), Qt.ItemDataRole.AccessibleDescriptionRole)
        self.appendRow(item)

    def is_heading(self, row: int) -> bool:
        """Whether a row is a heading."""
        return self.index(row, 0).data(COUNT_ROLE) is not None

    def section(self, row: int) -> str:
        """The section of a row; empty where there are no headings."""
        return str(self.index(row, 0).data(SECTION_ROLE) or "")

    def mimeTypes(self) -> list[str]:
        """What a drag carries."""
        return [PALETTE_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The name of the dragged layer or block."""
        entries: list[Entry | None] = [index.data(ENTRY_ROLE) for index in indexes]
        for entry in entries:
            if entry is not None:
                return dragged(entry.name, is_block=entry.is_block)
        return QMimeData()


class PaletteDelegate(QStyledItemDelegate):
    """Draws a square in the colour of the category, and the title.

    Signals:
        named(entry, text): a name was typed in place.
    """

    named = Signal(object, str)

    def __init__(self, view: PaletteList) -> None:
        super().__init__(view)
        self._view = view

    def createEditor(self, parent: QWidget, option: Any, index: Index) -> QWidget:
        """A line for the name of a block."""
        line = QLineEdit(parent)
        line.setObjectName("palette_name")
        line.setAccessibleName(self.tr("Name of the block"))
        return line

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Begin with the name that it has."""
        entry: Entry | None = index.data(ENTRY_ROLE)
        if isinstance(editor, QLineEdit) and entry is not None:
            editor.setText(entry.block)
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: Any, index: Index) -> None:
        """Tell what was typed; the model of the palette follows the document."""
        if isinstance(editor, QLineEdit):
            self.named.emit(index.data(ENTRY_ROLE), editor.text().strip())

    def sizeHint(self, option: Any, index: Index) -> QSize:
        """Rows of one height, higher where a name needs a second line; headings with air above."""
        is_heading = index.data(COUNT_ROLE) is not None
        height = _HEADING if is_heading else _ROW
        metrics = QFontMetrics(font(TEXT_SIZE))
        height = max(height, metrics.height() + 8)
        room = self._view.viewport().width() - _LEFT - _RIGHT
        title = str(index.data())
        if not is_heading and room > 0 and metrics.horizontalAdvance(title) > room:
            place = QRect(0, 0, room, 10_000)
            lines = metrics.boundingRect(place, _wrapped(title, metrics, room), title)
            height = max(height, lines.height() + 8)
        return QSize(40, height)

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        """Draw one row."""
        entry: Entry | None = index.data(ENTRY_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if entry is None:
            self._paint_heading(painter, option, index)
        else:
            self._paint_entry(painter, option, entry)
        painter.restore()

    def _paint_heading(self, painter: QPainter, option: Any, index: Index) -> None:
        colors = theme()
        row = QRectF(option.rect).adjusted(0, 1, -8, -1)
        if option.state & QStyle.StateFlag.State_MouseOver or (
            option.state & QStyle.StateFlag.State_Selected
        ):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.color("accent_soft"))
            painter.drawRoundedRect(row, 7, 7)
        _frame_focus(painter, option, row)
        muted = colors.color("muted")
        folded = self._view.is_folded(str(index.data(SECTION_ROLE)))
        _arrow(painter, QPointF(row.left() + 11, row.center().y()), muted, folded=folded)
        count = str(index.data(COUNT_ROLE))
        chosen = font(SMALL_SIZE)
        painter.setFont(chosen)
        painter.setPen(muted)
        end = row.adjusted(0, 0, -8, 0)
        painter.drawText(end, Qt.AlignmentFlag.AlignRight | _MIDDLE, count)
        room = QFontMetrics(chosen).horizontalAdvance(count) + 16
        chosen = font(SMALL_SIZE, bold=True)
        painter.setFont(chosen)
        place = row.adjusted(22, 0, -room, 0)
        text = QFontMetrics(chosen).elidedText(
            str(index.data()), Qt.TextElideMode.ElideRight, int(place.width())
        )
        painter.setPen(colors.color("text"))
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | _MIDDLE, text)

    def _paint_entry(self, painter: QPainter, option: Any, entry: Entry) -> None:
        colors = theme()
        row = QRectF(option.rect).adjusted(0, 1, -8, -1)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.color("accent_soft"))
            painter.drawRoundedRect(row, 7, 7)
        _frame_focus(painter, option, row)
        square = QRectF(row.left() + 8, row.center().y() - _SQUARE / 2, _SQUARE, _SQUARE)
        _square(painter, square, entry)
        chosen = font(TEXT_SIZE)
        painter.setFont(chosen)
        painter.setPen(colors.color("text"))
        place = QRectF(option.rect).adjusted(_LEFT, 0, -_RIGHT, 0)
        flags = _wrapped(entry.title, QFontMetrics(chosen), place.width())
        painter.drawText(place, flags, entry.title)


def _wrapped(title: str, metrics: QFontMetrics, room: float) -> int:
    """How a name is written: in as many lines as it needs, broken between its words, or anywhere
    where a word is too long for a line."""
    too_long = any(metrics.horizontalAdvance(word) > room for word in title.split())
    wrap = Qt.TextFlag.TextWrapAnywhere if too_long else Qt.TextFlag.TextWordWrap
    return int(Qt.AlignmentFlag.AlignLeft | _MIDDLE | wrap)


def _frame_focus(painter: QPainter, option: Any, row: QRectF) -> None:
    """Where the keyboard is."""
    wanted = QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_HasFocus
    if option.state & wanted == wanted:
        painter.setPen(QPen(theme().color("accent"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(row.adjusted(0.5, 0.5, -0.5, -0.5), 7, 7)


def _arrow(painter: QPainter, middle: QPointF, color: QColor, *, folded: bool) -> None:
    """The sign of a section: to the right where it is folded, else down."""
    half, quarter = _ARROW, _ARROW / 2
    corners = (
        (QPointF(-quarter, -half), QPointF(quarter, 0), QPointF(-quarter, half))
        if folded
        else (QPointF(-half, -quarter), QPointF(0, quarter), QPointF(half, -quarter))
    )
    pen = QPen(color, 1.5)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline([middle + corner for corner in corners])


def _square(painter: QPainter, square: QRectF, entry: Entry) -> None:
    """The sign of a category; a block's is a pair of cards."""
    color = theme().category_color(entry.category)
    painter.setPen(Qt.PenStyle.NoPen)
    if entry.is_block:
        pale = theme().category_color(entry.category)
        pale.setAlphaF(0.4)
        painter.setBrush(pale)
        painter.drawRoundedRect(square.translated(2.5, -2.5), 3, 3)
    painter.setBrush(color)
    painter.drawRoundedRect(square, 3, 3)


def drag_pixmap(entry: Entry, ratio: float) -> QPixmap:
    """What hangs on the pointer while a layer is dragged: a small node."""
    chosen = font(TEXT_SIZE, bold=True)
    width = max(120, QFontMetrics(chosen).horizontalAdvance(entry.title) + 48)
    size = QSize(width, 46)
    pixmap = QPixmap(size * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    colors = theme()
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colors.color("accent"), 1.5))
    painter.setBrush(colors.color("panel"))
    card = QRectF(1, 1, size.width() - 2, size.height() - 2)
    painter.drawRoundedRect(card, NODE_CORNER, NODE_CORNER)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colors.category_color(entry.category))
    painter.drawRoundedRect(QRectF(9, 10, 4, size.height() - 20), 2, 2)
    painter.setPen(colors.color("text"))
    painter.setFont(chosen)
    painter.drawText(card.adjusted(22, 0, -8, 0), Qt.AlignmentFlag.AlignVCenter, entry.title)
    painter.end()
    return pixmap


class PaletteList(QListView):
    """The view; entries can be dragged out, nothing can be dropped in.

    Signals:
        chosen(index): double click or Enter on an entry. Not Qt's `activated`, which on some
            desktops is a single click.
        named(entry, text): a name was typed in place.
    """

    chosen = Signal(QModelIndex)
    named = Signal(object, str)

    def __init__(self, model: PaletteModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("palette_list")
        self.setAccessibleName(self.tr("Layers"))
        self._rows = model
        self._folded: set[str] = set()
        self.setModel(model)
        delegate = PaletteDelegate(self)
        delegate.named.connect(self.named)
        self.setItemDelegate(delegate)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        # Else Qt would keep the heights of the rows where only the width changes.
        self.setWordWrap(True)
        self.doubleClicked.connect(self._double_clicked)
        self.clicked.connect(self._clicked)

    # --- sections ------------------------------------------------------------------------------

    @property
    def folded(self) -> frozenset[str]:
        """The sections of which only the heading is shown."""
        return frozenset(self._folded)

    def is_folded(self, section: str) -> bool:
        """Whether only the heading of a section is shown."""
        return section in self._folded

    def fold(self, sections: Iterable[str]) -> None:
        """Show only the headings of these sections, and all of the others."""
        self._folded = set(sections)
        self.hide_folded()

    def set_folded(self, section: str, folded: bool) -> None:
        """Fold one section or unfold it."""
        if folded != (section in self._folded):
            self.fold(self._folded ^ {section})

    def hide_folded(self) -> None:
        """Hide what is folded, after the rows are new."""
        for row in range(self._rows.rowCount()):
            hidden = self._rows.section(row) in self._folded and not self._rows.is_heading(row)
            if hidden != self.isRowHidden(row):
                self.setRowHidden(row, hidden)
        self.viewport().update()

    def _clicked(self, index: QModelIndex) -> None:
        if self._rows.is_heading(index.row()):
            self._toggle(index)

    def _double_clicked(self, index: QModelIndex) -> None:
        if not self._rows.is_heading(index.row()):
            self.chosen.emit(index)

    def _toggle(self, index: QModelIndex) -> None:
        section = self._rows.section(index.row())
        self.set_folded(section, section not in self._folded)

    def choose_current(self) -> None:
        """Choose what is current; a heading folds or unfolds."""
        index = self.currentIndex()
        if not index.isValid():
            return
        if self._rows.is_heading(index.row()):
            self._toggle(index)
        else:
            self.chosen.emit(index)

    # --- keyboard and mouse --------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses, the arrows to the sides fold and unfold; everything else as usual."""
        key, index = event.key(), self.currentIndex()
        section = self._rows.section(index.row()) if index.isValid() else ""
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.choose_current()
        elif key == Qt.Key.Key_Left and section:
            self.setCurrentIndex(self._heading_of(section))
            self.set_folded(section, True)
        elif key == Qt.Key.Key_Right and section:
            self.set_folded(section, False)
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def _heading_of(self, section: str) -> QModelIndex:
        rows = range(self._rows.rowCount())
        row = next(r for r in rows if self._rows.is_heading(r) and self._rows.section(r) == section)
        return self._rows.index(row, 0)

    def startDrag(self, actions: Qt.DropAction) -> None:
        """Drag the layer as a small node under the pointer."""
        indexes = [index for index in self.selectedIndexes() if index.data(ENTRY_ROLE)]
        if not indexes:
            return
        drag = QDrag(self)
        drag.setMimeData(self.model().mimeData(indexes))
        pixmap = drag_pixmap(indexes[0].data(ENTRY_ROLE), self.devicePixelRatioF())
        drag.setPixmap(pixmap)
        size = pixmap.deviceIndependentSize()
        drag.setHotSpot(QPoint(int(size.width() / 2), int(size.height() / 2)))
        drag.exec(Qt.DropAction.CopyAction)
