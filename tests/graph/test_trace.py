"""Size arithmetic that remembers how it was computed, against Python's own arithmetic."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.shapes import TensorSpec, product, size_text
from graph.simplest import simplified
from graph.term import Constant, Operation, Symbol, Term, substitute, symbols, to_text
from graph.trace import (
    ceil_divide,
    is_symbolic,
    largest,
    plain,
    smallest,
    term_of,
    traced,
)

NAMES = ("a", "b", "c")

BINARY = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "//": lambda a, b: a // b,
    "%": lambda a, b: a % b,
    "min": smallest,
    "max": largest,
    "ceil": ceil_divide,
}


class Sum:
    """An arithmetic expression as Python's own syntax, and what to do for it."""

    def __init__(self, operator: str, left: Any, right: Any) -> None:
        self.operator, self.left, self.right = operator, left, right

    def compute(self, values: dict[str, Any]) -> Any:
        left, right = compute(self.left, values), compute(self.right, values)
        return BINARY[self.operator](left, right)

    def __repr__(self) -> str:
        return f"({self.left!r} {self.operator} {self.right!r})"


def compute(what: Any, values: dict[str, Any]) -> Any:
    if isinstance(what, Sum):
        return what.compute(values)
    return values[what] if isinstance(what, str) else what


SUMS = st.recursive(
    st.sampled_from(NAMES) | st.integers(-3, 12),
    lambda inner: st.builds(Sum, st.sampled_from(sorted(BINARY)), inner, inner),
    max_leaves=8,
)
VALUES = st.fixed_dictionaries({name: st.integers(1, 40) for name in NAMES})


def python(term: Term, values: dict[str, int]) -> Any:
    """A term's text, computed by Python."""
    return eval(to_text(term), {"min": min, "max": max, "__builtins__": {}}, dict(values))


@given(what=SUMS, values=VALUES)
def test_a_traced_number_is_the_number_and_its_text_computes_it(what, values):
    try:
        expected = compute(what, values)
    except ZeroDivisionError:
        with pytest.raises(ZeroDivisionError):
            compute(what, {name: traced(v, Symbol(name)) for name, v in values.items()})
        return
    found = compute(what, {name: traced(value, Symbol(name)) for name, value in values.items()})
    assert found == expected
    assert plain(found) == expected
    assert type(plain(found)) is int
    assert python(term_of(found), values) == expected


@given(what=SUMS, values=VALUES, others=VALUES)
def test_the_simplest_form_is_equal_for_all_values(what, values, others):
    """Also for values other than those from which it was made: that is what a class for many uses
    of a block stands on."""
    try:
        found = compute(what, {name: traced(v, Symbol(name)) for name, v in values.items()})
        expected = compute(what, others)
    except ZeroDivisionError:
        return
    simple = simplified(term_of(found))
    assert python(simple, others) == expected
    assert simplified(simple) == simple
    assert symbols(simple) <= symbols(term_of(found))


@given(what=SUMS, values=VALUES)
def test_substitution_computes_in_two_steps(what, values):
    try:
        found = compute(what, {name: traced(v, Symbol(name)) for name, v in values.items()})
    except ZeroDivisionError:
        return
    inner = {name: Operation("+", (Symbol("z"), Constant(values[name] - 7))) for name in NAMES}
    replaced = substitute(term_of(found), inner)
    assert symbols(replaced) <= {"z"}
    assert python(replaced, {"z": 7}) == plain(found)


A, B, C = (Symbol(name) for name in NAMES)


def op(operator: str, *operands: Any) -> Term:
    return Operation(
        operator, tuple(x if not isinstance(x, int) else Constant(x) for x in operands)
    )


@pytest.mark.parametrize(
    ("term", "simple"),
    [
        (op("+", op("*", A, 2), A), "3 * a"),
        (op("-", A, A), "0"),
        (op("//", op("+", op("*", A, 2), 3), 2), "a + 1"),
        (op("//", op("+", op("//", A, 2), 1), 2), "(a + 2) // 4"),
        (op("*", A, op("*", B, A)), "a**2 * b"),
        (op("-", 3, A), "3 - a"),
        (op("*", op("+", A, 1), op("-", A, 1)), "a**2 - 1"),
        (op("min", A, 3), "min(a, 3)"),
        (op("//", 7, 2), "3"),
        (op("//", A, 0), "a // 0"),
        (op("+", op("//", op("-", A, B), B), 1), "a // b"),
        (op("//", op("+", op("*", B, 3), 1), B), "1 // b + 3"),
        (op("+", op("-", op("+", op("*", 2, 1), A), 3), 1), "a"),
    ],
)
def test_simplest_forms(term, simple):
    assert to_text(simplified(term)) == simple


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (op("-", A, op("-", B, C)), "a − (b − c)"),
        (op("-", op("-", A, B), C), "a − b − c"),
        (op("*", op("+", A, B), C), "(a + b)·c"),
        (op("//", op("+", A, B), 2), "⌊(a + b) / 2⌋"),
        (op("//", A, op("*", B, C)), "⌊a / (b·c)⌋"),
        (op("+", 1000, A), "1,000 + a"),
        (op("*", -2, A), "(-2)·a"),
        (op("max", A, op("+", B, 1)), "max(a, b + 1)"),
    ],
)
def test_mathematics(term, text):
    assert to_text(term, mathematical=True) == text


@given(values=VALUES)
def test_powers_keep_their_order(values):
    term = op("**", op("**", A, 2), 2)
    assert python(term, values) == (values["a"] ** 2) ** 2
    assert python(op("**", op("-", 0, A), 2), values) == values["a"] ** 2
    assert (
        python(simplified(op("**", op("+", A, B), 3)), values) == (values["a"] + values["b"]) ** 3
    )


def test_other_values_carry_expressions_too():
    flag, rate, words = traced(True, A), traced(0.5, B), traced("same", C)
    assert plain(flag) is True
    assert plain(rate) == 0.5
    assert type(plain(rate)) is float
    assert type(plain(words)) is str
    assert plain((flag, [rate])) == (True, [0.5])
    assert is_symbolic((1, rate))
    assert not is_symbolic((1, traced(2)))
    assert not flag != True  # noqa: E712, SIM202 - it is not the object True
    assert traced(None) is None
    assert to_text(term_of(rate * 2)) == "b * 2"
    assert to_text(term_of(2 / rate)) == "2 / b"
    assert to_text(term_of(-traced(3, A))) == "0 - a"


def test_traced_numbers_refuse_what_numbers_refuse():
    with pytest.raises(TypeError):
        traced(3, A) + "x"
    with pytest.raises(ZeroDivisionError):
        traced(3, A) // 0


# --- sizes ---------------------------------------------------------------------------------------


@given(sizes=st.lists(st.integers(1, 9), max_size=5))
def test_specs_count_and_read_their_sizes(sizes):
    spec = TensorSpec(tuple(sizes))
    expected = 1
    for size in sizes:
        expected *= size
    assert spec.elements == product(sizes) == expected
    assert spec.rank == len(sizes)
    assert str(spec) == ("×".join(map(str, sizes)) if sizes else "one number")


def test_specs():
    spec = TensorSpec((3, 4), "integer")
    assert spec.channels == 3
    assert spec.with_sizes(1) == TensorSpec((1,), "integer")
    assert size_text((traced(3, A), 4)) == "3×4"
    assert to_text(term_of(product([traced(3, A), traced(4, B)]))) == "a * b"
