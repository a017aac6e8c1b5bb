"""Layers that take some places along an axis, repeat them, or move them elsewhere."""

from typing import Literal

from graph.declare import Sizes, declare, param
from graph.layer import (
    MIXES_SAMPLES,
    Emission,
    Layer,
    Window,
    axis_index,
    call,
    layer,
    need_float,
)
from graph.layers.shape import numbered
from graph.layers.spatial import need_space, per_axis
from graph.shapes import SetArgument, ShapeError, TensorSpec
from graph.trace import ceil_divide

AXIS = "The axis to work along, as torch counts: 1 is the channels, 0 would be the batch."


def _listed(numbers: Sizes) -> str:
    return ", ".join(str(int(one)) for one in numbers)


def _distinct_axes(dims: Sizes, x: TensorSpec) -> list[int]:
    """The indices into `x.sizes` of torch's axes `dims`, none of them twice."""
    indices = [axis_index(axis, x) for axis in dims]
    if len(set(indices)) < len(indices):
        by_index = {index: int(axis) for index, axis in zip(indices, dims, strict=True)}
        raise ShapeError(
            f"names an axis of {x} twice in {_listed(dims)}",
            port="in",
            repairs=[SetArgument("dims", tuple(by_index.values()))],
        )
    return indices


@declare
class _AlongAxis(Layer):
    STRICTER_THAN_TORCH = MIXES_SAMPLES

    dim: int = param(default=1, label="Axis", help=AXIS)

    def before(self, x: TensorSpec) -> str:
        """What stands before the axis in an index: `:, ` for every axis, also the batch."""
        return ":, " * (axis_index(self.dim, x) + 1)


@layer(
    "Slice",
    category="shape",
    title="Slice",
    synonyms=("cut", "strided slice", "part", "range", "crop"),
    console=("Slice",),
    formula="out[k] = in[start + k·step], for start + k·step < stop",
    use="Takes some channels, some steps or every second row.",
    mistakes=(
        "The stop itself is left out: 0 to 3 are three places.",
        "A stop behind the end is no error: what there is comes out.",
    ),
)
class Slice(_AlongAxis):
    """Takes the places from a start to a stop along one axis."""

    start: int = param(default=0, help="First place taken; negative numbers count from the end.")
    stop: int | None = param(
        default=None,
        help="First place not taken any more; negative numbers count from the end; nothing: all.",
    )
    step: int = param(default=1, min=1, help="2 takes every second place.")

    def _bounds(self, size: int) -> tuple[int, int]:
        start, stop = self.start, size if self.stop is None else self.stop
        return self._place(start, size), self._place(stop, size)

    def _place(self, place: int, size: int) -> int:
        """As Python counts: from the end where negative, and never outside."""
        if place < 0:
            place = place + size
        if place < 0:
            return 0
        return size if place > size else place

    def infer(self, x: TensorSpec) -> TensorSpec:
        index = axis_index(self.dim, x)
        size = x.sizes[index]
        start, stop = self._bounds(size)
        if start >= stop:
            text = "the end" if self.stop is None else str(int(self.stop))
            raise ShapeError(
                f"takes nothing: there is no place from {int(self.start)} to {text} along an axis "
                f"of size {int(size)} (it receives {x})",
                port="in",
                repairs=[SetArgument("start", 0), SetArgument("stop", None)],
            )
        count = ceil_divide(stop - start, self.step)
        return x.with_sizes(*x.sizes[:index], count, *x.sizes[index + 1 :])

    def window(self, x: TensorSpec) -> Window:
        step = [1.0] * x.rank
        step[axis_index(self.dim, x)] = int(self.step)
        return Window((1,) * (x.rank - 1), tuple(step[1:]))

    def emit(self, x: TensorSpec) -> Emission:
        stop = "" if self.stop is None else "{stop}"
        step = "" if self.step == 1 else ":{step}"
        start = "{start}" if self.start != 0 or not stop + step else ""
        return call(
            f"{{in}}[{self.before(x)}{start}:{stop}{step}]",
            start=self.start,
            stop=self.stop,
            step=self.step,
        )

    def summary(self) -> str:
        stop = "end" if self.stop is None else str(int(self.stop))
        text = f"{int(self.start)} to {stop}"
        return text if self.step == 1 else f"{text}, every {int(self.step)}"


@layer(
    "Select",
    category="shape",
    title="Select one place",
    synonyms=("index", "pick", "last step", "first token", "unbind"),
    formula="out = in[index] along the axis",
    use="Takes the last step of a sequence (index -1), the class token (0), or one channel.",
    mistakes=("The axis disappears; to keep it with size 1, take a Slice.",),
)
class Select(_AlongAxis):
    """Takes one place of an axis and drops the axis."""

    index: int = param(
        default=0, label="Place", help="Which place, counted from 0; -1 is the last one."
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        axis = axis_index(self.dim, x)
        size = x.sizes[axis]
        if not -size <= self.index < size:
            raise ShapeError(
                f"takes place {int(self.index)}, but axis {int(self.dim)} of {x} has only the "
                f"places 0 to {int(size) - 1}",
                port="in",
                repairs=[SetArgument("index", -1)],
            )
        return x.with_sizes(*x.sizes[:axis], *x.sizes[axis + 1 :])

    def emit(self, x: TensorSpec) -> Emission:
        return call(f"{{in}}[{self.before(x)}{{index}}]", index=self.index)

    def summary(self) -> str:
        return f"{int(self.index)} of axis {int(self.dim)}"


@layer(
    "IndexSelect",
    category="shape",
    title="Select several places",
    synonyms=("index_select", "pick", "reorder channels", "bgr to rgb", "take"),
    formula="out[k] = in[index[k]] along the axis",
    use="Takes some places in any order, for example the channels of an image from blue-green-red "
    "to red-green-blue: 2, 1, 0.",
    mistakes=("The places count from 0, unlike the axes.",),
)
class IndexSelect(_AlongAxis):
    """Takes given places of an axis, in a given order; one may occur several times."""

    index: Sizes = param(
        default=(0,), min=0, label="Places", help="The places to take, counted from 0."
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        axis = axis_index(self.dim, x)
        size = x.sizes[axis]
        for place in self.index:
            if place >= size:
                raise ShapeError(
                    f"takes place {int(place)}, but axis {int(self.dim)} of {x} has only the "
                    f"places 0 to {int(size) - 1}",
                    port="in",
                )
        return x.with_sizes(*x.sizes[:axis], len(self.index), *x.sizes[axis + 1 :])

    def window(self, x: TensorSpec) -> Window | None:
        # Of the channels every place takes its own; along another axis the order may be any.
        if axis_index(self.dim, x):
            return None
        return Window((1,) * (x.rank - 1), (1,) * (x.rank - 1))

    def emit(self, x: TensorSpec) -> Emission:
        return numbered(f"{{in}}[{self.before(x)}[%s]]", self.index)

    def summary(self) -> str:
        return _listed(self.index)


@layer(
    "Flip",
    category="shape",
    title="Flip",
    synonyms=("mirror", "reverse", "turn round"),
    console=("Flip",),
    formula="out[c, i, j] = in[c, i, W − 1 − j] for axis 3",
    use="Turns a sequence or image round, for example to read it from both ends.",
    mistakes=("It always flips; to flip at random while training, take a RandomFlip.",),
)
class Flip(Layer):
    """Turns the order along some axes round."""

    STRICTER_THAN_TORCH = MIXES_SAMPLES

    dims: Sizes = param(
        default=(-1,), label="Axes", help="The axes to turn round, as torch counts; -1 is the last."
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        _distinct_axes(self.dims, x)
        return x

    def window(self, x: TensorSpec) -> Window | None:
        return super().window(x) if _distinct_axes(self.dims, x) == [0] else None

    def emit(self, x: TensorSpec) -> Emission:
        return numbered("{in}.flip(%s)", self.dims)

    def summary(self) -> str:
        return f"axes {_listed(self.dims)}" if len(self.dims) > 1 else f"axis {_listed(self.dims)}"


@layer(
    "Tile",
    category="shape",
    title="Tile",
    synonyms=("repeat", "repeatvector", "copy", "duplicate"),
    console=("Tile",),
    formula="out[c, i, j] = in[c mod C, i mod H, j mod W]",
    use="Lays copies side by side along each axis.",
    mistakes=(
        "It copies the numbers; where an axis has size 1, Expand does the same without memory.",
        "Copies of an image are not an enlarged image: for that take an Upsample.",
    ),
)
class Tile(Layer):
    """Repeats its input a number of times along each axis."""

    STRICTER_THAN_TORCH = "torch would put further axes before the batch"

    repeats: Sizes = param(
        default=(1, 2, 2),
        min=1,
        max=1024,
        help="How many times along each axis: channels, height, width for an image.",
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        if len(self.repeats) != x.rank:
            raise ShapeError(
                f"needs {x.rank} numbers of repeats for an input of size {x}, but is given "
                f"{len(self.repeats)} ({_listed(self.repeats)})",
                port="in",
                repairs=[SetArgument("repeats", ((*self.repeats, *[1] * x.rank)[: x.rank]))]
                if x.rank
                else [],
            )
        sizes = (size * times for size, times in zip(x.sizes, self.repeats, strict=True))
        return x.with_sizes(*sizes)

    def emit(self, x: TensorSpec) -> Emission:
        return numbered("{in}.repeat(1, %s)", self.repeats)

    def summary(self) -> str:
        return "×".join(str(int(one)) for one in self.repeats)


@layer(
    "Roll",
    category="shape",
    title="Roll",
    synonyms=("cyclic shift", "circular shift", "rotate", "swin", "shifted windows"),
    formula="out[(i + shift) mod n] = in[i] along each axis",
    use="Moves an image so that what leaves at one side enters at the other, as between the "
    "windows of a Swin transformer.",
    mistakes=("Pixels from opposite sides become neighbours; a mask must keep them apart.",),
)
class Roll(Layer):
    """Moves everything along an axis; what leaves at one end enters at the other."""

    STRICTER_THAN_TORCH = MIXES_SAMPLES

    shifts: Sizes = param(
        default=(1,),
        label="Places",
        help="By how many places along each axis; negative: backwards; one counts for all.",
    )
    dims: Sizes = param(
        default=(-1,), label="Axes", help="The axes along which to move, as torch counts."
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        _distinct_axes(self.dims, x)
        if len(self.shifts) not in (1, len(self.dims)):
            raise ShapeError(
                f"needs one number of places, or one for each of the {len(self.dims)} axes, but is "
                f"given {len(self.shifts)} ({_listed(self.shifts)})",
                repairs=[SetArgument("shifts", self.shifts[:1])],
            )
        return x

    def window(self, x: TensorSpec) -> Window | None:
        return super().window(x) if _distinct_axes(self.dims, x) == [0] else None

    def emit(self, x: TensorSpec) -> Emission:
        return call(
            "{in}.roll({shifts}, dims={dims})",
            shifts=self.shifts * (len(self.dims) if len(self.shifts) == 1 else 1),
            dims=self.dims,
        )

    def summary(self) -> str:
        return f"by {_listed(self.shifts)} along {_listed(self.dims)}"


@layer(
    "Shift",
    category="shape",
    title="Shift",
    synonyms=("move", "translate", "delay", "offset"),
    console=("Shift",),
    formula="out[c, i, j] = in[c, i − down, j − right]; outside of the image what the mode says",
    use="Moves an image or delays a signal by some places; the size stays.",
    mistakes=("It always moves; to move at random while training, take a RandomShift.",),
)
class Shift(Layer):
    """Moves an image by some rows and columns, and fills what becomes free."""

    shifts: Sizes = param(
        default=(1,),
        label="Places",
        help="Places to move down and to the right; negative: up and left; one counts for all.",
    )
    mode: Literal["constant", "reflect", "replicate"] = param(
        default="constant",
        help="What enters: zeros, the image mirrored at its edge, or its edge repeated.",
    )

    STRICTER_THAN_TORCH = "a vector has channels only, and nothing to move along"

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_space(x)
        shifts = per_axis("shifts", self.shifts, x)
        if self.mode == "constant":
            return x
        need_float(x)
        for size, places in zip(x.sizes[1:], shifts, strict=True):
            if self.mode == "reflect" and not -size < places < size:
                raise ShapeError(
                    f"cannot move {int(size)} by {int(places)} places: a mirrored border is "
                    f"narrower than the input ({x})",
                    port="in",
                    repairs=[SetArgument("mode", "replicate")],
                )
        return x

    def window(self, x: TensorSpec) -> Window:
        return Window((1,) * (x.rank - 1), (1,) * (x.rank - 1))

    def emit(self, x: TensorSpec) -> Emission:
        shifts = per_axis("shifts", self.shifts, x)
        if self.mode == "constant":
            return call("shift({in}, {shifts})", shifts=shifts)
        return call("shift({in}, {shifts}, mode={mode})", shifts=shifts, mode=self.mode)

    def summary(self) -> str:
        return f"by {_listed(self.shifts)}"
