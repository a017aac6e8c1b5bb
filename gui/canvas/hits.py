"""What lies under the mouse: a port, a node, a reroute point, a link, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QLineF, QPointF, QRectF

from graph.dots import Dot
from graph.geometry import distance
from graph.state import Link
from gui.canvas.measures import DOT_RADIUS, DOT_REACH, LINK_REACH, PORT_RADIUS, PORT_REACH, Level

if TYPE_CHECKING:
    from gui.canvas.drawing import Drawing
    from gui.canvas.glide import Part
    from gui.canvas.node_item import NodeItem
    from gui.editor import Path


@dataclass(frozen=True, slots=True)
class PortHit:
    """A port of a node."""

    node: str
    port: str
    is_input: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """What lies at a point; the topmost of its sort. A dot is one of its link; `path` says in which
    drawing that is."""

    sort: Literal["nothing", "port", "node", "dot", "link"] = "nothing"
    node: str = ""
    port: PortHit | None = None
    link: Link | None = None
    dot: Dot | None = None
    path: Path = ()

    @property
    def part(self) -> Part | None:
        """The node or reroute point that it is."""
        return self.dot or self.node or None


NOTHING = Hit()


def hit_test(drawing: Drawing, place: QPointF, zoom: float) -> Hit:
    """What lies at a place of a drawing; what is inside of an expanded node lies on that."""
    path = drawing.path
    if drawing.surface.level >= Level.SIZE:
        port = nearest_port(drawing, place, max(PORT_REACH / zoom, PORT_RADIUS))
        if port is not None:
            return Hit("port", port.node, port, path=path)
    node = node_at(drawing, place)
    if node:
        inner = drawing.inside.get(node)
        if inner is not None:
            hit = hit_test(inner, inner.local(drawing.on_canvas(place)), zoom)
            if hit.sort != "nothing":
                return hit
        return Hit("node", node, path=path)
    dot = nearest_dot(drawing, place, max(DOT_REACH / zoom, DOT_RADIUS))
    if dot is not None:
        return Hit("dot", link=dot.link, dot=dot, path=path)
    link = nearest_link(drawing, place, LINK_REACH / zoom)
    return Hit("link", link=link, path=path) if link is not None else NOTHING


def node_at(drawing: Drawing, place: QPointF) -> str:
    """The topmost node at a place; empty where there is none."""
    x, y = place.x(), place.y()
    found = drawing.node_index.touching((x, y, x, y))
    if len(found) < 2:
        return found[0] if found else ""
    return max(found, key=lambda name: drawing.node_items[name].zValue())


def ports_near(drawing: Drawing, place: QPointF, reach: float) -> list[tuple[float, PortHit]]:
    """All ports within reach with their distances, the nearest first."""
    x, y = place.x(), place.y()
    ports = list(drawing.border_ports())
    for name in drawing.node_index.touching((x - reach, y - reach, x + reach, y + reach)):
        look = drawing.node_items[name].look
        ports += [PortHit(name, port.name, True) for port in look.inputs]
        ports += [PortHit(name, port.name, False) for port in look.outputs]
    found = [(QLineF(drawing.port_place(port), place).length(), port) for port in ports]
    return sorted((entry for entry in found if entry[0] <= reach), key=lambda entry: entry[0])


def nearest_port(drawing: Drawing, place: QPointF, reach: float) -> PortHit | None:
    """The nearest port within reach."""
    found = ports_near(drawing, place, reach)
    return found[0][1] if found else None


def nearest_dot(drawing: Drawing, place: QPointF, reach: float) -> Dot | None:
    """The nearest reroute point within reach; none where they are too small to be seen."""
    if drawing.surface.level < Level.TITLE:
        return None
    found = drawing.dots_in(QRectF(place.x() - reach, place.y() - reach, 2 * reach, 2 * reach))
    near = [(QLineF(at, place).length(), dot) for dot, at in found.items()]
    near = [entry for entry in near if entry[0] <= reach]
    return min(near)[1] if near else None


def nearest_link(drawing: Drawing, place: QPointF, reach: float) -> Link | None:
    """The nearest link within reach."""
    x, y = place.x(), place.y()
    best: Link | None = None
    least = reach
    for link in drawing.link_index.touching((x - reach, y - reach, x + reach, y + reach)):
        away = distance(drawing.link_items[link].points(), x, y)
        if away <= least:
            best, least = link, away
    return best


def lit_by(drawing: Drawing, hit: Hit) -> list[tuple[NodeItem, tuple[str, bool] | None]]:
    """The nodes that something under the mouse lights up, each with the port concerned."""
    if hit.link is not None:
        link = hit.link
        ends = [PortHit(link.source, link.output, False), PortHit(link.target, link.input, True)]
    else:
        ends = [hit.port] if hit.port is not None else []
    found: list[tuple[NodeItem, tuple[str, bool] | None]] = []
    for end in ends:
        found += [(item, (port, is_input)) for item, port, is_input in drawing.drawn_port(end)]
    if not ends and hit.node in drawing.node_items:
        found.append((drawing.node_items[hit.node], None))
    return found


def is_ground(hit: Hit, ground: Drawing) -> bool:
    """Whether what was hit is an expanded node where there is nothing on its ground."""
    return hit.sort == "node" and ground.path == (*hit.path, hit.node)
