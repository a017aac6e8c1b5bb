"""Places for the nodes of a block, computed from its links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import networkx as nx

from graph.direction import SPACINGS, Direction, turned
from graph.dots import without_dots
from graph.edits import EditError, block_of, move_nodes, with_block
from graph.framing import follow_contents
from graph.state import Link, Project


def turn(project: Project, block: str, direction: Direction) -> Project:
    """The block drawn in a direction, its nodes arranged for it.

    Raises:
        EditError: where the links form a circle.
    """
    target = block_of(project, block)
    if target.direction != direction:
        project = with_block(project, block, replace(target, direction=direction))
    return arrange(project, block)


def arrange(project: Project, block: str) -> Project:
    """The nodes in layers in the direction of the block, branches beside each other.

    The method is that of Sugiyama, Tagawa and Toda (1981): layers are
    `networkx.topological_generations`; a link over several layers gets a lane of its own in each of
    them, so that it passes beside the nodes; within a layer, everything goes as near as possible to
    the mean place of what leads to it. Reroute points go: they led links past nodes that are
    elsewhere now.

    Raises:
        EditError: where the links form a circle.
    """
    target = block_of(project, block)
    spacing = SPACINGS[target.direction]
    graph: nx.DiGraph[str] = nx.DiGraph()
    # Notes stay where they were put; frames go with what lies in them.
    graph.add_nodes_from(node.name for node in target.network_nodes())
    graph.add_edges_from(
        (link.source, link.target)
        for link in target.links
        if link.source in target.nodes and link.target in target.nodes
    )
    if not nx.is_directed_acyclic_graph(graph):
        raise EditError("a graph with a circle cannot be arranged; remove one of its links first")
    levels, before = _with_lanes(graph)
    sides = _sides(target.links)
    across: dict[str, float] = {}
    for names in levels:
        wishes = {name: _mean([across[other] for other in before[name]]) for name in names}
        across |= _side_by_side(wishes, sides, spacing.across)
    places = {
        name: turned(target.direction, (across[name], level * spacing.along))
        for level, names in enumerate(levels)
        for name in names
        if name in target.nodes
    }
    moved = without_dots(move_nodes(project, block, places), block)
    return follow_contents(project, moved, block)


def _with_lanes(graph: nx.DiGraph[str]) -> tuple[list[list[str]], dict[str, list[str]]]:
    """The layers, with a stand-in for every link that only passes; and what leads to each."""
    levels = [list(names) for names in nx.topological_generations(graph)]
    level_of = {name: level for level, names in enumerate(levels) for name in names}
    before: dict[str, list[str]] = {name: [] for name in graph}
    for source, target in graph.edges:
        last = source
        for level in range(level_of[source] + 1, level_of[target]):
            # No node can have this name: names have no spaces.
            lane = f"{source} {target} {level}"
            levels[level].append(lane)
            before[lane] = [last]
            last = lane
        before[target].append(last)
    return levels, before


def _sides(links: Iterable[Link]) -> dict[str, float]:
    """On which side of the nodes a passing link belongs, by source and target: left
    (-1) where its port is the first of its target, right (1) where it is the last."""
    entries: dict[str, list[Link]] = {}
    for link in links:
        entries.setdefault(link.target, []).append(link)
    sides = {}
    for found in entries.values():
        found.sort(key=lambda link: (len(link.input), link.input))
        for number, link in enumerate(found):
            side = 2.0 * number / (len(found) - 1) - 1.0 if len(found) > 1 else 0.0
            sides[f"{link.source} {link.target}"] = side
    return sides


def _side_by_side(
    wishes: Mapping[str, float], sides: Mapping[str, float], distance: float
) -> dict[str, float]:
    """Places at least `distance` apart, in the order of the wishes and near to them; passing links
    that want the place of a node go to their side of it."""

    def order(name: str) -> tuple[float, float]:
        return wishes[name], sides.get(name.rpartition(" ")[0], 0.0)

    placed: dict[str, float] = {}
    last: float | None = None
    for name in sorted(wishes, key=order):
        last = wishes[name] if last is None else max(wishes[name], last + distance)
        placed[name] = last
    shift = _mean([wishes[name] - place for name, place in placed.items()])
    return {name: round(place + shift, 1) for name, place in placed.items()}


def _mean(numbers: list[float]) -> float:
    return sum(numbers) / len(numbers) if numbers else 0.0
