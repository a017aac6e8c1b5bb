"""Places for new nodes: below another one, in a link, without lying on others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graph.edits import EditError, add_node, block_of, default_node_name, move_nodes
from graph.framing import make_room_in_frames
from graph.layout import Spacing
from graph.links import connect, insert_on_link
from graph.ports import free_name, input_ports, output_ports
from graph.state import EMPTY, Block, Link, Project

SPACING = Spacing()
CLEAR_ACROSS, CLEAR_DOWN = SPACING.across - 8.0, SPACING.down - 16.0
"""Nodes nearer to each other than this, both ways, would lie on each other."""


def free_place(block: Block, wish: tuple[float, float]) -> tuple[float, float]:
    """`wish`, or the first place below it where no node stands."""
    x, y = wish
    column = sorted(
        node.at[1]
        for node in block.nodes.values()
        if abs(node.at[0] - x) < CLEAR_ACROSS and not node.is_frame
    )
    for other in column:
        if abs(other - y) < CLEAR_DOWN:
            y = other + SPACING.down
    return x, y


def _is_free(block: Block, place: tuple[float, float]) -> bool:
    return not any(
        abs(node.at[0] - place[0]) < CLEAR_ACROSS and abs(node.at[1] - place[1]) < CLEAR_DOWN
        for node in block.nodes.values()
        if not node.is_frame
    )


def make_room(project: Project, block: str, line: float, room: float) -> Project:
    """Every node at or below a line moved down, so that branches beside each other stay level."""
    target = block_of(project, block)
    if room <= 0:
        return project
    lower = {
        name: (node.at[0], node.at[1] + room)
        for name, node in target.nodes.items()
        if node.at[1] >= line and not node.is_frame
    }
    return make_room_in_frames(move_nodes(project, block, lower), block, line, room)


def insert_with_room(
    project: Project,
    block: str,
    link: Link,
    type_: str,
    *,
    arguments: Mapping[str, Any] = EMPTY,
    is_block: bool = False,
) -> Project:
    """A new node in the middle of a link; what is below makes room where it would be too tight."""
    target = block_of(project, block)
    if link not in target.links:
        raise EditError("this link is no longer there")
    source, end = target.nodes[link.source], target.nodes[link.target]
    between = end.at[1] - source.at[1]
    at = ((source.at[0] + end.at[0]) / 2, (source.at[1] + end.at[1]) / 2)
    if 0 < between < 2 * SPACING.down:
        project = make_room(project, block, end.at[1], 2 * SPACING.down - between)
        at = (at[0], source.at[1] + SPACING.down)
    elif not _is_free(target, at):
        # Other nodes stand between the two: near one of them then.
        below = (source.at[0], source.at[1] + SPACING.down)
        above = (end.at[0], end.at[1] - SPACING.down)
        wishes = [place for place in (below, above) if _is_free(target, place)]
        at = wishes[0] if wishes else free_place(target, below)
    return insert_on_link(
        project, block, link, type_, at=at, arguments=arguments, is_block=is_block
    )


def add_linked(
    project: Project,
    block: str,
    type_: str,
    end: str,
    port: str,
    *,
    from_input: bool,
    at: tuple[float, float],
    is_block: bool = False,
) -> Project:
    """A new node, linked to a port of another one.

    Args:
        end, port: that node and its port.
        from_input: whether the port is an input, so that the new node leads to it.

    Raises:
        EditError: where the new node has no port for it.
    """
    name = default_node_name(project, block, type_)
    project = add_node(project, block, type_, at=at, name=name, is_block=is_block)
    graph = project.blocks[block]
    if from_input:
        outputs = output_ports(project, graph.nodes[name], graph)
        if not outputs:
            raise EditError(f"{type_} has no output that could be linked to {end}")
        return connect(project, block, name, end, output=outputs[0].name, input=port)
    inputs = input_ports(project, graph.nodes[name], graph)
    if not inputs:
        raise EditError(f"{type_} has no input that could take what {end} gives")
    entry = free_name(inputs[0], ()) or inputs[0].name
    return connect(project, block, end, name, output=port, input=entry)


def add_after(
    project: Project, block: str, after: str, type_: str, *, is_block: bool = False
) -> Project:
    """A new node behind another one: in its link where it has exactly one, else below it and
    linked to it where that is possible."""
    target = block_of(project, block)
    if after not in target.nodes:
        raise EditError(f'there is no node "{after}"')
    leaving = [link for link in target.links if link.source == after]
    name = default_node_name(project, block, type_)
    if len(leaving) == 1:
        try:
            return insert_with_room(project, block, leaving[0], type_, is_block=is_block)
        except EditError:
            pass
    above = target.nodes[after]
    at = free_place(target, (above.at[0], above.at[1] + SPACING.down))
    project = add_node(project, block, type_, at=at, name=name, is_block=is_block)
    graph = project.blocks[block]
    outputs = output_ports(project, above, graph)
    inputs = input_ports(project, graph.nodes[name], graph)
    if not outputs or not inputs:
        return project
    used = {link.output for link in leaving}
    output = next((port.name for port in outputs if port.name not in used), outputs[0].name)
    entry = free_name(inputs[0], ()) or inputs[0].name
    return connect(project, block, after, name, output=output, input=entry)
