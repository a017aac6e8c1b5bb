"""What a node or link says, worked out from the project: no drawing, no Qt.

Looks are compared to find out what has to be drawn again. They are tuples, of which thousands are
made and compared sooner than of dataclasses.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from graph.direction import Direction
from graph.document import Document
from graph.dots import led
from graph.edits import default_of
from graph.expanding import (
    inner_places,
    inner_rectangle,
    is_expanded,
    redirected,
    shows_inside,
    size_of,
)
from graph.framing import frame_rectangle
from graph.layer import LAYERS, Port
from graph.order import links_by_source
from graph.ports import (
    defaults_of,
    find_port,
    input_ports,
    layer_of,
    output_ports,
    shown_inputs,
)
from graph.problem import Problem
from graph.results import UNKNOWN, NodeResult, Severity
from graph.shapes import TensorSpec
from graph.sharing import deciding as deciding_node
from graph.state import Link, Node, Point, Project
from gui.canvas.kinds import kind_of
from gui.canvas.link_looks import LinkLook, look_inside

PortState = Literal["open", "linked", "spare", "wrong"]


class PortLook(NamedTuple):
    """A port as it is drawn: `spare` is the place for one more branch, `wrong` one that is linked
    but does not exist; `kind` says what flows there, as far as that is known."""

    name: str
    state: PortState = "open"
    help: str = ""
    kind: str = ""


class NodeLook(NamedTuple):
    """Everything that a node shows.

    Attributes:
        type: the layer's own name, shown where its title does not fit.
        category: of the layer, "block" for a block, "" for something unknown.
        named_inputs, named_outputs: whether the ports need their names written beside them.
        problem: what is wrong with it, for the badge.
        bypassed, frozen: whether it is; weights of another node are that one's to freeze.
        only_if: the condition under which it is there; bypassed where it does not hold.
        shares: the node whose weights it uses; empty for its own.
        note: the words of a note, or the title of a frame.
        frame: the colour, width and height of a frame; None for anything else.
        size: of what comes out; empty where it is not known or there are several.
        inner: what is inside, where that is shown in its place.
    """

    name: str
    title: str
    summary: str
    category: str
    inputs: tuple[PortLook, ...] = ()
    outputs: tuple[PortLook, ...] = ()
    named_inputs: bool = False
    named_outputs: bool = False
    is_block: bool = False
    repeat: str = ""
    problem: str = ""
    severity: Severity = "error"
    note: str = ""
    frame: tuple[str, float, float] | None = None
    bypassed: bool = False
    only_if: str = ""
    frozen: bool = False
    shares: str = ""
    size: str = ""
    type: str = ""
    inner: InnerLook | None = None

    @property
    def is_note(self) -> bool:
        """Whether it is a sheet with words, or a frame, instead of a card."""
        return self.category == "note"


@dataclass(frozen=True, slots=True)
class InnerLook:
    """The inside of a block as one use of it shows it.

    Attributes:
        nodes: with their places.
        links: `led` are the reroute points of each, which equal links may differ in.
        inputs, outputs: the places of its ends, which are the ports of the whole.
        origin: the upper left corner of all of it.
        size: width and height of the whole, with its title.
    """

    nodes: tuple[tuple[NodeLook, Point], ...]
    links: tuple[tuple[Link, LinkLook], ...]
    led: tuple[tuple[Point, ...], ...]
    inputs: tuple[tuple[str, Point], ...]
    outputs: tuple[tuple[str, Point], ...]
    origin: Point
    size: tuple[float, float]


def look_of_node(
    document: Document, block: str, name: str, links: Collection[Link], problems: Sequence[Problem]
) -> NodeLook:
    """What a node of the open project shows; `links` and `problems` are its own."""
    graph = document.state.blocks[block]
    node, result = graph.nodes[name], document.node_result(block, name)
    look = node_look(
        document.state,
        block,
        node,
        result,
        problems,
        [link.input for link in links if link.target == name],
        [link.output for link in links if link.source == name],
    )
    inner = inner_look(document.state, node, result, graph.direction)
    return look if inner is None else look._replace(inner=inner)


def inner_look(
    project: Project, node: Node, result: NodeResult, direction: Direction
) -> InnerLook | None:
    """What an expanded node shows of its block, drawn in this direction; None for any other."""
    if not is_expanded(project, node):
        return None
    graph = project.blocks[node.type]
    known = result.inner[0].nodes if result.inner else {}
    places = inner_places(project, node.type, direction)
    nodes = []
    for name, at in places.items():
        own, found = graph.nodes[name], known.get(name, UNKNOWN)
        look = node_look(
            project,
            node.type,
            own,
            found,
            (),
            [link.input for link in graph.links if link.target == name],
            [link.output for link in graph.links if link.source == name],
        )
        if found.findings:
            first = found.findings[0]
            words = "\n".join(f"{name} {finding.text}" for finding in found.findings)
            look = look._replace(problem=words, severity=first.severity)
        if shows_inside(project, node.type, own, direction):
            look = look._replace(inner=inner_look(project, own, found, direction))
        nodes.append((look, at))
    drawn = graph.nodes.keys()
    links = tuple(
        led(link, lambda at: redirected(at, graph.direction, direction))
        for link in graph.links
        if {link.source, link.target} <= drawn
    )
    leaving = links_by_source(graph)
    looks = [look_inside(link, leaving, lambda name: known.get(name, UNKNOWN)) for link in links]

    def ends(names: list[str]) -> tuple[tuple[str, Point], ...]:
        return tuple(
            (name, redirected(graph.nodes[name].at, graph.direction, direction)) for name in names
        )

    return InnerLook(
        tuple(nodes),
        tuple(zip(links, looks, strict=True)),
        tuple(link.dots for link in links),
        ends(graph.input_names()),
        ends(graph.output_names()),
        inner_rectangle(project, node.type, direction)[:2],
        size_of(project, node, direction),
    )


def node_look(
    project: Project,
    block: str,
    node: Node,
    result: NodeResult,
    problems: Sequence[Problem],
    taken: Iterable[str] = (),
    used: Iterable[str] = (),
) -> NodeLook:
    """What a node shows.

    Args:
        problems: those of this node, the gravest first.
        taken: its input ports that have links.
        used: its output ports that have links.
    """
    taken, used = frozenset(taken), frozenset(used)
    graph = project.blocks[block]
    layer = result.layer
    deciding = deciding_node(graph.nodes, node) if node.settings.shares else node
    if layer is None:
        layer = layer_of(deciding, defaults_of(graph))
    cls = None if node.is_block else LAYERS.get(node.type)
    ins = layer.inputs() if layer else input_ports(project, node, graph)
    outs = layer.outputs() if layer else output_ports(project, node, graph)
    if node.is_block:
        summary = _block_summary(deciding, result)
        category = "block" if node.type in project.blocks else ""
    else:
        summary = layer.summary() if layer else ""
        category = cls.CATEGORY if cls else ""
    if result.condition is False:
        # Why it is not there says more than what it would do.
        summary = f"only if {node.settings.only_if}"
    inputs = _inputs(ins, taken, _kinds(result.inputs))
    outputs = _outputs(outs, used, _kinds(result.outputs))
    return NodeLook(
        node.name,
        cls.TITLE if cls else node.type,
        summary,
        category,
        inputs,
        outputs,
        # Numbered branches are told apart by their order.
        named_inputs=len(ins) > 1,
        named_outputs=len(outputs) > 1 and not _numbered(outs),
        is_block=node.is_block,
        repeat=_repeat(deciding, result),
        problem="\n".join(problem.text for problem in problems),
        severity=problems[0].severity if problems else "error",
        note=str(node.arguments.get("title" if node.is_frame else "text", ""))
        if node.is_note
        else "",
        frame=_frame(project, node) if node.is_frame else None,
        type=node.type,
        bypassed=node.settings.bypassed or result.condition is False,
        only_if=node.settings.only_if,
        frozen=node.settings.frozen and not node.settings.shares,
        shares=node.settings.shares,
        size=_only_size(result),
    )


def _only_size(result: NodeResult) -> str:
    specs = list(result.outputs.values())
    return str(specs[0]) if len(specs) == 1 and specs[0] is not None else ""


def _frame(project: Project, node: Node) -> tuple[str, float, float]:
    left, top, right, bottom = frame_rectangle(project, node)
    color = node.arguments.get("color", default_of(project, node, "color"))
    return str(color), right - left, bottom - top


def _numbered(ports: Sequence[Port]) -> bool:
    return all(port.name.rpartition("_")[2].isdigit() for port in ports)


def _kinds(specs: Mapping[str, TensorSpec | None]) -> tuple[tuple[str, str], ...]:
    return tuple((name, kind_of(spec)) for name, spec in specs.items())


# Most nodes of a large network look alike at their ports; they share what was made for the first.
@lru_cache(maxsize=4096)
def _inputs(
    ports: tuple[Port, ...], taken: frozenset[str], kinds: tuple[tuple[str, str], ...]
) -> tuple[PortLook, ...]:
    looks, kind = [], dict(kinds)
    for name in shown_inputs(ports, taken):
        port = find_port(ports, name)
        spare = port is not None and port.variadic and name not in taken
        state: PortState = "linked" if name in taken else "spare" if spare else "open"
        looks.append(PortLook(name, state, port.help if port else "", kind.get(name, "")))
    known = {look.name for look in looks}
    looks += [PortLook(name, "wrong", kind=kind.get(name, "")) for name in sorted(taken - known)]
    return tuple(looks)


@lru_cache(maxsize=4096)
def _outputs(
    ports: tuple[Port, ...], used: frozenset[str], kinds: tuple[tuple[str, str], ...]
) -> tuple[PortLook, ...]:
    looks, kind = [], dict(kinds)
    for port in ports:
        state: PortState = "linked" if port.name in used else "open"
        looks.append(PortLook(port.name, state, port.help, kind.get(port.name, "")))
    known = {look.name for look in looks}
    looks += [PortLook(name, "wrong", kind=kind.get(name, "")) for name in sorted(used - known)]
    return tuple(looks)


def _block_summary(node: Node, result: NodeResult) -> str:
    values = result.inner[0].values if result.inner else {}
    parts = []
    for name, given in node.arguments.items():
        value, words = values.get(name, given), name.replace("_", " ")
        if isinstance(value, bool):
            parts.append(words if value else f"not {words}")
        else:
            parts.append(f"{words} {int(value) if isinstance(value, int) else value}")
    return ", ".join(parts)


def _repeat(node: Node, result: NodeResult) -> str:
    if node.repeat == 1:
        return ""
    return f"×{int(result.repeat)}" if result.inner else f"×{node.repeat}"


def problems_by_node(
    project: Project, block: str, problems: Iterable[Problem]
) -> dict[str, tuple[Problem, ...]]:
    """The problems of a block's nodes; a node that stands for a block has those inside it too."""
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        if problem.block == block and problem.node:
            found.setdefault(problem.node, []).append(problem)
            continue
        where = "main"
        for name in problem.path:
            if where == block:
                found.setdefault(name, []).append(problem)
                break
            node = project.blocks[where].nodes.get(name) if where in project.blocks else None
            where = node.type if node is not None else ""
    return {name: tuple(list_) for name, list_ in found.items()}
