"""The settings of data and training as rows of a form, and changing one as an edit. No widgets.

The rows follow from the declarations: a new dataset, optimiser or setting shows up by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from data.catalog import DATASETS, read_data
from data.dataset import DataError
from data.describing import StillReadingError, described
from graph import project_edits as edits
from graph.declare import ArgumentError, Declared, Parameter
from graph.part import Part
from graph.state import Project
from training.spec import TrainingSpec, read_training

Section = Literal["data", "training"]

DATASET = "dataset"
_CHOICE_TITLES = {
    "dataset": ("Dataset", "What the network learns from."),
    "loss": ("Loss", "What training makes small."),
    "optimizer": ("Optimizer", "How gradients become steps."),
    "schedule": ("Schedule", "How the learning rate changes while training goes on."),
}
"""Labels and help of the choices; their options bring their own."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the form.

    Attributes:
        section: the part of the project file.
        path: its place in that part: `epochs`, `optimizer`, `optimizer.learning_rate`.
        parameter: what it accepts; a choice's `choices` are names.
        titles: what the names of a choice are called.
        value: what it is now.
        problem: why the project's value is not legal; empty where it is.
        advanced: shown under "More".
    """

    section: Section
    path: str
    parameter: Parameter
    value: Any
    titles: Mapping[str, str]
    problem: str = ""
    advanced: bool = False

    @property
    def key(self) -> str:
        """The place in the whole project file: `training.optimizer.learning_rate`."""
        return f"{self.section}.{self.path}"


@dataclass(frozen=True, slots=True)
class Settings:
    """All rows, and what is wrong with settings that have no row, by their keys."""

    rows: tuple[Setting, ...]
    others: tuple[tuple[str, str], ...]
    summary: str


def read_settings(project: Project) -> Settings:
    """The rows for a project."""
    dataset, data_errors = read_data(project.data)
    spec, training_errors = read_training(project.training)
    problems = {f"data.{error.parameter}": str(error) for error in data_errors}
    problems |= {f"training.{error.parameter}": str(error) for error in training_errors}
    rows = [_choice("data", DATASET, dataset.NAME if project.data else None, DATASETS)]
    if project.data:
        rows += _parameters("data", "", dataset)
    rows += _parameters("training", "", spec)
    for key, registry in TrainingSpec.PARTS.items():
        chosen: Part = getattr(spec, key)
        # Where there is nothing to choose, the choice and its settings are for the curious.
        only_one = len(registry) == 1
        rows.append(_choice("training", key, chosen.NAME, registry, advanced=only_one))
        rows += _parameters("training", f"{key}.", chosen, advanced=only_one)
    summary = ""
    if project.data:
        try:
            summary = described(dataset).summary
        except StillReadingError as error:
            summary = str(error)
        except DataError as error:
            problems.setdefault(f"data.{error.parameter or DATASET}", str(error))
    shown = tuple(_with_problem(row, problems.pop(row.key, "")) for row in rows)
    return Settings(shown, tuple(problems.items()), summary)


def change_setting(project: Project, setting: Setting, value: Any) -> Project:
    """The project with another value; what equals its default is not written.

    Raises:
        ArgumentError: the value is not legal.
    """
    value = setting.parameter.check(value)
    if setting.section == "data":
        return edits.set_data(project, _changed_data(project, setting, value))
    return edits.set_training(project, _changed_training(project, setting, value))


def remove_setting(project: Project, key: str) -> Project:
    """The project without a setting that nothing knows, or that is wrong beyond repair."""
    section, _, path = key.partition(".")
    present = dict(project.data if section == "data" else project.training)
    name, _, inner = path.partition(".")
    part = present.get(name)
    if inner and isinstance(part, Mapping):
        present[name] = {one: value for one, value in part.items() if one != inner}
    else:
        present.pop(name, None)
    change = edits.set_data if section == "data" else edits.set_training
    return change(project, present)


def _changed_data(project: Project, setting: Setting, value: Any) -> dict[str, Any]:
    if setting.path == DATASET:
        return {DATASET: value}
    present = dict(project.data)
    _put(present, setting.parameter, value)
    return present


def _changed_training(project: Project, setting: Setting, value: Any) -> dict[str, Any]:
    present = dict(project.training)
    name, _, inner = setting.path.partition(".")
    if name not in TrainingSpec.PARTS:
        _put(present, setting.parameter, value)
    elif not inner:
        # Each option has its own good settings, so those of the other one are not carried over.
        if value == getattr(TrainingSpec(), name).NAME:
            present.pop(name, None)
        else:
            present[name] = value
    else:
        part = present.get(name)
        arguments = dict(part) if isinstance(part, Mapping) else {}
        if isinstance(part, str):
            arguments = {"name": part}
        chosen: Part = getattr(read_training(project.training)[0], name)
        arguments.setdefault("name", chosen.NAME)
        _put(arguments, setting.parameter, value)
        present[name] = arguments if len(arguments) > 1 else arguments["name"]
    return present


def _put(arguments: dict[str, Any], parameter: Parameter, value: Any) -> None:
    if not parameter.required and value == parameter.default:
        arguments.pop(parameter.name, None)
    else:
        arguments[parameter.name] = value


def _choice(
    section: Section,
    path: str,
    value: str | None,
    registry: Mapping[str, Any],
    *,
    advanced: bool = False,
) -> Setting:
    title, help_ = _CHOICE_TITLES.get(path, (path.capitalize(), ""))
    chosen = registry[value] if value is not None else None
    if chosen is not None and chosen.__doc__:
        help_ = chosen.__doc__.partition("\n")[0]
    parameter = Parameter(
        name=path,
        kind="choice",
        default=None,
        help=help_,
        label=title,
        choices=tuple(registry),
        optional=True,
        advanced=advanced,
    )
    titles = {name: cls.TITLE for name, cls in registry.items()}
    return Setting(section, path, parameter, value, titles, advanced=advanced)


def _parameters(
    section: Section, prefix: str, declared: Declared, *, advanced: bool = False
) -> list[Setting]:
    return [
        Setting(
            section,
            prefix + name,
            parameter,
            getattr(declared, name),
            {},
            advanced=advanced or parameter.advanced,
        )
        for name, parameter in declared.PARAMETERS.items()
    ]


def _with_problem(row: Setting, problem: str) -> Setting:
    if not problem:
        return row
    return Setting(
        row.section, row.path, row.parameter, row.value, row.titles, problem, row.advanced
    )


__all__ = [
    "ArgumentError",
    "Setting",
    "Settings",
    "change_setting",
    "read_settings",
    "remove_setting",
]
