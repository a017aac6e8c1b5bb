"""Expressions inside a node's arguments: which parameters they use, and other things in their
place."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from graph.conditional import condition_of
from graph.expression import LONGEST, Expression, ExpressionError, evaluate
from graph.node_settings import NodeSettings, changed
from graph.state import Node, frozen


def expressions_in(value: Any) -> list[Expression]:
    """The expressions that an argument is or contains."""
    if isinstance(value, tuple | list):
        return [found for element in value for found in expressions_in(element)]
    return [value] if isinstance(value, Expression) else []


def names_used(node: Node) -> set[str]:
    """The parameters that the node's expressions use; none of those that cannot be read."""
    found = [e for value in (*node.arguments.values(), node.repeat) for e in expressions_in(value)]
    if node.settings.only_if:
        found.append(condition_of(node))
    return {name for expression in found for name in _names(expression)}


def _names(expression: Expression) -> frozenset[str]:
    try:
        return expression.names()
    except ExpressionError:
        # The node says what is wrong with it.
        return frozenset()


def substitute(value: Any, given: Mapping[str, Any]) -> Any:
    """An argument with values or other expressions in place of some parameters.

    What no longer depends on a parameter becomes a plain value.

    Raises:
        ExpressionError: where the expression becomes too long.
    """
    if isinstance(value, tuple | list):
        return tuple(substitute(element, given) for element in value)
    if not isinstance(value, Expression) or not _names(value) & given.keys():
        return value
    if value.text in given:
        return given[value.text]
    tree = _Substitution(given).visit(ast.parse(value.text, mode="eval"))
    result = Expression(ast.unparse(tree))
    if len(result.text) > LONGEST:
        raise ExpressionError(f'"{result.text[:40]}..." would have more than {LONGEST} characters')
    try:
        return result if result.names() else evaluate(result, {})
    except ExpressionError:
        # As wrong as it was; the node says so.
        return result


class _Substitution(ast.NodeTransformer):
    def __init__(self, given: Mapping[str, Any]) -> None:
        self.given = given

    def visit_Call(self, node: ast.Call) -> ast.AST:
        # The name of a function is none of a parameter.
        node.args = [self.visit(argument) for argument in node.args]
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id not in self.given:
            return node
        value = self.given[node.id]
        if isinstance(value, Expression):
            return ast.parse(value.text, mode="eval").body
        if isinstance(value, int | float) and value < 0:
            # A constant of -3 would be written without the brackets that it needs in (-3) ** 2.
            return ast.UnaryOp(ast.USub(), ast.Constant(-value))
        return ast.Constant(value)


def substituted(node: Node, given: Mapping[str, Any]) -> Node:
    """The node with values or other expressions in place of some parameters.

    Raises:
        ExpressionError: where an expression becomes too long.
    """
    if not names_used(node) & given.keys():
        return node
    arguments = {name: substitute(value, given) for name, value in node.arguments.items()}
    return replace(
        node,
        arguments=frozen(arguments),
        repeat=substitute(node.repeat, given),
        settings=_substituted_settings(node, given),
    )


def _substituted_settings(node: Node, given: Mapping[str, Any]) -> NodeSettings:
    if not node.settings.only_if:
        return node.settings
    condition = substitute(condition_of(node), given)
    if isinstance(condition, bool):
        # No parameter is left that it could depend on.
        bypassed = node.settings.bypassed or not condition
        return changed(node.settings, only_if="", bypassed=bypassed)
    text = condition.text if isinstance(condition, Expression) else str(condition)
    return changed(node.settings, only_if=text)
