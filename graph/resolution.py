"""How far each node of a block is from the resolution of its input, in halvings: pooling and
strides lead down, upsampling leads up. Encoder and decoder of a U-Net meet at equal levels.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from graph.results import BlockResult
from graph.shapes import TensorSpec
from graph.state import Link


def resolution_levels(
    order: Sequence[str], links: Iterable[Link], result: BlockResult
) -> dict[str, int]:
    """The level of every node: 0 for the largest inputs, 1 for half of their height and width, and
    so on. A node with several outputs is on the level of the largest.

    Levels are counted from node to node, since convolutions without padding take a little off each
    time. Where several things come in, the one from which the way is nearest to a whole number of
    halvings says how far it is; what has no height and width is on the level of what leads to it.

    Args:
        order: the nodes, each behind what leads to it.
    """
    entries: dict[str, list[Link]] = {}
    for link in links:
        entries.setdefault(link.target, []).append(link)
    largest = max((_length(result, name) for name in order if name not in entries), default=0.0)
    levels: dict[str, int] = {}
    for name in order:
        size = _length(result, name)
        steps = []
        for link in entries.get(name, []):
            before = _length(result, link.source, link.output)
            step = _halvings(before, size)
            level = levels[link.source] + round(_halvings(_length(result, link.source), before))
            steps.append((abs(step - round(step)), level + round(step)))
        if steps:
            levels[name] = min(steps, key=lambda entry: entry[0])[1]
        else:
            levels[name] = max(round(_halvings(largest, size)), 0)
    return levels


def _length(result: BlockResult, name: str, output: str = "") -> float:
    """The side of a square (or cube) as large as what leaves a node, or one of its outputs; 0
    where that has no height and width."""
    found = result.nodes.get(name)
    specs: Mapping[str, TensorSpec] = found.outputs if found is not None else {}
    lengths = [_side(spec) for port, spec in specs.items() if output in ("", port)]
    return max(lengths, default=0.0)


def _side(spec: TensorSpec) -> float:
    sizes = [float(size) for size in spec.sizes[1:]]
    return math.prod(sizes) ** (1 / len(sizes)) if len(sizes) > 1 else 0.0


def _halvings(before: float, after: float) -> float:
    """How often a length is halved on the way; 0 where one is not known."""
    return math.log2(before / after) if before > 0 and after > 0 else 0.0
