"""Distances of the canvas, in canvas units (device-independent pixels at 100 %)."""

from __future__ import annotations

import enum

NODE_WIDTH = 230.0
WIDEST_NODE = 248.0
"""For text; the layered layout puts nodes 260 apart. Many ports may make a node wider."""
NODE_HEIGHT = 48.0
NAMES_HEIGHT = 12.0
"""What a row of port names adds."""
PORT_RADIUS = 4.5
DOT_RADIUS = 4.0
"""Of a reroute point."""
PORT_DISTANCE = 14.0
"""The least distance of two ports on an edge."""
TEXT_LEFT, TEXT_RIGHT = 22.0, 12.0
STRIPE_LEFT, STRIPE_WIDTH, STRIPE_INSET = 8.0, 4.0, 9.0
STACK_STEP = 4.0
"""How far the cards behind a block peek out."""

SNAP = 4.0
GRID = 20.0
LINK_WIDTH = 1.8
LABEL_DISTANCE = 10.0

SNAP_RADIUS = 18.0
"""How near the end of a dragged link must come to a port, in pixels of the screen."""
PORT_REACH = 10.0
"""How near a press must be to a port, in pixels of the screen."""
DOT_REACH = 9.0
"""How near a press must be to a reroute point, in pixels of the screen."""
LINK_REACH = 6.0
"""How near a press must be to a link, in pixels of the screen."""
DROP_REACH = 26.0
"""How near a dropped node must come to a link to be put into it, in pixels of the screen."""

SMALLEST_ZOOM, LARGEST_ZOOM = 0.05, 4.0
READABLE_ZOOM = 0.75
"""What a network is opened at where all of it would be too small to read."""


class Level(enum.IntEnum):
    """How much of a node can be read at a zoom."""

    FAR = 0
    TITLE = 1
    SIZE = 2
    FULL = 3


def level_of(zoom: float) -> Level:
    """The level of detail at a zoom."""
    if zoom < 0.3:
        return Level.FAR
    if zoom < 0.42:
        return Level.TITLE
    return Level.SIZE if zoom < 0.6 else Level.FULL


def snapped(value: float, step: float = SNAP) -> float:
    """The nearest multiple of the grid."""
    return round(value / step) * step
