"""Layers that arrange numbers anew without computing.

Taking some of the numbers is in selection.py, channels against pixels in shape_channels.py.
"""

from graph.declare import Sizes, param
from graph.layer import (
    MIXES_SAMPLES,
    Emission,
    Layer,
    Port,
    Window,
    axis_index,
    call,
    changed,
    layer,
    module,
)
from graph.layers.spatial import GIVEN_TWICE, LIKE
from graph.shapes import SetArgument, ShapeError, TensorSpec, product, size_text


def numbered(expression: str, numbers: Sizes) -> Emission:
    """A call that lists numbers where the expression says `%s`."""
    values = {f"number_{index}": number for index, number in enumerate(numbers)}
    listed = ", ".join(f"{{{name}}}" for name in values)
    return Emission(expression.replace("%s", listed), values=values)


def new_axis_index(dim: int, x: TensorSpec, port: str = "in") -> int:
    """Where a new axis `dim` of torch (0 is the batch) comes to lie in `x.sizes`.

    Raises:
        ShapeError: where it would lie before the batch, or too far behind.
    """
    index = dim - 1 if dim > 0 else x.rank + 1 + dim
    if dim == 0 or not 0 <= index <= x.rank:
        raise ShapeError(
            f"axis {int(dim)} cannot be added to an input of size {x}; legal are 1 to "
            f"{x.rank + 1}, or -1 for the end",
            port=port,
        )
    return index


def arranged(sizes: Sizes, count: int, came: str, parameter: str) -> tuple[int, ...]:
    """The sizes that `count` numbers get, where one of `sizes` may be -1 for whatever is left."""
    known = product(size for size in sizes if size != -1)
    free = [axis for axis, size in enumerate(sizes) if size == -1]
    if len(free) > 1:
        raise ShapeError(f"only one size may be -1, but {parameter} is {size_text(sizes)}")
    if 0 in sizes:
        raise ShapeError(f"no size may be 0, but {parameter} is {size_text(sizes)}")
    if (not free and known != count) or count % known:
        raise ShapeError(
            f"cannot arrange {int(count)} numbers ({came}) as {size_text(sizes)}", port="in"
        )
    return tuple(count // known if size == -1 else size for size in sizes)


@layer(
    "Flatten",
    category="shape",
    title="Flatten",
    synonyms=("vectorize", "reshape", "view", "ravel"),
    console=("Flatten",),
    formula="out[c·H·W + i·W + j] = in[c, i, j]",
    use="Between the part of a network that looks at images and its linear layers.",
    mistakes=(
        "The linear layer behind it works for one image size only; for any size, put a global "
        "average pooling instead.",
        "Large images make very long vectors, and the linear layer behind them huge.",
    ),
)
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


@layer(
    "Unflatten",
    category="shape",
    title="Unflatten",
    synonyms=("reshape", "view", "split axis", "heads"),
    formula="an axis of size a·b becomes two axes of sizes a and b",
    use="Splits one axis into several: a vector into an image, or features into heads.",
    mistakes=("It cuts in order: the first new axis changes slowest.",),
)
class Unflatten(Layer):
    """Splits one axis into several, the reverse of flattening."""

    STRICTER_THAN_TORCH = MIXES_SAMPLES

    dim: int = param(default=1, label="Axis", help="The axis to split, as torch counts.")
    unflattened_size: Sizes = param(
        default=(-1, 1),
        min=-1,
        label="Sizes",
        help="The sizes into which it is split; -1 stands for whatever is left.",
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        index = axis_index(self.dim, x)
        came = f"axis {int(self.dim)} of {x}"
        sizes = arranged(self.unflattened_size, x.sizes[index], came, "the size")
        return x.with_sizes(*x.sizes[:index], *sizes, *x.sizes[index + 1 :])

    def emit(self, x: TensorSpec) -> Emission:
        return module("nn.Unflatten", self.dim, self.unflattened_size)

    def summary(self) -> str:
        return f"axis {int(self.dim)} to {size_text(self.unflattened_size)}"


@layer(
    "Reshape",
    category="shape",
    title="Reshape",
    synonyms=("view", "unflatten", "rearrange"),
    console=("Reshape",),
    formula="the same numbers in the same order, counted with other sizes",
    use="Turns a vector into an image, or an image into a sequence of rows.",
    mistakes=(
        "It does not swap axes: what was a row stays together. To swap them, take a Permute.",
        "A size that holds for one image size only makes the network refuse all others; -1 adapts.",
    ),
)
class Reshape(Layer):
    """Arranges the same numbers in another size."""

    shape: Sizes = param(
        default=(-1,),
        min=-1,
        label="Size",
        help="The new size of a sample; -1 stands for whatever is left.",
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        return TensorSpec(arranged(self.shape, x.elements, str(x), "the size"), x.dtype)

    def emit(self, x: TensorSpec) -> Emission:
        return numbered("{in}.reshape({in}.size(0), %s)", self.shape)

    def summary(self) -> str:
        return size_text(self.shape)


@layer(
    "Permute",
    category="shape",
    title="Permute",
    synonyms=("transpose", "swap axes", "rearrange", "channels last"),
    console=("Transpose",),
    formula="out[j, k, i] = in[i, j, k] for the order 2, 3, 1",
    use="Brings axes into the order that the next layer expects: steps × features for sequences, "
    "channels first for images.",
    mistakes=(
        "A Reshape to the swapped size runs too, but mixes the numbers up.",
        "The axes count from 1: 0 is the batch, which stays in front.",
    ),
)
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

    def window(self, x: TensorSpec) -> Window | None:
        return super().window(x) if list(self.dims) == sorted(self.dims) else None

    def emit(self, x: TensorSpec) -> Emission:
        return numbered("{in}.permute(0, %s)", self.dims)

    def summary(self) -> str:
        return ", ".join(str(int(axis)) for axis in self.dims)


@layer(
    "Transpose",
    category="shape",
    title="Swap two axes",
    synonyms=("transpose", "permute", "swapaxes", "matrix transpose"),
    console=("Transpose",),
    formula="out[j, i] = in[i, j]",
    use="Makes steps × features of features × steps, and columns of rows.",
    mistakes=("With more than two axes to move, take a Permute: it names the whole order.",),
)
class Transpose(Layer):
    """Swaps two axes of a sample."""

    STRICTER_THAN_TORCH = MIXES_SAMPLES

    dim0: int = param(
        default=1, label="First axis", help="One of the two axes, as torch counts (0 is the batch)."
    )
    dim1: int = param(
        default=2, label="Second axis", help="The axis that it changes places with; -1 is the last."
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        first, second = axis_index(self.dim0, x), axis_index(self.dim1, x)
        sizes = list(x.sizes)
        sizes[first], sizes[second] = sizes[second], sizes[first]
        return x.with_sizes(*sizes)

    def window(self, x: TensorSpec) -> Window | None:
        same = axis_index(self.dim0, x) == axis_index(self.dim1, x)
        return super().window(x) if same else None

    def emit(self, x: TensorSpec) -> Emission:
        return call("{in}.transpose({dim0}, {dim1})", dim0=self.dim0, dim1=self.dim1)

    def summary(self) -> str:
        return f"axes {int(self.dim0)} and {int(self.dim1)}"


@layer(
    "Squeeze",
    category="shape",
    title="Remove an axis",
    synonyms=("squeeze", "drop axis", "remove dimension"),
    formula="out[i, j] = in[0, i, j] for axis 1",
    use="Drops an axis that holds one number only, such as the single channel of a mask.",
    mistakes=("To make a vector of 512×1×1, a Flatten is simpler.",),
)
class Squeeze(Layer):
    """Removes an axis of size 1."""

    STRICTER_THAN_TORCH = "torch silently keeps an axis that is larger than 1"

    dim: int = param(
        default=-1, label="Axis", help="The axis to remove, as torch counts; -1 is the last."
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        index = axis_index(self.dim, x)
        if x.sizes[index] != 1:
            ones = [axis for axis, size in enumerate(x.sizes, start=1) if size == 1]
            raise ShapeError(
                f"can only remove an axis of size 1, but axis {int(self.dim)} of {x} has size "
                f"{int(x.sizes[index])}",
                port="in",
                repairs=[SetArgument("dim", axis) for axis in ones],
            )
        return x.with_sizes(*x.sizes[:index], *x.sizes[index + 1 :])

    def emit(self, x: TensorSpec) -> Emission:
        return call("{in}.squeeze({dim})", dim=self.dim)

    def summary(self) -> str:
        return f"axis {int(self.dim)}"


@layer(
    "Unsqueeze",
    category="shape",
    title="Add an axis",
    synonyms=("unsqueeze", "expand_dims", "new axis", "add dimension"),
    formula="out[0, i, j] = in[i, j] for axis 1",
    use="Gives a signal or mask without channels its single channel, or lines up two sizes that "
    "shall be multiplied.",
    mistakes=("Axis 1 is the new first one: 0 is the batch, which stays in front.",),
)
class Unsqueeze(Layer):
    """Adds an axis of size 1."""

    STRICTER_THAN_TORCH = "torch would also put it before the batch"

    dim: int = param(
        default=1, label="Axis", help="Where the new axis lies, as torch counts; -1 is the end."
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        index = new_axis_index(self.dim, x)
        return x.with_sizes(*x.sizes[:index], 1, *x.sizes[index:])

    def emit(self, x: TensorSpec) -> Emission:
        return call("{in}.unsqueeze({dim})", dim=self.dim)

    def summary(self) -> str:
        return f"as axis {int(self.dim)}"


@layer(
    "Expand",
    category="shape",
    title="Broadcast",
    synonyms=("expand", "broadcast_to", "repeat", "stretch"),
    console=("Broadcast", "BroadcastTo"),
    formula="out[c, i, j] = in[c, 0, 0] where height and width were 1",
    use="Repeats a value along an axis, for example one number per channel over a whole image.",
    mistakes=(
        "Only axes of size 1 can be repeated; to repeat a longer one, take a Tile.",
        "Before an addition or multiplication it is not needed: they broadcast by themselves.",
    ),
)
class Expand(Layer):
    """Repeats axes of size 1 until they have a given size, without using memory for it."""

    INPUTS = (Port("in"), LIKE)
    STRICTER_THAN_TORCH = GIVEN_TWICE

    size: Sizes | None = param(
        default=None,
        min=-1,
        help='The new size of a sample; -1 keeps an axis as it is. Nothing where "like" is linked.',
    )

    def infer(self, x: TensorSpec, like: TensorSpec | None) -> TensorSpec:
        if (self.size is None) == (like is None):
            raise ShapeError(
                'needs either a size or a link at "like" to what has that size',
                repairs=[SetArgument("size", None if like else x.sizes or (1,))],
            )
        wanted = self.size or (like.sizes if like else ())
        text = size_text(wanted)
        if len(wanted) != x.rank:
            raise ShapeError(f"cannot broadcast {x} to {text}: it has {x.rank} axes", port="in")
        sizes = []
        for has, size in zip(x.sizes, wanted, strict=True):
            if size == 0:
                raise ShapeError(f"no size may be 0, but the size is {text}")
            if size not in (-1, has) and has != 1:
                raise ShapeError(
                    f"can only repeat axes of size 1, but {x} cannot become {text}", port="in"
                )
            sizes.append(has if size == -1 else size)
        return x.with_sizes(*sizes)

    def emit(self, x: TensorSpec, like: TensorSpec | None) -> Emission:
        if self.size is None:
            return call("{in}.expand(-1, *{like}.shape[1:])")
        return numbered("{in}.expand(-1, %s)", self.size)

    def summary(self) -> str:
        return "to the second input" if self.size is None else f"to {size_text(self.size)}"


@layer(
    "Identity",
    category="shape",
    title="Identity",
    synonyms=("probe", "pass", "nothing", "rename"),
    console=("Identity",),
    formula="out = in",
    use="A named place to look at, or to join branches at.",
    mistakes=("It changes nothing and learns nothing; what shall learn needs a layer.",),
)
class Identity(Layer):
    """Passes its input on unchanged; a named place to look at."""

    def infer(self, x: TensorSpec) -> TensorSpec:
        return x

    def emit(self, x: TensorSpec) -> Emission:
        return module("nn.Identity")
