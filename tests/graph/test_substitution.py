"""Values and expressions in place of parameters."""

import pytest

from graph.expression import Expression, ExpressionError
from graph.state import Node
from graph.substitution import names_used, substitute, substituted


@pytest.mark.parametrize(
    ("text", "given", "result"),
    [
        ("channels * 2", {"channels": 8}, 16),
        ("channels * 2", {"channels": Expression("a + b")}, Expression("(a + b) * 2")),
        ("a - b", {"b": Expression("c - d")}, Expression("a - (c - d)")),
        ("n ** 2", {"n": -3}, 9),
        ("n ** 2 + m", {"n": -3}, Expression("(-3) ** 2 + m")),
        ("max(a, b) // 2", {"a": 7, "b": 4}, 3),
        ("max(a, 1)", {"max": 5}, Expression("max(a, 1)")),
        ("mode", {"mode": "zeros"}, "zeros"),
        ("flag", {"flag": True}, True),
        ("rate", {"rate": 0.5}, 0.5),
        ("a + b", {"c": 1}, Expression("a + b")),
        ("a / b", {"a": 1, "b": 0}, Expression("1 / 0")),
        ("a +", {"a": 1}, Expression("a +")),
    ],
)
def test_one_expression(text, given, result):
    found = substitute(Expression(text), given)
    assert found == result
    assert type(found) is type(result)


def test_elements_of_pairs():
    given = {"n": 2}
    assert substitute((Expression("n"), 3, Expression("m")), given) == (2, 3, Expression("m"))


def test_arguments_and_repeat_of_a_node():
    node = Node("a", "B", True, {"x": Expression("n"), "y": 1}, repeat=Expression("n * 2"))
    assert names_used(node) == {"n"}
    done = substituted(node, {"n": 3})
    assert (dict(done.arguments), done.repeat) == ({"x": 3, "y": 1}, 6)
    assert substituted(node, {"m": 3}) is node


def test_what_becomes_too_long_is_refused():
    long = Expression(" + ".join(["parameter"] * 15))
    with pytest.raises(ExpressionError, match="characters"):
        substitute(Expression("n * n"), {"n": long})
