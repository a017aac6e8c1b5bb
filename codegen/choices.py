"""Refusing values of a block's parameters that cannot be, in the constructor of its class."""

from __future__ import annotations

from codegen.python import (
    INDENT,
    call_lines,
    condition_lines,
    expression_text,
    literal,
    text_call_lines,
    value_text,
)
from graph.results import BlockResult
from graph.state import Block, listed_choices
from graph.term import Constant, Operation
from graph.trace import term_of

_BODY = INDENT * 2


def refusal_lines(block: Block, result: BlockResult) -> list[str]:
    """Lines that raise a `ValueError` for arguments with which there is no such network."""
    return [*_choice_lines(block), *_impossible_lines(result)]


def _choice_lines(block: Block) -> list[str]:
    """Lines that raise a `ValueError` where an argument is none of its parameter's choices.

    Without them a mistyped choice would quietly be another network.
    """
    lines = []
    for name, parameter in block.parameters.items():
        if parameter.choices:
            legal = [literal(choice) for choice in parameter.choices]
            if len(legal) == 1:
                legal = [f"{legal[0]},"]
            message = literal(f"{name} must be {listed_choices(parameter.choices)}")
            lines += call_lines(f"{_BODY}if {name} not in (", legal, "):")
            lines += call_lines(f"{_BODY}{INDENT}raise ValueError(", [message])
    return lines


def _impossible_lines(result: BlockResult) -> list[str]:
    """Lines that raise a `ValueError` where a condition holds whose node would not fit.

    It is not in the code, so that without them it would quietly be missing.
    """
    lines = []
    told: set[str] = set()
    for node in result.nodes.values():
        if node.impossible and node.impossible not in told:
            told.add(node.impossible)
            condition = value_text(node.condition)
            # Literals are ASCII, in which a size reads best so.
            text = node.impossible.replace("×", "x")
            message = f"{condition} does not fit the input: {text}"
            lines += condition_lines(f"{_BODY}if ", condition)
            lines += text_call_lines(f"{_BODY}{INDENT}raise ValueError(", message)
    return lines


def other_number_lines(name: str, repeat: int, indent: str) -> list[str]:
    """Lines that raise a `ValueError` where a node is to be repeated another number of times than
    is drawn, because no rule says how the repetitions differ.

    Args:
        repeat: how often, traced: the number that is drawn, and the expression that gives it.
    """
    another = Operation("!=", (term_of(repeat), Constant(int(repeat))))
    message = (
        f"{value_text(repeat)} must be {int(repeat)}: the repetitions of {name} differ, "
        "so that each is written out"
    )
    return [
        *condition_lines(f"{indent}if ", expression_text(another)),
        *text_call_lines(f"{indent}{INDENT}raise ValueError(", message),
    ]
