"""The samples of a segmentation as cards, the worst first; what lies over the images is chosen."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QRect, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from evaluation.segmentations import MaskOutcome
from gui.runs import words
from gui.runs.background import Background
from gui.runs.gallery import CardModel, Gallery, Index, write_title
from gui.runs.mask_picture import LAYERS, Overlay, paint_outcome

_SIDE = 168
"""Of a picture, in device-independent pixels: masks need more room than digits."""


class MaskModel(CardModel[MaskOutcome]):
    """The samples of a report."""

    PICTURES = ("picture", *LAYERS)

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(background, parent)
        self._overlay = Overlay()

    @property
    def overlay(self) -> Overlay:
        """What is laid over the images."""
        return self._overlay

    def set_overlay(self, overlay: Overlay) -> None:
        """Lay something else over the images."""
        self._overlay = overlay
        self._all_changed()

    def show_outcomes(self, folder: Path, outcomes: tuple[MaskOutcome, ...]) -> None:
        """Show the samples of another report, whose run is in a folder."""
        self.set_folder(folder)
        self.show_samples(outcomes)

    def title(self, row: int) -> str:
        """The overlap."""
        return self.tr("IoU {iou}").format(iou=words.share(self._shown[row].iou))

    def told(self, row: int) -> str:
        """The overlap, and what a click does."""
        outcome = self._shown[row]
        return self.tr("Sample {index}: mean IoU {iou}. Click to enlarge.").format(
            index=outcome.index, iou=words.share(outcome.iou)
        )

    def images(self, index: Index) -> tuple[QImage | None, dict[str, QImage | None]]:
        """The image of a sample and what is laid over it; None while it is read."""
        chosen = [name for name in LAYERS if name in self._overlay.layers]
        layers = {name: self.image(index.row(), name) for name in chosen}
        return self.image(index.row()), layers


class MaskGallery(Gallery):
    """Cards with the image and its layers, and how well they overlap."""

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(QSize(_SIDE, _SIDE), QSize(20, 40), parent)
        self.setObjectName("mask_gallery")
        self.setAccessibleName(self.tr("Samples, worst first"))
        self.masks = MaskModel(background, self)
        self.setModel(self.masks)

    def paint_card(self, painter: QPainter, frame: QRect, line: QRect, row: int) -> None:
        """The image with its layers above the overlap."""
        images = self.masks.images(self.masks.index(row))
        paint_outcome(painter, frame, *images, self.masks.overlay)
        write_title(painter, line, self.masks.title(row))
