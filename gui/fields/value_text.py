"""Arguments as people read and write them in a field: `5 × 3`, `0.5`, `= channels * 2`. No Qt."""

from __future__ import annotations

import re
from typing import Any

from graph.declare import SEVERAL, ArgumentError, Parameter
from graph.expression import (
    Expression,
    expression_parts,
    is_expression_text,
    read_expression,
)

_SEPARATOR = re.compile(r"\s*[×xX*,;]\s*|\s+")


def value_text(value: Any) -> str:
    """The text of a value, such that `parse_value` gives it back."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, tuple | list):
        return " × ".join(value_text(element) for element in value)
    return str(value)


def parse_value(parameter: Parameter, text: str) -> Any:
    """The legal value that a text means.

    Raises:
        ArgumentError: with what was expected and what came.
        ExpressionError: where the text begins with "=" and what follows cannot be read.
    """
    text = text.strip()
    if parameter.kind in SEVERAL and any(map(is_expression_text, text.split("×"))):
        parts = text.split("×")
        if len(parts) == 1:
            # `= in_channels, 256, 256` is what everybody tries first.
            parts = expression_parts(text)
        if len(parts) > 1:
            return tuple(_part(parameter, part) for part in parts)
    if is_expression_text(text):
        return read_expression(text)
    if not text and parameter.optional:
        return None
    return parameter.check(_read(parameter, text))


def _part(parameter: Parameter, text: str) -> float | Expression:
    if is_expression_text(text):
        return read_expression(text)
    value = _element(parameter, text)
    if isinstance(value, str):
        raise parameter.refuse(text.strip())
    return value


def _element(parameter: Parameter, text: str) -> float | str:
    """One of several numbers."""
    return _number(parameter, text) if parameter.kind == "numbers" else _whole(text)


def _read(parameter: Parameter, text: str) -> Any:
    if parameter.kind == "integer":
        return _integer(parameter, text)
    if parameter.kind == "number":
        return _number(parameter, text)
    if parameter.kind in SEVERAL:
        parts = [part for part in _SEPARATOR.split(text.strip("()[] ")) if part]
        values = [_element(parameter, part) for part in parts]
        one_for_all = parameter.kind in ("pair", "triple") and len(values) == 1
        return values[0] if one_for_all else tuple(values)
    if parameter.kind == "switch":
        known = {"yes": True, "true": True, "no": False, "false": False}
        return known.get(text.lower(), text)
    if parameter.kind == "choice":
        return next((choice for choice in parameter.choices if str(choice) == text), text)
    return text


def _integer(parameter: Parameter, text: str) -> int | str:
    """A whole number; what is one, but is written as none, is refused with how it is."""
    digits = re.sub(r"(?<=[0-9])[ ,'’](?=[0-9]{3}(?![0-9]))", "", text)
    if digits != text and re.fullmatch(r"[+-]?[0-9]{1,18}", digits):
        raise ArgumentError(parameter.name, f"write whole numbers without separators: {digits}")
    if re.fullmatch(r"[+-]?[0-9]{19,}", text):
        raise ArgumentError(parameter.name, "is far too large; 18 digits are possible")
    return _whole(text)


def _whole(text: str) -> int | str:
    """The whole number, or the text itself, which the parameter then refuses by name."""
    cleaned = text.strip().replace("−", "-").replace("_", "")
    return int(cleaned) if re.fullmatch(r"[+-]?[0-9]{1,18}", cleaned) else text


def _number(parameter: Parameter, text: str) -> float | str:
    cleaned = text.replace("−", "-")
    if re.fullmatch(r"[+-]?[0-9]+,[0-9]+", cleaned):
        raise ArgumentError(
            parameter.name,
            f"write decimal numbers with a point: {cleaned.replace(',', '.')}",
        )
    if cleaned.endswith("%"):
        percent = _number(parameter, cleaned[:-1].strip())
        return percent / 100 if isinstance(percent, float) else text
    try:
        return float(cleaned)
    except ValueError:
        return text


def words_of(error: ValueError) -> str:
    """An error as a sentence to stand beside a field: "Whole number of at least 1", not the
    parameter's name again."""
    text = str(error)
    if isinstance(error, ArgumentError):
        text = text.removeprefix(f"{error.parameter} must be ")
        expected, but, came = text.partition(", but is ")
        if but:
            empty = came in ("''", '""')
            text = f"Needs {expected}" + ("" if empty else f"; {came} is not")
    return text[:1].upper() + text[1:]
