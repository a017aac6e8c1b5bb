"""Edits of reroute points: the dots that a link passes through on its way.

They only lead the line: nothing in the network sees them. They keep to their links, whichever ports
these come to have, and are moved with the nodes at both ends. A link whose dots somebody has set,
moved or removed is led by hand, and arranging keeps them; all others it sets itself.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from graph.direction import turned
from graph.edits import EditError, block_of, move_nodes, with_block
from graph.geometry import distance
from graph.reading import LARGEST_COORDINATE, MOST_DOTS
from graph.state import Block, Link, Point, Project

COVERED_ACROSS, COVERED_DOWN = 125.0, 40.0
"""A node that is put into a link takes the place of dots that are nearer to it than this, both
ways: the link would go through it and back."""


@dataclass(frozen=True, slots=True, order=True)
class Dot:
    """One of a link's reroute points, counted from its source."""

    link: Link
    number: int

    def __str__(self) -> str:
        return f"{self.link} {self.number + 1}"


def link_of(block: Block, link: Link) -> Link:
    """The link as it is now, with its dots.

    Raises:
        EditError: where it is no longer there.
    """
    for own in block.links:
        if own == link:
            return own
    raise EditError(f"there is no link {link}")


def place_of(block: Block, dot: Dot) -> Point:
    """Where a dot is.

    Raises:
        EditError: where it is no longer there.
    """
    dots = link_of(block, dot.link).dots
    if not 0 <= dot.number < len(dots):
        raise EditError(f"{dot.link} has no reroute point {dot.number + 1}")
    return dots[dot.number]


def add_dot(project: Project, block: str, link: Link, number: int, at: Point) -> Project:
    """A dot more; it becomes the one with that number, counted from the source.

    Raises:
        EditError: where the link is not there, has as many as it may, or where that is no place.
    """
    dots = link_of(block_of(project, block), link).dots
    if not 0 <= number <= len(dots):
        raise EditError(f"{link} has {len(dots)} reroute points, so none can be number {number}")
    if len(dots) >= MOST_DOTS:
        raise EditError(f"a link can have up to {MOST_DOTS} reroute points")
    _check_place(at)
    after = (*dots[:number], _point(at), *dots[number:])
    return lead(project, block, {link: after}, by_hand=True)


def move_dots(project: Project, block: str, places: Mapping[Dot, Point]) -> Project:
    """The dots at their new places.

    Raises:
        EditError: where one of them is not there, or where that is no place.
    """
    graph = block_of(project, block)
    now = _links(graph)
    moved: dict[Link, list[Point]] = {}
    for dot, at in places.items():
        if dot.link not in now or not 0 <= dot.number < len(now[dot.link].dots):
            place_of(graph, dot)
        _check_place(at)
        moved.setdefault(dot.link, list(now[dot.link].dots))[dot.number] = _point(at)
    after = {link: tuple(dots) for link, dots in moved.items()}
    return lead(project, block, after, by_hand=True)


def move_parts(project: Project, block: str, places: Mapping[str | Dot, Point]) -> Project:
    """The nodes and dots at their new places. Dots that go along with both ends of their link are
    no more set by hand than before."""
    nodes = {part: at for part, at in places.items() if isinstance(part, str)}
    dots = {part: at for part, at in places.items() if isinstance(part, Dot)}
    moved = move_dots(move_nodes(project, block, nodes), block, dots)
    along = {dot.link for dot in dots if {dot.link.source, dot.link.target} <= nodes.keys()}
    before, after = _links(block_of(project, block)), _links(block_of(moved, block))
    as_before = {link: after[link].dots for link in along if not before[link].by_hand}
    return lead(moved, block, as_before, by_hand=False)


def remove_dots(project: Project, block: str, dots: Iterable[Dot]) -> Project:
    """The dots gone, so that their links go straight on there."""
    gone: dict[Link, set[int]] = {}
    for dot in dots:
        place_of(block_of(project, block), dot)
        gone.setdefault(dot.link, set()).add(dot.number)
    now = _links(block_of(project, block))
    left = {
        link: tuple(at for number, at in enumerate(now[link].dots) if number not in numbers)
        for link, numbers in gone.items()
    }
    return lead(project, block, left, by_hand=True)


def without_dots(project: Project, block: str, links: Iterable[Link] | None = None) -> Project:
    """The links without any dots; all of a block where none are named."""
    chosen = block_of(project, block).links if links is None else links
    return lead(project, block, dict.fromkeys(chosen, ()))


def dots_between(block: Block, names: Iterable[str]) -> dict[Dot, Point]:
    """The dots of links between some nodes, which move where all of these do."""
    chosen = set(names)
    return {
        Dot(link, number): at
        for link in block.links
        if link.dots and link.source in chosen and link.target in chosen
        for number, at in enumerate(link.dots)
    }


def led(link: Link, move: Callable[[Point], Point]) -> Link:
    """The link with each of its dots moved."""
    return replace(link, dots=tuple(map(move, link.dots))) if link.dots else link


def shift_dots_behind(project: Project, block: str, line: float, room: float) -> Project:
    """All dots at or behind a line across the flow moved on."""
    graph = block_of(project, block)
    direction = graph.direction

    def behind(at: Point) -> Point:
        across, along = turned(direction, at)
        return turned(direction, (across, along + room)) if along >= line else at

    return lead(project, block, {one: led(one, behind).dots for one in graph.links})


def carried(before: Block, after: Block) -> dict[Link, tuple[Point, ...]]:
    """Where the dots of links led by hand come to lie when nodes are elsewhere: as far from each
    end as they went with it before, those nearer to an end more with that one."""
    found = {}
    for link in before.links:
        if not link.by_hand:
            continue
        way = way_of(before, link)
        (x1, y1), (x2, y2) = (
            (after.nodes[name].at[0] - at[0], after.nodes[name].at[1] - at[1])
            for name, at in ((link.source, way[0]), (link.target, way[-1]))
        )
        lengths = list(itertools.accumulate(itertools.starmap(math.dist, itertools.pairwise(way))))
        parts = [length / (lengths[-1] or 1.0) for length in lengths[:-1]]
        shifts = [(x1 + (x2 - x1) * part, y1 + (y2 - y1) * part) for part in parts]
        found[link] = tuple(
            (round(x + across, 2), round(y + down, 2)) if across or down else (x, y)
            for (x, y), (across, down) in zip(link.dots, shifts, strict=True)
        )
    return found


def way_of(block: Block, link: Link) -> tuple[Point, ...]:
    """The middle of its source, its dots, and the middle of its target."""
    dots = link_of(block, link).dots
    return block.nodes[link.source].at, *dots, block.nodes[link.target].at


def split(block: Block, link: Link, at: Point) -> tuple[tuple[Point, ...], tuple[Point, ...]]:
    """The dots of a link before and behind a node that is put into it at a place; dots that this
    would lie on are in neither."""
    way = way_of(block, link)
    nearest = min(range(len(way) - 1), key=lambda leg: distance(way[leg : leg + 2], *at))

    def clear(dots: Iterable[Point]) -> tuple[Point, ...]:
        return tuple(
            (x, y)
            for x, y in dots
            if abs(x - at[0]) >= COVERED_ACROSS or abs(y - at[1]) >= COVERED_DOWN
        )

    return clear(way[1:-1][:nearest]), clear(way[1:-1][nearest:])


def halfway(way: tuple[Point, ...]) -> Point:
    """The point half way along straight lines from point to point."""
    left = sum(itertools.starmap(math.dist, itertools.pairwise(way))) / 2
    for (ax, ay), (bx, by) in itertools.pairwise(way):
        length = math.dist((ax, ay), (bx, by))
        if left <= length:
            part = left / length if length else 0.0
            return ax + (bx - ax) * part, ay + (by - ay) * part
        left -= length
    return way[-1]


def _check_place(at: Point) -> None:
    if not all(abs(number) <= LARGEST_COORDINATE for number in at):
        raise EditError("a reroute point cannot lie so far away")


def _point(at: Point) -> Point:
    return float(at[0]), float(at[1])


def _links(block: Block) -> dict[Link, Link]:
    """By any equal link, the one that has the dots."""
    return {link: link for link in block.links}


def lead(
    project: Project,
    block: str,
    dots: Mapping[Link, tuple[Point, ...]],
    *,
    by_hand: bool | None = None,
) -> Project:
    """Some links led through other reroute points; the same project where they pass them already.

    Args:
        by_hand: whether somebody set these; None leaves that as it is.

    Raises:
        EditError: there is no such block.
    """
    graph = block_of(project, block)

    def other(link: Link) -> Link:
        after = dots.get(link, link.dots)
        unmarked = by_hand is False and link.by_hand
        if link not in dots or (after == link.dots and not unmarked):
            return link
        hand = link.by_hand if by_hand is None else by_hand
        return replace(link, dots=after, by_hand=hand and bool(after))

    links = tuple(map(other, graph.links))
    if all(new is old for new, old in zip(links, graph.links, strict=True)):
        return project
    return with_block(project, block, replace(graph, links=links))
