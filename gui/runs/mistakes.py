"""The pictures that were taken for another class: a list that reads only what is in sight."""

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

from evaluation.report import Mistake, Report
from gui.runs import words
from gui.runs.background import Background
from gui.runs.confusion import Cell
from gui.runs.pictures import PICTURE, Pictures, paint_picture
from gui.theme import CORNER, SMALL_SIZE, font, theme

Index = QModelIndex | QPersistentModelIndex
MISTAKE_ROLE = Qt.ItemDataRole.UserRole
_PADDING = 8


class MistakeModel(QAbstractListModel):
    """The mistakes of a report, in its order, possibly those of one cell only."""

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._report: Report | None = None
        self._shown: list[Mistake] = []
        self._pictures = Pictures(background, self)
        self._pictures.came.connect(self._picture_came)

    @property
    def shown(self) -> list[Mistake]:
        """The mistakes in the list."""
        return self._shown

    def show_report(self, folder: Path, report: Report | None) -> None:
        """Show the mistakes of another report."""
        self._report = report
        self._pictures.set_folder(folder)
        self.show_cell(None)

    def show_cell(self, cell: Cell | None) -> None:
        """Show the mistakes of one cell of the confusion matrix, or all."""
        self.beginResetModel()
        mistakes = self._report.mistakes if self._report else ()
        self._shown = [one for one in mistakes if cell in (None, (one.true, one.predicted))]
        self.endResetModel()

    def names(self, mistake: Mistake) -> tuple[str, str]:
        """True and predicted class."""
        names = self._report.class_names if self._report else ()
        return _name(names, mistake.true), _name(names, mistake.predicted)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """One per mistake."""
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The mistake in words; itself for the delegate."""
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        mistake = self._shown[index.row()]
        true, predicted = self.names(mistake)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return f"{true} → {predicted}"
            case Qt.ItemDataRole.UserRole:
                return mistake
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return self.tr(
                    "Sample {index} is “{true}”, taken for “{predicted}” with {confidence}; "
                    "“{true}” had {rest}."
                ).format(
                    index=mistake.index,
                    true=true,
                    predicted=predicted,
                    confidence=words.share(mistake.confidence),
                    rest=words.share(mistake.true_probability),
                )
            case _:
                return None

    def image(self, index: Index) -> QImage | None:
        """The picture of a mistake; None while it is read, which this call begins."""
        return self._pictures.image(self._shown[index.row()].picture)

    def _picture_came(self, picture: str) -> None:
        for row, mistake in enumerate(self._shown):
            if mistake.picture == picture:
                here = self.index(row)
                self.dataChanged.emit(here, here)


class MistakeDelegate(QStyledItemDelegate):
    """Draws a card: the picture, `true → predicted`, and how sure the network was."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All cards are alike."""
        return QSize(PICTURE + 3 * _PADDING, PICTURE + 2 * _PADDING + 40)

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        """Draw one card."""
        model = index.model()
        if not isinstance(model, MistakeModel):
            return
        mistake: Mistake = index.data(MISTAKE_ROLE)
        colors = theme()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = option.rect.adjusted(2, 2, -2, -2)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.setPen(QPen(colors.color("accent" if chosen else "line"), 1.5 if chosen else 1))
        painter.setBrush(colors.color("accent_soft" if chosen else "panel"))
        painter.drawRoundedRect(card, CORNER, CORNER)
        frame = QRect(
            card.left() + (card.width() - PICTURE) // 2, card.top() + _PADDING, PICTURE, PICTURE
        )
        paint_picture(painter, frame, model.image(index))
        true, predicted = model.names(mistake)
        words_ = QRect(card.left() + 4, frame.bottom() + 5, card.width() - 8, 18)
        painter.setFont(font(bold=True))
        metrics = painter.fontMetrics()
        arrow = " → "
        room = (words_.width() - metrics.horizontalAdvance(arrow)) // 2
        short = [
            metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
            for name in (true, predicted)
        ]
        painter.setPen(colors.color("text"))
        painter.drawText(words_, Qt.AlignmentFlag.AlignCenter, arrow.join(short))
        painter.setFont(font(SMALL_SIZE))
        painter.setPen(colors.color("muted"))
        painter.drawText(
            words_.translated(0, 17),
            Qt.AlignmentFlag.AlignCenter,
            self.tr("{share} sure").format(share=words.share(mistake.confidence)),
        )
        painter.restore()


class MistakeGallery(QListView):
    """The cards, as many in a row as fit."""

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("mistake_gallery")
        self.setAccessibleName(self.tr("Mistakes, most confident first"))
        self.mistakes = MistakeModel(background, self)
        self.setModel(self.mistakes)
        self.setItemDelegate(MistakeDelegate(self))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setSpacing(2)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        theme().changed.connect(self.viewport().update)


def _name(names: tuple[str, ...], number: int) -> str:
    return names[number] if 0 <= number < len(names) else str(number)
