"""YAML as projects have it: what is a number in it, what is refused, what is written on one line.

What the values mean is in graph/files.py and graph/reading.py.
"""

from __future__ import annotations

import re
from typing import Any

import yaml


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """PyYAML's safe loader, all of whose errors say where, and that does not let a key silently
    overwrite another."""

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep=deep)
        except (AttributeError, LookupError, ValueError):
            # What is marked as a truth value, a number or a date, and is none.
            sort = node.tag.rpartition(":")[2]
            raise yaml.constructor.ConstructorError(
                None, None, f'"{node.value}" is no legal {sort}', node.start_mark
            ) from None

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key_node, _ in node.value if isinstance(node, yaml.MappingNode) else ():
            key = key_node.value if isinstance(key_node.value, str) else None
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f'the key "{key}" stands there twice', key_node.start_mark
                )
            seen.add(key)
        result: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return result


class Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """PyYAML's safe dumper with the ways of writing that are declared below."""


_SHORT_FLOAT = re.compile(r"[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)[eE][-+]?[0-9]+\Z")
"""`1e-3`, which is a number in YAML 1.2 and everywhere else; YAML 1.1 asks for `1.0e-3`."""

for _class in (Loader, Dumper):
    # The dumper has to know it too, so that it puts a text of that form in quotes.
    _class.add_implicit_resolver("tag:yaml.org,2002:float", _SHORT_FLOAT, list("-+.0123456789"))


class OneLine(dict[str, Any]):
    """A mapping that is written on one line."""


class OneLineList(list[Any]):
    """A list that is written on one line."""


def _one_line(dumper: Any, value: OneLine) -> Any:
    return dumper.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=True)


def _one_line_list(dumper: Any, value: OneLineList) -> Any:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=True)


def _text(dumper: Any, value: str) -> Any:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


Dumper.add_representer(str, _text)
Dumper.add_representer(OneLine, _one_line)
Dumper.add_representer(OneLineList, _one_line_list)
