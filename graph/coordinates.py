"""Places across for what stands in layers in a given order: near to what it is linked to, long
chains straight.

The method is that of Brandes and Köpf, "Fast and simple horizontal coordinate assignment" (2002):
everything is aligned with a median neighbour, four times (with the layer before or behind, from the
left or from the right), each time as tight as possible; the mean of the two middle results counts.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TypeVar

K = TypeVar("K", bound=Hashable)

Neighbours = Mapping[K, Sequence[K]]
"""For everything in a layer, what it is linked to in the layer beside."""


def coordinates(
    layers: Sequence[Sequence[K]],
    before: Neighbours[K],
    distance: Callable[[K, K], float],
    lean: Callable[[K, K], float],
    is_lane: Callable[[K], bool],
) -> dict[K, float]:
    """A place across for everything, in the order of its layer.

    Args:
        before: what is linked to it in the layer before; layers follow each other without gaps.
        distance: the least distance of two neighbours in a layer.
        lean: how far right of something what it leads to has to be for a straight link.
        is_lane: whether it stands for a link that only passes; a chain of those comes to lie in a
            straight line where no other one crosses it.
    """
    behind: dict[K, list[K]] = {key: [] for layer in layers for key in layer}
    for layer in layers:
        for key in layer:
            for other in before.get(key, ()):
                behind[other].append(key)
    crossed = _crossed(layers, before, is_lane)
    results = []
    for backwards in (False, True):
        for mirrored in (False, True):
            order = [list(reversed(layer)) if mirrored else list(layer) for layer in layers]
            if backwards:
                order.reverse()
            neighbours: Neighbours[K] = behind if backwards else before
            sign = -1.0 if mirrored else 1.0

            def towards(one: K, other: K, sign: float = sign, backwards: bool = backwards) -> float:
                return sign * (-lean(other, one) if backwards else lean(one, other))

            def gap(one: K, other: K, mirrored: bool = mirrored) -> float:
                return distance(other, one) if mirrored else distance(one, other)

            lines = _aligned(order, neighbours, crossed, towards)
            places = _compact(order, lines, gap)
            results.append({key: sign * at for key, at in places.items()})
    return _balanced(results)


def _positions(layers: Sequence[Sequence[K]]) -> dict[K, int]:
    return {key: number for layer in layers for number, key in enumerate(layer)}


def _crossed(
    layers: Sequence[Sequence[K]], before: Neighbours[K], is_lane: Callable[[K], bool]
) -> set[tuple[K, K]]:
    """The pieces of links, by their ends, that cross a piece of a passing link: those stay
    straight."""
    position = _positions(layers)
    crossed: set[tuple[K, K]] = set()
    for above, layer in itertools.pairwise(layers):
        done, low = 0, 0
        for number, key in enumerate(layer):
            lane = next((u for u in before.get(key, ()) if is_lane(key) and is_lane(u)), None)
            if lane is None and number < len(layer) - 1:
                continue
            high = len(above) - 1 if lane is None else position[lane]
            for other in layer[done : number + 1]:
                for source in before.get(other, ()):
                    inner = is_lane(other) and is_lane(source)
                    if not low <= position[source] <= high and not inner:
                        crossed.add((source, other))
            done, low = number + 1, high
    return crossed


def _aligned(
    layers: Sequence[Sequence[K]],
    neighbours: Neighbours[K],
    crossed: set[tuple[K, K]],
    towards: Callable[[K, K], float],
) -> dict[K, tuple[K, float]]:
    """For everything, the first of those with which it is linked in one straight line, and how far
    right of that it has to be."""
    position = _positions(layers)
    line = {key: (key, 0.0) for layer in layers for key in layer}
    for layer in layers[1:]:
        last = -1
        for key in layer:
            sources = sorted(neighbours.get(key, ()), key=lambda other: position[other])
            if not sources:
                continue
            middle = len(sources) - 1
            for number in dict.fromkeys((middle // 2, (middle + 1) // 2)):
                source = sources[number]
                free = (source, key) not in crossed and (key, source) not in crossed
                if line[key][0] == key and free and position[source] > last:
                    first, away = line[source]
                    line[key] = first, away + towards(source, key)
                    last = position[source]
    return line


def _compact(
    layers: Sequence[Sequence[K]],
    lines: Mapping[K, tuple[K, float]],
    distance: Callable[[K, K], float],
) -> dict[K, float]:
    """Places as far left as the distances allow, then as near as possible to what is on the
    right; what is in one line moves together."""
    right: dict[K, dict[K, float]] = {first: {} for first, _ in lines.values()}
    waiting = dict.fromkeys(right, 0)
    for layer in layers:
        for one, other in itertools.pairwise(layer):
            (left, away), (key, further) = lines[one], lines[other]
            if key not in right[left]:
                waiting[key] += 1
            gap = distance(one, other) + away - further
            right[left][key] = max(right[left].get(key, -math.inf), gap)
    ready = [key for key, count in waiting.items() if not count]
    place = dict.fromkeys(right, 0.0)
    for key in ready:
        for other, gap in right[key].items():
            place[other] = max(place[other], place[key] + gap)
            waiting[other] -= 1
            if not waiting[other]:
                ready.append(other)
    for key in reversed(ready):
        if right[key]:
            place[key] = min(place[other] - gap for other, gap in right[key].items())
    return {key: place[first] + away for key, (first, away) in lines.items()}


def _balanced(results: Sequence[Mapping[K, float]]) -> dict[K, float]:
    """The mean of the two middle ones of four results, laid over the narrowest of them: those that
    were made from the left by their left edges, the others by their right ones."""
    edges = [(min(one.values(), default=0.0), max(one.values(), default=0.0)) for one in results]
    low, high = min(edges, key=lambda edge: edge[1] - edge[0])
    shifts = [high - b if number % 2 else low - a for number, (a, b) in enumerate(edges)]
    balanced = {}
    for key in results[0]:
        places = sorted(one[key] + shift for one, shift in zip(results, shifts, strict=True))
        balanced[key] = (places[1] + places[2]) / 2
    return balanced
