"""The verb `adapt`: a network made to fit a dataset, and what that changed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
import yaml

from data.catalog import read_data
from data.dataset import Dataset
from data.paths import with_absolute_paths
from graph.project_edits import set_data
from graph.state import Project


def chosen_data(project: Project, name: str, given: Iterable[str]) -> Dataset:
    """The dataset of that name, with the settings that the project has for it and those given.

    Args:
        given: `image_size=64` and the like; values are YAML, paths as seen from here.

    Raises:
        click.ClickException: a setting is not legal, or there is no such dataset.
    """
    values: dict[str, Any] = {}
    for one in given:
        key, equals, text = one.partition("=")
        if not equals:
            raise click.ClickException(f"--with needs NAME=VALUE, but is {one!r}")
        try:
            values[key.strip()] = yaml.safe_load(text)
        except yaml.YAMLError:
            raise click.ClickException(f"{text!r} is no value for {key}") from None
    own = dict(project.data) if project.data.get("dataset") == name else {}
    chosen = set_data(project, {**own, **values, "dataset": name})
    dataset, errors = read_data(with_absolute_paths(chosen, Path.cwd()).data)
    if errors:
        raise click.ClickException(str(errors[0]))
    return dataset


def print_changes(changes: Iterable[str]) -> None:
    """What was changed, a line or two each."""
    lines = list(changes)
    for line in lines:
        click.echo(click.wrap_text(line, 96, "- ", "  "))
    if not lines:
        click.echo("Nothing to change: the network fits the data already.")
