"""Checks of a block's graph as a whole: circles (found by NetworkX), loose ends, nothing to return.

They run at every edit of nodes or links, so that the common case, a graph without a circle, is
told by one walk over plain dictionaries.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

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
    if inputs and outputs:
        unfed, unused = _blind_ways_of_circles(block, ways) if cyclic else _blind_ways(block, ways)
        if unfed or unused:
            problems += _unreachable(block, name, ways, unfed, unused)
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


def _blind_ways(block: Block, ways: Ways) -> tuple[set[str], set[str]]:
    """Of a graph without a circle, what no source leads to, and what leads to no output. They are
    followed from where they begin and end: in a large network there are few of them."""
    nodes, incoming, following = block.nodes, ways.incoming, ways.following

    def back(name: str) -> Sequence[str]:
        return [link.source for link in incoming.get(name, ())]

    def on(name: str) -> Sequence[str]:
        return following.get(name, ())

    def alone(name: str) -> bool:
        return nodes[name].is_note and name not in incoming and name not in following

    def gives(name: str) -> bool:
        return name in nodes and (_is_source(nodes[name]) or alone(name))

    def takes(name: str) -> bool:
        return name in nodes and (_is_output(nodes[name]) or alone(name))

    first, last = _without(incoming, nodes, following), _without(following, nodes, incoming)
    return _only_behind(first, on, back, gives), _only_behind(last, back, on, takes)


def _without(
    links: Mapping[str, object], nodes: Mapping[str, object], others: Mapping[str, object]
) -> list[str]:
    """The nodes without such links; of a file that somebody wrote by hand, also names that only
    other links know."""
    found = [name for name in nodes if name not in links]
    if not others.keys() <= nodes.keys():
        found += [name for name in others if name not in nodes and name not in links]
    return found


def _only_behind(
    starts: Iterable[str],
    on: Callable[[str], Sequence[str]],
    back: Callable[[str], Sequence[str]],
    is_fine: Callable[[str], bool],
) -> set[str]:
    """Those of the starts that are not fine, and what nothing but these leads to."""
    found = {name for name in starts if not is_fine(name)}
    waiting = list(found)
    led: Counter[str] = Counter()
    while waiting:
        for name in on(waiting.pop()):
            led[name] += 1
            if led[name] == len(back(name)) and not is_fine(name):
                found.add(name)
                waiting.append(name)
    return found


def _blind_ways_of_circles(block: Block, ways: Ways) -> tuple[set[str], set[str]]:
    """The same of any graph, as what is left by all ways that are not blind."""
    leading = {target: [link.source for link in links] for target, links in ways.incoming.items()}
    sources = [name for name, node in block.nodes.items() if _is_source(node)]
    names = block.nodes.keys()
    return names - reached(ways.following, sources), names - reached(leading, block.output_names())


def _unreachable(
    block: Block, name: str, ways: Ways, unfed: set[str], unused: set[str]
) -> Iterable[Problem]:
    inputs, outputs = block.input_names(), block.output_names()
    # Removing the last way in or out would only make it missed.
    needed = {names[0] for names in (inputs, outputs) if len(names) == 1}
    for node in block.network_nodes():
        if node.name in unfed and node.name in ways.incoming:
            # A node without any link already says that it receives nothing.
            yield Problem(
                "unreachable",
                f"{node.name} gets no data",
                f"Nothing leads from an Input to {node.name}; link it to the rest of the network.",
                block=name,
                node=node.name,
                fixes=() if node.name in needed else (_remove_fix(name, node.name),),
            )
        elif node.name in unused:
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
    if node.is_block or node.is_note or node.type not in LAYERS:
        return False
    return not LAYERS[node.type].INPUTS


def _is_output(node: Node) -> bool:
    return node.type == "Output" and not node.is_block


def _remove_fix(block: str, node: str) -> Fix:
    return Fix(f"Remove {node}", lambda project: remove_nodes(project, block, [node]))
