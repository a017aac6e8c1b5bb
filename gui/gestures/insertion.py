"""The link into which a node in hand would be put, lit up meanwhile."""

from __future__ import annotations

from graph.state import Link
from gui.canvas.drawing import Drawing


class Insertion:
    """Lights up one link at a time."""

    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing
        self.link: Link | None = None

    def aim(self, link: Link | None, drawing: Drawing | None = None) -> None:
        """Light up another link, in another drawing where one is given; None for none."""
        drawing = drawing or self._drawing
        if (link, drawing) == (self.link, self._drawing):
            return
        for which, where, aimed in ((self.link, self._drawing, False), (link, drawing, True)):
            item = where.link_items.get(which) if which is not None else None
            if item is not None:
                item.set_state(insertion=aimed)
        self.link, self._drawing = link, drawing
