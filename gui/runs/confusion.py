"""The confusion matrix: which class was taken for which, painted; a cell can be chosen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui.look.contrast import readable_on
from gui.look.theme import SMALL_SIZE, font, theme
from gui.runs import words

Cell = tuple[int, int]
"""True class and predicted class."""

_LARGEST_CELL = 44.0
_LARGEST_SHARE = 80.0
"""Likewise where cells show shares: of few classes, whose names have room then."""
_SMALLEST_CELL = 6.0
_NUMBERS_FROM = 19.0
"""Cells smaller than this have no room for a number; their colour and the words tell it."""
_LONGEST_NAME = 96.0


class ConfusionMatrix(QWidget):
    """Rows are true classes, columns predicted ones; mistakes stand out, the diagonal is right.

    Signals:
        cell_chosen(cell): a cell was chosen by click or keyboard; None when it was given up.
        cell_read(text): what the cell under the pointer or the keyboard says; empty for none.
    """

    cell_chosen = Signal(object)
    cell_read = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, shares: bool = False) -> None:
        """Make an empty one, whose cells show counts or, for large ones, shares of their row."""
        super().__init__(parent)
        self._shares = shares
        self.setObjectName("confusion_matrix")
        self.setAccessibleName(self.tr("Confusion matrix"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._names: tuple[str, ...] = ()
        self._counts: tuple[tuple[int, ...], ...] = ()
        self._sums: list[int] = []
        self._name_width = 0.0
        self._hovered: Cell | None = None
        self._current: Cell | None = None
        self._chosen: Cell | None = None
        theme().changed.connect(self.update)

    @property
    def chosen(self) -> Cell | None:
        """The chosen cell."""
        return self._chosen

    def show_counts(self, names: tuple[str, ...], counts: tuple[tuple[int, ...], ...]) -> None:
        """Show another matrix.

        Args:
            names: of the classes.
            counts: row: true class, column: predicted class.
        """
        self._names, self._counts = names, counts
        self._sums = [sum(row) for row in counts]
        metrics = QFontMetricsF(font(SMALL_SIZE))
        widest = max((metrics.horizontalAdvance(name) for name in names), default=0.0)
        self._name_width = min(widest, _LONGEST_NAME) + 8
        self._hovered = self._current = self._chosen = None
        self.updateGeometry()
        self.update()

    def choose(self, cell: Cell | None) -> None:
        """Choose a cell, or none."""
        if cell != self._chosen:
            self._chosen = cell
            self._current = cell or self._current
            self.update()
            self.cell_chosen.emit(cell)

    def describe(self, cell: Cell) -> str:
        """What a cell says, in words."""
        true, predicted = cell
        count = self._counts[true][predicted]
        total = self._sums[true]
        part = words.share(count / total) if total else words.NO_NUMBER
        if true == predicted:
            text = self.tr("{count} of {total} “{true}” recognized ({part})")
        else:
            text = self.tr("{count} of {total} “{true}” taken for “{predicted}” ({part})")
        return text.format(
            count=f"{count:,}",
            total=f"{total:,}",
            part=part,
            true=self._names[true],
            predicted=self._names[predicted],
        )

    def cell_rectangle(self, cell: Cell) -> QRectF:
        """Where a cell lies, in the widget."""
        origin, side = self._grid()
        return QRectF(origin.x() + cell[1] * side, origin.y() + cell[0] * side, side, side)

    def sizeHint(self) -> QSize:
        """Room for cells with numbers, if there are not too many."""
        side = min(30.0 * max(len(self._names), 1), 400.0)
        room = round(side + self._name_width + 36)
        return QSize(room, round(side) + 56)

    def minimumSizeHint(self) -> QSize:
        """Cells that can still be told apart by colour."""
        side = min(18.0 * max(len(self._names), 1), 200.0)
        return QSize(round(side + self._name_width + 36), round(side) + 56)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Cells by their share of the row, numbers where there is room, names at the edges."""
        if not self._counts:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = theme()
        origin, side = self._grid()
        count = len(self._names)
        numbers = font(min(SMALL_SIZE, side * 0.46))
        metrics = QFontMetricsF(numbers)
        widest = words.share(1.0) if self._shares else f"{max(map(max, self._counts))}"
        with_numbers = side >= _NUMBERS_FROM and metrics.horizontalAdvance(widest) <= side - 2
        gap = 1.0 if side >= 10 else 0.0
        painter.setFont(numbers)
        empty = colors.color("background")
        texts = colors.color("text"), colors.color("on_accent")
        for true, row in enumerate(self._counts):
            for predicted, value in enumerate(row):
                place = origin + QPointF(predicted * side, true * side)
                cell = QRectF(place, QSizeF(side - gap, side - gap))
                part = value / self._sums[true] if self._sums[true] else 0.0
                if not value:
                    painter.fillRect(cell, empty)
                    continue
                color = self._cell_color(empty, part, right=true == predicted)
                painter.fillRect(cell, color)
                if with_numbers:
                    painter.setPen(readable_on(color, texts))
                    text = words.share(part) if self._shares else f"{value}"
                    painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, text)
        self._paint_names(painter, origin, side)
        painter.setPen(QPen(colors.color("line"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(origin, origin + QPointF(count * side - gap, count * side - gap)))
        self._paint_frames(painter)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say what is under the pointer."""
        self._hover(self._cell_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Say nothing any more."""
        self._hover(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a cell; the chosen one, or a place beside, gives it up."""
        if event.button() == Qt.MouseButton.LeftButton:
            cell = self._cell_at(event.position())
            self.choose(None if cell == self._chosen else cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk, Enter or Space chooses, Escape gives up."""
        steps = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }
        key = Qt.Key(event.key())
        if key in steps and self._names:
            last = len(self._names) - 1
            here = self._current or (0, 0)
            down, right = steps[key] if self._current else (0, 0)
            true, predicted = here[0] + down, here[1] + right
            self._current = min(max(true, 0), last), min(max(predicted, 0), last)
            self._tell(self._current)
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._current:
            self.choose(None if self._current == self._chosen else self._current)
        elif key == Qt.Key.Key_Escape and self._chosen:
            self.choose(None)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """The words of a cell as a tooltip."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            cell = self._cell_at(QPointF(event.pos()))
            if cell is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), self.describe(cell), self)
            return True
        return super().event(event)

    def _cell_at(self, place: QPointF) -> Cell | None:
        origin, side = self._grid()
        true, predicted = (
            int((place.y() - origin.y()) // side),
            int((place.x() - origin.x()) // side),
        )
        count = len(self._counts)
        return (true, predicted) if 0 <= true < count and 0 <= predicted < count else None

    def _hover(self, cell: Cell | None) -> None:
        if cell != self._hovered:
            self._hovered = cell
            self._tell(cell)
            self.update()

    def _tell(self, cell: Cell | None) -> None:
        text = self.describe(cell) if cell else ""
        self.setAccessibleDescription(text)
        self.cell_read.emit(text)

    def _grid(self) -> tuple[QPointF, float]:
        """Place of the first cell's corner, and the side of a cell."""
        left = 20 + self._name_width
        top = 40.0
        count = max(len(self._names), 1)
        side = min((self.width() - left - 4) / count, (self.height() - top - 4) / count)
        largest = _LARGEST_SHARE if self._shares else _LARGEST_CELL
        return QPointF(left, top), min(max(side, _SMALLEST_CELL), largest)

    def _cell_color(self, base: QColor, part: float, *, right: bool) -> QColor:
        """Right ones in the accent, mistakes in the error's colour; the more, the stronger.

        The root lets a single mistake among hundreds be seen.
        """
        full = theme().color("accent" if right else "error")
        strength = part if right else 0.18 + 0.82 * part**0.5
        return QColor.fromRgbF(
            base.redF() + (full.redF() - base.redF()) * strength,
            base.greenF() + (full.greenF() - base.greenF()) * strength,
            base.blueF() + (full.blueF() - base.blueF()) * strength,
        )

    def _paint_names(self, painter: QPainter, origin: QPointF, side: float) -> None:
        painter.setPen(theme().color("muted"))
        small = font(SMALL_SIZE)
        painter.setFont(small)
        metrics = QFontMetricsF(small)
        extent = side * len(self._names)
        above = QRectF(origin.x(), 0, max(extent, 120), 18)
        painter.drawText(above, Qt.AlignmentFlag.AlignLeft, self.tr("predicted →"))
        painter.save()
        painter.translate(0, origin.y() + extent)
        painter.rotate(-90)
        beside = QRectF(0, 0, max(extent, 60), 18)
        painter.drawText(beside, Qt.AlignmentFlag.AlignRight, self.tr("← true"))
        painter.restore()
        every = max(1, round(metrics.height() / side + 0.49))
        for place, name in enumerate(self._names):
            if place % every:
                continue
            row = QRectF(18, origin.y() + place * side, origin.x() - 24, side * every)
            short = metrics.elidedText(name, Qt.TextElideMode.ElideRight, row.width())
            side_of_row = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(row, side_of_row, short)
            column = QRectF(origin.x() + place * side, 20, side * every, 18)
            short = metrics.elidedText(name, Qt.TextElideMode.ElideRight, column.width())
            painter.drawText(column, Qt.AlignmentFlag.AlignCenter, short)

    def _paint_frames(self, painter: QPainter) -> None:
        text = theme().color("text")
        if self._hovered is not None:
            painter.setPen(QPen(text, 1))
            painter.drawRect(self.cell_rectangle(self._hovered))
        if self._current is not None and self.hasFocus():
            painter.setPen(QPen(text, 1, Qt.PenStyle.DotLine))
            painter.drawRect(self.cell_rectangle(self._current).adjusted(-2, -2, 1, 1))
        if self._chosen is not None:
            painter.setPen(QPen(text, 2))
            painter.drawRect(self.cell_rectangle(self._chosen))
