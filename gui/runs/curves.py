"""The curves of a run: loss above, score or accuracy below, with legend, readings and switches.

pyqtgraph is imported by a thread when the curves are first shown, so that the window opens without
it and does not stop for it.
"""

from __future__ import annotations

import gc
import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QSlider,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui.look.elided import ElidedLabel
from gui.look.theme import theme
from gui.runs import words
from gui.runs.background import Background
from gui.runs.measures import Measure, epoch_values, shown_measures
from gui.runs.parts import label
from training.history import History
from training.messages import BatchDone, EpochDone, Message, Resumed

if TYPE_CHECKING:
    from gui.runs.plot import CurvePlot
    from gui.runs.series import BatchSeries

_STEPS = 20
"""Positions of the smoothing slider."""


class CurvesView(QWidget):
    """Shows the history of one run, and follows it."""

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("curves")
        self._background = background
        self._history = History()
        self._batches: BatchSeries | None = None
        self._importing = False
        self.panels: dict[Measure, _CurvePanel] = {
            "loss": _CurvePanel("loss", self.tr("Loss"), self),
            "accuracy": _CurvePanel("accuracy", self.tr("Accuracy"), self),
            "score": _CurvePanel("score", "", self),
        }
        self._empty = label("", "muted", "curves_empty", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        filled = QWidget(self)
        column = QVBoxLayout(filled)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for panel in self.panels.values():
            column.addWidget(panel, 1)
        column.addLayout(self._make_switches())
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(filled)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)

    @property
    def ready(self) -> bool:
        """Whether the plots exist."""
        return self._batches is not None

    def set_empty_text(self, text: str) -> None:
        """What stands there while there is nothing to draw."""
        self._empty.setText(text)

    def clear(self) -> None:
        """Forget the run."""
        self.start_over(History())

    def start_over(self, history: History) -> None:
        """Show another run from its beginning."""
        self._history = history
        if self._batches is not None:
            self._batches.clear()
            self._batches.extend(history.batches)
        for panel in self.panels.values():
            panel.forget()
        self._redraw()

    def take(self, history: History, messages: list[Message]) -> None:
        """Draw what is new; `history` holds the messages already."""
        if history is not self._history or any(isinstance(one, Resumed) for one in messages):
            self.start_over(history)
            return
        if self._batches is not None:
            self._batches.extend(one for one in messages if isinstance(one, BatchDone))
        if any(isinstance(one, BatchDone | EpochDone) for one in messages):
            self._redraw()

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to fetch what draws."""
        super().showEvent(event)
        if not self._importing:
            self._importing = True
            self._background.call(_import_plots, lambda _: self._make_plots())

    def _make_plots(self) -> None:
        from gui.runs.series import BatchSeries

        for panel in self.panels.values():
            panel.make_plot()
        made = [panel.plot for panel in self.panels.values() if panel.plot is not None]
        for plot in made:
            plot.setXLink(made[0] if plot is not made[0] else None)
            plot.pointed.connect(self._point_at)
        self._batches = BatchSeries()
        self._set_logarithmic()
        self.start_over(self._history)

    def _make_switches(self) -> QHBoxLayout:
        self.logarithmic = QCheckBox(self.tr("Log scale"))
        self.logarithmic.setObjectName("loss_log_scale")
        self.logarithmic.setToolTip(
            self.tr("Loss on a log scale: small ones become visible beside large ones.")
        )
        self.logarithmic.toggled.connect(self._set_logarithmic)
        self.spread = QCheckBox(self.tr("Range"))
        self.spread.setObjectName("batch_range")
        self.spread.setToolTip(
            self.tr("The smallest and the largest loss of neighbouring batches, never smoothed.")
        )
        self.spread.setChecked(True)
        self.spread.toggled.connect(self._redraw)
        self.smoothing = QSlider(Qt.Orientation.Horizontal)
        self.smoothing.setObjectName("batch_smoothing")
        self.smoothing.setRange(0, _STEPS - 1)
        self.smoothing.setValue(10)
        self.smoothing.setFixedWidth(72)
        self.smoothing.setToolTip(self.tr("How much the curve of the batches is smoothed."))
        self.smoothing.setAccessibleName(self.tr("Smoothing of the batches"))
        self.smoothing.valueChanged.connect(self._redraw)
        caption = label(self.tr("Smooth"), "muted", "batch_smoothing_label")
        caption.setBuddy(self.smoothing)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for widget in (caption, self.smoothing, self.spread, self.logarithmic):
            row.addWidget(widget)
        return row

    def _set_logarithmic(self) -> None:
        plot = self.panels["loss"].plot
        if plot is not None:
            plot.set_logarithmic(self.logarithmic.isChecked())
            self._redraw()

    def _point_at(self, epoch: float) -> None:
        done = self._history.epochs.get(round(epoch)) if math.isfinite(epoch) else None
        for panel in self.panels.values():
            panel.read(done, self._history.last)

    def _redraw(self) -> None:
        empty = not self._history.epochs and not self._history.batches
        self._stack.setCurrentIndex(0 if empty else 1)
        if self._batches is None or empty:
            return
        last = self._history.last
        if last is not None and last.score_name:
            self.panels["score"].set_title(words.title(last.score_name))
        measures = shown_measures(self._history)
        for measure, panel in self.panels.items():
            panel.setVisible(measure in measures)
            if measure in measures and panel.plot is not None:
                panel.plot.show_history(
                    self._history,
                    self._batches,
                    smoothing=self.smoothing.value() / _STEPS,
                    spread=self.spread.isChecked(),
                )
                panel.read_latest(self._history.last)


class _CurvePanel(QWidget):
    """A plot with its name, legend and readings above."""

    def __init__(self, measure: Measure, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(f"{measure}_curves")
        self.measure = measure
        self.plot: CurvePlot | None = None
        self._pointing = False
        self.reading = ElidedLabel("", f"{measure}_reading", "muted", self)
        self.head = QHBoxLayout()
        self.head.setSpacing(8)
        self.title = label(title, "heading", f"{measure}_title")
        self.head.addWidget(self.title)
        self.training = label("", "muted", f"{measure}_training")
        self.validation = label("", "muted", f"{measure}_validation")
        for token, dashed, words_ in (
            ("accent", False, self.training),
            ("activation", True, self.validation),
        ):
            if measure == "score" and words_ is self.training:
                words_.setParent(self)
                words_.hide()
                continue
            self.head.addSpacing(4)
            self.head.addWidget(LineSample(token, dashed))
            self.head.addWidget(words_)
        self.head.addSpacing(4)
        self.head.addWidget(self.reading, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._column.addLayout(self.head)
        self._wait = label(self.tr("Preparing the curves …"), "muted", f"{measure}_preparing")
        self._wait.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._column.addWidget(self._wait, 1)
        self._say(None)

    def make_plot(self) -> None:
        """Put the plot in; pyqtgraph is there."""
        from gui.runs.plot import CurvePlot

        self.plot = CurvePlot(self.measure, self)
        self.set_title(self.title.text())
        self._column.replaceWidget(self._wait, self.plot)
        self._column.setStretchFactor(self.plot, 1)
        self._wait.deleteLater()

    def set_title(self, title: str) -> None:
        """Say what the curves are of."""
        self.title.setText(title)
        if self.plot is not None:
            self.plot.setAccessibleName(self.tr("{title} by epoch").format(title=title))

    def forget(self) -> None:
        """Another run comes."""
        self._pointing = False
        self._say(None)
        if self.plot is not None:
            self.plot.point_at(math.nan)
            self.plot.show_all()

    def read(self, done: EpochDone | None, last: EpochDone | None) -> None:
        """Say the values of an epoch, or of the last one where none is pointed at."""
        self._pointing = done is not None
        if self.plot is not None:
            self.plot.point_at(done.epoch if done else math.nan)
        self._say(done or last)

    def read_latest(self, last: EpochDone | None) -> None:
        """Say the values of the last epoch, unless another one is being read."""
        if not self._pointing:
            self._say(last)

    def _say(self, done: EpochDone | None) -> None:
        """Values in the legend, since that is where their names and colours are."""
        values = ["", ""]
        if done is not None:
            in_words = words.number if self.measure == "loss" else words.share
            values = [in_words(value) for value in epoch_values(done, self.measure)]
        self.training.setText(self.tr("training {value}").format(value=values[0]).strip())
        self.validation.setText(self.tr("validation {value}").format(value=values[1]).strip())
        epoch = self.tr("in epoch {epoch}").format(epoch=done.epoch) if done else ""
        self.reading.setText(epoch)
        if self.plot is not None:
            texts = (self.training.text(), self.validation.text(), epoch)
            self.plot.setAccessibleDescription(" ".join(texts).strip())


class LineSample(QWidget):
    """A piece of a curve, for a legend."""

    def __init__(self, token: str, dashed: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._token = token
        self._dashed = dashed
        self.setFixedSize(QSize(22, 12))
        theme().changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it as the plot does."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        style = Qt.PenStyle.DashLine if self._dashed else Qt.PenStyle.SolidLine
        painter.setPen(QPen(theme().color(self._token), 2, style))
        middle = self.height() // 2
        painter.drawLine(1, middle, self.width() - 1, middle)


def _import_plots() -> None:
    # Qt's classes are made while pyqtgraph looks through them. A collection in the window's thread
    # that meets a half-made one ends the process.
    collecting = gc.isenabled()
    gc.disable()
    try:
        import gui.runs.plot  # noqa: F401 - the import is what is wanted
    finally:
        if collecting:
            gc.enable()
