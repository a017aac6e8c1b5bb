"""The size of what flows through a link, and the error of a layer that cannot take it.

Sizes are written without the batch axis, channels first: a grey image of 28 by 28 is
`(1, 28, 28)`, a vector of ten numbers `(10,)`, a sequence of 8 steps with 16 features `(8, 16)`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

ElementType = Literal["float", "integer", "boolean"]

LARGEST_SIZE = 2**31 - 1


@dataclass(frozen=True, slots=True)
class TensorSpec:
    """Sizes without the batch axis, and what the elements are."""

    sizes: tuple[int, ...]
    dtype: ElementType = "float"

    @property
    def rank(self) -> int:
        """The number of axes, without the batch."""
        return len(self.sizes)

    @property
    def channels(self) -> int:
        """The first axis; torch's axis 1."""
        return self.sizes[0]

    @property
    def elements(self) -> int:
        """The number of values for one sample."""
        return product(self.sizes)

    def __str__(self) -> str:
        return size_text(self.sizes)

    def with_sizes(self, *sizes: int) -> TensorSpec:
        """The same sort of elements in another size."""
        return TensorSpec(sizes, self.dtype)


def size_text(sizes: Iterable[int]) -> str:
    """`16×10×10`; a single number for a scalar per sample is `1 number`."""
    return "×".join(str(int(size)) for size in sizes) or "one number"


def product(sizes: Iterable[int]) -> int:
    """The product, started from the first factor: a traced one reads `a·b`, not `1·a·b`."""
    result: int | None = None
    for size in sizes:
        result = size if result is None else result * size
    return 1 if result is None else result


@dataclass(frozen=True, slots=True)
class InsertBefore:
    """A repair: put a layer in front of the port that complained."""

    layer: str
    arguments: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class SetArgument:
    """A repair: give the node another argument."""

    parameter: str
    value: Any


Repair = InsertBefore | SetArgument


class ShapeError(ValueError):
    """A layer cannot take what comes in.

    The text says what was expected and what came. `port` is the input at fault where it is only
    one; `repairs` are the changes that would help, the likeliest first.
    """

    def __init__(self, message: str, *, port: str = "", repairs: Iterable[Repair] = ()) -> None:
        super().__init__(message)
        self.port = port
        self.repairs = tuple(repairs)
