"""The generated module of the project as it is, written once for all panels that show it."""

from __future__ import annotations

from codegen.module import GeneratedModule, NotReadyError, generate
from graph.state import Project

_last: list[tuple[Project, GeneratedModule | NotReadyError]] = []


def module_of(project: Project) -> GeneratedModule:
    """The module; for the state that was asked for last, the same one again.

    Raises:
        NotReadyError: where the project has errors.
    """
    found = known_module(project)
    if found is None:
        try:
            found = generate(project)
        except NotReadyError as error:
            found = error
        _last[:] = [(project, found)]
    if isinstance(found, NotReadyError):
        raise found.with_traceback(None)
    return found


def known_module(project: Project) -> GeneratedModule | NotReadyError | None:
    """What `module_of` would give, where that costs nothing; else None."""
    return next((found for state, found in _last if state is project), None)
