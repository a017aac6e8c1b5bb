"""Numbers as people read them in the window. No Qt."""

from __future__ import annotations

from collections.abc import Iterable


def whole(number: int) -> str:
    """`61,706`."""
    return f"{number:,}"


def short(number: int) -> str:
    """`0.42 M`, `3.60 G`; numbers below a hundred thousand stay whole."""
    for limit, factor, letter in ((10**5, 1, ""), (10**9, 10**6, " M"), (10**12, 10**9, " G")):
        if number < limit:
            return f"{number:,}" if factor == 1 else f"{number / factor:.2f}{letter}"
    return f"{number / 10**12:,.2f} T"


def spaced_size(sizes: Iterable[int]) -> str:
    """`16 × 10 × 10`."""
    return " × ".join(str(int(size)) for size in sizes) or "one number"
