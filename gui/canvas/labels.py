"""Where the sizes beside links stand: off nodes, off other links, and off each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QRectF

from graph.geometry import Rectangle, crosses
from graph.state import Link
from gui.canvas.link_item import LinkItem, Spot
from gui.canvas.measures import PORT_RADIUS
from gui.canvas.node_item import NodeItem
from gui.canvas.spatial import SpatialIndex

HIDDEN, STRUCK = 100, 10
"""How bad it is for a text to lie under a node, and to be crossed by a link, a port or another
text."""
INK = 2.0
"""How much lower letters are than the line that they stand in, above and below."""


def edges_of(rectangle: QRectF) -> Rectangle:
    """A rectangle as the index takes it."""
    return rectangle.left(), rectangle.top(), rectangle.right(), rectangle.bottom()


class Labels:
    """Finds a place for each size, and knows which texts something in their way has to move."""

    def __init__(
        self,
        items: Mapping[Link, LinkItem],
        cards: Mapping[str, NodeItem],
        nodes: SpatialIndex[str],
        links: SpatialIndex[Link],
    ) -> None:
        self._items = items
        self._cards = cards
        self._nodes = nodes
        self._links = links
        self._index: SpatialIndex[Link] = SpatialIndex()
        self._waiting: set[Link] = set()
        self._seen: Rectangle | None = None

    def clear(self) -> None:
        """Forget all of them."""
        self._index.clear()
        self._waiting.clear()

    def remove(self, link: Link) -> None:
        """A link has gone."""
        self._index.remove(link)
        self._waiting.discard(link)

    def look_at(self, seen: QRectF | None) -> None:
        """Only texts in this part of the canvas need a place from now on; None for all of them.
        Those that have waited for it get theirs."""
        self._seen = None if seen is None else edges_of(seen)
        if self._waiting:
            self.settle(())

    def follow(self, link: Link) -> None:
        """A link moved as a whole, its text with it."""
        label = self._items[link].label
        if not label.isNull():
            self._index.place(link, edges_of(label))

    def under(self, card: QRectF) -> list[Link]:
        """The links whose texts a node hides."""
        return self._index.touching(edges_of(card))

    def carry(self, links: Iterable[Link]) -> None:
        """Take the texts of links along that are on their way, off the nodes; the best place of
        each is found when they rest."""
        for link in links:
            item = self._items[link]
            self._index.remove(link)
            item.set_label(item.carried_spot())
            if item.label.isNull() or self._nodes.touching(_ink(item.label)):
                item.set_label(self._best(item))
            self._waiting.add(link)

    def settle(self, links: Iterable[Link]) -> None:
        """Place the texts of these links, of those that they now run through, and of those that
        were carried; what is not in view waits until it is."""
        asked = set(links)
        if self._seen is None:
            waiting = self._waiting | asked
        else:
            near = self._links.touching(self._seen)
            waiting = {link for link in near if link in asked or link in self._waiting}
            for link in asked - waiting:
                self._index.remove(link)
            self._waiting |= asked
        for link in tuple(waiting):
            waiting.update(self._struck_by(link))
        self._waiting -= waiting
        for link in sorted(waiting, key=str):
            item = self._items[link]
            self._index.remove(link)
            item.set_label(self._best(item))
            if not item.label.isNull():
                self._index.place(link, edges_of(item.label))

    def rewrite(self, link: Link) -> bool:
        """Another text at the same spot; False where it does not fit there."""
        item = self._items[link]
        if item.spot is None or link in self._waiting:
            return False
        self._index.remove(link)
        if item.look.size:
            after = item.label_at(item.spot)
            if after.width() > item.label.width() and self._faults(after):
                return False
            self._index.place(link, edges_of(after))
        item.set_label(item.spot)
        return True

    def _struck_by(self, link: Link) -> list[Link]:
        points = self._items[link].points()
        xs, ys = zip(*points, strict=True)
        near = self._index.touching((min(xs), min(ys), max(xs), max(ys)))
        return [
            other
            for other in near
            if other != link and crosses(points, _ink(self._items[other].label))
        ]

    def _best(self, item: LinkItem) -> Spot | None:
        best: Spot | None = None
        least = HIDDEN * 1000
        for spot in item.label_spots():
            faults = self._faults(item.label_at(spot))
            if faults < least:
                best, least = spot, faults
            if not faults:
                break
        return best

    def _faults(self, place: QRectF) -> int:
        ink = _ink(place)
        faults = HIDDEN * len(self._nodes.touching(ink))
        left, top, right, bottom = ink
        around = left - PORT_RADIUS, top - PORT_RADIUS, right + PORT_RADIUS, bottom + PORT_RADIUS
        for name in self._nodes.touching(around):
            faults += STRUCK * self._cards[name].has_port_in(around)
        faults += STRUCK * len(self._index.touching(ink))
        for link in self._links.touching(ink):
            faults += STRUCK * crosses(self._items[link].points(), ink)
        return faults


def _ink(label: QRectF) -> Rectangle:
    return label.left() - 1.0, label.top() + INK, label.right() + 1.0, label.bottom() - INK
