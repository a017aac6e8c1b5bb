"""How much of the input one value sees: receptive fields, composed along the graph.

A layer says how far it looks (`Layer.window`); behind several layers the windows add up, each in
the steps of what lies before it (Araujo, Norris and Sim, Computing Receptive Fields of
Convolutional Neural Networks, Distill 2019): size' = size + (window − 1)·step, step' = step·stride.
Behind an enlargement the steps are fractions of one place, and two neighbours may see the same
place or two; what counts is the most that any value sees.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graph.layer import Window
from graph.order import links_by_target
from graph.ports import in_order
from graph.results import BlockResult, NodeResult
from graph.state import Project


@dataclass(frozen=True, slots=True)
class Along:
    """A receptive field along one axis.

    Attributes:
        size: how many neighbouring places of the input are seen.
        grain: how many places of the input lie between two neighbours where it was last coarse.
        spread: what was looked at since then, in grains.
        fraction: what lies between two neighbours now, in grains; below one behind an enlargement.
    """

    size: float = 1
    grain: float = 1
    spread: float = 0
    fraction: float = 1

    @property
    def places(self) -> int:
        """How many neighbouring places of the input are seen, at most."""
        return math.ceil(_exact(self.size + math.ceil(_exact(self.spread)) * self.grain))

    @property
    def step(self) -> float:
        """How many places of the input lie between two neighbours."""
        return self.grain * self.fraction

    def behind(self, window: float, stride: float) -> Along:
        """The same behind something that looks at so many neighbours, so far apart."""
        spread = self.spread + (window - 1) * self.fraction
        fraction = self.fraction * stride
        whole = round(fraction)
        if whole < 1 or _exact(fraction) != whole:
            return Along(self.size, self.grain, spread, fraction)
        size = self.size + math.ceil(_exact(spread)) * self.grain
        return Along(size, self.grain * whole)


def _exact(number: float) -> float:
    """Without what binary fractions leave over, such as three thirds that are not one."""
    return round(number, 6)


@dataclass(frozen=True, slots=True)
class Field:
    """The part of the input that one value depends on, along each axis behind the channels."""

    axes: tuple[Along, ...]

    @property
    def places(self) -> tuple[int, ...]:
        """How many neighbouring places of the input are seen along each axis, at most."""
        return tuple(axis.places for axis in self.axes)

    @property
    def step(self) -> tuple[float, ...]:
        """How many places of the input lie between two neighbouring values."""
        return tuple(axis.step for axis in self.axes)


Sees = Field | None
"""None stands for the whole input."""

NOTHING = Field(())
"""Of a constant or a learned tensor, which does not depend on the input."""


def first_field(axes: int) -> Field:
    """Of the input itself."""
    return Field((Along(),) * axes)


def behind(sees: Sees, window: Window | None) -> Sees:
    """What a layer's values see, from what its inputs see."""
    if sees is NOTHING:
        return NOTHING
    if sees is None or window is None or len(sees.axes) != len(window.size):
        return None
    if window.size == window.step == (1,) * len(window.size):
        return sees
    steps = zip(sees.axes, window.size, window.step, strict=True)
    return Field(tuple(axis.behind(size, step) for axis, size, step in steps))


def together(fields: Iterable[Sees]) -> Sees:
    """What a layer sees that several branches enter: along each axis the largest."""
    known = [one for one in fields if one is not NOTHING]
    if not known:
        return NOTHING
    result = known[0]
    for one in known[1:]:
        if one is result or one == result:
            continue
        if result is None or one is None or len(one.axes) != len(result.axes):
            return None
        pairs = zip(result.axes, one.axes, strict=True)
        result = Field(tuple(max(pair, key=lambda a: (a.places, a.step)) for pair in pairs))
    return result


def _through(seen: Sees, window: Sees) -> Sees:
    """What a block's output sees of what enters the block, as `window` says of its inside."""
    if window is NOTHING or seen is NOTHING:
        return NOTHING
    if seen is None or window is None or len(seen.axes) != len(window.axes):
        return None
    return Field(
        tuple(
            outer.behind(inner.size, inner.grain).behind(inner.spread + 1, inner.fraction)
            for outer, inner in zip(seen.axes, window.axes, strict=True)
        )
    )


MOST_KEPT = 50_000


class FieldCounter:
    """Follows receptive fields through blocks, and remembers the windows of what is unchanged.

    A use of a block is to its outside what a layer is: for every output a window on every input.
    """

    def __init__(self) -> None:
        # Results are held, so that no other one gets the same identity.
        self._layers: dict[int, tuple[NodeResult, Window | None]] = {}
        self._blocks: dict[int, tuple[BlockResult, Mapping[str, tuple[Sees, ...]]]] = {}

    def forget_blocks(self) -> None:
        """A block changed: what was found inside of uses may not hold any more."""
        self._blocks.clear()

    def fields(
        self, project: Project, result: BlockResult, only: str = ""
    ) -> dict[str, dict[str, Sees]]:
        """By node and output, what it sees of the block's inputs; of `only` one of them if it is
        named."""
        block = project.blocks[result.name]
        if len(self._layers) + len(self._blocks) > MOST_KEPT:
            self._layers.clear()
            self._blocks.clear()
        fields: dict[str, dict[str, Sees]] = {}
        incoming = links_by_target(block)
        for name in result.order:
            node, found = block.nodes[name], result.nodes[name]
            entering = {
                link.input: fields[link.source][link.output]
                for link in incoming.get(name, ())
                if link.output in fields.get(link.source, {})
            }
            if node.type == "Input" and not node.is_block:
                spec = found.outputs.get("out")
                seen = NOTHING if spec is None else first_field(max(0, spec.rank - 1))
                fields[name] = {"out": seen if only in ("", name) else NOTHING}
            elif found.inner:
                fields[name] = self._behind_block(project, found, entering)
            else:
                fields[name] = self._behind_layer(found, entering)
        return fields

    def _behind_layer(self, found: NodeResult, entering: Mapping[str, Sees]) -> dict[str, Sees]:
        layer = found.layer
        if layer is None or not found.outputs:
            # It passes on what it receives (an Output, a node that is bypassed), or does not fit.
            first = entering.get(next(iter(found.inputs), ""))
            return dict.fromkeys(found.outputs or ("in",), first)
        known = self._layers.get(id(found))
        if known is None:
            window = layer.window(*in_order(layer.inputs(), found.inputs))
            known = self._layers[id(found)] = (found, window)
        return dict.fromkeys(found.outputs, behind(together(entering.values()), known[1]))

    def _behind_block(
        self, project: Project, found: NodeResult, entering: Mapping[str, Sees]
    ) -> dict[str, Sees]:
        fields = [entering.get(port, NOTHING) for port in found.inputs]
        for number in range(int(found.repeat)):
            inner = found.inner[min(number, len(found.inner) - 1)]
            fields = [
                together(map(_through, fields, windows))
                for windows in self._windows(project, inner).values()
            ]
        return dict(zip(found.outputs, fields, strict=False))

    def _windows(self, project: Project, result: BlockResult) -> Mapping[str, tuple[Sees, ...]]:
        """For every output of a use of a block, what it sees of each input."""
        known = self._blocks.get(id(result))
        if known is None:
            block = project.blocks[result.name]
            walks = [self.fields(project, result, only=name) for name in block.input_names()]
            windows = {
                name: tuple(next(iter(fields[name].values()), None) for fields in walks)
                for name in block.output_names()
                if name in result.outputs
            }
            known = self._blocks[id(result)] = (result, windows)
        return known[1]
