"""What went into an autoencoder beside what came out: cards, the worst first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QImage, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from evaluation.report import Outcome, Report
from gui.runs import words
from gui.runs.background import Background
from gui.runs.pictures import PICTURE, Pictures, paint_picture
from gui.theme import CORNER, SMALL_SIZE, font, theme

Index = QModelIndex | QPersistentModelIndex
_PADDING = 8
_GAP = 4


class PairModel(QAbstractListModel):
    """The samples of a report that have pictures, in its order."""

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown: list[Outcome] = []
        self._pictures = Pictures(background, self)
        self._pictures.came.connect(self._picture_came)

    @property
    def shown(self) -> list[Outcome]:
        """The samples in the list."""
        return self._shown

    def show_report(self, folder: Path, report: Report) -> None:
        """Show the samples of another report."""
        self.beginResetModel()
        self._pictures.set_folder(folder)
        self._shown = [one for one in report.outcomes if one.picture or one.answer]
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """One per sample."""
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The error in words; the sample itself for the delegate."""
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        outcome = self._shown[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.tr("error {error}").format(error=words.number(outcome.error))
            case Qt.ItemDataRole.UserRole:
                return outcome
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return self.tr(
                    "Sample {index}: left what went in, right what came out; the mean absolute "
                    "error of its pixels is {error}."
                ).format(index=outcome.index, error=words.number(outcome.error))
            case _:
                return None

    def images(self, index: Index) -> tuple[QImage | None, QImage | None]:
        """What went in and what came out; None while it is read."""
        outcome = self._shown[index.row()]
        return self._pictures.image(outcome.picture), self._pictures.image(outcome.answer)

    def _picture_came(self, picture: str) -> None:
        for row, outcome in enumerate(self._shown):
            if picture in (outcome.picture, outcome.answer):
                here = self.index(row)
                self.dataChanged.emit(here, here)


class PairDelegate(QStyledItemDelegate):
    """Draws a card: both pictures, what they are, and how far apart."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All cards are alike."""
        return QSize(2 * PICTURE + _GAP + 3 * _PADDING, PICTURE + 2 * _PADDING + 40)

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        """Draw one card."""
        model = index.model()
        if not isinstance(model, PairModel):
            return
        colors = theme()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = option.rect.adjusted(2, 2, -2, -2)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.setPen(QPen(colors.color("accent" if chosen else "line"), 1.5 if chosen else 1))
        painter.setBrush(colors.color("accent_soft" if chosen else "panel"))
        painter.drawRoundedRect(card, CORNER, CORNER)
        left = card.left() + (card.width() - 2 * PICTURE - _GAP) // 2
        titles = (self.tr("input"), self.tr("output"))
        for place, (image, title) in enumerate(zip(model.images(index), titles, strict=True)):
            frame = QRect(left + place * (PICTURE + _GAP), card.top() + _PADDING, PICTURE, PICTURE)
            paint_picture(painter, frame, image)
            painter.setFont(font(SMALL_SIZE))
            painter.setPen(colors.color("muted"))
            below = QRect(frame.left(), frame.bottom() + 4, frame.width(), 16)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, title)
        painter.setFont(font(bold=True))
        painter.setPen(colors.color("text"))
        line = QRect(card.left() + 4, card.bottom() - 22, card.width() - 8, 18)
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, str(index.data()))
        painter.restore()


class PairGallery(QListView):
    """The cards, as many in a row as fit."""

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pair_gallery")
        self.setAccessibleName(self.tr("Inputs and outputs, worst first"))
        self.pairs = PairModel(background, self)
        self.setModel(self.pairs)
        self.setItemDelegate(PairDelegate(self))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setSpacing(2)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        theme().changed.connect(self.viewport().update)
