"""The generated module of the project as it is, written once for all panels that show it."""

from __future__ import annotations

from typing import TypeAlias

from codegen.module import GeneratedModule, NotReadyError, generate
from graph.state import Project

Written: TypeAlias = GeneratedModule | NotReadyError
"""The module, or why there is none."""

_last: list[tuple[Project, Written]] = []


def write(project: Project) -> Written:
    """The module, written anew; in any thread."""
    try:
        return generate(project)
    except NotReadyError as error:
        return error.with_traceback(None)


def keep(project: Project, written: Written) -> None:
    """Let all panels have what was written."""
    _last[:] = [(project, written)]


def known_module(project: Project) -> Written | None:
    """What was written for this very state, where it was the last; else None."""
    return next((found for state, found in _last if state is project), None)


def written_module(project: Project) -> Written:
    """What is known, or what is written now."""
    found = known_module(project)
    if found is None:
        found = write(project)
        keep(project, found)
    return found


def module_of(project: Project) -> GeneratedModule:
    """The module; for the state that was asked for last, the same one again.

    Raises:
        NotReadyError: where the project has errors.
    """
    found = written_module(project)
    if isinstance(found, NotReadyError):
        raise found.with_traceback(None)
    return found
