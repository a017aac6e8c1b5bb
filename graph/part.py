"""How a declared choice with settings of its own stands in a project file.

An optimiser, a schedule and a loss are each a *part* of the training settings, where a node's
weights start is a part of that node's: a name from a registry and arguments, written
`optimizer: {name: Adam, learning_rate: 0.01}` or, without arguments, `optimizer: Adam`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar, dataclass_transform

from graph.declare import (
    ArgumentError,
    Declared,
    check_arguments,
    declare,
    param,
)
from graph.registry import Registry, UnknownNameError


class Part(Declared):
    """Base of everything that is chosen by name and has settings of its own."""

    NAME: ClassVar[str]
    TITLE: ClassVar[str]

    def disagreements(self) -> list[ArgumentError]:
        """Arguments that are legal each, but not together."""
        return []


PartClass = TypeVar("PartClass", bound=Part)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(param,))
def part(
    registry: Registry[Any], name: str, *, title: str
) -> Callable[[type[PartClass]], type[PartClass]]:
    """Declare a part and enter it under its name: `@part(OPTIMIZERS, "Adam", title="Adam")`."""

    def enter(cls: type[PartClass]) -> type[PartClass]:
        declared = declare(cls)
        declared.NAME, declared.TITLE = name, title
        registry.add(name, declared)
        return declared

    return enter


def read_part(
    registry: Registry[PartClass], default: PartClass, key: str, value: Any
) -> tuple[PartClass, list[ArgumentError]]:
    """The part that `key: value` means, and what is wrong with it.

    A wrong argument is replaced by its default, an unknown name by `default`, so that there
    always is something to show. `parameter` of an error is its path, `optimizer.momentum`.
    """
    if isinstance(value, str):
        value = {"name": value}
    if not isinstance(value, Mapping):
        message = f"{key} must be a name or a mapping with a name, but is {value!r}"
        return default, [ArgumentError(key, message)]
    arguments = {str(name): argument for name, argument in value.items()}
    name = arguments.pop("name", default.NAME)
    try:
        cls = registry[str(name)]
    except UnknownNameError as error:
        return default, [ArgumentError(key, str(error))]
    values, errors = check_arguments(cls.PARAMETERS, arguments)
    chosen = cls(**values)
    errors += chosen.disagreements()
    return chosen, [
        ArgumentError(f"{key}.{error.parameter}", f"{key}: {error}") for error in errors
    ]


def write_part(chosen: Part) -> str | dict[str, Any]:
    """The part as it stands in a file: its name alone where nothing differs from the defaults."""
    arguments = chosen.changed_arguments()
    return {"name": chosen.NAME, **arguments} if arguments else chosen.NAME
