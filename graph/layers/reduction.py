"""Sums and statistics over axes: many numbers made one. Never over the batch.

What works along exactly one axis (places, medians, running sums) is in reduction_axis.py.
"""

from typing import ClassVar

from graph.declare import Sizes, declare, param
from graph.layer import MIXES_SAMPLES, Emission, Layer, axis_index, call, layer, need_float
from graph.shapes import ElementType, SetArgument, ShapeError, TensorSpec, product


def chosen_axes(dim: Sizes | None, x: TensorSpec) -> list[int]:
    """The indices into `x.sizes` of the axes to work over, in rising order; None stands for all.

    Raises:
        ShapeError: where there is no such axis, where it is the batch, or where one occurs twice.
    """
    if dim is None:
        if x.rank == 0:
            raise ShapeError(
                "has no axes to work over: it receives one number for every sample", port="in"
            )
        return list(range(x.rank))
    indices = [axis_index(axis, x) for axis in dim]
    for place, index in enumerate(indices):
        if index in indices[:place]:
            raise ShapeError(
                f"axis {int(dim[place])} of an input of size {x} is named twice",
                repairs=[SetArgument("dim", tuple(int(axis) for axis in dict.fromkeys(dim)))]
                if len(set(dim)) < len(dim)
                else (),
            )
    return sorted(indices)


def without_axes(x: TensorSpec, indices: list[int], keepdim: bool) -> tuple[int, ...]:
    """The size where axes were made one number: they are gone, or of size 1."""
    if keepdim:
        return tuple(1 if axis in indices else size for axis, size in enumerate(x.sizes))
    return tuple(size for axis, size in enumerate(x.sizes) if axis not in indices)


def axes_text(dim: Sizes | None) -> str:
    """Which axes, in a few words for the node."""
    if dim is None:
        return "of everything"
    word = "axis" if len(dim) == 1 else "axes"
    return f"{word} {', '.join(str(int(axis)) for axis in dim)}"


@declare
class Reduction(Layer):
    """Makes one number of all numbers along some axes, by torch's method `METHOD`."""

    STRICTER_THAN_TORCH = MIXES_SAMPLES

    METHOD: ClassVar[str] = ""
    TAKES_ALL: ClassVar[bool] = False

    dim: Sizes | None = param(
        default=None,
        label="Axes",
        help="The axes that become one number, as torch counts (0 is the batch, 1 the channels); "
        "nothing: all but the batch.",
    )
    keepdim: bool = param(
        default=False,
        label="Keep axes",
        help="Whether these axes stay with size 1, so that the result still lines up with the "
        "input.",
    )

    def element_type(self, x: TensorSpec) -> ElementType:
        """What the results are."""
        return x.dtype

    def infer(self, x: TensorSpec) -> TensorSpec:
        if not self.TAKES_ALL:
            need_float(x)
        sizes = without_axes(x, chosen_axes(self.dim, x), self.keepdim)
        return TensorSpec(sizes, self.element_type(x))

    def axes(self, x: TensorSpec) -> int | Sizes:
        """The axes as torch takes them: one, or several."""
        axes = tuple(range(1, x.rank + 1)) if self.dim is None else self.dim
        return axes[0] if len(axes) == 1 else axes

    def keep(self) -> str:
        """The argument that keeps the axes, where they are kept."""
        return ", keepdim=True" if self.keepdim else ""

    def emit(self, x: TensorSpec) -> Emission:
        return call(f"{{in}}.{self.METHOD}(dim={{dim}}{self.keep()})", dim=self.axes(x))

    def summary(self) -> str:
        return axes_text(self.dim)


AXES = "The axes count from 1 for the channels; an image has height as axis 2 and width as axis 3."
TOO_LARGE = (
    "Over many numbers it becomes very large; take a Mean where their count should not matter."
)


@layer(
    "Sum",
    category="reduction",
    title="Sum",
    synonyms=("reduce_sum", "total", "add up", "sum pooling"),
    console=("Sum",),
    formula="out = Σ over the axes dim of in",
    use="To add up parts: weighted values in attention, or all costs of a sample.",
    mistakes=(TOO_LARGE, AXES),
)
class Sum(Reduction):
    """Adds up all numbers along some axes."""

    METHOD, TAKES_ALL = "sum", True

    def element_type(self, x: TensorSpec) -> ElementType:
        return "float" if x.dtype == "float" else "integer"


@layer(
    "Mean",
    category="reduction",
    title="Mean",
    synonyms=("average", "reduce_mean", "global average", "gap"),
    console=("Mean",),
    formula="out = 1 / n · Σ over the axes dim of in, where n numbers are added",
    use="To sum up a map or a sequence in one number per channel, whatever its length.",
    mistakes=(
        AXES,
        "Over a sequence that was filled up, it counts the filling too; multiply with a mask and "
        "divide by its sum instead.",
    ),
)
class Mean(Reduction):
    """The average of all numbers along some axes."""

    METHOD = "mean"


@layer(
    "Prod",
    category="reduction",
    title="Product",
    synonyms=("reduce_prod", "multiply up"),
    console=("Prod",),
    formula="out = Π over the axes dim of in",
    use="To combine probabilities of things that do not depend on each other.",
    mistakes=(
        "Of many numbers it becomes 0 or infinite; take the Sum of Logarithms instead.",
        AXES,
    ),
)
class Prod(Reduction):
    """Multiplies all numbers along some axes."""

    METHOD, TAKES_ALL = "prod", True

    def element_type(self, x: TensorSpec) -> ElementType:
        return "float" if x.dtype == "float" else "integer"

    def emit(self, x: TensorSpec) -> Emission:
        places = chosen_axes(self.dim, x)
        if len(places) == x.rank > 1 and not self.keepdim:
            return call("{in}.flatten(1).prod(dim=1)")
        # Torch multiplies along one axis at a time; the last goes first, so that the others keep
        # their places.
        steps = [f".prod(dim={place + 1}{self.keep()})" for place in reversed(places)]
        return call("{in}" + "".join(steps))


@layer(
    "Max",
    category="reduction",
    title="Largest",
    synonyms=("maximum", "reduce_max", "amax", "global max pooling"),
    console=("Max",),
    formula="out = max over the axes dim of in",
    use="To ask whether something occurs anywhere: the strongest answer along an axis.",
    mistakes=(
        "It gives the number and not its place; for the place take a Place of the largest.",
        AXES,
    ),
)
class Max(Reduction):
    """The largest of all numbers along some axes."""

    METHOD, TAKES_ALL = "amax", True


@layer(
    "Min",
    category="reduction",
    title="Smallest",
    synonyms=("minimum", "reduce_min", "amin"),
    console=("Min",),
    formula="out = min over the axes dim of in",
    use="To find the nearest or the cheapest along an axis.",
    mistakes=(
        "It gives the number and not its place; for the place take a Place of the smallest.",
        AXES,
    ),
)
class Min(Reduction):
    """The smallest of all numbers along some axes."""

    METHOD, TAKES_ALL = "amin", True


@declare
class _Spread(Reduction):
    STRICTER_THAN_TORCH = f"{MIXES_SAMPLES}; and of too few numbers torch gives nan"

    correction: int = param(
        default=1,
        min=0,
        max=1000,
        label="Correction",
        help="Subtracted from the count that is divided by: 1 for a sample of many, 0 for all of "
        "them.",
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        given = super().infer(x)
        count = product(x.sizes[index] for index in chosen_axes(self.dim, x))
        if count <= self.correction:
            raise ShapeError(
                f"of {int(count)} numbers the spread cannot be told with a correction of "
                f"{int(self.correction)} (it receives {x})",
                port="in",
                repairs=[SetArgument("correction", 0)],
            )
        return given

    def emit(self, x: TensorSpec) -> Emission:
        return call(
            f"{{in}}.{self.METHOD}(dim={{dim}}, correction={{correction}}{self.keep()})",
            dim=self.axes(x),
            correction=self.correction,
        )


@layer(
    "Var",
    category="reduction",
    title="Variance",
    synonyms=("spread", "reduce_variance"),
    formula="out = Σ over the axes dim of (in − mean)² / (n − correction)",
    use="To measure how much numbers differ, as normalizations do.",
    mistakes=(
        "Normalizations divide by n; set the correction to 0 to get the same.",
        "It is in squared units; for the unit of the input take a Standard deviation.",
    ),
)
class Var(_Spread):
    """The mean squared distance of the numbers along some axes from their mean."""

    METHOD = "var"


@layer(
    "Std",
    category="reduction",
    title="Standard deviation",
    synonyms=("spread", "reduce_std", "minibatch standard deviation"),
    formula="out = √(Σ over the axes dim of (in − mean)² / (n − correction))",
    use="To measure how much numbers differ, in their own unit: contrast, loudness.",
    mistakes=(
        "Of equal numbers its slope is not defined (nan); take a Variance and add a small number "
        "before the root.",
    ),
)
class Std(_Spread):
    """The usual distance of the numbers along some axes from their mean."""

    METHOD = "std"


@layer(
    "Norm",
    category="reduction",
    title="Length (norm)",
    synonyms=("norm", "euclidean", "vector norm", "magnitude", "l1", "l2"),
    console=("Norm",),
    formula="out = (Σ over the axes dim of |in|^p)^(1/p)",
    use="To measure the length of vectors, such as the capsules of a capsule network.",
    mistakes=(
        "It gives the length itself; to bring vectors to length 1 take a Normalize.",
        AXES,
    ),
)
class Norm(Reduction):
    """The length of the vectors along some axes."""

    p: float = param(
        default=2.0,
        min=0,
        label="Kind",
        help="2 for the usual length, 1 for the sum of absolute values, 0 for the count of numbers "
        "that are not 0.",
    )

    def emit(self, x: TensorSpec) -> Emission:
        return call(
            f"torch.linalg.vector_norm({{in}}, ord={{p}}, dim={{dim}}{self.keep()})",
            p=self.p,
            dim=self.axes(x),
        )

    def summary(self) -> str:
        return f"p = {float(self.p):g}, {axes_text(self.dim)}"


@layer(
    "LogSumExp",
    category="reduction",
    title="Logarithm of a sum of exponentials",
    synonyms=("logsumexp", "soft maximum", "smooth maximum"),
    formula="out = log(Σ over the axes dim of exp(in))",
    use="A smooth maximum in which all numbers learn; and to add probabilities that are given as "
    "logarithms.",
    mistakes=(
        "An Exponential, a Sum and a Logarithm after each other overflow; this layer does not.",
    ),
)
class LogSumExp(Reduction):
    """The logarithm of the sum of the exponentials along some axes, a smooth maximum."""

    METHOD = "logsumexp"


@layer(
    "All",
    category="reduction",
    title="All true",
    synonyms=("every", "reduce_all", "for all"),
    formula="out = in ∧ … ∧ in along the axes dim",
    use="To ask whether a condition holds everywhere.",
    mistakes=("Of numbers, all but 0 count as true; compare with a bound first.",),
)
class All(Reduction):
    """True where everything along some axes is true."""

    METHOD, TAKES_ALL = "all", True

    def element_type(self, x: TensorSpec) -> ElementType:
        return "boolean"


@layer(
    "Any",
    category="reduction",
    title="Any true",
    synonyms=("some", "reduce_any", "exists"),
    formula="out = in ∨ … ∨ in along the axes dim",
    use="To ask whether a condition holds anywhere.",
    mistakes=("Of numbers, all but 0 count as true; compare with a bound first.",),
)
class Any(Reduction):
    """True where anything along some axes is true."""

    METHOD, TAKES_ALL = "any", True

    def element_type(self, x: TensorSpec) -> ElementType:
        return "boolean"
