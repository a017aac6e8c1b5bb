"""What a search popup offers, and which of it fits what somebody types. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from gui.panels.search import plain, score_words


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that can be chosen.

    Attributes:
        key: tells it from all others, also tomorrow: what was chosen last is kept by it.
        title: what it is called.
        do: what happens when it is chosen.
        sort: what it is, beside its title.
        keys: its shortcut, as people read it.
        why_not: why it cannot be chosen now; empty where it can.
        words: other names for it.
        text: a description, in which words are found too.
        category: of a layer, whose colour it then shows.
        help: a sentence about it, shown while it is the current one.
    """

    key: str
    title: str
    do: Callable[[], object]
    sort: str = ""
    keys: str = ""
    why_not: str = ""
    words: tuple[str, ...] = ()
    text: str = ""
    category: str = ""
    help: str = ""


_SCATTERED = 10.0
"""The score of letters that only follow each other with others between them."""
_USED = 1.5
"""By how much better something fits that was chosen before."""


def rank(offers: Iterable[Offer], text: str, last_used: Sequence[str] = ()) -> list[Offer]:
    """The offers that fit a text, the best first; all of them for an empty text.

    Letters may be left out. Where nothing fits but with letters between those that were typed,
    small typing errors are forgiven, and go before.

    Args:
        last_used: keys of what was chosen before, the last first.
    """
    offers, wanted = list(offers), plain(text)
    ages = {key: age for age, key in enumerate(last_used)}
    oldest = len(ages)
    if not wanted:
        return sorted(offers, key=lambda offer: ages.get(offer.key, oldest))
    found: dict[int, float] = {}
    for nearly in (False, True):
        for place, offer in enumerate(offers):
            fit = _fit(offer, wanted, nearly=nearly)
            if fit is not None:
                found[place] = min(fit, found.get(place, fit))
        if any(fit < _SCATTERED for fit in found.values()):
            break

    def order(place: int) -> tuple[float, int, int]:
        age = ages.get(offers[place].key, oldest)
        return found[place] - _USED * (age < oldest), age, place

    return [offers[place] for place in sorted(found, key=order)]


def _fit(offer: Offer, wanted: str, *, nearly: bool) -> float | None:
    names = (offer.title, *offer.words, offer.sort)
    fit = score_words(names, offer.text, wanted, nearly=nearly)
    if nearly or (fit is not None and fit <= _SCATTERED):
        return fit
    spread = _spread(plain(offer.title).replace(" ", ""), wanted.replace(" ", ""))
    return fit if spread is None else _SCATTERED + spread


def _spread(name: str, wanted: str) -> float | None:
    """How far the letters stand apart in a name, from 0 to 1; None where they do not all follow
    each other there."""
    place = start = -1
    for letter in wanted:
        place = name.find(letter, place + 1)
        if place < 0:
            return None
        start = place if start < 0 else start
    return 1.0 - len(wanted) / (place - start + 1)
