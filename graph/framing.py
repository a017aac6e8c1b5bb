"""Frames around nodes: what lies in them, and edits that make, resize and move them.

A frame is a node of the layer Frame, as a note is one of the layer Note: files, undo, copying and
removal treat it as any other. What lies in it is not stored: it is what stands there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from graph.direction import TOP_DOWN, Direction
from graph.edits import (
    EditError,
    add_node,
    block_of,
    default_node_name,
    default_of,
    move_nodes,
    node_of,
    set_argument,
)
from graph.geometry import Rectangle, rectangle_at, united
from graph.state import FRAME, Block, Node, Project

BESIDE, ABOVE, BELOW = 14.0, 6.0, 10.0
"""Kept free around the nodes, and below the title: neighbours of a layout stay outside."""
TITLE_HEIGHT = 24.0
"""The strip at the upper edge in which the title stands, and by which a frame is taken."""
LEAST_WIDTH, LEAST_HEIGHT = 80.0, 60.0

SizeOf = Callable[[Project, Node, Direction], tuple[float, float]]
"""The width and height in which a node is drawn."""


def frame_rectangle(project: Project, node: Node) -> Rectangle:
    """Where a frame lies."""
    width, height = (_number(project, node, name) for name in ("width", "height"))
    return rectangle_at(node.at, (width, height))


def frames_of(block: Block) -> list[Node]:
    """The frames of a block."""
    return [node for node in block.nodes.values() if node.is_frame]


def inside(project: Project, block: str, frame: str) -> list[str]:
    """The names of the nodes whose centres lie in a frame, other frames among them where all of
    them does."""
    graph = block_of(project, block)
    around = frame_rectangle(project, node_of(graph, frame))
    found = []
    for node in graph.nodes.values():
        if node.name == frame:
            continue
        if node.is_frame:
            inner = frame_rectangle(project, node)
            if inner != around and _holds(around, inner[:2]) and _holds(around, inner[2:]):
                found.append(node.name)
        elif _holds(around, node.at):
            found.append(node.name)
    return found


def with_contents(project: Project, block: str, names: Iterable[str]) -> list[str]:
    """The nodes, and for every frame among them what lies in it."""
    graph = block_of(project, block)
    all_: dict[str, None] = dict.fromkeys(names)
    for name in list(all_):
        if node_of(graph, name).is_frame:
            all_.update(dict.fromkeys(inside(project, block, name)))
    return list(all_)


def frame_around(
    project: Project, block: str, sizes: Mapping[str, tuple[float, float]]
) -> tuple[Project, str]:
    """A frame around nodes of these sizes, and its name.

    Raises:
        EditError: where no node is given.
    """
    graph = block_of(project, block)
    if not sizes:
        raise EditError("select the nodes that the frame should go around first")
    cards = (rectangle_at(node_of(graph, one).at, size) for one, size in sizes.items())
    left, top, right, bottom = united(cards)
    around = left - BESIDE, top - ABOVE - TITLE_HEIGHT, right + BESIDE, bottom + BELOW
    name = default_node_name(project, block, FRAME)
    project = add_node(project, block, FRAME, name=name)
    return set_rectangle(project, block, name, around), name


def set_rectangle(project: Project, block: str, frame: str, rectangle: Rectangle) -> Project:
    """The frame at another place in another size, which is at least the smallest; its upper left
    corner is kept then. Edges fall on whole numbers."""
    left, top, right, bottom = (round(edge) for edge in rectangle)
    width = max(right - left, round(LEAST_WIDTH))
    height = max(bottom - top, round(LEAST_HEIGHT))
    project = set_argument(project, block, frame, "width", width)
    project = set_argument(project, block, frame, "height", height)
    return move_nodes(project, block, {frame: (left + width / 2, top + height / 2)})


def follow_contents(
    before: Project, after: Project, block: str, size_of: SizeOf | None = None
) -> Project:
    """The frames of a block around the nodes that lay in them before these were moved elsewhere,
    with the same distances to the outermost ones; what else has changed stays.

    Args:
        size_of: gives the sizes in which nodes are drawn, where these may have changed too.
    """
    graph = block_of(before, block)
    for frame in frames_of(graph):
        names = [n for n in inside(before, block, frame.name) if not graph.nodes[n].is_note]
        if not names:
            continue
        old, new = (_bounds(project, block, names, size_of) for project in (before, after))
        if old == new:
            continue
        left, top, right, bottom = (
            edge + there - here
            for edge, here, there in zip(frame_rectangle(before, frame), old, new, strict=True)
        )
        after = set_rectangle(after, block, frame.name, (left, top, right, bottom))
    return after


def make_room_in_frames(project: Project, block: str, line: float, room: float) -> Project:
    """Every frame behind a line across the flow moved on; those that it runs through get longer by
    as much."""
    target = block_of(project, block)
    axis = 1 if target.direction == TOP_DOWN else 0
    for frame in frames_of(target):
        edges = list(frame_rectangle(project, frame))
        if edges[axis + 2] >= line:
            edges[axis] += room if edges[axis] >= line else 0.0
            edges[axis + 2] += room
            left, top, right, bottom = edges
            project = set_rectangle(project, block, frame.name, (left, top, right, bottom))
    return project


def _bounds(
    project: Project, block: str, names: Iterable[str], size_of: SizeOf | None
) -> Rectangle:
    graph = block_of(project, block)
    edges = []
    for name in names:
        node = graph.nodes[name]
        size = size_of(project, node, graph.direction) if size_of else (0.0, 0.0)
        edges.append(rectangle_at(node.at, size))
    return united(edges)


def _holds(rectangle: Rectangle, place: tuple[float, ...]) -> bool:
    left, top, right, bottom = rectangle
    return left <= place[0] <= right and top <= place[1] <= bottom


def _number(project: Project, node: Node, name: str) -> float:
    """An argument of a frame; the default where what stands there is no number."""
    value = node.arguments.get(name)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return float(default_of(project, node, name))
