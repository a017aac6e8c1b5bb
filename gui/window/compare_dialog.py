"""View > Compare with: which other state of the project shall stand beside the open one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from data.paths import with_absolute_paths
from graph.files import FileError, load
from graph.png_text import load_picture
from graph.state import Project
from gui.editor import EditCommand
from gui.runs import words
from gui.window import dialogs
from gui.window.choice_dialog import ChoiceDialog
from gui.window.messages import Message

if TYPE_CHECKING:
    from gui.window.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Version:
    """Something to compare with: what it is called, and where its project comes from; None where
    a file is still to be chosen."""

    name: str
    read: Callable[[], Project] | None


def versions_of(workspace: Workspace) -> list[Version]:
    """What can be compared with: the saved file, another file, runs, and every earlier step."""
    from training.runs import list_runs

    session, history = workspace.session, workspace.editor.history
    found: list[Version] = []
    path = session.path
    if path is not None:
        text = _tr("the saved file {name}").format(name=path.name)
        found.append(Version(text, partial(_load, path)))
    found.append(Version(_tr("another file…"), None))
    for run in list_runs(session.runs_folder()):
        text = _tr("the run {name}, {when}").format(name=run.title, when=words.moment(run, None))
        found.append(Version(text, partial(_load, run.project_path)))
    for number in range(history.count() - 1, -1, -1):
        command = history.command(number)
        if isinstance(command, EditCommand):
            text = _tr("the state before “{step}”").format(step=command.text())
            found.append(Version(text, partial(_known, command.before)))
    return found


def compare_dialog(versions: list[Version], parent: QWidget | None = None) -> ChoiceDialog:
    """A list of what there is to compare with."""
    return ChoiceDialog(
        "compare",
        _tr("Compare with"),
        _tr("Show on the canvas what was added, removed and changed since:"),
        [one.name[:1].upper() + one.name[1:] for one in versions],
        _tr("Compare"),
        parent,
    )


def ask_version(parent: QWidget, versions: list[Version]) -> Version | None:
    """The version that a person chooses; None for none."""
    row = compare_dialog(versions, parent).ask()
    return None if row is None else versions[row]


def compare_with(workspace: Workspace) -> None:
    """Ask for a version, and show what is different."""
    chosen = ask_version(workspace, versions_of(workspace))
    if chosen is None:
        return
    name, read = chosen.name, chosen.read
    if read is None:
        path = dialogs.choose_project(workspace, workspace.commands.proposal("").parent)
        if path is None:
            return
        name, read = path.name, partial(_load, path)
    try:
        other = read()
    except FileError as error:
        title = _tr("There is nothing to compare with")
        workspace.info.show_message(Message("compare", title, str(error), "error"))
        return
    workspace.info.withdraw("compare")
    workspace.pages.design.comparison.compare_with(other, name)


def _load(path: Path) -> Project:
    if path.suffix.lower() == ".png":
        return load_picture(path)
    return with_absolute_paths(load(path).project, path.absolute().parent)


def _known(state: Project) -> Project:
    return state


def _tr(text: str) -> str:
    return QCoreApplication.translate("Compare", text)
