"""Edits that change how large an expanded node is: what lies around it makes room, and takes that
back.

How the inside of a block is drawn in place of a node: graph/expanding.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from graph.direction import SPACINGS, Direction, turned
from graph.dots import lead, led
from graph.edits import EditError, block_of, blocks_inside, move_nodes, node_of, with_block
from graph.expanding import CARD, inner_corner, inner_rectangle, is_expanded, size_of
from graph.framing import follow_contents, inside
from graph.geometry import Rectangle, rectangle_at, rounded
from graph.state import Node, Point, Project, frozen


def set_expanded(project: Project, block: str, name: str, expanded: bool) -> Project:
    """The block of a node shown in its place, or the node as one card again. The edge where data
    enters stays; what lies behind it and beside it makes room, and takes that back.

    Raises:
        EditError: where the node does not stand for a block.
    """
    graph = block_of(project, block)
    node = node_of(graph, name)
    if not node.is_block or node.type not in project.blocks:
        raise EditError(f"{name} does not stand for a block, so there is nothing inside to show")
    if node.expanded == expanded:
        return project
    changed = replace(node, expanded=expanded)
    after = with_block(project, block, replace(graph, nodes=frozen({**graph.nodes, name: changed})))
    middle = _with_same_start(project, after, graph.direction, node, changed)
    after = _make_way(project, after, block, name, middle)
    return follow_contents(project, after, block, size_of)


def make_room(before: Project, after: Project, block: str, path: Sequence[str]) -> Project:
    """After an edit of a block that is shown in place of a node: every expanded node that shows it
    in its new size, and the others around it; and so on around those inside of which it lies.

    Args:
        block: that fills the canvas.
        path: the expanded nodes, one inside of the other, down to the one in place of which the
            edited block was shown; what has not moved in there stays where it is on the canvas.
    """
    held: dict[str, str] = {}
    for use in path:
        held[block] = use
        block = before.blocks[block].nodes[use].type
    within = {name: blocks_inside(after, name) for name in after.blocks}
    # What is inside of others comes first, since its size decides about theirs.
    for name in sorted(within, key=lambda one: len(within[one])):
        if block in within[name]:
            after = _make_room_in(before, after, name, held.get(name))
    return after


def _make_room_in(before: Project, after: Project, block: str, held: str | None) -> Project:
    graph = after.blocks[block]
    wanted = graph.nodes[held].at if held is not None else (0.0, 0.0)
    for node in graph.nodes.values():
        if not is_expanded(after, node) or before.blocks.get(node.type) is after.blocks[node.type]:
            continue
        here, there = (_middle(project, node, graph.direction) for project in (before, after))
        now = after.blocks[block].nodes[node.name]
        if node.name == held:
            wanted = (wanted[0] + there[0] - here[0], wanted[1] + there[1] - here[1])
            middle = (now.at[0] + there[0] - here[0], now.at[1] + there[1] - here[1])
        else:
            middle = _with_same_start(before, after, graph.direction, now, now)
        after = _make_way(before, after, block, node.name, middle)
    after = follow_contents(before, after, block, size_of)
    if held is None:
        return after
    at = after.blocks[block].nodes[held].at
    return _shifted(after, block, (wanted[0] - at[0], wanted[1] - at[1]))


def _with_same_start(
    before: Project, after: Project, direction: Direction, was: Node, node: Node
) -> Point:
    """The middle of a node of another size, so that the edge stays where data enters."""
    old = turned(direction, size_of(before, was, direction))
    new = turned(direction, size_of(after, node, direction))
    across, along = turned(direction, was.at)
    return turned(direction, (across, along + (new[1] - old[1]) / 2))


def _shifted(project: Project, block: str, away: Point) -> Project:
    """All of a block drawn somewhere else."""
    if max(map(abs, away)) < 1e-3:
        return project
    graph = project.blocks[block]

    def moved(at: Point) -> Point:
        return rounded((at[0] + away[0], at[1] + away[1]))

    project = move_nodes(project, block, {n: moved(node.at) for n, node in graph.nodes.items()})
    return lead(project, block, {link: led(link, moved).dots for link in graph.links})


def _middle(project: Project, node: Node, direction: Direction) -> Point:
    """The middle of an expanded node, as seen from where its block has its origin."""
    corner = inner_corner(size_of(project, node, direction), direction)
    left, top = inner_rectangle(project, node.type, direction)[:2]
    return left - corner[0], top - corner[1]


def _make_way(before: Project, after: Project, block: str, use: str, middle: Point) -> Project:
    """A node of another size than before with its middle there, and the nodes and reroute points
    around it, which have not moved yet; frames go where what is in them goes."""
    graph, middle = after.blocks[block], rounded(middle)
    node, was = graph.nodes[use], before.blocks[block].nodes[use]
    room = _Room(
        graph.direction,
        rectangle_at(node.at, size_of(before, was, graph.direction)),
        rectangle_at(middle, size_of(after, node, graph.direction)),
    )
    if room.old == room.new:
        return after
    places = {
        name: room.aside(other.at)
        for name, other in graph.nodes.items()
        if not (other.is_frame and _holds_nodes(after, block, name))
    }
    after = move_nodes(after, block, {**places, use: middle})
    return lead(after, block, {link: led(link, room.around_card).dots for link in graph.links})


def _holds_nodes(project: Project, block: str, frame: str) -> bool:
    nodes = project.blocks[block].nodes
    return any(not nodes[name].is_note for name in inside(project, block, frame))


CORNER = 12.0
"""How far beyond a node a reroute point still belongs to it."""


@dataclass(frozen=True, slots=True)
class _Room:
    """Where an area was and is, which those around it make room for."""

    direction: Direction
    old: Rectangle
    new: Rectangle

    def aside(self, at: Point) -> Point:
        """Where a node goes: on or back, from behind the area or before it; else to a side."""
        across, along = turned(self.direction, at)
        first = self._start + self._half - SPACINGS[self.direction].clear_along
        if first < along <= self._end - self._half:
            return self._place(across + self._to_a_side(across), along)
        return self._place(across, along + self._on(along))

    def around_card(self, at: Point) -> Point:
        """Where a reroute point goes: the same, but at the corners of what stands beside the area
        it goes aside with that."""
        across, along = turned(self.direction, at)
        if self._start - CORNER < along < self._end + CORNER:
            across += self._to_a_side(across)
        return self._place(across, along + self._on(along))

    def _on(self, along: float) -> float:
        """How far on something goes that is there, or back where that is negative."""
        if along > self._end - self._half:
            return self._edge(self.new, 2, 1) - self._end
        return self._edge(self.new, 0, 1) - self._start if along < self._start else 0.0

    def _to_a_side(self, across: float) -> float:
        """The same across the flow, for what is beside the area."""
        left, right = self._edge(self.old, 0, 0), self._edge(self.old, 2, 0)
        if across > right:
            return self._edge(self.new, 2, 0) - right
        return self._edge(self.new, 0, 0) - left if across < left else 0.0

    def _place(self, across: float, along: float) -> Point:
        return rounded(turned(self.direction, (across, along)))

    @property
    def _start(self) -> float:
        return self._edge(self.old, 0, 1)

    @property
    def _end(self) -> float:
        return self._edge(self.old, 2, 1)

    @property
    def _half(self) -> float:
        """Of a card, along the flow."""
        return turned(self.direction, CARD)[1] / 2

    def _edge(self, area: Rectangle, corner: int, axis: int) -> float:
        """Across (0) or along (1) the flow, the first corner (0) or the last (2)."""
        return turned(self.direction, (area[corner], area[corner + 1]))[axis]
