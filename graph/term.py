"""Expressions over symbols: their parts, their text, and their simplest form.

What carries an expression around is in graph/trace.py; expressions that people write into a field
are read in graph/expression.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
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


# --- bringing an expression into its simplest form ---------------------------------------------

_Monomial = tuple[tuple[str, int], ...]


class _Polynomial:
    """A sum of products of atoms with whole coefficients: {((name, power), ...): coefficient}.

    Atoms are symbols, or the text of an operation that is not a polynomial (a rounded division).
    """

    def __init__(self, terms: dict[_Monomial, int], atoms: dict[str, Term]) -> None:
        self.terms = {monomial: factor for monomial, factor in terms.items() if factor}
        self.atoms = atoms

    @classmethod
    def constant(cls, value: int) -> _Polynomial:
        return cls({(): value}, {})

    @classmethod
    def atom(cls, term: Term) -> _Polynomial:
        name = to_text(term)
        return cls({((name, 1),): 1}, {name: term})

    def value(self) -> int | None:
        """The number, where nothing but a number is left."""
        if not self.terms:
            return 0
        if set(self.terms) == {()}:
            return self.terms[()]
        return None

    def plus(self, other: _Polynomial, factor: int = 1) -> _Polynomial:
        terms = dict(self.terms)
        for monomial, coefficient in other.terms.items():
            terms[monomial] = terms.get(monomial, 0) + factor * coefficient
        return _Polynomial(terms, self.atoms | other.atoms)

    def times(self, other: _Polynomial) -> _Polynomial:
        terms: dict[_Monomial, int] = {}
        for left, left_factor in self.terms.items():
            for right, right_factor in other.terms.items():
                powers = dict(left)
                for name, power in right:
                    powers[name] = powers.get(name, 0) + power
                monomial = tuple(sorted(powers.items()))
                terms[monomial] = terms.get(monomial, 0) + left_factor * right_factor
        return _Polynomial(terms, self.atoms | other.atoms)

    def floor_divide(self, divisor: int) -> _Polynomial:
        """Rounded-down division by a positive number: whole parts are taken out
        ((2·h + 3) // 2 = h + 1) and divisions of divisions joined
        ((h // 2 + 1) // 2 = (h + 2) // 4).
        """
        whole = {m: c // divisor for m, c in self.terms.items() if m == () or c % divisor == 0}
        rest = {m: c for m, c in self.terms.items() if m != () and c % divisor}
        remainder = self.terms.get((), 0) % divisor
        if not rest:
            return _Polynomial(whole, self.atoms)
        outside = _Polynomial(whole, self.atoms)
        inner = _Polynomial(rest | {(): remainder}, self.atoms)
        joined = inner._joined_division(divisor)
        if joined is None:
            joined = _Polynomial.atom(Operation("//", (inner.to_term(), Constant(divisor))))
        return outside.plus(joined)

    def _joined_division(self, divisor: int) -> _Polynomial | None:
        others = [monomial for monomial in self.terms if monomial != ()]
        if len(others) != 1 or self.terms[others[0]] != 1 or len(others[0]) != 1:
            return None
        (name, power), *_ = others[0]
        inner = self.atoms[name]
        if power != 1 or not isinstance(inner, Operation) or inner.operator != "//":
            return None
        if not isinstance(inner.operands[1], Constant):
            return None
        first = inner.operands[1].value
        offset = _Polynomial.constant(self.terms.get((), 0) * first)
        dividend = _polynomial(inner.operands[0])
        return None if dividend is None else dividend.plus(offset).floor_divide(first * divisor)

    def to_term(self) -> Term:
        """The sum in a stable order: higher powers first, then by name, the constant last."""
        ordered = sorted(
            self.terms.items(), key=lambda item: (-sum(p for _, p in item[0]), item[0])
        )
        ordered.sort(key=lambda item: item[1] < 0)  # a sum reads best when it starts positive
        result: Term | None = None
        for monomial, factor in ordered:
            product = self._product(monomial, abs(factor) if result is not None else factor)
            if result is None:
                result = product
            else:
                result = Operation("-" if factor < 0 else "+", (result, product))
        return Constant(0) if result is None else result

    def _product(self, monomial: _Monomial, factor: int) -> Term:
        result: Term | None = None if factor == 1 and monomial else Constant(factor)
        for name, power in monomial:
            atom = self.atoms[name]
            base = atom if power == 1 else Operation("**", (atom, Constant(power)))
            result = base if result is None else Operation("*", (result, base))
        assert result is not None  # noqa: S101 - a monomial without atoms keeps its factor
        return result


def _polynomial(term: Term) -> _Polynomial | None:
    """The term as a polynomial; None where it holds anything but whole numbers."""
    if isinstance(term, Symbol):
        return _Polynomial.atom(term)
    if isinstance(term, Constant):
        whole = isinstance(term.value, int) and not isinstance(term.value, bool)
        return _Polynomial.constant(term.value) if whole else None
    if term.operator == "if":
        return _conditional(term)
    parts = [_polynomial(operand) for operand in term.operands]
    known = [part for part in parts if part is not None]
    if len(known) != len(parts) or term.operator == "/":
        return None
    if len(known) != 2:
        return _Polynomial.atom(Operation(term.operator, tuple(p.to_term() for p in known)))
    return _operate(term.operator, known[0], known[1])


def _conditional(term: Operation) -> _Polynomial | None:
    """A choice between numbers; the choices within it that the same condition decides are made."""
    condition, holding, otherwise = term.operands
    condition, swapped = _affirmed(_reduced(condition))
    if swapped:
        holding, otherwise = otherwise, holding
    parts = (
        _polynomial(_assuming(holding, condition, True)),
        _polynomial(_assuming(otherwise, condition, False)),
    )
    if isinstance(condition, Constant):
        return parts[0 if condition.value else 1]
    if parts[0] is None or parts[1] is None:
        return None
    terms = parts[0].to_term(), parts[1].to_term()
    if terms[0] == terms[1]:
        return parts[0]
    return _Polynomial.atom(Operation("if", (condition, *terms)))


def _reduced(condition: Term) -> Term:
    """A condition without what is known in it: `a and not False` is `a`."""
    if not isinstance(condition, Operation):
        return condition
    operator = condition.operator
    parts = tuple(_reduced(operand) for operand in condition.operands)
    known = [part for part in parts if isinstance(part, Constant)]
    if operator == "not" and known:
        return Constant(not known[0].value)
    if operator in ("and", "or") and known:
        decided = [part for part in known if bool(part.value) == (operator == "or")]
        return decided[0] if decided else parts[0 if known[0] is parts[1] else 1]
    if operator in COMPARISONS and len(known) == 2:
        return Constant(COMPUTE[operator](known[0].value, known[1].value))
    return Operation(operator, parts)


def assuming(term: Term, condition: Term) -> Term:
    """The term where a condition holds: what the condition decides in it is decided."""
    affirmed, swapped = _affirmed(condition)
    return _assuming(term, affirmed, not swapped)


def _affirmed(condition: Term) -> tuple[Term, bool]:
    """A condition or its opposite, whichever is said without `not` and `!=`; whether it is the
    opposite."""
    if isinstance(condition, Operation) and condition.operator == "not":
        inner, swapped = _affirmed(condition.operands[0])
        return inner, not swapped
    if isinstance(condition, Operation) and condition.operator == "!=":
        return Operation("==", condition.operands), True
    return condition, False


def _assuming(term: Term, condition: Term, holds: bool) -> Term:
    """The term where a condition is known to hold, or not to."""
    if not isinstance(term, Operation):
        return term
    if term.operator == "if":
        own, swapped = _affirmed(term.operands[0])
        if own == condition:
            return _assuming(term.operands[1 if holds != swapped else 2], condition, holds)
    return Operation(
        term.operator, tuple(_assuming(operand, condition, holds) for operand in term.operands)
    )


def _operate(operator: str, left: _Polynomial, right: _Polynomial) -> _Polynomial:
    number = right.value()
    if operator == "+":
        return left.plus(right)
    if operator == "-":
        return left.plus(right, factor=-1)
    if operator == "*":
        return left.times(right)
    if operator == "//" and number is not None and number > 0:
        return left.floor_divide(number)
    if operator == "**" and number is not None and 0 <= number <= 4:
        return _power(left, number)
    base = left.value()
    if base is not None and number is not None and (number or operator not in ("//", "%")):
        function = {"min": min, "max": max}.get(operator) or COMPUTE[operator]
        return _Polynomial.constant(function(base, number))
    return _Polynomial.atom(Operation(operator, (left.to_term(), right.to_term())))


def _power(base: _Polynomial, exponent: int) -> _Polynomial:
    result = _Polynomial.constant(1)
    for _ in range(exponent):
        result = result.times(base)
    return result


def simplified(term: Term) -> Term:
    """An equal term in its simplest, canonical form; terms with fractions are left as they are."""
    polynomial = _polynomial(term)
    return term if polynomial is None else polynomial.to_term()
