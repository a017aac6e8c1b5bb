"""The ready-made networks in templates/: one project file each, which is also its catalog entry."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from graph.declare import suggestion
from graph.files import load
from graph.registry import UnknownNameError
from graph.state import Project

FOLDER = Path(__file__).resolve().parent.parent / "templates"


@dataclass(frozen=True, slots=True)
class Template:
    """A ready-made network.

    Attributes:
        id: its name in the command: `kumitate new lenet5`.
        title: its name for people.
        description: what it is, in a sentence or two.
        task: what it does, such as `classification`.
        source: where it was published.
        result: what it reaches, as published; empty where nothing was.
        reached: what a training with its settings came to, and how; see docs/results.md.
    """

    id: str
    title: str
    description: str
    task: str
    source: str
    result: str
    reached: str


def all_templates() -> tuple[Template, ...]:
    """The templates, the easiest first."""
    return tuple(template for template, _ in _read().values())


@functools.cache
def _read() -> dict[str, tuple[Template, Project]]:
    """What is in the folder; read once, since a project never changes."""
    found = []
    for path in FOLDER.glob("*.yaml"):
        project = load(path).project
        about = project.about
        template = Template(
            id=path.stem,
            title=project.name,
            description=project.notes.strip().partition("\n\n")[0].replace("\n", " "),
            task=str(about.get("task", "")),
            source=str(about.get("source", "")),
            result=str(about.get("result", "")),
            reached=str(about.get("reached", "")),
        )
        found.append((about.get("order", 1000), path.stem, (template, project)))
    return {id_: both for _, id_, both in sorted(found, key=lambda entry: entry[:2])}


def load_template(id_: str, *, overrides: Iterable[str] = ()) -> Project:
    """The project of a template.

    Raises:
        UnknownNameError: where there is no such template.
        OverrideError: where an override does not fit.
    """
    known = _read()
    if id_ not in known:
        hint = suggestion(id_, known) or "; there are " + ", ".join(known)
        raise UnknownNameError(f'there is no template "{id_}"{hint}')
    overrides = tuple(overrides)
    if not overrides:
        return known[id_][1]
    return load(FOLDER / f"{id_}.yaml", overrides=overrides).project
