"""Refusing values that a block's parameter does not have, in the constructor of its class."""

from __future__ import annotations

from codegen.python import INDENT, call_lines, literal
from graph.state import Block, listed_choices

_BODY = INDENT * 2


def choice_lines(block: Block) -> list[str]:
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
