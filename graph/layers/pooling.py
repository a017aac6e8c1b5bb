"""Pooling: an image made smaller by summing up neighbourhoods."""

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
from graph.layers.convolution import IMAGE
from graph.shapes import SetArgument, ShapeError, TensorSpec
from graph.trace import ceil_divide


def pooled(size: int, kernel: int, stride: int, padding: int, reach: int, ceil_mode: bool) -> int:
    """The size of one axis after pooling, as torch computes it.

    With `ceil_mode` a last window that sticks out counts, unless it would start in the padding.
    """
    room = size + 2 * padding - reach
    if not ceil_mode:
        return room // stride + 1
    out = ceil_divide(room, stride) + 1
    return out - 1 if (out - 1) * stride >= size + padding else out


def pool_sizes(
    x: TensorSpec, kernel: Pair, stride: Pair | None, padding: Pair, dilation: Pair, ceil_mode: bool
) -> TensorSpec:
    """The size of an image after pooling.

    Raises:
        ShapeError: where a window does not fit, or the padding is more than half of it.
    """
    need_float(x)
    need_rank(x, 3, IMAGE)
    sizes = []
    for axis, name in enumerate(("height", "width")):
        size, k, p = x.sizes[axis + 1], kernel[axis], padding[axis]
        step, reach = (stride or kernel)[axis], dilation[axis] * (k - 1) + 1
        if p > k // 2:
            raise ShapeError(
                f"padding can be at most half of the window, but is {int(p)} for a window of "
                f"{int(k)} in {name}",
                repairs=[SetArgument("padding", tuple(int(size // 2) for size in kernel))],
            )
        out = pooled(size, k, step, p, reach, ceil_mode) if size + 2 * p >= reach else 0
        if ceil_mode and size + 2 * p < reach:
            out = pooled(size, k, step, p, reach, ceil_mode)
        if out < 1:
            raise ShapeError(
                f"the window reaches over {int(reach)} pixels in {name}, but the image is only "
                f"{int(size)} (it receives {x})",
                port="in",
                repairs=[
                    SetArgument(
                        "kernel_size",
                        tuple(
                            min(int(k), int(s)) for k, s in zip(kernel, x.sizes[1:], strict=True)
                        ),
                    )
                ],
            )
        sizes.append(out)
    return TensorSpec((x.channels, *sizes))


def pool_summary(kernel: Pair, stride: Pair | None, padding: Pair) -> str:
    """`2×2`, with stride and padding where they are not the usual ones."""
    text = pair_text(kernel)
    if stride is not None and stride != kernel:
        text += f", stride {pair_text(stride[:1] if stride[0] == stride[1] else stride)}"
    if padding != (0, 0):
        text += f", padding {pair_text(padding[:1] if padding[0] == padding[1] else padding)}"
    return text


@layer(
    "MaxPool2d",
    category="pooling",
    title="Max pooling",
    synonyms=("maxpool", "subsampling", "downsampling"),
)
class MaxPool2d(Layer):
    """Keeps the largest value of every small window, which makes the image smaller and the network
    less sensitive to where exactly something is."""

    kernel_size: Pair = param(
        default=(2, 2), min=1, label="Window", help="Height and width of the window, in pixels."
    )
    stride: Pair | None = param(
        default=None, min=1, help="Step between windows; empty means as large as the window."
    )
    padding: Pair = param(default=(0, 0), min=0, help="Border added on each side of the image.")
    dilation: Pair = param(
        default=(1, 1), min=1, advanced=True, help="Distance between values in a window."
    )
    ceil_mode: bool = param(
        default=False, advanced=True, help="Keep a last window that sticks out over the border."
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        return pool_sizes(
            x, self.kernel_size, self.stride, self.padding, self.dilation, self.ceil_mode
        )

    def emit(self, x: TensorSpec) -> Emission:
        return module(
            "nn.MaxPool2d",
            kernel_size=one_or_two(self.kernel_size),
            **({} if self.stride is None else {"stride": one_or_two(self.stride)}),
            **changed(
                padding=(one_or_two(self.padding), 0),
                dilation=(one_or_two(self.dilation), 1),
                ceil_mode=(self.ceil_mode, False),
            ),
        )

    def summary(self) -> str:
        return pool_summary(self.kernel_size, self.stride, self.padding)


@layer(
    "AvgPool2d",
    category="pooling",
    title="Average pooling",
    synonyms=("avgpool", "mean pooling", "subsampling", "downsampling"),
)
class AvgPool2d(Layer):
    """Replaces every small window by its average, which makes the image smaller and smoother."""

    kernel_size: Pair = param(
        default=(2, 2), min=1, label="Window", help="Height and width of the window, in pixels."
    )
    stride: Pair | None = param(
        default=None, min=1, help="Step between windows; empty means as large as the window."
    )
    padding: Pair = param(default=(0, 0), min=0, help="Border added on each side of the image.")
    ceil_mode: bool = param(
        default=False, advanced=True, help="Keep a last window that sticks out over the border."
    )
    count_include_pad: bool = param(
        default=True, advanced=True, help="Count the added zeros when averaging at the border."
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        return pool_sizes(x, self.kernel_size, self.stride, self.padding, (1, 1), self.ceil_mode)

    def emit(self, x: TensorSpec) -> Emission:
        return module(
            "nn.AvgPool2d",
            kernel_size=one_or_two(self.kernel_size),
            **({} if self.stride is None else {"stride": one_or_two(self.stride)}),
            **changed(
                padding=(one_or_two(self.padding), 0),
                ceil_mode=(self.ceil_mode, False),
                count_include_pad=(self.count_include_pad, True),
            ),
        )

    def summary(self) -> str:
        return pool_summary(self.kernel_size, self.stride, self.padding)


@layer(
    "AdaptiveAvgPool2d",
    category="pooling",
    title="Adaptive average pooling",
    synonyms=("global average pooling", "gap", "spatial pyramid"),
)
class AdaptiveAvgPool2d(Layer):
    """Averages an image of any size down to a fixed size; 1 × 1 is global average pooling."""

    STRICTER_THAN_TORCH = "for 1 × 1 torch checks nothing, and averages a vector over the batch"

    output_size: Pair = param(default=(1, 1), min=1, help="Height and width of the result.")

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        need_rank(x, 3, IMAGE)
        return TensorSpec((x.channels, *self.output_size))

    def emit(self, x: TensorSpec) -> Emission:
        return module("nn.AdaptiveAvgPool2d", one_or_two(self.output_size))

    def summary(self) -> str:
        return f"to {pair_text(self.output_size)}"


@layer(
    "AdaptiveMaxPool2d",
    category="pooling",
    title="Adaptive max pooling",
    synonyms=("global max pooling", "spatial pyramid pooling"),
)
class AdaptiveMaxPool2d(Layer):
    """Keeps the largest values of an image of any size in a fixed number of windows."""

    output_size: Pair = param(default=(1, 1), min=1, help="Height and width of the result.")

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        need_rank(x, 3, IMAGE)
        return TensorSpec((x.channels, *self.output_size))

    def emit(self, x: TensorSpec) -> Emission:
        return module("nn.AdaptiveMaxPool2d", one_or_two(self.output_size))

    def summary(self) -> str:
        return f"to {pair_text(self.output_size)}"
