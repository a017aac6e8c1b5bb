"""What a drawing covers: the cards of nodes, the course of links, and which links run behind nodes.

How nodes and links are drawn knows who draws them, and tells it by `Shape` and `Course`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from graph.direction import Direction, turned
from graph.geometry import Rectangle, crosses, rectangle_at
from graph.state import Block, Link, Point


class Shape(Protocol):
    """How a node is drawn; places are relative to its centre."""

    @property
    def width(self) -> float: ...
    @property
    def height(self) -> float: ...
    def port(self, name: str, *, is_input: bool) -> Point:
        """The place of a port."""


@dataclass(frozen=True, slots=True)
class PlainShape:
    """A node as most are drawn, with one port at each of two edges."""

    direction: Direction
    width: float = 230.0
    height: float = 48.0

    def port(self, name: str, *, is_input: bool) -> Point:
        """The middle of an edge."""
        half = turned(self.direction, (self.width, self.height))[1] / 2
        return turned(self.direction, (0.0, -half if is_input else half))


Shapes = Mapping[str, Shape]

HEM = 2.0
"""How far a link may lie under the edge of a node at its end."""

Course = Callable[[Sequence[Point]], Sequence[Point]]
"""Points along a link that is drawn from a port through its reroute points to another port."""


def straight(points: Sequence[Point]) -> Sequence[Point]:
    """The course of a link that is drawn straight from point to point."""
    return points


@dataclass(frozen=True, slots=True)
class Drawn:
    """A block as it is drawn."""

    block: Block
    shapes: Shapes
    course: Course

    def shape(self, name: str) -> Shape:
        """How a node is drawn; as most are where that is not known."""
        return self.shapes.get(name) or PlainShape(self.block.direction)

    def card(self, name: str) -> Rectangle:
        """The rectangle that a node covers."""
        shape = self.shape(name)
        return rectangle_at(self.block.nodes[name].at, (shape.width, shape.height))

    def cards(self) -> dict[str, Rectangle]:
        """Those of all nodes but notes and frames."""
        return {node.name: self.card(node.name) for node in self.block.network_nodes()}

    def way(self, link: Link, dots: Sequence[Point]) -> list[Point]:
        """The port that a link leaves, its dots, and the port that it enters."""
        return [
            self._port(link.source, link.output, is_input=False),
            *dots,
            self._port(link.target, link.input, is_input=True),
        ]

    def _port(self, name: str, port: str, *, is_input: bool) -> Point:
        (x, y), (across, down) = (
            self.block.nodes[name].at,
            self.shape(name).port(port, is_input=is_input),
        )
        return x + across, y + down

    def hiding(
        self, link: Link, dots: Sequence[Point], cards: Iterable[tuple[str, Rectangle]]
    ) -> list[str]:
        """The nodes behind which a link led through these dots runs, out of some with their cards.
        A node at its end is among them where the link goes through it, not just up to it."""
        course = self.course(self.way(link, dots))
        xs, ys = zip(*course, strict=True)
        left, top, right, bottom = min(xs), min(ys), max(xs), max(ys)
        found = []
        for name, card in cards:
            if card[0] > right or card[2] < left or card[1] > bottom or card[3] < top:
                continue
            own = name in (link.source, link.target)
            if crosses(course[1:-1], _within(card)) if own else crosses(course, card):
                found.append(name)
        return found


def _within(card: Rectangle) -> Rectangle:
    return card[0] + HEM, card[1] + HEM, card[2] - HEM, card[3] - HEM
