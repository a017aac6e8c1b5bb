"""Finding a layer or block by what people type: parts of words, other names for it, words of its
description, small typing errors.

No Qt. The palette shows what `find` gives.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from graph.card import further_text, search_text
from graph.layer import CATEGORIES, LAYERS
from graph.library import Library
from graph.state import MAIN, Project

PROJECT_BLOCKS, OWN_BLOCKS, STANDARD_BLOCKS = "project blocks", "own blocks", "standard blocks"
"""The sections of the palette for blocks."""


COMMON = (
    *("Conv2d", "ReLU", "BatchNorm2d", "MaxPool2d", "Linear", "Dropout", "Flatten"),
    *("Add", "Concat"),
)
"""What most networks consist of: meant where others fit too, until somebody added something."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What can be put on the canvas.

    Attributes:
        name: a layer, a block of the project, or a text that names one of a library.
        category: what its colour says.
        section: where it stands in the palette.
        words: what it is found by: title, name, then what else people call it.
        block: for a block of a library, the name that it will have in a project.
        text: further words by which it is found; those of its help where there are none.
        rest: words by which it is found last of all.
    """

    name: str
    title: str
    category: str
    help: str
    words: tuple[str, ...]
    is_block: bool = False
    section: str = ""
    block: str = ""
    text: str = ""
    rest: str = ""


def block_entries(project: Project) -> list[Entry]:
    """The project's own blocks."""
    return [
        Entry(name, name, "block", block.help, (name, name), True, PROJECT_BLOCKS, name)
        for name, block in project.blocks.items()
        if name != MAIN
    ]


def library_entries(library: Library, section: str, prefix: str) -> list[Entry]:
    """The blocks of a library; `prefix` is what their names in the palette start with."""
    return [
        Entry(
            f"{prefix}:{block.id}",
            block.title,
            "block",
            block.help,
            (block.title, block.name, *block.synonyms),
            True,
            section,
            block.name,
        )
        for block in library.blocks
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
            (layer.TITLE, name, *layer.SYNONYMS, *layer.CONSOLE),
            section=layer.CATEGORY,
            text=search_text(layer),
            rest=further_text(layer),
        )
        for name, layer in LAYERS.items()
    ]
    order = list(CATEGORIES)
    return tuple(sorted(entries, key=lambda entry: order.index(entry.category)))


def find(entries: Iterable[Entry], text: str) -> list[Entry]:
    """The entries that fit, the best first; all of them, in their order, for an empty text.

    Only where nothing fits as it is typed, what is nearly typed so.
    """
    wanted, entries = plain(text), list(entries)
    if not wanted:
        return entries
    for nearly in (False, True):
        scored = [(score(e, wanted, nearly=nearly), place, e) for place, e in enumerate(entries)]
        found = sorted((s, place, entry) for s, place, entry in scored if s is not None)
        if found:
            return [entry for *_, entry in found]
    return []


KNOWN = 65_536
"""How many texts stay prepared: a project has thousands of nodes, whose names are looked through
at every letter that is typed."""
_BEGINNING = 0.5
"""By how much worse the beginning of a word fits than all of it."""
_GROUP, _OTHER_NAMES, _HELP, _REST = 0.3, 0.4, 20.0, 30.0
"""The score of the name of a whole group of the palette; what is added to that of another name;
the scores of a word in the description, and in the rest of the card."""


def score(entry: Entry, wanted: str, *, nearly: bool = False) -> float | None:
    """How well an entry fits, the smaller the better; None where it does not.

    Args:
        nearly: look at what is spelled nearly so, and at nothing else.
    """
    found = score_words(entry.words, entry.text or entry.help, wanted, nearly=nearly)
    if not nearly and wanted == plain(entry.section) and (found is None or found > _GROUP):
        return _GROUP
    if found is None and not nearly and len(wanted) >= 4 and _in_text(plain(entry.rest), wanted):
        return _REST
    return found


def score_words(
    words: Iterable[str], text: str, wanted: str, *, nearly: bool = False
) -> float | None:
    """How well names, or a description, fit; as `score`."""
    fit_to = _near if nearly else _fit
    scores = []
    for place, name in enumerate(words):
        fit = fit_to(plain(name), wanted)
        if fit is not None:
            # Title and name count a little more than what else people call it.
            scores.append(fit + (0.01 * place if place < 2 else _OTHER_NAMES))
    if not scores and not nearly and len(wanted) >= 3 and _in_text(plain(text), wanted):
        return _HELP
    return min(scores, default=None)


@functools.lru_cache(maxsize=KNOWN)
def plain(text: str) -> str:
    """The words and numbers of a text in small letters."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    return " ".join(re.findall(r"[a-z0-9]+", spaced.lower()))


@functools.lru_cache(maxsize=KNOWN)
def _parts(name: str) -> tuple[str, tuple[str, ...], str]:
    """A name without spaces, its words, and their first letters."""
    words = tuple(name.split())
    return "".join(words), words, "".join(word[0] for word in words)


def _fit(name: str, wanted: str) -> float | None:
    joined, words, initials = _parts(name)
    tight = wanted.replace(" ", "")
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
    if len(tight) >= 2 and tight == initials:
        return 3.0
    return None


def _in_text(text: str, wanted: str) -> bool:
    """Whether every word starts a word of a text."""
    return all(f" {part}" in f" {text}" for part in wanted.split())


def _near(name: str, wanted: str) -> float | None:
    """The number of typing errors, if they are few for the length."""
    tight = wanted.replace(" ", "")
    allowed = 0 if len(tight) < 4 else 1 if len(tight) < 7 else 2
    if not allowed:
        return None
    joined, words, _ = _parts(name)
    letters, length = frozenset(tight), len(tight)
    # Each letter that is nowhere in a word is an error at least; counting them is much quicker.
    near = [
        word
        for word in (*words, joined)
        if length - len(word) <= allowed and len(letters.difference(word)) <= allowed
    ]
    errors = [
        edit_distance(tight, part) + rest
        for word in near
        for part, rest in ((word, 0.0), (word[:length], _BEGINNING if len(word) > length else 0.0))
        if len(part) - length <= allowed
    ]
    least = min(errors, default=allowed + 1.0)
    return least if least < allowed + 1 else None


@functools.lru_cache(maxsize=8192)
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
