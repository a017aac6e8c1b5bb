"""The inside of a block, drawn in place of a node that uses it: cards and links as children of the
node's item, with the sizes of this very use."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QGraphicsItem, QGraphicsRectItem

from graph.direction import TOP_DOWN
from graph.expanding import SIDE_BESIDE, inner_corner, redirected
from graph.geometry import rounded
from graph.state import Link, Point
from gui.canvas.drawing import Drawing
from gui.canvas.hits import PortHit
from gui.canvas.link_item import LinkItem
from gui.canvas.looks import InnerLook, NodeLook
from gui.canvas.measures import NODE_HEIGHT, PORT_RADIUS, TEXT_LEFT
from gui.canvas.node_item import FINE, NodeItem
from gui.canvas.node_painting import NAME_INSET
from gui.canvas.node_shape import beside_summary

BELOW_NAME = 20.0
"""From a port to below its name."""


class Inside(Drawing):
    """The block of an expanded node, drawn in its place. Its Inputs and Outputs are the ports of
    that node."""

    def __init__(self, around: Drawing, area: NodeItem) -> None:
        """Nothing of it is shown yet.

        Args:
            around: in which the expanded node lies.
            area: the item of that node; all others are its children, so that they move with it.
        """
        self.editor, self.surface = around.editor, around.surface
        self.around, self.area = around, area
        self.path = (*around.path, area.name)
        self._ground = QGraphicsRectItem(area)
        self._ground.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents)
        self._shown: InnerLook | None = None
        self.prepare()

    # --- following the model -------------------------------------------------------------------

    def show(self, inner: InnerLook) -> None:
        """Show this instead."""
        if inner == self._shown:
            return
        self._shown = inner
        nodes = {look.name: look for look, _ in inner.nodes}
        links = dict(inner.links)
        for gone in self.link_items.keys() - links.keys():
            self.remove_item(self.link_items.pop(gone))
            self.link_index.remove(gone)
        for name in self.node_items.keys() - nodes.keys():
            self.remove_item(self.node_items.pop(name))
            self.node_index.remove(name)
            self.inside.pop(name, None)
        corner = inner_corner(inner.size, self.surface.direction)
        self._ground.setPos(QPointF(*corner) - QPointF(*inner.origin))
        for number, (look, at) in enumerate(inner.nodes):
            self._show_node(look, QPointF(*at), number * FINE)
        self._attached = {}
        for link in links:
            self._attached.setdefault(link.source, set()).add(link)
            self._attached.setdefault(link.target, set()).add(link)
        for link, link_look in inner.links:
            item = self.link_items.get(link)
            if item is None:
                item = self.link_items[link] = LinkItem(link, link_look, self.surface)
                item.set_state(selected=link in self.marks)
                self.add_item(item)
            item.set_look(link_look)
            item.link, item.dots = link, [QPointF(*at) for at in link.dots]
            self.follow_ends(link)
        self._write_sizes()

    def _show_node(self, look: NodeLook, at: QPointF, order: float) -> None:
        item = self.node_items.get(look.name)
        if item is None:
            item = self.node_items[look.name] = NodeItem(look, self.surface)
            item.depth = len(self.path)
            item.set_selected(look.name in self.marks)
            self.add_item(item)
        else:
            item.set_look(look)
            item.turn()
        item.setPos(at)
        item.order = order
        item.rest()
        show_inside(self, item)
        self.index_node(item)

    def _write_sizes(self) -> None:
        self.labels.clear()
        self.labels.settle(self.link_items)

    def vanish(self) -> None:
        """Show nothing of it any more."""
        self.remove_item(self._ground)

    def restyle(self) -> None:
        """Lead the links in the style that is wanted now."""
        for link, item in self.link_items.items():
            item.restyle()
            self.index_link(link)
        for inner in self.inside.values():
            inner.restyle()
        self._write_sizes()

    # --- where it is ---------------------------------------------------------------------------

    def origin(self) -> QPointF:
        """Where its block begins to count, on the canvas."""
        return self._ground.scenePos()

    def holds(self, place: QPointF) -> bool:
        """Whether a place in here is on its ground: below the title of the node."""
        ground = self.area.card.translated(-self._ground.pos())
        return ground.adjusted(0, self.area.shape_.above + NODE_HEIGHT, 0, 0).contains(place)

    def shown_at(self, at: Point) -> QPointF:
        """Where a place of the block is drawn, which may be in another direction."""
        return QPointF(*redirected(at, self.block.direction, self.surface.direction))

    def model_at(self, place: QPointF) -> Point:
        """What place of the block is drawn there."""
        at = (place.x(), place.y())
        return rounded(redirected(at, self.surface.direction, self.block.direction))

    def add_item(self, item: QGraphicsItem) -> None:
        """Show something besides, whose place counts in here."""
        item.setParentItem(self._ground)

    def remove_item(self, item: QGraphicsItem) -> None:
        """Show it no more."""
        item.setParentItem(None)  # type: ignore[arg-type] # as Qt allows
        # What is out of view is in no scene.
        if item.scene() is not None:
            item.scene().removeItem(item)

    def moved(self) -> None:
        """Something is elsewhere, and so on the picture from far away."""
        self.around.index_node(self.area)
        self.around.moved()

    def cards(self) -> Iterator[tuple[str, str, QRectF]]:
        """A name that no other has, the category and the card of each node, on the canvas; of
        expanded ones those inside."""
        origin = self.origin()
        for name, item in self.node_items.items():
            if name in self.inside:
                yield from self.inside[name].cards()
            elif not item.look.is_note:
                key = "/".join((*self.path, name))
                yield key, item.look.category, item.card_on_canvas().translated(origin)

    # --- its border ----------------------------------------------------------------------------

    def border_ports(self) -> Iterator[PortHit]:
        """What its Inputs give and its Outputs take, at the ports of the node."""
        for end, _, _ in self._border():
            yield end

    def _border(self) -> Iterator[tuple[PortHit, str, bool]]:
        """By what it is in here, the name of each port of the node, and whether it is an input."""
        for is_input, ports in ((True, self.area.look.inputs), (False, self.area.look.outputs)):
            for port in ports:
                end = self.end_at(port.name, is_input=is_input)
                if end is not None:
                    yield end, port.name, is_input

    def drawn_port(self, port: PortHit) -> Iterator[tuple[NodeItem, str, bool]]:
        """Where a port is drawn: the item, its name there, and whether it is an input there."""
        yield from super().drawn_port(port)
        for end, name, is_input in self._border():
            if end == port:
                yield self.area, name, is_input

    def end_at(self, port: str, *, is_input: bool) -> PortHit | None:
        """What a port of the node is in here; None where that stands for nothing."""
        names = self.block.input_names() if is_input else self.block.output_names()
        # The port of an only end has a name of its own.
        name = names[0] if len(names) == 1 and port == ("in" if is_input else "out") else port
        return PortHit(name, "out" if is_input else "in", not is_input) if name in names else None

    def port_of(self, item: NodeItem, port: str, *, is_input: bool) -> PortHit | None:
        """What a drawn port is in here, which may be one of the node around it."""
        if item is self.area:
            return self.end_at(port, is_input=is_input)
        return super().port_of(item, port, is_input=is_input)

    def port_place(self, port: PortHit) -> QPointF:
        """Where links at a port end: at a node, or where they go on from a port of the area."""
        if port.node in self.node_items:
            return super().port_place(port)
        return self._through(port.node, is_input=not port.is_input) - self._ground.pos()

    def ends_of(self, link: Link) -> tuple[QPointF, QPointF]:
        """Where a link begins and where it ends."""
        start = self.port_place(PortHit(link.source, link.output, False))
        return start, self.port_place(PortHit(link.target, link.input, True))

    def _through(self, end: str, *, is_input: bool) -> QPointF:
        """Where a link goes on inside from a port of the area: below the title and the names."""
        look, shape = self.area.look, self.area.shape_
        ports = shape.inputs if is_input else shape.outputs
        alone = next(iter(ports)) if len(ports) == 1 else end
        x, y = ports.get(end) or ports.get(alone) or shape.edge(is_input=is_input)
        named = look.named_inputs if is_input else look.named_outputs
        inset = PORT_RADIUS
        if shape.direction == TOP_DOWN:
            if is_input and not self._clear_of_title(x):
                inset = NODE_HEIGHT + shape.above
            elif named:
                inset = BELOW_NAME
            return QPointF(x, y + inset if is_input else y - inset)
        if named:
            width = self.surface.width(self.surface.port_font, end)
            inset = min(width, SIDE_BESIDE / 2) + 2 * NAME_INSET
        return QPointF(x + inset if is_input else x - inset, y)

    def _clear_of_title(self, x: float) -> bool:
        """Whether a line may go down there between the texts of the title."""
        look, surface = self.area.look, self.surface
        half = self.area.shape_.width / 2 - TEXT_LEFT
        left = max(
            surface.width(surface.name_font, look.name),
            surface.width(surface.small_font, look.summary),
        )
        right = max(surface.width(surface.small_font, look.title), beside_summary(look, surface))
        return -half + left < x - PORT_RADIUS and x + PORT_RADIUS < half - right


def show_inside(drawing: Drawing, item: NodeItem) -> None:
    """Show what is inside of a node that is expanded, and nothing of any other."""
    inner = item.look.inner
    if inner is None:
        gone = drawing.inside.pop(item.name, None)
        if gone is not None:
            gone.vanish()
        return
    if item.name not in drawing.inside:
        drawing.inside[item.name] = Inside(drawing, item)
    drawing.inside[item.name].show(inner)
