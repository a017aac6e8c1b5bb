"""The palette: every layer and block, found by typing, added by dragging or Enter."""

from __future__ import annotations

import html
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItem
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from graph.document import Difference
from graph.layer import CATEGORIES
from gui.editor import Editor
from gui.panels.palette_list import ENTRY_ROLE, PaletteList, PaletteModel
from gui.panels.search import Entry, block_entries, find, layer_entries
from gui.runs.parts import button, label
from gui.theme import theme

Index = QModelIndex | QPersistentModelIndex


class PalettePanel(QWidget):
    """The palette.

    Signals:
        add_requested(name, is_block): put a node on the canvas.
    """

    add_requested = Signal(str, bool)

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self.setObjectName("palette")
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(168)
        self.search = QLineEdit(self)
        self.search.setObjectName("palette_search")
        self.search.setProperty("role", "search")
        self.search.setPlaceholderText(self.tr("Search layers (Space)"))
        self.search.setAccessibleName(self.tr("Search layers"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._fill)
        self.search.installEventFilter(self)
        self.model = PaletteModel(self)
        self.view = PaletteList(self.model, self)
        self.view.chosen.connect(self._choose)
        self.clear = button(self.tr("Show all layers"), "palette_clear", role="flat")
        self.clear.clicked.connect(self._clear)
        self._nothing = label("", "muted", "palette_nothing", wrap=True)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._make_empty())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 0, 0)
        layout.setSpacing(4)
        row = QVBoxLayout()
        row.setContentsMargins(0, 0, 12, 0)
        row.addWidget(self.search)
        layout.addLayout(row)
        layout.addWidget(self._stack, 1)
        editor.document.changed.connect(self._document_changed)
        theme().changed.connect(self.view.viewport().update)
        self._fill()

    def _make_empty(self) -> QWidget:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(4, 16, 12, 0)
        column.addWidget(self._nothing)
        column.addWidget(self.clear, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        return page

    def focus_search(self) -> None:
        """Bring the keyboard to the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In the search field, arrow keys walk through the list and Enter adds."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.view.keyPressEvent(event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose(self.view.currentIndex())
                return True
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                self._clear()
                return True
        return super().eventFilter(watched, event)

    def _choose(self, index: Index) -> None:
        entry: Entry | None = index.data(ENTRY_ROLE)
        if entry is not None:
            self.add_requested.emit(entry.name, entry.is_block)

    def _clear(self) -> None:
        self.search.clear()
        self.search.setFocus()

    def _document_changed(self, difference: Difference) -> None:
        if difference.blocks_added or difference.blocks_removed:
            self._fill()

    def _fill(self, *_: Any) -> None:
        text = self.search.text()
        blocks = block_entries(self._editor.document.state)
        found = find([*layer_entries(), *blocks], text)
        self.model.clear()
        if text.strip():
            # Sorted by fit, so headings would only be in the way.
            for entry in found:
                self._add(entry)
        else:
            for category, title in (*CATEGORIES.items(), ("block", self.tr("My blocks"))):
                entries = [entry for entry in found if entry.category == category]
                if entries:
                    self.model.add_heading(title)
                for entry in entries:
                    self._add(entry)
        self._nothing.setText(
            self.tr("No layer is called “{text}”. Try another word for it.").format(text=text)
        )
        self._stack.setCurrentIndex(0 if found else 1)
        if found and text.strip():
            self.view.setCurrentIndex(self.model.index(0, 0))

    def _add(self, entry: Entry) -> None:
        sort = self.tr("Block of this project") if entry.is_block else f"torch · {entry.name}"
        tip = (
            f"<p><b>{html.escape(entry.title)}</b><br>{html.escape(sort)}</p>"
            f"<p>{html.escape(entry.help)}</p>"
        )
        item = QStandardItem(entry.title)
        item.setData(entry, ENTRY_ROLE)
        item.setToolTip(tip)
        item.setEditable(False)
        item.setData(entry.help, Qt.ItemDataRole.AccessibleDescriptionRole)
        self.model.appendRow(item)
