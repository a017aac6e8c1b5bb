"""Columns for nodes that lie in rows by resolution: the way down to smaller feature maps on the
left, the way up beside it, each row read from left to right.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from graph.state import Link


def columns_of(
    order: Sequence[str], links: Iterable[Link], levels: Mapping[str, int]
) -> dict[str, int]:
    """The column of every node, by its name. Links between nodes of one level lead to the right.

    Args:
        order: the nodes, each behind what leads to it.
        levels: the row of every node.
    """
    before: dict[str, list[str]] = {}
    for link in links:
        before.setdefault(link.target, []).append(link.source)
    turns: dict[str, int] = {}
    inner: dict[str, int] = {}
    for name in order:
        sources = before.get(name, [])
        turns[name] = max(
            (_turns(turns[one], levels[name] - levels[one]) for one in sources), default=0
        )
        beside = [
            inner[one] + 1
            for one in sources
            if (turns[one], levels[one]) == (turns[name], levels[name])
        ]
        inner[name] = max(beside, default=0)
    starts = _starts(turns, inner, levels)
    return {name: starts[turns[name]] + inner[name] for name in order}


def _turns(before: int, step: int) -> int:
    """How often the way has turned, down from up or up from down; it begins downwards."""
    upwards = before % 2 == 1
    return before + ((step > 0 and upwards) or (step < 0 and not upwards))


def _starts(
    turns: Mapping[str, int], inner: Mapping[str, int], levels: Mapping[str, int]
) -> list[int]:
    """The first column of every way down or up: behind the one before. The lowest row of a single
    U may reach below its way up."""
    most = max(turns.values(), default=0)
    lowest = max(levels.values(), default=0)
    starts = [0]
    for turn in range(most):
        wide = [
            inner[name] + 1
            for name in turns
            if turns[name] == turn and not (most == 1 and levels[name] == lowest)
        ]
        starts.append(starts[-1] + max(wide, default=1))
    return starts
