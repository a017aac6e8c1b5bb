"""The link into which a node in hand would be put, lit up meanwhile."""

from __future__ import annotations

from graph.state import Link
from gui.canvas.scene import CanvasScene


class Insertion:
    """Lights up one link at a time."""

    def __init__(self, scene: CanvasScene) -> None:
        self._scene = scene
        self.link: Link | None = None

    def aim(self, link: Link | None) -> None:
        """Light up another link; None for none."""
        if link == self.link:
            return
        for which, aimed in ((self.link, False), (link, True)):
            item = self._scene.link_items.get(which) if which is not None else None
            if item is not None:
                item.set_state(insertion=aimed)
        self.link = link
