"""A report: the one number large, then the mistakes as pictures, the matrix and the table."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from data.dataset import SplitName
from evaluation.report import Report
from gui.runs import words
from gui.runs.background import Background
from gui.runs.class_table import ClassTable
from gui.runs.confusion import Cell, ConfusionMatrix
from gui.runs.mistakes import MistakeGallery
from gui.runs.parts import button, label
from gui.runs.report_layout import TaskReport, number_panel, report_facts, section, two_sections


class ReportView(TaskReport):
    """Shows one report; a chosen cell of the matrix filters the pictures."""

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__("report", parent)
        self.accuracy = label("", "number", "accuracy")
        self.of = label("", "", "accuracy_of", wrap=True)
        self.facts = label("", "muted", "report_facts", wrap=True)
        self.gallery_title = label("", "heading", "gallery_title")
        self.gallery_count = label("", "muted", "gallery_count", wrap=True)
        self.show_all = button(self.tr("Show all"), "show_all_mistakes", role="flat")
        self.gallery = MistakeGallery(background, self)
        self.perfect = label(
            self.tr("There is not a single mistake."), "muted", "no_mistakes", wrap=True
        )
        self.matrix = ConfusionMatrix(self)
        self.cell = label("", "muted", "cell_words", wrap=True)
        self.table = ClassTable(self)
        self.show_all.clicked.connect(lambda: self.matrix.choose(None))
        self.matrix.cell_chosen.connect(self._filter)
        self.matrix.cell_read.connect(self._say_cell)
        self._lay_out()

    def show_report(self, folder: Path, report: Report) -> None:
        """Show a report of the run in a folder."""
        self._report = report
        self.accuracy.setText(words.share(report.accuracy))
        self.of.setText(self._of_what(report.split).format(count=f"{report.samples:,}"))
        loss, *others = report_facts(report)
        mistakes = self.tr("mistakes: {count}").format(count=f"{report.mistakes_total:,}")
        self.facts.setText(" · ".join((loss, mistakes, *others)))
        self.matrix.show_counts(report.class_names, report.confusion)
        self.table.show_scores(report.classes)
        self.gallery.mistakes.show_report(folder, report)
        self._filter(None)
        self._say_cell("")

    def _lay_out(self) -> None:
        left = number_panel(
            "pictures",
            (self.accuracy, self.of, self.facts),
            (self.gallery_title, self.gallery_count, self.show_all),
        )
        left.column.addWidget(self.gallery, 1)
        left.column.addWidget(self.perfect, 1, Qt.AlignmentFlag.AlignTop)
        matrix = section(self.tr("Confusion matrix"), "matrix", self.matrix, self.cell)
        table = section(self.tr("By class"), "classes", self.table)
        right = two_sections("matrix_and_table", matrix, table, (470, 300))
        self.put_beside(left, right, (760, 560))

    def _of_what(self, split: SplitName) -> str:
        return {
            "test": self.tr("of {count} held-out samples are recognized"),
            "validation": self.tr("of {count} validation samples are recognized"),
            "training": self.tr("of {count} training samples are recognized"),
        }[split]

    def _filter(self, cell: Cell | None) -> None:
        report = self._report
        if report is None:
            return
        self.gallery.mistakes.show_cell(cell)
        shown = len(self.gallery.mistakes.shown)
        if cell is None:
            total = report.mistakes_total
            self.gallery_title.setText(self.tr("Mistakes"))
        else:
            true, predicted = (report.class_names[number] for number in cell)
            total = 0 if cell[0] == cell[1] else report.confusion[cell[0]][cell[1]]
            self.gallery_title.setText(f"{true} → {predicted}")
        self.gallery_count.setText(self._count(shown, total))
        self.show_all.setVisible(cell is not None)
        self.gallery.setVisible(shown > 0)
        self.perfect.setVisible(shown == 0)
        self.perfect.setText(self._nothing(cell, total))
        self._say_cell("")

    def _count(self, shown: int, total: int) -> str:
        if shown == 0:
            return ""
        if shown == total:
            return self.tr("showing all {total}, most confident first").format(total=total)
        return self.tr("showing {shown} of {total} mistakes, most confident first").format(
            shown=shown, total=total
        )

    def _nothing(self, cell: Cell | None, total: int) -> str:
        if cell is not None and cell[0] == cell[1]:
            return self.tr("These samples were recognized; pictures are kept of mistakes only.")
        if total:
            return self.tr("No pictures were kept of these mistakes.")
        return self.tr("There is no such mistake.") if cell else self.tr("There is no mistake.")

    def _say_cell(self, text: str) -> None:
        if not text and self.matrix.chosen is not None:
            text = self.matrix.describe(self.matrix.chosen)
        self.cell.setText(text or self.tr("Choose a cell to see its pictures."))
