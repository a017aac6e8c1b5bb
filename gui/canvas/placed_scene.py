"""Where the nodes, links and reroute points of the block are that fills the canvas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from PySide6.QtCore import QObject, QPointF, QRectF, Signal
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene

from graph.dots import Dot
from graph.problem import Problem
from graph.state import Link
from gui.canvas.drawing import Drawing
from gui.canvas.far_item import FarItem
from gui.canvas.glide import MOST_NODES, Glide, Part
from gui.canvas.in_view import InView
from gui.canvas.measures import Level
from gui.canvas.node_item import NodeItem
from gui.canvas.surface import Surface
from gui.editor import Editor


class PlacedScene(Drawing, QGraphicsScene):
    """The block that fills the canvas: where everything is, and what of it Qt has to look at.

    Signals:
        content_changed(): something moved, came or went.
    """

    content_changed = Signal()

    def __init__(self, editor: Editor, parent: QObject | None = None) -> None:
        QGraphicsScene.__init__(self, parent)
        self.editor = editor
        self.surface = Surface()
        # Bounds are known to Qt without Python, so looking at all of them is cheaper than a tree
        # that every move would change.
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.prepare()
        self.animated = True
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

    def add_item(self, item: QGraphicsItem) -> None:
        """Show something besides."""
        self.addItem(item)

    def remove_item(self, item: QGraphicsItem) -> None:
        """Show it no more."""
        self.removeItem(item)

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
            self.far.place_inside(item.name, self.inside[item.name].cards())
        else:
            self.far.place_card(item.name, item.look.category, body)
        self.in_view.node_placed(item.name)

    def index_link(self, link: Link) -> None:
        """Find a link where it is shown from now on."""
        super().index_link(link)
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

    def collect_far(self) -> None:
        """Bring the picture from far away up to date."""
        self.far.collect(
            self.node_items.values(),
            self.link_items.values(),
            self.content_bounds(),
            self._problems,
        )

    def moved(self) -> None:
        """Tell who shows the whole."""
        self.far.expire()
        if self.surface.level is Level.FAR:
            self.collect_far()
        self.content_changed.emit()
