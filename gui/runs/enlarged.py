"""One sample as large as there is room, with words and the ways to its neighbours and back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from gui.runs.gallery import Gallery
from gui.runs.parts import button, label


class Enlarged(QWidget):
    """The frame around what draws the sample.

    Signals:
        closed(): all samples are wanted again.
        moved(step): the next one is wanted, or with -1 the one before.
    """

    closed = Signal()
    moved = Signal(int)

    def __init__(self, name: str, drawing: QWidget, parent: QWidget | None = None) -> None:
        """Put the frame around a widget that draws.

        Args:
            name: begins the names of its parts, "picture".
            drawing: draws the sample.
        """
        super().__init__(parent)
        self.setObjectName(f"enlarged_{name}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.back = button(self.tr("All pictures"), f"all_{name}s", tip=self.tr("Esc"))
        self.back.clicked.connect(self.closed)
        self.before = button("‹", f"{name}_before", tip=self.tr("The one before (←)"))
        self.before.setAccessibleName(self.tr("The one before"))
        self.before.clicked.connect(lambda: self.moved.emit(-1))
        self.next = button("›", f"{name}_next", tip=self.tr("The next one (→)"))
        self.next.setAccessibleName(self.tr("The next one"))
        self.next.clicked.connect(lambda: self.moved.emit(1))
        self.title = label("", "", f"enlarged_{name}_title", wrap=True)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.back)
        row.addWidget(self.title, 1)
        row.addWidget(self.before)
        row.addWidget(self.next)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addWidget(drawing, 1)

    def set_neighbours(self, *, first: bool, last: bool) -> None:
        """Say whether there is none before or behind what is shown."""
        self.before.setEnabled(not first)
        self.next.setEnabled(not last)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go to the neighbours, Esc goes back."""
        match event.key():
            case Qt.Key.Key_Escape:
                self.closed.emit()
            case Qt.Key.Key_Left:
                self.before.click()
            case Qt.Key.Key_Right:
                self.next.click()
            case _:
                super().keyPressEvent(event)


class Samples(QStackedWidget):
    """All samples as cards, or one of them enlarged."""

    def __init__(self, gallery: Gallery, enlarged: Enlarged, show: Callable[[int], None]) -> None:
        """Put them together.

        Args:
            show: lets `enlarged` show the sample of a row.
        """
        super().__init__()
        self._gallery, self._enlarged, self._show = gallery, enlarged, show
        self._row: int | None = None
        self.addWidget(gallery)
        self.addWidget(enlarged)
        gallery.opened.connect(self._open)
        enlarged.closed.connect(self._close)
        enlarged.moved.connect(lambda step: self._open((self._row or 0) + step))

    def show_all(self) -> None:
        """Show all samples."""
        self._row = None
        self.setCurrentWidget(self._gallery)

    def show_again(self) -> None:
        """Show the enlarged one, if one is, as it is told now."""
        if self._row is not None:
            self._open(self._row)

    def _open(self, row: int) -> None:
        cards = self._gallery.model()
        if row not in range(cards.rowCount()):
            return
        self._row = row
        self._gallery.setCurrentIndex(cards.index(row, 0))
        self._show(row)
        self._enlarged.set_neighbours(first=row == 0, last=row == cards.rowCount() - 1)
        if self.currentWidget() is not self._enlarged:
            self.setCurrentWidget(self._enlarged)
            self._enlarged.setFocus()

    def _close(self) -> None:
        self.show_all()
        self._gallery.setFocus()
