"""Places for new nodes: behind another one, in a link, without lying on others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graph.direction import SPACINGS, turned
from graph.dots import halfway, shift_dots_behind, way_of
from graph.edits import EditError, add_node, block_of, default_node_name, move_nodes
from graph.expanding import CARD, extents
from graph.framing import make_room_in_frames
from graph.geometry import crosses, rectangle_at
from graph.links import connect, insert_on_link
from graph.ports import free_name, input_ports, output_ports
from graph.state import EMPTY, Block, Link, Point, Project

NO_MORE = (0.0, 0.0)
BESIDE = (0, 1, -1, 2, -2)
"""Where another branch is tried, in columns beside the node that it follows."""


def free_place(project: Project, block: str, wish: tuple[float, float]) -> tuple[float, float]:
    """`wish`, or the first place behind it, as data flows, where no node stands."""
    target = block_of(project, block)
    spacing, more = SPACINGS[target.direction], extents(project, target)
    across, along = turned(target.direction, wish)
    column = sorted(
        (place[1], more.get(name, NO_MORE)[1])
        for name, place in _places(target).items()
        if abs(place[0] - across) < spacing.clear_across + more.get(name, NO_MORE)[0]
    )
    for other, reach in column:
        if abs(other - along) < spacing.clear_along + reach:
            along = other + reach + spacing.along
    return turned(target.direction, (across, along))


def _places(block: Block) -> dict[str, tuple[float, float]]:
    """The places of all nodes but frames, as (across, along)."""
    return {
        node.name: turned(block.direction, node.at)
        for node in block.nodes.values()
        if not node.is_frame
    }


def _is_free(project: Project, block: Block, wish: tuple[float, float]) -> bool:
    spacing, more = SPACINGS[block.direction], extents(project, block)
    return not any(
        abs(place[0] - wish[0]) < spacing.clear_across + more.get(name, NO_MORE)[0]
        and abs(place[1] - wish[1]) < spacing.clear_along + more.get(name, NO_MORE)[1]
        for name, place in _places(block).items()
    )


def _covers(block: Block, wish: Point, own: Link) -> bool:
    """Whether a card there would lie on another link."""
    card = rectangle_at(turned(block.direction, wish), CARD)
    return any(crosses(way_of(block, link), card) for link in block.links if link != own)


def make_room(project: Project, block: str, line: float, room: float) -> Project:
    """Every node and dot at or behind a line across the flow moved on, so that branches beside
    each other stay level."""
    target = block_of(project, block)
    if room <= 0:
        return project
    moved = {
        name: turned(target.direction, (across, along + room))
        for name, (across, along) in _places(target).items()
        if along >= line
    }
    project = shift_dots_behind(move_nodes(project, block, moved), block, line, room)
    return make_room_in_frames(project, block, line, room)


def insert_with_room(
    project: Project,
    block: str,
    link: Link,
    type_: str,
    *,
    arguments: Mapping[str, Any] = EMPTY,
    is_block: bool = False,
    near: Point | None = None,
) -> Project:
    """A new node in the middle of a link; what is behind makes room where it would be too tight.

    Args:
        near: where it is wished in a link that goes its own way through reroute points.
    """
    target = block_of(project, block)
    if link not in target.links:
        raise EditError("this link is no longer there")
    way, step = target.direction, SPACINGS[target.direction].along
    more = extents(project, target)
    source, end = (turned(way, target.nodes[name].at) for name in (link.source, link.target))
    # From edge to edge, where one of them is expanded.
    source = (source[0], source[1] + more.get(link.source, NO_MORE)[1])
    end = (end[0], round(end[1] - more.get(link.target, NO_MORE)[1], 3))
    between = end[1] - source[1]
    points = (turned(way, source), *way_of(target, link)[1:-1], turned(way, end))
    led = len(points) > 2
    place = turned(way, near if near is not None and led else halfway(points))
    if led and _is_free(project, target, place):
        # The way has room of its own.
        pass
    elif 0 < between < 2 * step:
        project = make_room(project, block, end[1], 2 * step - between)
        place = (place[0], source[1] + step)
    elif between <= 0 or not _is_free(project, target, place):
        # It leads back, or other nodes stand between the two: near one of them then, in its row.
        behind = (source[0], source[1] + step)
        before = (end[0], end[1] - step)
        free = [at for at in (behind, before, place) if _is_free(project, target, at)]
        clear = [at for at in free if not _covers(target, at, link)]
        place = next(iter((*clear, *free)), None) or turned(
            way, free_place(project, block, turned(way, behind))
        )
    at = turned(way, place)
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
    """A new node behind another one: in its link where it has exactly one, else where
    data flows on from it, and linked to it where that is possible."""
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
    above, way = target.nodes[after], target.direction
    across, along = turned(way, above.at)
    along += extents(project, target).get(after, NO_MORE)[1]
    behind = along + SPACINGS[way].along
    # Beside what follows already, as a further branch; else further on.
    columns = [across + side * SPACINGS[way].across for side in (BESIDE if leaving else (0,))]
    free = [one for one in columns if _is_free(project, target, (one, behind))]
    at = turned(way, (next(iter(free), across), behind))
    at = at if free else free_place(project, block, at)
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
