"""Where the data of a project lies, and the weights that it starts from: relative to the file on
the disk, absolute in an open project.

So a project and its data can be moved together, and nobody who works with a project needs to know
where its file is.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from data.catalog import DATASETS
from graph.project_edits import set_data, set_training
from graph.state import Project

MOST_STEPS_UP = 2
"""Data that lies further away than this does not belong to the project's folder, and keeps its
absolute path."""


def with_absolute_paths(project: Project, folder: Path) -> Project:
    """A project as it was read from a file in `folder`, which is absolute."""
    # A pathlib.Path would take "./~scans" for somebody's home, and refuse where there is none.
    return _changed(
        project, lambda path: os.path.normpath(os.path.join(folder, os.path.expanduser(path)))
    )


def with_relative_paths(project: Project, folder: Path) -> Project:
    """A project as it is to be written to a file in `folder`, which is absolute."""

    def near(path: str) -> str:
        try:
            relative = Path(os.path.relpath(path, folder))
        except ValueError:  # on another drive of Windows
            return path
        if relative.parts.count("..") > MOST_STEPS_UP:
            return path
        written = relative.as_posix()
        return f"./{written}" if written.startswith("~") else written

    return _changed(project, near)


def _changed(project: Project, change: Callable[[str], str]) -> Project:
    """The project with every path changed; what is no legal path is left alone."""
    weights = project.training.get("weights")
    if isinstance(weights, str) and weights:
        project = set_training(project, {**project.training, "weights": change(weights)})
    name = project.data.get("dataset")
    if not isinstance(name, str) or name not in DATASETS:
        return project
    changed = dict(project.data)
    for parameter in DATASETS[name].PARAMETERS.values():
        path = changed.get(parameter.name)
        if parameter.path is not None and isinstance(path, str) and path:
            changed[parameter.name] = change(path)
    return set_data(project, changed)
