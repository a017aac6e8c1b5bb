"""The ports of a node, whatever it stands for: a layer, a block, or something unknown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from graph.declare import build
from graph.expression import ExpressionError, evaluate
from graph.layer import LAYERS, Layer, Port
from graph.sharing import deciding
from graph.state import Block, Link, Node, Project

_NUMBERED = re.compile(r"(.+)_([1-9][0-9]*)")

T = TypeVar("T")


def defaults_of(block: Block) -> dict[str, object]:
    """The values of a block's parameters when nobody gives any."""
    return {name: parameter.default for name, parameter in block.parameters.items()}


def layer_of(node: Node, values: dict[str, object] | None = None) -> Layer | None:
    """The layer with the node's arguments, as far as they are legal; defaults otherwise.

    Only good for ports: sizes and problems come from graph/inference.py.
    """
    cls = LAYERS.get(node.type)
    if node.is_block or cls is None:
        return None
    try:
        return build(cls, {k: evaluate(v, values or {}) for k, v in node.arguments.items()})
    except (ValueError, ExpressionError):
        try:
            return cls()
        except TypeError:
            return None


def input_ports(project: Project, node: Node, block: Block | None = None) -> tuple[Port, ...]:
    """The declared input ports; empty for an unknown layer or block."""
    if node.is_block:
        inner = project.blocks.get(node.type)
        names = inner.input_names() if inner else []
        return tuple(Port("in" if len(names) == 1 else name) for name in names)
    found = _layer_in(node, block)
    return found.inputs() if found else ()


def output_ports(project: Project, node: Node, block: Block | None = None) -> tuple[Port, ...]:
    """The declared output ports; empty for an unknown layer or block."""
    if node.is_block:
        inner = project.blocks.get(node.type)
        names = inner.output_names() if inner else []
        return tuple(Port("out" if len(names) == 1 else name) for name in names)
    found = _layer_in(node, block)
    return found.outputs() if found else ()


def _layer_in(node: Node, block: Block | None) -> Layer | None:
    if block is None:
        return layer_of(node)
    if node.settings.shares:
        node = deciding(block.nodes, node)
    return layer_of(node, defaults_of(block))


def split_number(port: str) -> tuple[str, int] | None:
    """`("in", 2)` for `in_2`; None for a port without a number."""
    match = _NUMBERED.fullmatch(port)
    return (match[1], int(match[2])) if match else None


def find_port(ports: Iterable[Port], name: str) -> Port | None:
    """The declared port that a link means by `name`; `in_2` belongs to a variadic `in`."""
    numbered = split_number(name)
    for port in ports:
        if port.name == name and not port.variadic:
            return port
        if port.variadic and numbered is not None and numbered[0] == port.name:
            return port
    return None


def in_order(ports: Iterable[Port], received: Mapping[str, T]) -> list[T | None]:
    """What the rules of a layer are called with: for every declared port what it receives, None
    for one that is not linked, and for a variadic one everything that it receives."""
    ordered: list[T | None] = []
    for port in ports:
        if port.variadic:
            numbered = [(number, name) for name in received if (number := split_number(name))]
            own = sorted((n, name) for (stem, n), name in numbered if stem == port.name)
            ordered += [received[name] for _, name in own]
        else:
            ordered.append(received.get(port.name))
    return ordered


def passing_input(inputs: Sequence[Port]) -> str:
    """The input whose value goes on where a node is left out: the first one."""
    first = inputs[0]
    return f"{first.name}_1" if first.variadic else first.name


def why_nothing_passes(inputs: Sequence[Port], outputs: Sequence[Port]) -> str:
    """Why a node cannot be left out, by bypass or by a condition; empty where it can."""
    if not inputs or not outputs:
        return "nothing goes through it"
    return "" if len(outputs) == 1 else f"that needs one output, and it has {len(outputs)}"


def free_name(port: Port, taken: Iterable[str]) -> str | None:
    """The name under which another link can enter this port; None where it is taken."""
    names = set(taken)
    if not port.variadic:
        return None if port.name in names else port.name
    numbers = [n[1] for n in map(split_number, names) if n is not None and n[0] == port.name]
    return f"{port.name}_{max(numbers, default=0) + 1}"


def shown_inputs(ports: Iterable[Port], taken: Iterable[str]) -> list[str]:
    """The names of the input ports that a canvas shows, in order: the linked numbers of a variadic
    port and one free place after them."""
    taken = set(taken)
    shown: list[str] = []
    for port in ports:
        if not port.variadic:
            shown.append(port.name)
            continue
        numbers = sorted(n[1] for n in map(split_number, taken) if n and n[0] == port.name)
        shown += [f"{port.name}_{number}" for number in numbers]
        shown.append(f"{port.name}_{max(numbers, default=0) + 1}")
    return shown


def close_gaps(project: Project, block: Block, name: str, links: list[Link]) -> list[Link]:
    """`in_1, in_3` becomes `in_1, in_2`: the order of the branches stays, the numbers are dense."""
    ports = input_ports(project, block.nodes[name], block)
    renamed: dict[Link, Link] = {}
    for port in ports:
        if not port.variadic:
            continue
        own = [
            (number[1], link)
            for link in links
            if link.target == name
            and (number := split_number(link.input)) is not None
            and number[0] == port.name
        ]
        for place, (_, link) in enumerate(sorted(own, key=lambda item: item[0]), start=1):
            renamed[link] = replace(link, input=f"{port.name}_{place}")
    return [renamed.get(link, link) for link in links]
