"""Pictures with what is there and what was found: cards, those with the most errors first."""

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

from evaluation.detections import (
    THRESHOLD,
    Box,
    DetectedPicture,
    Detection,
    DetectionErrors,
    count_errors,
)
from gui.runs import words
from gui.runs.background import Background
from gui.runs.box_painting import paint_boxes
from gui.runs.pictures import Pictures, paint_picture
from gui.theme import CORNER, SMALL_SIZE, font, theme

Index = QModelIndex | QPersistentModelIndex
SIDE = 140
"""Side of a picture on a card, in device-independent pixels."""
_PADDING = 8


class BoxModel(QAbstractListModel):
    """The pictures of a report, in its order, at a threshold that can be moved."""

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[DetectedPicture, ...] = ()
        self._threshold = THRESHOLD
        self._errors: dict[int, DetectionErrors] = {}
        self._pictures = Pictures(background, self)
        self._pictures.came.connect(self._picture_came)

    @property
    def shown(self) -> tuple[DetectedPicture, ...]:
        """The pictures in the list."""
        return self._shown

    @property
    def threshold(self) -> float:
        """Boxes of which the network is surer than this are shown."""
        return self._threshold

    def show_report(self, folder: Path, detection: Detection) -> None:
        """Show the pictures of another report."""
        self.beginResetModel()
        self._pictures.set_folder(folder)
        self._shown = detection.pictures
        self._errors.clear()
        self.endResetModel()

    def set_threshold(self, threshold: float) -> None:
        """Show boxes of which the network is surer than this."""
        self._threshold = threshold
        self._errors.clear()
        if self._shown:
            self.dataChanged.emit(self.index(0), self.index(len(self._shown) - 1))

    def found(self, row: int) -> list[Box]:
        """The boxes of a picture that are shown."""
        return [box for box in self._shown[row].found if box.score > self._threshold]

    def errors(self, row: int) -> DetectionErrors:
        """The errors on a picture."""
        if row not in self._errors:
            one = self._shown[row]
            self._errors[row] = count_errors([(one.true, one.found)], self._threshold)
        return self._errors[row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """One per picture."""
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """How many errors there are; the picture itself for the delegate."""
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                wrong = self.errors(index.row()).wrong
                if wrong == 0:
                    return self.tr("no error")
                return self.tr("1 error") if wrong == 1 else self.tr("{n} errors").format(n=wrong)
            case Qt.ItemDataRole.UserRole:
                return self._shown[index.row()]
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return self.tr("Sample {index}: {errors}.").format(
                    index=self._shown[index.row()].index,
                    errors=errors_in_words(self.errors(index.row())),
                )
            case _:
                return None

    def image(self, index: Index) -> QImage | None:
        """The picture without boxes; None while it is read, which this call begins."""
        return self._pictures.image(self._shown[index.row()].picture)

    def _picture_came(self, picture: str) -> None:
        for row, one in enumerate(self._shown):
            if one.picture == picture:
                here = self.index(row)
                self.dataChanged.emit(here, here)


def errors_in_words(errors: DetectionErrors) -> str:
    """`2 correct, 1 at the wrong place, 1 missed`, without what there is not."""
    parts = (
        (errors.correct, words.tr("{n} correct")),
        (errors.wrong_place, words.tr("{n} at the wrong place")),
        (errors.wrong_class, words.tr("{n} of the wrong class")),
        (errors.background, words.tr("{n} on nothing")),
        (errors.missed, words.tr("{n} missed")),
    )
    told = [text.format(n=count) for count, text in parts if count]
    return ", ".join(told) or words.tr("there is nothing and nothing was found")


class BoxDelegate(QStyledItemDelegate):
    """Draws a card: the picture with its boxes, and how many errors there are."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All cards are alike."""
        return QSize(SIDE + 3 * _PADDING, SIDE + 2 * _PADDING + 40)

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        """Draw one card."""
        model = index.model()
        if not isinstance(model, BoxModel):
            return
        one: DetectedPicture = index.data(Qt.ItemDataRole.UserRole)
        colors = theme()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = option.rect.adjusted(2, 2, -2, -2)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.setPen(QPen(colors.color("accent" if chosen else "line"), 1.5 if chosen else 1))
        painter.setBrush(colors.color("accent_soft" if chosen else "panel"))
        painter.drawRoundedRect(card, CORNER, CORNER)
        left = card.left() + (card.width() - SIDE) // 2
        frame = paint_picture(
            painter, QRect(left, card.top() + _PADDING, SIDE, SIDE), model.image(index)
        )
        if frame is not None:
            paint_boxes(painter, frame, one.true, model.found(index.row()))
        line = QRect(card.left() + 4, card.top() + _PADDING + SIDE + 4, card.width() - 8, 18)
        painter.setFont(font(bold=True))
        painter.setPen(colors.color("text"))
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, str(index.data()))
        painter.setFont(font(SMALL_SIZE))
        painter.setPen(colors.color("muted"))
        count = len(one.true)
        objects = self.tr("1 object") if count == 1 else self.tr("{n} objects").format(n=count)
        painter.drawText(line.translated(0, 17), Qt.AlignmentFlag.AlignCenter, objects)
        painter.restore()


class BoxGallery(QListView):
    """The cards, as many in a row as fit.

    Signals:
        opened(row): a card was clicked, or Enter pressed on it.
    """

    opened = Signal(int)

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("box_gallery")
        self.setAccessibleName(self.tr("Pictures with boxes, most errors first"))
        self.boxes = BoxModel(background, self)
        self.setModel(self.boxes)
        self.setItemDelegate(BoxDelegate(self))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setSpacing(2)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.clicked.connect(lambda index: self.opened.emit(index.row()))
        theme().changed.connect(self.viewport().update)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens what is chosen."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
            return
        super().keyPressEvent(event)
