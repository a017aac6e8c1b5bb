"""Predicted numbers against true ones, drawn by pyqtgraph. Imported when first shown."""

from __future__ import annotations

import numpy
import pyqtgraph as pg
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QWidget

from gui.look.theme import SMALL_SIZE, font, theme

_DOT = 6


class ScatterPlot(pg.PlotWidget):  # type: ignore[misc]
    """A dot for each sample; on the line from corner to corner all is right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("scatter_plot")
        self.setAccessibleName(
            QCoreApplication.translate("runs", "Predicted numbers against true ones")
        )
        self.setMenuEnabled(False)
        self.hideButtons()
        self.setMinimumHeight(160)
        self.true = numpy.empty(0)
        self.predicted = numpy.empty(0)
        item = self.getPlotItem()
        self._line = item.plot()
        self._dots = pg.ScatterPlotItem()
        item.addItem(self._dots)
        self.apply_theme()
        theme().changed.connect(self.apply_theme)

    def show_numbers(self, true: numpy.ndarray, predicted: numpy.ndarray) -> None:
        """Show samples, each of their numbers of shape (N,)."""
        finite = numpy.isfinite(true) & numpy.isfinite(predicted)
        self.true, self.predicted = true[finite], predicted[finite]
        self._dots.setData(self.true, self.predicted)
        if len(self.true):
            ends = [
                min(self.true.min(), self.predicted.min()),
                max(self.true.max(), self.predicted.max()),
            ]
            self._line.setData(ends, ends)
        self.getPlotItem().autoRange()

    def apply_theme(self) -> None:
        """Take the colours in force."""
        colors = theme()
        self.setBackground(colors.color("panel"))
        item = self.getPlotItem()
        titles = {
            "left": QCoreApplication.translate("runs", "predicted"),
            "bottom": QCoreApplication.translate("runs", "true"),
        }
        for name, title in titles.items():
            axis = item.getAxis(name)
            axis.setPen(QPen(colors.color("line"), 1))
            axis.setTextPen(colors.color("muted"))
            axis.setStyle(tickFont=font(SMALL_SIZE), tickLength=-4)
            axis.setLabel(title, color=colors.color("muted").name())
        item.showGrid(x=True, y=True, alpha=0.35 if colors.is_dark else 0.2)
        right = QPen(colors.color("good"), 1.5, Qt.PenStyle.DashLine)
        right.setCosmetic(True)
        self._line.setPen(right)
        dot = QColor(colors.color("accent"))
        dot.setAlphaF(0.7)
        self._dots.setBrush(dot)
        self._dots.setPen(None)
        self._dots.setSize(_DOT)
