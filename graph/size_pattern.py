"""Which whole numbers are legal, as arithmetic: found by trying as few as possible.

Nothing in here knows what the numbers mean; graph/legal_sizes.py asks about sizes of inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass

REACH = 400
"""How many neighbouring numbers are tried before giving up."""
SURE = 40
"""How many neighbouring numbers a pattern must explain at least."""
FAR = (8, 32, 128, 1024)
"""After how many more periods it is looked again whether the pattern still holds."""

Search = Generator[None, None, "SizePattern"]
"""Tries one number at each step, and returns what it found."""


@dataclass(frozen=True, slots=True)
class SizePattern:
    """A set of whole numbers.

    Attributes:
        single: numbers that are legal by themselves, in order; below those that repeat.
        first: where the repeating ones start; None where nothing repeats.
        period: after how much they repeat.
        offsets: the legal ones within one period, counted from `first`.
        last: the largest one; None where there is no limit.
    """

    single: tuple[int, ...] = ()
    first: int | None = None
    period: int = 1
    offsets: tuple[int, ...] = (0,)
    last: int | None = None

    def __contains__(self, number: object) -> bool:
        if not isinstance(number, int):
            return False
        return number in self.single or self._repeats(number)

    def __bool__(self) -> bool:
        return bool(self.single) or self.first is not None

    def _repeats(self, number: int) -> bool:
        if self.first is None or number < self.first:
            return False
        if self.last is not None and number > self.last:
            return False
        return (number - self.first) % self.period in self.offsets

    def below(self, number: int) -> int | None:
        """The largest legal number below one; None where there is none."""
        if self.first is not None:
            start = number - 1 if self.last is None else min(number - 1, self.last)
            for candidate in range(start, max(self.first, start - self.period) - 1, -1):
                if candidate in self:
                    return candidate
        return max((one for one in self.single if one < number), default=None)

    def above(self, number: int) -> int | None:
        """The smallest legal number above one; None where there is none."""
        single = min((one for one in self.single if one > number), default=None)
        if single is not None or self.first is None:
            return single
        start = max(number + 1, self.first)
        return next((n for n in range(start, start + self.period + 1) if n in self), None)

    @property
    def formula(self) -> str:
        """`188 + 16·k`, where the numbers follow each other in equal steps; empty otherwise."""
        if self.first is None or self.period == 1 or len(self.offsets) != 1 or self.single:
            return ""
        return f"{self.first} + {self.period}·k"

    def words(self) -> str:
        """What is legal, in words: "188 + 16·k (188, 204, 220, …)", "28 to 31", "any from 12"."""
        if self.first is None:
            return f"only {_listed(self.single)}" if self.single else "none"
        alone = f"{_listed(self.single)}, and " if self.single else ""
        if self.period == 1:
            if self.last is not None:
                return f"{alone}{self.first} to {self.last}"
            return f"{alone}any from {self.first}" if self.first > 1 else "any"
        end = f" up to {self.last}" if self.last is not None else ""
        few = _listed(self._few(3 if len(self.offsets) == 1 else 2 * len(self.offsets)))
        if len(self.offsets) > 1:
            return f"{alone}{few}, … (repeating every {self.period}){end}"
        if self.first % self.period == 0:
            least = f" from {self.first}" if self.first > self.period else ""
            return f"{alone}multiples of {self.period}{least} ({few}, …){end}"
        return f"{alone}{self.first} + {self.period}·k ({few}, …){end}"

    def _few(self, count: int) -> tuple[int, ...]:
        found: list[int] = []
        number: int | None = (self.first or 0) - 1
        while number is not None and len(found) < min(count, 8):
            number = self.above(number)
            if number is not None:
                found.append(number)
        return tuple(found)


def _listed(numbers: tuple[int, ...]) -> str:
    """`28, 29, 30` as `28 to 30`, others one by one."""
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{numbers[0]} to {numbers[-1]}"
    if len(numbers) > 8:
        return ", ".join(map(str, numbers[:8])) + ", …"
    return ", ".join(map(str, numbers))


def search(legal: Callable[[int], bool], start: int, reach: int = REACH) -> Search:
    """Which numbers from 1 on are legal.

    It looks upwards from `start` until what is legal repeats, then finds both ends. Numbers farther
    from `start` than `reach` that follow no pattern are not found.
    """
    known: dict[int, bool] = {}

    def ask(number: int) -> bool:
        if number not in known:
            known[number] = legal(number)
        return known[number]

    first, bits = None, ""
    for number in range(start, start + reach):
        if ask(number) and first is None:
            first = number
        yield
        if first is not None:
            bits += "01"[ask(number)]
            period = _period(bits)
            if period:
                return (yield from _extend(ask, first, period, bits))
    # Nothing repeats above: a few numbers, or a pattern that ends here.
    down = ""
    for number in range(start - 1, max(0, start - reach - 1), -1):
        down += "01"[ask(number)]
        yield
    legal_ones = sorted(number for number, is_legal in known.items() if is_legal)
    if not legal_ones:
        return SizePattern()
    top = legal_ones[-1]
    bits = "".join("01"[known[number]] for number in range(top, min(known) - 1, -1))
    period = next((p for p in range(1, len(bits) // 3) if _repeats(bits[: 3 * p + SURE], p)), 0)
    if not period or len(bits) < SURE:
        return SizePattern(tuple(legal_ones))
    offsets = tuple(sorted(-n % period for n in range(period) if bits[n] == "1"))
    low, *_ = yield from _lowest(ask, top, period, offsets)
    return SizePattern(
        first=low, period=period, offsets=_moved(offsets, top - low, period), last=top
    )


def _period(bits: str) -> int:
    """After how many characters a text repeats, if it does so three times at least; else 0."""
    if len(bits) < SURE:
        return 0
    return next((p for p in range(1, len(bits) // 3 + 1) if _repeats(bits, p)), 0)


def _repeats(bits: str, period: int) -> bool:
    return "1" in bits[:period] and bits[period:] == bits[:-period]


def _moved(offsets: tuple[int, ...], by: int, period: int) -> tuple[int, ...]:
    return tuple(sorted((offset + by) % period for offset in offsets))


def _extend(ask: Callable[[int], bool], start: int, period: int, bits: str) -> Search:
    """The pattern that repeats from `start`, with its ends."""
    offsets = tuple(n for n in range(period) if bits[n] == "1")
    last = None
    reached = start + len(bits) // period * period - period
    for periods in FAR:
        far = start + periods * period
        if far > reached:
            holds = True
            for offset in offsets:
                holds = holds and ask(far + offset)
                yield
            if not holds:
                last = yield from _highest(ask, reached, far, period, offsets)
                break
            reached = far
    low, single = yield from _lowest(ask, start, period, offsets)
    return SizePattern(single, low, period, _moved(offsets, start - low, period), last)


def _highest(
    ask: Callable[[int], bool], good: int, bad: int, period: int, offsets: tuple[int, ...]
) -> Generator[None, None, int]:
    """The last legal number of a pattern that holds at `good` and no longer at `bad`."""
    while bad - good > period:
        middle = good + (bad - good) // period // 2 * period
        if all(ask(middle + offset) for offset in offsets):
            good = middle
        else:
            bad = middle
        yield
    return max(
        number
        for number in range(good, bad + period)
        if (number - good) % period in offsets and ask(number)
    )


def _lowest(
    ask: Callable[[int], bool], start: int, period: int, offsets: tuple[int, ...]
) -> Generator[None, None, tuple[int, tuple[int, ...]]]:
    """Where a pattern that holds at `start` begins, and what else is legal just below."""
    good, bad = start, start % period - period
    while good - bad > period:
        middle = bad + (good - bad) // period // 2 * period
        if middle > 0 and all(ask(middle + offset) for offset in offsets):
            good = middle
        else:
            bad = middle
        yield
    first = good
    single: list[int] = []
    fits = True
    for number in range(good - 1, max(0, good - max(2 * period, SURE) - 1), -1):
        predicted = (number - good) % period in offsets
        is_legal = ask(number)
        yield
        # The pattern goes on below as long as nothing contradicts it.
        fits = fits and predicted == is_legal
        if is_legal and fits:
            first = number
        elif is_legal:
            single.append(number)
    return first, tuple(sorted(single))
