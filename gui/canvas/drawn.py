"""How the canvas draws nodes and links, for what computes places: see graph/drawn.py."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from PySide6.QtCore import QPointF

from graph.direction import Direction
from graph.drawn import Course
from graph.state import Node, Point
from gui.canvas.area import area_shape
from gui.canvas.curves import points_of
from gui.canvas.drawing import Drawing
from gui.canvas.looks import inner_look
from gui.canvas.node_shape import NodeShape, shape_of
from gui.canvas.routes import legs_of


def shapes_in(drawing: Drawing, direction: Direction) -> dict[str, NodeShape]:
    """How the nodes are drawn where data flows in a direction, and the notes."""
    nodes = drawing.block.nodes
    return {
        name: item.shape_ if item.look.is_note else shape_in(drawing, nodes[name], direction)
        for name, item in drawing.node_items.items()
    }


def shape_in(drawing: Drawing, node: Node, direction: Direction) -> NodeShape:
    """The same of one node, which may be expanded here and not on the canvas, or the other way."""
    look, result = drawing.node_items[node.name].look, drawing.node_result(node.name)
    inner = inner_look(drawing.editor.document.state, node, result, direction)
    if inner is not None:
        return area_shape(look, inner, direction)
    return shape_of(look, drawing.surface, direction)


def course_in(drawing: Drawing, direction: Direction) -> Course:
    """How links through reroute points are drawn where data flows in a direction."""
    style = drawing.surface.link_style

    def course(points: Sequence[Point]) -> Sequence[Point]:
        way = [QPointF(*at) for at in points]
        pieces = tuple(itertools.chain.from_iterable(legs_of(way, style, direction)))
        return points_of(way[0], pieces, way[-1])

    return course
