"""A report on boxes: mean average precision large, pictures, classes and kinds of errors."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSlider, QWidget

from data.dataset import SplitName
from evaluation.detections import THRESHOLD, Detection, DetectionErrors
from evaluation.report import Report
from gui.runs import words
from gui.runs.background import Background
from gui.runs.box_gallery import BoxGallery, errors_in_words
from gui.runs.box_painting import box_color
from gui.runs.box_picture import EnlargedPicture
from gui.runs.enlarged import Samples
from gui.runs.number_table import NumberTable
from gui.runs.parts import label
from gui.runs.report_layout import TaskReport, number_panel, report_facts, section, two_sections

_STEPS = 20
"""Of the threshold from 0 to 1; errors are counted for those between."""


class DetectionReportView(TaskReport):
    """Shows one report of detection; a slider moves the threshold of what counts as found."""

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__("detection_report", parent)
        self.precision = label("", "number", "mean_average_precision")
        self.of = label("", "", "precision_of", wrap=True)
        self.facts = label("", "muted", "detection_facts", wrap=True)
        self.title = label(self.tr("Pictures"), "heading", "boxes_title")
        self.hint = label("", "muted", "boxes_hint", wrap=True)
        self.threshold = QSlider(Qt.Orientation.Horizontal)
        self.threshold.setObjectName("confidence")
        self.threshold.setAccessibleName(self.tr("Confidence from which on boxes are shown"))
        self.threshold.setToolTip(
            self.tr("Boxes of which the network is less sure are neither shown nor counted.")
        )
        self.threshold.setRange(1, _STEPS - 1)
        self.threshold.setValue(round(THRESHOLD * _STEPS))
        self.threshold.setFixedWidth(120)
        self.threshold.valueChanged.connect(self._threshold_moved)
        self.sure = label("", "", "confidence_words")
        self.gallery = BoxGallery(background, self)
        self.enlarged = EnlargedPicture(background, self)
        self.samples = Samples(self.gallery, self.enlarged, self._enlarge)
        self.classes = NumberTable(
            "class_precision", self.tr("By class"), self._class_columns(), self
        )
        self.errors = NumberTable(
            "detection_errors", self.tr("Kinds of errors"), self._error_columns(), self
        )
        self._lay_out()

    def show_report(self, folder: Path, report: Report) -> None:
        """Show a report of the run in a folder."""
        detection = report.detection
        if detection is None:
            return
        self._report = report
        self.precision.setText(words.share(detection.average_precision_50))
        self.of.setText(self._of_what(report.split).format(count=f"{report.samples:,}"))
        self.facts.setText(
            " · ".join(
                (
                    self.tr("mAP@[.5:.95] {precision}").format(
                        precision=words.share(detection.average_precision)
                    ),
                    self.tr("recall {recall}").format(recall=words.share(detection.recall)),
                    *report_facts(report),
                )
            )
        )
        self.classes.show_rows(
            [
                (
                    score.name,
                    words.share(score.average_precision_50),
                    words.share(score.average_precision),
                    words.share(score.recall),
                    f"{score.objects:,}",
                )
                for score in detection.scores
            ],
            [box_color(number) for number in range(len(detection.scores))],
        )
        self.enlarged.set_folder(folder)
        self.gallery.boxes.show_report(folder, detection)
        shown = len(detection.pictures)
        many = self.tr("most errors first; solid is true, dashed was found")
        if shown < report.samples:
            many = self.tr("{shown} of {samples}, {many}").format(
                shown=f"{shown:,}", samples=f"{report.samples:,}", many=many
            )
        self.hint.setText(many)
        self.samples.show_all()
        self._threshold_moved()

    def _lay_out(self) -> None:
        surer = label(self.tr("Surer than"), "muted", "confidence_label")
        surer.setBuddy(self.threshold)
        self.sure.setFixedWidth(self.sure.fontMetrics().horizontalAdvance("100 %") + 4)
        left = number_panel(
            "boxes",
            (self.precision, self.of, self.facts),
            (self.title, self.hint, surer, self.threshold, self.sure),
            least=320,
        )
        left.column.addWidget(self.samples, 1)
        classes = section(self.tr("By class"), "precisions", self.classes)
        errors = section(self.tr("Kinds of errors"), "errors", self.errors)
        right = two_sections("classes_and_errors", classes, errors, (400, 300))
        self.put_beside(left, right, (800, 520))

    def _of_what(self, split: SplitName) -> str:
        return {
            "test": self.tr("mean average precision (mAP@.5) on {count} held-out samples"),
            "validation": self.tr("mean average precision (mAP@.5) on {count} validation samples"),
            "training": self.tr("mean average precision (mAP@.5) on {count} training samples"),
        }[split]

    def _threshold_moved(self) -> None:
        threshold = self.threshold.value() / _STEPS
        self.sure.setText(words.share(threshold, 0))
        self.gallery.boxes.set_threshold(threshold)
        if self._report is not None and self._report.detection is not None:
            self.errors.show_rows(self._error_rows(self._report.detection, threshold))
        self.samples.show_again()

    def _enlarge(self, row: int) -> None:
        if self._report is None or self._report.detection is None:
            return
        boxes = self.gallery.boxes
        names = [score.name for score in self._report.detection.scores]
        told = errors_in_words(boxes.errors(row))
        self.enlarged.show_picture(boxes.shown[row], boxes.found(row), names, told)

    def _class_columns(self) -> tuple[tuple[str, str], ...]:
        return (
            (self.tr("Class"), self.tr("The name of the class, in the colour of its boxes.")),
            (
                self.tr("AP@.5"),
                self.tr(
                    "Average precision: the area below precision over recall. A box is right if "
                    "it shares half of the area that it and the object cover together."
                ),
            ),
            (
                self.tr("AP@[.5:.95]"),
                self.tr("The mean for ten shares from 0.5 to 0.95: boxes must lie ever better."),
            ),
            (self.tr("Recall"), self.tr("The share of the objects found at all, however unsure.")),
            (self.tr("Objects"), self.tr("How many objects are of this class.")),
        )

    def _error_columns(self) -> tuple[tuple[str, str], ...]:
        return (
            (
                self.tr("Kind"),
                self.tr("Of all pictures, for boxes surer than the slider says."),
            ),
            (self.tr("Count"), self.tr("Boxes; of what was missed objects.")),
            (self.tr("Share"), self.tr("Of all boxes; of what was missed the share of objects.")),
        )

    def _error_rows(self, detection: Detection, threshold: float) -> list[tuple[str, ...]]:
        errors: DetectionErrors = detection.errors_at(threshold)
        boxes = errors.correct + errors.wrong_place + errors.wrong_class + errors.background
        objects = sum(score.objects for score in detection.scores)
        rows = (
            (self.tr("Correct"), errors.correct, boxes),
            (self.tr("At the wrong place"), errors.wrong_place, boxes),
            (self.tr("Of the wrong class"), errors.wrong_class, boxes),
            (self.tr("On nothing"), errors.background, boxes),
            (self.tr("Objects missed"), errors.missed, objects),
        )
        return [
            (name, f"{count:,}", words.share(count / total if total else None))
            for name, count, total in rows
        ]
