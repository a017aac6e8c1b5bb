"""The list of the palette: how a layer looks in it, and what a drag of one carries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
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
    QListView,
    QStyle,
    QStyledItemDelegate,
    QWidget,
)

from gui.gestures.dragged import PALETTE_MIME, dragged
from gui.panels.search import Entry
from gui.theme import NODE_CORNER, TEXT_SIZE, font, theme

Index = QModelIndex | QPersistentModelIndex

ENTRY_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_ROW, _HEADING, _SQUARE = 28, 30, 10


class PaletteModel(QStandardItemModel):
    """Headings and entries, one below the other."""

    def add_heading(self, title: str) -> None:
        """A heading, which cannot be chosen."""
        item = QStandardItem(title)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.appendRow(item)

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
    """Draws a square in the colour of the category, and the title."""

    def sizeHint(self, option: Any, index: Index) -> QSize:
        """Rows of one height, headings with air above."""
        is_heading = index.data(ENTRY_ROLE) is None
        height = _HEADING if is_heading else _ROW
        metrics = QFontMetrics(font(TEXT_SIZE))
        return QSize(40, max(height, metrics.height() + 8))

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        """Draw one row."""
        entry: Entry | None = index.data(ENTRY_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if entry is None:
            self._paint_heading(painter, option.rect, str(index.data()))
        else:
            self._paint_entry(painter, option, entry)
        painter.restore()

    def _paint_heading(self, painter: QPainter, rectangle: QRect, title: str) -> None:
        chosen = font(11, bold=True)
        chosen.setLetterSpacing(chosen.SpacingType.AbsoluteSpacing, 0.4)
        painter.setFont(chosen)
        painter.setPen(theme().color("muted"))
        place = rectangle.adjusted(0, 0, -8, -4)
        text = QFontMetrics(chosen).elidedText(
            title.upper(), Qt.TextElideMode.ElideRight, place.width()
        )
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, text)

    def _paint_entry(self, painter: QPainter, option: Any, entry: Entry) -> None:
        colors = theme()
        row = QRectF(option.rect).adjusted(0, 1, -8, -1)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.color("accent_soft"))
            painter.drawRoundedRect(row, 7, 7)
        if selected and option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(colors.color("accent"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(row.adjusted(0.5, 0.5, -0.5, -0.5), 7, 7)
        square = QRectF(row.left() + 8, row.center().y() - _SQUARE / 2, _SQUARE, _SQUARE)
        _square(painter, square, entry)
        chosen = font(TEXT_SIZE)
        painter.setFont(chosen)
        painter.setPen(colors.color("text"))
        place = row.adjusted(26, 0, -4, 0)
        text = QFontMetrics(chosen).elidedText(
            entry.title, Qt.TextElideMode.ElideRight, int(place.width())
        )
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


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
        chosen(index): double click or Enter. Not Qt's `activated`, which on some desktops is a
            single click.
    """

    chosen = Signal(QModelIndex)

    def __init__(self, model: PaletteModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("palette_list")
        self.setAccessibleName(self.tr("Layers"))
        self.setModel(model)
        self.setItemDelegate(PaletteDelegate(self))
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.doubleClicked.connect(self.chosen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses; everything else as usual."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(self.currentIndex())
            event.accept()
        else:
            super().keyPressEvent(event)

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
