"""Convolutions: small learned filters that slide over an image."""

import math

from graph.declare import Pair, param
from graph.layer import (
    Emission,
    Layer,
    changed,
    layer,
    module,
    need_float,
    need_rank,
    one_or_two,
    pair_text,
)
from graph.shapes import SetArgument, ShapeError, TensorSpec

IMAGE = "an image (channels × height × width)"


@layer(
    "Conv2d",
    category="convolution",
    title="Convolution",
    synonyms=("conv", "filter", "kernel", "conv2d"),
)
class Conv2d(Layer):
    """Slides small learned filters over an image; each filter makes one output channel."""

    out_channels: int = param(
        default=16, min=1, label="Filters", help="Number of filters; each makes one output channel."
    )
    kernel_size: Pair = param(
        default=(3, 3), min=1, help="Height and width of a filter, in pixels."
    )
    stride: Pair = param(
        default=(1, 1), min=1, help="Step between two places of the filter, in pixels."
    )
    padding: Pair = param(
        default=(0, 0), min=0, help="Rows and columns of zeros added on each side of the image."
    )
    dilation: Pair = param(
        default=(1, 1),
        min=1,
        advanced=True,
        help="Distance between neighbouring filter values; 2 leaves one pixel out between them.",
    )
    groups: int = param(
        default=1,
        min=1,
        advanced=True,
        help="Channels are split into this many groups that do not see each other; as many groups "
        "as channels is a depthwise convolution.",
    )
    bias: bool = param(
        default=True, help="Add a learned number to each output channel; not needed before a norm."
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        need_rank(x, 3, IMAGE)
        _check_groups(x.channels, self.out_channels, self.groups)
        sizes = []
        for name, size, k, s, p, d in zip(
            ("height", "width"),
            x.sizes[1:],
            self.kernel_size,
            self.stride,
            self.padding,
            self.dilation,
            strict=True,
        ):
            reach = d * (k - 1) + 1
            if size + 2 * p < reach:
                raise ShapeError(
                    f"the filter reaches over {int(reach)} pixels in {name}, but the image is only "
                    f"{int(size)}"
                    + (f" + {int(2 * p)} of padding" if p else "")
                    + f" (it receives {x})",
                    port="in",
                    repairs=_fit(x, self),
                )
            sizes.append((size + 2 * p - d * (k - 1) - 1) // s + 1)
        return TensorSpec((self.out_channels, *sizes))

    def weights(self, x: TensorSpec) -> dict[str, tuple[int, ...]]:
        kernel = (self.out_channels, x.channels // self.groups, *self.kernel_size)
        return {"weight": kernel} | ({"bias": (self.out_channels,)} if self.bias else {})

    def multiply_adds(self, x: TensorSpec) -> int:
        height, width = self.infer(x).sizes[1:]
        per_place = self.out_channels * (x.channels // self.groups)
        return per_place * self.kernel_size[0] * self.kernel_size[1] * height * width

    def emit(self, x: TensorSpec) -> Emission:
        return module(
            "nn.Conv2d",
            x.channels,
            self.out_channels,
            kernel_size=one_or_two(self.kernel_size),
            **changed(
                stride=(one_or_two(self.stride), 1),
                padding=(one_or_two(self.padding), 0),
                dilation=(one_or_two(self.dilation), 1),
                groups=(self.groups, 1),
                bias=(self.bias, True),
            ),
        )

    def summary(self) -> str:
        noun = "filter" if self.out_channels == 1 else "filters"
        text = f"{int(self.out_channels)} {noun} {pair_text(self.kernel_size)}"
        if self.stride != (1, 1):
            text += f", stride {pair_text(_short(self.stride))}"
        if self.padding != (0, 0):
            text += f", padding {pair_text(_short(self.padding))}"
        if self.dilation != (1, 1):
            text += f", dilation {pair_text(_short(self.dilation))}"
        if self.groups != 1:
            text += f", {int(self.groups)} groups"
        return text


@layer(
    "ConvTranspose2d",
    category="convolution",
    title="Transposed convolution",
    synonyms=("deconvolution", "up-convolution", "conv transpose", "upsampling"),
)
class ConvTranspose2d(Layer):
    """The reverse of a convolution's size change: every input pixel paints a small learned patch,
    so that a stride of 2 doubles height and width."""

    out_channels: int = param(default=16, min=1, label="Filters", help="Number of output channels.")
    kernel_size: Pair = param(default=(2, 2), min=1, help="Height and width of a painted patch.")
    stride: Pair = param(
        default=(2, 2), min=1, help="Distance between two patches in the output, in pixels."
    )
    padding: Pair = param(
        default=(0, 0), min=0, help="Rows and columns cut off on each side of the output."
    )
    output_padding: Pair = param(
        default=(0, 0),
        min=0,
        advanced=True,
        help="Extra rows and columns at the lower right, to choose between sizes that a strided "
        "convolution maps to the same one.",
    )
    dilation: Pair = param(
        default=(1, 1), min=1, advanced=True, help="Distance between neighbouring patch values."
    )
    groups: int = param(
        default=1, min=1, advanced=True, help="Groups of channels that do not see each other."
    )
    bias: bool = param(default=True, help="Add a learned number to each output channel.")

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        need_rank(x, 3, IMAGE)
        _check_groups(x.channels, self.out_channels, self.groups)
        sizes = []
        for name, size, k, s, p, o, d in zip(
            ("height", "width"),
            x.sizes[1:],
            self.kernel_size,
            self.stride,
            self.padding,
            self.output_padding,
            self.dilation,
            strict=True,
        ):
            if o >= s and o >= d:
                raise ShapeError(
                    f"output_padding must be smaller than stride or dilation, but is {int(o)} in "
                    f"{name} with stride {int(s)}",
                    repairs=[SetArgument("output_padding", (0, 0))],
                )
            out = (size - 1) * s - 2 * p + d * (k - 1) + o + 1
            if out < 1:
                raise ShapeError(
                    f"padding {int(p)} cuts off the whole output in {name}",
                    port="in",
                    repairs=[SetArgument("padding", (0, 0))],
                )
            sizes.append(out)
        return TensorSpec((self.out_channels, *sizes))

    def weights(self, x: TensorSpec) -> dict[str, tuple[int, ...]]:
        kernel = (x.channels, self.out_channels // self.groups, *self.kernel_size)
        return {"weight": kernel} | ({"bias": (self.out_channels,)} if self.bias else {})

    def multiply_adds(self, x: TensorSpec) -> int:
        per_place = x.channels * (self.out_channels // self.groups)
        return per_place * self.kernel_size[0] * self.kernel_size[1] * x.sizes[1] * x.sizes[2]

    def emit(self, x: TensorSpec) -> Emission:
        return module(
            "nn.ConvTranspose2d",
            x.channels,
            self.out_channels,
            kernel_size=one_or_two(self.kernel_size),
            **changed(
                stride=(one_or_two(self.stride), 1),
                padding=(one_or_two(self.padding), 0),
                output_padding=(one_or_two(self.output_padding), 0),
                groups=(self.groups, 1),
                bias=(self.bias, True),
                dilation=(one_or_two(self.dilation), 1),
            ),
        )

    def summary(self) -> str:
        text = f"{int(self.out_channels)} filters {pair_text(self.kernel_size)}"
        return text + (
            f", stride {pair_text(_short(self.stride))}" if self.stride != (1, 1) else ""
        )


def _short(pair: Pair) -> tuple[int, ...]:
    return pair[:1] if pair[0] == pair[1] else pair


def _check_groups(in_channels: int, out_channels: int, groups: int) -> None:
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


def _fit(x: TensorSpec, conv: Conv2d) -> list[SetArgument]:
    """Padding that lets the filter fit, or a filter as large as the image."""
    reach = [d * (k - 1) + 1 for k, d in zip(conv.kernel_size, conv.dilation, strict=True)]
    padding = tuple(
        max(p, math.ceil((r - size) / 2))
        for r, size, p in zip(reach, x.sizes[1:], conv.padding, strict=True)
    )
    repairs = [SetArgument("padding", padding)]
    if conv.dilation == (1, 1):
        kernel = tuple(
            min(k, size + 2 * p)
            for k, size, p in zip(conv.kernel_size, x.sizes[1:], conv.padding, strict=True)
        )
        repairs.insert(0, SetArgument("kernel_size", kernel))
    return repairs
