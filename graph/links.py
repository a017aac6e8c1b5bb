"""Edits of links: drawing, removing, and putting a node into one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from graph.dots import halfway, link_of, split, way_of
from graph.edits import EditError, add_node, block_of, default_node_name, node_of, with_block
from graph.order import reached
from graph.ports import close_gaps, find_port, free_name, input_ports, output_ports
from graph.state import EMPTY, Block, Link, Point, Project


class LinkRefusedError(EditError):
    """A link that cannot be drawn."""


class CycleError(LinkRefusedError):
    """A link that would lead a node's output back into itself."""


class PortTakenError(LinkRefusedError):
    """A link into a port that already has one."""


class NoSuchPortError(LinkRefusedError):
    """A link from or to a port that does not exist."""


def check_link(project: Project, block: str, link: Link, *, replacing: bool = False) -> None:
    """Refuse a link that cannot be drawn.

    Raises:
        LinkRefusedError: with the reason in words; `replacing` allows a port that is taken.
    """
    target = block_of(project, block)
    source_node, target_node = node_of(target, link.source), node_of(target, link.target)
    if find_port(output_ports(project, source_node, target), link.output) is None:
        raise NoSuchPortError(f'{link.source} has no output "{link.output}"')
    if find_port(input_ports(project, target_node, target), link.input) is None:
        raise NoSuchPortError(f'{link.target} has no input "{link.input}"')
    if link.source == link.target:
        raise CycleError(f"{link.source} cannot be linked to itself")
    into = [other for other in target.links if other.target == link.target]
    if link in into:
        raise PortTakenError(f"{link.source} and {link.target} are already linked like this")
    if not replacing and any(other.input == link.input for other in into):
        raise PortTakenError(f'{link.target} already has a link at its input "{link.input}"')
    if leads_to(target, link.target, link.source):
        raise CycleError(
            f"{link.target} already leads to {link.source}; this link would close a circle"
        )


def link_into(block: Block, node: str) -> Link | None:
    """The first link into a node; None where none leads there."""
    return next((link for link in block.links if link.target == node), None)


def leads_to(block: Block, start: str, goal: str) -> bool:
    """Whether data flows from one node to another."""
    following: dict[str, list[str]] = {}
    for link in block.links:
        following.setdefault(link.source, []).append(link.target)
    return goal in reached(following, [start])


def connect(
    project: Project,
    block: str,
    source: str,
    target: str,
    *,
    output: str = "out",
    input: str = "in",
    replacing: bool = False,
    dots: tuple[Point, ...] = (),
    by_hand: bool = False,
) -> Project:
    """A link more.

    Args:
        replacing: drop a link that the input port already has, instead of refusing.
        dots, by_hand: the reroute points that it passes through, and whether somebody set them.

    Raises:
        LinkRefusedError: with the reason in words.
    """
    graph = block_of(project, block)
    port = find_port(input_ports(project, node_of(graph, target), graph), f"{input}_1")
    if port is not None and port.variadic and port.name == input:
        taken = [link.input for link in graph.links if link.target == target]
        input = free_name(port, taken) or input
    link = Link(source, output, target, input, dots, by_hand)
    links = graph.links
    if replacing:
        links = tuple(old for old in links if (old.target, old.input) != (target, input))
        project = with_block(project, block, replace(graph, links=links))
    check_link(project, block, link)
    return with_block(project, block, replace(graph, links=(*links, link)))


def remove_links(project: Project, block: str, links: Iterable[Link]) -> Project:
    """The links gone; numbered ports close up."""
    target, gone = block_of(project, block), set(links)
    ends = {link.target for link in gone}
    left = [link for link in target.links if link.target not in ends or link not in gone]
    if len(left) == len(target.links):
        return project
    for name in ends & target.nodes.keys():
        left = close_gaps(project, target, name, left)
    return with_block(project, block, replace(target, links=tuple(left)))


def insert_on_link(
    project: Project,
    block: str,
    link: Link,
    type_: str,
    *,
    at: tuple[float, float] | None = None,
    arguments: Mapping[str, Any] = EMPTY,
    is_block: bool = False,
) -> Project:
    """A new node in the middle of a link, through its first input and output."""
    target = block_of(project, block)
    if link not in target.links:
        raise EditError("this link is no longer there")
    if at is None:
        at = halfway(way_of(target, link))
    name = default_node_name(project, block, type_)
    project = add_node(
        project, block, type_, at=at, name=name, arguments=arguments, is_block=is_block
    )
    return put_into_link(project, block, link, name)


def put_into_link(project: Project, block: str, link: Link, name: str) -> Project:
    """A node that has no links yet put into one, through its first input and output. Reroute points
    stay on the side of it where they are.

    Raises:
        EditError: where the link or the node is not there, or where it has no input or output.
    """
    graph = block_of(project, block)
    node = node_of(graph, name)
    if link not in graph.links:
        raise EditError("this link is no longer there")
    if any(name in (other.source, other.target) for other in graph.links):
        raise EditError(f"{name} has links already; remove them first")
    inputs, outputs = input_ports(project, node, graph), output_ports(project, node, graph)
    if not inputs or not outputs:
        raise EditError(f"{name} has no input or no output, so it cannot stand in a link")
    entry = free_name(inputs[0], ()) or inputs[0].name
    before, behind = split(graph, link, node.at)
    by_hand = link_of(graph, link).by_hand
    new = (
        Link(link.source, link.output, name, entry, before, by_hand and bool(before)),
        Link(name, outputs[0].name, link.target, link.input, behind, by_hand and bool(behind)),
    )
    links = [other for old in graph.links for other in (new if old == link else (old,))]
    return with_block(project, block, replace(graph, links=tuple(links)))
