"""The window in which all keys are shown, searched and changed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gui.commands.actions import Actions
from gui.commands.menus import Menus
from gui.commands.shortcuts import KeyTakenError, Shortcuts, plain_words
from gui.panels.search import plain
from gui.runs.parts import button, can_be_cleared, label, make_list_of_rows, set_role

NAME_ROLE = Qt.ItemDataRole.UserRole
COMMAND, MENU, KEYS = range(3)


class ShortcutsWindow(QDialog):
    """Every action with its keys, and what keys and mouse do on the canvas."""

    def __init__(
        self, actions: Actions, menus: Menus, shortcuts: Shortcuts, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("shortcuts_window")
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.resize(640, 620)
        self._actions, self._menus, self._shortcuts = actions, menus, shortcuts
        self.search = QLineEdit(self)
        self.search.setObjectName("shortcuts_search")
        self.search.setProperty("role", "search")
        words = self.tr("Search commands and keys")
        self.search.setPlaceholderText(words)
        self.search.setAccessibleName(words)
        can_be_cleared(self.search, self.tr("Clear the search"))
        self.search.textChanged.connect(self._filter)
        self.table = self._make_table()
        self.edit = QKeySequenceEdit(self)
        self.edit.setObjectName("shortcut_edit")
        self.edit.setAccessibleName(self.tr("New keys"))
        self.edit.setMaximumSequenceLength(1)
        field = self.edit.findChild(QLineEdit)
        if field is not None:
            field.setObjectName("shortcut_edit_text")
            field.setAccessibleName(self.tr("New keys"))
            field.setPlaceholderText(self.tr("Press new keys"))
        self.edit.editingFinished.connect(self._set)
        self.clear = button(self.tr("Clear"), "shortcut_clear")
        self.clear.clicked.connect(self._clear)
        self.reset = button(self.tr("Reset"), "shortcut_reset")
        self.reset.clicked.connect(self._reset)
        self.reset_all = button(self.tr("Reset all"), "shortcut_reset_all")
        self.reset_all.clicked.connect(self._reset_all)
        self.note = label("", "muted", "shortcut_note", wrap=True)
        self._lay_out()
        self._fill()
        shortcuts.changed.connect(self._show_keys)
        self.table.setCurrentCell(0, COMMAND)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.edit, 1)
        row.addWidget(self.clear)
        row.addWidget(self.reset)
        row.addWidget(self.reset_all)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(self.search)
        column.addWidget(self.table, 1)
        column.addLayout(row)
        column.addWidget(self.note)

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, 3, self)
        make_list_of_rows(table, "shortcuts_table", self.tr("Commands and their keys"))
        table.setHorizontalHeaderLabels([self.tr("Command"), self.tr("Menu"), self.tr("Keys")])
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(COMMAND, QHeaderView.ResizeMode.Stretch)
        table.setColumnWidth(MENU, 90)
        table.setColumnWidth(KEYS, 210)
        table.currentCellChanged.connect(self._chosen)
        table.cellActivated.connect(lambda *_: self.edit.setFocus())
        return table

    def _fill(self) -> None:
        for action in self._actions:
            name = action.objectName()
            self._add_row(name, plain_words(action.text()), self._menus.place_of(name), "")
            self._show_keys(name)
        canvas = self.tr("Canvas")
        for what, how in (
            (self.tr("Add a layer"), self.tr("Space")),
            (self.tr("Add behind a node or into a link"), self.tr("Select it, and type")),
            (self.tr("Walk through the nodes"), self.tr("Tab")),
            (self.tr("Move the selection"), self.tr("Arrow keys, with Shift further")),
            (self.tr("Open a block"), self.tr("Enter, or a double click")),
            (self.tr("Zoom"), self.tr("Mouse wheel; on a touchpad with Ctrl")),
            (self.tr("Fit network"), self.tr("Home")),
            (self.tr("Fit selection"), "."),
            (self.tr("Move the view"), self.tr("Space or middle button, and drag")),
            (self.tr("Move off grid and lines"), self.tr("Alt, while dragging")),
            (self.tr("Give up a gesture"), self.tr("Esc, or the right button")),
        ):
            self._add_row("", what, canvas, how)

    def _add_row(self, name: str, *texts: str) -> None:
        row = self.table.rowCount()
        self.table.insertRow(row)
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            item.setData(NAME_ROLE, name)
            item.setToolTip(self._actions[name].statusTip() if name else text)
            self.table.setItem(row, column, item)

    # --- the model -----------------------------------------------------------------------------

    def row_of(self, name: str) -> int:
        """The row of an action."""
        rows = range(self.table.rowCount())
        return next(row for row in rows if self._name(row) == name)

    def _name(self, row: int) -> str:
        item = self.table.item(row, COMMAND)
        return str(item.data(NAME_ROLE)) if item is not None else ""

    @property
    def name(self) -> str:
        """The action whose keys can be changed now; empty where what is chosen has fixed ones."""
        return self._name(self.table.currentRow())

    def _show_keys(self, name: str) -> None:
        item = self.table.item(self.row_of(name), KEYS)
        if item is None:
            return
        native = QKeySequence.SequenceFormat.NativeText
        item.setText(", ".join(key.toString(native) for key in self._actions[name].shortcuts()))
        font = item.font()
        font.setBold(self._shortcuts.is_changed(name))
        item.setFont(font)
        self._update()

    def _filter(self, text: str) -> None:
        wanted = plain(text).split()
        keys = text.strip().lower()
        for row in range(self.table.rowCount()):
            items = [self.table.item(row, column) for column in (COMMAND, MENU, KEYS)]
            texts = [item.text() for item in items if item is not None]
            words = plain(" ".join(texts[:KEYS]))
            fits = all(part in words for part in wanted) or keys in texts[KEYS].lower()
            self.table.setRowHidden(row, not fits)

    # --- changing ------------------------------------------------------------------------------

    def _chosen(self, *_: object) -> None:
        self.edit.clear()
        self._say("")
        self._update()

    def _update(self) -> None:
        name = self.name
        self.edit.setEnabled(bool(name))
        self.clear.setEnabled(bool(name) and bool(self._shortcuts.keys(name)))
        self.reset.setEnabled(bool(name) and self._shortcuts.is_changed(name))
        names = [one.objectName() for one in self._actions]
        self.reset_all.setEnabled(any(map(self._shortcuts.is_changed, names)))
        if not name:
            self._say(self.tr("These keys belong to the canvas and stay as they are."))

    def _say(self, text: str, *, wrong: bool = False) -> None:
        usual = self.tr("Choose a command, and press its new keys in the field.")
        self.note.setText(text or usual)
        set_role(self.note, "error" if wrong else "muted")

    def _set(self) -> None:
        key = self.edit.keySequence().toString(QKeySequence.SequenceFormat.PortableText)
        name = self.name
        if not key or not name:
            return
        self.edit.clear()
        try:
            self._shortcuts.set_key(name, key)
        except KeyTakenError as error:
            self._say(str(error), wrong=True)
            return
        self._say_keys(name)

    def _clear(self) -> None:
        self._shortcuts.clear(self.name)
        self._say_keys(self.name)

    def _reset(self) -> None:
        try:
            self._shortcuts.reset(self.name)
        except KeyTakenError as error:
            self._say(str(error), wrong=True)
            return
        self._say_keys(self.name)

    def _reset_all(self) -> None:
        self._shortcuts.reset_all()
        self._say(self.tr("All keys are the usual ones again."))

    def _say_keys(self, name: str) -> None:
        keys = ", ".join(self._shortcuts.keys(name)) or self.tr("no key")
        words = plain_words(self._actions[name].text())
        self._say(self.tr("“{command}” now has {keys}.").format(command=words, keys=keys))
