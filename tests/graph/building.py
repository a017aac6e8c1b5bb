"""Projects made in a few lines, random edits of them, and what must hold for every state."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from graph.direction import ARRANGEMENTS
from graph.dots import Dot, add_dot, move_dots, remove_dots
from graph.edits import (
    EditError,
    add_node,
    move_nodes,
    remove_nodes,
    rename_node,
    set_argument,
    set_repeat,
    with_block,
)
from graph.expression import Expression
from graph.files import from_text
from graph.grouping import group_nodes
from graph.initialization import INITIALIZATIONS, Initialization
from graph.layer import load_layers
from graph.layout import turn
from graph.links import connect, insert_on_link, remove_links
from graph.node_settings import SETTINGS, NodeSettings, changed, read_setting
from graph.placing import add_after, insert_with_room
from graph.ports import input_ports, output_ports
from graph.project_edits import set_block_parameter
from graph.removal import remove_selection
from graph.room import set_expanded
from graph.setting_edits import set_setting
from graph.state import MAIN, BlockParameter, Link, Project, check_name, frozen
from tests.graph.layer_settings import value_of

LAYERS = load_layers()

BODY = """
  Double:
    parameters: {width: 4, kernel: 3}
    nodes:
      entry: {layer: Input, shape: [2, 8, 8]}
      conv1: {layer: Conv2d, out_channels: = width, kernel_size: = kernel, padding: 1}
      relu1: {layer: ReLU}
      conv2: {layer: Conv2d, out_channels: = width * 2, padding: 1}
      leave: {layer: Output}
    links: [entry -> conv1, conv1 -> relu1, relu1 -> conv2, conv2 -> leave]
  Outer:
    parameters: {size: 3}
    nodes:
      entry: {layer: Input, shape: [2, 8, 8]}
      one: {block: Double, width: = size}
      join: {layer: Concat}
      leave: {layer: Output}
    links: [entry -> one, one -> join.in_1, entry -> join.in_2, join -> leave]
"""
"""Two blocks, one of which uses the other."""


def project_of(
    nodes: dict[str, str], links: list[str], *, parameters: str = "{}", blocks: str = ""
) -> Project:
    """A project from the text of its nodes: `{"conv": "layer: Conv2d, padding: 1"}`."""
    lines = ["kumitate: 1", "blocks:", "  main:", f"    parameters: {parameters}", "    nodes:"]
    lines += [f"      {name}: {{{text}}}" for name, text in nodes.items()]
    lines += ["    links:", *(f"    - {link}" for link in links)]
    return from_text("\n".join(lines) + "\n" + blocks).project


def chain(*layers: str, shape: str = "[1, 28, 28]", blocks: str = "") -> Project:
    """Input, the layers `n1`, `n2`, ... and Output in a row."""
    nodes = {"image": f"layer: Input, shape: {shape}"}
    nodes |= {f"n{number}": text for number, text in enumerate(layers, start=1)}
    nodes["out"] = "layer: Output"
    names = list(nodes)
    links = [f"{a} -> {b}" for a, b in itertools.pairwise(names)]
    return project_of(nodes, links, blocks=blocks)


def start() -> Project:
    """A small project with blocks, from which random edits start."""
    return project_of(
        {
            "image": "layer: Input, shape: [2, 8, 8]",
            "conv": "layer: Conv2d, out_channels: = channels, padding: 1",
            "body": "block: Double, width: = channels, repeat: 2",
            "outer": "block: Outer",
            "relu": "layer: ReLU",
            "add": "layer: Add",
            "out": "layer: Output",
        },
        [
            "image -> conv",
            "conv -> body",
            "body -> relu",
            "relu -> add.in_1",
            "body -> add.in_2",
            "add -> out",
            "image -> outer",
        ],
        parameters="{channels: 4}",
        blocks=BODY,
    )


# --- random edits ------------------------------------------------------------------------------

KINDS = ("Input", "Output", "Conv2d", "Linear", "Flatten", "ReLU", "Add", "Concat", "Chunk", "LSTM")
NAMES = ("a", "b", "conv", "relu", "add", "image", "out", "class", "1st", "in_1", "leave")

RandomEdit = Callable[[st.DrawFn, Project, str], Project]


def _node(draw: st.DrawFn, project: Project, block: str) -> str:
    return draw(st.sampled_from(sorted(project.blocks[block].nodes) or ["nobody"]))


def _link(draw: st.DrawFn, project: Project, block: str) -> Link:
    links = project.blocks[block].links
    return draw(st.sampled_from(links)) if links else Link("a", "out", "b", "in")


def _add(draw: st.DrawFn, project: Project, block: str) -> Project:
    is_block = draw(st.integers(0, 5)) == 0
    kind = draw(st.sampled_from(("Double", "Outer", "main") if is_block else KINDS))
    name = draw(st.none() | st.sampled_from(NAMES))
    return add_node(project, block, kind, name=name, is_block=is_block)


def _connect(draw: st.DrawFn, project: Project, block: str) -> Project:
    source, target = _node(draw, project, block), _node(draw, project, block)
    nodes = project.blocks[block].nodes
    if not nodes:
        return connect(project, block, source, target)
    outputs = [p.name for p in output_ports(project, nodes[source])]
    inputs = [p.name for p in input_ports(project, nodes[target])]
    return connect(
        project,
        block,
        source,
        target,
        output=draw(st.sampled_from(outputs or ["out"])),
        input=draw(st.sampled_from([*inputs, "in"])),
        replacing=draw(st.booleans()),
    )


def _set(draw: st.DrawFn, project: Project, block: str) -> Project:
    name = _node(draw, project, block)
    node = project.blocks[block].nodes.get(name)
    if node is None:
        return set_argument(project, block, name, "x", 1)
    if node.is_block:
        known = [*project.blocks[node.type].parameters, "nothing"]
        value: Any = draw(st.integers(1, 6) | st.just(Expression("channels + 1")))
        return set_argument(project, block, name, draw(st.sampled_from(known)), value)
    parameters = LAYERS[node.type].PARAMETERS
    if not parameters:
        return set_argument(project, block, name, "nothing", 1)
    parameter = draw(st.sampled_from(list(parameters.values())))
    value = draw(value_of(parameter) | st.sampled_from(["x", -7, Expression("size * 2"), None]))
    return set_argument(project, block, name, parameter.name, value)


def _block_parameter(draw: st.DrawFn, project: Project, block: str) -> Project:
    name = draw(st.sampled_from([*project.blocks[block].parameters, "new"]))
    value = draw(st.integers(1, 6))
    return set_block_parameter(project, block, name, BlockParameter(value))


def _move(draw: st.DrawFn, project: Project, block: str) -> Project:
    place = draw(st.tuples(st.integers(-900, 900), st.floats(-900, 900, width=32)))
    return move_nodes(project, block, {_node(draw, project, block): place})


def _dot(draw: st.DrawFn, project: Project, block: str) -> Project:
    """A reroute point more, elsewhere, or less."""
    link = _link(draw, project, block)
    place = draw(st.tuples(st.integers(-900, 900), st.floats(-900, 900, width=32)))
    number = draw(st.integers(0, 3))
    what = draw(st.sampled_from(("add", "add", "add", "move", "remove")))
    if what == "add":
        return add_dot(project, block, link, number, place)
    if what == "move":
        return move_dots(project, block, {Dot(link, number): place})
    return remove_dots(project, block, [Dot(link, number)])


def _expand(draw: st.DrawFn, project: Project, block: str) -> Project:
    return set_expanded(project, block, _node(draw, project, block), draw(st.booleans()))


def initializations() -> st.SearchStrategy[Initialization]:
    """Every choice of where weights start, with settings of its own."""
    return st.sampled_from(sorted(INITIALIZATIONS)).flatmap(
        lambda name: (
            st.fixed_dictionaries(
                {}, optional={n: value_of(p) for n, p in INITIALIZATIONS[name].PARAMETERS.items()}
            )
            .map(lambda arguments: read_setting("initialization", {"name": name} | arguments))
            .filter(lambda read: not read[1])
            .map(lambda read: read[0])
        )
    )


CONDITIONS = (
    *("", "width > 4", "kernel == 3", "size != 3 and width < 9", "not flat", "channels == 4"),
    *("rate > 0.7", "width", "nobody == 3", "1 +", "1 > 0"),
)
"""Conditions over the parameters of the blocks in tests, some of them not legal."""


def setting_value(setting: str, names: list[str]) -> st.SearchStrategy[Any]:
    """A value of a setting of nodes, legal or not."""
    if setting == "initialization":
        return initializations() | st.sampled_from(["nothing", {"name": "uniform", "low": 9}])
    if setting == "shares":
        return st.sampled_from(["", *names])
    if setting == "only_if":
        return st.sampled_from(CONDITIONS)
    return value_of(NodeSettings.PARAMETERS[setting]) | st.sampled_from([None, -1, "x", True])


def _setting(draw: st.DrawFn, project: Project, block: str) -> Project:
    names = sorted(project.blocks[block].nodes)
    setting = draw(st.sampled_from((*SETTINGS, "shares", "bypassed")))
    value = draw(setting_value(setting, names))
    return set_setting(project, block, _node(draw, project, block), setting, value)


def _careless_setting(draw: st.DrawFn, project: Project, block: str) -> Project:
    """Settings as a file may have them, whether or not they mean something there."""
    name = _node(draw, project, block)
    graph = project.blocks[block]
    if name not in graph.nodes:
        return set_setting(project, block, name, "frozen", True)
    setting = draw(st.sampled_from((*SETTINGS, "shares")))
    value, errors = read_setting(setting, draw(setting_value(setting, sorted(graph.nodes))))
    if errors:
        raise EditError(str(errors[0]))
    node = graph.nodes[name]
    if getattr(node.settings, setting) == value:
        return project
    node = replace(node, settings=changed(node.settings, **{setting: value}))
    return with_block(project, block, replace(graph, nodes=frozen({**graph.nodes, name: node})))


EDITS: dict[str, RandomEdit] = {
    "setting": _setting,
    "another setting": _setting,
    "careless setting": _careless_setting,
    "add": _add,
    "connect": _connect,
    "connect again": _connect,
    "set": _set,
    "block parameter": _block_parameter,
    "move": _move,
    "dot": _dot,
    "expand": _expand,
    "another dot": _dot,
    "remove": lambda d, p, b: remove_nodes(p, b, [_node(d, p, b)]),
    "remove and heal": lambda d, p, b: remove_selection(
        p, b, {_node(d, p, b), _node(d, p, b)}, [_link(d, p, b)] if d(st.booleans()) else []
    ),
    "unlink": lambda d, p, b: remove_links(p, b, [_link(d, p, b)]),
    "group": lambda d, p, b: group_nodes(p, b, {_node(d, p, b), _node(d, p, b)}).project,
    "insert": lambda d, p, b: insert_on_link(p, b, _link(d, p, b), d(st.sampled_from(KINDS))),
    "insert with room": lambda d, p, b: insert_with_room(
        p, b, _link(d, p, b), d(st.sampled_from(KINDS))
    ),
    "add after": lambda d, p, b: add_after(p, b, _node(d, p, b), d(st.sampled_from(KINDS))),
    "rename": lambda d, p, b: rename_node(p, b, _node(d, p, b), d(st.sampled_from(NAMES))),
    "turn": lambda d, p, b: turn(p, b, d(st.sampled_from(ARRANGEMENTS))),
    "repeat": lambda d, p, b: set_repeat(p, b, _node(d, p, b), d(st.integers(0, 4))),
}


@contextlib.contextmanager
def refusal_in_words() -> Iterator[None]:
    """What is done in here may be refused, but not without saying why."""
    try:
        yield
    except EditError as error:
        text = str(error)
        if len(text) <= 10:
            raise AssertionError(f"a refusal says why: {text}") from error


@st.composite
def histories(draw: st.DrawFn, longest: int = 12) -> list[Project]:
    """The states that a person goes through; edits that are refused leave no state."""
    states = [start()]
    for _ in range(draw(st.integers(1, longest))):
        block = draw(st.sampled_from((MAIN, MAIN, MAIN, "Double", "Outer")))
        edit = EDITS[draw(st.sampled_from(sorted(EDITS)))]
        with refusal_in_words():
            states.append(edit(draw, states[-1], block))
    return states


def dots_of(project: Project) -> dict[tuple[str, str], tuple[tuple[float, float], ...]]:
    """The reroute points by block and link; links are equal whatever way they take."""
    return {
        (name, str(link)): link.dots
        for name, block in project.blocks.items()
        for link in block.links
        if link.dots
    }


def check_invariants(project: Project) -> None:
    """What no edit may ever break."""
    for block in project.blocks.values():
        for name, node in block.nodes.items():
            assert node.name == name
            check_name(name)
        assert len(set(block.links)) == len(block.links), "a link stands there twice"
        ends: set[tuple[str, str]] = set()
        for link in block.links:
            assert link.source in block.nodes
            assert link.target in block.nodes
            assert (link.target, link.input) not in ends, f"two links into {link.target}"
            ends.add((link.target, link.input))
