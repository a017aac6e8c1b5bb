"""Columns for nodes that lie in rows by resolution: the way down to smaller feature maps on the
left, the way up beside it, each row read from left to right.
"""

from __future__ import annotations

import math
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
    rows: dict[tuple[int, int], int] = {}
    for name in order:
        row = turns[name], levels[name]
        rows[row] = max(rows.get(row, 0), inner[name] + 1)
    starts = _starts(rows)
    firsts = {row: _first_column(row, rows, starts) for row in rows}
    return {name: firsts[turns[name], levels[name]] + inner[name] for name in order}


def _first_column(
    row: tuple[int, int], rows: Mapping[tuple[int, int], int], starts: Mapping[int, int]
) -> int:
    """Rows on the way down end where the way up begins, so that each lies below the one before;
    the lowest of a single U lies below both."""
    turn, level = row
    first, end = starts[turn], starts.get(turn + 1)
    if turn % 2 == 1 or end is None:
        return first
    lies_below = len(starts) == 2 and level == max(level for _, level in rows)
    return max(end - (math.ceil(rows[row] / 2) if lies_below else rows[row]), first)


def _turns(before: int, step: int) -> int:
    """How often the way has turned, down from up or up from down; it begins downwards."""
    upwards = before % 2 == 1
    return before + ((step > 0 and upwards) or (step < 0 and not upwards))


def _starts(rows: Mapping[tuple[int, int], int]) -> dict[int, int]:
    """The first column of every way down or up: behind the one before. The lowest row of a single
    U may reach below its way up.

    Args:
        rows: by turn and level, how many columns there are.
    """
    most = max((turn for turn, _ in rows), default=0)
    lowest = max((level for _, level in rows), default=0)
    starts = {0: 0}
    for turn in range(most):
        wide = [
            width
            for (one, level), width in rows.items()
            if one == turn and not (most == 1 and level == lowest)
        ]
        starts[turn + 1] = starts[turn] + max(wide, default=1)
    return starts
