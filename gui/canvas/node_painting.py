"""How a node is drawn: in full, and as a card with its name only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPen, QStaticText

from graph.direction import LEFT_RIGHT
from gui.canvas.badges import BADGE_GAP, BADGE_HEIGHT, BADGE_WIDTH, badges_of, paint_badge
from gui.canvas.looks import NodeLook, PortLook
from gui.canvas.measures import (
    NODE_HEIGHT,
    PORT_RADIUS,
    STACK_STEP,
    STRIPE_INSET,
    STRIPE_LEFT,
    STRIPE_WIDTH,
    TEXT_LEFT,
    TEXT_RIGHT,
    Level,
)
from gui.canvas.node_shape import GAP, NAME_DISTANCE, NodeShape
from gui.canvas.surface import Surface, dashed
from gui.look.theme import NODE_CORNER

if TYPE_CHECKING:
    from gui.canvas.node_item import NodeItem

NAME_BASELINE, SUMMARY_BASELINE, MIDDLE_BASELINE = 20.0, 37.0, 28.5
"""From the upper edge of the part of the card between the names of ports."""
NAME_INSET = 10.0
"""From a port at the left or right edge to its name."""
BADGE_RADIUS = 8.0
SHARE_HEIGHT, SHARE_ABOVE = 3.0, 5.0
"""Of the bar, and how far its middle lies above the lower edge."""
PALE = 0.35
FADED = 0.65
"""What is left out, but must still be read."""

_RIGHT_BELOW = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

Placed = tuple[QPointF, QStaticText]


class NodeTexts:
    """A node's texts, cut to what the card holds, laid out and placed relative to its centre."""

    def __init__(self, look: NodeLook, shape: NodeShape, surface: Surface) -> None:
        self.revision = surface.revision
        left, right = -shape.width / 2 + TEXT_LEFT, shape.width / 2 - TEXT_RIGHT
        top = -shape.height / 2 + shape.above
        two_lines = bool(look.summary or look.repeat or badges_of(look))
        baseline = top + (NAME_BASELINE if two_lines else MIDDLE_BASELINE)
        room = right - left
        title_width = surface.width(surface.small_font, look.title)
        name_room = max(room - title_width - GAP, room * 0.62)
        name = surface.elided(surface.name_font, look.name, name_room)
        self.name = self._placed(surface, surface.name_font, name, left, baseline)
        self.elided = name != look.name
        name_width = surface.width(surface.name_font, name)
        left_over = room - name_width - GAP
        fits = surface.width(surface.small_font, look.title) <= left_over
        title = look.title if fits or not look.type else look.type
        title = surface.elided(surface.small_font, title, left_over)
        title_left = right - surface.width(surface.small_font, title)
        self.title = self._placed(surface, surface.small_font, title, title_left, baseline)
        self.pill = QRectF()
        self.repeat: Placed | None = None
        below = top + SUMMARY_BASELINE
        if look.repeat:
            width = surface.width(surface.badge_font, look.repeat) + 12.0
            self.pill = QRectF(right - width, below - 12.0, width, 16.0)
            self.repeat = self._placed(
                surface, surface.badge_font, look.repeat, right - width + 6.0, below
            )
            room -= width + 8.0
        self.badges: list[tuple[str, QRectF]] = []
        for badge in badges_of(look):
            edge = left + room
            place = QRectF(edge - BADGE_WIDTH, below - 12.0, BADGE_WIDTH, BADGE_HEIGHT)
            self.badges.append((badge, place))
            room -= BADGE_WIDTH + BADGE_GAP
        summary = surface.elided(surface.small_font, look.summary, room)
        self.free = QRectF()
        """What is left of the second line."""
        if two_lines:
            start = left + surface.width(surface.small_font, summary) + GAP
            self.free = QRectF(start, below - 12.0, left + room - start, BADGE_HEIGHT)
        self.summary = (
            self._placed(surface, surface.small_font, summary, left, below) if summary else None
        )
        self.port_names: list[Placed] = []
        if look.named_inputs:
            self._name_ports(surface, shape, look, is_input=True)
        if look.named_outputs:
            self._name_ports(surface, shape, look, is_input=False)
        self._big: Placed | None = None
        self._halfway: tuple[Placed, Placed] | None = None
        self._look, self._shape = look, shape

    def big(self, surface: Surface) -> Placed:
        """The name, large enough to be read from further away."""
        if self._big is None:
            room = self._shape.width - TEXT_LEFT - TEXT_RIGHT
            text = surface.elided(surface.title_level_font, self._look.name, room)
            left = -self._shape.width / 2 + TEXT_LEFT
            self._big = self._placed(surface, surface.title_level_font, text, left, 8.0)
        return self._big

    def show_size(self, look: NodeLook) -> None:
        """Another size comes out; everything else is as it was."""
        self._look = look
        self._halfway = None

    def halfway(self, surface: Surface) -> tuple[Placed, Placed]:
        """The name and the size of what comes out, to be read from halfway."""
        if self._halfway is None:
            room = self._shape.width - TEXT_LEFT - TEXT_RIGHT
            left = -self._shape.width / 2 + TEXT_LEFT
            name = surface.elided(surface.halfway_font, self._look.name, room)
            size = surface.elided(surface.halfway_size_font, self._look.size, room)
            self._halfway = (
                self._placed(surface, surface.halfway_font, name, left, -3.0),
                self._placed(surface, surface.halfway_size_font, size, left, 14.0),
            )
        return self._halfway

    def _name_ports(
        self, surface: Surface, shape: NodeShape, look: NodeLook, *, is_input: bool
    ) -> None:
        """Write the names inside, beside their ports."""
        ports = look.inputs if is_input else look.outputs
        beside = shape.direction == LEFT_RIGHT
        if beside:
            both = look.named_inputs and look.named_outputs
            room = shape.width / (2 if both else 1) - 2 * NAME_INSET
        else:
            room = shape.width / (len(ports) + 1) - NAME_DISTANCE / 2
        for port in ports:
            text = surface.elided(surface.port_font, port.name, room)
            width = surface.width(surface.port_font, text)
            x, y = shape.port(port.name, is_input=is_input)
            if beside:
                left = x + NAME_INSET if is_input else x - NAME_INSET - width
                baseline = y + 3.5
            else:
                left = x - width / 2
                baseline = y + (15.0 if is_input else -8.0)
            self.port_names.append(
                self._placed(surface, surface.port_font, text, round(left), baseline)
            )

    def _placed(
        self, surface: Surface, chosen: QFont, text: str, left: float, baseline: float
    ) -> Placed:
        ascent = surface.metrics[id(chosen)].ascent()
        return QPointF(round(left), round(baseline - ascent)), surface.static(text, chosen)


def paint_full(painter: QPainter, item: NodeItem, texts: NodeTexts) -> None:
    """Everything that a node shows."""
    surface, look, card = item.surface, item.look, item.card
    painter.setPen(Qt.PenStyle.NoPen)
    if not surface.is_dark:
        for grown, brush in zip((2.0, 1.0), surface.shadows, strict=True):
            painter.setBrush(brush)
            shadow = card.adjusted(-grown + 0.5, -grown + 2.0, grown - 0.5, grown + 1.0)
            painter.drawRoundedRect(shadow, NODE_CORNER + grown, NODE_CORNER + grown)
    painter.setBrush(surface.card)
    if look.is_block:
        painter.setPen(surface.border)
        for step in (2, 1):
            inset = 5.0 * step
            behind = card.adjusted(inset + 0.5, 20.0, -inset - 0.5, step * STACK_STEP - 0.5)
            painter.drawRoundedRect(behind, NODE_CORNER, NODE_CORNER)
    outline = border_of(item)
    painter.setPen(dashed(outline) if look.bypassed else outline)
    half = outline.widthF() / 2
    painter.drawRoundedRect(card.adjusted(half, half, -half, -half), NODE_CORNER, NODE_CORNER)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setOpacity(FADED if look.bypassed else 1.0)
    painter.setBrush(surface.stripe(look.category))
    top = card.top() + item.shape_.above
    height = NODE_HEIGHT - 2 * STRIPE_INSET
    stripe = QRectF(card.left() + STRIPE_LEFT, top + STRIPE_INSET, STRIPE_WIDTH, height)
    painter.drawRoundedRect(stripe, STRIPE_WIDTH / 2, STRIPE_WIDTH / 2)
    paint_texts(painter, surface, texts)
    _paint_share(painter, item)
    painter.setOpacity(1.0)
    paint_ports(painter, item)
    if look.problem:
        paint_badge_of(painter, item)


def border_of(item: NodeItem) -> QPen:
    """The pen of a node's outline: what is selected or wrong stands out."""
    surface, look = item.surface, item.look
    if item.is_selected:
        return surface.selected_border
    if look.problem and look.severity == "error":
        return surface.error_border
    return surface.hovered_border if item.is_hovered else surface.border


def paint_texts(painter: QPainter, surface: Surface, texts: NodeTexts) -> None:
    """Name, title, summary and what stands beside them."""
    if texts.repeat is not None:
        painter.setBrush(surface.colors["accent_soft"])
        painter.drawRoundedRect(texts.pill, 8.0, 8.0)
        painter.setPen(surface.selected_border)
        painter.setFont(surface.badge_font)
        painter.drawStaticText(*texts.repeat)
    painter.setPen(surface.text)
    painter.setFont(surface.name_font)
    painter.drawStaticText(*texts.name)
    painter.setPen(surface.muted)
    painter.setFont(surface.small_font)
    painter.drawStaticText(*texts.title)
    if texts.summary is not None:
        painter.drawStaticText(*texts.summary)
    for badge, place in texts.badges:
        paint_badge(painter, surface, badge, place)
    if texts.port_names:
        painter.setPen(surface.muted)
        painter.setFont(surface.port_font)
        for placed in texts.port_names:
            painter.drawStaticText(*placed)


def _paint_share(painter: QPainter, item: NodeItem) -> None:
    """A bar for the node's part of the block's weights or multiply-adds, if that is wanted."""
    surface, card = item.surface, item.card
    share = surface.shares.get(item.name)
    if share is None:
        return
    middle = card.top() + item.shape_.above + NODE_HEIGHT - SHARE_ABOVE
    left, room = card.left() + TEXT_LEFT, card.width() - TEXT_LEFT - TEXT_RIGHT
    track = QRectF(left, middle - SHARE_HEIGHT / 2, room, SHARE_HEIGHT)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(surface.colors["line"])
    painter.drawRoundedRect(track, SHARE_HEIGHT / 2, SHARE_HEIGHT / 2)
    _paint_share_in_numbers(painter, item, share)
    painter.setPen(Qt.PenStyle.NoPen)
    track.setWidth(max(SHARE_HEIGHT, room * min(share, 1.0)))
    painter.setBrush(surface.colors["accent"])
    painter.drawRoundedRect(track, SHARE_HEIGHT / 2, SHARE_HEIGHT / 2)


def _paint_share_in_numbers(painter: QPainter, item: NodeItem, share: float) -> None:
    """The share as a percentage over the right end of its bar, where there is room for it."""
    surface, texts = item.surface, item.texts
    text = f"{share:.0%}" if share >= 0.01 else "<1%"
    if surface.level is not Level.FULL or texts is None:
        return
    if surface.width(surface.small_font, text) <= texts.free.width():
        painter.setPen(surface.muted)
        painter.setFont(surface.small_font)
        painter.drawText(texts.free, int(_RIGHT_BELOW), text)


def paint_ports(painter: QPainter, item: NodeItem) -> None:
    """All ports, as the gesture in hand lets them look."""
    look, shape = item.look, item.shape_
    for port in look.inputs:
        _paint_port(painter, item, port, QPointF(*shape.inputs[port.name]), is_input=True)
    for port in look.outputs:
        _paint_port(painter, item, port, QPointF(*shape.outputs[port.name]), is_input=False)


def _paint_port(
    painter: QPainter, item: NodeItem, port: PortLook, place: QPointF, *, is_input: bool
) -> None:
    surface = item.surface
    color = surface.colors["error"] if port.state == "wrong" else surface.kinds[port.kind]
    radius = PORT_RADIUS - 1.0 if port.state == "spare" else PORT_RADIUS
    targets = surface.targets
    end = None
    if targets is not None:
        end = targets.drawing.port_of(item, port.name, is_input=is_input)
    dimmed = False
    if targets is not None and (end is None or end != targets.origin):
        if end is not None and targets.is_legal(end):
            wrong = targets.misfit(end)
            color = surface.colors["warning" if wrong else "accent"]
            radius = PORT_RADIUS if wrong else PORT_RADIUS + 1.5
        else:
            dimmed = True
    elif item.lit_port == (port.name, is_input):
        color, radius = surface.colors["accent"], PORT_RADIUS + 1.5
    elif targets is None and port.state == "spare":
        dimmed = True
    if dimmed:
        painter.setOpacity(PALE if targets is not None else 0.6)
    if is_input:
        painter.setPen(QPen(color, 2.0))
        painter.setBrush(surface.panel)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
    painter.drawEllipse(place, radius, radius)
    if dimmed:
        painter.setOpacity(1.0)


def badge_rect(item: NodeItem) -> QRectF:
    """Where the badge of a problem is, relative to the node's centre."""
    middle = item.card.topRight() + QPointF(-3.0, 3.0)
    size = 2 * BADGE_RADIUS
    return QRectF(middle.x() - BADGE_RADIUS, middle.y() - BADGE_RADIUS, size, size)


def paint_badge_of(painter: QPainter, item: NodeItem) -> None:
    """The badge of its problem."""
    surface = item.surface
    rect = badge_rect(item)
    painter.setPen(QPen(surface.background, 2.0))
    painter.setBrush(surface.colors["error" if item.look.severity == "error" else "warning"])
    painter.drawEllipse(rect)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(surface.colors["panel"])
    middle = rect.center()
    painter.drawRoundedRect(QRectF(middle.x() - 1.0, middle.y() - 4.5, 2.0, 5.5), 1.0, 1.0)
    painter.drawEllipse(QPointF(middle.x(), middle.y() + 3.5), 1.2, 1.2)


def paint_size(painter: QPainter, item: NodeItem, texts: NodeTexts) -> None:
    """A card with stripe, name and the size of what comes out, for reading from halfway."""
    if not item.look.size:
        paint_title(painter, item, texts)
        if item.surface.targets is None:
            paint_ports(painter, item)
        return
    _paint_plain_card(painter, item)
    surface = item.surface
    name, size = texts.halfway(surface)
    painter.setPen(surface.text)
    painter.setFont(surface.halfway_font)
    painter.drawStaticText(*name)
    painter.setPen(surface.muted)
    painter.setFont(surface.halfway_size_font)
    painter.drawStaticText(*size)
    _paint_share(painter, item)
    painter.setOpacity(1.0)
    paint_ports(painter, item)
    if item.look.problem:
        paint_badge_of(painter, item)


def paint_title(painter: QPainter, item: NodeItem, texts: NodeTexts) -> None:
    """A card with stripe and name, for reading from further away."""
    surface, look = item.surface, item.look
    _paint_plain_card(painter, item)
    painter.setPen(surface.text)
    painter.setFont(surface.title_level_font)
    painter.drawStaticText(*texts.big(surface))
    _paint_share(painter, item)
    painter.setOpacity(1.0)
    if surface.targets is not None:
        paint_ports(painter, item)
    if look.problem:
        paint_badge_of(painter, item)


def _paint_plain_card(painter: QPainter, item: NodeItem) -> None:
    """A card with its stripe; leaves the opacity of what is left out."""
    surface, look, card = item.surface, item.look, item.card
    painter.setBrush(surface.card)
    outline = border_of(item)
    outline = surface.title_border if outline is surface.border else outline
    painter.setPen(dashed(outline) if look.bypassed else outline)
    painter.drawRoundedRect(card, NODE_CORNER, NODE_CORNER)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setOpacity(FADED if look.bypassed else 1.0)
    painter.fillRect(
        QRectF(card.left() + STRIPE_LEFT - 2.0, card.top() + 8.0, 8.0, card.height() - 16.0),
        surface.stripe(look.category),
    )
