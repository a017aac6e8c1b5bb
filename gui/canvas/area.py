"""The inside of a block, drawn in place of a node that uses it: cards and links as children of the
node's item, with the sizes of this very use."""

from __future__ import annotations

import itertools
from collections.abc import Set
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem

from graph.direction import TOP_DOWN, Direction, turned
from graph.expanding import SIDE_BESIDE, inner_corner
from gui.canvas.badges import badges_width
from gui.canvas.link_item import LinkItem
from gui.canvas.looks import InnerLook, NodeLook
from gui.canvas.measures import (
    NAMES_HEIGHT,
    NODE_HEIGHT,
    PORT_DISTANCE,
    STRIPE_LEFT,
    STRIPE_WIDTH,
    TEXT_LEFT,
    Level,
)
from gui.canvas.node_painting import (
    NAME_INSET,
    NodeTexts,
    border_of,
    dashed,
    paint_badge_of,
    paint_ports,
    paint_texts,
)
from gui.canvas.node_shape import NodeShape, Place, ports_around
from gui.canvas.surface import mixed, pen
from gui.theme import NODE_CORNER

if TYPE_CHECKING:
    from gui.canvas.node_item import NodeItem

BELOW_NAME = 20.0
"""From a port to below its name."""
STRIPE_ENDS = 9.0
PORT_INSET = 24.0
"""How far a port keeps off the corners."""


def area_shape(look: NodeLook, inner: InnerLook, direction: Direction) -> NodeShape:
    """As large as the block is, with the ports of the node at its edges."""
    width, height = inner.size
    above = NAMES_HEIGHT if look.named_inputs and direction == TOP_DOWN else 0.0
    inputs, outputs = ports_around(look, width, height, direction)
    inputs = _as_inside(inputs, inner, inner.inputs, direction)
    outputs = _as_inside(outputs, inner, inner.outputs, direction)
    return NodeShape(
        width,
        height,
        inputs,
        outputs,
        above,
        height - NODE_HEIGHT - above,
        direction,
    )


def _as_inside(
    ports: dict[str, Place],
    inner: InnerLook,
    ends: tuple[tuple[str, Place], ...],
    direction: Direction,
) -> dict[str, Place]:
    """The ports of an edge where the ends that they stand for are inside, if these are apart."""
    # The port of an only end has a name of its own.
    places = dict(ends) if len(ends) > 1 else {name: at for name in ports for _, at in ends}
    if not ports.keys() <= places.keys():
        return ports
    corner, origin, size = (
        turned(direction, pair)[0]
        for pair in (inner_corner(inner.size, direction), inner.origin, inner.size)
    )
    low = -size / 2 + PORT_INSET if direction == TOP_DOWN else corner
    found = {}
    for name, port in ports.items():
        across = turned(direction, places[name])[0] - origin + corner
        across = float(round(min(max(across, low), size / 2 - PORT_INSET)))
        found[name] = turned(direction, (across, turned(direction, port)[1]))
    along_edge = sorted(turned(direction, place)[0] for place in found.values())
    near = any(b - a < PORT_DISTANCE for a, b in itertools.pairwise(along_edge))
    return ports if near else found


class Inside:
    """The items of what is inside.

    Attributes:
        nodes: by name; they are children of the area, so that they move with it.
        links: between them, and to the ports of the area.
    """

    def __init__(self, area: NodeItem) -> None:
        self._area = area
        self.nodes: dict[str, NodeItem] = {}
        self.links: list[LinkItem] = []
        self._shown: InnerLook | None = None
        self._chosen: frozenset[str] = frozenset()

    def show(self, inner: InnerLook | None) -> None:
        """Show this instead; None for nothing."""
        if inner == self._shown:
            return
        self._shown = inner
        scene = self._area.scene()
        for item in (*self.nodes.values(), *self.links):
            item.setParentItem(None)  # type: ignore[arg-type] # as Qt allows
            # An area out of view is in none.
            if scene is not None:
                scene.removeItem(item)
        self.nodes, self.links = {}, []
        if inner is None:
            return
        surface = self._area.surface
        make = type(self._area)
        for look, _ in inner.nodes:
            node = make(look, surface)
            node.setParentItem(self._area)
            self.nodes[look.name] = node
        for link, link_look in inner.links:
            item = LinkItem(link, link_look, surface)
            item.setParentItem(self._area)
            self.links.append(item)
        self.carry(frozenset(), QPointF())
        self.choose(self._chosen)

    @property
    def corner(self) -> QPointF:
        """Where the drawing of the block has its origin, as seen from the middle of the area."""
        inner = self._shown
        if inner is None:
            return QPointF()
        return QPointF(*inner_corner(inner.size, self._area.surface.direction)) - QPointF(
            *inner.origin
        )

    def carry(self, names: Set[str], away: QPointF) -> None:
        """Show some nodes so far away from where the model has them, and all others there."""
        inner, corner = self._shown, self.corner
        for look, at in inner.nodes if inner is not None else ():
            item = self.nodes[look.name]
            item.setPos(QPointF(*at) + corner + (away if look.name in names else QPointF()))
            if look.name in names:
                item.lift()
            else:
                item.rest()
        for led in self.links:
            link = led.link
            along = away if {link.source, link.target} <= names else QPointF()
            led.dots = [QPointF(*at) + corner + along for at in link.dots]
            led.set_ends(
                self._end(link.source, link.output, is_input=False),
                self._end(link.target, link.input, is_input=True),
            )
            self._write_size(led)

    def _end(self, name: str, port: str, *, is_input: bool) -> QPointF:
        """Where a link ends: at a node, or at a port of the area, which an end of the block is."""
        if name in self.nodes:
            return self.nodes[name].port_place(port, is_input=is_input)
        return self._through(name, is_input=not is_input)

    def _through(self, end: str, *, is_input: bool) -> QPointF:
        """Where a link goes on inside from a port of the area: below the title and the names."""
        look, shape = self._area.look, self._area.shape_
        ports = shape.inputs if is_input else shape.outputs
        alone = next(iter(ports)) if len(ports) == 1 else end
        x, y = ports.get(end) or ports.get(alone) or shape.edge(is_input=is_input)
        named = look.named_inputs if is_input else look.named_outputs
        inset = 0.0
        if shape.direction == TOP_DOWN:
            if is_input and not self._clear_of_title(x):
                inset = NODE_HEIGHT + shape.above
            elif named:
                inset = BELOW_NAME
            return QPointF(x, y + inset if is_input else y - inset)
        if named:
            surface = self._area.surface
            inset = min(surface.width(surface.port_font, end), SIDE_BESIDE / 2) + 2 * NAME_INSET
        return QPointF(x + inset if is_input else x - inset, y)

    def _clear_of_title(self, x: float) -> bool:
        """Whether a line may go down there between the texts of the title."""
        look, surface = self._area.look, self._area.surface
        half = self._area.shape_.width / 2 - TEXT_LEFT
        left = max(
            surface.width(surface.name_font, look.name),
            surface.width(surface.small_font, look.summary),
        )
        right = max(surface.width(surface.small_font, look.title), badges_width(look))
        return -half + left < x < half - right - NODE_HEIGHT * bool(look.repeat)

    def _write_size(self, item: LinkItem) -> None:
        """The size at the first spot that no card covers."""
        for spot in item.label_spots():
            place = item.label_at(spot)
            if not any(place.intersects(one.card_on_canvas()) for one in self.nodes.values()):
                item.set_label(spot)
                return

    def restyle(self) -> None:
        """Lead the links in the style that is wanted now."""
        for item in self.links:
            item.restyle()
            self._write_size(item)

    def choose(self, names: frozenset[str]) -> None:
        """Mark these nodes, and no others."""
        self._chosen = names
        for name, item in self.nodes.items():
            item.set_selected(name in names)

    def at(self, place: QPointF) -> str:
        """The topmost node at a place of the canvas; empty where there is none."""
        local = self._area.mapFromScene(place)
        found = [name for name, one in self.nodes.items() if one.body_on_canvas().contains(local)]
        return found[-1] if found else ""

    def cards(self) -> list[tuple[str, QRectF]]:
        """The category and the card of each, on the canvas."""
        return [
            (one.look.category, one.card_on_canvas().translated(self._area.pos()))
            for one in self.nodes.values()
            if not one.look.is_note
        ]


def paint_area(painter: QPainter, item: NodeItem, texts: NodeTexts) -> None:
    """The ground, the strip with the title, and the ports."""
    surface, look, card = item.surface, item.look, item.card
    tone, ground = surface.stripe(look.category).color(), surface.colors["background"]
    painter.setBrush(mixed(tone, ground, 0.11))
    edge = border_of(item)
    if edge in (surface.border, surface.hovered_border):
        edge = pen(mixed(tone, ground, 0.7 if item.is_hovered else 0.45), 1.2)
    painter.setPen(dashed(edge) if look.bypassed else edge)
    half = edge.widthF() / 2
    painter.drawRoundedRect(card.adjusted(half, half, -half, -half), NODE_CORNER, NODE_CORNER)
    top = card.top() + item.shape_.above
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tone)
    height = NODE_HEIGHT - 2 * STRIPE_ENDS
    stripe = QRectF(card.left() + STRIPE_LEFT, top + STRIPE_ENDS, STRIPE_WIDTH, height)
    painter.drawRoundedRect(stripe, STRIPE_WIDTH / 2, STRIPE_WIDTH / 2)
    if surface.level is Level.FULL:
        paint_texts(painter, surface, texts)
    else:
        painter.setPen(surface.text)
        painter.setFont(surface.title_level_font)
        place, words = texts.big(surface)
        painter.drawStaticText(QPointF(place.x(), top + 10.0), words)
    if surface.level >= Level.SIZE or surface.targets is not None:
        paint_ports(painter, item)
    if look.problem:
        paint_badge_of(painter, item)


def cache_mode(look: NodeLook) -> QGraphicsItem.CacheMode:
    """Panning and dragging need no call into Python for what is kept as a picture. What may be as
    large as the network is quickly painted, and would fill the memory."""
    large = look.frame is not None or look.inner is not None
    mode = QGraphicsItem.CacheMode
    return mode.NoCache if large else mode.DeviceCoordinateCache
