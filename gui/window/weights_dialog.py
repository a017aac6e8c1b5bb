"""Train > Start from weights: what the next training begins with, instead of chance."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from graph.project_edits import set_training
from graph.state import Project
from gui.runs import words
from gui.window import dialogs
from gui.window.choice_dialog import ChoiceDialog

if TYPE_CHECKING:
    from gui.window.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights that can be started from: what they are called, and their file; None where that is
    still to be chosen."""

    name: str
    path: Path | None


def weights_in(workspaces: Iterable[Workspace]) -> list[Weights]:
    """The weights of the runs of open projects, the newest first."""
    from training.runs import list_runs
    from training.state import RunFollower

    found: list[tuple[str, Weights]] = []
    for workspace in workspaces:
        project = workspace.editor.document.state.name
        for run in list_runs(workspace.session.runs_folder()):
            if not run.best_weights.is_file():
                continue
            state = RunFollower(run).state()
            title = run.title if project in ("", run.title) else f"{run.title} ({project})"
            parts = (title, words.best_result(state), words.moment(run, state))
            told = [part for part in parts if part != words.NO_NUMBER]
            found.append((run.name, Weights(" · ".join(told), run.best_weights)))
    newest_first = sorted(found, key=lambda one: one[0], reverse=True)
    return [weights for _, weights in newest_first]


def weights_dialog(known: list[Weights], parent: QWidget | None = None) -> ChoiceDialog:
    """A list of weights."""
    return ChoiceDialog(
        "weights",
        _tr("Start from weights"),
        _tr(
            "The next training begins with what another one learned. Layers that fit take their "
            "weights, and the log says which start by chance."
        ),
        [one.name for one in known],
        _tr("Start from these"),
        parent,
    )


def choose_weights(workspace: Workspace, open_ones: Iterable[Workspace]) -> None:
    """Ask for weights, and let the next training of a project start from them.

    Where no open project has a run with weights, a file is asked for at once.
    """
    known = weights_in(open_ones)
    path = None
    if known:
        known.append(Weights(_tr("A file…"), None))
        row = weights_dialog(known, workspace).ask()
        if row is None:
            return
        path = known[row].path
    path = path or dialogs.choose_weights(workspace, workspace.commands.proposal("").parent)
    if path is not None:
        workspace.start_from_weights(path)


def follow_runs(workspaces: Iterable[Workspace], before: Path, now: Path) -> None:
    """Where projects start from weights of runs that were brought elsewhere, follow them."""
    for workspace in workspaces:
        path = Path(str(workspace.editor.document.state.training.get("weights", "")))
        if path.is_relative_to(before):
            workspace.editor.apply(
                _tr("Follow the weights to {folder}").format(folder=now.parent),
                partial(with_weights, now / path.relative_to(before)),
            )


def with_weights(path: Path, project: Project) -> Project:
    """The project whose training starts from the weights in a file."""
    return set_training(project, {**project.training, "weights": str(path)})


def _tr(text: str) -> str:
    return QCoreApplication.translate("Weights", text)
