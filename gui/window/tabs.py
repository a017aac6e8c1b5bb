"""The open projects as tabs; there is nothing to see while there is only one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QTabBar, QToolButton, QWidget


class Tabs(QWidget):
    """The row of tabs.

    Signals:
        chosen(number): the user wants to see this one.
        close_requested(number): the user wants to close it.
        moved(start, end): the user dragged it elsewhere.
    """

    chosen = Signal(int)
    close_requested = Signal(int)
    moved = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("project_tabs")
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.bar = QTabBar(self)
        self.bar.setObjectName("project_tab_bar")
        self.bar.setAccessibleName(self.tr("Open projects"))
        self.bar.setDocumentMode(True)
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setMovable(True)
        self.bar.setElideMode(Qt.TextElideMode.ElideMiddle)
        self.bar.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.addWidget(self.bar, 1)
        self.bar.currentChanged.connect(self.chosen)
        self.bar.tabMoved.connect(self.moved)
        self.hide()

    @property
    def current(self) -> int:
        """The number of the tab that is shown."""
        return self.bar.currentIndex()

    def add(self) -> None:
        """One more at the end."""
        self.bar.blockSignals(True)
        number = self.bar.addTab("")
        self.bar.blockSignals(False)
        close = QToolButton(self.bar)
        close.setObjectName("tab_close")
        close.setText("×")
        close.setFixedSize(20, 20)
        close.setToolTip(self.tr("Close"))
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        close.clicked.connect(lambda: self._close(close))
        self.bar.setTabButton(number, QTabBar.ButtonPosition.RightSide, close)
        self._show_row()

    def remove(self, number: int) -> None:
        """One less."""
        self.bar.blockSignals(True)
        self.bar.removeTab(number)
        self.bar.blockSignals(False)
        self._show_row()

    def show_tab(self, number: int) -> None:
        """Mark the one that is shown."""
        self.bar.blockSignals(True)
        self.bar.setCurrentIndex(number)
        self.bar.blockSignals(False)

    def step(self, by: int) -> None:
        """The next or the one before, around the end."""
        count = self.bar.count()
        if count > 1:
            self.chosen.emit((self.current + by) % count)

    def label(self, number: int, name: str, path: Path | None, *, modified: bool) -> None:
        """Say which project it is, and whether it is saved."""
        text = f"{name} •" if modified else name
        text = text.replace("&", "&&")
        if self.bar.tabText(number) != text:
            self.bar.setTabText(number, text)
            close = self.bar.tabButton(number, QTabBar.ButtonPosition.RightSide)
            close.setAccessibleName(self.tr("Close {name}").format(name=name))
        state = self.tr("not saved") if modified else ""
        place = str(path) if path else self.tr("in no file yet")
        self.bar.setTabToolTip(number, f"{place} · {state}" if state else place)

    def _close(self, button: QToolButton) -> None:
        side = QTabBar.ButtonPosition.RightSide
        for number in range(self.bar.count()):
            if self.bar.tabButton(number, side) is button:
                self.close_requested.emit(number)
                return

    def _show_row(self) -> None:
        self.setVisible(self.bar.count() > 1)
