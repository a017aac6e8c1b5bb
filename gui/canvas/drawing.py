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
from gui.canvas.looks import inner_look
from gui.canvas.node_shape import NodeShape, shape_of
from gui.canvas.routes import legs_of
from gui.canvas.scene import CanvasScene


def shapes_in(scene: CanvasScene, direction: Direction) -> dict[str, NodeShape]:
    """How the nodes are drawn where data flows in a direction."""
    return {
        name: shape_in(scene, scene.block.nodes[name], direction)
        for name, item in scene.node_items.items()
        if not item.look.is_note
    }


def shape_in(scene: CanvasScene, node: Node, direction: Direction) -> NodeShape:
    """The same of one node, which may be expanded here and not on the canvas, or the other way."""
    document = scene.editor.document
    look = scene.node_items[node.name].look
    result = document.node_result(scene.editor.block, node.name)
    inner = inner_look(document.state, node, result, direction)
    if inner is not None:
        return area_shape(look, inner, direction)
    return shape_of(look, scene.surface, direction)


def course_in(scene: CanvasScene, direction: Direction) -> Course:
    """How links through reroute points are drawn where data flows in a direction."""
    style = scene.surface.link_style

    def course(points: Sequence[Point]) -> Sequence[Point]:
        way = [QPointF(*at) for at in points]
        pieces = tuple(itertools.chain.from_iterable(legs_of(way, style, direction)))
        return points_of(way[0], pieces, way[-1])

    return course
