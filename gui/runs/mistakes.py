"""The pictures that were taken for another class, most confident first."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from evaluation.report import Mistake, Report
from gui.look.theme import font
from gui.runs import words
from gui.runs.background import Background
from gui.runs.confusion import Cell
from gui.runs.gallery import NEXT_LINE, CardModel, Gallery, write_small, write_title
from gui.runs.pictures import PICTURE, paint_picture

_ARROW = " → "


class MistakeModel(CardModel[Mistake]):
    """The mistakes of a report, possibly those of one cell only."""

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(background, parent)
        self._report: Report | None = None

    def show_report(self, folder: Path, report: Report | None) -> None:
        """Show the mistakes of another report."""
        self._report = report
        self.set_folder(folder)
        self.show_cell(None)

    def show_cell(self, cell: Cell | None) -> None:
        """Show the mistakes of one cell of the confusion matrix, or all."""
        mistakes = self._report.mistakes if self._report else ()
        self.show_samples([one for one in mistakes if cell in (None, (one.true, one.predicted))])

    def names(self, row: int) -> tuple[str, str]:
        """True and predicted class."""
        names = self._report.class_names if self._report else ()
        mistake = self._shown[row]
        return _name(names, mistake.true), _name(names, mistake.predicted)

    def title(self, row: int) -> str:
        """True and predicted class."""
        return _ARROW.join(self.names(row))

    def told(self, row: int) -> str:
        """The classes, and how sure the network was of each."""
        mistake = self._shown[row]
        true, predicted = self.names(row)
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


class MistakeGallery(Gallery):
    """Cards with the picture, `true → predicted`, and how sure the network was."""

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(QSize(PICTURE, PICTURE), QSize(24, 56), parent)
        self.setObjectName("mistake_gallery")
        self.setAccessibleName(self.tr("Mistakes, most confident first"))
        self.mistakes = MistakeModel(background, self)
        self.setModel(self.mistakes)

    def paint_card(self, painter: QPainter, frame: QRect, line: QRect, row: int) -> None:
        """The picture and two lines; of long names each keeps its half."""
        paint_picture(painter, frame, self.mistakes.image(row))
        painter.setFont(font(bold=True))
        metrics = painter.fontMetrics()
        room = (line.width() - metrics.horizontalAdvance(_ARROW)) // 2
        short = [
            metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
            for name in self.mistakes.names(row)
        ]
        write_title(painter, line, _ARROW.join(short))
        sure = words.share(self.mistakes.shown[row].confidence)
        write_small(
            painter, line.translated(0, NEXT_LINE), self.tr("{share} sure").format(share=sure)
        )


def _name(names: tuple[str, ...], number: int) -> str:
    return names[number] if 0 <= number < len(names) else str(number)
