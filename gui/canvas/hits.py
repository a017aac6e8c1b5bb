"""What lies under the mouse: a port, a node, a reroute point, a link, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QLineF, QPointF, QRectF

from graph.dots import Dot
from graph.geometry import distance
from graph.state import Link
from gui.canvas.measures import DOT_RADIUS, DOT_REACH, LINK_REACH, PORT_RADIUS, PORT_REACH, Level
from gui.canvas.scene import CanvasScene


@dataclass(frozen=True, slots=True)
class PortHit:
    """A port of a node."""

    node: str
    port: str
    is_input: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """What lies at a point; the topmost of its sort. A dot is one of its link; `inner` is a node
    inside of an expanded one."""

    sort: Literal["nothing", "port", "node", "dot", "link"] = "nothing"
    node: str = ""
    port: PortHit | None = None
    link: Link | None = None
    dot: Dot | None = None
    inner: str = ""


NOTHING = Hit()


def hit_test(scene: CanvasScene, place: QPointF, zoom: float) -> Hit:
    """What lies at a place of the canvas."""
    if scene.surface.level >= Level.SIZE:
        port = nearest_port(scene, place, max(PORT_REACH / zoom, PORT_RADIUS))
        if port is not None:
            return Hit("port", port.node, port)
    node = node_at(scene, place)
    if node:
        return Hit("node", node, inner=scene.node_items[node].inside.at(place))
    dot = nearest_dot(scene, place, max(DOT_REACH / zoom, DOT_RADIUS))
    if dot is not None:
        return Hit("dot", link=dot.link, dot=dot)
    link = nearest_link(scene, place, LINK_REACH / zoom)
    return Hit("link", link=link) if link is not None else NOTHING


def node_at(scene: CanvasScene, place: QPointF) -> str:
    """The topmost node at a place; empty where there is none."""
    x, y = place.x(), place.y()
    found = scene.node_index.touching((x, y, x, y))
    if len(found) < 2:
        return found[0] if found else ""
    return max(found, key=lambda name: scene.node_items[name].zValue())


def ports_near(scene: CanvasScene, place: QPointF, reach: float) -> list[tuple[float, PortHit]]:
    """All ports within reach with their distances, the nearest first."""
    x, y = place.x(), place.y()
    found: list[tuple[float, PortHit]] = []
    for name in scene.node_index.touching((x - reach, y - reach, x + reach, y + reach)):
        item = scene.node_items[name]
        for is_input, ports in ((True, item.look.inputs), (False, item.look.outputs)):
            for port in ports:
                at = item.port_place(port.name, is_input=is_input)
                distance = ((at.x() - x) ** 2 + (at.y() - y) ** 2) ** 0.5
                if distance <= reach:
                    found.append((distance, PortHit(name, port.name, is_input)))
    return sorted(found, key=lambda entry: entry[0])


def nearest_port(scene: CanvasScene, place: QPointF, reach: float) -> PortHit | None:
    """The nearest port within reach."""
    found = ports_near(scene, place, reach)
    return found[0][1] if found else None


def nearest_dot(scene: CanvasScene, place: QPointF, reach: float) -> Dot | None:
    """The nearest reroute point within reach; none where they are too small to be seen."""
    if scene.surface.level < Level.TITLE:
        return None
    found = scene.dots_in(QRectF(place.x() - reach, place.y() - reach, 2 * reach, 2 * reach))
    near = [(QLineF(at, place).length(), dot) for dot, at in found.items()]
    near = [entry for entry in near if entry[0] <= reach]
    return min(near)[1] if near else None


def nearest_link(scene: CanvasScene, place: QPointF, reach: float) -> Link | None:
    """The nearest link within reach."""
    x, y = place.x(), place.y()
    best: Link | None = None
    least = reach
    for link in scene.link_index.touching((x - reach, y - reach, x + reach, y + reach)):
        away = distance(scene.link_items[link].points(), x, y)
        if away <= least:
            best, least = link, away
    return best
