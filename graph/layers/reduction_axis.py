"""What works along exactly one axis: places of the largest, medians, and running sums."""

from typing import ClassVar

from graph.declare import declare, param
from graph.layer import MIXES_SAMPLES, Emission, Layer, Window, axis_index, call, layer
from graph.layers.arithmetic import need_numbers
from graph.layers.reduction import without_axes
from graph.shapes import ElementType, TensorSpec


@declare
class _AlongAxis(Layer):
    STRICTER_THAN_TORCH = MIXES_SAMPLES

    dim: int = param(
        default=1,
        label="Axis",
        help="The axis to work along, as torch counts (0 is the batch, 1 the channels).",
    )

    def summary(self) -> str:
        return f"axis {int(self.dim)}"


@declare
class _Picked(_AlongAxis):
    """Picks one of the numbers along an axis, by `CODE`."""

    CODE: ClassVar[str] = ""

    keepdim: bool = param(
        default=False,
        label="Keep axis",
        help="Whether the axis stays with size 1, so that the result still lines up with the "
        "input.",
    )

    def element_type(self, x: TensorSpec) -> ElementType:
        """What the results are."""
        return "integer"

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_numbers(x)
        sizes = without_axes(x, [axis_index(self.dim, x)], self.keepdim)
        return TensorSpec(sizes, self.element_type(x))

    def emit(self, x: TensorSpec) -> Emission:
        arguments = "dim={dim}" + (", keepdim=True" if self.keepdim else "")
        return call(self.CODE.replace("#", arguments), dim=self.dim)


NO_SLOPE = (
    "Nothing in front of it learns through it; use it at the end, to read the answer of a network."
)


@layer(
    "ArgMax",
    category="reduction",
    title="Place of the largest",
    synonyms=("argmax", "index of maximum", "predicted class"),
    console=("Max",),
    formula="out = the i for which in[i] is largest along dim",
    use="At the end, to read the class with the highest score.",
    mistakes=(NO_SLOPE, "It gives whole numbers from 0; for the number itself take a Largest."),
)
class ArgMax(_Picked):
    """At which place along an axis the largest number is, counted from 0."""

    CODE = "{in}.argmax(#)"


@layer(
    "ArgMin",
    category="reduction",
    title="Place of the smallest",
    synonyms=("argmin", "index of minimum", "nearest"),
    console=("Min",),
    formula="out = the i for which in[i] is smallest along dim",
    use="To find the nearest of many vectors by their distances.",
    mistakes=(NO_SLOPE, "It gives whole numbers from 0; for the number itself take a Smallest."),
)
class ArgMin(_Picked):
    """At which place along an axis the smallest number is, counted from 0."""

    CODE = "{in}.argmin(#)"


@layer(
    "Median",
    category="reduction",
    title="Median",
    synonyms=("middle value", "50th percentile"),
    formula="out = the number in the middle of in, sorted along dim",
    use="A mean that single wild numbers do not disturb.",
    mistakes=("Of an even count it gives the lower of the two in the middle, not their mean.",),
)
class Median(_Picked):
    """The number in the middle when the numbers along an axis are sorted."""

    CODE = "{in}.median(#).values"

    def element_type(self, x: TensorSpec) -> ElementType:
        return x.dtype


@declare
class _Running(_AlongAxis):
    """Each result is made of all numbers up to its place, by torch's method `METHOD`."""

    METHOD: ClassVar[str] = ""

    reverse: bool = param(
        default=False, label="From the end", help="Whether to start at the end of the axis."
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        axis_index(self.dim, x)
        return TensorSpec(x.sizes, "float" if x.dtype == "float" else "integer")

    def window(self, x: TensorSpec) -> Window | None:
        return super().window(x) if axis_index(self.dim, x) == 0 else None

    def emit(self, x: TensorSpec) -> Emission:
        code = f".{self.METHOD}(dim={{dim}})"
        flip = ".flip({dim})"
        return call("{in}" + (flip + code + flip if self.reverse else code), dim=self.dim)

    def summary(self) -> str:
        return f"axis {int(self.dim)}{', from the end' if self.reverse else ''}"


@layer(
    "CumSum",
    category="reduction",
    title="Running sum",
    synonyms=("cumsum", "cumulative sum", "integral"),
    console=("CumSum",),
    formula="out[t] = Σ over s from 0 to t of in[s]",
    use="To turn steps into positions, or a density into a distribution.",
    mistakes=("Along a long axis it grows without end; divide by the place or normalize after.",),
)
class CumSum(_Running):
    """At every place along an axis the sum of everything up to there."""

    METHOD = "cumsum"


@layer(
    "CumProd",
    category="reduction",
    title="Running product",
    synonyms=("cumprod", "cumulative product"),
    console=("CumProd",),
    formula="out[t] = Π over s from 0 to t of in[s]",
    use="For what is left after many steps, such as light behind many layers.",
    mistakes=("Along a long axis it becomes 0 or infinite; take the Running sum of Logarithms.",),
)
class CumProd(_Running):
    """At every place along an axis the product of everything up to there."""

    METHOD = "cumprod"
