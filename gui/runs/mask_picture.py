"""An image with what is laid over it: true and predicted classes, and where they differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from evaluation.segmentations import MaskOutcome
from gui.look.theme import theme
from gui.runs import words
from gui.runs.background import Background
from gui.runs.enlarged import Enlarged
from gui.runs.pictures import Pictures, paint_picture

LAYERS = ("truth", "answer", "wrong")
"""What can lie over an image, the lowest first; the names are those of `MaskOutcome`."""

_LARGEST_READ = 2048


@dataclass(frozen=True, slots=True)
class Overlay:
    """What is laid over the images, and how strongly, 0 to 1."""

    layers: frozenset[str] = frozenset({"answer", "wrong"})
    opacity: float = 0.5


def paint_outcome(
    painter: QPainter,
    frame: QRect,
    image: QImage | None,
    layers: Mapping[str, QImage | None],
    overlay: Overlay,
) -> None:
    """Draw an image as large as fits into the frame, and the chosen layers over it."""
    paint_picture(painter, frame, image)
    painter.save()
    painter.setOpacity(overlay.opacity)
    for name in LAYERS:
        layer = layers.get(name)
        if name in overlay.layers and layer is not None and not layer.isNull():
            paint_picture(painter, frame, layer, smooth=False)
    painter.restore()


class MaskPicture(QWidget):
    """Draws one sample, as large as there is room."""

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("large_mask")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._outcome: MaskOutcome | None = None
        self._overlay = Overlay()
        self.pictures = Pictures(background, self, largest=_LARGEST_READ)
        self.pictures.came.connect(lambda _: self.update())
        theme().changed.connect(self.update)

    @property
    def outcome(self) -> MaskOutcome | None:
        """The sample that is shown."""
        return self._outcome

    def show_outcome(self, outcome: MaskOutcome, told: str) -> None:
        """Show a sample, told in words."""
        self._outcome = outcome
        self.setAccessibleName(told)
        self.update()

    def set_overlay(self, overlay: Overlay) -> None:
        """Lay something else over it."""
        self._overlay = overlay
        self.update()

    def images(self) -> tuple[QImage | None, dict[str, QImage | None]]:
        """The image and its layers; None while one is read, which this call begins."""
        outcome = self._outcome
        if outcome is None:
            return None, {}
        layers = {name: self.pictures.image(getattr(outcome, name)) for name in LAYERS}
        return self.pictures.image(outcome.picture), layers

    def sizeHint(self) -> QSize:
        """As large as most pictures are."""
        return QSize(448, 448)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Image and layers."""
        painter = QPainter(self)
        paint_outcome(painter, self.rect(), *self.images(), self._overlay)


class EnlargedMask(Enlarged):
    """The sample below its words and the ways to others and back."""

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        self.picture = MaskPicture(background)
        super().__init__("mask", self.picture, parent)

    def show_outcome(self, outcome: MaskOutcome) -> None:
        """Show a sample."""
        told = words.tr("Sample {index}: mean IoU {iou}").format(
            index=outcome.index, iou=words.share(outcome.iou)
        )
        self.title.setText(told)
        self.picture.show_outcome(outcome, told)
