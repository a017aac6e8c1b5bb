"""The ground on which the inside of a block is drawn in place of a node that uses it: a large card
with a title, and the ports of that node at its edges. What is on it: gui/canvas/inside.py."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem

from graph.direction import TOP_DOWN, Direction, turned
from graph.expanding import inner_corner
from gui.canvas.looks import InnerLook, NodeLook
from gui.canvas.measures import (
    NAMES_HEIGHT,
    NODE_HEIGHT,
    PORT_DISTANCE,
    STRIPE_LEFT,
    STRIPE_WIDTH,
    Level,
)
from gui.canvas.node_painting import (
    NodeTexts,
    border_of,
    paint_badge_of,
    paint_ports,
    paint_texts,
)
from gui.canvas.node_shape import NodeShape, Place, ports_around
from gui.canvas.surface import dashed, mixed, pen
from gui.look.theme import NODE_CORNER

if TYPE_CHECKING:
    from gui.canvas.node_item import NodeItem

STRIPE_ENDS = 9.0
GROUND, DEEPER = 0.11, 0.06
"""How much of the ground's colour is that of a block, and how much more for each one around it."""
PORT_INSET = 24.0
"""How far a port keeps off the corners."""


def area_shape(look: NodeLook, inner: InnerLook, direction: Direction) -> NodeShape:
    """As large as the block is, with the ports of the node at its edges."""
    width, height = inner.size
    above = NAMES_HEIGHT if look.named_inputs and direction == TOP_DOWN else 0.0
    inputs, outputs = ports_around(look.inputs, look.outputs, width, height, direction)
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


def paint_area(painter: QPainter, item: NodeItem, texts: NodeTexts) -> None:
    """The ground, the strip with the title, and the ports."""
    surface, look, card = item.surface, item.look, item.card
    tone, ground = surface.stripe(look.category).color(), surface.colors["background"]
    painter.setBrush(mixed(tone, ground, GROUND + DEEPER * item.depth))
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
