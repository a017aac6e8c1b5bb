"""The ready-made networks in templates/: one project file each, which is also its catalog entry."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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


@dataclass(frozen=True, slots=True)
class Reached:
    """What a training came to, as `about: reached:` of a template has it.

    Attributes:
        result: on held-out samples, in words.
        minutes: how long it took on two cores.
        learned_from: the data in words, where the project cannot be told it.
        data: what the project's `data` was, where it was not the template's own.
        training: what differed in the project's `training`.
        weights: the template whose weights it started from; empty where from random ones.
    """

    result: str
    minutes: int
    learned_from: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    training: Mapping[str, Any] = field(default_factory=dict)
    weights: str = ""

    def words(self) -> str:
        """In a sentence without its end."""
        source = self.learned_from
        if self.data:
            settings = ", ".join(f"{k} {v}" for k, v in self.data.items() if k != "dataset")
            source = f"{self.data.get('dataset')} ({settings})"
        minutes = "a minute" if self.minutes == 1 else f"{self.minutes} minutes"
        start = f" and the weights of {self.weights} to start from" if self.weights else ""
        return f"{self.result}, after {minutes} on two cores with {source or 'its own data'}{start}"


def reached_by(about: Mapping[str, Any]) -> Reached | None:
    """What a project says that a training of it came to; None where it says nothing of the kind."""
    told = about.get("reached")
    if not isinstance(told, Mapping) or not isinstance(told.get("minutes"), int):
        return None
    data, training = (
        dict(told[key]) if isinstance(told.get(key), Mapping) else {}
        for key in ("data", "training")
    )
    result, source, weights = (str(told.get(key, "")) for key in ("result", "from", "weights"))
    return Reached(result, told["minutes"], source, data, training, weights)


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
        reached = reached_by(about)
        template = Template(
            id=path.stem,
            title=project.name,
            description=project.notes.strip().partition("\n\n")[0].replace("\n", " "),
            task=str(about.get("task", "")),
            source=str(about.get("source", "")),
            result=str(about.get("result", "")),
            reached=reached.words() if reached else "",
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
