"""The file that is open: reading, writing, whether it is saved, recovery.

What cannot be done is said through `message`, never by a dialog, and the project stays as it is.
Asking for file names and for "save first?" is in gui/files/project_commands.py.
"""

from __future__ import annotations

import os
import uuid
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, Signal, Slot

from data.paths import with_absolute_paths, with_relative_paths
from graph.document import Difference
from graph.files import FileChangedError, FileError, fingerprint, load, save
from graph.png_text import load_picture
from graph.project_edits import set_project_name
from graph.state import Project
from gui.editor import Editor
from gui.files.recent_files import RecentFiles
from gui.files.recovery import Lost, Recovery, find_lost
from gui.settings import data_folder
from gui.window.messages import Choice, Message

if TYPE_CHECKING:
    from training.runs import Run

SUFFIX = ".yaml"


class Session(QObject):
    """The open file.

    Signals:
        changed(): another file, or another name of the project.
        modified_changed(modified): whether there is something to save.
        opened(): a project was opened or begun; the welcome can give way.
        message(message): something to tell.
        withdrawn(key): a message is no longer true.
        runs_moved(before, now): its first saving brings its runs to another folder.
        save_as_requested(): the user wants to choose another file.
    """

    changed = Signal()
    modified_changed = Signal(bool)
    opened = Signal()
    message = Signal(object)
    withdrawn = Signal(str)
    runs_moved = Signal(object, object)
    save_as_requested = Signal()

    def __init__(self, editor: Editor, settings: QSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self.recent = RecentFiles(settings)
        self._path: Path | None = None
        self._fingerprint = ""
        self._told = ""
        self._saved = editor.document.state
        self._modified = False
        self._runs: Path | None = None
        self.recovery = Recovery(editor.document, self)
        self.recovery.failed.connect(self._recovery_failed)
        editor.document.changed.connect(self._document_changed)

    # --- what is open --------------------------------------------------------------------------

    @property
    def path(self) -> Path | None:
        """The project's file; None while it was never saved."""
        return self._path

    @property
    def modified(self) -> bool:
        """Whether there are changes that are not in the file."""
        return self._modified

    @property
    def name(self) -> str:
        """The project's name."""
        return self._editor.document.state.name

    def runs_folder(self) -> Path:
        """Where its runs lie: beside the file, or with the application until there is one."""
        if self._runs is not None:
            return self._runs
        if self._path is not None:
            return _runs_beside(self._path)
        self._runs = data_folder() / "unsaved" / f"{uuid.uuid4().hex[:12]}.runs"
        return self._runs

    def run_now(self, run: Run) -> Run:
        """A run where it lies now: the first saving of a project brings its runs beside the file,
        which those who show them notice a little later."""
        from training.runs import Run

        moved = Run(self.runs_folder() / run.name)
        return moved if not run.folder.exists() and moved.folder.exists() else run

    def state_words(self) -> str:
        """`saved`, as it stands beside the project's name."""
        if self._modified:
            return self.tr("not saved")
        return self.tr("saved") if self._path else self.tr("new")

    # --- opening -------------------------------------------------------------------------------

    def begin(self, project: Project) -> None:
        """Start with a project that is in no file yet."""
        self._take(project, None, "")

    def open(self, path: Path) -> bool:
        """Open a file; what is wrong with it is said, and the open project stays."""
        path = Path(path).expanduser().absolute()
        if path.suffix.lower() == ".png":
            return self._open_picture(path)
        try:
            before = fingerprint(path)
            loaded = load(path)
        except FileError as error:
            self._say("open", self.tr("The file cannot be opened"), str(error))
            self.recent.forget(path)
            return False
        self.withdrawn.emit("open")
        self._take(with_absolute_paths(loaded.project, path.parent), path, before)
        self.recent.remember(path)
        if loaded.notes:
            self.message.emit(
                Message(
                    "notes",
                    self.tr("Worth knowing about this file"),
                    "\n".join(loaded.notes),
                    "warning",
                )
            )
        return True

    def _open_picture(self, path: Path) -> bool:
        """Take the project out of a picture as a new one: saving must not destroy the picture."""
        try:
            project = load_picture(path)
        except FileError as error:
            self._say("open", self.tr("The picture cannot be opened"), str(error))
            return False
        self.withdrawn.emit("open")
        self.begin(project)
        text = self.tr("It came with {path}, which stays as it is. Save it to keep changes.")
        self.message.emit(
            Message("notes", self.tr("A new project"), text.format(path=path), seconds=20)
        )
        return True

    def _take(self, project: Project, path: Path | None, content: str) -> None:
        self.recovery.forget()
        self._path, self._fingerprint, self._told = path, content, content
        self._runs = None
        self._saved = project
        for key in ("disk", "save", "notes", "trained", "compare", "export"):
            self.withdrawn.emit(key)
        self._editor.replace_project(project)
        self._saved = self._editor.document.state
        self._update_modified()
        self.changed.emit()
        self.opened.emit()

    # --- saving --------------------------------------------------------------------------------

    def save(self) -> bool:
        """Write the file that is open; asks for a name where there is none."""
        if self._path is None:
            self.save_as_requested.emit()
            return not self._modified and self._path is not None
        return self._write(self._path, self._fingerprint)

    def save_as(self, path: Path) -> bool:
        """Write another file, and go on with it."""
        path = Path(path).expanduser().absolute()
        if not path.suffix:
            path = path.with_suffix(SUFFIX)
        return self._write(path, None)

    def overwrite(self) -> bool:
        """Write the open file although another program has changed it; only when asked to."""
        return self._path is not None and self._write(self._path, None)

    def _write(self, path: Path, expected: str | None) -> bool:
        if self._path is None and self.name == Project().name:
            # A project that nobody has named gets the name of its first file.
            self._editor.apply(
                self.tr("Name the project"), lambda project: set_project_name(project, path.stem)
            )
        self._adopt_runs(path)
        state = self._editor.document.state
        try:
            content = save(with_relative_paths(state, path.parent), path, expected=expected)
        except FileChangedError as error:
            self._tell_changed(str(error))
            return False
        except FileError as error:
            self._say(
                "save",
                self.tr("The project is not saved"),
                str(error),
                Choice("save_as", self.tr("Save as…"), self.save_as_requested.emit),
            )
            return False
        is_new = path != self._path
        self._path, self._fingerprint, self._told = path, content, content
        self._saved = state
        if self._runs is not None and (self._runs == _runs_beside(path) or not self._runs.is_dir()):
            self._runs = None
        for key in ("disk", "save"):
            self.withdrawn.emit(key)
        self._update_modified()
        self.recent.remember(path)
        if is_new:
            self.changed.emit()
        return True

    def _adopt_runs(self, path: Path) -> None:
        """Bring the runs of a project that was never saved beside its first file.

        A link, because a training that is still running writes to where it began.
        """
        unsaved, beside = self._runs, _runs_beside(path)
        if unsaved is None or not unsaved.is_dir() or beside.exists() or beside.is_symlink():
            return
        try:
            beside.parent.mkdir(parents=True, exist_ok=True)
            if _any_active(unsaved):
                beside.symlink_to(unsaved, target_is_directory=True)
            else:
                os.rename(unsaved, beside)
        except OSError:
            # On another disk, where a folder cannot simply move.
            try:
                beside.symlink_to(unsaved, target_is_directory=True)
            except OSError:
                return
        self._runs = beside
        self.runs_moved.emit(unsaved, beside)

    # --- the file on disk ----------------------------------------------------------------------

    def check_disk(self) -> None:
        """Look whether another program has written the open file, and say so once."""
        if self._path is None:
            return
        try:
            now = fingerprint(self._path)
        except FileError:
            return
        if now in (self._fingerprint, self._told):
            return
        self._told = now
        if now:
            text = self.tr("{path} is no longer as it was opened here.").format(path=self._path)
            self._tell_changed(text)
        else:
            self._say(
                "disk",
                self.tr("The file is gone"),
                self.tr("{path} was moved or removed. The project is still open here.").format(
                    path=self._path
                ),
                Choice("save_as", self.tr("Save as…"), self.save_as_requested.emit),
            )

    def _tell_changed(self, text: str) -> None:
        path = self._path
        if path is None:
            return
        reload_ = self.tr("Open the file again") if not self._modified else self.tr("Take the file")
        self._say(
            "disk",
            self.tr("Another program has changed the file"),
            text,
            Choice("save_as", self.tr("Save as…"), self.save_as_requested.emit),
            Choice("reload", reload_, lambda: self.open(path)),
            Choice("overwrite", self.tr("Overwrite it"), self.overwrite),
        )

    # --- recovery ------------------------------------------------------------------------------

    def offer_recovery(self) -> None:
        """Say what an earlier window left behind, and offer to bring it back."""
        for lost in find_lost()[:3]:
            where = (
                self.tr("of {path}").format(path=lost.saved_as)
                if lost.saved_as
                else self.tr("which was never saved")
            )
            self.message.emit(
                Message(
                    f"recovery_{lost.path.stem}",
                    self.tr("“{name}” was not saved when Kumitate ended").format(name=lost.name),
                    self.tr("Its last state {where} was kept.").format(where=where),
                    "warning",
                    (
                        Choice("restore", self.tr("Restore"), partial(self.restore, lost)),
                        Choice("discard", self.tr("Discard"), lost.discard),
                    ),
                )
            )

    @Slot(str)
    def _recovery_failed(self, problem: str) -> None:
        if problem:
            title = self.tr("A crash would take what is not saved")
            self._say(
                "recovery", title, self.tr("{problem}. Save the project.").format(problem=problem)
            )
        else:
            self.withdrawn.emit("recovery")

    def restore(self, lost: Lost) -> bool:
        """Open what was left behind, as changes that are still to be saved."""
        try:
            project = lost.load()
        except FileError as error:
            self._say("open", self.tr("It cannot be restored"), str(error))
            return False
        self._take(project, lost.saved_as, lost.expected)
        if lost.saved_as is None:
            self._runs = lost.runs_folder
        # Nothing that lies in a file: it counts as changed until it is saved.
        self._saved = Project()
        self._update_modified()
        self.recovery.write_now()
        lost.discard()
        self.changed.emit()
        return True

    def give_up(self) -> None:
        """The window closes, and what is not saved is not wanted."""
        self.recovery.forget()

    # --- inside --------------------------------------------------------------------------------

    def _document_changed(self, difference: Difference) -> None:
        self._update_modified()
        if difference.before.name != difference.after.name:
            self.changed.emit()

    def _update_modified(self) -> None:
        # States are shared, not copied: undoing every change gives the saved state itself.
        modified = self._editor.document.state is not self._saved
        if modified:
            self.recovery.keep(self._path, self._fingerprint, self.runs_folder())
        elif self._modified:
            self.recovery.forget()
        if modified != self._modified:
            self._modified = modified
            self.modified_changed.emit(modified)

    def _say(self, key: str, title: str, text: str, *choices: Choice) -> None:
        self.message.emit(Message(key, title, text, "error", choices))


def _runs_beside(path: Path) -> Path:
    from training.runs import runs_folder_of

    return runs_folder_of(path)


def _any_active(folder: Path) -> bool:
    from training.runs import list_runs
    from training.state import run_state

    return any(run_state(run).active for run in list_runs(folder))
