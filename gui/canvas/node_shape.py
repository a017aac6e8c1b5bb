"""How large a node is and where its ports are, from what it says."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from graph.direction import LEFT_RIGHT, TOP_DOWN, Direction, turned
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
ROWS_MARGIN = 4.0
"""Below the names of ports that have a row each."""


Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class NodeShape:
    """Size and ports of a node; places are relative to its centre.

    Attributes:
        inputs, outputs: place of each port, by name, from left to right or from top to bottom.
        above, below: the height kept free over and under the texts, for ports and their names.
    """

    width: float
    height: float
    inputs: dict[str, Place]
    outputs: dict[str, Place]
    above: float = 0.0
    below: float = 0.0
    direction: Direction = TOP_DOWN

    def port(self, name: str, *, is_input: bool) -> Place:
        """The place of a port; the middle of the edge for one that does not exist."""
        ports = self.inputs if is_input else self.outputs
        return ports.get(name) or self.edge(is_input=is_input)

    def edge(self, *, is_input: bool) -> Place:
        """The middle of the edge with the inputs or outputs."""
        size = self.height if self.direction == TOP_DOWN else self.width
        return turned(self.direction, (0.0, -size / 2 if is_input else size / 2))


def beside_summary(look: NodeLook, surface: Surface) -> float:
    """The room that badges and the number of repetitions take of the second line, at its end."""
    repeat = surface.width(surface.badge_font, look.repeat) + 20.0 if look.repeat else 0.0
    return badges_width(look) + repeat


def shape_of(look: NodeLook, surface: Surface, direction: Direction) -> NodeShape:
    """The shape of a node where data flows in a direction. The width is even, so that edges fall on
    whole pixels."""
    line = NODE_WIDTH - TEXT_LEFT - TEXT_RIGHT
    beside = surface.width(surface.small_font, look.title) + GAP
    below = surface.width(surface.small_font, look.summary) + beside_summary(look, surface)
    # Two widths only, so that columns have straight edges.
    fits = below <= line and surface.fits(surface.name_font, look.name, line - beside)
    text = NODE_WIDTH if fits else WIDEST_NODE
    if direction == LEFT_RIGHT:
        return _with_ports_beside(
            look.inputs, look.outputs, look.named_inputs, look.named_outputs, text
        )
    ports = max(_room(look.inputs, look.named_inputs, surface),
                _room(look.outputs, look.named_outputs, surface))  # fmt: skip
    # A longer text moves no port.
    room = 2.0 * math.ceil(max(NODE_WIDTH, ports) / 2)
    above = NAMES_HEIGHT if look.named_inputs else 0.0
    below = NAMES_HEIGHT if look.named_outputs else 0.0
    return _with_ports_above(look.inputs, look.outputs, max(room, text), room, above, below)


# Most nodes of a large network have the shape of another one, and share it.
@lru_cache(maxsize=4096)
def _with_ports_above(
    inputs: tuple[PortLook, ...],
    outputs: tuple[PortLook, ...],
    width: float,
    room: float,
    above: float,
    below: float,
) -> NodeShape:
    """Inputs at the upper edge and outputs at the lower one, spread over `room`."""
    height = NODE_HEIGHT + above + below
    return NodeShape(
        width, height, *ports_around(inputs, outputs, room, height, TOP_DOWN), above, below
    )


def ports_around(
    inputs: tuple[PortLook, ...],
    outputs: tuple[PortLook, ...],
    width: float,
    height: float,
    direction: Direction,
) -> tuple[dict[str, Place], dict[str, Place]]:
    """Inputs and outputs at the edges of something so large."""
    if direction == TOP_DOWN:
        return (
            {name: (at, -height / 2) for name, at in _spread(inputs, width).items()},
            {name: (at, height / 2) for name, at in _spread(outputs, width).items()},
        )
    return (
        {name: (-width / 2, at) for name, at in _spread(inputs, height).items()},
        {name: (width / 2, at) for name, at in _spread(outputs, height).items()},
    )


@lru_cache(maxsize=4096)
def _with_ports_beside(
    inputs: tuple[PortLook, ...],
    outputs: tuple[PortLook, ...],
    named_inputs: bool,
    named_outputs: bool,
    width: float,
) -> NodeShape:
    """Inputs at the left edge and outputs at the right one. Ports with names have a row each, below
    the texts."""
    rows = max(len(inputs) * named_inputs, len(outputs) * named_outputs)
    most = max(len(inputs), len(outputs))
    height = NODE_HEIGHT + rows * PORT_DISTANCE + (ROWS_MARGIN if rows else 0.0)
    height = max(height, PORT_DISTANCE * (most + 1))
    above = 0.0 if rows else (height - NODE_HEIGHT) / 2
    first = NODE_HEIGHT + PORT_DISTANCE / 2 - height / 2

    def beside(ports: tuple[PortLook, ...], named: bool, x: float) -> dict[str, Place]:
        if named:
            return {port.name: (x, first + n * PORT_DISTANCE) for n, port in enumerate(ports)}
        return {name: (x, at) for name, at in _spread(ports, height).items()}

    return NodeShape(
        width,
        height,
        beside(inputs, named_inputs, -width / 2),
        beside(outputs, named_outputs, width / 2),
        above,
        height - NODE_HEIGHT - above,
        LEFT_RIGHT,
    )


def _room(ports: tuple[PortLook, ...], named: bool, surface: Surface) -> float:
    distance = PORT_DISTANCE
    if named:
        longest = max(surface.width(surface.port_font, port.name) for port in ports)
        distance = min(longest, 90.0) + NAME_DISTANCE
    return distance * (len(ports) + 1)


def _spread(ports: tuple[PortLook, ...], length: float) -> dict[str, float]:
    """Places along an edge: evenly, so that a single port is in the middle."""
    parts = len(ports) + 1
    return {
        port.name: float(round(length * number / parts - length / 2))
        for number, port in enumerate(ports, start=1)
    }
