"""Convolutions that filter every channel by itself."""

from typing import Any

from graph.declare import Pair, param
from graph.layer import layer
from graph.layers.convolution import (
    SIZE_LOST,
    Convolution,
    PaddingMode,
    biased,
    border,
    filling,
    kernel,
    same,
    spread,
    step,
)
from graph.shapes import TensorSpec

ONLY_APART = (
    "It never mixes channels; a 1×1 convolution behind it does, and both together are a separable "
    "convolution."
)


class _Depthwise(Convolution):
    """A convolution in which every channel has filters of its own."""

    multiplier: int

    def filters(self, x: TensorSpec) -> int:
        return x.channels * self.multiplier

    def split(self, x: TensorSpec) -> int:
        return x.channels

    def summary(self) -> str:
        count = f"{int(self.multiplier)} filters " if self.multiplier > 1 else ""
        return f"{count}{self.kernel_text()} a channel{self.details()}"


def multiplied() -> Any:
    """The parameter multiplier."""
    return param(
        default=1, min=1, label="Filters per channel", help="How many filters every channel gets."
    )


@layer(
    "DepthwiseConv2d",
    category="convolution",
    title="Depthwise convolution",
    synonyms=("depth_multiplier", "separable", "channelwise", "grouped", "mobilenet"),
    console=("DepthwiseConvolution",),
    formula="out[c·multiplier + m, y, x] = bias[c·multiplier + m] + Σ over i, j of weight["
    "c·multiplier + m, i, j] · in[c, y·stride + i·dilation − padding, x·stride + j·dilation − "
    "padding]",
    use="In small, fast networks such as MobileNet and EfficientNet: far fewer weights and "
    "multiplications than a full convolution.",
    mistakes=(ONLY_APART, SIZE_LOST.format("image")),
)
class DepthwiseConv2d(_Depthwise):
    """Filters every channel of an image by itself, with filters of its own."""

    AXES = 2

    multiplier: int = multiplied()
    kernel_size: Pair = kernel(2, (3, 3))
    stride: Pair = step(2)
    padding: Pair = border(2)
    same_padding: bool = same()
    dilation: Pair = spread(2)
    bias: bool = biased()
    padding_mode: PaddingMode = filling()


@layer(
    "DepthwiseConv1d",
    category="convolution",
    title="Depthwise convolution (sequence)",
    synonyms=("depth_multiplier", "separable", "channelwise", "grouped", "temporal"),
    console=("DepthwiseConvolution",),
    formula="out[c·multiplier + m, t] = bias[c·multiplier + m] + Σ over i of weight[c·multiplier + "
    "m, i] · in[c, t·stride + i·dilation − padding]",
    use="In small networks for audio and sensors, and within Conformer blocks.",
    mistakes=(ONLY_APART, SIZE_LOST.format("sequence")),
)
class DepthwiseConv1d(_Depthwise):
    """Filters every channel of a sequence by itself, with filters of its own."""

    AXES = 1

    multiplier: int = multiplied()
    kernel_size: int = kernel(1, 3)
    stride: int = step(1)
    padding: int = border(1)
    same_padding: bool = same()
    dilation: int = spread(1)
    bias: bool = biased()
    padding_mode: PaddingMode = filling()
