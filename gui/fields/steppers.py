"""Two small arrows inside of a line with whole numbers, as a spin box has them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget

from gui.look.theme import theme

WIDTH, INSET = 16, 3
DELAY, INTERVAL = 400, 60
"""Milliseconds until a held arrow steps again, and from then on between two steps."""


class _Arrow(QAbstractButton):
    """One of them; held down, it goes on."""

    def __init__(self, upwards: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._upwards = upwards
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setAutoRepeat(True)
        self.setAutoRepeatDelay(DELAY)
        self.setAutoRepeatInterval(INTERVAL)
        translate = QCoreApplication.translate
        name = translate("Steppers", "Larger") if upwards else translate("Steppers", "Smaller")
        self.setObjectName("larger" if upwards else "smaller")
        self.setAccessibleName(name)
        self.setToolTip(name)

    def sizeHint(self) -> QSize:
        """Room for an arrow."""
        return QSize(WIDTH, WIDTH // 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """An arrow in the colour of secondary text, in the accent under the mouse."""
        middle, height = QPointF(self.rect().center()) + QPointF(0.5, 0.5), 1.6
        tip = -height if self._upwards else height
        points = [QPointF(-3.2, -tip), QPointF(0.0, tip), QPointF(3.2, -tip)]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = theme().color("accent" if self.underMouse() else "muted")
        painter.setPen(QPen(colour, 1.5, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
        painter.drawPolyline(QPolygonF([middle + point for point in points]))
        painter.end()


class Steppers(QWidget):
    """Stand at the left of a line whose text is at its right, while the mouse or the keyboard is
    in it and a step means something.

    Signals:
        stepped(steps): one up or one down.
    """

    stepped = Signal(int)

    def __init__(self, line: QLineEdit, useful: Callable[[], bool]) -> None:
        """Put them into a line.

        Args:
            useful: whether what stands in the line can be stepped.
        """
        super().__init__(line)
        self._line, self._useful = line, useful
        self.larger, self.smaller = _Arrow(True, self), _Arrow(False, self)
        for arrow, steps in ((self.larger, 1), (self.smaller, -1)):
            arrow.clicked.connect(lambda _=False, steps=steps: self._step(steps))
        self.hide()
        line.installEventFilter(self)
        line.textChanged.connect(self._follow)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Come and go with the mouse and the keyboard."""
        if event.type() in (
            QEvent.Type.Enter,
            QEvent.Type.Leave,
            QEvent.Type.FocusIn,
            QEvent.Type.FocusOut,
            QEvent.Type.Resize,
            QEvent.Type.EnabledChange,
        ):
            self._follow(left=event.type() == QEvent.Type.Leave)
        return super().eventFilter(watched, event)

    def _step(self, steps: int) -> None:
        # The keyboard leaving the line is what ends a step of undo.
        self._line.setFocus(Qt.FocusReason.MouseFocusReason)
        self.stepped.emit(steps)

    def _follow(self, *_: object, left: bool = False) -> None:
        line = self._line
        wanted = (line.underMouse() and not left) or line.hasFocus()
        self.setVisible(wanted and line.isEnabled() and self._useful())
        height = (line.height() - 2 * INSET) // 2
        self.setGeometry(INSET, INSET, WIDTH, 2 * height)
        self.larger.setGeometry(0, 0, WIDTH, height)
        self.smaller.setGeometry(0, height, WIDTH, height)
