"""How anything with settings is declared once: layers, datasets, optimisers, objectives.

A declared class is a frozen dataclass whose fields are made by `param()`. From the fields come the
form in the inspector, range checks, the file format, the command's help and the tests. Nothing in
here knows what a layer is.
"""

from __future__ import annotations

import dataclasses
import difflib
import inspect
import math
import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, NamedTuple, TypeVar

Pair = tuple[int, int]
"""Height and width. Files may give one number for both."""

Triple = tuple[int, int, int]
"""Depth, height and width. Files may give one number for all."""

Sizes = tuple[int, ...]
"""Any number of sizes."""

Numbers = tuple[float, ...]
"""Any number of numbers."""

MISSING: Any = dataclasses.MISSING

Kind = Literal[
    "integer", "number", "switch", "choice", "pair", "triple", "sizes", "numbers", "text"
]

PathKind = Literal["folder", "file"]

SEVERAL = ("pair", "triple", "sizes", "numbers")
"""The kinds whose values are tuples."""


class ArgumentError(ValueError):
    """An argument that its parameter does not accept.

    `parameter` is the parameter's name, `str(error)` a sentence with what was expected and what
    came.
    """

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(message)
        self.parameter = parameter


class _Settings(NamedTuple):
    """What `param()` was told, until the class is declared and the annotation is known."""

    default: Any
    help: str
    label: str
    min: float | None
    max: float | None
    above: float | None
    advanced: bool
    multiline: bool
    path: PathKind | None


def param(
    *,
    default: Any = MISSING,
    help: str,
    label: str = "",
    min: float | None = None,
    max: float | None = None,
    above: float | None = None,
    advanced: bool = False,
    multiline: bool = False,
    path: PathKind | None = None,
) -> Any:
    """A parameter of a declared class; its type is the field's annotation.

    Args:
        default: the value when none is given; without one the parameter must be given.
        help: one sentence for a person who has never seen it.
        label: the words in a form; made from the name when empty.
        min: the smallest legal value, of every element.
        max: the largest legal value, of every element.
        above: a bound that the value must exceed.
        advanced: shown under "More".
        multiline: a text of several lines.
        path: the text is where a folder or a file lies.
    """
    settings = _Settings(default, help, label, min, max, above, advanced, multiline, path)
    if default is MISSING:
        return dataclasses.field(kw_only=True, metadata={"param": settings})
    return dataclasses.field(default=default, kw_only=True, metadata={"param": settings})


EXACT = ".12g"
"""How bounds are written: to their last digit, which a seed's 2147483647 needs."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A declared parameter: what it accepts, what it means, how it is shown."""

    name: str
    kind: Kind
    default: Any
    help: str
    label: str
    min: float | None = None
    max: float | None = None
    above: float | None = None
    choices: tuple[Any, ...] = ()
    optional: bool = False
    advanced: bool = False
    multiline: bool = False
    path: PathKind | None = None

    @property
    def required(self) -> bool:
        """True where a node must give an argument."""
        return self.default is MISSING

    def check(self, value: Any) -> Any:
        """The value in its normal form (a pair as a tuple, a whole number as float where a number
        is wanted).

        Raises:
            ArgumentError: with what was expected and what came.
        """
        if value is None and self.optional:
            return None
        return getattr(self, f"_check_{self.kind}")(value)

    def expects(self) -> str:
        """What a legal value is, in words: "a whole number of at least 1"."""
        words = {
            "integer": "a whole number",
            "number": "a number",
            "switch": "true or false",
            "choice": "one of " + ", ".join(str(choice) for choice in self.choices),
            "pair": "a whole number or two of them (height, width)",
            "triple": "a whole number or three of them (depth, height, width)",
            "sizes": "a list of whole numbers",
            "numbers": "a list of numbers",
            "text": "a text",
        }[self.kind]
        if self.kind in SEVERAL and self.min is not None:
            words += f", each at least {self.min:{EXACT}}"
        elif self.min is not None and self.max is not None:
            words += f" from {self.min:{EXACT}} to {self.max:{EXACT}}"
        elif self.min is not None:
            words += f" of at least {self.min:{EXACT}}"
        elif self.above is not None:
            words += f" above {self.above:{EXACT}}"
            if self.max is not None:
                words += f" and at most {self.max:{EXACT}}"
        elif self.max is not None:
            words += f" of at most {self.max:{EXACT}}"
        return words + (", or nothing" if self.optional else "")

    def refuse(self, value: Any) -> ArgumentError:
        """The error that says why `value` is not legal here."""
        came = _short(value)
        return ArgumentError(self.name, f"{self.name} must be {self.expects()}, but is {came}")

    def within(self, value: float) -> bool:
        """Whether a number lies between the smallest and the largest legal one."""
        if self.min is not None and value < self.min:
            return False
        if self.max is not None and value > self.max:
            return False
        return self.above is None or value > self.above

    def _check_integer(self, value: Any) -> int:
        if not _is_whole(value) or not self.within(value):
            raise self.refuse(value)
        return typing.cast("int", value)

    def _check_number(self, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.refuse(value)
        if not math.isfinite(value) or not self.within(value):
            raise self.refuse(value)
        # A traced whole number (see graph/trace.py) must keep its expression.
        return value if isinstance(value, float) or hasattr(value, "term") else float(value)

    def _check_switch(self, value: Any) -> bool:
        # A traced truth value is an int that carries its expression (see graph/trace.py).
        if isinstance(value, bool) or getattr(value, "is_truth_value", False):
            return typing.cast("bool", value)
        raise self.refuse(value)

    def _check_choice(self, value: Any) -> Any:
        for choice in self.choices:
            if isinstance(value, bool) == isinstance(choice, bool) and value == choice:
                return value if type(value) is not type(choice) else choice
        error = self.refuse(value)
        hint = suggestion(str(value), map(str, self.choices))
        raise ArgumentError(self.name, f"{error}{hint}")

    def _check_pair(self, value: Any) -> Sizes:
        return self._check_tuple(value, 2)

    def _check_triple(self, value: Any) -> Sizes:
        return self._check_tuple(value, 3)

    def _check_tuple(self, value: Any, length: int) -> Sizes:
        elements = (value,) * length if _is_whole(value) else value
        if not isinstance(elements, list | tuple) or len(elements) != length:
            raise self.refuse(value)
        return self._elements(elements, value)

    def _check_sizes(self, value: Any) -> Sizes:
        sizes = (value,) if _is_whole(value) else value
        if not isinstance(sizes, list | tuple) or len(sizes) == 0:
            raise self.refuse(value)
        return self._elements(sizes, value)

    def _check_numbers(self, value: Any) -> Numbers:
        numbers = value if isinstance(value, list | tuple) else (value,)
        if len(numbers) == 0:
            raise self.refuse(value)
        try:
            return tuple(self._check_number(number) for number in numbers)
        except ArgumentError:
            raise self.refuse(value) from None

    def _elements(self, elements: Iterable[Any], came: Any) -> Sizes:
        if not all(_is_whole(element) and self.within(element) for element in elements):
            raise self.refuse(came)
        return tuple(elements)

    def _check_text(self, value: Any) -> str:
        if not isinstance(value, str):
            raise self.refuse(value)
        return value


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def suggestion(name: str, known: Iterable[str]) -> str:
    """`; did you mean "Conv2d"?` where a known name is near, else an empty text."""
    by_lower = {candidate.lower(): candidate for candidate in known}
    near = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=0.6)
    return f'; did you mean "{by_lower[near[0]]}"?' if near else ""


def _kind(annotation: Any) -> tuple[Kind, bool, tuple[Any, ...]]:
    """Kind, whether nothing is allowed, and choices, for a field's annotation."""
    optional = False
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        members = [member for member in typing.get_args(annotation) if member is not type(None)]
        optional = len(members) < len(typing.get_args(annotation))
        if len(members) != 1:
            raise TypeError(f"a parameter has one type, possibly with None: {annotation}")
        annotation = members[0]
    simple: dict[Any, Kind] = {int: "integer", float: "number", bool: "switch", str: "text"}
    if annotation in simple:
        return simple[annotation], optional, ()
    if typing.get_origin(annotation) is Literal:
        return "choice", optional, typing.get_args(annotation)
    tuples: dict[Any, Kind] = {Pair: "pair", Triple: "triple", Sizes: "sizes", Numbers: "numbers"}
    if annotation in tuples:
        return tuples[annotation], optional, ()
    raise TypeError(f"no parameter can have the type {annotation}")


@dataclass(frozen=True, eq=False, repr=False)
class Declared:
    """Base of everything that is declared: its parameters, and building it from arguments."""

    PARAMETERS: ClassVar[Mapping[str, Parameter]] = types.MappingProxyType({})

    # Written once for all classes: hundreds are declared when the window opens, and `dataclass`
    # would compile these for each of them.
    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash((type(self), *self.__dict__.values()))

    def __repr__(self) -> str:
        arguments = ", ".join(f"{name}={value!r}" for name, value in self.__dict__.items())
        return f"{type(self).__name__}({arguments})"

    def changed_arguments(self) -> dict[str, Any]:
        """The arguments that differ from their defaults, in declared order."""
        return {
            name: getattr(self, name)
            for name, parameter in self.PARAMETERS.items()
            if parameter.required or getattr(self, name) != parameter.default
        }


DeclaredClass = TypeVar("DeclaredClass", bound=Declared)


def declare(cls: type[DeclaredClass]) -> type[DeclaredClass]:
    """Make `cls` a frozen dataclass and collect its parameters.

    Raises:
        TypeError: for a field without `param()`, without help, or with an illegal default, so that
            a wrong declaration stops the first import instead of the first user.
    """
    if not inspect.get_annotations(cls):
        # It has no parameters of its own, so that its base says it all.
        return cls
    declared = dataclass(frozen=True, eq=False, repr=False)(cls)
    hints = inspect.get_annotations(declared, eval_str=True)
    parameters: dict[str, Parameter] = {}
    for base in reversed(cls.__mro__[1:]):
        parameters |= vars(base).get("PARAMETERS", {})
    for field in dataclasses.fields(declared):
        if field.name not in hints:
            continue
        settings: _Settings | None = field.metadata.get("param")
        if settings is None or not settings.help:
            raise TypeError(f"{cls.__name__}.{field.name} needs param() with a help text")
        kind, optional, choices = _kind(hints[field.name])
        label = settings.label or field.name.replace("_", " ").capitalize()
        parameter = Parameter(
            name=field.name,
            kind=kind,
            default=settings.default,
            help=settings.help,
            label=label,
            min=settings.min,
            max=settings.max,
            above=settings.above,
            choices=choices,
            optional=optional,
            advanced=settings.advanced,
            multiline=settings.multiline,
            path=settings.path,
        )
        if not parameter.required and parameter.check(parameter.default) != parameter.default:
            raise TypeError(f"{cls.__name__}.{field.name}: default is not in its normal form")
        parameters[field.name] = parameter
    declared.PARAMETERS = types.MappingProxyType(parameters)
    return declared


def check_arguments(
    parameters: Mapping[str, Parameter], arguments: Mapping[str, Any]
) -> tuple[dict[str, Any], list[ArgumentError]]:
    """Legal values by name, and one error for every argument that is not legal, not known or
    missing."""
    values: dict[str, Any] = {}
    errors: list[ArgumentError] = []
    for name, value in arguments.items():
        parameter = parameters.get(name)
        if parameter is None:
            hint = suggestion(name, parameters)
            errors.append(ArgumentError(name, f'there is no parameter "{name}"{hint}'))
            continue
        try:
            values[name] = parameter.check(value)
        except ArgumentError as error:
            errors.append(error)
    errors += [
        ArgumentError(name, f"{name} must be given: {parameter.expects()}")
        for name, parameter in parameters.items()
        if parameter.required and name not in arguments
    ]
    return values, errors


def build(cls: type[DeclaredClass], arguments: Mapping[str, Any]) -> DeclaredClass:
    """An instance with checked arguments.

    Raises:
        ArgumentError: the first argument that is not legal.
    """
    values, errors = check_arguments(cls.PARAMETERS, arguments)
    if errors:
        raise errors[0]
    return cls(**values)
