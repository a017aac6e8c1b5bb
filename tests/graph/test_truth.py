"""What a condition decides of others: never more than is true, and what generated code needs."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from graph.expression import Expression
from graph.simplest import simplified
from graph.term import Symbol, Term, to_text
from graph.trace import term_of, traced
from graph.truth import assuming, implied

VALUES = {"depth": 3, "width": 8, "mode": "a", "deep": True}


def term(text: str) -> Term:
    return term_of(Expression(text).evaluate({k: traced(v, Symbol(k)) for k, v in VALUES.items()}))


COMPARISONS = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
NUMBERS = st.sampled_from(["depth", "width"])
CONDITIONS = st.recursive(
    st.builds("{} {} {}".format, NUMBERS, COMPARISONS, st.integers(1, 5))
    | st.builds("{} {} depth".format, st.integers(1, 5), COMPARISONS)
    | st.builds("mode {} {!r}".format, st.sampled_from(["==", "!="]), st.sampled_from("abc"))
    | st.sampled_from(["deep", "width > depth"]),
    lambda inner: (
        st.builds("({} and {})".format, inner, inner)
        | st.builds("({} or {})".format, inner, inner)
        | st.builds("not ({})".format, inner)
    ),
    max_leaves=4,
)  # fmt: skip
SIZES = st.recursive(
    st.sampled_from(["width", "2 * width", "depth", "7"]),
    lambda inner: (
        st.builds("({} if {} else {})".format, inner, CONDITIONS, inner)
        | st.builds("({} + {})".format, inner, inner)
    ),
    max_leaves=5,
)
SOME = st.fixed_dictionaries(
    {
        "depth": st.integers(0, 6),
        "width": st.integers(0, 6),
        "mode": st.sampled_from("abcd"),
        "deep": st.booleans(),
    }
)


@given(size=SIZES, condition=CONDITIONS, values=SOME)
def test_an_assumption_that_is_true_changes_no_value(size, condition, values):
    holds = eval(condition, {}, values)
    assumed = assuming(term(size), term(condition), holds)
    for one in (assumed, simplified(assumed), simplified(term(size))):
        assert eval(to_text(one), {}, values) == eval(size, {}, values)


@given(asked=CONDITIONS, condition=CONDITIONS, values=SOME)
def test_what_is_implied_is_true(asked, condition, values):
    assume(implied(term(asked), term(condition)))
    assert not eval(condition, {}, values) or eval(asked, {}, values)


@pytest.mark.parametrize(
    ("condition", "size", "known"),
    [
        ("depth >= 3", "8 if depth >= 2 else width", "8"),
        ("depth >= 3", "8 if depth < 3 else width", "width"),
        ("depth >= 3", "8 if depth >= 4 else width", "8 if depth >= 4 else width"),
        ("depth < 3", "8 if depth >= 4 or deep else width", "8 if deep else width"),
        ("depth < 3", "8 if depth == 5 else width", "width"),
        ("3 <= depth", "8 if depth > 2 else width", "8"),
        ("depth == 4", "8 if 2 < depth < 5 else width", "8"),
        ("mode == 'a'", "8 if mode != 'b' else width", "8"),
        ("mode != 'a'", "8 if mode == 'b' else width", '8 if mode == "b" else width'),
        ("deep and depth > 3", "8 if depth > 2 else width", "8"),
        ("deep and depth > 3", "8 if not deep else width", "width"),
        ("not (deep or depth > 3)", "8 if deep or depth > 3 else width", "width"),
        ("mode == 'a'", "8 if depth > 2 else width", "8 if depth > 2 else width"),
    ],
)
def test_what_is_decided(condition, size, known):
    assert to_text(simplified(assuming(term(size), term(condition)))) == known


def test_deep_levels_know_those_above():
    size = term("(8 if depth >= 4 else 4) if depth >= 3 else (8 if depth >= 4 else 2)")
    assert to_text(simplified(size)) == "(8 if depth >= 4 else 4) if depth >= 3 else 2"
    assert to_text(simplified(assuming(size, term("depth >= 5")))) == "8"
