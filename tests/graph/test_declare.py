"""Declared parameters: what is legal, what is said about the rest, and wrong declarations."""

from __future__ import annotations

import math
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.declare import (
    MISSING,
    ArgumentError,
    Declared,
    Pair,
    Parameter,
    Sizes,
    build,
    check_arguments,
    declare,
    param,
    suggestion,
)
from graph.layer import Layer, layer, load_layers
from graph.registry import Registry, UnknownNameError


@declare
class Example(Declared):
    count: int = param(default=3, min=1, max=9, help="A count.")
    rate: float = param(default=0.5, above=0, max=1, help="A rate.")
    flag: bool = param(default=False, help="A flag.")
    mode: Literal["same", "valid", 1] = param(default="same", help="A mode.")
    pair: Pair = param(default=(2, 2), min=0, help="A pair.")
    sizes: Sizes = param(default=(1,), min=-1, help="Sizes.")
    words: str = param(default="", help="Words.")
    maybe: int | None = param(default=None, min=0, help="Perhaps a count.")


LEGAL = [
    ("count", 1, 1),
    ("count", 9, 9),
    ("rate", 1, 1.0),
    ("rate", 1e-9, 1e-9),
    ("flag", True, True),
    ("mode", "valid", "valid"),
    ("mode", 1, 1),
    ("pair", 4, (4, 4)),
    ("pair", [0, 4], (0, 4)),
    ("sizes", 4, (4,)),
    ("sizes", [1, 2, -1], (1, 2, -1)),
    ("words", "ä\n", "ä\n"),
    ("maybe", None, None),
    ("maybe", 0, 0),
]

ILLEGAL = [
    ("count", 0, "count must be a whole number from 1 to 9, but is 0"),
    ("count", 10, "from 1 to 9, but is 10"),
    ("count", 2.0, "a whole number from 1 to 9, but is 2.0"),
    ("count", True, "but is True"),
    ("count", "3", "but is '3'"),
    ("count", None, "but is None"),
    ("count", [3], "but is [3]"),
    ("rate", 0, "rate must be a number above 0 and at most 1, but is 0"),
    ("rate", 1.01, "but is 1.01"),
    ("rate", math.nan, "but is nan"),
    ("rate", math.inf, "but is inf"),
    ("rate", False, "but is False"),
    ("flag", 1, "flag must be true or false, but is 1"),
    ("flag", "yes", "but is 'yes'"),
    ("mode", "Valid", 'did you mean "valid"?'),
    ("mode", "other", "mode must be one of same, valid, 1, but is 'other'"),
    ("mode", True, "one of same, valid, 1, but is True"),
    ("mode", [], "but is []"),
    ("pair", 0.5, "a whole number or two of them (height, width), each at least 0"),
    ("pair", -1, "each at least 0, but is -1"),
    ("pair", (1,), "but is (1,)"),
    ("pair", (1, 2, 3), "but is (1, 2, 3)"),
    ("pair", (1, True), "but is (1, True)"),
    ("sizes", (), "sizes must be a list of whole numbers, each at least -1, but is ()"),
    ("sizes", (1, -2), "but is (1, -2)"),
    ("sizes", "12", "but is '12'"),
    ("words", 3, "words must be a text, but is 3"),
    ("maybe", -1, "a whole number of at least 0, or nothing, but is -1"),
]


@pytest.mark.parametrize(("name", "value", "normal"), LEGAL)
def test_legal_values_come_in_their_normal_form(name, value, normal):
    made = build(Example, {name: value})
    assert getattr(made, name) == normal
    assert type(getattr(made, name)) is type(normal)


@pytest.mark.parametrize(("name", "value", "words"), ILLEGAL)
def test_illegal_values_say_what_was_expected_and_what_came(name, value, words):
    with pytest.raises(ArgumentError) as error:
        build(Example, {name: value})
    assert words in str(error.value)
    assert error.value.parameter == name


def test_bounds_are_told_to_their_last_digit():
    @declare
    class Chance(Declared):
        seed: int = param(default=0, min=0, max=2**31 - 1, help="Where chance begins.")
        small: float = param(default=0.1, min=1e-8, max=0.1, help="A small number.")

    assert Chance.PARAMETERS["seed"].expects() == "a whole number from 0 to 2147483647"
    assert Chance.PARAMETERS["small"].expects() == "a number from 1e-08 to 0.1"


def test_long_values_are_cut():
    with pytest.raises(ArgumentError) as error:
        build(Example, {"count": "x" * 10_000})
    assert len(str(error.value)) < 200


def test_unknown_and_missing_arguments():
    @declare
    class Needs(Declared):
        size: int = param(min=1, help="Must be given.")

    values, errors = check_arguments(Needs.PARAMETERS, {"sise": 3})
    assert values == {}
    assert [str(error) for error in errors] == [
        'there is no parameter "sise"; did you mean "size"?',
        "size must be given: a whole number of at least 1",
    ]
    assert Needs.PARAMETERS["size"].required
    assert Needs.PARAMETERS["size"].default is MISSING


def test_all_faults_are_found_at_once():
    _, errors = check_arguments(
        Example.PARAMETERS, {"count": 0, "rate": 0, "other": 1, "flag": True}
    )
    assert [error.parameter for error in errors] == ["count", "rate", "other"]


ANYTHING = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=4)
    | st.lists(st.integers() | st.booleans() | st.none(), max_size=3)
    | st.dictionaries(st.text(max_size=2), st.integers(), max_size=1)
)


@given(name=st.sampled_from(list(Example.PARAMETERS)), value=ANYTHING)
def test_a_check_gives_the_normal_form_or_an_argument_error(name, value):
    parameter: Parameter = Example.PARAMETERS[name]
    try:
        normal = parameter.check(value)
    except ArgumentError:
        return
    assert parameter.check(normal) == normal
    hash(normal)


def test_only_what_differs_is_an_argument():
    assert build(Example, {}).changed_arguments() == {}
    assert build(Example, {"pair": 2, "count": 4}).changed_arguments() == {"count": 4}


def test_instances_are_frozen_and_comparable():
    one = build(Example, {"count": 4})
    assert one == build(Example, {"count": 4})
    assert hash(one) == hash(build(Example, {"count": 4}))
    with pytest.raises(AttributeError):
        one.count = 5


def test_labels():
    assert Example.PARAMETERS["count"].label == "Count"


@pytest.mark.parametrize(
    ("annotation", "made", "words"),
    [
        (int, lambda: 3, "needs param"),
        (int, lambda: param(default=3, help=""), "needs param"),
        (int, lambda: param(default=0, min=1, help="x"), "must be a whole number"),
        (Pair, lambda: param(default=2, help="x"), "normal form"),
        (dict, lambda: param(default=None, help="x"), "no parameter can have the type"),
        (int | str, lambda: param(default=1, help="x"), "has one type"),
    ],
)
def test_wrong_declarations_stop_the_import(annotation, made, words):
    cls = type("Wrong", (Declared,), {"__annotations__": {"value": annotation}, "value": made()})
    with pytest.raises((TypeError, ValueError), match=words):
        declare(cls)


def test_registry():
    registry: Registry[Example] = Registry("example")
    registry.add("One", Example)
    with pytest.raises(TypeError, match="declared twice"):
        registry.add("One", Example)
    with pytest.raises(UnknownNameError) as error:
        registry["one"]
    assert str(error.value) == 'there is no example "one"; did you mean "One"?'
    with pytest.raises(UnknownNameError, match="known are One"):
        registry["zzzzzz"]
    assert "One" in registry
    assert registry.get("Two") is None
    assert list(registry) == ["One"]


@pytest.mark.parametrize(
    ("wish", "expected"),
    [("conv2D", '; did you mean "Conv2d"?'), ("Relu", '; did you mean "ReLU"?'), ("zzzz", "")],
)
def test_suggestions(wish, expected):
    assert suggestion(wish, load_layers()) == expected


@pytest.mark.parametrize(
    ("keywords", "body", "words"),
    [
        ({"category": "nowhere"}, {"__doc__": "Help."}, "no category nowhere"),
        ({"category": "shape"}, {}, "needs a docstring"),
        (
            {"category": "shape"},
            {
                "__doc__": "Help.",
                "repeat": param(default=1, help="x"),
                "__annotations__": {"repeat": int},
            },
            "means something else in files",
        ),
    ],
)
def test_wrong_layers_stop_the_import(keywords, body, words):
    before = list(load_layers())
    with pytest.raises(TypeError, match=words):
        layer("Wrong", title="Wrong", **keywords)(type("Wrong", (Layer,), body))
    assert list(load_layers()) == before
