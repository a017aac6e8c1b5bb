"""A report on segmentation: the mean overlap large, the images with their masks, and each class."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSlider, QWidget

from data.dataset import SplitName
from evaluation.colors import class_color
from evaluation.report import Report
from evaluation.segmentations import MaskScore
from gui.runs import words
from gui.runs.background import Background
from gui.runs.confusion import ConfusionMatrix
from gui.runs.enlarged import Samples
from gui.runs.mask_gallery import MaskGallery
from gui.runs.mask_picture import EnlargedMask, Overlay
from gui.runs.number_table import NumberTable
from gui.runs.parts import label
from gui.runs.report_layout import TaskReport, number_panel, report_facts, section, two_sections

_STEPS = 20
"""Positions of the opacity slider."""


class MaskReportView(TaskReport):
    """Shows one report of segmentation."""

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__("mask_report", parent)
        self.score = label("", "number", "mean_iou")
        self.of = label("", "", "mean_iou_of", wrap=True)
        self.facts = label("", "muted", "mask_facts", wrap=True)
        self.title = label(self.tr("Samples"), "heading", "mask_gallery_title")
        self.hint = label("", "muted", "mask_gallery_hint", wrap=True)
        self.gallery = MaskGallery(background, self)
        self.enlarged = EnlargedMask(background, self)
        self.samples = Samples(self.gallery, self.enlarged, self._enlarge)
        self.table = NumberTable("mask_scores", self.tr("By class"), self._columns(), self)
        self.matrix = ConfusionMatrix(self, shares=True)
        self.cell = label("", "muted", "mask_cell_words", wrap=True)
        self._make_switches()
        self._lay_out()
        self.matrix.cell_read.connect(self._say_cell)

    def show_report(self, folder: Path, report: Report) -> None:
        """Show a report of the run in a folder."""
        found = report.segmentation
        self._report = report
        self.score.setText(words.share(report.score))
        self.of.setText(self._of_what(report.split).format(count=f"{report.samples:,}"))
        right = self.tr("{share} of the pixels are right").format(
            share=words.share(report.accuracy)
        )
        self.facts.setText(" · ".join((right, *report_facts(report))))
        scores = found.scores if found else ()
        self.table.show_rows(
            [_row(score) for score in scores],
            [QColor(*class_color(number)) for number in range(len(scores))],
        )
        names = tuple(score.name for score in scores)
        self.matrix.show_counts(names, found.confusion if found else ())
        self._say_cell("")
        self.gallery.masks.show_outcomes(folder, found.outcomes if found else ())
        self.enlarged.picture.pictures.set_folder(folder)
        shown = len(found.outcomes) if found else 0
        text = (
            self.tr("all {shown}, the worst first")
            if shown == report.samples
            else self.tr("the worst {shown} first")
        )
        self.hint.setText(text.format(shown=f"{shown:,}") if shown else "")
        self.samples.show_all()

    def _make_switches(self) -> None:
        self.truth = QCheckBox(self.tr("Truth"))
        self.truth.setObjectName("show_truth")
        self.truth.setToolTip(self.tr("Lay the true classes over the images."))
        self.answer = QCheckBox(self.tr("Prediction"))
        self.answer.setObjectName("show_prediction")
        self.answer.setToolTip(self.tr("Lay the predicted classes over the images."))
        self.wrong = QCheckBox(self.tr("Wrong pixels"))
        self.wrong.setObjectName("show_wrong_pixels")
        self.wrong.setToolTip(self.tr("Mark in red where both differ."))
        overlay = Overlay()
        for name, box in self._boxes().items():
            box.setChecked(name in overlay.layers)
            box.toggled.connect(self._lay_over)
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setObjectName("mask_opacity")
        self.opacity.setAccessibleName(self.tr("Opacity of the masks"))
        self.opacity.setToolTip(self.tr("How much of the image is covered."))
        self.opacity.setRange(1, _STEPS)
        self.opacity.setValue(round(overlay.opacity * _STEPS))
        self.opacity.setFixedWidth(96)
        self.opacity.valueChanged.connect(self._lay_over)

    def _boxes(self) -> dict[str, QCheckBox]:
        return {"truth": self.truth, "answer": self.answer, "wrong": self.wrong}

    def _lay_out(self) -> None:
        left = number_panel("masks", (self.score, self.of, self.facts), (self.title, self.hint))
        switches = QHBoxLayout()
        switches.setSpacing(12)
        for box in self._boxes().values():
            switches.addWidget(box)
        caption = label(self.tr("Opacity"), "muted", "mask_opacity_label")
        caption.setBuddy(self.opacity)
        switches.addSpacing(8)
        switches.addWidget(caption)
        switches.addWidget(self.opacity)
        switches.addStretch(1)
        left.column.addLayout(switches)
        left.column.addWidget(self.samples, 1)
        table = section(self.tr("By class"), "mask_classes", self.table)
        matrix = section(self.tr("Confusion of pixels"), "mask_matrix", self.matrix, self.cell)
        right = two_sections("mask_table_and_matrix", table, matrix, (360, 410))
        self.put_beside(left, right, (800, 520))

    def _lay_over(self) -> None:
        chosen = frozenset(name for name, box in self._boxes().items() if box.isChecked())
        overlay = Overlay(chosen, self.opacity.value() / _STEPS)
        self.gallery.masks.set_overlay(overlay)
        self.enlarged.picture.set_overlay(overlay)

    def _enlarge(self, row: int) -> None:
        self.enlarged.show_outcome(self.gallery.masks.shown[row])

    def _say_cell(self, text: str) -> None:
        if not text and self.matrix.chosen is not None:
            text = self.matrix.describe(self.matrix.chosen)
        self.cell.setText(text or self.tr("Shares of the true pixels of each class."))

    def _of_what(self, split: SplitName) -> str:
        return {
            "test": self.tr("mean intersection over union (IoU) on {count} held-out samples"),
            "validation": self.tr(
                "mean intersection over union (IoU) on {count} validation samples"
            ),
            "training": self.tr("mean intersection over union (IoU) on {count} training samples"),
        }[split]

    def _columns(self) -> tuple[tuple[str, str], ...]:
        return (
            (self.tr("Class"), self.tr("The name of the class, and its colour on the images.")),
            (
                self.tr("IoU"),
                self.tr(
                    "Intersection over union: of the pixels that are of the class or were taken "
                    "for it, the share of which both holds."
                ),
            ),
            (
                self.tr("Dice"),
                self.tr("Twice the pixels of which both holds, by the sum of true and predicted."),
            ),
            (self.tr("Pixels"), self.tr("How many pixels are of this class.")),
            (self.tr("Predicted"), self.tr("How many pixels were taken for this class.")),
        )


def _row(score: MaskScore) -> tuple[str, ...]:
    return (
        score.name,
        words.share(score.iou),
        words.share(score.dice),
        f"{score.pixels:,}",
        f"{score.predicted:,}",
    )
