"""Numbers that remember how they were computed.

A traced number is an ordinary `int` (or float, text, truth value) that carries the expression it
came from. The rules in graph/layers are written once, for plain numbers; run with traced ones, the
same rules give the size, the arithmetic to show to a person, and the symbolic constructor arguments
of a block's class. Plain numbers are used wherever nobody asks, so tracing costs nothing while
editing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graph.simplest import simplified
from graph.term import COMPUTE, Constant, Operation, Symbol, Term, symbols
from graph.truth import assuming


class Traced:
    """Base of all values that carry an expression."""

    term: Term


def term_of(value: Any) -> Term:
    """The expression that a value carries, or the value itself as a constant."""
    return value.term if isinstance(value, Traced) else Constant(value)


def plain(value: Any) -> Any:
    """The value without its expression; tuples and lists element by element."""
    if isinstance(value, tuple | list):
        return type(value)(plain(element) for element in value)
    if isinstance(value, TracedTruth):
        return bool(value)
    if isinstance(value, TracedInt):
        return int(value)
    if isinstance(value, TracedFloat):
        return float(value)
    if isinstance(value, TracedText):
        return str(value)
    return value


def traced(value: Any, term: Term | None = None) -> Any:
    """`value`, carrying `term` (itself as a constant when none is given)."""
    term = Constant(plain(value)) if term is None else term
    if isinstance(value, bool):
        return TracedTruth(value, term)
    if isinstance(value, int):
        return TracedInt(value, term)
    if isinstance(value, float):
        return TracedFloat(value, term)
    if isinstance(value, str):
        return TracedText(value, term)
    return value


def is_symbolic(value: Any) -> bool:
    """True where a value (or an element of it) depends on a symbol."""
    if isinstance(value, tuple | list):
        return any(is_symbolic(element) for element in value)
    return isinstance(value, Traced) and bool(symbols(value.term))


def symbols_of(value: Any) -> frozenset[str]:
    """The names of all symbols that a value, or an element of it, depends on."""
    if isinstance(value, tuple | list):
        return frozenset().union(*(symbols_of(element) for element in value))
    return symbols(value.term) if isinstance(value, Traced) else frozenset()


def _combine(operator: str, left: Any, right: Any) -> Any:
    if not isinstance(left, int | float) or not isinstance(right, int | float):
        return NotImplemented
    result = COMPUTE[operator](plain(left), plain(right))
    return traced(result, Operation(operator, (term_of(left), term_of(right))))


class _Number(Traced):
    """Arithmetic that keeps the expression."""

    def __add__(self, other: Any) -> Any:
        return _combine("+", self, other)

    def __radd__(self, other: Any) -> Any:
        return _combine("+", other, self)

    def __sub__(self, other: Any) -> Any:
        return _combine("-", self, other)

    def __rsub__(self, other: Any) -> Any:
        return _combine("-", other, self)

    def __mul__(self, other: Any) -> Any:
        return _combine("*", self, other)

    def __rmul__(self, other: Any) -> Any:
        return _combine("*", other, self)

    def __truediv__(self, other: Any) -> Any:
        return _combine("/", self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return _combine("/", other, self)

    def __floordiv__(self, other: Any) -> Any:
        return _combine("//", self, other)

    def __rfloordiv__(self, other: Any) -> Any:
        return _combine("//", other, self)

    def __mod__(self, other: Any) -> Any:
        return _combine("%", self, other)

    def __rmod__(self, other: Any) -> Any:
        return _combine("%", other, self)

    def __pow__(self, other: Any) -> Any:
        return _combine("**", self, other)

    def __rpow__(self, other: Any) -> Any:
        return _combine("**", other, self)

    def __neg__(self) -> Any:
        return _combine("-", 0, self)


class TracedInt(_Number, int):  # type: ignore[misc]  # three-argument pow is not needed
    """A whole number with its expression."""

    def __new__(cls, value: int, term: Term) -> TracedInt:
        number = int.__new__(cls, value)
        number.term = term
        return number


class TracedFloat(_Number, float):  # type: ignore[misc]  # as above
    """A number with its expression."""

    def __new__(cls, value: float, term: Term) -> TracedFloat:
        number = float.__new__(cls, value)
        number.term = term
        return number


class TracedTruth(Traced, int):
    """True or false with its expression (`bool` itself cannot be subclassed)."""

    is_truth_value = True

    def __new__(cls, value: bool, term: Term) -> TracedTruth:
        truth = int.__new__(cls, value)
        truth.term = term
        return truth


class TracedText(Traced, str):
    """A text with its expression."""

    def __new__(cls, value: str, term: Term) -> TracedText:
        text = str.__new__(cls, value)
        text.term = term
        return text


def ceil_divide(dividend: int, divisor: int) -> int:
    """`dividend / divisor` rounded up, by an expression that tracing can follow."""
    return (dividend + (divisor - 1)) // divisor


def largest(left: int, right: int) -> int:
    """The larger of two numbers; unlike `max`, an expression that holds for all their values."""
    return _choose("max", left, right)


def smallest(left: int, right: int) -> int:
    """The smaller of two numbers; unlike `min`, an expression that holds for all their values."""
    return _choose("min", left, right)


def decided(operator: str, *operands: Any) -> bool:
    """A comparison of two values, or `and`, `or` of two truth values, `not` of one."""
    values = [plain(operand) for operand in operands]
    result: bool
    if operator != "not":
        result = _kept(COMPUTE[operator](*values), operator, operands)
    elif isinstance(operands[0], Traced):
        result = traced(not values[0], _opposite(term_of(operands[0])))
    else:
        result = not values[0]
    return result


def either(condition: bool, holding: Any, otherwise: Any) -> Any:
    """The value for a condition that holds, or the one for a condition that does not; unlike
    Python's `if`, an expression that keeps both."""
    chosen = holding if condition else otherwise
    return _kept(plain(chosen), "if", (condition, holding, otherwise))


_OPPOSITES = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def _opposite(condition: Term) -> Term:
    """The condition that holds where this one does not, as one would write it."""
    if isinstance(condition, Operation) and condition.operator == "not":
        return condition.operands[0]
    if isinstance(condition, Operation) and condition.operator in _OPPOSITES:
        return Operation(_OPPOSITES[condition.operator], condition.operands)
    return Operation("not", (condition,))


def where(condition: Any, value: Any, values: Mapping[str, Any]) -> Any:
    """A traced value as it is where a traced condition holds.

    Args:
        values: those of the symbols.
    """
    if not is_symbolic(value) or not is_symbolic(condition):
        return value
    term = simplified(assuming(term_of(value), term_of(condition)))
    return traced(_worth(term, values), term)


def _worth(term: Term, values: Mapping[str, Any]) -> Any:
    if isinstance(term, Symbol):
        return plain(values[term.name])
    if isinstance(term, Constant):
        return term.value
    operands = [_worth(operand, values) for operand in term.operands]
    if term.operator == "if":
        return operands[1] if operands[0] else operands[2]
    if term.operator == "not":
        return not operands[0]
    if term.operator in ("min", "max"):
        return (min if term.operator == "min" else max)(operands)
    return COMPUTE[term.operator](*operands)


def _kept(result: Any, operator: str, operands: tuple[Any, ...]) -> Any:
    """A result with the expression that it came from, where an operand has one."""
    if not any(isinstance(operand, Traced) for operand in operands):
        return result
    return traced(result, Operation(operator, tuple(map(term_of, operands))))


def _choose(name: str, left: int, right: int) -> int:
    chosen = (max if name == "max" else min)(left, right)
    result: int = _kept(plain(chosen), name, (left, right))
    return result
