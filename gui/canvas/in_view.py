"""Keeps Qt from looking at thousands of items for every frame and every edit: only what is near the
part of the canvas in view is in the scene, and visible."""

from __future__ import annotations

from collections.abc import Mapping, Set

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene

from graph.geometry import Rectangle
from graph.state import Link
from gui.canvas.labels import edges_of
from gui.canvas.link_item import LinkItem
from gui.canvas.node_item import NodeItem
from gui.canvas.spatial import SpatialIndex

BESIDE = 0.5
"""What lies beside the view and is visible already, as a share of the view's size: a pan has to
look for what comes and goes only now and then."""
MOST = 4.0
"""How many times as wide as the view that part may become when one looks closer."""


class InView:
    """Which nodes and links are in the scene."""

    def __init__(
        self,
        scene: QGraphicsScene,
        node_items: Mapping[str, NodeItem],
        link_items: Mapping[Link, LinkItem],
        nodes: SpatialIndex[str],
        links: SpatialIndex[Link],
        frames: Set[str],
    ) -> None:
        """Choose among these items.

        Args:
            nodes: where nodes are; of frames it knows only the title.
            links: where links are.
            frames: the nodes that are frames; they may be seen without their title, and are few.
        """
        self._scene = scene
        self._node_items = node_items
        self._link_items = link_items
        self._nodes = nodes
        self._links = links
        self._frames = frames
        self._visible: set[str] = set()
        self._visible_links: set[Link] = set()
        self._around: Rectangle | None = None
        self._none = False

    def clear(self) -> None:
        """There is nothing any more."""
        for name in self._visible:
            self._hide(self._node_items[name])
        for link in self._visible_links:
            self._hide(self._link_items[link])
        self._visible.clear()
        self._visible_links.clear()

    def look_at(self, seen: QRectF | None) -> None:
        """Another part of the canvas is in view; all of it where there is no view."""
        if seen is None:
            self._around = None
        elif not self._still_fits(seen):
            across, down = seen.width() * BESIDE, seen.height() * BESIDE
            self._around = edges_of(seen.adjusted(-across, -down, across, down))
        else:
            return
        self._choose()

    def show_none(self, none: bool) -> None:
        """Something else paints everything, or does so no more."""
        self._none = none
        self._choose()

    def node_placed(self, name: str) -> None:
        """A node came or lies elsewhere."""
        if name not in self._visible and self._is_near(self._nodes.rectangle(name), name):
            self._visible.add(name)
            self._show(self._node_items[name])

    def link_placed(self, link: Link) -> None:
        """A link came or takes another way."""
        if link not in self._visible_links and self._is_near(self._links.rectangle(link)):
            self._visible_links.add(link)
            self._show(self._link_items[link])

    def node_removed(self, name: str) -> None:
        """A node goes."""
        if name in self._visible:
            self._visible.discard(name)
            self._hide(self._node_items[name])

    def link_removed(self, link: Link) -> None:
        """A link goes."""
        if link in self._visible_links:
            self._visible_links.discard(link)
            self._hide(self._link_items[link])

    def _show(self, item: QGraphicsItem) -> None:
        item.setVisible(True)
        self._scene.addItem(item)

    def _hide(self, item: QGraphicsItem) -> None:
        self._scene.removeItem(item)
        item.setVisible(False)

    def _is_near(self, rectangle: Rectangle, name: str = "") -> bool:
        if self._none:
            return False
        if self._around is None or name in self._frames:
            return True
        left, top, right, bottom = self._around
        x1, y1, x2, y2 = rectangle
        return x1 <= right and x2 >= left and y1 <= bottom and y2 >= top

    def _still_fits(self, seen: QRectF) -> bool:
        """Whether what was chosen holds the view and is not much more."""
        if self._around is None:
            return False
        left, top, right, bottom = self._around
        x1, y1, x2, y2 = edges_of(seen)
        holds = left <= x1 and top <= y1 and right >= x2 and bottom >= y2
        return holds and right - left <= MOST * seen.width()

    def _choose(self) -> None:
        nodes, links = self._near()
        for name in self._visible ^ nodes:
            (self._show if name in nodes else self._hide)(self._node_items[name])
        for link in self._visible_links ^ links:
            (self._show if link in links else self._hide)(self._link_items[link])
        self._visible, self._visible_links = nodes, links

    def _near(self) -> tuple[set[str], set[Link]]:
        if self._none:
            return set(), set()
        if self._around is None:
            return set(self._node_items), set(self._link_items)
        nodes = {*self._nodes.touching(self._around), *self._frames}
        return nodes, set(self._links.touching(self._around))
