"""The repetitions of a block as arguments of one `nn.Sequential`, as short as they can be said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from codegen.names import Namespace
from codegen.python import value_text
from graph.results import BlockResult
from graph.symbolic import progression
from graph.term import Symbol
from graph.trace import plain, traced


def runs(texts: Iterable[str]) -> list[str]:
    """Repetitions of a known number; equal ones that follow each other in a comprehension."""
    found: list[tuple[str, int]] = []
    for text in texts:
        if found and found[-1][0] == text:
            found[-1] = (text, found[-1][1] + 1)
        else:
            found.append((text, 1))
    return [text if n == 1 else f"*[{text} for _ in range({n})]" for text, n in found]


def counted(texts: list[str], repeat: Any) -> list[str]:
    """Repetitions whose number is a parameter, of which all but the first are alike."""
    same = texts[0] == texts[-1]
    rest = f"*[{texts[-1]} for _ in range({value_text(repeat if same else repeat - 1)})]"
    return [rest] if same else [texts[0], rest]


def place_symbol(taken: Iterable[str]) -> str:
    """A name for the number of a repetition, counted from 0."""
    return Namespace(taken).give("place")


def growing_bindings(inner: Iterable[BlockResult], place: str) -> Mapping[str, Any] | None:
    """What the symbols of a block are bound to in the repetition number `place`, if that is the
    same expression for all of them; else None."""
    inner = list(inner)
    bindings = dict(inner[0].bindings)
    for symbol in bindings:
        values = [one.bindings[symbol] for one in inner]
        if len({value_text(value) for value in values}) > 1:
            found = progression(values, traced(0, Symbol(place)))
            if found is None:
                return None
            bindings[symbol] = traced(plain(values[0]), found)
    return bindings
