"""What a generated module holds besides its networks: imports, and parts that torch lacks.

The parts are the files of codegen/parts, read as text.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "parts"

IMPORTS = {
    "math": "import math",
    "torch": "import torch",
    "torchvision": "import torchvision",
    "nn": "from torch import Tensor, nn",
}
"""Everything that generated code may import, in the order in which it is written."""


@dataclass(frozen=True, slots=True)
class Part:
    """A class or function that is written out.

    Attributes:
        file: the name of its file, without the ending.
        lines: its source, without imports.
        uses: the names of IMPORTS and of other parts that it needs.
    """

    name: str
    file: str
    lines: tuple[str, ...]
    uses: tuple[str, ...]


@functools.cache
def part_names() -> frozenset[str]:
    """The names of all parts."""
    return frozenset(part.name for part in map(_read, sorted(FOLDER.glob("[a-z]*.py"))))


@functools.cache
def part(name: str) -> Part:
    """The part of that name.

    Raises:
        KeyError: where there is none.
    """
    path = FOLDER / f"{_file_name(name)}.py"
    if not path.is_file():
        raise KeyError(f"there is no {path.name} in codegen/parts for {name}")
    found = _read(path)
    if found.name != name:
        raise KeyError(f"codegen/parts/{path.name} holds {found.name} and not {name}")
    return found


def _file_name(name: str) -> str:
    """`LocallyConnected2d` is in locally_connected2d.py."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


@functools.cache
def _read(path: Path) -> Part:
    text = path.read_text(encoding="utf-8")
    body = ast.parse(text).body
    uses: list[str] = []
    defined: list[ast.stmt] = []
    for statement in body:
        if isinstance(statement, ast.Import):
            uses += [alias.name for alias in statement.names]
        elif isinstance(statement, ast.ImportFrom):
            uses += _imported(statement)
        elif isinstance(statement, ast.ClassDef | ast.FunctionDef):
            defined.append(statement)
    first, last = defined[0], defined[-1]
    start = min([first.lineno, *(decorator.lineno for decorator in _decorators(first))])
    lines = text.splitlines()[start - 1 : last.end_lineno]
    return Part(_name(last), path.stem, tuple(lines), tuple(uses))


def _imported(statement: ast.ImportFrom) -> list[str]:
    if statement.module == "__future__":
        return []
    if statement.module == "torch":
        return ["nn"]
    return [alias.name for alias in statement.names]


def _decorators(statement: ast.stmt) -> list[ast.expr]:
    return getattr(statement, "decorator_list", [])


def _name(statement: ast.stmt) -> str:
    name: str = getattr(statement, "name", "")
    return name


def needed_parts(names: Iterable[str]) -> list[Part]:
    """The parts among `names` and those that they need, each after what it needs.

    Raises:
        KeyError: for a name that is neither an import nor a part.
    """
    found: dict[str, Part] = {}

    def take(name: str) -> None:
        if name in IMPORTS or name in found:
            return
        one = part(name)
        for used in one.uses:
            take(used)
        found[name] = one

    for name in sorted(names):
        take(name)
    return list(found.values())


def import_lines(names: Iterable[str]) -> list[str]:
    """The imports that `names` need, laid out as ruff would."""
    wanted = {"nn", *names}
    lines = [line for name, line in IMPORTS.items() if name in wanted]
    if lines[0] == IMPORTS["math"]:
        lines.insert(1, "")
    return lines
