"""The samples of a segmentation as cards, the worst first; what lies over the images is chosen."""

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

from evaluation.segmentations import MaskOutcome
from gui.runs import words
from gui.runs.background import Background
from gui.runs.mask_picture import LAYERS, Overlay, paint_outcome
from gui.runs.pictures import Pictures
from gui.theme import CORNER, font, theme

Index = QModelIndex | QPersistentModelIndex
_SIDE = 168
"""Of a picture, in device-independent pixels: masks need more room than digits."""
_PADDING = 8


class MaskModel(QAbstractListModel):
    """The samples of a report, in its order."""

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[MaskOutcome, ...] = ()
        self._overlay = Overlay()
        self._pictures = Pictures(background, self)
        self._pictures.came.connect(self._picture_came)

    @property
    def shown(self) -> tuple[MaskOutcome, ...]:
        """The samples in the list."""
        return self._shown

    @property
    def overlay(self) -> Overlay:
        """What is laid over the images."""
        return self._overlay

    def set_overlay(self, overlay: Overlay) -> None:
        """Lay something else over the images."""
        self._overlay = overlay
        if self._shown:
            self.dataChanged.emit(self.index(0), self.index(len(self._shown) - 1))

    def show_outcomes(self, folder: Path, outcomes: tuple[MaskOutcome, ...]) -> None:
        """Show the samples of another report, whose run is in a folder."""
        self.beginResetModel()
        self._pictures.set_folder(folder)
        self._shown = outcomes
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """One per sample."""
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The overlap in words; the sample itself for the delegate."""
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        outcome = self._shown[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.tr("IoU {iou}").format(iou=words.share(outcome.iou))
            case Qt.ItemDataRole.UserRole:
                return outcome
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return self.tr("Sample {index}: mean IoU {iou}. Click to enlarge.").format(
                    index=outcome.index, iou=words.share(outcome.iou)
                )
            case _:
                return None

    def images(self, index: Index) -> tuple[QImage | None, dict[str, QImage | None]]:
        """The image of a sample and what is laid over it; None while it is read."""
        outcome = self._shown[index.row()]
        chosen = [name for name in LAYERS if name in self._overlay.layers]
        layers = {name: self._pictures.image(getattr(outcome, name)) for name in chosen}
        return self._pictures.image(outcome.picture), layers

    def _picture_came(self, picture: str) -> None:
        for row, one in enumerate(self._shown):
            if picture in (one.picture, one.truth, one.answer, one.wrong):
                here = self.index(row)
                self.dataChanged.emit(here, here)


class MaskDelegate(QStyledItemDelegate):
    """Draws a card: the image with its layers, and how well they overlap."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All cards are alike."""
        return QSize(_SIDE + 2 * _PADDING + 4, _SIDE + 2 * _PADDING + 24)

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        """Draw one card."""
        model = index.model()
        if not isinstance(model, MaskModel):
            return
        colors = theme()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = option.rect.adjusted(2, 2, -2, -2)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.setPen(QPen(colors.color("accent" if chosen else "line"), 1.5 if chosen else 1))
        painter.setBrush(colors.color("accent_soft" if chosen else "panel"))
        painter.drawRoundedRect(card, CORNER, CORNER)
        left = card.left() + (card.width() - _SIDE) // 2
        frame = QRect(left, card.top() + _PADDING, _SIDE, _SIDE)
        paint_outcome(painter, frame, *model.images(index), model.overlay)
        painter.setFont(font(bold=True))
        painter.setPen(colors.color("text"))
        line = QRect(card.left() + 4, frame.bottom() + 5, card.width() - 8, 18)
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, str(index.data()))
        painter.restore()


class MaskGallery(QListView):
    """The cards, as many in a row as fit; `activated` and `clicked` say which is to be enlarged."""

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("mask_gallery")
        self.setAccessibleName(self.tr("Samples, worst first"))
        self.masks = MaskModel(background, self)
        self.setModel(self.masks)
        self.setItemDelegate(MaskDelegate(self))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setSpacing(2)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        theme().changed.connect(self.viewport().update)
