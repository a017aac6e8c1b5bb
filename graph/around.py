"""Links led around a node that takes more room than before, and back again.

How others make room for it: graph/room.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from graph.direction import turned
from graph.dots import lead
from graph.drawn import Course, Drawn, Shape, Shapes
from graph.edits import block_of
from graph.geometry import Rectangle
from graph.room import CORNER, set_expanded
from graph.routing import OFF, TURN
from graph.state import Link, Point, Project

ASIDE = 15.0
"""How far beside a node a link passes it: half of the gap between neighbours."""
APART = 8.0
"""How far links that pass beside each other are apart."""
BACK = 60.0
"""How far before and behind its nodes a link that leads back may turn."""
MOST_ROWS = 12
"""How many rows a link is led past at most."""


def show_expanded(
    project: Project,
    block: str,
    name: str,
    expanded: bool,
    shapes: Shapes,
    area: Shape,
    course: Course,
) -> Project:
    """`set_expanded`, with the links that the node would hide led around it, and as before where it
    is a card again.

    Args:
        shapes, area, course: how nodes are drawn, this one when it is expanded, and links.

    Raises:
        EditError: where the node does not stand for a block.
    """
    after = set_expanded(project, block, name, expanded)
    if after is project:
        return project
    if expanded:
        return lead_around(after, block, name, {**shapes, name: area}, course)
    # What was led around it when it was expanded, and would be again.
    drawn = Drawn(block_of(after, block), shapes, course)
    cards = drawn.cards().items()
    bare = {
        link: ()
        for link in drawn.block.links
        if link.dots and not link.by_hand and not drawn.hiding(link, (), cards)
    }
    again = show_expanded(lead(after, block, bare), block, name, True, shapes, area, course)
    now, then = (
        {link: link.dots for link in block_of(one, block).links} for one in (project, again)
    )
    after = lead(after, block, {link: () for link in bare if now[link] == then[link]})
    return lead_around(after, block, name, shapes, course)


def lead_around(project: Project, block: str, name: str, shapes: Shapes, course: Course) -> Project:
    """Links of a node and of what stands beside it, and those that pass there, led past what hides
    them; those for which there is no free place stay."""
    graph = block_of(project, block)
    drawn = Drawn(graph, shapes, course)
    ways = _Ways(drawn, drawn.cards(), {link: link.dots for link in graph.links})
    row = ways.row_of(name)
    mates = [(key, ways.cards[key]) for key in row.mates]

    def passes(link: Link) -> bool:
        ends = ways.sides(link.source), ways.sides(link.target)
        levels = [at[1] for at in (*ends[0], *ends[1], *map(ways.turned, link.dots))]
        if max(levels) + BACK < row.start or min(levels) - BACK > row.end:
            return False
        return (
            bool({link.source, link.target} & row.mates)
            or any(row.holds(ways.turned(at)) for at in link.dots)
            or bool(drawn.hiding(link, link.dots, mates))
        )

    return lead(project, block, {link: ways.led(link) for link in filter(passes, graph.links)})


@dataclass(frozen=True, slots=True)
class _Row:
    """Nodes beside each other, and from where to where a link goes straight on past them."""

    mates: frozenset[str]
    start: float
    end: float

    def holds(self, at: Point) -> bool:
        """Whether a reroute point, as (across, along), lies beside them or at their corners."""
        return self.start - CORNER <= at[1] <= self.end + CORNER


@dataclass(frozen=True, slots=True)
class _Ways:
    """Finds ways for links among nodes that stand anywhere.

    Attributes:
        cards: of all nodes, by name.
        dots: of all links as they are, or were led.
    """

    drawn: Drawn
    cards: Mapping[str, Rectangle]
    dots: dict[Link, tuple[Point, ...]]

    def turned(self, at: Point) -> Point:
        """A place as (across, along), and back."""
        return turned(self.drawn.block.direction, at)

    def sides(self, name: str) -> tuple[Point, Point]:
        """Where the card of a node begins and ends, as (across, along)."""
        card = self.cards[name]
        return self.turned(card[:2]), self.turned(card[2:])

    def row_of(self, name: str) -> _Row:
        """A node and those beside it."""
        (_, start), (_, end) = self.sides(name)
        mates = {
            key: (a, b)
            for key, ((_, a), (_, b)) in ((key, self.sides(key)) for key in self.cards)
            if a < end and b > start
        }
        first, last = min(a for a, _ in mates.values()), max(b for _, b in mates.values())
        return _Row(frozenset(mates), round(first - OFF), round(last + OFF))

    def led(self, link: Link) -> tuple[Point, ...]:
        """The dots that lead a link past everything; those that it has where there are none."""
        dots, start = link.dots, self.sides(link.source)[0][1]
        for _ in range(MOST_ROWS):
            hiding = self.hiding(link, dots)
            if not hiding:
                self.dots[link] = dots
                return dots
            if {link.source, link.target} & set(hiding):
                way = self._between(link)
            else:
                nearest = min(hiding, key=lambda name: abs(self.sides(name)[0][1] - start))
                way = self._past(link, dots, self.row_of(nearest))
            if way is None:
                break
            dots = way
        return link.dots

    def hiding(self, link: Link, dots: Sequence[Point]) -> list[str]:
        """The nodes behind which a link led through these dots would run."""
        return self.drawn.hiding(link, dots, self.cards.items())

    def _between(self, link: Link) -> tuple[Point, ...] | None:
        """The way of a link that leads back, between the two nodes that it joins."""
        (left, _), (right, _) = self.sides(link.source)
        (low, _), (high, _) = self.sides(link.target)
        if left < high and low < right:
            return None
        gap = (right + low) / 2 if right < low else (left + high) / 2
        (_, leave), (_, entry) = map(self.turned, self.drawn.way(link, ()))
        return self.turned((gap, leave + TURN)), self.turned((gap, entry - TURN))

    def _past(self, link: Link, dots: Sequence[Point], row: _Row) -> tuple[Point, ...] | None:
        """The dots with those that lead past a row; straight on where an end lies in it."""
        source, *now, target = (self.turned(at) for at in self.drawn.way(link, dots))
        sign = 1.0 if source[1] < target[1] else -1.0
        first, last = (row.start, row.end) if sign > 0 else (row.end, row.start)
        before = [at for at in now if (first - at[1]) * sign > 0]
        behind = [at for at in now if (at[1] - last) * sign > 0]
        if link.source in row.mates:
            between = [[(source[0], last)]]
        elif link.target in row.mates:
            between = [[(target[0], first)]]
        else:
            wish = _crossing((source, *now, target), (first + last) / 2)
            between = [[(at, first), (at, last)] for at in self._free(link, row, wish)]
        mates = [(key, self.cards[key]) for key in row.mates]
        ways = [tuple(map(self.turned, (*before, *points, *behind))) for points in between]
        ways = [way for way in ways if not self.drawn.hiding(link, way, mates)]
        return ways[0] if ways else None

    def _free(self, link: Link, row: _Row, wish: float) -> list[float]:
        """Where, across, a link can pass a row, the nearest first."""
        taken = [
            across
            for other, dots in self.dots.items()
            if (other.source, other.output) != (link.source, link.output)
            for across, along in map(self.turned, dots)
            if row.holds((across, along))
        ]
        found = []
        for key in row.mates:
            (left, _), (right, _) = self.sides(key)
            for edge, sign in ((left, -1.0), (right, 1.0)):
                across = float(round(edge + sign * ASIDE))
                while any(abs(across - other) < APART for other in taken):
                    across += sign * APART
                found.append(across)
        return sorted(found, key=lambda across: (abs(across - wish), across))


def _crossing(way: Sequence[Point], level: float) -> float:
    """Where, across, straight lines from point to point come to a level along."""
    for (a, one), (b, other) in pairwise(way):
        if min(one, other) <= level <= max(one, other) and one != other:
            return a + (b - a) * (level - one) / (other - one)
    return way[0][0]
