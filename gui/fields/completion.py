"""Completes names of a block's parameters while an expression is written: `= ch` → `= channels`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem

from graph.expression import is_expression_text

MOST_ROWS = 8
_NAME_BEFORE = re.compile(r"[^\W\d]\w*$")
_TAKES = (Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class NameCompleter(QObject):
    """Belongs to a line; shows the names that begin as what stands before the cursor.

    The list is part of the window and never has the keyboard, so that one goes on writing.
    """

    def __init__(self, line: QLineEdit, names: Iterable[str]) -> None:
        super().__init__(line)
        self._line = line
        self.names = sorted(names)
        self.list: QListWidget | None = None
        line.textEdited.connect(self._typed)
        line.installEventFilter(self)

    @property
    def is_open(self) -> bool:
        """Whether names are shown."""
        return self.list is not None

    def shown(self) -> list[str]:
        """The names that are shown."""
        if self.list is None:
            return []
        return [self.list.item(row).text() for row in range(self.list.count())]

    def insert(self, name: str) -> None:
        """Write a name in place of its beginning."""
        text, place = self._line.text(), self._line.cursorPosition()
        start = place - len(self._begun())
        # Also what of an old name stands behind the cursor.
        rest = re.sub(r"^\w+", "", text[place:])
        self.close()
        self._line.setText(text[:start] + name + rest)
        self._line.setCursorPosition(start + len(name))
        self._line.setModified(True)
        self._line.textEdited.emit(self._line.text())

    def close(self) -> None:
        """Take the list away."""
        if self.list is not None:
            self.list.hide()
            self.list.deleteLater()
            self.list = None

    # --- inside --------------------------------------------------------------------------------

    def _begun(self) -> str:
        """The part of a name that stands before the cursor; empty outside of an expression."""
        before = self._line.text()[: self._line.cursorPosition()]
        found = _NAME_BEFORE.search(before)
        # Of several sizes, such as 3 × = width, each may be an expression.
        written = is_expression_text(before.rpartition("×")[2])
        return found.group() if found and written else ""

    def _typed(self, _: str) -> None:
        begun = self._begun()
        fits = [name for name in self.names if name.lower().startswith(begun.lower())]
        self.close()
        if begun and fits and fits != [begun]:
            self._open(fits)

    def _open(self, names: list[str]) -> None:
        made = QListWidget(self._line.window())
        made.setObjectName(f"{self._line.objectName()}_names")
        made.setProperty("role", "names")
        made.setAccessibleName(self.tr("Parameters of the block"))
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.setTextElideMode(Qt.TextElideMode.ElideRight)
        made.addItems(names)
        made.setCurrentRow(0)
        made.itemClicked.connect(self._clicked)
        row = max(made.sizeHintForRow(0), 20)
        made.resize(max(self._line.width(), 140), row * min(len(names), MOST_ROWS) + 8)
        made.show()
        made.raise_()
        self.list = made
        self._place()

    def _place(self) -> None:
        """Below the line; above it where there is no room."""
        if self.list is None:
            return
        window = self._line.window().rect()
        place = self._line.mapTo(self._line.window(), QPoint(0, self._line.height() + 2))
        if place.y() + self.list.height() > window.bottom():
            place.setY(place.y() - self.list.height() - self._line.height() - 4)
        self.list.move(min(place.x(), window.right() - self.list.width() - 4), place.y())

    def _clicked(self, item: QListWidgetItem) -> None:
        self.insert(item.text())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """While names are shown: arrows choose, Tab and Enter take, Esc leaves them."""
        if self.list is None:
            return super().eventFilter(watched, event)
        if event.type() in (QEvent.Type.FocusOut, QEvent.Type.Hide):
            self.close()
        elif event.type() == QEvent.Type.Paint:
            # A form that explains a mistake above the line moves it.
            self._place()
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key, row = Qt.Key(event.key()), self.list.currentRow()
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                step = 1 if key == Qt.Key.Key_Down else -1
                self.list.setCurrentRow((row + step) % self.list.count())
                return True
            if key in _TAKES:
                self.insert(self.list.item(row).text())
                return True
            if key == Qt.Key.Key_Escape:
                self.close()
                return True
        return super().eventFilter(watched, event)
