"""Where the nodes, links and reroute points of the shown block are: as the model has them, on their
way there, or for the moment of a gesture where it would put them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from PySide6.QtCore import QObject, QPointF, QRectF, Signal
from PySide6.QtWidgets import QGraphicsScene

from graph.dots import Dot
from graph.problem import Problem
from graph.state import Block, Link
from gui.canvas.far_item import FarItem
from gui.canvas.glide import MOST_NODES, Glide, Part
from gui.canvas.in_view import InView
from gui.canvas.labels import Labels, edges_of
from gui.canvas.link_item import LinkItem
from gui.canvas.measures import Level
from gui.canvas.node_item import NodeItem
from gui.canvas.spatial import SpatialIndex
from gui.canvas.surface import Surface
from gui.editor import Editor


class PlacedScene(QGraphicsScene):
    """The half of the scene that knows where everything is.

    Signals:
        content_changed(): something moved, came or went.
    """

    content_changed = Signal()

    def __init__(self, editor: Editor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.editor = editor
        self.surface = Surface()
        # Bounds are known to Qt without Python, so looking at all of them is cheaper than a tree
        # that every move would change.
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.node_items: dict[str, NodeItem] = {}
        self.link_items: dict[Link, LinkItem] = {}
        self.node_index: SpatialIndex[str] = SpatialIndex()
        self.link_index: SpatialIndex[Link] = SpatialIndex()
        self.labels = Labels(self.link_items, self.node_items, self.node_index, self.link_index)
        self.animated = True
        self._attached: dict[str, set[Link]] = {}
        self._problems: Mapping[str, tuple[Problem, ...]] = {}
        self._framed: set[str] = set()
        """Frames: the index knows only their titles, since what is in them is not under them."""
        self.in_view = InView(
            self, self.node_items, self.link_items, self.node_index, self.link_index, self._framed
        )
        self.far = FarItem(self.surface)
        self.far.setVisible(False)
        self.addItem(self.far)
        self.glide = Glide(partial(self.show_places, resting=False), self.show_places, self)

    @property
    def block(self) -> Block:
        """The state of the shown block."""
        return self.editor.document.state.blocks[self.editor.block]

    def show_places(self, places: Mapping[Part, QPointF], *, resting: bool = True) -> None:
        """Show nodes and reroute points elsewhere, their links with them; the model does not
        change.

        Args:
            resting: whether they stay there for a while, so that texts should find good places.
        """
        links: set[Link] = set()
        unsettled: set[Link] = set()
        all_move = len(places) >= len(self.node_items)
        for part, place in places.items():
            if isinstance(part, Dot):
                links |= self._show_dot(part, place)
                continue
            item = self.node_items.get(part)
            if item is not None and item.pos() != place:
                item.setPos(place)
                self.index_node(item)
                links |= self._attached.get(part, set())
                if not all_move:
                    unsettled.update(self.labels.under(item.body_on_canvas()))
        unsettled.update(link for link in links if self.follow_ends(link))
        (self.labels.settle if resting else self.labels.carry)(unsettled)
        if links or places:
            self._changed()

    def _show_dot(self, dot: Dot, place: QPointF) -> set[Link]:
        """Show a reroute point elsewhere; the link that has to follow it."""
        item = self.link_items.get(dot.link)
        if item is None or dot.number >= len(item.dots) or item.dots[dot.number] == place:
            return set()
        item.dots[dot.number] = QPointF(place)
        return {dot.link}

    def model_place(self, part: Part) -> QPointF:
        """Where the model has a node or a reroute point."""
        if isinstance(part, Dot):
            return QPointF(*self.link_items[part.link].link.dots[part.number])
        return QPointF(*self.block.nodes[part].at)

    def _move_to_model(self, names: Iterable[str], led: Iterable[Link] = ()) -> None:
        """Let nodes, and the reroute points of links that take another way, go where the model has
        them."""
        ways: dict[Part, tuple[QPointF, QPointF]] = {
            name: (self.node_items[name].pos(), self.model_place(name))
            for name in names
            if name in self.node_items and self.node_items[name].pos() != self.model_place(name)
        }
        shown = {one: list(self.link_items[one].dots) for one in led if one in self.link_items}
        self.glide.finish()
        for link, before in shown.items():
            item, after = self.link_items[link], [QPointF(*at) for at in link.dots]
            item.link = link
            if len(before) == len(after):
                for number, way in enumerate(zip(before, after, strict=True)):
                    if way[0] != way[1]:
                        ways[Dot(link, number)] = way
                continue
            # One came or went: nobody could say which of the others moved.
            item.dots = after
            if self.follow_ends(link):
                self.labels.settle([link])
        if ways and self.animated and len(ways) <= MOST_NODES:
            self.glide.start(ways)
        else:
            self.show_places({part: way[1] for part, way in ways.items()})

    def index_node(self, item: NodeItem) -> None:
        """Find a node where it is shown from now on."""
        body = item.body()
        self.node_index.place(item.name, body)
        if item.look.frame is not None:
            self._framed.add(item.name)
        elif item.look.inner is not None:
            self.far.place_inside(item.name, item.inside.cards())
        else:
            self.far.place_card(item.name, item.look.category, body)
        self.in_view.node_placed(item.name)

    def follow_ends(self, link: Link) -> bool:
        """Lead a link to its ports; True where its size needs another place."""
        item = self.link_items.get(link)
        if item is None:
            return False
        start = self.node_items[link.source].port_place(link.output, is_input=False)
        end = self.node_items[link.target].port_place(link.input, is_input=True)
        unsettled = item.set_ends(start, end)
        self.index_link(link)
        if not unsettled:
            self.labels.follow(link)
        return unsettled

    def index_link(self, link: Link) -> None:
        """Find a link where it is shown from now on."""
        self.link_index.place(link, self.link_items[link].edges)
        self.in_view.link_placed(link)

    def content_bounds(self) -> QRectF:
        """The rectangle around all nodes and links; empty where there is nothing."""
        bounds = QRectF()
        for found in (self.node_index.bounds(), self.link_index.bounds()):
            if found is not None:
                left, top, right, bottom = found
                bounds |= QRectF(left, top, right - left, bottom - top)
        for name in self._framed:
            bounds |= self.node_items[name].card_on_canvas()
        return bounds

    def bounds_of(self, names: Iterable[str]) -> QRectF:
        """The rectangle around some nodes."""
        bounds = QRectF()
        for name in names:
            if name in self.node_items:
                bounds |= self.node_items[name].card_on_canvas()
        return bounds

    def links_of(self, name: str) -> frozenset[Link]:
        """The links into and out of a node."""
        return frozenset(self._attached.get(name, ()))

    def dots_in(self, rectangle: QRectF) -> dict[Dot, QPointF]:
        """The reroute points in a part of the canvas, and where they are shown."""
        return {
            Dot(link, number): at
            for link in self.link_index.touching(edges_of(rectangle))
            for number, at in enumerate(self.link_items[link].dots)
            if rectangle.contains(at)
        }

    def collect_far(self) -> None:
        """Bring the picture from far away up to date."""
        self.far.collect(
            self.node_items.values(),
            self.link_items.values(),
            self.content_bounds(),
            self._problems,
        )

    def _changed(self) -> None:
        self.far.expire()
        if self.surface.level is Level.FAR:
            self.collect_far()
        self.content_changed.emit()
