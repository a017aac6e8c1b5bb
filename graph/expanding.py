"""A block shown in place of a node that uses it, and the room that this needs.

Whether a node is expanded is kept in the file beside its place, and is as little a part of the
network as that. How large it is then follows from the places of what lies in the block, so that
everybody who puts nodes somewhere knows it. What is expanded inside of it is so there too, unless
the block is drawn in another direction than its own: its places then leave no room for that. The
edits, which make room: graph/room.py.
"""

from __future__ import annotations

from collections.abc import Mapping

from graph.direction import SPACINGS, TOP_DOWN, Direction, turned
from graph.framing import frame_rectangle
from graph.geometry import Rectangle, rectangle_at, united
from graph.state import Block, Node, Point, Project

CARD = (248.0, 60.0)
"""The room that a node takes, in width and height."""
HEAD, FOOT = 92.0, 40.0
"""Above and below what is inside: the title, names of ports, and the links to them."""
HEAD_BESIDE, FOOT_BESIDE = 70.0, 20.0
"""The same where ports are at the sides."""
SIDE, SIDE_BESIDE = 24.0, 110.0
ROW = 14.0
"""Of a port with its name at a side."""


def is_expanded(project: Project, node: Node) -> bool:
    """Whether the block of a node is shown in its place."""
    return node.expanded and node.is_block and node.type in project.blocks


def shows_inside(project: Project, block: str, node: Node, direction: Direction) -> bool:
    """Whether the block of a node is shown in its place where the block in which it lies is drawn
    in this direction."""
    return is_expanded(project, node) and project.blocks[block].direction == direction


def inner_places(project: Project, block: str, direction: Direction) -> dict[str, Point]:
    """Where the nodes of a block are drawn in place of a use of it, but for its ends, which are the
    ports of that use; turned where the block itself is drawn in another direction."""
    return {
        name: redirected(node.at, project.blocks[block].direction, direction)
        for name, node in project.blocks[block].nodes.items()
        if node.is_block or node.type not in ("Input", "Output")
    }


def redirected(at: Point, before: Direction, after: Direction) -> Point:
    """A place in a drawing of one direction as one in the other, with the distances of that."""
    if before == after:
        return at
    across, along = turned(before, at)
    old, new = SPACINGS[before], SPACINGS[after]
    return turned(after, (across * new.across / old.across, along * new.along / old.along))


def inner_rectangle(project: Project, block: str, direction: Direction) -> Rectangle:
    """The rectangle around them, as large as they are drawn."""
    nodes = project.blocks[block].nodes
    edges = []
    for name, at in inner_places(project, block, direction).items():
        within = shows_inside(project, block, nodes[name], direction)
        size = (size_of if within else _card_of)(project, nodes[name], direction)
        edges.append(rectangle_at(at, size))
    return united(edges) if edges else rectangle_at((0.0, 0.0), CARD)


def size_of(project: Project, node: Node, direction: Direction) -> tuple[float, float]:
    """The width and height in which a node is drawn."""
    if not is_expanded(project, node):
        return _card_of(project, node, direction)
    left, top, right, bottom = inner_rectangle(project, node.type, direction)
    width, height = right - left, bottom - top
    if direction == TOP_DOWN:
        return width + 2 * SIDE, height + HEAD + FOOT
    rows = ROW * max(map(len, _ends(project.blocks[node.type])))
    return width + 2 * SIDE_BESIDE, max(height, rows) + HEAD_BESIDE + FOOT_BESIDE


def inner_corner(size: tuple[float, float], direction: Direction) -> Point:
    """The upper left corner of what is inside, as seen from the middle of the whole."""
    side, head = (SIDE, HEAD) if direction == TOP_DOWN else (SIDE_BESIDE, HEAD_BESIDE)
    return side - size[0] / 2, head - size[1] / 2


def extents(project: Project, block: Block) -> Mapping[str, tuple[float, float]]:
    """By expanded node, how much further than a card it reaches to each side: (across, along)."""
    found = {}
    for name, node in block.nodes.items():
        if is_expanded(project, node):
            width, height = size_of(project, node, block.direction)
            more = turned(block.direction, (width - CARD[0], height - CARD[1]))
            found[name] = (more[0] / 2, more[1] / 2)
    return found


def _card_of(project: Project, node: Node, _: Direction) -> tuple[float, float]:
    if not node.is_frame:
        return CARD
    left, top, right, bottom = frame_rectangle(project, node)
    return right - left, bottom - top


def _ends(block: Block) -> tuple[list[str], list[str]]:
    return block.input_names(), block.output_names()
