"""Putting what is inside of a block in place of a node that stands for it.

The way back from graph/grouping.py: the network stays as it is. Parameters of the block are
replaced by what the node gives for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from graph.direction import SPACINGS, Direction, turned
from graph.dots import led
from graph.edits import EditError, block_of, node_of, with_block
from graph.expanding import redirected
from graph.expression import ExpressionError
from graph.grouping import free_among, middle_of
from graph.node_settings import LABELS, PLAIN, changed, changed_settings
from graph.ports import close_gaps
from graph.project_edits import remove_block, uses_of_block
from graph.reading import MOST_DOTS, normal_arguments
from graph.state import MAIN, Block, Link, Node, Point, Project, frozen
from graph.substitution import substituted


@dataclass(frozen=True, slots=True)
class Dissolved:
    """The project, and the names of the nodes that came out of the block."""

    project: Project
    nodes: tuple[str, ...]


def dissolve_node(project: Project, block: str, name: str) -> Dissolved:
    """The nodes of a block in place of a node that stands for it. A block that nothing else uses
    goes with it.

    Raises:
        EditError: where the node does not stand for a block, or is repeated.
    """
    graph = block_of(project, block)
    node = node_of(graph, name)
    inner = project.blocks.get(node.type) if node.is_block and node.type != MAIN else None
    if inner is None:
        raise EditError(f"{name} does not stand for a block, so there is nothing to dissolve")
    if node.repeat != 1:
        raise EditError(
            f"{name} is repeated, so it stands for many copies of its layers; set its repeat to 1 "
            f"first, or dissolve it inside a block of its own"
        )
    if node.settings is not PLAIN:
        own = ", ".join(LABELS[key].lower() for key in changed_settings(node.settings))
        raise EditError(
            f"{name} has settings that its layers would lose ({own}); take them back first"
        )
    sharing = [other.name for other in graph.nodes.values() if other.settings.shares == name]
    if sharing:
        raise EditError(
            f"{' and '.join(sharing)} use the weights of {name}; give them their own weights first"
        )
    names = _free_names(graph, inner, name)
    way = graph.direction
    outside = _outside(inner, names, node, way)
    moved = _moved(inner, names, node, outside)
    before, behind = _room(graph, moved.values(), node)
    middle = turned(way, node.at)[1]

    def aside(at: Point) -> Point:
        across, along = turned(way, at)
        return turned(way, (across, along + (behind if along > middle else -before)))

    nodes: dict[str, Node] = {}
    for key, old in graph.nodes.items():
        if key == name:
            nodes |= moved
        else:
            at = aside(old.at)
            nodes[key] = replace(old, at=at) if at != old.at else old
    outer = [led(link, aside) for link in graph.links]
    inside = [led(link, outside) for link in inner.links]
    links = _spliced(outer, replace(inner, links=tuple(inside)), node, names)
    after = replace(graph, nodes=frozen(nodes), links=tuple(links))
    project = with_block(project, block, after)
    for target in dict.fromkeys(link.target for link in links):
        links = close_gaps(project, after, target, links)
    project = with_block(project, block, replace(after, links=tuple(links)))
    if not uses_of_block(project, node.type):
        project = remove_block(project, node.type)
    return Dissolved(project, tuple(names.values()))


def _is_end(node: Node) -> bool:
    return node.type in ("Input", "Output") and not node.is_block


def _free_names(graph: Block, inner: Block, name: str) -> dict[str, str]:
    """For every node that comes out, a name that nothing outside has."""
    taken = (graph.nodes.keys() | graph.parameters.keys()) - {name}
    names: dict[str, str] = {}
    for key, node in inner.nodes.items():
        if not _is_end(node):
            names[key] = free_among(taken, key, "node")
            taken.add(names[key])
    return names


def _outside(
    inner: Block, names: Mapping[str, str], node: Node, direction: Direction
) -> Callable[[Point], Point]:
    """From a place in the block to that outside, where the drawing has this direction: the middle
    of what comes out lies where the node did."""
    own = [inner.nodes[key] for key in names]
    middle = middle_of(own) if own else node.at

    def outside(at: Point) -> Point:
        away = (at[0] - middle[0], at[1] - middle[1])
        across, down = redirected(away, inner.direction, direction)
        return node.at[0] + across, node.at[1] + down

    return outside


def _moved(
    inner: Block, names: Mapping[str, str], node: Node, outside: Callable[[Point], Point]
) -> dict[str, Node]:
    """The nodes with their names and places outside, and without the block's parameters."""
    given = {
        key: node.arguments.get(key, parameter.default)
        for key, parameter in inner.parameters.items()
    }
    moved = {}
    for old in (inner.nodes[key] for key in names):
        try:
            new = substituted(old, given)
        except ExpressionError as error:
            raise EditError(f"{old.name} cannot be taken out: {error}") from None
        if new.settings.shares in names:
            new = replace(new, settings=changed(new.settings, shares=names[new.settings.shares]))
        arguments = normal_arguments(new.type, new.is_block, new.arguments)
        new = replace(new, name=names[old.name], arguments=arguments, at=outside(old.at))
        moved[new.name] = new
    return moved


def _room(graph: Block, moved: Iterable[Node], node: Node) -> tuple[float, float]:
    """How far what is before the node must go back, and what is behind it must go on, so that
    nothing lies on anything."""
    way, spacing = graph.direction, SPACINGS[graph.direction]
    middle = turned(way, node.at)[1]
    before = behind = 0.0
    places = [turned(way, new.at) for new in moved]
    for other in graph.nodes.values():
        place = turned(way, other.at)
        for new in places if other.name != node.name else ():
            across, distance = place[0] - new[0], place[1] - new[1]
            if abs(across) >= spacing.clear_across:
                continue
            if place[1] > middle and distance < spacing.clear_along:
                behind = max(behind, spacing.along - distance)
            elif place[1] <= middle and distance > -spacing.clear_along:
                before = max(before, spacing.along + distance)
    return before, behind


def _spliced(outer: list[Link], inner: Block, node: Node, names: Mapping[str, str]) -> list[Link]:
    """The links of the graph, with those of the block in place of the ones at the node; each takes
    the way of those that it replaces."""
    entries, exits = inner.input_names(), inner.output_names()
    into = {link.input: link for link in outer if link.target == node.name}
    source_of: dict[str, Link] = {}
    for entry in entries:
        link = into.get("in" if len(entries) == 1 else entry)
        if link is not None:
            source_of[entry] = link
    leaving: dict[str, Link] = {}
    own: list[Link] = []
    for link in inner.links:
        if link.source in names:
            start = replace(link, source=names[link.source])
        elif link.source in source_of:
            start = _joined(source_of[link.source], link)
        else:
            continue
        if link.target in names:
            own.append(replace(start, target=names[link.target]))
        else:
            leaving["out" if len(exits) == 1 else link.target] = start
    links: dict[Link, None] = {}
    for link in outer:
        if link.target == node.name:
            links |= dict.fromkeys(own)
        elif link.source != node.name:
            links[link] = None
        elif link.output in leaving:
            links[_joined(leaving[link.output], link)] = None
    return list(links | dict.fromkeys(own))


def _joined(first: Link, second: Link) -> Link:
    """From the source of one link to the target of the other, on the way of both."""
    dots = (*first.dots, *second.dots)[:MOST_DOTS]
    by_hand = first.by_hand or second.by_hand
    return Link(first.source, first.output, second.target, second.input, dots, by_hand)
