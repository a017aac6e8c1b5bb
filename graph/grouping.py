"""Making a block of some nodes.

The network stays as it is: the same layers with the same sizes, linked in the same way. What the
selection shares with its surroundings becomes ports (where links cross its border) and parameters
(where its expressions use those of the block around it). The way back: graph/dissolving.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from graph.check import used_blocks
from graph.direction import SPACINGS, Direction, turned
from graph.edits import EditError, block_of, default_node_name, node_of, rename_node, with_block
from graph.expression import Expression
from graph.inference import infer_block
from graph.layer import LAYERS
from graph.order import links_by_target, reached, topological_order
from graph.ports import input_ports, output_ports, shown_inputs
from graph.project_edits import check_block_name, free_block_name, numbered_stem, rename_block
from graph.results import BlockResult
from graph.shapes import TensorSpec
from graph.state import (
    MAIN,
    Block,
    Link,
    NameInvalidError,
    Node,
    Project,
    check_name,
    frozen,
)
from graph.substitution import names_used

ENTRY, LEAVE = "entry", "leave"
"""The names of a block's Input and Output where there is only one."""

_End = tuple[str, str]
"""A node and one of its ports. Without a node: nothing is linked there yet."""


@dataclass(frozen=True, slots=True)
class Grouped:
    """The project with a block made of a selection; the names of that block and of the node that
    stands for it."""

    project: Project
    block: str
    node: str


def group_nodes(
    project: Project, block: str, names: Iterable[str], *, name: str | None = None
) -> Grouped:
    """The nodes in a block of their own, and one node in their place.

    Args:
        name: of the new block; without one it gets a free one.

    Raises:
        EditError: where the nodes cannot be a block, with the reason.
    """
    graph = block_of(project, block)
    wanted = {node_of(graph, node).name for node in names}
    chosen = {key: node for key, node in graph.nodes.items() if key in wanted}
    _check_selection(graph, chosen)
    name = free_block_name(project, "Block") if name is None else check_block_name(project, name)
    entries, exits = _entries(project, graph, chosen), _exits(project, graph, chosen)
    if not entries or not exits:
        what = "receives something" if not entries else "gives something on"
        raise EditError(f"a block needs a layer that {what}; select one too")
    parameters = {
        key: declared
        for key, declared in graph.parameters.items()
        if any(key in names_used(node) for node in chosen.values())
    }
    taken = chosen.keys() | parameters.keys()
    entry_names = _port_names(entries, taken, ENTRY, "{}")
    exit_names = _port_names(exits, taken | set(entry_names), LEAVE, "{}_out")
    inputs, outputs = _ends(chosen, entry_names, exit_names, graph.direction)
    sizes = _result(project, block)
    for number, source in enumerate(entries):
        example = _example(sizes, source)
        inputs[number] = replace(inputs[number], arguments=example)
    inner = Block(
        frozen({node.name: node for node in (*inputs, *chosen.values(), *outputs)}),
        (
            *(
                Link(own, "out", target, port)
                for own, ends in zip(entry_names, entries.values(), strict=True)
                for target, port in ends
            ),
            *(link for link in graph.links if link.source in chosen and link.target in chosen),
            *(
                Link(s, output, own, "in")
                for own, (s, output) in zip(exit_names, exits, strict=True)
            ),
        ),
        frozen(parameters),
        arrangement=graph.direction,
    )
    project = replace(project, blocks=frozen({**project.blocks, name: inner}))
    stand_in = Node(
        _stand_in_name(project, block, chosen, name),
        name,
        is_block=True,
        arguments=frozen({key: Expression(key) for key in parameters}),
        at=middle_of(chosen.values()),
    )
    ports_in = ["in"] if len(entry_names) == 1 else entry_names
    ports_out = ["out"] if len(exit_names) == 1 else exit_names
    links = _outer_links(
        graph.links,
        stand_in.name,
        chosen,
        dict(zip(entries, ports_in, strict=True)),
        dict(zip(exits, ports_out, strict=True)),
    )
    after = replace(graph, nodes=frozen(_with_stand_in(graph, chosen, stand_in)), links=links)
    return Grouped(with_block(project, block, after), name, stand_in.name)


def rename_group(project: Project, block: str, node: str, name: str) -> Grouped:
    """The block of a node that was just made under another name, and the node called after it.

    Raises:
        EditError: where the name cannot be taken.
    """
    old = node_of(block_of(project, block), node).type
    if name == old:
        return Grouped(project, old, node)
    project = rename_block(project, old, name)
    wish = _stand_in_name(project, block, {node: project.blocks[block].nodes[node]}, name)
    return Grouped(rename_node(project, block, node, wish), name, wish)


# --- what can be a block -----------------------------------------------------------------------


def _check_selection(graph: Block, chosen: Mapping[str, Node]) -> None:
    if not chosen:
        raise EditError("select the layers that should become a block first")
    ends = [n.name for n in chosen.values() if n.type in ("Input", "Output") and not n.is_block]
    if ends:
        raise EditError(
            f"{' and '.join(ends)} cannot go into a block, since data enters or leaves the network "
            f"there; select only what lies between"
        )
    for node in graph.nodes.values():
        owner = node.settings.shares
        if owner and (node.name in chosen) != (owner in chosen):
            raise EditError(
                f"{node.name} uses the weights of {owner}, so both must go into the block, or none"
            )
    following: dict[str, list[str]] = {}
    leading: dict[str, list[str]] = {}
    for link in graph.links:
        following.setdefault(link.source, []).append(link.target)
        leading.setdefault(link.target, []).append(link.source)
    behind = reached(following, {t for name in chosen for t in following.get(name, ())} - {*chosen})
    before = reached(leading, {s for name in chosen for s in leading.get(name, ())} - {*chosen})
    between = [name for name in graph.nodes if name in behind & before and name not in chosen]
    if between:
        raise EditError(
            f"data leaves the selection, passes {', '.join(between[:3])} and comes back, so the "
            f"block would feed itself; select {'it' if len(between) == 1 else 'them'} too"
        )


def _in_order(graph: Block, chosen: Mapping[str, Node]) -> list[str]:
    order, cyclic = topological_order(graph)
    return [name for name in (*order, *cyclic) if name in chosen]


def _entries(project: Project, graph: Block, chosen: Mapping[str, Node]) -> dict[_End, list[_End]]:
    """By source outside, the ports inside that it feeds, in the order in which data arrives.

    Where no link enters, the ports that still wait for one.
    """
    found: dict[_End, list[_End]] = {}
    waiting: dict[_End, list[_End]] = {}
    incoming = links_by_target(graph)
    for name in _in_order(graph, chosen):
        links = {link.input: link for link in incoming.get(name, ())}
        ports = input_ports(project, graph.nodes[name], graph)
        shown = shown_inputs(ports, links)
        for port in (*shown, *(other for other in links if other not in shown)):
            link = links.get(port)
            if link is not None and link.source not in chosen:
                found.setdefault((link.source, link.output), []).append((name, port))
        for one in ports:
            if not one.optional and not any(p in links for p in shown_inputs([one], links)):
                port = f"{one.name}_1" if one.variadic else one.name
                waiting["", f"{name}.{port}"] = [(name, port)]
    return found or waiting


def _exits(project: Project, graph: Block, chosen: Mapping[str, Node]) -> dict[_End, None]:
    """The outputs inside that something outside reads; where there is none, those nobody reads."""
    read = {
        (link.source, link.output)
        for link in graph.links
        if link.source in chosen and link.target not in chosen
    }
    used = {(link.source, link.output) for link in graph.links}
    found: dict[_End, None] = {}
    loose: dict[_End, None] = {}
    for name in _in_order(graph, chosen):
        ports = [port.name for port in output_ports(project, graph.nodes[name], graph)]
        ports += sorted(port for source, port in read if source == name and port not in ports)
        for port in ports:
            if (name, port) in read:
                found[name, port] = None
            elif (name, port) not in used and port == ports[0]:
                loose[name, port] = None
    return found or loose


# --- names, sizes, places ----------------------------------------------------------------------


def free_among(taken: Iterable[str], wish: str, otherwise: str) -> str:
    """`wish`, or `otherwise` where that is no legal name, with a number where it is taken."""
    try:
        check_name(wish)
    except NameInvalidError:
        wish = otherwise
    taken = set(taken)
    stem, number, name = numbered_stem(wish), 2, wish
    while name in taken:
        name, number = f"{stem}{number}", number + 1
    return name


def _port_names(ends: Iterable[_End], taken: Iterable[str], only: str, form: str) -> list[str]:
    """A name for each port of the block, after what lies behind it where there are several."""
    ends, taken = list(ends), set(taken)
    names: list[str] = []
    for node, port in ends:
        wish = only
        if len(ends) > 1 and node:
            wish = form.format(node if port in ("out", "in") else f"{node}_{port}")
        names.append(free_among(taken, wish, only))
        taken.add(names[-1])
    return names


def _stand_in_name(project: Project, block: str, chosen: Mapping[str, Node], type_: str) -> str:
    """A name for the node that takes the place of others: `block1`, `residual2`, ..."""
    graph = project.blocks[block]
    left = frozen({key: node for key, node in graph.nodes.items() if key not in chosen})
    wish = default_node_name(with_block(project, block, replace(graph, nodes=left)), block, type_)
    return free_among(left.keys() | graph.parameters.keys(), wish, "node")


def _result(project: Project, block: str) -> BlockResult:
    """The sizes in a block: as it is first used in the network, or by itself."""
    main = infer_block(project, MAIN)
    found = main if block == MAIN else used_blocks(main).get(block)
    return found or infer_block(project, block)


def _example(result: BlockResult, source: _End) -> Mapping[str, Any]:
    """The arguments of an Input for what flows out of a port; none where that is not known."""
    node, port = source
    known = result.nodes.get(node)
    spec: TensorSpec | None = known.outputs.get(port) if known is not None else None
    if spec is None or not spec.sizes:
        return frozen({})
    parameters = LAYERS["Input"].PARAMETERS
    arguments = {"shape": tuple(int(size) for size in spec.sizes), "dtype": spec.dtype}
    return frozen(
        {
            name: value
            for name, value in arguments.items()
            if value != parameters[name].default
            and (name != "dtype" or value in parameters[name].choices)
        }
    )


def middle_of(nodes: Iterable[Node]) -> tuple[float, float]:
    """The middle of the rectangle around some nodes."""
    across, down = zip(*(node.at for node in nodes), strict=True)
    return (min(across) + max(across)) / 2, (min(down) + max(down)) / 2


def _ends(
    chosen: Mapping[str, Node], entries: list[str], exits: list[str], direction: Direction
) -> tuple[list[Node], list[Node]]:
    """The Inputs beside each other before the nodes, the Outputs behind them."""
    spacing = SPACINGS[direction]
    middle = turned(direction, middle_of(chosen.values()))[0]
    along = [turned(direction, node.at)[1] for node in chosen.values()]

    def row(names: list[str], type_: str, place: float) -> list[Node]:
        first = middle - (len(names) - 1) * spacing.across / 2
        return [
            Node(name, type_, at=turned(direction, (first + number * spacing.across, place)))
            for number, name in enumerate(names)
        ]

    before, behind = min(along) - spacing.along, max(along) + spacing.along
    return row(entries, "Input", before), row(exits, "Output", behind)


# --- the graph around it -----------------------------------------------------------------------


def _with_stand_in(graph: Block, chosen: Mapping[str, Node], stand_in: Node) -> dict[str, Node]:
    """The nodes of the graph, with the new one where the first of the chosen stood."""
    nodes: dict[str, Node] = {}
    for key, node in graph.nodes.items():
        if key not in chosen:
            nodes[key] = node
        else:
            nodes.setdefault(stand_in.name, stand_in)
    return nodes


def _outer_links(
    links: Iterable[Link],
    stand_in: str,
    chosen: Mapping[str, Node],
    entries: Mapping[_End, str],
    exits: Mapping[_End, str],
) -> tuple[Link, ...]:
    """The links of the graph, with those across the border led to the new node."""
    outer: dict[Link, None] = {}
    for link in links:
        if link.source in chosen and link.target in chosen:
            continue
        if link.target in chosen:
            port = entries[link.source, link.output]
            outer[replace(link, target=stand_in, input=port)] = None
        elif link.source in chosen:
            port = exits[link.source, link.output]
            outer[replace(link, source=stand_in, output=port)] = None
        else:
            outer[link] = None
    return tuple(outer)
