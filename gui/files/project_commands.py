"""New, open, save and export, as a person means them: with a question before anything is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QSettings
from PySide6.QtWidgets import QWidget

from graph.files import FileError, write_file
from graph.state import Project, frozen
from graph.templates import load_template
from gui.editor import Editor
from gui.files.run_export import export_run
from gui.files.session import SUFFIX, Session
from gui.runs.background import Background
from gui.window import dialogs
from gui.window.messages import Message
from training.runs import Run

NEW = Project(data=frozen({"dataset": "digits", "image_size": 28}))
"""What a project of one's own begins with: data that everyone has, in the size of a new Input."""


class ProjectCommands(QObject):
    """Carries out the File menu."""

    def __init__(
        self,
        editor: Editor,
        session: Session,
        settings: QSettings,
        window: QWidget,
        is_open_elsewhere: Callable[[Path], bool],
    ) -> None:
        super().__init__(window)
        self._is_open_elsewhere = is_open_elsewhere
        self._editor = editor
        self._session = session
        self._settings = settings
        self._window = window
        self._background = Background(self)
        session.save_as_requested.connect(self.save_as)

    def end(self) -> None:
        """The window closes: wait for what is being written."""
        self._background.close()

    def may_leave(self) -> bool:
        """Whether the open project may give way: it is saved, or the user does not want it."""
        if not self._session.modified:
            return True
        answer = dialogs.ask_unsaved(self._window, self._session.name)
        if answer == "save":
            return self._session.save()
        return answer == "discard"

    def new(self) -> None:
        """An empty project."""
        if self.may_leave():
            self._session.begin(NEW)

    def clear(self) -> None:
        """Nothing is open any more; asked for after `may_leave`."""
        self._session.begin(Project())

    def new_from_template(self, id_: str) -> None:
        """A ready-made network as a project of one's own."""
        if not self.may_leave():
            return
        try:
            project = load_template(id_)
        except (FileError, LookupError) as error:
            self._session.message.emit(
                Message("open", self.tr("The template cannot be opened"), str(error), "error")
            )
            return
        self._session.begin(project)

    def open(self) -> None:
        """A file that the user chooses."""
        path = dialogs.choose_project(self._window, self._folder())
        if path is not None:
            self.open_file(path)

    def open_file(self, path: Path) -> None:
        """This file; where another tab has it, that one is shown."""
        if self._is_open_elsewhere(path):
            return
        if self.may_leave() and self._session.open(path):
            self._settings.setValue("folder", str(Path(path).absolute().parent))

    def save(self) -> None:
        """The open file, or one that the user chooses."""
        self._session.save()

    def save_as(self) -> None:
        """Another file."""
        proposal = self._session.path or self.proposal(SUFFIX)
        path = dialogs.choose_target(self._window, proposal)
        if path is not None and self._session.save_as(path):
            self._settings.setValue("folder", str(path.absolute().parent))

    def proposal(self, suffix: str) -> Path:
        """Where a file of the project would go, if nobody chose another place."""
        return self._folder() / (file_name(self._session.name) + suffix)

    def save_module(self, text: str) -> None:
        """The generated module as a file of its own."""
        name = file_name(self._session.name).replace("-", "_") + ".py"
        path = dialogs.choose_module(self._window, self._folder() / name)
        if path is None:
            return
        try:
            write_file(path, text)
        except FileError as error:
            self._failed(str(error))
        else:
            self._told(self.tr("The code is in {path}").format(path=path))

    def export(self) -> None:
        """A folder with the module, an example and a README."""
        from codegen.module import NotReadyError
        from codegen.project import export_texts, write_texts

        try:
            texts = export_texts(self._editor.document.state)
        except NotReadyError as error:
            self._failed(str(error))
            return
        target = self._choose_new_folder()
        if target is None:
            return
        try:
            write_texts(target, texts)
        except FileError as error:
            self._failed(str(error))
        else:
            self._told(
                self.tr("The code, an example and a README are in {path}").format(path=target)
            )

    def export_run(self, run: Run) -> None:
        """A folder with a run's code and weights."""
        if self._background.busy:
            return
        target = self._choose_new_folder()
        if target is not None:
            here = self._session.run_now(run)
            self._told(self.tr("Writing {path} …").format(path=target), self.tr("Exporting"))
            self._background.call(
                lambda: export_run(here, target),
                self._run_exported,
                lambda error: self._failed(str(error)),
            )

    def _choose_new_folder(self) -> Path | None:
        """A folder that is not there yet, in one that the user chooses."""
        folder = dialogs.choose_folder(self._window, self._folder())
        if folder is None:
            return None
        name, number = file_name(self._session.name), 2
        target = folder / name
        while target.exists():
            target, number = folder / f"{name}-{number}", number + 1
        return target

    def _run_exported(self, folder: Path) -> None:
        self._told(
            self.tr("The code, the weights, an example and a README are in {path}").format(
                path=folder
            )
        )

    def _failed(self, text: str) -> None:
        title = self.tr("The code is not written")
        self._session.message.emit(Message("export", title, text, "error"))

    def _told(self, text: str, title: str = "") -> None:
        told = Message("export", title or self.tr("Written"), text, seconds=12)
        self._session.message.emit(told)

    def _folder(self) -> Path:
        if self._session.path is not None:
            return self._session.path.parent
        stored = Path(str(self._settings.value("folder", "") or Path.home()))
        return stored if stored.is_dir() else Path.home()


def file_name(name: str) -> str:
    """A project's name as a file's: `lenet-5`."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "network"
