"""Leading all links of a canvas in another style or direction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph.direction import Direction
from gui.canvas.curves import LinkStyle

if TYPE_CHECKING:
    from gui.canvas.scene import CanvasScene


def lead_links(scene: CanvasScene, style: LinkStyle) -> None:
    """Give every link its course in this style, and every size its place."""
    if style == scene.surface.link_style:
        return
    scene.surface.link_style = style
    for link, item in scene.link_items.items():
        item.restyle()
        scene.index_link(link)
    for inner in scene.inside.values():
        inner.restyle()
    scene.labels.settle(scene.link_items)
    scene.repaint_all()


def turn_nodes(scene: CanvasScene, direction: Direction) -> None:
    """Put the ports of every node where they belong in this direction, and lead the links there."""
    if direction == scene.surface.direction:
        return
    scene.surface.direction = direction
    for item in scene.node_items.values():
        if item.turn():
            scene.index_node(item)
    for link in scene.link_items:
        scene.link_items[link].restyle()
        scene.follow_ends(link)
    scene.labels.settle(scene.link_items)
