"""The libraries of blocks as the window's parts see them: the standard one, and the user's own
folder. What is in a file: graph/library.py.

A block of a library is named by a text such as `standard:residual` or `own:Residual`; names of the
project's own blocks hold no colon.
"""

from __future__ import annotations

import functools
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from graph.edits import EditError
from graph.library import (
    Library,
    LibraryBlock,
    add_library_block,
    read_library,
    remove_from_library,
    rename_in_library,
    restore_to_library,
    save_to_library,
    standard_library,
)
from graph.state import Project
from gui.settings import data_folder

STANDARD, OWN = "standard", "own"


def reference(shelf_name: str, entry: LibraryBlock) -> str:
    """The text that names a block of a library."""
    return f"{shelf_name}:{entry.id}"


class Shelf(QObject):
    """Both libraries.

    Signals:
        changed(): the user's own library is another one now.
        saved(name, is_new): a block was saved there, or was there already.
    """

    changed = Signal()
    saved = Signal(str, bool)

    def __init__(self) -> None:
        super().__init__()
        self._folder: Path | None = None
        self._own = Library()

    @property
    def folder(self) -> Path:
        """The user's own library; not necessarily there yet."""
        return data_folder() / "blocks"

    @property
    def standard(self) -> Library:
        """The blocks that come with the product."""
        return standard_library()

    @property
    def own(self) -> Library:
        """The user's blocks, as last read."""
        if self._folder != self.folder:
            self._folder, self._own = self.folder, read_library(self.folder)
        return self._own

    def read_again(self) -> None:
        """Look what is in the user's folder now."""
        before = self.own
        self._own = read_library(self.folder)
        if self._own != before:
            self.changed.emit()

    def find(self, wanted: str) -> LibraryBlock | None:
        """The block that a text names; None where it is gone."""
        shelf_name, _, id_ = wanted.partition(":")
        library = {STANDARD: self.standard, OWN: self.own}.get(shelf_name, Library())
        return next((entry for entry in library.blocks if entry.id == id_), None)

    def bring(self, project: Project, type_: str) -> tuple[Project, str]:
        """The project with a block of a library, and its name there; what is no such text stays as
        it is.

        Raises:
            EditError: where the library no longer has the block.
        """
        if ":" not in type_:
            return project, type_
        entry = self.find(type_)
        if entry is None:
            raise EditError("this block is no longer in the library")
        return add_library_block(project, entry)

    def save(self, project: Project, name: str) -> None:
        """Save a block of the project to the user's library.

        Raises:
            EditError, FileError: where that is not possible.
        """
        saved = save_to_library(self.folder, project, name)
        self.read_again()
        self.saved.emit(name, saved.is_new)

    def rename(self, entry: LibraryBlock, name: str) -> None:
        """Give a block of the user's library another name.

        Raises:
            EditError, FileError: where that is not possible.
        """
        rename_in_library(entry, name)
        self.read_again()

    def remove(self, entry: LibraryBlock) -> str:
        """Remove a block from the user's library; the text of its file puts it back.

        Raises:
            FileError: where that is not possible.
        """
        text = remove_from_library(entry)
        self.read_again()
        return text

    def restore(self, entry: LibraryBlock, text: str) -> None:
        """Put back what was removed.

        Raises:
            FileError: where that is not possible.
        """
        restore_to_library(entry, text)
        self.read_again()


@functools.cache
def shelf() -> Shelf:
    """The one shelf of the application."""
    return Shelf()
