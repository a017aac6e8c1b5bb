"""Arithmetic over several inputs, number by number.

Arithmetic of one input and a fixed number is in arithmetic_scalar.py, functions of one number in
mathematics.py.
"""

from collections.abc import Sequence

from graph.declare import param
from graph.layer import Emission, Layer, Port, call, layer, need_float
from graph.layers.merge import INPUTS, common_type
from graph.shapes import InsertBefore, ShapeError, TensorSpec, product
from graph.trace import is_symbolic

LINES_UP = "branches of different rank are refused: torch would line up channels with the batch"
"""Why `aligned` is stricter than torch; for STRICTER_THAN_TORCH."""

TO_NUMBERS = InsertBefore("Cast", (("dtype", "float"),))
"""The repair that makes 0 and 1 of false and true."""

SAME_SIZE = (
    "Branches of another size are refused; bring them to one size before, for example with a "
    "Conv2d with a kernel of 1 for the channels."
)


def aligned(xs: Sequence[TensorSpec], ports: Sequence[str]) -> tuple[int, ...]:
    """The size of what is computed number by number: an axis of size 1 is repeated as needed.

    Raises:
        ShapeError: at the first input that does not fit to those before it.
    """
    first = xs[0]
    sizes = list(first.sizes)
    for x, port in zip(xs[1:], ports[1:], strict=True):
        text = f"needs branches of the same size, but receives {first} and {x}"
        if first.rank < x.rank:
            raise ShapeError(text, port=ports[0], repairs=_spread(first, x))
        if x.rank < first.rank:
            raise ShapeError(text, port=port, repairs=_spread(x, first))
        for axis, (a, b) in enumerate(zip(sizes, x.sizes, strict=True)):
            if a != b and 1 not in (a, b):
                raise ShapeError(text, port=port)
            # A parameter that is 1 may be more in another use, a plain 1 cannot.
            sizes[axis] = b if a == 1 and (b != 1 or not is_symbolic(a)) else a
    return tuple(sizes)


def _spread(x: TensorSpec, whole: TensorSpec) -> list[InsertBefore]:
    """What lets one number per channel meet every place of a map, as in a gate."""
    if x.rank != 1 or x.channels != whole.channels:
        return []
    size = (int(x.channels), *[1] * (whole.rank - 1))
    return [InsertBefore("Reshape", (("shape", size),))]


def need_numbers(x: TensorSpec, port: str = "in") -> None:
    """Refuse true and false where torch calculates only with numbers."""
    if x.dtype == "boolean":
        raise ShapeError(
            f"calculates with numbers, but receives true and false of size {x}",
            port=port,
            repairs=[TO_NUMBERS],
        )


class _Branches(Layer):
    """Any number of branches, combined number by number."""

    INPUTS = INPUTS
    STRICTER_THAN_TORCH = LINES_UP

    def infer(self, *xs: TensorSpec) -> TensorSpec:
        ports = [f"in_{position}" for position in range(1, len(xs) + 1)]
        return TensorSpec(aligned(xs, ports), common_type(xs))


@layer(
    "Add",
    category="arithmetic",
    title="Add",
    synonyms=("plus", "residual", "skip", "shortcut", "sum of branches"),
    console=("Add2", "AddN"),
    formula="out = in_1 + in_2 + …",
    use="For skip connections (ResNet): what comes in is added to what a few layers made of it, "
    "so that deep networks learn well.",
    mistakes=(
        SAME_SIZE,
        "To keep both branches as they are, side by side, take a Concatenate.",
    ),
)
class Add(_Branches):
    """Adds branches number by number, as in a skip connection."""

    def emit(self, *xs: TensorSpec) -> Emission:
        return call("{in}", separator=" + ")


@layer(
    "Multiply",
    category="arithmetic",
    title="Multiply",
    synonyms=("product", "gate", "times", "hadamard"),
    console=("Mul2", "MulN"),
    formula="out = in_1 · in_2 · …",
    use="For gates and attention maps: one branch, with numbers from 0 to 1, decides how much of "
    "the other passes.",
    mistakes=(
        "It multiplies number by number; for the product of two matrices take a Matrix product.",
        "A gate of one number per channel needs the axes of the map too, such as 64×1×1 for "
        "64×8×8; a Reshape adds them.",
    ),
)
class Multiply(_Branches):
    """Multiplies branches number by number, as in a gate."""

    def emit(self, *xs: TensorSpec) -> Emission:
        return call("{in}", separator=" * ")


@layer(
    "Average",
    category="arithmetic",
    title="Average of branches",
    synonyms=("mean of branches", "ensemble"),
    formula="out = (in_1 + in_2 + … + in_n) / n",
    use="To combine the answers of several networks or branches (an ensemble).",
    mistakes=(
        SAME_SIZE,
        "Average the probabilities of classes after each branch's Softmax, not a mixture of both.",
    ),
)
class Average(_Branches):
    """The mean of all branches, number by number."""

    def infer(self, *xs: TensorSpec) -> TensorSpec:
        return TensorSpec(super().infer(*xs).sizes)

    def emit(self, *xs: TensorSpec) -> Emission:
        return call("({in}) / {count}", separator=" + ", count=len(xs))


class _Extreme(_Branches):
    """The largest or smallest of all branches; torch's function takes two of them."""

    PAIR = ""
    ALONG = ""

    def emit(self, *xs: TensorSpec) -> Emission:
        if len(xs) == 1:
            return call("{in}")
        if len(xs) == 2:
            return call(f"torch.{self.PAIR}({{in}})")
        return call(f"torch.stack(torch.broadcast_tensors({{in}})).{self.ALONG}(dim=0)")


@layer(
    "Maximum",
    category="arithmetic",
    title="Largest of branches",
    synonyms=("max", "elementwise maximum", "or"),
    console=("Maximum2",),
    formula="out = max(in_1, in_2, …)",
    use="To keep the strongest answer of several branches at every place.",
    mistakes=(
        SAME_SIZE,
        "Only the largest branch learns at each place; where all of them should, take an Add.",
    ),
)
class Maximum(_Extreme):
    """The largest of all branches, number by number."""

    PAIR, ALONG = "maximum", "amax"


@layer(
    "Minimum",
    category="arithmetic",
    title="Smallest of branches",
    synonyms=("min", "elementwise minimum", "and"),
    console=("Minimum2",),
    formula="out = min(in_1, in_2, …)",
    use="To let something pass only where all branches agree on it.",
    mistakes=(
        SAME_SIZE,
        "Only the smallest branch learns at each place; where all of them should, take an Add.",
    ),
)
class Minimum(_Extreme):
    """The smallest of all branches, number by number."""

    PAIR, ALONG = "minimum", "amin"


class Two(Layer):
    """Two inputs in a fixed order, combined number by number by `CODE`."""

    STRICTER_THAN_TORCH = LINES_UP
    CODE = ""

    def infer(self, x: TensorSpec, other: TensorSpec) -> TensorSpec:
        return TensorSpec(aligned((x, other), ("in", "other")), common_type((x, other)))

    def emit(self, x: TensorSpec, other: TensorSpec) -> Emission:
        return call(self.CODE)


@layer(
    "Subtract",
    category="arithmetic",
    title="Subtract",
    synonyms=("sub", "minus", "difference"),
    console=("Sub2",),
    formula="out = in − other",
    use="For differences: of two frames of a film, or of an estimate and what is wanted.",
    mistakes=("The order counts: what is taken away goes to the second port.",),
)
class Subtract(Two):
    """Takes the second input away from the first, number by number."""

    INPUTS = (Port("in", "From what is taken away."), Port("other", "What is taken away."))
    CODE = "{in} - {other}"

    def infer(self, x: TensorSpec, other: TensorSpec) -> TensorSpec:
        need_numbers(x)
        need_numbers(other, "other")
        return super().infer(x, other)


@layer(
    "Divide",
    category="arithmetic",
    title="Divide",
    synonyms=("div", "quotient", "ratio", "over"),
    console=("Div2",),
    formula="out = in / other",
    use="To bring numbers into proportion, for example to divide by a sum that another branch "
    "computes.",
    mistakes=(
        "A divisor near 0 makes numbers explode; add a small number to it first, such as 1e-6.",
    ),
)
class Divide(Two):
    """Divides the first input by the second, number by number."""

    INPUTS = (Port("in", "What is divided."), Port("other", "By what it is divided."))
    CODE = "{in} / {other}"

    def infer(self, x: TensorSpec, other: TensorSpec) -> TensorSpec:
        return TensorSpec(super().infer(x, other).sizes)


@layer(
    "Pow",
    category="arithmetic",
    title="Power",
    synonyms=("exponent", "to the power of", "**"),
    console=("Pow2",),
    formula="out = in ^ other",
    use="Where the exponent is computed or learned, as in generalized mean pooling.",
    mistakes=(
        "A negative number to a fractional power has no value (nan); make the first input "
        "positive, for example with a Softplus.",
        "For a fixed exponent take a Power with a number.",
    ),
)
class Pow(Two):
    """Raises the first input to the power of the second, number by number."""

    INPUTS = (Port("in", "The base."), Port("other", "The exponent."))
    CODE = "{in} ** {other}"

    def infer(self, x: TensorSpec, other: TensorSpec) -> TensorSpec:
        need_float(x)
        need_numbers(other, "other")
        return super().infer(x, other)


@layer(
    "Remainder",
    category="arithmetic",
    title="Remainder",
    synonyms=("mod", "modulo", "%", "wrap"),
    formula="out = in − other · ⌊in / other⌋",
    use="To wrap numbers around, for example angles into one turn.",
    mistakes=("The result has the sign of the divisor; a divisor of 0 gives no value (nan).",),
)
class Remainder(Two):
    """What is left of the first input after division by the second, number by number."""

    INPUTS = (Port("in", "What is divided."), Port("other", "By what it is divided."))
    CODE = "{in} % {other}"

    def infer(self, x: TensorSpec, other: TensorSpec) -> TensorSpec:
        # Whole numbers would stop the program where the divisor is 0.
        need_float(x)
        return super().infer(x, other)


@layer(
    "Atan2",
    category="arithmetic",
    title="Angle of a direction",
    synonyms=("atan2", "arctan2", "arc tangent", "phase"),
    console=("ATan2",),
    formula="out = the angle of the point (other, in), from −π to π",
    use="To get a direction from its two parts: of a gradient, or the phase of a complex number.",
    mistakes=("The vertical part comes first: it is the angle of (x = other, y = in).",),
)
class Atan2(Two):
    """The angle of the point whose height is the first input and whose width is the second."""

    INPUTS = (Port("in", "The vertical part (y)."), Port("other", "The horizontal part (x)."))
    CODE = "torch.atan2({in}, {other})"

    def infer(self, x: TensorSpec, other: TensorSpec) -> TensorSpec:
        need_float(x)
        need_float(other, "other")
        return super().infer(x, other)


@layer(
    "MatMul",
    category="arithmetic",
    title="Matrix product",
    synonyms=("matmul", "batch matmul", "bmm", "dot", "@", "inner product"),
    console=("BatchMatmul",),
    formula="out[i, j] = Σ over k of in[i, k] · other[k, j]",
    use="For attention (queries times keys) and wherever every row meets every column.",
    mistakes=(
        "For rows with rows, as queries and keys have them, switch on that the second is "
        "transposed.",
        "It multiplies matrices; to multiply number by number take a Multiply.",
    ),
)
class MatMul(Layer):
    """The product of two matrices, which are the last two axes of the inputs."""

    STRICTER_THAN_TORCH = LINES_UP

    INPUTS = (Port("in", "The left matrices."), Port("other", "The right matrices."))

    transpose_in: bool = param(
        default=False,
        label="First transposed",
        help="Whether rows and columns of the first input change places.",
    )
    transpose_other: bool = param(
        default=False,
        label="Second transposed",
        help="Whether rows and columns of the second input change places.",
    )

    def _matrices(self, x: TensorSpec, other: TensorSpec) -> tuple[int, int, int]:
        """Rows, the size of what is summed over, columns."""
        rows, inner = x.sizes[-2:]
        if self.transpose_in:
            rows, inner = inner, rows
        inner_other, columns = other.sizes[-2:]
        if self.transpose_other:
            inner_other, columns = columns, inner_other
        if inner != inner_other:
            raise ShapeError(
                f"needs as many columns on the left as rows on the right, but {x} gives "
                f"{int(inner)} columns and {other} gives {int(inner_other)} rows",
                port="other",
            )
        return rows, inner, columns

    def infer(self, x: TensorSpec, other: TensorSpec) -> TensorSpec:
        need_float(x)
        need_float(other, "other")
        if x.rank < 2:
            raise ShapeError(f"multiplies matrices (rows × columns), but receives {x}", port="in")
        if other.rank != x.rank:
            raise ShapeError(
                f"needs matrices with as many axes as the left ones ({x}), but receives {other}",
                port="other",
            )
        rows, _, columns = self._matrices(x, other)
        before = [TensorSpec(one.sizes[:-2]) for one in (x, other)]
        return TensorSpec((*aligned(before, ("in", "other")), rows, columns))

    def multiply_adds(self, x: TensorSpec, other: TensorSpec) -> int:
        _, inner, _ = self._matrices(x, other)
        return product(self.infer(x, other).sizes) * inner

    def emit(self, x: TensorSpec, other: TensorSpec) -> Emission:
        left = "{in}.mT" if self.transpose_in else "{in}"
        right = "{other}.mT" if self.transpose_other else "{other}"
        return call(f"{left} @ {right}")

    def window(self, x: TensorSpec, other: TensorSpec) -> None:
        return None

    def summary(self) -> str:
        left = "Aᵀ" if self.transpose_in else "A"
        right = "Bᵀ" if self.transpose_other else "B"
        return f"{left} · {right}"
