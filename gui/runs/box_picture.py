"""One picture with its boxes, as large as there is room."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from evaluation.detections import Box, DetectedPicture
from gui.look.theme import theme
from gui.runs import words
from gui.runs.background import Background
from gui.runs.box_painting import paint_boxes
from gui.runs.enlarged import Enlarged
from gui.runs.pictures import Pictures, paint_picture

_LARGEST = 1024


class LargePicture(QWidget):
    """Draws the picture."""

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("large_picture")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._one: DetectedPicture | None = None
        self._found: Sequence[Box] = ()
        self._names: Sequence[str] = ()
        self.pictures = Pictures(background, self, largest=_LARGEST)
        self.pictures.came.connect(lambda _: self.update())
        theme().changed.connect(self.update)

    def show_boxes(
        self, one: DetectedPicture, found: Sequence[Box], names: Sequence[str], told: str
    ) -> None:
        """Show a picture with these of its boxes, told in words."""
        self._one, self._found, self._names = one, found, names
        self.setAccessibleName(self.tr("Sample {index}").format(index=one.index))
        self.setAccessibleDescription(told)
        self.update()

    def sizeHint(self) -> QSize:
        """As large as most pictures are."""
        return QSize(448, 448)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Picture, boxes and their names."""
        if self._one is None:
            return
        painter = QPainter(self)
        image = self.pictures.image(self._one.picture)
        frame = paint_picture(painter, self.rect(), image)
        if frame is not None:
            paint_boxes(painter, frame, self._one.true, self._found, width=2.0, names=self._names)


class EnlargedPicture(Enlarged):
    """The picture below its words and the ways to others and back."""

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        self.picture = LargePicture(background)
        super().__init__("picture", self.picture, parent)

    def set_folder(self, folder: Path) -> None:
        """Take pictures from here."""
        self.picture.pictures.set_folder(folder)

    def show_picture(
        self,
        one: DetectedPicture,
        found: Sequence[Box],
        names: Sequence[str],
        told: str,
    ) -> None:
        """Show a picture with these of its boxes.

        Args:
            names: of the classes.
            told: its errors in words.
        """
        self.title.setText(words.tr("Sample {index}: {told}").format(index=one.index, told=told))
        self.picture.show_boxes(one, found, names, told)
