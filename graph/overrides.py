"""Single values of a project changed from the command line: `training.epochs=3`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import yaml

from graph.declare import suggestion
from graph.yaml_text import Loader


class OverrideError(ValueError):
    """A `PATH=VALUE` that cannot be applied; the text says which part and why."""


def apply_overrides(raw: dict[str, Any], overrides: Iterable[str]) -> None:
    """Set values in a parsed project file, in place.

    A path is made of keys joined by dots; lists take numbers from 0. The last key may be new, all
    others must exist. Values are YAML: `--set blocks.main.nodes.image.shape=[3,96,96]`.

    Raises:
        OverrideError: where a path leads nowhere or a value is not YAML.
    """
    for override in overrides:
        path, equals, text = override.partition("=")
        keys = path.strip().split(".")
        if not equals or not all(keys):
            raise OverrideError(
                f'"{override}" is not of the form PATH=VALUE, such as training.epochs=3'
            )
        try:
            value = yaml.load(text, Loader=Loader)
        except (yaml.YAMLError, ValueError, RecursionError):
            raise OverrideError(f'"{override}": {text!r} is not a YAML value') from None
        _set(raw, keys, value, override)


_SECTIONS = ("data", "training")


def _set(raw: dict[str, Any], keys: list[str], value: Any, override: str) -> None:
    place: Any = raw
    for depth, key in enumerate(keys[:-1]):
        if depth == 0 and key in _SECTIONS and place.get(key) is None:
            place[key] = {}
        place = _step(place, key, keys[:depth], override)
    parent, key = ".".join(keys[:-1]) or "the project", keys[-1]
    if isinstance(place, dict):
        if parent in ("the project", "blocks.main.nodes") and key not in place | dict.fromkeys(
            _SECTIONS
        ):
            hint = suggestion(key, place)
            raise OverrideError(f'"{override}": {parent} has no "{key}"{hint}')
        place[key] = value
    elif isinstance(place, list):
        place[_index(place, key, parent, override)] = value
    else:
        raise OverrideError(
            f'"{override}": {parent} is {place!r}, which has no parts; give it a new value as a '
            f"whole, such as {parent}={{name: ...}}"
        )


def _step(place: Any, key: str, before: list[str], override: str) -> Any:
    parent = ".".join(before) or "the project"
    if isinstance(place, dict):
        if not place:
            raise OverrideError(
                f'"{override}": {parent} is empty; give {parent}.{key} a value as a whole, such as '
                f"{parent}.{key}={{name: ...}}"
            )
        if key not in place:
            hint = suggestion(key, map(str, place)) or "; it has " + ", ".join(map(str, place))
            raise OverrideError(f'"{override}": {parent} has no "{key}"{hint}')
        return place[key]
    if isinstance(place, list):
        return place[_index(place, key, parent, override)]
    raise OverrideError(f'"{override}": {parent} is {place!r}, which has no parts')


def _index(place: list[Any], key: str, parent: str, override: str) -> int:
    if not place:
        raise OverrideError(f'"{override}": {parent} is empty; give it a new value as a whole')
    if not key.isdecimal() or int(key) >= len(place):
        raise OverrideError(
            f'"{override}": {parent} is a list of {len(place)}; give a number from 0 to '
            f"{len(place) - 1}"
        )
    return int(key)
