"""Expressions over symbols: their parts and their text.

Their simplest form is in graph/simplest.py. What carries an expression around is in graph/trace.py;
expressions that people write into a field are read in graph/expression.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that does not depend on anything."""

    value: Any


@dataclass(frozen=True, slots=True)
class Symbol:
    """A named value: a block's parameter or the size of a block's input."""

    name: str


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator applied to terms: one of `COMPUTE`, `min`, `max`, `not`, or `if` of a condition,
    the value where it holds, and the value where it does not."""

    operator: str
    operands: tuple[Term, ...]


Term = Constant | Symbol | Operation

COMPUTE: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "//": lambda a, b: a // b,
    "%": lambda a, b: a % b,
    "**": lambda a, b: a**b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "and": lambda a, b: a and b,
    "or": lambda a, b: a or b,
}

COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")


def symbols(term: Term) -> frozenset[str]:
    """The names of all symbols in a term."""
    if isinstance(term, Symbol):
        return frozenset((term.name,))
    if isinstance(term, Operation):
        return frozenset().union(*(symbols(operand) for operand in term.operands))
    return frozenset()


def constants(term: Term) -> Iterator[Any]:
    """All values that stand in a term, in their order."""
    if isinstance(term, Constant):
        yield term.value
    elif isinstance(term, Operation):
        for operand in term.operands:
            yield from constants(operand)


def substitute(term: Term, terms: Mapping[str, Term]) -> Term:
    """The term with symbols replaced by other terms."""
    if isinstance(term, Symbol):
        return terms.get(term.name, term)
    if isinstance(term, Operation):
        operands = tuple(substitute(operand, terms) for operand in term.operands)
        return Operation(term.operator, operands)
    return term


# --- showing an expression -------------------------------------------------------------------

_PLAIN = re.compile(r"[\w.]+")
_STRENGTH = {"if": 1, "or": 2, "and": 3, "not": 4} | dict.fromkeys(COMPARISONS, 5)
_STRENGTH |= {"+": 6, "-": 6, "*": 7, "/": 7, "//": 7, "%": 7, "**": 9}


def to_text(term: Term, *, mathematical: bool = False) -> str:
    """The term as Python, or as mathematics with `·`, `−` and `⌊ ⌋`."""
    return _text(term, 0, mathematical)


def _text(term: Term, strength: int, mathematical: bool) -> str:
    if isinstance(term, Symbol):
        return term.name
    if isinstance(term, Constant):
        return _constant(term.value, strength, mathematical)
    if term.operator not in _STRENGTH:
        inner = ", ".join(_text(operand, 0, mathematical) for operand in term.operands)
        return f"{term.operator}({inner})"
    own = _STRENGTH[term.operator]
    if term.operator in ("if", "not"):
        text = _condition_text(term, own, mathematical)
        return f"({text})" if own < strength else text
    left, right = term.operands
    if mathematical and term.operator == "//":
        return f"⌊{_text(left, 0, True) if _is_atom(left) else f'({_text(left, 0, True)})'} / " + (
            f"{_text(right, own + 1, True)}⌋"
        )
    if term.operator == "**":
        base, power = _text(left, own + 1, mathematical), _text(right, own, mathematical)
        # As formatters have it: no space between names and plain numbers.
        space = "" if _PLAIN.fullmatch(base) and _PLAIN.fullmatch(power) else " "
        text = f"{base}{space}**{space}{power}"
    else:
        sign = term.operator
        if mathematical:
            sign = {"*": "·", "-": "−"}.get(sign, sign)
        space = "" if sign == "·" else " "
        # Python would chain comparisons that stand side by side.
        before = own + 1 if sign in COMPARISONS else own
        first, second = _text(left, before, mathematical), _text(right, own + 1, mathematical)
        text = f"{first}{space}{sign}{space}{second}"
    return f"({text})" if own < strength else text


def _condition_text(term: Operation, own: int, mathematical: bool) -> str:
    if term.operator == "not":
        return f"not {_text(term.operands[0], own, mathematical)}"
    condition, holding, otherwise = term.operands
    return (
        f"{_text(holding, own + 1, mathematical)} if {_text(condition, own + 1, mathematical)} "
        f"else {_text(otherwise, own, mathematical)}"
    )


def text_literal(text: str) -> str:
    """A text in double quotes, in ASCII, as Python source."""
    single = ascii(text)
    if '"' in text:
        return single
    return '"' + single[1:-1].replace("\\'", "'") + '"'


def _constant(value: Any, strength: int, mathematical: bool) -> str:
    if isinstance(value, str):
        return text_literal(value)
    if not mathematical:
        text = repr(value)
    else:
        text = (
            f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
        )
    negative = isinstance(value, int | float) and value < 0
    return f"({text})" if negative and strength > _STRENGTH["+"] else text


def _is_atom(term: Term) -> bool:
    return not isinstance(term, Operation)
