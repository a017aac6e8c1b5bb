"""A report on numbers: the one number large, then predicted against true, or pairs of pictures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QWidget

from data.dataset import SplitName
from evaluation.report import NumberScore, Report
from gui.runs import words
from gui.runs.background import Background
from gui.runs.number_table import NumberTable
from gui.runs.pairs import PairGallery
from gui.runs.parts import label
from gui.runs.report_layout import TaskReport, number_panel, report_facts, section, two_sections

if TYPE_CHECKING:
    from gui.runs.scatter import ScatterPlot

_WORST = 100
"""So many of the worst samples are listed."""


class NumberReportView(TaskReport):
    """Shows one report of regression or reconstruction."""

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__("number_report", parent)
        self._background = background
        self._importing = False
        self.plot: ScatterPlot | None = None
        self.error = label("", "number", "mean_absolute_error")
        self.of = label("", "", "error_of", wrap=True)
        self.facts = label("", "muted", "number_facts", wrap=True)
        self.title = label("", "heading", "outcomes_title")
        self.hint = label("", "muted", "outcomes_hint", wrap=True)
        self.output = QComboBox()
        self.output.setObjectName("output_choice")
        self.output.setAccessibleName(self.tr("Predicted number"))
        self.output.currentIndexChanged.connect(self._draw)
        self.pairs = PairGallery(background, self)
        self._wait = label(self.tr("Preparing the plot …"), "muted", "scatter_preparing")
        self._wait.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.scores = NumberTable("number_scores", self.tr("Errors"), self._score_columns(), self)
        self.worst = NumberTable(
            "worst_samples", self.tr("Worst samples"), self._worst_columns(), self
        )
        self._lay_out()

    def show_report(self, folder: Path, report: Report) -> None:
        """Show a report of the run in a folder."""
        self._report = report
        total = report.total
        self.error.setText(words.number(total.mean_absolute_error if total else None))
        self.of.setText(self._of_what(report.split).format(count=f"{report.samples:,}"))
        self.facts.setText(
            " · ".join(
                (
                    self.tr("root mean squared error {error}").format(
                        error=words.number(total.root_mean_squared_error if total else None)
                    ),
                    self.tr("R² {r2}").format(r2=_digits(total.r2 if total else None)),
                    *report_facts(report),
                )
            )
        )
        rows = [_score_row(score, score.name) for score in report.scores]
        if total is not None and len(rows) != 1:
            rows.append(_score_row(total, self.tr("All numbers")))
        self.scores.show_rows(rows)
        self.worst.show_rows(self._worst_rows(report))
        self.pairs.pairs.show_report(folder, report)
        self.output.blockSignals(True)
        self.output.clear()
        self.output.addItems([score.name for score in report.scores])
        self.output.blockSignals(False)
        self._arrange(report)
        self._draw()

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to fetch what draws."""
        super().showEvent(event)
        if not self._importing:
            self._importing = True
            self._background.call(_import_plot, lambda _: self._make_plot())

    def _make_plot(self) -> None:
        from gui.runs.scatter import ScatterPlot

        self.plot = ScatterPlot(self)
        self._column.replaceWidget(self._wait, self.plot)
        self._column.setStretchFactor(self.plot, 1)
        self._wait.deleteLater()
        if self._report is not None:
            self._arrange(self._report)
        self._draw()

    def _lay_out(self) -> None:
        left = number_panel(
            "outcomes",
            (self.error, self.of, self.facts),
            (self.title, self.hint, self.output),
        )
        self._column = left.column
        self._column.addWidget(self._wait, 1)
        self._column.addWidget(self.pairs, 1)
        scores = section(self.tr("Errors"), "scores", self.scores)
        worst = section(self.tr("Worst samples"), "worst", self.worst)
        self._tables = two_sections("scores_and_worst", scores, worst, (200, 570))
        self.put_beside(left, self._tables, (760, 560))

    def _arrange(self, report: Report) -> None:
        """Show what belongs to the task."""
        rebuilt = report.task == "reconstruction"
        self.pairs.setVisible(rebuilt)
        (self.plot or self._wait).setVisible(not rebuilt)
        self.output.setVisible(len(report.scores) > 1)
        # The pictures say more of the worst samples than their numbers, and have the whole page.
        self._tables.setVisible(not rebuilt)
        if rebuilt:
            self.title.setText(self.tr("Inputs and outputs"))
            shown = f"{len(self.pairs.pairs.shown):,}"
            self.hint.setText(self.tr("the worst {shown} first").format(shown=shown))
        else:
            self.title.setText(self.tr("Predicted and true"))
            self.hint.setText(self.tr("on the dashed line all is right"))

    def _draw(self) -> None:
        report, plot = self._report, self.plot
        if report is None or plot is None or report.task == "reconstruction":
            return
        import numpy

        place = max(self.output.currentIndex(), 0)
        known = [one for one in report.outcomes if place < len(one.true)]
        plot.show_numbers(
            numpy.array([one.true[place] for one in known], dtype=float),
            numpy.array([one.predicted[place] for one in known], dtype=float),
        )

    def _of_what(self, split: SplitName) -> str:
        return {
            "test": self.tr("mean absolute error on {count} held-out samples"),
            "validation": self.tr("mean absolute error on {count} validation samples"),
            "training": self.tr("mean absolute error on {count} training samples"),
        }[split]

    def _score_columns(self) -> tuple[tuple[str, str], ...]:
        return (
            (self.tr("Number"), self.tr("What is predicted.")),
            (self.tr("Absolute"), self.tr("The mean difference, whatever its sign.")),
            (
                self.tr("Root squared"),
                self.tr("The root of the mean squared difference; large ones count more."),
            ),
            (
                self.tr("R²"),
                self.tr("1 is perfect; 0 is as good as always giving the mean."),
            ),
        )

    def _worst_columns(self) -> tuple[tuple[str, str], ...]:
        return (
            (self.tr("Sample"), self.tr("The number of the sample in the dataset.")),
            (self.tr("True"), self.tr("What should have been predicted.")),
            (self.tr("Predicted"), self.tr("What the network gave.")),
            (self.tr("Error"), self.tr("The mean difference, whatever its sign.")),
        )

    def _worst_rows(self, report: Report) -> list[tuple[str, ...]]:
        return [
            (
                str(one.index),
                ", ".join(words.number(value) for value in one.true) or words.NO_NUMBER,
                ", ".join(words.number(value) for value in one.predicted) or words.NO_NUMBER,
                words.number(one.error),
            )
            for one in report.outcomes[:_WORST]
        ]


def _score_row(score: NumberScore, name: str) -> tuple[str, ...]:
    return (
        name,
        words.number(score.mean_absolute_error),
        words.number(score.root_mean_squared_error),
        _digits(score.r2),
    )


def _digits(r2: float | None) -> str:
    """An R² with three digits, or a dash."""
    return words.NO_NUMBER if r2 is None or r2 != r2 else f"{r2:.3f}"


def _import_plot() -> None:
    import gui.runs.scatter  # noqa: F401 - the import is what is wanted
