"""Places for the nodes of a block, computed from its links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import networkx as nx

from graph.edits import EditError, move_nodes
from graph.state import Project


@dataclass(frozen=True, slots=True)
class Spacing:
    """Distances of the layered layout, in canvas units."""

    across: float = 260.0
    down: float = 76.0


def arrange(project: Project, block: str, spacing: Spacing | None = None) -> Project:
    """The nodes in layers from top to bottom, branches side by side.

    Layers are those of `networkx.topological_generations`; within one, nodes are ordered by the
    mean place of what leads to them (the barycentre rule of Sugiyama, Tagawa and Toda, 1981).
    """
    spacing = spacing or Spacing()
    target = project.blocks[block]
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(target.nodes)
    graph.add_edges_from(
        (link.source, link.target)
        for link in target.links
        if link.source in target.nodes and link.target in target.nodes
    )
    if not nx.is_directed_acyclic_graph(graph):
        raise EditError("a graph with a circle cannot be arranged; remove one of its links first")
    places: dict[str, tuple[float, float]] = {}
    for level, names in enumerate(nx.topological_generations(graph)):
        wishes = {name: _mean_place(graph, name, places) for name in names}
        ordered = sorted(names, key=lambda name: wishes[name])
        middle = sum(wishes.values()) / len(wishes)
        for position, name in enumerate(ordered):
            offset = (position - (len(ordered) - 1) / 2) * spacing.across
            places[name] = (round(middle + offset, 1), level * spacing.down)
    return move_nodes(project, block, places)


def _mean_place(
    graph: nx.DiGraph[str], name: str, places: Mapping[str, tuple[float, float]]
) -> float:
    before = [places[other][0] for other in graph.predecessors(name)]
    return sum(before) / len(before) if before else 0.0
