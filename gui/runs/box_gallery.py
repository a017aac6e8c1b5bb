"""Pictures with what is there and what was found: cards, those with the most errors first."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QRect, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

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
from gui.runs.gallery import NEXT_LINE, CardModel, Gallery, write_small, write_title
from gui.runs.pictures import paint_picture

_SIDE = 140
"""Of a picture, in device-independent pixels."""


class BoxModel(CardModel[DetectedPicture]):
    """The pictures of a report, at a threshold that can be moved."""

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(background, parent)
        self._threshold = THRESHOLD
        self._errors: dict[int, DetectionErrors] = {}

    def show_report(self, folder: Path, detection: Detection) -> None:
        """Show the pictures of another report."""
        self.set_folder(folder)
        self._errors.clear()
        self.show_samples(detection.pictures)

    def set_threshold(self, threshold: float) -> None:
        """Show boxes of which the network is surer than this."""
        self._threshold = threshold
        self._errors.clear()
        self._all_changed()

    def found(self, row: int) -> list[Box]:
        """The boxes of a picture that are shown."""
        return [box for box in self._shown[row].found if box.score > self._threshold]

    def errors(self, row: int) -> DetectionErrors:
        """The errors on a picture."""
        if row not in self._errors:
            one = self._shown[row]
            self._errors[row] = count_errors([(one.true, one.found)], self._threshold)
        return self._errors[row]

    def title(self, row: int) -> str:
        """How many errors there are."""
        wrong = self.errors(row).wrong
        if wrong == 0:
            return self.tr("no error")
        return self.tr("1 error") if wrong == 1 else self.tr("{n} errors").format(n=wrong)

    def told(self, row: int) -> str:
        """The errors of each kind."""
        return self.tr("Sample {index}: {errors}.").format(
            index=self._shown[row].index, errors=errors_in_words(self.errors(row))
        )


class BoxGallery(Gallery):
    """Cards with the picture and its boxes, and how many errors there are."""

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(QSize(_SIDE, _SIDE), QSize(24, 56), parent)
        self.setObjectName("box_gallery")
        self.setAccessibleName(self.tr("Pictures with boxes, most errors first"))
        self.boxes = BoxModel(background, self)
        self.setModel(self.boxes)

    def paint_card(self, painter: QPainter, frame: QRect, line: QRect, row: int) -> None:
        """The picture with its boxes above two lines."""
        true = self.boxes.shown[row].true
        place = paint_picture(painter, frame, self.boxes.image(row))
        if place is not None:
            paint_boxes(painter, place, true, self.boxes.found(row))
        write_title(painter, line, self.boxes.title(row))
        count = len(true)
        objects = self.tr("1 object") if count == 1 else self.tr("{n} objects").format(n=count)
        write_small(painter, line.translated(0, NEXT_LINE), objects)


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
