"""Convolutions that are guided by a further input: where to look, or with which filter."""

from graph.declare import Pair
from graph.layer import (
    Constructor,
    Emission,
    Layer,
    Port,
    Window,
    call,
    changed,
    layer,
    need_float,
    one_or_all,
    pair_text,
)
from graph.layers.convolution import biased, border, filters, grouped, kernel, spread, step
from graph.layers.sliding import check_groups, expect_places, short_text, slide
from graph.shapes import ShapeError, TensorSpec, product


@layer(
    "DeformConv2d",
    category="convolution",
    title="Deformable convolution",
    synonyms=("deformable", "dcn", "offsets", "dynamic", "modulated"),
    console=("DeformableConvolution",),
    formula="out[o, y, x] = bias[o] + Σ over c, k of weight[o, c, k] · mask[k, y, x] · in[c, at "
    "the place of filter value k, moved by offset[2k, y, x] down and offset[2k + 1, y, x] right]",
    use="For objects whose form varies, in detection and segmentation. A Conv2d on the same input "
    "learns the offsets.",
    mistakes=(
        "The convolution for the offsets needs 2 · height · width of the filter as its filters, "
        "and the same kernel size, stride and padding.",
        "Offsets that start at random tear the image apart; start that convolution at zeros.",
        "The mask is to lie between 0 and 1: put a Sigmoid before it.",
    ),
)
class DeformConv2d(Layer):
    """A convolution whose filter values each look at a place of their own, moved by offsets that
    another layer computes."""

    INPUTS = (
        Port("in", "The image."),
        Port("offset", "For each place, how far each filter value moves: down and right in turn."),
        Port("mask", "For each place, how much each filter value counts.", optional=True),
    )

    out_channels: int = filters()
    kernel_size: Pair = kernel(2, (3, 3))
    stride: Pair = step(2)
    padding: Pair = border(2)
    dilation: Pair = spread(2)
    groups: int = grouped()
    bias: bool = biased()

    def infer(
        self, x: TensorSpec, offset: TensorSpec, mask: TensorSpec | None = None
    ) -> TensorSpec:
        need_float(x)
        expect_places(x, 2)
        check_groups(x.channels, self.out_channels, self.groups)
        need_float(offset, "offset")
        wanted = self._guide(x, 2)
        per_group = wanted.channels
        if offset.rank != 3 or offset.sizes[1:] != wanted.sizes[1:] or offset.channels % per_group:
            raise ShapeError(
                f"expects {wanted} offsets (2·height·width of the filter, at every place of the "
                f"result), but receives {offset}",
                port="offset",
            )
        parts = offset.channels // per_group
        if x.channels % parts:
            raise ShapeError(
                f"with {int(offset.channels)} offsets the {int(x.channels)} incoming channels "
                f"would be split into {int(parts)} groups, which is not possible; {wanted} move "
                f"all channels alike",
                port="offset",
            )
        if mask is not None:
            need_float(mask, "mask")
            factors = (offset.channels // 2, *wanted.sizes[1:])
            if mask.sizes != factors:
                raise ShapeError(
                    f"expects {TensorSpec(factors)} factors (half as many as offsets), but "
                    f"receives {mask}",
                    port="mask",
                )
        return TensorSpec((self.out_channels, *wanted.sizes[1:]))

    def next_input(self, *received: TensorSpec | None) -> TensorSpec | None:
        x = received[0] if received else None
        return None if x is None else self._guide(x, 2 if len(received) == 1 else 1)

    def _guide(self, x: TensorSpec, numbers: int) -> TensorSpec:
        """So many numbers for each filter value, at every place of the result."""
        expect_places(x, 2)
        taken = slide(x, self.kernel_size, self.stride, self.padding, self.dilation)
        return TensorSpec((numbers * self.kernel_size[0] * self.kernel_size[1], *taken))

    def weights(
        self, x: TensorSpec, offset: TensorSpec, mask: TensorSpec | None = None
    ) -> dict[str, tuple[int, ...]]:
        weight = (self.out_channels, x.channels // self.groups, *self.kernel_size)
        return {"weight": weight} | ({"bias": (self.out_channels,)} if self.bias else {})

    def multiply_adds(
        self, x: TensorSpec, offset: TensorSpec, mask: TensorSpec | None = None
    ) -> int:
        per_place = self.out_channels * (x.channels // self.groups)
        return product((per_place, *self.kernel_size, *offset.sizes[1:]))

    def window(
        self, x: TensorSpec, offset: TensorSpec, mask: TensorSpec | None = None
    ) -> Window | None:
        # Offsets may lead anywhere.
        return None

    def emit(self, x: TensorSpec, offset: TensorSpec, mask: TensorSpec | None = None) -> Emission:
        keywords = {"kernel_size": one_or_all(self.kernel_size)} | changed(
            stride=(one_or_all(self.stride), 1),
            padding=(one_or_all(self.padding), 0),
            dilation=(one_or_all(self.dilation), 1),
            groups=(self.groups, 1),
            bias=(self.bias, True),
        )
        made = Constructor(
            "torchvision.ops.DeformConv2d", (x.channels, self.out_channels), keywords
        )
        factors = "" if mask is None else ", {mask}"
        return Emission(f"{{module}}({{in}}, {{offset}}{factors})", made)

    def summary(self) -> str:
        noun = "filter" if self.out_channels == 1 else "filters"
        text = f"{int(self.out_channels)} {noun} {pair_text(self.kernel_size)}"
        if self.stride != (1, 1):
            text += f", stride {short_text(self.stride)}"
        return text + (f", padding {short_text(self.padding)}" if any(self.padding) else "")


@layer(
    "AdaptiveSeparableConv2d",
    category="convolution",
    title="Adaptive separable convolution",
    synonyms=("sepconv", "kernel prediction", "dynamic filter", "frame interpolation"),
    console=("AdaptiveSeparableConvolution",),
    formula="out[c, y, x] = Σ over i, j of vertical[i, y, x] · horizontal[j, y, x] · in[c, y + i, "
    "x + j]",
    use="For frames between the frames of a video and for denoising: another part of the network "
    "computes the best filter for every pixel.",
    mistakes=(
        "The result is smaller than the image by the filter less 1; pad the image before it, and "
        "let the filters have the size of the result.",
        "The number of channels of vertical is the height of the filter, that of horizontal its "
        "width.",
    ),
)
class AdaptiveSeparableConv2d(Layer):
    """Filters every pixel with a filter of its own, the product of a column and a row that another
    layer computes."""

    STRICTER_THAN_TORCH = (
        "where filters come for a single row or column of pixels, torch would use them for all"
    )

    INPUTS = (
        Port("in", "The image."),
        Port("vertical", "For each pixel of the result, a column of filter values."),
        Port("horizontal", "For each pixel of the result, a row of filter values."),
    )

    def infer(self, x: TensorSpec, vertical: TensorSpec, horizontal: TensorSpec) -> TensorSpec:
        need_float(x)
        expect_places(x, 2)
        for port, given, axis, name in (
            ("vertical", vertical, 1, "height"),
            ("horizontal", horizontal, 2, "width"),
        ):
            need_float(given, port)
            expect_places(given, 2, port)
            if given.channels + given.sizes[axis] - 1 != x.sizes[axis]:
                left = int(x.sizes[axis]) - int(given.channels) + 1
                gives = f"give {left}" if left > 0 else "do not fit into it"
                raise ShapeError(
                    f"filters of {int(given.channels)} on an image with {name} "
                    f"{int(x.sizes[axis])} {gives}, but they come for {int(given.sizes[axis])} "
                    f"(it receives {given})",
                    port=port,
                )
        if vertical.sizes[1:] != horizontal.sizes[1:]:
            raise ShapeError(
                f"needs a row for each column of filter values, which come for "
                f"{TensorSpec(vertical.sizes[1:])} pixels, but receives {horizontal}",
                port="horizontal",
            )
        return TensorSpec((x.channels, *vertical.sizes[1:]))

    def next_input(self, *received: TensorSpec | None) -> TensorSpec | None:
        x = received[0] if received else None
        if x is None or x.rank != 3:
            return None
        vertical = received[1] if len(received) == 2 else None
        if vertical is None or vertical.rank != 3:
            return TensorSpec((1, *x.sizes[1:]))
        width = x.sizes[2] - vertical.sizes[2] + 1
        return TensorSpec((width, *vertical.sizes[1:])) if width > 0 else None

    def multiply_adds(self, x: TensorSpec, vertical: TensorSpec, horizontal: TensorSpec) -> int:
        # First the rows of each window, then the column of their sums.
        out = product((x.channels, *vertical.sizes))
        return out * horizontal.channels + out

    def window(self, x: TensorSpec, vertical: TensorSpec, horizontal: TensorSpec) -> Window | None:
        return Window((vertical.channels, horizontal.channels), (1, 1))

    def emit(self, x: TensorSpec, vertical: TensorSpec, horizontal: TensorSpec) -> Emission:
        return call("adaptive_separable_conv2d({in}, {vertical}, {horizontal})")
