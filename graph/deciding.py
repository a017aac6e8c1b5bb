"""Edits that give an argument a value where it is decided: where a node of the network says
`= classes`, at the network's own parameter."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from graph.edits import node_of, set_argument
from graph.expression import Expression, ExpressionError, evaluate
from graph.ports import defaults_of
from graph.project_edits import set_block_parameter
from graph.state import MAIN, Project


def decided_by(project: Project, value: Any) -> str:
    """The parameter of the network that alone gives a value; empty where there is none."""
    if isinstance(value, Expression) and value.text in project.main.parameters:
        return value.text
    return ""


def decide(project: Project, node: str, parameter: str, value: Any) -> Project:
    """The project in which an argument of a node of the network has a value.

    What is given by one of the network's parameters stays so, and the parameter's default changes;
    an expression that gives the value already stays. Of several sizes each is decided by itself;
    where one parameter gives two of them that are to differ, the later one becomes a number.

    Raises:
        EditError: where the value is not legal.
    """
    written = node_of(project.main, node).arguments.get(parameter)
    if isinstance(value, tuple) and isinstance(written, tuple) and len(value) == len(written):
        elements: list[Any] = []
        for wanted, element in zip(value, written, strict=True):
            if decided_by(project, element) and element in elements:
                given = evaluate(element, defaults_of(project.main))
                elements.append(element if given == wanted else wanted)
                continue
            project, element = _decided(project, element, wanted)
            elements.append(element)
        return set_argument(project, MAIN, node, parameter, tuple(elements))
    project, made = _decided(project, written, value)
    return set_argument(project, MAIN, node, parameter, made)


def _decided(project: Project, written: Any, wanted: Any) -> tuple[Project, Any]:
    """The project, and what is to be written in it so that it gives the wanted value."""
    if not isinstance(written, Expression):
        return project, wanted
    try:
        if evaluate(written, defaults_of(project.main)) == wanted:
            return project, written
    except ExpressionError:
        # It gives no value at all, and the wanted one takes its place.
        return project, wanted
    name = decided_by(project, written)
    if not name:
        return project, wanted
    parameter = replace(project.main.parameters[name], default=wanted)
    return set_block_parameter(project, MAIN, name, parameter), written
