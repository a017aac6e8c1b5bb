"""A block as it is drawn, which is where a gesture acts: it fills the canvas (gui/canvas/scene.py),
or stands in place of a node that uses it (gui/canvas/inside.py).

Places in a drawing are those of its items; its corner says where that is on the canvas.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QGraphicsItem

from graph.dots import Dot
from graph.edits import Edit
from graph.results import UNKNOWN, BlockResult, NodeResult
from graph.state import Block, Link, Point
from gui.canvas.glide import Part
from gui.canvas.hits import PortHit
from gui.canvas.labels import Labels, edges_of
from gui.canvas.link_item import LinkItem
from gui.canvas.node_item import NodeItem
from gui.canvas.spatial import SpatialIndex
from gui.canvas.surface import Surface
from gui.editor import Editor, Path

if TYPE_CHECKING:
    from gui.canvas.inside import Inside


class Drawing:
    """The items of one block, and where they are: as the model has them, on their way there, or for
    the moment of a gesture where it would put them.

    Attributes:
        path: where the block is shown.
        inside: by expanded node, the drawing in its place.
        marks: what is shown as selected.
    """

    editor: Editor
    surface: Surface
    path: Path = ()

    def prepare(self) -> None:
        """Hold nothing yet."""
        self.node_items: dict[str, NodeItem] = {}
        self.link_items: dict[Link, LinkItem] = {}
        self.node_index: SpatialIndex[str] = SpatialIndex()
        self.link_index: SpatialIndex[Link] = SpatialIndex()
        self.labels = Labels(self.link_items, self.node_items, self.node_index, self.link_index)
        self.inside: dict[str, Inside] = {}
        self.marks: frozenset[Part | Link] = frozenset()
        self._attached: dict[str, set[Link]] = {}

    # --- what it shows -------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """The name of the block."""
        return self.editor.block_at(self.path)

    @property
    def block(self) -> Block:
        """The state of the block."""
        return self.editor.document.state.blocks[self.name]

    def result(self) -> BlockResult:
        """What is known of the block in this very use."""
        return self.editor.result_at(self.path)

    def node_result(self, name: str) -> NodeResult:
        """What is known of one of its nodes."""
        return self.result().nodes.get(name, UNKNOWN)

    def apply(self, label: str, edit: Edit, *, merge: str = "") -> bool:
        """Do an edit of the block, with room for it where it is shown; False where refused."""
        return self.editor.apply(label, edit, merge=merge, path=self.path)

    def find(self, path: Path) -> Drawing | None:
        """The drawing that is shown there inside of this one; None where there is none."""
        here: Drawing | None = self
        for use in path:
            here = here.inside.get(use) if here is not None else None
        return here

    def at(self, place: QPointF) -> Drawing:
        """The innermost drawing whose ground lies at a place in this one."""
        for name in self.node_index.touching((place.x(), place.y(), place.x(), place.y())):
            inner = self.inside.get(name)
            if inner is not None and inner.holds(inner.local(self.on_canvas(place))):
                return inner.at(inner.local(self.on_canvas(place)))
        return self

    # --- where it is ---------------------------------------------------------------------------

    def origin(self) -> QPointF:
        """Where it begins to count, on the canvas."""
        return QPointF()

    def local(self, place: QPointF) -> QPointF:
        """A place of the canvas in here."""
        return place - self.origin()

    def on_canvas(self, place: QPointF) -> QPointF:
        """A place in here on the canvas."""
        return place + self.origin()

    def shown_at(self, at: Point) -> QPointF:
        """Where a place of the block is drawn."""
        return QPointF(*at)

    def model_at(self, place: QPointF) -> Point:
        """What place of the block is drawn there."""
        return place.x(), place.y()

    def add_item(self, item: QGraphicsItem) -> None:
        """Show something besides, whose place counts in here."""
        raise NotImplementedError

    def remove_item(self, item: QGraphicsItem) -> None:
        """Show it no more."""
        raise NotImplementedError

    # --- where everything is -------------------------------------------------------------------

    def port_place(self, port: PortHit) -> QPointF:
        """Where links at a port end."""
        return self.node_items[port.node].port_place(port.port, is_input=port.is_input)

    def port_of(self, item: NodeItem, port: str, *, is_input: bool) -> PortHit | None:
        """What a drawn port is in here; None for one of another drawing."""
        if self.node_items.get(item.name) is not item:
            return None
        return PortHit(item.name, port, is_input)

    def drawn_port(self, port: PortHit) -> Iterator[tuple[NodeItem, str, bool]]:
        """Where a port is drawn: the item, its name there, and whether it is an input there."""
        if port.node in self.node_items:
            yield self.node_items[port.node], port.port, port.is_input

    def border_ports(self) -> Iterator[PortHit]:
        """The ports of nodes that are not drawn, since they are those of what is around it."""
        yield from ()

    def model_place(self, part: Part) -> QPointF:
        """Where the model has a node or a reroute point."""
        if isinstance(part, Dot):
            return self.shown_at(self.link_items[part.link].link.dots[part.number])
        return self.shown_at(self.block.nodes[part].at)

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
            self.moved()

    def moved(self) -> None:
        """Something is elsewhere."""

    def _show_dot(self, dot: Dot, place: QPointF) -> set[Link]:
        """Show a reroute point elsewhere; the link that has to follow it."""
        item = self.link_items.get(dot.link)
        if item is None or dot.number >= len(item.dots) or item.dots[dot.number] == place:
            return set()
        item.dots[dot.number] = QPointF(place)
        return {dot.link}

    def index_node(self, item: NodeItem) -> None:
        """Find a node where it is shown from now on."""
        self.node_index.place(item.name, edges_of(item.body_on_canvas()))

    def follow_ends(self, link: Link) -> bool:
        """Lead a link to its ports; True where its size needs another place."""
        item = self.link_items.get(link)
        if item is None:
            return False
        unsettled = item.set_ends(*self.ends_of(link))
        self.index_link(link)
        if not unsettled:
            self.labels.follow(link)
        return unsettled

    def ends_of(self, link: Link) -> tuple[QPointF, QPointF]:
        """Where a link begins and where it ends."""
        start = self.node_items[link.source].port_place(link.output, is_input=False)
        return start, self.node_items[link.target].port_place(link.input, is_input=True)

    def index_link(self, link: Link) -> None:
        """Find a link where it is shown from now on."""
        self.link_index.place(link, self.link_items[link].edges)

    def links_of(self, name: str) -> frozenset[Link]:
        """The links into and out of a node."""
        return frozenset(self._attached.get(name, ()))

    def dots_in(self, rectangle: QRectF) -> dict[Dot, QPointF]:
        """The reroute points in a part of it, and where they are shown."""
        return {
            Dot(link, number): at
            for link in self.link_index.touching(edges_of(rectangle))
            for number, at in enumerate(self.link_items[link].dots)
            if rectangle.contains(at)
        }

    def has_dot(self, dot: Dot) -> bool:
        """Whether there is such a reroute point."""
        item = self.link_items.get(dot.link)
        return item is not None and dot.number < len(item.dots)

    # --- what is shown besides the model -------------------------------------------------------

    def mark(self, marks: frozenset[Part | Link]) -> None:
        """Show these nodes, links and reroute points as selected, and no others."""
        led: dict[Link, set[int]] = {}
        for mark in marks ^ self.marks:
            if isinstance(mark, Dot):
                led[mark.link] = set()
            elif isinstance(mark, Link):
                if mark in self.link_items:
                    self.link_items[mark].set_state(selected=mark in marks)
            elif mark in self.node_items:
                self.node_items[mark].set_selected(mark in marks)
        for mark in marks:
            if isinstance(mark, Dot) and mark.link in led:
                led[mark.link].add(mark.number)
        for link in led.keys() & self.link_items.keys():
            self.link_items[link].mark_dots(selected=frozenset(led[link]))
        self.marks = marks

    def repaint(self) -> None:
        """Paint all nodes again; Qt keeps pictures of those that did not change by themselves."""
        for item in self.node_items.values():
            item.update()
        for inner in self.inside.values():
            inner.repaint()
