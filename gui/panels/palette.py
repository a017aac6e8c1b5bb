"""The palette: every layer and block, found by typing, added by dragging or Enter."""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QSettings,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QStandardItem
from PySide6.QtWidgets import QLineEdit, QMenu, QStackedWidget, QVBoxLayout, QWidget

from graph.counterparts import said_elsewhere
from graph.document import Difference
from graph.layer import CATEGORIES, LAYERS
from graph.state import Project
from gui.editor import Editor
from gui.files.shelf import OWN, STANDARD, shelf
from gui.look.theme import theme
from gui.panels.palette_blocks import PaletteBlocks
from gui.panels.palette_list import ENTRY_ROLE, SECTION_ROLE, PaletteList, PaletteModel
from gui.panels.search import (
    OWN_BLOCKS,
    PROJECT_BLOCKS,
    STANDARD_BLOCKS,
    Entry,
    block_entries,
    find,
    layer_entries,
    library_entries,
)
from gui.runs.parts import button, can_be_cleared, label

Index = QModelIndex | QPersistentModelIndex

FIRST = "input and output"
"""The category with which every network begins; blocks stand behind it."""
OPEN_AT_FIRST = frozenset({FIRST, PROJECT_BLOCKS, OWN_BLOCKS, "convolution"})
_FOLDED = "palette/folded"


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
        self.search.setPlaceholderText(self.tr("Search layers"))
        self.search.setAccessibleName(self.tr("Search layers"))
        can_be_cleared(self.search, self.tr("Clear the search"))
        self.search.textChanged.connect(self._fill)
        self.search.installEventFilter(self)
        self.model = PaletteModel(self)
        self.view = PaletteList(self.model, self)
        self.view.fold(set(self._sections()) - OPEN_AT_FIRST)
        self.view.chosen.connect(self._choose)
        # Later: the list is made anew then, while Qt still closes the field.
        self.view.named.connect(self._named, Qt.ConnectionType.QueuedConnection)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._show_menu)
        self.clear = button(self.tr("Show all layers"), "palette_clear", role="flat")
        self.clear.clicked.connect(self._clear)
        self._nothing = label("", "muted", "palette_nothing", wrap=True)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._make_empty())
        self.blocks = PaletteBlocks(editor, self)
        self.blocks.rename_requested.connect(self._rename)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 0, 0)
        layout.setSpacing(4)
        row = QVBoxLayout()
        row.setContentsMargins(0, 0, 12, 0)
        row.addWidget(self.search)
        layout.addLayout(row)
        layout.addWidget(self._stack, 1)
        below = QVBoxLayout()
        below.setContentsMargins(0, 0, 12, 12)
        below.addWidget(self.blocks.notice)
        layout.addLayout(below)
        self._own_blocks: list[Entry] = []
        editor.document.changed.connect(self._document_changed)
        shelf().changed.connect(self._fill)
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

    def _sections(self) -> dict[str, str]:
        """Titles of the sections, in their order."""
        blocks = {
            PROJECT_BLOCKS: self.tr("This project's blocks"),
            OWN_BLOCKS: self.tr("My library"),
            STANDARD_BLOCKS: self.tr("Standard blocks"),
        }
        return {FIRST: CATEGORIES[FIRST]} | blocks | CATEGORIES

    def focus_search(self) -> None:
        """Bring the keyboard to the search field."""
        shelf().read_again()
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    # --- what is remembered --------------------------------------------------------------------

    def save_folded(self, settings: QSettings) -> None:
        """Remember which sections are folded."""
        settings.setValue(_FOLDED, ",".join(sorted(self.view.folded)))

    def restore_folded(self, settings: QSettings) -> None:
        """Bring back what was remembered."""
        remembered = settings.value(_FOLDED)
        if remembered is not None:
            self.view.fold(set(str(remembered).split(",")) & self._sections().keys())

    # --- keyboard and mouse --------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In the search field, arrow keys walk through the list and Enter adds."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.view.keyPressEvent(event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.view.choose_current()
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

    def _show_menu(self, place: QPoint) -> None:
        index = self.view.indexAt(place)
        entry: Entry | None = index.data(ENTRY_ROLE)
        if entry is not None:
            menu = self.blocks.menu(entry, lambda: self._choose(index))
        elif index.isValid():
            menu = self._fold_menu()
        else:
            return
        menu.popup(self.view.viewport().mapToGlobal(place))

    def _fold_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name, text, folded in (
            ("unfold_all", self.tr("Unfold All"), frozenset[str]()),
            ("fold_all", self.tr("Fold All"), frozenset(self._sections())),
        ):
            action = menu.addAction(text)
            action.setObjectName(f"palette_menu_{name}")
            action.triggered.connect(lambda _=False, folded=folded: self.view.fold(folded))
        return menu

    def _rename(self, name: str) -> None:
        for row in range(self.model.rowCount()):
            index = self.model.index(row, 0)
            entry: Entry | None = index.data(ENTRY_ROLE)
            if entry is not None and entry.name == name:
                self.view.setCurrentIndex(index)
                self.view.edit(index)

    def _named(self, entry: Entry, text: str) -> None:
        if text != entry.block:
            self.blocks.rename(entry, text)

    # --- what is listed ------------------------------------------------------------------------

    def _document_changed(self, difference: Difference) -> None:
        if block_entries(difference.after) != self._own_blocks:
            self._fill()

    def _entries(self, project: Project) -> list[Entry]:
        self._own_blocks = block_entries(project)
        return [
            *layer_entries(),
            *self._own_blocks,
            *library_entries(shelf().own, OWN_BLOCKS, OWN),
            *library_entries(shelf().standard, STANDARD_BLOCKS, STANDARD),
        ]

    def _fill(self, *_: Any) -> None:
        text = self.search.text()
        found = find(self._entries(self._editor.document.state), text)
        self.model.clear()
        if text.strip():
            # Sorted by fit, so headings would only be in the way.
            self._add(found, "")
        else:
            for section, title in self._sections().items():
                entries = [entry for entry in found if entry.section == section]
                if entries:
                    self.model.add_heading(section, title, len(entries))
                    self._add(entries, section)
            self.view.hide_folded()
        elsewhere = said_elsewhere(text)
        words = self.tr("“{text}” is no layer here.") + f" {elsewhere}"
        if not elsewhere:
            words = self.tr("No layer is called “{text}”. Try another word for it.")
        self._nothing.setText(words.replace("{text}", text))
        self._stack.setCurrentIndex(0 if found else 1)
        if found and text.strip():
            self.view.setCurrentIndex(self.model.index(0, 0))

    def _add(self, entries: Iterable[Entry], section: str) -> None:
        for entry in entries:
            item = QStandardItem(entry.title)
            item.setData(entry, ENTRY_ROLE)
            item.setData(section, SECTION_ROLE)
            item.setToolTip(self._tip(entry))
            item.setEditable(entry.section in (PROJECT_BLOCKS, OWN_BLOCKS))
            item.setData(entry.help, Qt.ItemDataRole.AccessibleDescriptionRole)
            self.model.appendRow(item)

    def _tip(self, entry: Entry) -> str:
        sorts = {
            PROJECT_BLOCKS: self.tr("Block of this project"),
            OWN_BLOCKS: self.tr("Block of my library"),
            STANDARD_BLOCKS: self.tr("Standard block {name}").format(name=entry.block),
        }
        sort = sorts.get(entry.section, entry.name)
        return (
            f"<p><b>{html.escape(entry.title)}</b><br>{html.escape(sort)}</p>"
            f"<p>{html.escape(entry.help)}</p>{self._card(entry)}"
        )

    def _card(self, entry: Entry) -> str:
        """What the card of a layer says of its formula and its use."""
        layer = LAYERS.get(entry.name) if entry.section in CATEGORIES else None
        if layer is None:
            return ""
        formula = f"<p><code>{html.escape(layer.FORMULA)}</code></p>" if layer.FORMULA else ""
        return f"{formula}<p>{html.escape(layer.USE)}</p>" if layer.USE else formula
