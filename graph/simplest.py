"""Bringing an expression into its simplest form, the same for all that are equal where that can be
seen."""

from __future__ import annotations

from graph.term import COMPUTE, Constant, Operation, Symbol, Term, to_text
from graph.truth import affirmed, assuming, reduced

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
    condition, swapped = affirmed(reduced(condition))
    if swapped:
        holding, otherwise = otherwise, holding
    parts = (
        _polynomial(assuming(holding, condition)),
        _polynomial(assuming(otherwise, condition, holds=False)),
    )
    if isinstance(condition, Constant):
        return parts[0 if condition.value else 1]
    if parts[0] is None or parts[1] is None:
        return None
    terms = parts[0].to_term(), parts[1].to_term()
    if terms[0] == terms[1]:
        return parts[0]
    return _Polynomial.atom(Operation("if", (condition, *terms)))


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
    if operator == "//" and number is None and len(right.terms) == 1:
        ((monomial, factor),) = right.terms.items()
        count = left.terms.get(monomial, 0)
        if factor == 1 and count:  # (a + d) // d is a // d + 1
            rest = _operate("//", left.plus(right, factor=-count), right)
            return rest.plus(_Polynomial.constant(count))
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
