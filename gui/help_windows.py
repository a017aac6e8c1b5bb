"""Windows to look something up: all keys, and what Kumitate is. They never block the work."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gui.actions import Actions
from gui.panels.form_parts import section
from gui.runs.parts import label


class ShortcutsWindow(QDialog):
    """Every action that has a key, and what the mouse does on the canvas."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("shortcuts_window")
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.resize(460, 560)
        inside = QWidget(self)
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(20, 12, 20, 20)
        self._grid.setVerticalSpacing(6)
        self._grid.setHorizontalSpacing(24)
        self._grid.setColumnStretch(0, 1)
        self._heading(self.tr("Everywhere"))
        for action in actions:
            keys = [
                key.toString(QKeySequence.SequenceFormat.NativeText) for key in action.shortcuts()
            ]
            if keys:
                self._row(action.text().rstrip("…"), ", ".join(keys))
        self._heading(self.tr("On the canvas"))
        for what, how in (
            (self.tr("Add a layer"), self.tr("Space")),
            (self.tr("Walk through the nodes"), self.tr("Tab")),
            (self.tr("Move the selection"), self.tr("Arrow keys, with Shift further")),
            (self.tr("Open a block"), self.tr("Enter, or a double click")),
            (self.tr("Zoom"), self.tr("Ctrl and mouse wheel")),
            (self.tr("Move the view"), self.tr("Space or middle button, and drag")),
            (self.tr("Give up a gesture"), self.tr("Esc")),
        ):
            self._row(what, how)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)

    def _heading(self, text: str) -> None:
        row = self._grid.rowCount()
        self._grid.addWidget(section(text, f"shortcuts_{row}"), row, 0, 1, 2)

    def _row(self, what: str, keys: str) -> None:
        row = self._grid.rowCount()
        self._grid.addWidget(label(what, "", f"shortcut_text_{row}"), row, 0)
        self._grid.addWidget(
            label(keys, "mono", f"shortcut_{row}"), row, 1, Qt.AlignmentFlag.AlignRight
        )


class AboutWindow(QDialog):
    """Name, version, licence."""

    def __init__(self, version: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("about_window")
        self.setWindowTitle(self.tr("About Kumitate"))
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 24, 28, 24)
        column.setSpacing(8)
        column.addWidget(label("Kumitate", "huge", "about_name"))
        column.addWidget(
            label(self.tr("Version {version}").format(version=version), "muted", "about_version")
        )
        for number, text in enumerate(
            (
                self.tr(
                    "Build neural networks by drag and drop, train them in the window, and take "
                    "the PyTorch code home."
                ),
                self.tr("The name is Japanese for assembling: 組み立て."),
                self.tr("Free software under the Apache License 2.0. Made with PyTorch and Qt."),
            )
        ):
            text_label = label(text, "", f"about_text_{number}", wrap=True)
            text_label.setMinimumWidth(340)
            column.addWidget(text_label)
