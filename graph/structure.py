"""Checks of a block's graph as a whole: circles (found by NetworkX), loose ends, nothing to return.

They run at every edit of nodes or links, so that the common case, a graph without a circle, is
told by one walk over plain dictionaries.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import networkx as nx

from graph.direction import SPACINGS, turned
from graph.edits import add_node, default_node_name, remove_nodes
from graph.layer import LAYERS
from graph.links import connect, remove_links
from graph.order import Ways, reached, topological_order
from graph.ports import output_ports
from graph.problem import Fix, Problem
from graph.state import Block, Link, Node, Project


def structure_problems(
    project: Project,
    name: str,
    cyclic: Sequence[str] | None = None,
    ways: Ways | None = None,
) -> list[Problem]:
    """What is wrong with a block's graph as a whole: circles, loose ends, nothing to return.

    Args:
        cyclic: the nodes that lie in or behind a circle, where that is known already.
        ways: those of the block, likewise.
    """
    block = project.blocks[name]
    if all(node.is_note for node in block.nodes.values()):
        return [_empty(name)]
    ways = ways or Ways.of(block)
    if cyclic is None:
        _, cyclic = topological_order(block, ways)
    problems = list(_cycles(block, name, cyclic)) if cyclic else []
    inputs, outputs = block.input_names(), block.output_names()
    if not inputs:
        problems.append(_no_input(project, name))
    if not outputs:
        problems.append(_no_output(project, name))
    if inputs and outputs and (cyclic or not _all_lead_through(block, ways)):
        problems += _unreachable(block, name, ways)
    return problems


def _empty(name: str) -> Problem:
    return Problem(
        "empty",
        "Nothing here yet",
        "Drag an Input from the palette, then layers, then an Output; or start from a template.",
        block=name,
        severity="error",
    )


def _cycles(block: Block, name: str, left: Sequence[str]) -> Iterable[Problem]:
    graph = _graph(block, left)
    components = list(nx.strongly_connected_components(graph))
    place = {node: number for number, nodes in enumerate(components) for node in nodes}
    # In the order of the file: that of NetworkX's sets differs from one start to the next.
    ordered: dict[int, list[str]] = {}
    for node in left:
        ordered.setdefault(place[node], []).append(node)
    for component in ordered.values():
        if len(component) == 1 and not graph.has_edge(component[0], component[0]):
            continue
        edges = nx.find_cycle(_graph(block, component))
        way = " → ".join([*(edge[0] for edge in edges), edges[0][0]])
        last = edges[-1]
        closing = [x for x in block.links if (x.source, x.target) == (last[0], last[1])]
        yield Problem(
            "cycle",
            f"{edges[0][0]} leads back into itself",
            f"The links form a circle: {way}. Data cannot flow in a circle; remove one of them.",
            block=name,
            node=edges[0][0],
            fixes=(_remove_links_fix(name, closing, f"Remove {last[0]} → {last[1]}"),),
        )


def _graph(block: Block, names: Iterable[str]) -> nx.DiGraph[str]:
    """These nodes of a block and the links between them."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(names)
    graph.add_edges_from(
        (link.source, link.target)
        for link in block.links
        if link.source in graph and link.target in graph
    )
    return graph


def _remove_links_fix(block: str, links: list[Link], label: str) -> Fix:
    return Fix(label, lambda project: remove_links(project, block, links))


def _no_input(project: Project, name: str) -> Problem:
    place = _before(project.blocks[name])
    return Problem(
        "no input",
        "There is no Input",
        "A network needs an Input, where the data enters.",
        block=name,
        fixes=(Fix("Add Input", lambda project: add_node(project, name, "Input", at=place)),),
    )


def _before(block: Block) -> tuple[float, float]:
    nodes = block.network_nodes()
    way = block.direction
    across, along = min((turned(way, node.at) for node in nodes), key=lambda place: place[1])
    return turned(way, (across, along - SPACINGS[way].along))


def _no_output(project: Project, name: str) -> Problem:
    block = project.blocks[name]
    sources, targets = (
        {link.source for link in block.links},
        {link.target for link in block.links},
    )
    nodes = block.network_nodes()
    ends = [
        node.name
        for node in nodes
        if node.name not in sources and (node.name in targets or len(nodes) == 1)
    ]
    fixes: tuple[Fix, ...] = ()
    ports = output_ports(project, block.nodes[ends[0]], block) if len(ends) == 1 else ()
    if ports:
        last, port = block.nodes[ends[0]], ports[0].name

        def add_output(project: Project) -> Project:
            new = default_node_name(project, name, "Output")
            way = block.direction
            across, along = turned(way, last.at)
            place = turned(way, (across, along + SPACINGS[way].along))
            project = add_node(project, name, "Output", at=place, name=new)
            return connect(project, name, last.name, new, output=port)

        fixes = (Fix(f"Add Output after {last.name}", add_output),)
    return Problem(
        "no output",
        "There is no Output",
        "A network needs an Output, where its result leaves.",
        block=name,
        fixes=fixes,
    )


def _all_lead_through(block: Block, ways: Ways) -> bool:
    """Whether a graph without a circle begins with nothing but inputs and ends with nothing but
    outputs: then no way within it can be a blind one."""
    first = [block.nodes[name] for name in block.nodes.keys() - ways.incoming.keys()]
    last = [block.nodes[name] for name in block.nodes.keys() - ways.following.keys()]
    return all(node.is_note or _is_source(node) for node in first) and all(
        node.is_note or (node.type == "Output" and not node.is_block) for node in last
    )


def _unreachable(block: Block, name: str, ways: Ways) -> Iterable[Problem]:
    leading = {target: [link.source for link in links] for target, links in ways.incoming.items()}
    inputs, outputs = block.input_names(), block.output_names()
    sources = [node.name for node in block.network_nodes() if _is_source(node)]
    forward = reached(ways.following, sources)
    backward = reached(leading, outputs)
    # Removing the last way in or out would only make it missed.
    needed = {names[0] for names in (inputs, outputs) if len(names) == 1}
    for node in block.network_nodes():
        if node.name not in forward and node.name in leading:
            # A node without any link already says that it receives nothing.
            yield Problem(
                "unreachable",
                f"{node.name} gets no data",
                f"Nothing leads from an Input to {node.name}; link it to the rest of the network.",
                block=name,
                node=node.name,
                fixes=() if node.name in needed else (_remove_fix(name, node.name),),
            )
        elif node.name not in backward:
            yield Problem(
                "unused",
                f"{node.name} is not used",
                f"Nothing leads from {node.name} to an Output, so it has no effect.",
                block=name,
                node=node.name,
                severity="warning",
                fixes=() if node.name in needed else (_remove_fix(name, node.name),),
            )


def _is_source(node: Node) -> bool:
    """Whether it gives something by itself: an Input, or a layer such as a constant."""
    return not node.is_block and node.type in LAYERS and not LAYERS[node.type].INPUTS


def _remove_fix(block: str, node: str) -> Fix:
    return Fix(f"Remove {node}", lambda project: remove_nodes(project, block, [node]))
