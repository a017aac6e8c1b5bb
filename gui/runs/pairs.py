"""What went into an autoencoder beside what came out: cards, the worst first."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from evaluation.report import Outcome, Report
from gui.runs import words
from gui.runs.background import Background
from gui.runs.gallery import NEXT_LINE, CardModel, Gallery, Index, write_small, write_title
from gui.runs.pictures import PICTURE, paint_picture

_GAP = 4


class PairModel(CardModel[Outcome]):
    """The samples of a report that have pictures."""

    PICTURES = ("picture", "answer")

    def show_report(self, folder: Path, report: Report) -> None:
        """Show the samples of another report."""
        self.set_folder(folder)
        self.show_samples([one for one in report.outcomes if one.picture or one.answer])

    def title(self, row: int) -> str:
        """The error."""
        return self.tr("error {error}").format(error=words.number(self._shown[row].error))

    def told(self, row: int) -> str:
        """What is where, and what the error is."""
        outcome = self._shown[row]
        return self.tr(
            "Sample {index}: left what went in, right what came out; the mean absolute "
            "error of its pixels is {error}."
        ).format(index=outcome.index, error=words.number(outcome.error))

    def images(self, index: Index) -> tuple[QImage | None, QImage | None]:
        """What went in and what came out; None while it is read."""
        return self.image(index.row()), self.image(index.row(), "answer")


class PairGallery(Gallery):
    """Cards with both pictures, what they are, and how far apart."""

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(QSize(2 * PICTURE + _GAP, PICTURE), QSize(24, 56), parent)
        self.setObjectName("pair_gallery")
        self.setAccessibleName(self.tr("Inputs and outputs, worst first"))
        self.pairs = PairModel(background, self)
        self.setModel(self.pairs)

    def paint_card(self, painter: QPainter, frame: QRect, line: QRect, row: int) -> None:
        """Each picture above its name, and the error below both."""
        names = (self.tr("input"), self.tr("output"))
        images = self.pairs.images(self.pairs.index(row))
        half = QRect(frame.topLeft(), QSize(PICTURE, PICTURE))
        for image, name in zip(images, names, strict=True):
            paint_picture(painter, half, image)
            write_small(painter, QRect(half.left(), half.bottom() + 4, PICTURE, 16), name)
            half.translate(PICTURE + _GAP, 0)
        write_title(painter, line.translated(0, NEXT_LINE), self.pairs.title(row))
