"""A block shown in place of a node that uses it, and the room that this needs.

Whether a node is expanded is kept in the file beside its place, and is as little a part of the
network as that. How large it is then follows from the places of what lies in the block, so that
everybody who puts nodes somewhere knows it. Blocks inside of it are cards: whoever wants to see
more opens it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from graph.direction import SPACINGS, TOP_DOWN, Direction, turned
from graph.dots import led
from graph.edits import EditError, block_of, node_of, with_block
from graph.framing import frame_rectangle, frames_of, set_rectangle
from graph.geometry import Rectangle
from graph.state import Block, Node, Point, Project, frozen

CARD = (248.0, 60.0)
"""The room that a node takes, in width and height."""
HEAD, FOOT = 92.0, 40.0
"""Above and below what is inside: the title, names of ports, and the links to them."""
HEAD_BESIDE, FOOT_BESIDE = 70.0, 20.0
"""The same where ports are at the sides."""
SIDE, SIDE_BESIDE = 24.0, 110.0
CORNER = 12.0
"""How far beyond a node a reroute point still belongs to it."""
ROW = 14.0
"""Of a port with its name at a side."""


def is_expanded(project: Project, node: Node) -> bool:
    """Whether the block of a node is shown in its place."""
    return node.expanded and node.is_block and node.type in project.blocks


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
    for name, (x, y) in inner_places(project, block, direction).items():
        width, height = _card_of(project, nodes[name])
        edges.append((x - width / 2, y - height / 2, x + width / 2, y + height / 2))
    if not edges:
        return (-CARD[0] / 2, -CARD[1] / 2, CARD[0] / 2, CARD[1] / 2)
    lefts, tops, rights, bottoms = zip(*edges, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def size_of(project: Project, node: Node, direction: Direction) -> tuple[float, float]:
    """The width and height in which a node is drawn."""
    if not is_expanded(project, node):
        return _card_of(project, node)
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


def set_expanded(project: Project, block: str, name: str, expanded: bool) -> Project:
    """The block of a node shown in its place, or the node as one card again. What lies behind it
    and beside it makes room, and takes that back.

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
    room = _Room.of(project, graph, node, changed)
    nodes = {
        key: replace(changed, at=room.own()) if key == name else _moved(other, room.aside(other.at))
        for key, other in graph.nodes.items()
    }
    links = tuple(led(link, room.around_card) for link in graph.links)
    after = with_block(project, block, replace(graph, nodes=frozen(nodes), links=links))
    for frame in frames_of(graph):
        around = frame_rectangle(project, frame)
        if (widened := room.around(around)) != around:
            after = set_rectangle(after, block, frame.name, widened)
    return after


@dataclass(frozen=True, slots=True)
class _Room:
    """What a node needs more when it is expanded, and gives back when it is not.

    Attributes:
        middle: of the node as a card, as (across, along); what lies further along is behind it.
        more: how much it grows, as (across, along); negative where it shrinks.
        beside: how far something must be to a side not to be above or below it.
    """

    direction: Direction
    middle: Point
    more: Point
    beside: float

    @staticmethod
    def of(project: Project, graph: Block, before: Node, after: Node) -> _Room:
        """The room for such a change of a node."""
        direction = graph.direction
        old, new = (turned(direction, size_of(project, n, direction)) for n in (before, after))
        more = (new[0] - old[0], new[1] - old[1])
        across, along = turned(direction, before.at)
        # The edge where data enters stays, so that its middle is elsewhere.
        middle = (across, round(along + min(more[1], 0.0) / 2, 3))
        beside = SPACINGS[direction].clear_across / 2 - min(more[0], 0.0) / 2
        return _Room(direction, middle, more, beside)

    def own(self) -> Point:
        """Where the node itself comes to lie."""
        return turned(self.direction, (self.middle[0], self.middle[1] + max(self.more[1], 0.0) / 2))

    def aside(self, at: Point) -> Point:
        """Where a node goes: on, from behind it; to the side, from beside it."""
        across, along = turned(self.direction, at)
        if along > self.middle[1]:
            along += self.more[1]
        elif along > self.middle[1] - SPACINGS[self.direction].clear_along:
            across += self._side(across)
        return self._place(across, along)

    def around_card(self, at: Point) -> Point:
        """Where a reroute point goes: the same, but at the corners of what stands beside the node
        it goes aside with that."""
        across, along = turned(self.direction, at)
        reach = turned(self.direction, CARD)[1] / 2 + CORNER
        if -reach < along - self.middle[1] < reach - min(self.more[1], 0.0):
            across += self._side(across)
        if along > self.middle[1]:
            along += self.more[1]
        return self._place(across, along)

    def _place(self, across: float, along: float) -> Point:
        # What went there and back is where it was.
        return turned(self.direction, (round(across, 3), round(along, 3)))

    def _side(self, across: float) -> float:
        away = across - self.middle[0]
        if abs(away) < self.beside:
            return 0.0
        return self.more[0] / 2 if away > 0 else -self.more[0] / 2

    def around(self, frame: Rectangle) -> Rectangle:
        """A frame that stays around what was in it."""
        left, before = turned(self.direction, frame[:2])
        right, behind = turned(self.direction, frame[2:])
        level = before <= self.middle[1] < behind
        if level and left <= self.middle[0] <= right:
            left, right = left - self.more[0] / 2, right + self.more[0] / 2
        elif level:
            shift = self._side((left + right) / 2)
            left, right = left + shift, right + shift
        if behind > self.middle[1]:
            before += self.more[1] if before > self.middle[1] else 0.0
            behind += self.more[1]
        return (*turned(self.direction, (left, before)), *turned(self.direction, (right, behind)))


def _card_of(project: Project, node: Node) -> tuple[float, float]:
    if not node.is_frame:
        return CARD
    left, top, right, bottom = frame_rectangle(project, node)
    return right - left, bottom - top


def _moved(node: Node, at: Point) -> Node:
    return node if node.is_frame or node.at == at else replace(node, at=at)


def _ends(block: Block) -> tuple[list[str], list[str]]:
    return block.input_names(), block.output_names()
