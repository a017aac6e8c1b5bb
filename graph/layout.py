"""Places for the nodes of a block, computed from its links."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from graph.coordinates import coordinates
from graph.direction import (
    BY_RESOLUTION,
    SPACINGS,
    Arrangement,
    direction_of,
    turned,
)
from graph.dots import carried, lead
from graph.drawn import Course, Drawn, PlainShape, Shapes, straight
from graph.edits import block_of, move_nodes, with_block
from graph.expanding import is_expanded, size_of
from graph.folding import columns_of
from graph.framing import follow_contents
from graph.geometry import PASSING, Rectangle, rectangle_at, rounded
from graph.inference import infer_block
from graph.notes import notes_follow
from graph.ordering import Flow, Lane, Standing, flow_of, layers_of
from graph.ports import defaults_of
from graph.resolution import resolution_levels
from graph.results import BlockResult
from graph.routing import End, Router, Row
from graph.state import EMPTY, Block, Link, Point, Project

LANES = 36.0
"""The distance of links that pass beside each other."""
BANDS = 110.0
"""What is left free between nodes of different resolutions."""


def arrange(
    project: Project,
    block: str,
    shapes: Shapes = EMPTY,
    result: BlockResult | None = None,
    course: Course = straight,
) -> Project:
    """The nodes in order, in the way in which the block is arranged; see `turn`."""
    return turn(project, block, block_of(project, block).arrangement, shapes, result, course)


def turn(
    before: Project,
    block: str,
    arrangement: Arrangement,
    shapes: Shapes = EMPTY,
    result: BlockResult | None = None,
    course: Course = straight,
) -> Project:
    """The block arranged in this way from now on, its nodes put in order.

    Nodes stand in layers in the direction of the block, branches beside each other. The method is
    that of Sugiyama, Tagawa and Toda (1981); see graph/ordering.py and graph/coordinates.py. By
    resolution, there are rows of equal height and width too, smaller ones below: an encoder goes
    down on the left and a decoder up beside it, with the links between equal sizes level; see
    graph/resolution.py and graph/folding.py.

    The drawing stays where most of it is. Links get reroute points where they would run behind
    nodes, and lose all others, but for those that somebody set: these go along with the nodes at
    the ends of their link where the block is arranged in the same way as before and the link does
    not run behind a node then. Frames go with what lies in them; notes: graph/notes.py.

    Args:
        shapes: how nodes are drawn in that direction, as far as that is known.
        result: the sizes in the block; found out where they are needed and not given.
        course: how links are drawn that are led by hand.

    Raises:
        EditError: where the links form a circle.
    """
    project, target = before, block_of(before, block)
    old = target if target.arrangement == arrangement else None
    direction = direction_of(arrangement)
    if target.direction != direction:
        # What stands beside each other keeps its order.
        places = {node.name: (node.at[1], node.at[0]) for node in target.network_nodes()}
        target = block_of(move_nodes(project, block, places), block)
    if target.arrangement != arrangement:
        target = replace(target, arrangement=arrangement)
        project = with_block(project, block, target)
    areas = {
        node.name: PlainShape(direction, *size_of(project, node, direction))
        for node in target.nodes.values()
        if is_expanded(project, node)
    }
    if arrangement == BY_RESOLUTION:
        result = _with_all_levels(project, block, result or infer_block(project, block))
    shapes = {**areas, **shapes}
    plan = _Plan(project, target, shapes, result)
    now = {name: turned(direction, target.nodes[name].at) for name in plan.places}
    ways = [rounded((now[n][0] - at[0], now[n][1] - at[1])) for n, at in plan.places.items()]
    away = [_shift([way[axis] for way in ways]) for axis in (0, 1)]

    def put(at: Point) -> Point:
        return rounded(turned(direction, (at[0] + away[0], at[1] + away[1])))

    project = move_nodes(project, block, {name: put(at) for name, at in plan.places.items()})
    dots = {link: tuple(map(put, way)) for link, way in plan.ways().items()}
    if old is not None:
        new = block_of(project, block)
        kept = _clear(carried(old, new), new, shapes, course)
        project = lead(project, block, kept, by_hand=True)
        dots = {link: way for link, way in dots.items() if link not in kept}
    project = follow_contents(before, lead(project, block, dots, by_hand=False), block)
    return notes_follow(before, project, block, shapes)


def _with_all_levels(project: Project, block: str, result: BlockResult) -> BlockResult:
    """The sizes with every whole number that is chosen from a list at its largest, where nodes are
    left out: a network is drawn in the same rows whatever its depth is."""
    if not any(node.condition is False for node in result.nodes.values()):
        return result
    values = defaults_of(project.blocks[block])
    for name, parameter in project.blocks[block].parameters.items():
        if parameter.choices and isinstance(parameter.default, int):
            values[name] = max(parameter.choices)
    return infer_block(project, block, values=values)


def _clear(
    ways: Mapping[Link, tuple[Point, ...]], block: Block, shapes: Shapes, course: Course
) -> dict[Link, tuple[Point, ...]]:
    """Those of some ways on which links do not run behind nodes."""
    drawn = Drawn(block, shapes, course)
    cards = drawn.cards().items() if ways else ()
    return {link: dots for link, dots in ways.items() if not drawn.hiding(link, dots, cards)}


def _shift(ways: Sequence[float]) -> float:
    """How far to move everything so that as many as possible need not move; not at all where no
    two agree."""
    if not ways:
        return 0.0
    most = max(Counter(ways).items(), key=lambda found: (found[1], -abs(found[0]), found[0]))
    return most[0] if most[1] > 1 or len(ways) == 1 else 0.0


class _Plan:
    """Where everything comes to lie, as (across, along)."""

    def __init__(
        self, project: Project, block: Block, shapes: Shapes, result: BlockResult | None
    ) -> None:
        self._direction = block.direction
        self._spacing = SPACINGS[block.direction]
        self._shapes = shapes
        self._plain = PlainShape(block.direction)
        flow = flow_of(block)
        self._links = flow.links
        self._levels = dict.fromkeys(flow.levels, 0)
        if block.arrangement == BY_RESOLUTION and result is not None:
            self._levels = resolution_levels(list(flow.levels), flow.links, result)
            columns = columns_of(list(flow.levels), flow.links, self._levels)
            flow = Flow(columns, tuple(filter(self._is_level, flow.links)))
        self._columns = flow.levels
        self._layers = layers_of(project, block, flow)
        self._bands: dict[int, tuple[float, float]] = {}
        """By level, from where to where its nodes reach across."""
        self._across = self._places_across()
        self._rows = self._row_edges()
        self.places = {
            name: (self._across[name], sum(self._rows[column]) / 2)
            for name, column in self._columns.items()
        }

    def _is_level(self, link: Link) -> bool:
        return self._levels[link.source] == self._levels[link.target]

    def _places_across(self) -> dict[Standing, float]:
        """One band of nodes beside the other."""
        across: dict[Standing, float] = {}
        edge = 0.0
        for level in sorted(set(self._levels.values())):
            places = self._coordinates(
                [
                    [key for key in layer if self._levels[_node_of(key)] == level]
                    for layer in self._layers.order
                ]
            )
            if self._bands:
                first = min(at - self._half(key) for key, at in places.items())
                places = {key: at + edge - first for key, at in places.items()}
            low = min(at - self._half(key) for key, at in places.items())
            high = max(at + self._half(key) for key, at in places.items())
            self._bands[level] = low, high
            edge = high + BANDS
            across |= places
        return across

    def _coordinates(self, layers: Sequence[Sequence[Standing]]) -> dict[Standing, float]:
        """The places across of what stands in these layers, which may be a part of all; the middle
        of the first layer is at 0."""
        inside = {key for layer in layers for key in layer}
        before = {
            key: [other for other in self._layers.before.get(key, ()) if other in inside]
            for key in inside
        }
        ports: dict[Standing, set[str]] = {}
        for key, others in before.items():
            for other in others:
                ports.setdefault(other, set()).add(self._layers.ports[other, key].output)

        def lean(one: Standing, other: Standing) -> float:
            """A node with links at several ports stands in the middle of what it is linked to."""
            link = self._layers.ports[one, other]
            leaving = entry = 0.0
            if isinstance(one, str) and len(ports[one]) == 1:
                leaving = self._port(one, link.output, is_input=False)[0]
            if isinstance(other, str) and len(before[other]) == 1:
                entry = self._port(other, link.input, is_input=True)[0]
            return leaving - entry

        places = coordinates(
            layers, before, self._distance, lean, lambda key: isinstance(key, Lane)
        )
        first = next((layer for layer in layers if layer), ())
        middle = (places[first[0]] + places[first[-1]]) / 2 if first else 0.0
        return {key: float(round(at - middle)) for key, at in places.items()}

    def _size(self, name: str) -> Point:
        shape = self._shapes.get(name, self._plain)
        return turned(self._direction, (shape.width, shape.height))

    def _half(self, key: Standing) -> float:
        return self._size(key)[0] / 2 if isinstance(key, str) else 0.0

    def _distance(self, one: Standing, other: Standing) -> float:
        """The least distance of neighbours in a layer. A lane beside a node has as much room as
        that, so that the node lies clear of the straight way between the ends of the link."""
        if isinstance(one, Lane) and isinstance(other, Lane):
            return LANES
        nodes = [2 * self._half(key) for key in (one, other) if isinstance(key, str)]
        return max(sum(nodes) / len(nodes) + self._spacing.gap_across, self._spacing.across)

    def _port(self, name: str, port: str, *, is_input: bool) -> Point:
        """The place of a port, relative to the middle of its node."""
        shape = self._shapes.get(name, self._plain)
        return turned(self._direction, shape.port(port, is_input=is_input))

    def _row_edges(self) -> list[tuple[float, float]]:
        """From where to where every layer reaches along; the middle of the first one is at 0."""
        halves = [
            max((self._size(key)[1] / 2 for key in layer if isinstance(key, str)), default=0.0)
            for layer in self._layers.order
        ]
        middles = [0.0]
        for one, other in pairwise(halves):
            step = max(self._spacing.along, one + other + self._spacing.gap_along)
            middles.append(middles[-1] + float(math.ceil(step)))
        return [(at - half, at + half) for at, half in zip(middles, halves, strict=False)]

    def _card(self, name: str) -> Rectangle:
        return rectangle_at(self.places[name], self._size(name))

    def ways(self) -> dict[Link, tuple[Point, ...]]:
        """The points through which every link is led."""
        rows = []
        for layer, edges in zip(self._layers.order, self._rows, strict=True):
            names = sorted((k for k in layer if isinstance(k, str)), key=lambda k: self.places[k])
            rows.append(Row(*edges, tuple(map(self._card, names))))
        router = Router(rows, PASSING[self._direction])

        def end(name: str, port: str, *, is_input: bool) -> End:
            across, along = self.places[name]
            away = self._port(name, port, is_input=is_input)
            return End((across + away[0], along + away[1]), self._columns[name], self._card(name))

        ways = {}
        for link in self._links:
            source = end(link.source, link.output, is_input=False)
            target = end(link.target, link.input, is_input=True)
            if self._is_level(link):
                lanes = [self._across[lane] for lane in self._layers.ways[link]]
                ways[link] = router.way(source, target, lanes)
            else:
                ways[link] = router.way_between(source, target, self._gaps(link))
        return ways

    def _gaps(self, link: Link) -> tuple[float, float]:
        """Where, across, a link to another band can pass beside that of its source and of its
        target."""
        one, other = self._bands[self._levels[link.source]], self._bands[self._levels[link.target]]
        half = BANDS / 2
        if one < other:
            return one[1] + half, other[0] - half
        return one[0] - half, other[1] + half


def _node_of(key: Standing) -> str:
    return key if isinstance(key, str) else key.source
