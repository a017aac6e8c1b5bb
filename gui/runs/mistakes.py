"""The pictures that were taken for another class: a list that reads only what is in sight."""

from __future__ import annotations

from collections import OrderedDict
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
from PySide6.QtGui import QImage, QImageReader, QPainter, QPen
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
from gui.theme import CORNER, SMALL_SIZE, font, theme

Index = QModelIndex | QPersistentModelIndex
MISTAKE_ROLE = Qt.ItemDataRole.UserRole
PICTURE = 88
"""Side of a picture on the screen, in device-independent pixels."""
_PADDING = 8
_MOST_KEPT = 512
_LARGEST_READ = 4 * PICTURE
"""Larger pictures are read scaled down to this."""
_CRISP_UP_TO = 48
"""Pictures this small keep their pixels visible: they are what the network saw."""


class MistakeModel(QAbstractListModel):
    """The mistakes of a report, in its order, possibly those of one cell only."""

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._folder = Path()
        self._report: Report | None = None
        self._shown: list[Mistake] = []
        self._images: OrderedDict[str, QImage | None] = OrderedDict()

    @property
    def shown(self) -> list[Mistake]:
        """The mistakes in the list."""
        return self._shown

    def show_report(self, folder: Path, report: Report | None) -> None:
        """Show the mistakes of another report."""
        self._folder, self._report = folder, report
        self._images.clear()
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
        mistake = self._shown[index.row()]
        if not mistake.picture:
            return QImage()
        if mistake.picture in self._images:
            self._images.move_to_end(mistake.picture)
            return self._images[mistake.picture]
        self._images[mistake.picture] = None
        path = self._folder / mistake.picture
        folder = self._folder
        keep = QPersistentModelIndex(index)

        def take(image: QImage) -> None:
            if folder == self._folder:
                self._images[mistake.picture] = image
                while len(self._images) > _MOST_KEPT:
                    self._images.popitem(last=False)
                if keep.isValid():
                    here = self.index(keep.row())
                    self.dataChanged.emit(here, here)

        self._background.call(lambda: _read_image(path), take)
        return None


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
        self._paint_picture(painter, frame, model.image(index))
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

    def _paint_picture(self, painter: QPainter, frame: QRect, image: QImage | None) -> None:
        if image is None or image.isNull():
            painter.fillRect(frame, theme().color("background"))
            if image is not None:
                painter.setFont(font(SMALL_SIZE))
                painter.setPen(theme().color("muted"))
                painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, self.tr("no picture"))
            return
        smooth = max(image.width(), image.height()) > _CRISP_UP_TO
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        size = image.size().scaled(frame.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRect(0, 0, size.width(), size.height())
        target.moveCenter(frame.center())
        painter.drawImage(target, image)


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


def _read_image(path: Path) -> QImage:
    """The picture, not larger than is needed; an empty one where it cannot be read."""
    reader = QImageReader(str(path))
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > _LARGEST_READ:
        limit = QSize(_LARGEST_READ, _LARGEST_READ)
        reader.setScaledSize(size.scaled(limit, Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()
