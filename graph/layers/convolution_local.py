"""Convolutions with filters of their own at every place: untied weights."""

from typing import Any, ClassVar

from graph.declare import Pair, param
from graph.layer import Emission, Layer, Window, changed, layer, module, need_float
from graph.layers.convolution import border, filters, kernel, step
from graph.layers.sliding import Along, along, expect_places, ones, short_text, slide
from graph.shapes import TensorSpec, product


def biased() -> Any:
    """The parameter bias."""
    return param(default=True, help="Add a learned number to each output channel, at every place.")


class _LocallyConnected(Layer):
    """What locally connected layers of any number of axes share."""

    AXES: ClassVar[int]

    out_channels: int
    kernel_size: Along
    stride: Along
    padding: Along
    bias: bool

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        expect_places(x, self.AXES)
        taken = slide(x, self.kernel_size, self.stride, self.padding)
        return TensorSpec((self.out_channels, *taken))

    def weights(self, x: TensorSpec) -> dict[str, tuple[int, ...]]:
        out = self.infer(x)
        weight = (*out.sizes[1:], out.channels, x.channels, *along(self.kernel_size))
        return {"weight": weight} | ({"bias": out.sizes} if self.bias else {})

    def multiply_adds(self, x: TensorSpec) -> int:
        return product(self.weights(x)["weight"])

    def window(self, x: TensorSpec) -> Window | None:
        return Window(along(self.kernel_size), along(self.stride))

    def emit(self, x: TensorSpec) -> Emission:
        size = x.sizes[1] if self.AXES == 1 else x.sizes[1:]
        none = 0 if self.AXES == 1 else (0, 0)
        one = 1 if self.AXES == 1 else (1, 1)
        return module(
            self.NAME,
            x.channels,
            self.out_channels,
            input_size=size,
            kernel_size=self.kernel_size,
            **changed(
                stride=(self.stride, one), padding=(self.padding, none), bias=(self.bias, True)
            ),
        )

    def summary(self) -> str:
        sizes = along(self.kernel_size)
        text = "×".join(str(int(k)) for k in sizes) if self.AXES > 1 else f"of {int(sizes[0])}"
        noun = "filter" if self.out_channels == 1 else "filters"
        text = f"{int(self.out_channels)} {noun} {text}"
        if along(self.stride) != ones(self.AXES):
            text += f", stride {short_text(self.stride)}"
        return text + (f", padding {short_text(self.padding)}" if any(along(self.padding)) else "")


MANY_WEIGHTS = (
    "It has as many times more weights as it has places; use it late, where little is left of the "
    "{}."
)
FIXED_SIZE = "The network takes one size of {} only, which the number of weights depends on."


@layer(
    "LocallyConnected2d",
    category="convolution",
    title="Locally connected",
    synonyms=("untied weights", "unshared convolution", "local layer", "darknet"),
    formula="out[o, y, x] = bias[o, y, x] + Σ over c, i, j of weight[y, x, o, c, i, j] · in[c, "
    "y·stride + i − padding, x·stride + j − padding]",
    use="Where each part of an image looks different, as in faces that are aligned; and in the "
    "head of YOLOv1.",
    mistakes=(MANY_WEIGHTS.format("image"), FIXED_SIZE.format("image")),
)
class LocallyConnected2d(_LocallyConnected):
    """Like a convolution, but with filters of its own at every place of the image."""

    AXES = 2

    out_channels: int = filters()
    kernel_size: Pair = kernel(2, (3, 3))
    stride: Pair = step(2)
    padding: Pair = border(2)
    bias: bool = biased()


@layer(
    "LocallyConnected1d",
    category="convolution",
    title="Locally connected (sequence)",
    synonyms=("untied weights", "unshared convolution", "local layer"),
    formula="out[o, t] = bias[o, t] + Σ over c, i of weight[t, o, c, i] · in[c, t·stride + i − "
    "padding]",
    use="For signals that always start at the same moment, such as one heartbeat or one spectrum.",
    mistakes=(MANY_WEIGHTS.format("sequence"), FIXED_SIZE.format("sequence")),
)
class LocallyConnected1d(_LocallyConnected):
    """Like a convolution, but with filters of its own at every step of the sequence."""

    AXES = 1

    out_channels: int = filters()
    kernel_size: int = kernel(1, 3)
    stride: int = step(1)
    padding: int = border(1)
    bias: bool = biased()
