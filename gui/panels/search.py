"""Finding a layer by what people type: parts of words, other names for it, small typing errors.

No Qt. The palette shows what `find` gives.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from graph.layer import CATEGORIES, LAYERS
from graph.state import MAIN, Project


@dataclass(frozen=True, slots=True)
class Entry:
    """What can be put on the canvas."""

    name: str
    title: str
    category: str
    help: str
    words: tuple[str, ...]
    is_block: bool = False


def block_entries(project: Project) -> list[Entry]:
    """The project's own blocks."""
    return [
        Entry(name, name, "block", block.help, (name,), is_block=True)
        for name, block in project.blocks.items()
        if name != MAIN
    ]


@functools.cache
def layer_entries() -> tuple[Entry, ...]:
    """Every declared layer, category by category, in the order of their declaration."""
    entries = [
        Entry(
            name,
            layer.TITLE,
            layer.CATEGORY,
            " ".join((layer.__doc__ or "").split()),
            (layer.TITLE, name, *layer.SYNONYMS),
        )
        for name, layer in LAYERS.items()
    ]
    order = list(CATEGORIES)
    return tuple(sorted(entries, key=lambda entry: order.index(entry.category)))


def find(entries: Iterable[Entry], text: str) -> list[Entry]:
    """The entries that fit, the best first; all of them, in their order, for an empty text."""
    wanted = _plain(text)
    if not wanted:
        return list(entries)
    scored = [(score(entry, wanted), place, entry) for place, entry in enumerate(entries)]
    found = sorted((s, place, entry) for s, place, entry in scored if s is not None)
    return [entry for *_, entry in found]


def score(entry: Entry, wanted: str) -> float | None:
    """How well an entry fits, the smaller the better; None where it does not."""
    scores = []
    for place, name in enumerate(entry.words):
        fit = _fit(_plain(name), wanted)
        if fit is not None:
            # Title and name count a little more than what else people call it.
            scores.append(fit + (0.0 if place < 2 else 0.4))
    return min(scores, default=None)


def _plain(text: str) -> str:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    return " ".join(re.findall(r"[a-z0-9]+", spaced.lower()))


def _fit(name: str, wanted: str) -> float | None:
    joined, tight = name.replace(" ", ""), wanted.replace(" ", "")
    words = name.split()
    if name == wanted or joined == tight:
        return 0.0
    if name.startswith(wanted) or joined.startswith(tight):
        return 1.0
    if any(word.startswith(tight) for word in words):
        return 2.0
    if len(tight) >= 2 and tight in joined:
        return 3.0
    if all(any(word.startswith(part) for word in words) for part in wanted.split()):
        return 3.5
    allowed = 0 if len(tight) < 4 else 1 if len(tight) < 7 else 2
    if allowed:
        starts = [word[: len(tight)] for word in (*words, joined)]
        distance = min(
            min(edit_distance(tight, start), edit_distance(tight, word))
            for start, word in zip(starts, (*words, joined), strict=True)
        )
        if distance <= allowed:
            return 4.0 + distance
    if len(tight) >= 2 and tight == "".join(word[0] for word in words):
        return 3.0
    return None


def edit_distance(one: str, other: str) -> int:
    """The fewest insertions, deletions, changes and swaps of neighbours between two texts.

    The optimal string alignment distance (Damerau 1964, restricted).
    """
    rows = [list(range(len(other) + 1))]
    for i, left in enumerate(one, start=1):
        row = [i]
        for j, right in enumerate(other, start=1):
            cost = int(left != right)
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + cost)
            swapped = i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right
            if swapped:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]
