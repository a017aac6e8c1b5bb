"""What everything that slides over the places of a signal, an image or a volume shares: words for
its axes, how many places a window takes, and repairs."""

import math
from collections.abc import Iterator
from typing import NamedTuple

from graph.shapes import SetArgument, ShapeError, TensorSpec

SIGNAL = "a sequence (channels × length)"
IMAGE = "an image (channels × height × width)"
VOLUME = "a volume (channels × depth × height × width)"

EXPECTED = {1: SIGNAL, 2: IMAGE, 3: VOLUME}
"""What comes in, by the number of axes behind the channels."""

AXES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}
SIDES = {1: "length", 2: "height and width", 3: "depth, height and width"}
PLACES = {1: "steps", 2: "pixels", 3: "voxels"}
THING = {1: "sequence", 2: "image", 3: "volume"}

Along = int | tuple[int, ...]
"""A setting: a number for one axis, a pair for two, a triple for three."""


def along(value: Along) -> tuple[int, ...]:
    """The setting axis by axis."""
    return value if isinstance(value, tuple) else (value,)


def like(value: Along, sizes: tuple[int, ...]) -> Along:
    """The numbers in the form of another setting."""
    plain = tuple(int(size) for size in sizes)
    return plain if isinstance(value, tuple) else plain[0]


def ones(rank: int) -> tuple[int, ...]:
    """One for every axis."""
    return (1,) * rank


def short_text(value: Along) -> str:
    """`2`, or `2×3` where the axes differ."""
    sizes = along(value)
    return "×".join(str(int(s)) for s in (sizes[:1] if len(set(sizes)) == 1 else sizes))


def reach(kernel: int, dilation: int) -> int:
    """How many places a window covers: its values and the gaps between them."""
    return dilation * (kernel - 1) + 1


def expect_places(x: TensorSpec, rank: int, port: str = "in") -> None:
    """Refuse anything but channels and so many axes of places.

    Raises:
        ShapeError: with what is expected and what came.
    """
    if x.rank != rank + 1:
        raise ShapeError(f"expects {EXPECTED[rank]}, but receives {x}", port=port)


class Axis(NamedTuple):
    """One axis that a window slides along, with its settings."""

    name: str
    size: int
    kernel: int
    stride: int
    padding: int
    dilation: int

    @property
    def reach(self) -> int:
        """How many places the window covers."""
        return reach(self.kernel, self.dilation)

    @property
    def taken(self) -> int:
        """How many places the window takes, where it fits."""
        room = self.size + 2 * self.padding
        return (room - self.dilation * (self.kernel - 1) - 1) // self.stride + 1


def axes(
    x: TensorSpec, kernel: Along, stride: Along, padding: Along = 0, dilation: Along = 1
) -> Iterator[Axis]:
    """The axes behind the channels, each with its settings; one number counts for all of them."""
    rank = len(along(kernel))
    settings = (along(setting) for setting in (kernel, stride, padding, dilation))
    each = (one * rank if len(one) == 1 else one for one in settings)
    for axis in zip(AXES[rank], x.sizes[1:], *each, strict=True):
        yield Axis(*axis)


def slide(
    x: TensorSpec, kernel: Along, stride: Along, padding: Along = 0, dilation: Along = 1
) -> tuple[int, ...]:
    """How many places a filter takes along each axis.

    Raises:
        ShapeError: where it does not fit, with filters and paddings that would.
    """
    rank = len(along(kernel))
    taken = []
    for axis in axes(x, kernel, stride, padding, dilation):
        if axis.size + 2 * axis.padding < axis.reach:
            border = f" + {int(2 * axis.padding)} of padding" if axis.padding else ""
            raise ShapeError(
                f"the filter reaches over {int(axis.reach)} {PLACES[rank]} in {axis.name}, but the "
                f"{THING[rank]} is only {int(axis.size)}{border} (it receives {x})",
                port="in",
                repairs=fitting(x, kernel, padding, dilation),
            )
        taken.append(axis.taken)
    return tuple(taken)


def fitting(x: TensorSpec, kernel: Along, padding: Along, dilation: Along) -> list[SetArgument]:
    """Padding that lets a filter fit, or a filter as large as what comes in."""
    all_axes = list(axes(x, kernel, ones(x.rank - 1), padding, dilation))
    wider = tuple(max(a.padding, math.ceil((a.reach - a.size) / 2)) for a in all_axes)
    repairs = [SetArgument("padding", like(kernel, wider))]
    if all(axis.dilation == 1 for axis in all_axes):
        smaller = tuple(min(a.kernel, a.size + 2 * a.padding) for a in all_axes)
        repairs.insert(0, SetArgument("kernel_size", like(kernel, smaller)))
    return repairs


def check_groups(in_channels: int, out_channels: int, groups: int) -> None:
    """Refuse groups that do not divide the channels evenly.

    Raises:
        ShapeError: with the nearest number that does.
    """
    if in_channels % groups or out_channels % groups:
        common = math.gcd(in_channels, out_channels)
        legal = [n for n in range(1, min(common, 1024) + 1) if common % n == 0]
        nearest = min(legal, key=lambda n: abs(n - groups))
        raise ShapeError(
            f"groups = {int(groups)} must divide both the {int(in_channels)} incoming channels and "
            f"the {int(out_channels)} filters",
            port="in",
            repairs=[SetArgument("groups", nearest)],
        )
