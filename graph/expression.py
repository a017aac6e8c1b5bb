"""Arithmetic that people write into a field: `= channels * 2`, `= 1 if stride == 16 else 2`.

Parsed with `ast`, checked against a short list of what is allowed, and computed here; never run as
Python, so that opening a file cannot run code.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graph.declare import suggestion
from graph.term import COMPUTE
from graph.trace import decided, either, largest, plain, smallest, term_of, traced

LONGEST = 200
LARGEST_NUMBER = 10**12

_OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
}

FUNCTIONS: Mapping[str, Callable[[Any, Any], Any]] = {"min": smallest, "max": largest}
"""What expressions can call, each with two numbers or more."""

_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}


class ExpressionError(ValueError):
    """An expression that cannot be read or computed; the text says where and why."""


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression over the parameters of a block; in a file it starts with `=`."""

    text: str

    def __str__(self) -> str:
        return f"= {self.text}"

    def names(self) -> frozenset[str]:
        """The parameters that it uses.

        Raises:
            ExpressionError: where it cannot be read.
        """
        tree = _parse(self.text)
        calls = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        return frozenset(
            node.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Name) and id(node) not in calls
        )

    def evaluate(self, values: Mapping[str, Any]) -> Any:
        """The value, given those of the parameters; traced values give a traced one.

        Raises:
            ExpressionError: where it cannot be read or computed.
        """
        try:
            return _Evaluator(self.text, values).visit(_parse(self.text))
        except ZeroDivisionError:
            raise ExpressionError(f'"{self.text}" divides by zero') from None
        except OverflowError:
            raise ExpressionError(f'"{self.text}" gives a number that is too large') from None


def is_expression_text(value: object) -> bool:
    """Whether a text from a file or field is meant as an expression."""
    return isinstance(value, str) and value.lstrip().startswith("=")


def read_expression(text: str) -> Expression:
    """The expression in `= channels * 2`, with its spaces in order.

    Raises:
        ExpressionError: where it cannot be read.
    """
    inner = text.strip().removeprefix("=").strip()
    return Expression(ast.unparse(_parse(inner)))


def expression_parts(text: str) -> list[str]:
    """The texts of `= width, 256` one by one, those that use names with their `=`; the whole text
    where it is one expression.

    Raises:
        ExpressionError: where it cannot be read.
    """
    tree = _parse(text.strip().removeprefix("=").strip())
    if not isinstance(tree, ast.Tuple):
        return [text]
    parts = [Expression(ast.unparse(element)) for element in tree.elts]
    return [str(part) if part.names() else part.text for part in parts]


def evaluate(value: Any, values: Mapping[str, Any]) -> Any:
    """The value of an argument that may be, or contain, expressions.

    Raises:
        ExpressionError: where one of them cannot be computed.
    """
    if isinstance(value, Expression):
        return value.evaluate(values)
    if isinstance(value, tuple | list):
        return tuple(evaluate(element, values) for element in value)
    return value


def contains_expression(value: Any) -> bool:
    """Whether an argument depends on the parameters of its block."""
    if isinstance(value, tuple | list):
        return any(contains_expression(element) for element in value)
    return isinstance(value, Expression)


@functools.lru_cache(maxsize=4096)
def _parse(text: str) -> ast.expr:
    if len(text) > LONGEST:
        raise ExpressionError(f"an expression may have {LONGEST} characters, this has {len(text)}")
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ExpressionError(
            f'"{text}" is not an expression; write for example channels * 2'
        ) from None


class _Evaluator:
    """Walks the tree; every kind of node that is not named here is refused."""

    def __init__(self, text: str, values: Mapping[str, Any]) -> None:
        self.text = text
        self.values = values

    def visit(self, node: ast.expr) -> Any:
        method = getattr(self, f"visit_{type(node).__name__}", None)
        if method is None:
            raise ExpressionError(
                f'"{self.text}" uses something that is not allowed; an expression may use numbers, '
                f"texts, the block's parameters, + - * / // % **, min and max, comparisons with "
                f"and, or, not, and a if condition else b"
            )
        return method(node)

    def visit_Constant(self, node: ast.Constant) -> Any:  # noqa: N802 - ast's name
        if isinstance(node.value, bool | int | float):
            return self._within(node.value)
        if isinstance(node.value, str):
            return node.value
        raise ExpressionError(f'"{self.text}" may only contain numbers, texts and names')

    def visit_Name(self, node: ast.Name) -> Any:  # noqa: N802 - ast's name
        if node.id not in self.values:
            hint = suggestion(node.id, self.values)
            known = f" (known are {', '.join(self.values)})" if self.values and not hint else ""
            raise ExpressionError(f'the block has no parameter "{node.id}"{known}{hint}')
        return self.values[node.id]

    def visit_UnaryOp(self, node: ast.UnaryOp) -> Any:  # noqa: N802 - ast's name
        if isinstance(node.op, ast.Not):
            return decided("not", self._truth(node.operand))
        value = self._number(node.operand)
        if isinstance(node.op, ast.USub):
            return 0 - value
        if isinstance(node.op, ast.UAdd):
            return value
        raise ExpressionError(f'"{self.text}" uses an operator that is not allowed')

    def visit_BinOp(self, node: ast.BinOp) -> Any:  # noqa: N802 - ast's name
        operator = _OPERATORS.get(type(node.op))
        if operator is None:
            raise ExpressionError(f'"{self.text}" uses an operator that is not allowed')
        left, right = self._number(node.left), self._number(node.right)
        if operator == "**" and not (isinstance(right, int) and 0 <= right <= 16):
            raise ExpressionError(
                f'"{self.text}": an exponent must be a whole number from 0 to 16, not {right}'
            )
        return self._within(COMPUTE[operator](left, right))

    def visit_Call(self, node: ast.Call) -> Any:  # noqa: N802 - ast's name
        function = FUNCTIONS.get(getattr(node.func, "id", ""))
        if function is None or len(node.args) < 2 or node.keywords:
            raise ExpressionError(f'"{self.text}" may call only min(a, b) and max(a, b)')
        return functools.reduce(function, [self._number(argument) for argument in node.args])

    def visit_Compare(self, node: ast.Compare) -> Any:  # noqa: N802 - ast's name
        left, result = self.visit(node.left), None
        for operator, comparator in zip(node.ops, node.comparators, strict=True):
            name, right = _COMPARISONS.get(type(operator)), self.visit(comparator)
            if name is None:
                raise ExpressionError(f'"{self.text}" uses an operator that is not allowed')
            sorts = {_sort(left), _sort(right)}
            if len(sorts) > 1:
                raise ExpressionError(f'"{self.text}" compares {" with ".join(sorted(sorts))}')
            if sorts != {"a number"} and name not in ("==", "!="):
                raise ExpressionError(f'"{self.text}" may only use {name} between numbers')
            found = decided(name, left, right)
            result = found if result is None else decided("and", result, found)
            left = right
        return result

    def visit_BoolOp(self, node: ast.BoolOp) -> Any:  # noqa: N802 - ast's name
        name = "and" if isinstance(node.op, ast.And) else "or"
        truths = [self._truth(value) for value in node.values]
        return functools.reduce(functools.partial(decided, name), truths)

    def visit_IfExp(self, node: ast.IfExp) -> Any:  # noqa: N802 - ast's name
        # Both are computed: generated code has both.
        return either(self._truth(node.test), self.visit(node.body), self.visit(node.orelse))

    def _truth(self, node: ast.expr) -> Any:
        value = self.visit(node)
        if _sort(value) != "a truth value":
            raise ExpressionError(f'"{self.text}" needs true or false where it has {value!r}')
        return value

    def _number(self, node: ast.expr) -> Any:
        value = self.visit(node)
        if not isinstance(value, int | float):
            raise ExpressionError(f'"{self.text}" computes with {value!r}, which is not a number')
        if getattr(value, "is_truth_value", False):
            # Python computes with true as 1, and so must its expression.
            value = traced(int(value), term_of(value))
        return self._within(value)

    def _within(self, value: Any) -> Any:
        if abs(value) > LARGEST_NUMBER:
            raise ExpressionError(f'"{self.text}" gives a number that is too large')
        return value


def _sort(value: Any) -> str:
    value = plain(value)
    if isinstance(value, bool):
        return "a truth value"
    return "a text" if isinstance(value, str) else "a number"
