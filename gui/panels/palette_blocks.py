"""What can be done with the blocks in the palette: rename, save, remove; and what came of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from graph.edits import EditError
from graph.files import FileError
from graph.library import LibraryBlock
from graph.project_edits import remove_block, rename_block, uses_of_block
from gui.editor import Editor
from gui.files.shelf import shelf
from gui.panels.search import OWN_BLOCKS, PROJECT_BLOCKS, Entry
from gui.runs.parts import Notice, button


class PaletteBlocks(QObject):
    """Menus of the palette's entries, and a notice below the list.

    Signals:
        rename_requested(name): the entry's name is to be typed in place.
    """

    rename_requested = Signal(str)

    def __init__(self, editor: Editor, palette: QWidget) -> None:
        super().__init__(palette)
        self._editor = editor
        self._palette = palette
        self._again: Callable[[], None] | None = None
        self.notice = Notice("palette_notice", palette)
        self.undo = self.notice.add_button(
            button(self.tr("Put it back"), "palette_put_back", role="flat")
        )
        self.close = self.notice.add_button(button(self.tr("Close"), "palette_close", role="flat"))
        self.undo.clicked.connect(self._put_back)
        self.close.clicked.connect(self.notice.hide)
        shelf().changed.connect(self.show_faults)
        shelf().saved.connect(self._show_saved)
        self.show_faults()

    # --- the menu ------------------------------------------------------------------------------

    def menu(self, entry: Entry, add: Callable[[], None]) -> QMenu:
        """What can be done with an entry; it deletes itself when it closes."""
        menu = QMenu(self._palette)
        menu.setObjectName("palette_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def offer(name: str, text: str, call: Callable[[], object], *, on: bool = True) -> None:
            action = menu.addAction(text)
            action.setObjectName(f"palette_menu_{name}")
            action.setEnabled(on)
            action.triggered.connect(lambda: call())

        offer("add", self.tr("Add to network"), add)
        if entry.section == PROJECT_BLOCKS:
            name = entry.name
            used = bool(uses_of_block(self._editor.document.state, name))
            offer("open", self.tr("Open"), lambda: self._editor.open_block(name))
            menu.addSeparator()
            offer("rename", self.tr("Rename"), lambda: self.rename_requested.emit(name))
            offer("save", self.tr("Save to my library"), lambda: self.save(name))
            gone = self.tr("Remove (it is used)") if used else self.tr("Remove")
            offer("remove", gone, lambda: self._remove(name), on=not used)
        elif entry.section == OWN_BLOCKS:
            menu.addSeparator()
            offer("rename", self.tr("Rename"), lambda: self.rename_requested.emit(entry.name))
            remove = self.tr("Remove from my library")
            offer("remove", remove, lambda: self._remove_own(entry))
        return menu

    # --- the project's blocks ------------------------------------------------------------------

    def rename(self, entry: Entry, wish: str) -> None:
        """Give a block of the project or of the user's library another name."""
        own = shelf().find(entry.name)
        try:
            if own is not None:
                shelf().rename(own, wish)
                return
            # Tried first, so that a refusal is told here and not in the status bar.
            rename_block(self._editor.document.state, entry.name, wish)
        except (EditError, FileError) as error:
            self._say(self.tr("The name stays {name}").format(name=entry.block), str(error))
            return
        self.notice.hide()
        self._editor.apply(
            self.tr("Rename {old} to {new}").format(old=entry.name, new=wish),
            lambda project: rename_block(project, entry.name, wish),
        )

    def save(self, name: str) -> None:
        """Save a block of the project to the user's library."""
        try:
            shelf().save(self._editor.document.state, name)
        except (EditError, FileError) as error:
            self._say(self.tr("{name} was not saved").format(name=name), str(error))

    def _show_saved(self, name: str, is_new: bool) -> None:
        if is_new:
            title = self.tr("{name} is in your library").format(name=name)
            text = self.tr("It can be used in every project.")
        else:
            title = self.tr("{name} was in your library already").format(name=name)
            text = self.tr("Nothing had to be saved.")
        self._say(title, text, severity="info")

    def _remove(self, name: str) -> None:
        self._editor.apply(
            self.tr("Remove block {name}").format(name=name),
            lambda project: remove_block(project, name),
        )

    # --- the user's library --------------------------------------------------------------------

    def _remove_own(self, entry: Entry) -> None:
        own = shelf().find(entry.name)
        if own is None:
            shelf().read_again()
            return
        try:
            text = shelf().remove(own)
        except FileError as error:
            self._say(self.tr("{name} was not removed").format(name=own.name), str(error))
            return
        self._again = lambda: self._restore(own, text)
        self._say(
            self.tr("{name} is no longer in your library").format(name=own.name),
            self.tr("Projects that use it keep it."),
            severity="info",
            undo=True,
        )

    def _restore(self, own: LibraryBlock, text: str) -> None:
        try:
            shelf().restore(own, text)
        except FileError as error:
            self._say(self.tr("{name} was not put back").format(name=own.name), str(error))

    def _put_back(self) -> None:
        self.notice.hide()
        if self._again is not None:
            again, self._again = self._again, None
            again()

    # --- saying --------------------------------------------------------------------------------

    def show_faults(self) -> None:
        """Say which files of the user's library cannot be read."""
        faults = shelf().own.faults
        if not faults:
            return
        if len(faults) == 1:
            title = self.tr("A block of your library cannot be read")
        else:
            title = self.tr("{count} blocks of your library cannot be read").format(
                count=len(faults)
            )
        self._say(title, "\n".join(faults), severity="warning")

    def _say(self, title: str, text: str, *, severity: str = "error", undo: bool = False) -> None:
        text = text[:1].upper() + text[1:]
        shown = (self.undo, self.close) if undo else (self.close,)
        self.notice.show_message(title, text, severity=severity, buttons=shown)
