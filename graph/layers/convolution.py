"""Convolutions: small learned filters that slide over a sequence, an image or a volume.

Those that keep channels apart are in convolution_depthwise.py, the transposed ones in
convolution_transposed.py, those with filters of their own at every place in convolution_local.py.
"""

from typing import Any, ClassVar, Literal

from graph.declare import Pair, Triple, param
from graph.layer import Emission, Layer, Window, changed, layer, module, need_float, one_or_all
from graph.layers.sliding import IMAGE as IMAGE
from graph.layers.sliding import (
    PLACES,
    SIDES,
    THING,
    Along,
    along,
    axes,
    check_groups,
    expect_places,
    like,
    ones,
    reach,
    short_text,
    slide,
)
from graph.shapes import SetArgument, ShapeError, TensorSpec, product

PaddingMode = Literal["zeros", "reflect", "replicate", "circular"]

# --- parameters, whose words depend on the number of axes ---------------------------------------


def filters() -> Any:
    """The parameter out_channels."""
    return param(
        default=16, min=1, label="Filters", help="Number of filters; each makes one output channel."
    )


def kernel(rank: int, default: Along) -> Any:
    """The parameter kernel_size."""
    return param(
        default=default,
        min=1,
        help=f"{SIDES[rank].capitalize()} of a filter, in {PLACES[rank]}.",
    )


def step(rank: int) -> Any:
    """The parameter stride."""
    return param(
        default=like_rank(rank, 1),
        min=1,
        help=f"Step between two places of the filter, in {PLACES[rank]}.",
    )


def border(rank: int) -> Any:
    """The parameter padding."""
    return param(
        default=like_rank(rank, 0),
        min=0,
        help=f"How many {PLACES[rank]} are added on each side of the {THING[rank]}; half of an odd "
        "filter, rounded down, keeps the size.",
    )


def spread(rank: int) -> Any:
    """The parameter dilation."""
    return param(
        default=like_rank(rank, 1),
        min=1,
        advanced=True,
        help="Distance between neighbouring filter values; 2 leaves one place out between them.",
    )


def grouped() -> Any:
    """The parameter groups."""
    return param(
        default=1,
        min=1,
        advanced=True,
        help="Channels are split into this many groups that do not see each other; as many groups "
        "as channels is a depthwise convolution.",
    )


def biased() -> Any:
    """The parameter bias."""
    return param(
        default=True, help="Add a learned number to each output channel; not needed before a norm."
    )


def same() -> Any:
    """The parameter same_padding."""
    return param(
        default=False,
        advanced=True,
        label="Keep the size",
        help='Add as much as is needed for the size to stay (padding="same" in torch) whatever '
        "padding says; only with a stride of 1.",
    )


def filling() -> Any:
    """The parameter padding_mode."""
    return param(
        default="zeros",
        advanced=True,
        help="What the border is filled with: zeros, a mirror image (reflect), the outermost "
        "values (replicate) or the opposite side (circular).",
    )


def like_rank(rank: int, value: int) -> Along:
    """The number as a setting for so many axes."""
    return value if rank == 1 else (value,) * rank


# --- rules --------------------------------------------------------------------------------------


class Convolution(Layer):
    """What convolutions of any number of axes share."""

    AXES: ClassVar[int]

    kernel_size: Along
    stride: Along
    padding: Along
    same_padding: bool
    dilation: Along
    bias: bool
    padding_mode: PaddingMode

    def filters(self, x: TensorSpec) -> int:
        """The number of output channels."""
        raise NotImplementedError

    def split(self, x: TensorSpec) -> int:
        """The number of groups."""
        raise NotImplementedError

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        expect_places(x, self.AXES)
        check_groups(x.channels, self.filters(x), self.split(x))
        if self.same_padding:
            self._check_same(x)
            return TensorSpec((self.filters(x), *x.sizes[1:]))
        self._check_border(x, along(self.padding))
        taken = slide(x, self.kernel_size, self.stride, self.padding, self.dilation)
        return TensorSpec((self.filters(x), *taken))

    def _check_same(self, x: TensorSpec) -> None:
        if along(self.stride) != ones(self.AXES):
            half = tuple(reach(k, d) // 2 for k, d in self._windows())
            raise ShapeError(
                f"same_padding keeps the size only with a stride of 1, but the stride is "
                f"{short_text(self.stride)}; to divide the size by the stride, switch it off and "
                f"give padding {short_text(half)}",
                repairs=[
                    SetArgument("same_padding", False),
                    SetArgument("stride", like_rank(self.AXES, 1)),
                ],
            )
        self._check_border(x, tuple(d * (k - 1) - d * (k - 1) // 2 for k, d in self._windows()))

    def _windows(self) -> list[tuple[int, int]]:
        """Kernel size and dilation of every axis."""
        return list(zip(along(self.kernel_size), along(self.dilation), strict=True))

    def _check_border(self, x: TensorSpec, width: tuple[int, ...]) -> None:
        """A border that is taken from the input can only be as wide as that."""
        if self.padding_mode in ("zeros", "replicate"):
            return
        shorter = 1 if self.padding_mode == "reflect" else 0
        for axis, wide in zip(axes(x, self.kernel_size, self.stride), width, strict=True):
            if wide > axis.size - shorter:
                most = tuple(max(0, int(size) - shorter) for size in x.sizes[1:])
                narrower = tuple(min(int(p), m) for p, m in zip(width, most, strict=True))
                repairs = [SetArgument("padding_mode", "zeros")]
                if not self.same_padding:
                    repairs.append(SetArgument("padding", like(self.kernel_size, narrower)))
                raise ShapeError(
                    f"with padding_mode {self.padding_mode} the border can be at most "
                    f"{int(axis.size) - shorter} wide in {axis.name}, but is {int(wide)} "
                    f"(it receives {x})",
                    port="in",
                    repairs=repairs,
                )

    def weights(self, x: TensorSpec) -> dict[str, tuple[int, ...]]:
        out = self.filters(x)
        weight = (out, x.channels // self.split(x), *along(self.kernel_size))
        return {"weight": weight} | ({"bias": (out,)} if self.bias else {})

    def multiply_adds(self, x: TensorSpec) -> int:
        per_place = self.filters(x) * (x.channels // self.split(x))
        return product((per_place, *along(self.kernel_size), *self.infer(x).sizes[1:]))

    def window(self, x: TensorSpec) -> Window | None:
        return Window(tuple(reach(k, d) for k, d in self._windows()), along(self.stride))

    def emit(self, x: TensorSpec) -> Emission:
        padding = "same" if self.same_padding else one_or_all(along(self.padding))
        return module(
            f"nn.Conv{self.AXES}d",
            x.channels,
            self.filters(x),
            kernel_size=one_or_all(along(self.kernel_size)),
            **changed(
                stride=(one_or_all(along(self.stride)), 1),
                padding=(padding, 0),
                dilation=(one_or_all(along(self.dilation)), 1),
                groups=(self.split(x), 1),
                bias=(self.bias, True),
                padding_mode=(self.padding_mode, "zeros"),
            ),
        )

    def details(self) -> str:
        """What of stride, padding and dilation is not as usual."""
        text = ""
        if along(self.stride) != ones(self.AXES):
            text += f", stride {short_text(self.stride)}"
        if self.same_padding:
            text += ", same size"
        elif any(along(self.padding)):
            text += f", padding {short_text(self.padding)}"
        if along(self.dilation) != ones(self.AXES):
            text += f", dilation {short_text(self.dilation)}"
        return text

    def kernel_text(self) -> str:
        """`5×5`, or `of 5`."""
        sizes = along(self.kernel_size)
        return "×".join(str(int(k)) for k in sizes) if self.AXES > 1 else f"of {int(sizes[0])}"


class _Full(Convolution):
    """A convolution whose filters see all channels, or those of their group."""

    out_channels: int
    groups: int

    def filters(self, x: TensorSpec) -> int:
        return self.out_channels

    def split(self, x: TensorSpec) -> int:
        return self.groups

    def summary(self) -> str:
        noun = "filter" if self.out_channels == 1 else "filters"
        text = f"{int(self.out_channels)} {noun} {self.kernel_text()}{self.details()}"
        return text if self.groups == 1 else f"{text}, {int(self.groups)} groups"


SIZE_LOST = (
    "Without padding the {} shrinks with every convolution; half of the filter, rounded down, "
    "keeps it."
)
NORM_FOLLOWS = "Before a batch normalization the bias does nothing; switch it off."
NO_ACTIVATION = "Two of them without an activation between are no more than one."


@layer(
    "Conv2d",
    category="convolution",
    title="Convolution",
    synonyms=("convolution2d", "filter", "kernel", "dilated", "atrous", "1x1", "pointwise"),
    console=("Convolution",),
    formula="out[o, y, x] = bias[o] + Σ over c, i, j of weight[o, c, i, j] · in[c, y·stride + "
    "i·dilation − padding, x·stride + j·dilation − padding]",
    use="The workhorse of networks for images: finds edges, corners, textures and, layer by layer, "
    "whole objects, wherever they are.",
    mistakes=(SIZE_LOST.format("image"), NORM_FOLLOWS, NO_ACTIVATION),
)
class Conv2d(_Full):
    """Slides small learned filters over an image; each filter makes one output channel."""

    AXES = 2

    out_channels: int = filters()
    kernel_size: Pair = kernel(2, (3, 3))
    stride: Pair = step(2)
    padding: Pair = border(2)
    same_padding: bool = same()
    dilation: Pair = spread(2)
    groups: int = grouped()
    bias: bool = biased()
    padding_mode: PaddingMode = filling()


@layer(
    "Conv1d",
    category="convolution",
    title="Convolution (sequence)",
    synonyms=("convolution1d", "temporal convolution", "filter", "kernel", "time series", "audio"),
    console=("Convolution",),
    formula="out[o, t] = bias[o] + Σ over c, i of weight[o, c, i] · in[c, t·stride + i·dilation − "
    "padding]",
    use="Finds local patterns in audio, sensor data or text, wherever they occur.",
    mistakes=(
        "It wants channels × length; where steps come first, put a Permute before it.",
        SIZE_LOST.format("sequence"),
        NORM_FOLLOWS,
    ),
)
class Conv1d(_Full):
    """Slides small learned filters along a sequence; each filter makes one output channel."""

    AXES = 1

    out_channels: int = filters()
    kernel_size: int = kernel(1, 3)
    stride: int = step(1)
    padding: int = border(1)
    same_padding: bool = same()
    dilation: int = spread(1)
    groups: int = grouped()
    bias: bool = biased()
    padding_mode: PaddingMode = filling()


@layer(
    "Conv3d",
    category="convolution",
    title="Convolution (volume)",
    synonyms=("convolution3d", "video", "ct", "mri", "filter", "kernel", "spatiotemporal"),
    console=("Convolution",),
    formula="out[o, z, y, x] = bias[o] + Σ over c, h, i, j of weight[o, c, h, i, j] · in[c, "
    "z·stride + h·dilation − padding, y·stride + i·dilation − padding, x·stride + j·dilation − "
    "padding]",
    use="Finds patterns in scans of a body, or in several frames of a video at once.",
    mistakes=(
        "Memory and arithmetic grow with the cube of the size; start with few filters.",
        "The frames of a video belong on the depth axis, not among the channels.",
        SIZE_LOST.format("volume"),
    ),
)
class Conv3d(_Full):
    """Slides small learned filters through a volume or video; each makes one output channel."""

    AXES = 3

    out_channels: int = filters()
    kernel_size: Triple = kernel(3, (3, 3, 3))
    stride: Triple = step(3)
    padding: Triple = border(3)
    same_padding: bool = same()
    dilation: Triple = spread(3)
    groups: int = grouped()
    bias: bool = biased()
    padding_mode: PaddingMode = filling()
