"""The declared classes of one sort, by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Generic

from graph.declare import DeclaredClass, suggestion


class UnknownNameError(KeyError):
    """A name that a registry does not hold; the text names the nearest known one."""

    def __str__(self) -> str:
        # A KeyError shows its text in quotes.
        return str(self.args[0])


class Registry(Mapping[str, type[DeclaredClass]], Generic[DeclaredClass]):
    """The declared classes of one sort, by name, in the order of their declaration."""

    def __init__(self, sort: str) -> None:
        self.sort = sort
        self._classes: dict[str, type[DeclaredClass]] = {}

    def add(self, name: str, cls: type[DeclaredClass]) -> None:
        """Enter a class under its name.

        Raises:
            TypeError: where the name is taken.
        """
        if name in self._classes:
            raise TypeError(f"{self.sort} {name} is declared twice")
        self._classes[name] = cls

    def __getitem__(self, name: str) -> type[DeclaredClass]:
        try:
            return self._classes[name]
        except KeyError:
            hint = suggestion(name, self._classes) or "; known are " + ", ".join(self._classes)
            raise UnknownNameError(f'there is no {self.sort} "{name}"{hint}') from None

    def __contains__(self, name: object) -> bool:
        return name in self._classes

    def __iter__(self) -> Iterator[str]:
        return iter(self._classes)

    def __len__(self) -> int:
        return len(self._classes)
