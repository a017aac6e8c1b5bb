"""Pooling: a sequence, an image or a volume made smaller by summing up neighbourhoods.

Pooling to a size that is told is in pooling_adaptive.py, the way back in pooling_inverse.py.
"""

from typing import Any, ClassVar

from graph.declare import Pair, Triple, param
from graph.layer import (
    Emission,
    Layer,
    Port,
    Window,
    changed,
    layer,
    module,
    need_float,
    one_or_all,
)
from graph.layers.convolution import like_rank
from graph.layers.sliding import (
    PLACES,
    SIDES,
    THING,
    Along,
    Axis,
    along,
    axes,
    expect_places,
    like,
    short_text,
)
from graph.shapes import SetArgument, ShapeError, TensorSpec
from graph.trace import ceil_divide, is_symbolic, smallest

# --- parameters, whose words depend on the number of axes ---------------------------------------


def pool_window(rank: int) -> Any:
    """The parameter kernel_size."""
    return param(
        default=like_rank(rank, 2),
        min=1,
        label="Window",
        help=f"{SIDES[rank].capitalize()} of the window, in {PLACES[rank]}.",
    )


def pool_step() -> Any:
    """The parameter stride."""
    return param(
        default=None, min=1, help="Step between windows; empty means as large as the window."
    )


def pool_border(rank: int) -> Any:
    """The parameter padding."""
    return param(
        default=like_rank(rank, 0),
        min=0,
        help=f"Border added on each side of the {THING[rank]}, at most half of the window.",
    )


def pool_spread(rank: int) -> Any:
    """The parameter dilation."""
    return param(
        default=like_rank(rank, 1),
        min=1,
        advanced=True,
        help="Distance between values in a window.",
    )


def pool_ceiling() -> Any:
    """The parameter ceil_mode."""
    return param(
        default=False, advanced=True, help="Keep a last window that sticks out over the border."
    )


def pool_zeros() -> Any:
    """The parameter count_include_pad."""
    return param(
        default=True, advanced=True, help="Count the added zeros when averaging at the border."
    )


def pool_divisor() -> Any:
    """The parameter divisor_override."""
    return param(
        default=None,
        min=1,
        advanced=True,
        label="Divide by",
        help="What the sum of a window is divided by instead of the number of its values.",
    )


def pool_indices() -> Any:
    """The parameter return_indices."""
    return param(
        default=False,
        advanced=True,
        label="Say where from",
        help="Also give the place of every value that was kept, as an unpooling needs it.",
    )


POOLED = Port("out", "The pooled values.")
INDICES = Port("indices", "Where in the input each value was, for an unpooling.")

# --- rules --------------------------------------------------------------------------------------


def pooled(axis: Axis, ceil_mode: bool) -> int:
    """The size of one axis after pooling, as torch computes it.

    With `ceil_mode` a last window that sticks out counts, unless it would start in the padding.
    """
    room = axis.size + 2 * axis.padding - axis.reach
    if not ceil_mode:
        return room // axis.stride + 1 if axis.size + 2 * axis.padding >= axis.reach else 0
    out = ceil_divide(room, axis.stride) + 1
    settings = axis.padding, axis.stride, axis.reach
    if not is_symbolic(settings) and axis.padding + axis.stride <= axis.reach:
        return out  # Whatever the size, the last window starts before the padding.
    return smallest(out, ceil_divide(axis.size + axis.padding, axis.stride))


class Pooling(Layer):
    """What pooling with a window of any number of axes shares."""

    AXES: ClassVar[int]
    MODULE: ClassVar[str] = ""
    """The module of torch; the layer's own name where it is empty."""

    REQUIRED: ClassVar[tuple[str, ...]] = ("kernel_size",)
    """What torch has no default for."""

    WITHIN: ClassVar[bool] = False
    """Whether torch refuses windows larger than the input, whatever the padding."""

    kernel_size: Along
    stride: Along | None
    ceil_mode: bool

    def step(self) -> Along:
        """The stride, as large as the window where none is given."""
        return self.kernel_size if self.stride is None else self.stride

    def axes(self, x: TensorSpec) -> list[Axis]:
        """The axes that are pooled, with their settings."""
        padding: Along = getattr(self, "padding", 0)
        dilation: Along = getattr(self, "dilation", 1)
        return list(axes(x, self.kernel_size, self.step(), padding, dilation))

    def pooled(self, x: TensorSpec) -> TensorSpec:
        """The size after pooling.

        Raises:
            ShapeError: where a window does not fit, or the padding is more than half of it.
        """
        need_float(x)
        expect_places(x, self.AXES)
        sizes = []
        for axis in self.axes(x):
            if axis.padding > axis.kernel // 2:
                half = tuple(int(k) // 2 for k in along(self.kernel_size))
                raise ShapeError(
                    f"padding can be at most half of the window, but is {int(axis.padding)} for a "
                    f"window of {int(axis.kernel)} in {axis.name}",
                    repairs=[SetArgument("padding", like(self.kernel_size, half))],
                )
            out = pooled(axis, self.ceil_mode)
            if out < 1 or (self.WITHIN and axis.size < axis.kernel):
                most = tuple(
                    min(int(k), int(s))
                    for k, s in zip(along(self.kernel_size), x.sizes[1:], strict=True)
                )
                raise ShapeError(
                    f"the window reaches over {int(axis.reach)} {PLACES[self.AXES]} in "
                    f"{axis.name}, but the {THING[self.AXES]} is only {int(axis.size)} (it "
                    f"receives {x})",
                    port="in",
                    repairs=[SetArgument("kernel_size", like(self.kernel_size, most))],
                )
            sizes.append(out)
        return TensorSpec((x.channels, *sizes))

    def outputs(self) -> tuple[Port, ...]:
        return (POOLED, INDICES) if getattr(self, "return_indices", False) else self.OUTPUTS

    def infer(self, x: TensorSpec) -> TensorSpec | tuple[TensorSpec, ...]:
        out = self.pooled(x)
        if getattr(self, "return_indices", False):
            return out, TensorSpec(out.sizes, "integer")
        return out

    def window(self, x: TensorSpec) -> Window | None:
        every = self.axes(x)
        return Window(tuple(a.reach for a in every), tuple(a.stride for a in every))

    def emit(self, x: TensorSpec) -> Emission:
        every = {name: _written(getattr(self, name)) for name in self.PARAMETERS}
        required = {name: every.pop(name) for name in self.REQUIRED}
        given = {name: (v, _written(self.PARAMETERS[name].default)) for name, v in every.items()}
        emission = module(f"nn.{self.MODULE or self.NAME}", **required, **changed(**given))
        return with_indices(emission) if getattr(self, "return_indices", False) else emission

    def summary(self) -> str:
        sizes = along(self.kernel_size)
        text = "×".join(str(int(size)) for size in sizes)
        if self.stride is not None and along(self.stride) != sizes:
            text += f", stride {short_text(self.stride)}"
        padding: Along = getattr(self, "padding", 0)
        if any(along(padding)):
            text += f", padding {short_text(padding)}"
        return text if self.AXES > 1 else f"of {text}"


def _written(value: Any) -> Any:
    return one_or_all(value) if isinstance(value, tuple) else value


def with_indices(emission: Emission) -> Emission:
    """The same module, whose second result is the places."""
    return Emission(emission.expression, emission.constructor, targets="{out}, {indices}")


TOO_EARLY = "Each halves the {}; after a few of them little is left for the next layer to see."
EDGES = "An odd size loses its last {}; switch ceil_mode on to keep it."

MAX_USE = (
    "Between convolutions, so that the next ones see a larger part of the {} and it matters less "
    "where exactly something is."
)


class _MaxPool(Pooling):
    return_indices: bool


@layer(
    "MaxPool2d",
    category="pooling",
    title="Max pooling",
    synonyms=("maxpooling2d", "subsampling", "downsampling"),
    console=("MaxPooling",),
    formula="out[c, y, x] = max over i, j of in[c, y·stride + i·dilation − padding, x·stride + "
    "j·dilation − padding]",
    use=MAX_USE.format("image"),
    mistakes=(TOO_EARLY.format("image"), EDGES.format("row or column")),
)
class MaxPool2d(_MaxPool):
    """Keeps the largest value of every small window, which makes the image smaller and the network
    less sensitive to where exactly something is."""

    AXES = 2

    kernel_size: Pair = pool_window(2)
    stride: Pair | None = pool_step()
    padding: Pair = pool_border(2)
    dilation: Pair = pool_spread(2)
    return_indices: bool = pool_indices()
    ceil_mode: bool = pool_ceiling()


@layer(
    "MaxPool1d",
    category="pooling",
    title="Max pooling (sequence)",
    synonyms=("maxpooling1d", "subsampling", "downsampling", "temporal"),
    console=("MaxPooling",),
    formula="out[c, t] = max over i of in[c, t·stride + i·dilation − padding]",
    use=MAX_USE.format("sequence"),
    mistakes=(
        "It wants channels × length; where steps come first, put a Permute before it.",
        EDGES.format("step"),
    ),
)
class MaxPool1d(_MaxPool):
    """Keeps the largest value of every few steps, which makes the sequence shorter."""

    AXES = 1

    kernel_size: int = pool_window(1)
    stride: int | None = pool_step()
    padding: int = pool_border(1)
    dilation: int = pool_spread(1)
    return_indices: bool = pool_indices()
    ceil_mode: bool = pool_ceiling()


@layer(
    "MaxPool3d",
    category="pooling",
    title="Max pooling (volume)",
    synonyms=("maxpooling3d", "subsampling", "downsampling", "video"),
    console=("MaxPooling",),
    formula="out[c, z, y, x] = max over h, i, j of in[c, z·stride + h·dilation − padding, y·stride "
    "+ i·dilation − padding, x·stride + j·dilation − padding]",
    use=MAX_USE.format("volume"),
    mistakes=(
        "A video of few frames has no depth to lose; pool it 1×2×2 at first.",
        TOO_EARLY.format("volume"),
    ),
)
class MaxPool3d(_MaxPool):
    """Keeps the largest value of every small block, which makes the volume smaller."""

    AXES = 3

    kernel_size: Triple = pool_window(3)
    stride: Triple | None = pool_step()
    padding: Triple = pool_border(3)
    dilation: Triple = pool_spread(3)
    return_indices: bool = pool_indices()
    ceil_mode: bool = pool_ceiling()
