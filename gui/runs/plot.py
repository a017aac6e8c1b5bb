"""One plot with the curves of a measure, drawn by pyqtgraph. Imported when first shown.

The frame around it, with words and switches, is `curves.py`.
"""

from __future__ import annotations

import math

import numpy
import pyqtgraph as pg
from PySide6.QtCore import QCoreApplication, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPen
from PySide6.QtWidgets import QWidget

from gui.look.theme import SMALL_SIZE, font, theme
from gui.runs.measures import Measure
from gui.runs.series import BatchSeries, epoch_series
from training.history import History

TRAINING, VALIDATION = "accent", "activation"
"""The colours of the two curves; validation is dashed as well."""
_SYMBOLS_UP_TO = 40
"""So many epochs have a dot each; of one epoch there is no line to see."""


class CurvePlot(pg.PlotWidget):  # type: ignore[misc]
    """Training and validation by epoch, batches faint behind, the best epoch marked.

    Signals:
        pointed(epoch): the pointer or the arrow keys are at this epoch; NaN when they have left.
    """

    pointed = Signal(float)

    def __init__(self, measure: Measure, parent: QWidget | None = None) -> None:
        axis = pg.AxisItem("left") if measure == "loss" else _PercentAxis("left")
        super().__init__(parent, axisItems={"left": axis, "bottom": _EpochAxis("bottom")})
        self.measure = measure
        self.setObjectName(f"{measure}_plot")
        self.setMenuEnabled(False)
        self.hideButtons()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseEnabled(x=True, y=False)
        self.setMinimumHeight(96)
        self._zoomed = False
        self._logarithmic = False
        self._epochs = numpy.empty(0)
        self._pointed = math.nan
        item = self.getPlotItem()
        self._low, self._high, self._batches = (item.plot() for _ in range(3))
        self._range = pg.FillBetweenItem(self._low, self._high)
        item.addItem(self._range)
        self._training, self._validation = (item.plot() for _ in range(2))
        self._best = pg.InfiniteLine(
            angle=90,
            label="",
            # Where the curves are not: losses fall, accuracies rise.
            labelOpts={"position": 0.92 if measure == "loss" else 0.1},
        )
        self._cursor = pg.InfiniteLine(angle=90)
        for line in (self._best, self._cursor):
            line.setVisible(False)
            item.addItem(line, ignoreBounds=True)
        item.getViewBox().sigRangeChangedManually.connect(self._zoomed_by_hand)
        self.apply_theme()
        theme().changed.connect(self.apply_theme)

    def set_logarithmic(self, logarithmic: bool) -> None:
        """Show values on a logarithmic axis."""
        self._logarithmic = logarithmic
        self.getPlotItem().setLogMode(x=False, y=logarithmic)

    def show_history(
        self, history: History, batches: BatchSeries, *, smoothing: float, spread: bool
    ) -> None:
        """Draw everything anew.

        Args:
            history: for the epochs.
            batches: for the curve behind.
            smoothing: of the batches, 0 to below 1.
            spread: whether the smallest and largest batch of a stretch are shown.
        """
        epochs, training, validation = epoch_series(history, self.measure)
        self._epochs = epochs
        for curve, values in ((self._training, training), (self._validation, validation)):
            self._draw(curve, epochs, values)
            curve.setSymbol("o" if len(epochs) <= _SYMBOLS_UP_TO else None)
        behind = batches.thinned(self.measure, smoothing)
        self._draw(self._batches, behind.x, behind.mean)
        shown = spread and len(behind.x) > 1
        self._low.setData(behind.x, self._drawable(behind.low))
        self._high.setData(behind.x, self._drawable(behind.high))
        for item in (self._low, self._high, self._range):
            item.setVisible(shown)
        self._mark_best(history)
        if not self._zoomed:
            last = max(behind.x[-1] if len(behind.x) else 0.0, epochs[-1] if len(epochs) else 0.0)
            self.getPlotItem().setXRange(0, max(math.ceil(last), 1), padding=0.02)

    def point_at(self, epoch: float) -> None:
        """Show the reading line at an epoch, or hide it (NaN)."""
        self._pointed = epoch
        self._cursor.setVisible(math.isfinite(epoch))
        if math.isfinite(epoch):
            self._cursor.setValue(epoch)

    def show_all(self) -> None:
        """Take back a zoom."""
        self._zoomed = False
        last = self._epochs[-1] if len(self._epochs) else 1
        self.getPlotItem().setXRange(0, max(last, 1), padding=0.02)

    def apply_theme(self) -> None:
        """Take the colours in force."""
        colors = theme()
        self.setBackground(colors.color("panel"))
        muted, line = colors.color("muted"), colors.color("line")
        item = self.getPlotItem()
        small = font(SMALL_SIZE)
        for name in ("left", "bottom"):
            axis = item.getAxis(name)
            axis.setPen(QPen(line, 1))
            axis.setTextPen(muted)
            axis.setStyle(tickFont=small, tickLength=-4)
        item.getAxis("left").setWidth(52)
        item.showGrid(x=False, y=True, alpha=0.35 if colors.is_dark else 0.2)
        training, validation = colors.color(TRAINING), colors.color(VALIDATION)
        self._training.setPen(_pen(training, 2.0))
        self._validation.setPen(_pen(validation, 2.0, Qt.PenStyle.DashLine))
        for curve, color in ((self._training, training), (self._validation, validation)):
            curve.setSymbolBrush(color)
            curve.setSymbolPen(None)
            curve.setSymbolSize(5)
        faint = QColor(training)
        faint.setAlphaF(0.35)
        self._batches.setPen(_pen(faint, 1.0))
        faint.setAlphaF(0.12)
        self._range.setBrush(faint)
        for edge in (self._low, self._high):
            edge.setPen(None)
        good = colors.color("good")
        self._best.setPen(_pen(good, 1.0, Qt.PenStyle.DotLine))
        self._best.label.setColor(good)
        self._best.label.setFont(small)
        self._cursor.setPen(_pen(muted, 1.0))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read the values under the pointer."""
        super().mouseMoveEvent(event)
        if event.buttons() == Qt.MouseButton.NoButton:
            place = (
                self.getPlotItem()
                .getViewBox()
                .mapSceneToView(self.mapToScene(event.position().toPoint()))
            )
            self._point_near(place)

    def leaveEvent(self, event: object) -> None:
        """Read nothing any more."""
        super().leaveEvent(event)
        self.pointed.emit(math.nan)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Take back a zoom."""
        super().mouseDoubleClickEvent(event)
        self.show_all()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right read the epochs one by one, Home and End the first and last."""
        if not len(self._epochs):
            super().keyPressEvent(event)
            return
        here = int(numpy.abs(self._epochs - self._pointed).argmin()) if self._reads() else -1
        last = len(self._epochs) - 1
        places = {
            Qt.Key.Key_Left: max(here - 1, 0) if self._reads() else last,
            Qt.Key.Key_Right: min(here + 1, last),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        place = places.get(Qt.Key(event.key()))
        if place is None:
            super().keyPressEvent(event)
            return
        self.pointed.emit(float(self._epochs[place]))

    def _reads(self) -> bool:
        return math.isfinite(self._pointed)

    def _point_near(self, place: QPointF) -> None:
        if len(self._epochs):
            nearest = self._epochs[numpy.abs(self._epochs - place.x()).argmin()]
            self.pointed.emit(float(nearest))

    def _zoomed_by_hand(self, *_: object) -> None:
        self._zoomed = True

    def _draw(self, curve: pg.PlotDataItem, x: numpy.ndarray, y: numpy.ndarray) -> None:
        y = self._drawable(y)
        # pyqtgraph ends the process where a curve is nothing but gaps.
        some = slice(None) if numpy.isfinite(y).any() else slice(0)
        curve.setData(x[some], y[some], connect="finite")

    def _drawable(self, values: numpy.ndarray) -> numpy.ndarray:
        """What a logarithmic axis cannot show is left out instead of drawn at minus infinity."""
        if not self._logarithmic:
            return values
        return numpy.where(values > 0, values, math.nan)

    def _mark_best(self, history: History) -> None:
        best = history.best
        self._best.setVisible(best is not None)
        if best is not None:
            self._best.setValue(best.epoch)
            text = QCoreApplication.translate("runs", "best: epoch {epoch}")
            self._best.label.setFormat(text.format(epoch=best.epoch))
            # Beside the line, on the side where there is room.
            right_half = best.epoch > 0.6 * max(history.epoch, 1)
            self._best.label.setAnchor((1, 0.5) if right_half else (0, 0.5))


class _EpochAxis(pg.AxisItem):  # type: ignore[misc]
    """Whole epochs: half of one is no place to read anything."""

    def tickSpacing(self, low: float, high: float, size: float) -> list[tuple[float, float]]:
        """The steps that pyqtgraph chooses, without those below 1."""
        steps = super().tickSpacing(low, high, size)
        return [step for step in steps if step[0] >= 1] or [(1, 0)]


class _PercentAxis(pg.AxisItem):  # type: ignore[misc]
    """Shares of 0 to 1 as per cent."""

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """`98 %`; with digits where the steps are small."""
        digits = max(0, math.ceil(-math.log10(100 * spacing) - 1e-9)) if spacing > 0 else 0
        return [f"{100 * value:.{digits}f} %" for value in values]


def _pen(color: QColor, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    pen = QPen(color, width, style)
    # Cosmetic: the width is in pixels, whatever the scale of the axes.
    pen.setCosmetic(True)
    return pen
