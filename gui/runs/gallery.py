"""The samples of a report as cards with pictures: a list that reads only what is in sight."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from gui.look.theme import CORNER, SMALL_SIZE, font, theme
from gui.runs.background import Background
from gui.runs.pictures import Pictures

Index = QModelIndex | QPersistentModelIndex
Sample = TypeVar("Sample")
NEXT_LINE = 17
"""From one line of a card to the next, in device-independent pixels."""
_PADDING = 8


class CardModel(QAbstractListModel, Generic[Sample]):
    """Samples of a report, in its order; each kind of card says what they are in words."""

    PICTURES: ClassVar[tuple[str, ...]] = ("picture",)
    """The attributes of a sample that name its pictures."""

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown: Sequence[Sample] = ()
        self._pictures = Pictures(background, self)
        self._pictures.came.connect(self._picture_came)

    @property
    def shown(self) -> Sequence[Sample]:
        """The samples in the list."""
        return self._shown

    def set_folder(self, folder: Path) -> None:
        """Take pictures from the folder of another run."""
        self._pictures.set_folder(folder)

    def show_samples(self, samples: Sequence[Sample]) -> None:
        """Show other samples."""
        self.beginResetModel()
        self._shown = samples
        self.endResetModel()

    def title(self, row: int) -> str:
        """What stands below the pictures."""
        raise NotImplementedError

    def told(self, row: int) -> str:
        """A sample in a sentence."""
        raise NotImplementedError

    def image(self, row: int, name: str = "picture") -> QImage | None:
        """A picture of a sample; None while it is read, which this call begins."""
        return self._pictures.image(getattr(self._shown[row], name))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """One per sample."""
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The title, and the sentence as a tip."""
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.title(index.row())
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return self.told(index.row())
            case _:
                return None

    def _all_changed(self) -> None:
        if self._shown:
            self.dataChanged.emit(self.index(0), self.index(len(self._shown) - 1))

    def _picture_came(self, picture: str) -> None:
        for row, one in enumerate(self._shown):
            if any(getattr(one, name) == picture for name in self.PICTURES):
                here = self.index(row)
                self.dataChanged.emit(here, here)


class Gallery(QListView):
    """The cards, as many in a row as fit; each kind draws what is on one by `paint_card`.

    Signals:
        opened(row): a card was clicked, or Enter pressed on it.
    """

    opened = Signal(int)

    def __init__(self, pictures: QSize, room: QSize, parent: QWidget | None = None) -> None:
        """Make a list without cards.

        Args:
            pictures: size of all the pictures on a card.
            room: by how much a card is larger than they are.
        """
        super().__init__(parent)
        self.setItemDelegate(_CardDelegate(self, pictures, room))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setSpacing(2)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.clicked.connect(lambda index: self.opened.emit(index.row()))
        theme().changed.connect(self.viewport().update)

    def paint_card(self, painter: QPainter, frame: QRect, line: QRect, row: int) -> None:
        """Draw the pictures of a sample into the frame, and words from the line below it on."""
        raise NotImplementedError

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens what is chosen."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
            return
        super().keyPressEvent(event)


class _CardDelegate(QStyledItemDelegate):
    def __init__(self, gallery: Gallery, pictures: QSize, room: QSize) -> None:
        super().__init__(gallery)
        self._gallery = gallery
        self._pictures = pictures
        self._card = pictures + room

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All cards are alike."""
        return self._card

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        """Draw one card."""
        colors = theme()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = option.rect.adjusted(2, 2, -2, -2)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.setPen(QPen(colors.color("accent" if chosen else "line"), 1.5 if chosen else 1))
        painter.setBrush(colors.color("accent_soft" if chosen else "panel"))
        painter.drawRoundedRect(card, CORNER, CORNER)
        left = card.left() + (card.width() - self._pictures.width()) // 2
        frame = QRect(left, card.top() + _PADDING, *self._pictures.toTuple())
        line = QRect(card.left() + 4, frame.bottom() + 5, card.width() - 8, 18)
        self._gallery.paint_card(painter, frame, line, index.row())
        painter.restore()


def write_title(painter: QPainter, line: QRect, text: str) -> None:
    """Write what a card is."""
    painter.setFont(font(bold=True))
    painter.setPen(theme().color("text"))
    painter.drawText(line, Qt.AlignmentFlag.AlignCenter, text)


def write_small(painter: QPainter, line: QRect, text: str) -> None:
    """Write what else there is to know."""
    painter.setFont(font(SMALL_SIZE))
    painter.setPen(theme().color("muted"))
    painter.drawText(line, Qt.AlignmentFlag.AlignCenter, text)
