"""The thin lines that show what a node in hand is in line with."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from graph.snapping import Guide
from gui.canvas.surface import Surface

HEIGHT = 40.0
BEYOND = 12.0
"""How far a line goes beyond the outermost nodes."""


class GuideLines(QGraphicsPathItem):
    """Shows some lines, one pixel wide at every zoom."""

    def __init__(self, surface: Surface) -> None:
        super().__init__()
        self.guides: tuple[Guide, ...] = ()
        edge = QPen(surface.colors["accent"], 1.0)
        edge.setCosmetic(True)
        self.setPen(edge)
        self.setZValue(HEIGHT)

    def show_guides(self, guides: Iterable[Guide]) -> None:
        """Show these lines and no others."""
        guides = tuple(guides)
        if guides == self.guides:
            return
        self.guides = guides
        path = QPainterPath()
        for guide in guides:
            ends = (guide.start - BEYOND, guide.end + BEYOND)
            points = [
                QPointF(guide.at, end) if guide.axis == 0 else QPointF(end, guide.at)
                for end in ends
            ]
            path.moveTo(points[0])
            path.lineTo(points[1])
        self.setPath(path)
