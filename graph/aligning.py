"""Selected nodes in a line, or at equal distances: edits of places, from the sizes of the nodes.

How large a node is drawn is known to who draws it, so every function is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from graph.edits import EditError, block_of, move_nodes, node_of
from graph.state import Project

Line = Literal["left", "center", "right", "top", "middle", "bottom"]
"""What comes to lie in one line: edges or centres. The first three are across, the others down."""
Axis = Literal[0, 1]
"""0 across, 1 down; the place of a coordinate in `Node.at`."""

Sizes = Mapping[str, tuple[float, float]]
"""Width and height by node."""

LEAST_GAP = 16.0
"""Nodes that an edit in here puts beside or below each other are at least this far apart."""

_PARTS: Mapping[Line, tuple[Axis, float]] = {
    "left": (0, -0.5),
    "center": (0, 0.0),
    "right": (0, 0.5),
    "top": (1, -0.5),
    "middle": (1, 0.0),
    "bottom": (1, 0.5),
}
"""The axis along which nodes move, and the part of their size from the centre to the line."""


def align(project: Project, block: str, sizes: Sizes, line: Line) -> Project:
    """The nodes moved so that their edges or centres lie in one line: the outermost edge, or the
    middle of all. Nodes that would come to lie on each other are moved apart along that line.

    Raises:
        EditError: where fewer than two nodes are given.
    """
    places = _places(project, block, sizes, 2)
    axis, part = _PARTS[line]
    lows, highs = zip(*(_edges(at[axis], sizes[n][axis]) for n, at in places.items()), strict=True)
    low, high = min(lows), max(highs)
    target = (low + high) / 2 + part * (high - low)
    along = _other(axis)
    moved: dict[str, tuple[float, float]] = {}
    last = -float("inf")
    for name in _in_order(places, along):
        half = sizes[name][along] / 2
        at = places[name][along]
        if at - half < last:
            at = last + LEAST_GAP + half
        last = at + half
        moved[name] = _point(axis, target - part * sizes[name][axis], at)
    return move_nodes(project, block, moved)


def distribute(project: Project, block: str, sizes: Sizes, axis: Axis) -> Project:
    """The nodes with equal gaps along an axis, in their order. The outer ones stay; only where
    there is too little room between them does the last one make some.

    Raises:
        EditError: where fewer than three nodes are given.
    """
    places = _places(project, block, sizes, 3)
    order = _in_order(places, axis)
    first, last = order[0], order[-1]
    start = _edges(places[first][axis], sizes[first][axis])[0]
    end = _edges(places[last][axis], sizes[last][axis])[1]
    room = end - start - sum(sizes[name][axis] for name in order)
    gap = max(room / (len(order) - 1), LEAST_GAP)
    moved = {}
    for name in order:
        size = sizes[name][axis]
        moved[name] = _point(axis, start + size / 2, places[name][_other(axis)])
        start += size + gap
    return move_nodes(project, block, moved)


def _places(
    project: Project, block: str, sizes: Sizes, least: int
) -> dict[str, tuple[float, float]]:
    target = block_of(project, block)
    if len(sizes) < least:
        raise EditError(f"select at least {least} nodes to put them in order")
    return {name: node_of(target, name).at for name in sizes}


def _in_order(places: Mapping[str, tuple[float, float]], axis: Axis) -> list[str]:
    """By place along the axis, then along the other; by name where they lie on each other."""
    return sorted(places, key=lambda name: (places[name][axis], places[name][_other(axis)], name))


def _other(axis: Axis) -> Axis:
    return 0 if axis else 1


def _edges(center: float, size: float) -> tuple[float, float]:
    return center - size / 2, center + size / 2


def _point(axis: Axis, value: float, other: float) -> tuple[float, float]:
    """A place from its coordinate on an axis and that on the other one."""
    return (other, value) if axis else (value, other)
