"""Transposed convolutions, which make a sequence, an image or a volume larger."""

import math
from typing import Any, ClassVar

from graph.declare import Pair, Triple, param
from graph.layer import Emission, Layer, Window, changed, layer, module, need_float, one_or_all
from graph.layers.convolution import grouped, like_rank
from graph.layers.sliding import (
    AXES,
    PLACES,
    SIDES,
    Along,
    along,
    axes,
    check_groups,
    expect_places,
    like,
    ones,
    short_text,
)
from graph.shapes import SetArgument, ShapeError, TensorSpec, product


def patch(rank: int) -> Any:
    """The parameter kernel_size."""
    return param(
        default=like_rank(rank, 2),
        min=1,
        help=f"{SIDES[rank].capitalize()} of a painted patch, in {PLACES[rank]}.",
    )


def distance(rank: int) -> Any:
    """The parameter stride."""
    return param(
        default=like_rank(rank, 2),
        min=1,
        help=f"Distance between two patches in the output, in {PLACES[rank]}; the factor by which "
        "the size grows.",
    )


def cut(rank: int) -> Any:
    """The parameter padding."""
    return param(
        default=like_rank(rank, 0),
        min=0,
        help=f"How many {PLACES[rank]} are cut off on each side of the output.",
    )


def extra(rank: int) -> Any:
    """The parameter output_padding."""
    return param(
        default=like_rank(rank, 0),
        min=0,
        advanced=True,
        help=f"Extra {PLACES[rank]} at the far end, to choose between sizes that a strided "
        "convolution maps to the same one.",
    )


def spread(rank: int) -> Any:
    """The parameter dilation."""
    return param(
        default=like_rank(rank, 1),
        min=1,
        advanced=True,
        help="Distance between neighbouring patch values; 2 leaves one place out between them.",
    )


def filters() -> Any:
    """The parameter out_channels."""
    return param(default=16, min=1, label="Filters", help="Number of output channels.")


def biased() -> Any:
    """The parameter bias."""
    return param(default=True, help="Add a learned number to each output channel.")


class _Transposed(Layer):
    """What transposed convolutions of any number of axes share."""

    AXES: ClassVar[int]

    kernel_size: Along
    stride: Along
    padding: Along
    output_padding: Along
    dilation: Along
    bias: bool

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
        self._check_extra()
        sizes = []
        given = axes(x, self.kernel_size, self.stride, self.padding, self.dilation)
        for axis, more in zip(given, along(self.output_padding), strict=True):
            painted = (axis.size - 1) * axis.stride + axis.dilation * (axis.kernel - 1) + more + 1
            size = painted - 2 * axis.padding
            if size < 1:
                raise ShapeError(
                    f"padding {int(axis.padding)} on both sides cuts off the whole output in "
                    f"{axis.name}, which is only {int(painted)}",
                    port="in",
                    repairs=[SetArgument("padding", like_rank(self.AXES, 0))],
                )
            sizes.append(size)
        return TensorSpec((self.filters(x), *sizes))

    def _check_extra(self) -> None:
        settings = zip(
            AXES[self.AXES],
            along(self.output_padding),
            along(self.stride),
            along(self.dilation),
            strict=True,
        )
        for name, more, stride, dilation in settings:
            if more >= stride and more >= dilation:
                most = tuple(
                    min(int(o), max(int(s), int(d)) - 1)
                    for o, s, d in zip(
                        along(self.output_padding),
                        along(self.stride),
                        along(self.dilation),
                        strict=True,
                    )
                )
                raise ShapeError(
                    f"output_padding must be smaller than stride or dilation, but is {int(more)} "
                    f"in {name} with stride {int(stride)}",
                    repairs=[SetArgument("output_padding", like(self.kernel_size, most))],
                )

    def weights(self, x: TensorSpec) -> dict[str, tuple[int, ...]]:
        out = self.filters(x)
        weight = (x.channels, out // self.split(x), *along(self.kernel_size))
        return {"weight": weight} | ({"bias": (out,)} if self.bias else {})

    def multiply_adds(self, x: TensorSpec) -> int:
        per_place = x.channels * (self.filters(x) // self.split(x))
        return product((per_place, *along(self.kernel_size), *x.sizes[1:]))

    def window(self, x: TensorSpec) -> Window | None:
        settings = zip(
            along(self.kernel_size), along(self.stride), along(self.dilation), strict=True
        )
        size, step = [], []
        for k, s, d in settings:
            # Patch values `every` apart come from inputs that lie `every · d / s` apart.
            every = s // math.gcd(s, d)
            size.append((k - 1) // every * (every * d // s) + 1)
            step.append(1 / s)
        return Window(tuple(size), tuple(step))

    def emit(self, x: TensorSpec) -> Emission:
        return module(
            f"nn.ConvTranspose{self.AXES}d",
            x.channels,
            self.filters(x),
            kernel_size=one_or_all(along(self.kernel_size)),
            **changed(
                stride=(one_or_all(along(self.stride)), 1),
                padding=(one_or_all(along(self.padding)), 0),
                output_padding=(one_or_all(along(self.output_padding)), 0),
                groups=(self.split(x), 1),
                bias=(self.bias, True),
                dilation=(one_or_all(along(self.dilation)), 1),
            ),
        )

    def kernel_text(self) -> str:
        """`2×2, stride 2`."""
        sizes = along(self.kernel_size)
        text = "×".join(str(int(k)) for k in sizes) if self.AXES > 1 else f"of {int(sizes[0])}"
        if along(self.stride) != ones(self.AXES):
            text += f", stride {short_text(self.stride)}"
        if any(along(self.padding)):
            text += f", padding {short_text(self.padding)}"
        return text


class _Full(_Transposed):
    """A transposed convolution in which every input channel paints on all output channels."""

    out_channels: int
    groups: int

    def filters(self, x: TensorSpec) -> int:
        return self.out_channels

    def split(self, x: TensorSpec) -> int:
        return self.groups

    def summary(self) -> str:
        noun = "filter" if self.out_channels == 1 else "filters"
        return f"{int(self.out_channels)} {noun} {self.kernel_text()}"


CHECKERBOARD = (
    "A patch that is no multiple of the stride paints checkerboards; take 2 or 4 with a stride of "
    "2, or an Upsample and a convolution."
)
NO_INVERSE = "It undoes the size of a convolution, not what that computed."
ODD_SIZES = (
    "An odd size that was halved on the way down is one short on the way up; pad or crop before "
    "joining both."
)


@layer(
    "ConvTranspose2d",
    category="convolution",
    title="Transposed convolution",
    synonyms=("deconvolution", "up-convolution", "conv2dtranspose", "upsampling", "fractional"),
    console=("Deconvolution",),
    formula="out[o, y·stride + i·dilation − padding, x·stride + j·dilation − padding] += in[c, y, "
    "x] · weight[c, o, i, j], for all c, y, x, i, j; plus bias[o]",
    use="On the way up in U-Net, autoencoders and generators, where the network shall learn how to "
    "enlarge.",
    mistakes=(CHECKERBOARD, ODD_SIZES, NO_INVERSE),
)
class ConvTranspose2d(_Full):
    """The reverse of a convolution's size change: every input pixel paints a small learned patch,
    so that a stride of 2 doubles height and width."""

    AXES = 2

    out_channels: int = filters()
    kernel_size: Pair = patch(2)
    stride: Pair = distance(2)
    padding: Pair = cut(2)
    output_padding: Pair = extra(2)
    dilation: Pair = spread(2)
    groups: int = grouped()
    bias: bool = biased()


@layer(
    "ConvTranspose1d",
    category="convolution",
    title="Transposed convolution (sequence)",
    synonyms=("deconvolution", "up-convolution", "conv1dtranspose", "upsampling", "vocoder"),
    console=("Deconvolution",),
    formula="out[o, t·stride + i·dilation − padding] += in[c, t] · weight[c, o, i], for all c, t, "
    "i; plus bias[o]",
    use="To make signals longer, as in generators of speech and music.",
    mistakes=(CHECKERBOARD, "It wants channels × length; where steps come first, put a Permute."),
)
class ConvTranspose1d(_Full):
    """Makes a sequence longer: every step paints a short learned piece of the output."""

    AXES = 1

    out_channels: int = filters()
    kernel_size: int = patch(1)
    stride: int = distance(1)
    padding: int = cut(1)
    output_padding: int = extra(1)
    dilation: int = spread(1)
    groups: int = grouped()
    bias: bool = biased()


@layer(
    "ConvTranspose3d",
    category="convolution",
    title="Transposed convolution (volume)",
    synonyms=("deconvolution", "up-convolution", "conv3dtranspose", "upsampling", "ct", "mri"),
    console=("Deconvolution",),
    formula="out[o, z·stride + h·dilation − padding, y·stride + i·dilation − padding, x·stride + "
    "j·dilation − padding] += in[c, z, y, x] · weight[c, o, h, i, j]; plus bias[o]",
    use="On the way up in a U-Net for volumes, and in generators of shapes.",
    mistakes=(CHECKERBOARD, "A stride of 2 makes eight times as much of everything behind it."),
)
class ConvTranspose3d(_Full):
    """Makes a volume larger: every voxel paints a small learned block of the output."""

    AXES = 3

    out_channels: int = filters()
    kernel_size: Triple = patch(3)
    stride: Triple = distance(3)
    padding: Triple = cut(3)
    output_padding: Triple = extra(3)
    dilation: Triple = spread(3)
    groups: int = grouped()
    bias: bool = biased()


@layer(
    "DepthwiseConvTranspose2d",
    category="convolution",
    title="Depthwise transposed convolution",
    synonyms=("depthwise deconvolution", "channelwise", "upsampling", "learned upsampling"),
    console=("DepthwiseDeconvolution",),
    formula="out[o, y·stride + i·dilation − padding, x·stride + j·dilation − padding] += in[c, y, "
    "x] · weight[c, i, j], for all c with ⌊c / divisor⌋ = o; plus bias[o]",
    use="To enlarge every channel by itself, started as bilinear enlargement and then learned.",
    mistakes=("It never mixes channels beyond the divisor; a 1×1 convolution does.", CHECKERBOARD),
)
class DepthwiseConvTranspose2d(_Transposed):
    """Enlarges every channel of an image by itself, with a learned patch of its own."""

    STRICTER_THAN_TORCH = (
        "where channels are left over, torch would split them into other groups, or mix them all"
    )

    AXES = 2

    divisor: int = param(
        default=1, min=1, help="How many input channels are added up into one output channel."
    )
    kernel_size: Pair = patch(2)
    stride: Pair = distance(2)
    padding: Pair = cut(2)
    output_padding: Pair = extra(2)
    dilation: Pair = spread(2)
    bias: bool = biased()

    def infer(self, x: TensorSpec) -> TensorSpec:
        if x.rank == 3 and x.channels % self.divisor:
            raise ShapeError(
                f"divisor = {int(self.divisor)} must divide the {int(x.channels)} incoming "
                f"channels",
                port="in",
                repairs=[SetArgument("divisor", math.gcd(x.channels, self.divisor))],
            )
        return super().infer(x)

    def filters(self, x: TensorSpec) -> int:
        return x.channels // self.divisor

    def split(self, x: TensorSpec) -> int:
        return x.channels // self.divisor

    def summary(self) -> str:
        return self.kernel_text()
