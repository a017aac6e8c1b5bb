"""Identifiers in generated code.

Names of nodes, blocks and parameters were checked when they were given (graph/state.py), so they
are legal identifiers already. In here they are kept apart from each other.
"""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Collection, Iterable

from graph.expression import FUNCTIONS

TAKEN_BY_THE_MODULE = frozenset(
    ("torch", "torchvision", "math", "nn", "Tensor", "self", "super", "range", "ValueError")
) | frozenset(FUNCTIONS)


class Namespace:
    """Gives every name once: a second `conv` becomes `conv_2`."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken) | TAKEN_BY_THE_MODULE

    def give(self, wish: str) -> str:
        """`wish`, or the first numbered name that is free."""
        name, number = wish, 2
        while name in self._taken or keyword.iskeyword(name):
            name, number = f"{wish}_{number}", number + 1
        self._taken.add(name)
        return name

    def give_instead(self, names: Iterable[str], avoided: Collection[str]) -> dict[str, str]:
        """For every name itself, but another one for those that would hide what they are called
        like."""
        hiding = TAKEN_BY_THE_MODULE.union(avoided)
        return {name: self.give(name) if name in hiding else name for name in names}


def class_name(text: str, fallback: str = "Network") -> str:
    """A class name from a project's or block's name: `Small ResNet` becomes `SmallResNet`."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.findall(r"[A-Za-z0-9]+", plain)
    joined = "".join(word[0].upper() + word[1:] for word in words)[:60]
    if not joined or joined[0].isdigit() or keyword.iskeyword(joined):
        joined = fallback + joined
    return joined
