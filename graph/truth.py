"""Conditions over symbols: what is known of a term where one of them holds, or does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from graph.term import COMPARISONS, COMPUTE, Constant, Operation, Term

_Fact = tuple[Term, bool]
"""A condition without `not` and `!=`, and whether it holds."""


def reduced(condition: Term) -> Term:
    """A condition without what is known in it: `a and not False` is `a`."""
    if not isinstance(condition, Operation):
        return condition
    operator = condition.operator
    parts = tuple(reduced(operand) for operand in condition.operands)
    known = [part for part in parts if isinstance(part, Constant)]
    if operator == "not" and known:
        return Constant(not known[0].value)
    if operator in ("and", "or") and known:
        decided = [part for part in known if bool(part.value) == (operator == "or")]
        return decided[0] if decided else parts[0 if known[0] is parts[1] else 1]
    if operator in COMPARISONS and len(known) == 2:
        return Constant(COMPUTE[operator](known[0].value, known[1].value))
    return Operation(operator, parts)


def affirmed(condition: Term) -> tuple[Term, bool]:
    """A condition or its opposite, whichever is said without `not` and `!=`; whether it is the
    opposite."""
    if isinstance(condition, Operation) and condition.operator == "not":
        inner, swapped = affirmed(condition.operands[0])
        return inner, not swapped
    if isinstance(condition, Operation) and condition.operator == "!=":
        return Operation("==", condition.operands), True
    return condition, False


def assuming(term: Term, condition: Term, holds: bool = True) -> Term:
    """The term where a condition holds, or does not: every choice in it that this decides is made.
    Where `depth >= 3` holds, `a if depth >= 2 else b` is `a`."""
    return _value(term, list(_facts(condition, holds)))


def implied(asked: Term, condition: Term) -> bool:
    """Whether a condition holds wherever another one does, as far as that can be seen."""
    answer = reduced(_truth(asked, list(_facts(condition, True))))
    return isinstance(answer, Constant) and bool(answer.value)


def _facts(condition: Term, holds: bool) -> Iterator[_Fact]:
    condition, swapped = affirmed(condition)
    holds = holds != swapped
    if isinstance(condition, Operation) and condition.operator == ("and" if holds else "or"):
        for operand in condition.operands:
            yield from _facts(operand, holds)
    else:
        yield condition, holds


def _value(term: Term, facts: Sequence[_Fact]) -> Term:
    if not isinstance(term, Operation):
        return term
    if term.operator != "if":
        return Operation(term.operator, tuple(_value(operand, facts) for operand in term.operands))
    condition, *ways = term.operands
    condition = reduced(_truth(condition, facts))
    if isinstance(condition, Constant):
        return _value(ways[0 if condition.value else 1], facts)
    return Operation("if", (condition, *(_value(way, facts) for way in ways)))


def _truth(condition: Term, facts: Sequence[_Fact]) -> Term:
    """A condition with what the facts decide of it."""
    asked, swapped = affirmed(condition)
    for known, holds in facts:
        answer = _answer(asked, known, holds)
        if answer is not None:
            return Constant(answer != swapped)
    if isinstance(condition, Operation) and condition.operator in ("and", "or", "not"):
        parts = tuple(_truth(operand, facts) for operand in condition.operands)
        return Operation(condition.operator, parts)
    return _value(condition, facts)


def _answer(asked: Term, known: Term, holds: bool) -> bool | None:
    """Whether a condition holds, given whether another one does; None where that is open."""
    if asked == known:
        return holds
    first, second = _comparison(asked), _comparison(known)
    if first is None or second is None or first[0] != second[0]:
        return None
    values = _representatives(first[1], second[1])
    answers = {first[2](value) for value in values if second[2](value) == holds}
    return answers.pop() if len(answers) == 1 else None


def _comparison(term: Term) -> tuple[Term, Any, Callable[[Any], bool]] | None:
    """Of a comparison with a constant: what is compared, the constant, and its outcome by value."""
    if not isinstance(term, Operation) or term.operator not in COMPARISONS:
        return None
    compute, (left, right) = COMPUTE[term.operator], term.operands
    if isinstance(right, Constant):
        return left, right.value, lambda value: compute(value, right.value)
    if isinstance(left, Constant):
        return right, left.value, lambda value: compute(left.value, value)
    return None


def _representatives(one: Any, other: Any) -> list[Any]:
    """A value for each way in which a value can lie to these two: one of them, or beside them."""
    if isinstance(one, str) and isinstance(other, str):
        return [one, other, one + other + "?"]
    if isinstance(one, str) or isinstance(other, str):
        return []
    low, high = sorted((one, other))
    return [low - 1, low, (low + high) / 2, high, high + 1]
