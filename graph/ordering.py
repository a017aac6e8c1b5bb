"""The nodes of a block in layers along which data flows, and the order within each of them.

A link over several layers has a lane in each of those between, so that it can pass beside the
nodes; links from the same port share their lanes.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import networkx as nx

from graph.direction import turned
from graph.edits import EditError
from graph.ports import find_port, input_ports, output_ports
from graph.state import Block, Link, Node, Project


@dataclass(frozen=True, slots=True)
class Lane:
    """The place of links from a port in a layer that they only pass."""

    source: str
    output: str
    level: int


Standing = str | Lane
"""What stands in a layer: a node, by its name, or a lane."""


@dataclass(frozen=True, slots=True)
class Layers:
    """Attributes:
    order: what stands in every layer, from left to right.
    before: for everything, what is linked to it in the layer before.
    ports: by two that are linked, the link that leads from the one to the other.
    ways: for every link, the lanes through which it passes.
    """

    order: list[list[Standing]]
    before: Mapping[Standing, list[Standing]]
    ports: Mapping[tuple[Standing, Standing], Link]
    ways: Mapping[Link, tuple[Lane, ...]]


@dataclass(frozen=True, slots=True)
class Flow:
    """The nodes of a block without notes, each behind what leads to it, the first layer in which
    each can be, and the links between them."""

    levels: Mapping[str, int]
    links: tuple[Link, ...]


def flow_of(block: Block) -> Flow:
    """How data flows through a block.

    Raises:
        EditError: where the links form a circle.
    """
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(node.name for node in block.network_nodes())
    links = tuple(link for link in block.links if link.source in graph and link.target in graph)
    graph.add_edges_from((link.source, link.target) for link in links)
    if not nx.is_directed_acyclic_graph(graph):
        raise EditError("a graph with a circle cannot be arranged; remove one of its links first")
    layers = enumerate(nx.topological_generations(graph))
    return Flow({name: level for level, names in layers for name in names}, links)


def layers_of(project: Project, block: Block, flow: Flow) -> Layers:
    """What stands in the layers of a block, in its order.

    What hangs on the same port keeps the order of its present places. Besides those, the order in
    a layer follows only from that of the layer before, and from the median of what leads to each:
    so something new comes between the others without changing their order.

    Args:
        flow: the layer of every node, and the links, each of which leads to a later layer.
    """
    links, level_of = flow.links, flow.levels
    found: list[list[Standing]] = [[] for _ in range(max(level_of.values(), default=-1) + 1)]
    for name, level in level_of.items():
        found[level].append(name)
    ways = {
        link: tuple(
            Lane(link.source, link.output, level)
            for level in range(level_of[link.source] + 1, level_of[link.target])
        )
        for link in links
    }
    for lane in dict.fromkeys(lane for way in ways.values() for lane in way):
        found[lane.level].append(lane)
    entries = _entries(links, ways)
    before = {
        key: list(dict.fromkeys(source for source, _ in pairs)) for key, pairs in entries.items()
    }
    ranks = _Ranks(project, block, ways)
    position: dict[Standing, int] = {}
    order = []
    for layer in found:
        keys = {key: ranks.key(key, entries.get(key, []), position) for key in layer}
        ordered = sorted(layer, key=lambda key: keys[key])
        position |= {key: number for number, key in enumerate(ordered)}
        order.append(ordered)
    ports: dict[tuple[Standing, Standing], Link] = {}
    for link in links:
        way: list[Standing] = [link.source, *ways[link], link.target]
        for step in itertools.pairwise(way):
            ports.setdefault(step, link)
    return Layers(order, before, ports, ways)


def _entries(
    links: Sequence[Link], ways: Mapping[Link, Sequence[Lane]]
) -> dict[Standing, list[tuple[Standing, str]]]:
    """For everything, what leads to it from the layer before, and from which of its outputs."""
    entries: dict[Standing, list[tuple[Standing, str]]] = {}
    for link in links:
        way: list[Standing] = [link.source, *ways[link], link.target]
        for source, target in itertools.pairwise(way):
            entry = (source, link.output)
            if entry not in entries.setdefault(target, []):
                entries[target].append(entry)
    return entries


class _Ranks:
    """By what the order within a layer goes."""

    def __init__(self, project: Project, block: Block, ways: Mapping[Link, Sequence[Lane]]) -> None:
        self._block = block
        self._outputs = {
            node.name: [port.name for port in output_ports(project, node, block)]
            for node in block.network_nodes()
        }
        self._sides = _sides(project, block, ways)
        self._across = {
            node.name: turned(block.direction, node.at)[0] for node in block.network_nodes()
        }

    def key(
        self,
        standing: Standing,
        entries: Sequence[tuple[Standing, str]],
        position: Mapping[Standing, int],
    ) -> tuple[float, ...]:
        """A median of what leads to it; then links that pass stand on the side of their port, and
        nodes where they stood before."""
        places = sorted((position[source], self._port(source, port)) for source, port in entries)
        median = places[(len(places) - 1) // 2] if places else (0, 0)
        if isinstance(standing, Lane):
            return (*median, self._sides[standing.source, standing.output], 1.0, 0.0)
        return (*median, 0.0, 0.0, self._across[standing])

    def _port(self, source: Standing, output: str) -> int:
        names = [] if isinstance(source, Lane) else self._outputs[source]
        return names.index(output) if output in names else len(names)


def _sides(
    project: Project, block: Block, ways: Mapping[Link, Sequence[Lane]]
) -> dict[tuple[str, str], float]:
    """On which side of the nodes the lanes of a port belong: left (-1) where the first link that
    needs them ends at the first port of its target, right (1) where it ends at the last."""
    into: dict[str, list[Link]] = {}
    for link in ways:
        into.setdefault(link.target, []).append(link)
    sides: dict[tuple[str, str], float] = {}
    for link, lanes in ways.items():
        if not lanes or (link.source, link.output) in sides:
            continue
        others = into[link.target]
        if len(others) > 1:
            others = sorted(others, key=_by_port(project, block, block.nodes[link.target]))
            sides[link.source, link.output] = 2.0 * others.index(link) / (len(others) - 1) - 1.0
        else:
            sides[link.source, link.output] = 0.0
    return sides


def _by_port(
    project: Project, block: Block, target: Node
) -> Callable[[Link], tuple[int, int, str]]:
    """By what the links into a node come in the order of their ports; branches by number."""
    ports = input_ports(project, target, block)

    def key(link: Link) -> tuple[int, int, str]:
        port = find_port(ports, link.input)
        return ports.index(port) if port in ports else len(ports), len(link.input), link.input

    return key
