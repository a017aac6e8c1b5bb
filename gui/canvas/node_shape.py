"""How large a node is and where its ports are, from what it says."""

from __future__ import annotations

import math
from dataclasses import dataclass

from gui.canvas.badges import badges_width
from gui.canvas.looks import NodeLook, PortLook
from gui.canvas.measures import (
    NAMES_HEIGHT,
    NODE_HEIGHT,
    NODE_WIDTH,
    PORT_DISTANCE,
    TEXT_LEFT,
    TEXT_RIGHT,
    WIDEST_NODE,
)
from gui.canvas.surface import Surface

GAP = 8.0
"""Between a node's name and its layer's title."""
NAME_DISTANCE = 8.0


@dataclass(frozen=True, slots=True)
class NodeShape:
    """Size and ports of a node; places are relative to its centre.

    Attributes:
        inputs, outputs: across place of each port, by name, from left to right.
        top_names, bottom_names: the height kept free for the names of ports.
    """

    width: float
    height: float
    inputs: dict[str, float]
    outputs: dict[str, float]
    top_names: float = 0.0
    bottom_names: float = 0.0

    def port(self, name: str, *, is_input: bool) -> tuple[float, float]:
        """The place of a port; the middle of the edge for one that does not exist."""
        if is_input:
            return self.inputs.get(name, 0.0), -self.height / 2
        return self.outputs.get(name, 0.0), self.height / 2


def shape_of(look: NodeLook, surface: Surface) -> NodeShape:
    """The shape of a node. The width is even, so that edges fall on whole pixels."""
    first = surface.width(surface.name_font, look.name) + GAP
    first += surface.width(surface.small_font, look.title)
    second = surface.width(surface.small_font, look.summary)
    second += badges_width(look)
    if look.repeat:
        second += surface.width(surface.badge_font, look.repeat) + 20.0
    # Two widths only, so that columns have straight edges.
    text = max(first, second) + TEXT_LEFT + TEXT_RIGHT
    text = NODE_WIDTH if text <= NODE_WIDTH else WIDEST_NODE
    ports = max(_room(look.inputs, look.named_inputs, surface),
                _room(look.outputs, look.named_outputs, surface))  # fmt: skip
    width = 2.0 * math.ceil(max(NODE_WIDTH, text, ports) / 2)
    top = NAMES_HEIGHT if look.named_inputs else 0.0
    bottom = NAMES_HEIGHT if look.named_outputs else 0.0
    return NodeShape(
        width,
        NODE_HEIGHT + top + bottom,
        _spread(look.inputs, width),
        _spread(look.outputs, width),
        top,
        bottom,
    )


def _room(ports: tuple[PortLook, ...], named: bool, surface: Surface) -> float:
    distance = PORT_DISTANCE
    if named:
        longest = max(surface.width(surface.port_font, port.name) for port in ports)
        distance = min(longest, 90.0) + NAME_DISTANCE
    return distance * (len(ports) + 1)


def _spread(ports: tuple[PortLook, ...], width: float) -> dict[str, float]:
    """Places from left to right: evenly, so that a single port is in the middle."""
    parts = len(ports) + 1
    return {
        port.name: float(round(width * number / parts - width / 2))
        for number, port in enumerate(ports, start=1)
    }
