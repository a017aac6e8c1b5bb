"""Edits of a block where it is drawn in place of a node: all that did not move is drawn where it
was, and what lies around the node gives way.

How the inside of a block is drawn in place of a node: graph/expanding.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from graph.direction import Direction, turned
from graph.dots import Dot, dots_between, lead, led, move_parts
from graph.edits import EditError, block_of, move_nodes, node_of
from graph.expanding import inner_corner, inner_rectangle, is_expanded, redirected, size_of
from graph.framing import (
    frame_rectangle,
    frames_of,
    set_rectangle,
    with_contents,
)
from graph.geometry import Rectangle
from graph.state import Node, Point, Project


def move_inside(
    project: Project, block: str, use: str, names: Iterable[str], away: Point
) -> Project:
    """Nodes inside of an expanded one moved, and with them what lies in frames among them and the
    reroute points of links between them.

    Args:
        block: where the expanded node stands.
        use: its name.
        names: of the nodes in its block.
        away: how far they go, as they are drawn there.

    Raises:
        EditError: where that node is not expanded, or one of the others is not in its block.
    """
    graph = block_of(project, block)
    node = node_of(graph, use)
    if not is_expanded(project, node):
        raise EditError(f"{use} is not expanded, so nothing is shown inside of it")
    inner = block_of(project, node.type)
    across, down = redirected(away, graph.direction, inner.direction)
    moved = with_contents(project, node.type, names)
    now: dict[str | Dot, Point] = {name: inner.nodes[name].at for name in moved}
    now |= dots_between(inner, moved).items()
    places = {part: (round(x + across, 3), round(y + down, 3)) for part, (x, y) in now.items()}
    after = move_parts(project, node.type, places)
    return make_room(project, after, block, use)


def make_room(before: Project, after: Project, block: str, use: str) -> Project:
    """After an edit of the block of an expanded node: that node where its inside stays in its
    place, and the others around it."""
    graph = block_of(before, block)
    node = node_of(graph, use)
    here, there = (_middle(project, node, graph.direction) for project in (before, after))
    middle = (node.at[0] + there[0] - here[0], node.at[1] + there[1] - here[1])
    old = _around(node.at, size_of(before, node, graph.direction))
    new = _around(middle, size_of(after, node, graph.direction))
    if old == new:
        return after
    room = _Room(graph.direction, old, new)
    places = {
        name: room.aside(other.at)
        for name, other in graph.nodes.items()
        if name != node.name and not other.is_frame
    }
    after = move_nodes(after, block, {**places, node.name: middle})
    after = lead(after, block, {link: led(link, room.aside).dots for link in graph.links})
    for frame in frames_of(graph):
        around = frame_rectangle(before, frame)
        if (given := room.around(around)) != around:
            after = set_rectangle(after, block, frame.name, given)
    return after


def _middle(project: Project, node: Node, direction: Direction) -> Point:
    """The middle of an expanded node, as seen from where its block has its origin."""
    corner = inner_corner(size_of(project, node, direction), direction)
    left, top = inner_rectangle(project, node.type, direction)[:2]
    return left - corner[0], top - corner[1]


def _around(middle: Point, size: Point) -> Rectangle:
    (x, y), (width, height) = middle, size
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


@dataclass(frozen=True, slots=True)
class _Room:
    """Where an area was and is, which those around it make room for."""

    direction: Direction
    old: Rectangle
    new: Rectangle

    def aside(self, at: Point) -> Point:
        """Where something goes: on or back, from behind it or before it; else to a side."""
        across, along = turned(self.direction, at)
        (left, start), (right, end) = (turned(self.direction, side) for side in _corners(self.old))
        (low, first), (high, last) = (turned(self.direction, side) for side in _corners(self.new))
        if along > end:
            along += last - end
        elif along < start:
            along += first - start
        elif across > right:
            across += high - right
        elif across < left:
            across += low - left
        return turned(self.direction, (across, along))

    def around(self, frame: Rectangle) -> Rectangle:
        """A frame that stays around the area, or gives way to it."""
        if all(edge <= own for edge, own in zip(frame[:2], self.old[:2], strict=True)) and all(
            edge >= own for edge, own in zip(frame[2:], self.old[2:], strict=True)
        ):
            left, top, right, bottom = (
                edge + new - old for edge, old, new in zip(frame, self.old, self.new, strict=True)
            )
            return left, top, right, bottom
        x, y = (frame[0] + frame[2]) / 2, (frame[1] + frame[3]) / 2
        at = self.aside((x, y))
        return _around(at, (frame[2] - frame[0], frame[3] - frame[1]))


def _corners(rectangle: Rectangle) -> tuple[Point, Point]:
    return rectangle[:2], rectangle[2:]
