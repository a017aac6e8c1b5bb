"""One picture with its boxes, as large as there is room."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from evaluation.detections import Box, DetectedPicture
from gui.runs import words
from gui.runs.background import Background
from gui.runs.box_painting import paint_boxes
from gui.runs.parts import button, label
from gui.runs.pictures import Pictures, paint_picture
from gui.theme import theme

_LARGEST = 1024


class LargePicture(QWidget):
    """Draws the picture."""

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("large_picture")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._one: DetectedPicture | None = None
        self._found: Sequence[Box] = ()
        self._names: Sequence[str] = ()
        self.pictures = Pictures(background, self, largest=_LARGEST)
        self.pictures.came.connect(lambda _: self.update())
        theme().changed.connect(self.update)

    def show_boxes(
        self, one: DetectedPicture, found: Sequence[Box], names: Sequence[str], told: str
    ) -> None:
        """Show a picture with these of its boxes, told in words."""
        self._one, self._found, self._names = one, found, names
        self.setAccessibleName(self.tr("Sample {index}").format(index=one.index))
        self.setAccessibleDescription(told)
        self.update()

    def sizeHint(self) -> QSize:
        """As large as most pictures are."""
        return QSize(448, 448)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Picture, boxes and their names."""
        if self._one is None:
            return
        painter = QPainter(self)
        image = self.pictures.image(self._one.picture)
        frame = paint_picture(painter, self.rect(), image)
        if frame is not None:
            paint_boxes(painter, frame, self._one.true, self._found, width=2.0, names=self._names)


class EnlargedPicture(QWidget):
    """The picture below its words and the ways to others and back.

    Signals:
        closed(): all pictures are wanted again.
        moved(step): the next one is wanted, or with -1 the one before.
    """

    closed = Signal()
    moved = Signal(int)

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("enlarged_picture")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.back = button(self.tr("All pictures"), "all_pictures", tip=self.tr("Esc"))
        self.back.clicked.connect(self.closed)
        self.before = button("‹", "picture_before", tip=self.tr("The one before (←)"))
        self.before.setAccessibleName(self.tr("The one before"))
        self.before.clicked.connect(lambda: self.moved.emit(-1))
        self.next = button("›", "picture_next", tip=self.tr("The next one (→)"))
        self.next.setAccessibleName(self.tr("The next one"))
        self.next.clicked.connect(lambda: self.moved.emit(1))
        self.title = label("", "", "enlarged_title", wrap=True)
        self.picture = LargePicture(background, self)
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
        layout.addWidget(self.picture, 1)

    def set_folder(self, folder: Path) -> None:
        """Take pictures from here."""
        self.picture.pictures.set_folder(folder)

    def show_picture(
        self,
        one: DetectedPicture,
        found: Sequence[Box],
        names: Sequence[str],
        told: str,
        *,
        first: bool,
        last: bool,
    ) -> None:
        """Show a picture with these of its boxes.

        Args:
            names: of the classes.
            told: its errors in words.
            first: whether there is none before it; `last` likewise.
        """
        self.title.setText(words.tr("Sample {index}: {told}").format(index=one.index, told=told))
        self.before.setEnabled(not first)
        self.next.setEnabled(not last)
        self.picture.show_boxes(one, found, names, told)

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
