"""Leading all links of a canvas in another style."""

from __future__ import annotations

from gui.canvas.curves import LinkStyle
from gui.canvas.labels import edges_of
from gui.canvas.scene import CanvasScene


def lead_links(scene: CanvasScene, style: LinkStyle) -> None:
    """Give every link its course in this style, and every size its place."""
    if style == scene.surface.link_style:
        return
    scene.surface.link_style = style
    for link, item in scene.link_items.items():
        item.restyle()
        scene.link_index.place(link, edges_of(item.course))
    scene.labels.settle(scene.link_items)
    scene.repaint_all()
