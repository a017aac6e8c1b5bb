"""Layers that arrange numbers anew without computing."""

from typing import Literal

from graph.declare import Sizes, param
from graph.layer import Emission, Layer, axis_index, changed, layer, module, need_float, need_rank
from graph.layers.convolution import IMAGE
from graph.shapes import ShapeError, TensorSpec, product, size_text


@layer("Flatten", category="shape", title="Flatten", synonyms=("vectorize", "reshape", "view"))
class Flatten(Layer):
    """Writes all numbers of a sample in one row, so that a linear layer can take them."""

    start_dim: int = param(
        default=1, min=1, advanced=True, help="First axis to join, as torch counts."
    )
    end_dim: int = param(default=-1, advanced=True, help="Last axis to join; -1 is the last one.")

    def infer(self, x: TensorSpec) -> TensorSpec:
        first, last = axis_index(self.start_dim, x), axis_index(self.end_dim, x)
        if first > last:
            raise ShapeError(
                f"the first axis to join ({int(self.start_dim)}) lies behind the last "
                f"({int(self.end_dim)}) in an input of size {x}",
                port="in",
            )
        joined = product(x.sizes[first : last + 1])
        return TensorSpec((*x.sizes[:first], joined, *x.sizes[last + 1 :]), x.dtype)

    def emit(self, x: TensorSpec) -> Emission:
        return module(
            "nn.Flatten", **changed(start_dim=(self.start_dim, 1), end_dim=(self.end_dim, -1))
        )


def _numbered(expression: str, numbers: Sizes) -> Emission:
    """A call that lists numbers where the expression says `%s`."""
    values = {f"number_{index}": number for index, number in enumerate(numbers)}
    listed = ", ".join(f"{{{name}}}" for name in values)
    return Emission(expression.replace("%s", listed), values=values)


@layer("Reshape", category="shape", title="Reshape", synonyms=("view", "unflatten", "resize"))
class Reshape(Layer):
    """Arranges the same numbers in another size."""

    shape: Sizes = param(
        default=(-1,),
        min=-1,
        label="Size",
        help="The new size of a sample; -1 stands for whatever is left.",
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        known = product(size for size in self.shape if size != -1)
        free = [axis for axis, size in enumerate(self.shape) if size == -1]
        if len(free) > 1:
            raise ShapeError(f"only one size may be -1, but the size is {size_text(self.shape)}")
        if 0 in self.shape:
            raise ShapeError(f"no size may be 0, but the size is {size_text(self.shape)}")
        count = x.elements
        if (not free and known != count) or count % known:
            raise ShapeError(
                f"cannot arrange {int(count)} numbers ({x}) as {size_text(self.shape)}",
                port="in",
            )
        sizes = tuple(count // known if size == -1 else size for size in self.shape)
        return TensorSpec(sizes, x.dtype)

    def emit(self, x: TensorSpec) -> Emission:
        return _numbered("{in}.reshape({in}.size(0), %s)", self.shape)

    def summary(self) -> str:
        return size_text(self.shape)


@layer("Permute", category="shape", title="Permute", synonyms=("transpose", "swap axes"))
class Permute(Layer):
    """Puts the axes of a sample into another order."""

    dims: Sizes = param(
        default=(2, 1),
        min=1,
        label="Order",
        help="The axes in their new order, as torch counts: 2, 3, 1 puts channels last.",
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        if sorted(self.dims) != list(range(1, x.rank + 1)):
            expected = ", ".join(str(axis) for axis in range(1, x.rank + 1))
            given = ", ".join(str(int(axis)) for axis in self.dims)
            raise ShapeError(
                f"needs each of the axes {expected} once for an input of size {x}, but is {given}",
                port="in",
            )
        return TensorSpec(tuple(x.sizes[axis - 1] for axis in self.dims), x.dtype)

    def emit(self, x: TensorSpec) -> Emission:
        return _numbered("{in}.permute(0, %s)", self.dims)

    def summary(self) -> str:
        return ", ".join(str(int(axis)) for axis in self.dims)


@layer("Upsample", category="shape", title="Upsample", synonyms=("resize", "enlarge", "unpooling"))
class Upsample(Layer):
    """Makes an image larger by a whole factor, by repeating pixels or by blending between them."""

    scale_factor: int = param(
        default=2, min=1, label="Factor", help="Height and width are multiplied by this."
    )
    mode: Literal["nearest", "bilinear", "bicubic"] = param(
        default="nearest", help="Repeat the nearest pixel, or blend between neighbours."
    )
    align_corners: bool = param(
        default=False,
        advanced=True,
        help="When blending, keep the corner pixels exactly where they are.",
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        if self.mode != "nearest" or x.rank not in (2, 4):
            # Repeating works along any axes, blending between neighbours only in an image.
            need_rank(x, 3, IMAGE)
        channels, *sizes = x.sizes
        return TensorSpec((channels, *(size * self.scale_factor for size in sizes)))

    def emit(self, x: TensorSpec) -> Emission:
        corners = (
            {} if self.mode == "nearest" else changed(align_corners=(self.align_corners, None))
        )
        return module(
            "nn.Upsample",
            scale_factor=self.scale_factor,
            **changed(mode=(self.mode, "nearest")),
            **corners,
        )

    def summary(self) -> str:
        return f"{int(self.scale_factor)} times, {self.mode}"


@layer("ZeroPad2d", category="shape", title="Zero padding", synonyms=("pad", "border"))
class ZeroPad2d(Layer):
    """Adds a border of zeros around an image."""

    STRICTER_THAN_TORCH = "torch pads the last two axes of anything, even where one is the batch"

    left: int = param(default=1, min=0, help="Columns added on the left.")
    right: int = param(default=1, min=0, help="Columns added on the right.")
    top: int = param(default=1, min=0, help="Rows added at the top.")
    bottom: int = param(default=1, min=0, help="Rows added at the bottom.")

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_rank(x, 3, IMAGE)
        channels, height, width = x.sizes
        return x.with_sizes(
            channels, height + self.top + self.bottom, width + self.left + self.right
        )

    def emit(self, x: TensorSpec) -> Emission:
        return module("nn.ZeroPad2d", (self.left, self.right, self.top, self.bottom))


@layer("Identity", category="shape", title="Identity", synonyms=("probe", "pass", "nothing"))
class Identity(Layer):
    """Passes its input on unchanged; a named place to look at."""

    def infer(self, x: TensorSpec) -> TensorSpec:
        return x

    def emit(self, x: TensorSpec) -> Emission:
        return module("nn.Identity")
