"""Diagonals of matrices, order of numbers, classes as vectors."""

from graph.declare import param
from graph.layer import MIXES_SAMPLES, Emission, Layer, Port, axis_index, call, layer
from graph.shapes import ShapeError, TensorSpec
from graph.trace import smallest


@layer(
    "Sort",
    category="shape",
    title="Sort",
    synonyms=("order", "rank", "argsort"),
    console=("Sort",),
    formula="out[1] ≤ out[2] ≤ … along the axis",
    use="Brings numbers into their order along one axis, for instance to pool by rank.",
    mistakes=(
        "What stood where is lost in the sorted numbers; the port “indices” still knows it.",
    ),
)
class Sort(Layer):
    """Puts the numbers along one axis into their order."""

    STRICTER_THAN_TORCH = MIXES_SAMPLES
    OUTPUTS = (
        Port("out", "The numbers in their order."),
        Port("indices", "Where each of them stood before, counted from 0."),
    )

    dim: int = param(default=-1, label="Axis", help="The axis to sort along, as torch counts.")
    descending: bool = param(default=False, help="Start with the largest number.")

    def infer(self, x: TensorSpec) -> tuple[TensorSpec, ...]:
        axis_index(self.dim, x)
        return x, TensorSpec(x.sizes, "integer")

    def window(self, x: TensorSpec) -> None:
        return None

    def emit(self, x: TensorSpec) -> Emission:
        return Emission(
            "torch.sort({in}, dim={dim}, descending={descending})",
            targets="{out}, {indices}",
            values={"dim": self.dim, "descending": self.descending},
        )


@layer(
    "MatrixDiag",
    category="shape",
    title="Diagonal matrix",
    synonyms=("diag embed", "diagonal"),
    console=("MatrixDiag",),
    formula="out[…, i, j] = in[…, i] where i = j, else 0",
    use="Makes a matrix of a vector, so that matrix products scale each axis by itself.",
    mistakes=("The matrix has as many numbers as the square of the vector's length.",),
)
class MatrixDiag(Layer):
    """Writes the numbers of the last axis onto the diagonal of a matrix of zeros."""

    STRICTER_THAN_TORCH = MIXES_SAMPLES

    def infer(self, x: TensorSpec) -> TensorSpec:
        if not x.sizes:
            raise ShapeError("needs a vector at least, but receives one number", port="in")
        return x.with_sizes(*x.sizes, x.sizes[-1])

    def window(self, x: TensorSpec) -> None:
        return None

    def emit(self, x: TensorSpec) -> Emission:
        return call("torch.diag_embed({in})")


@layer(
    "MatrixDiagPart",
    category="shape",
    title="Diagonal of a matrix",
    synonyms=("diagonal", "diag part"),
    console=("MatrixDiagPart",),
    formula="out[…, i] = in[…, i, i]",
    use="Takes the diagonal out of a matrix, such as the variances out of a covariance.",
    mistakes=("Of a matrix that is not square, only as much as the shorter axis is long is left.",),
)
class MatrixDiagPart(Layer):
    """Takes the numbers on the diagonal of the last two axes."""

    STRICTER_THAN_TORCH = MIXES_SAMPLES

    def infer(self, x: TensorSpec) -> TensorSpec:
        if x.rank < 2:
            raise ShapeError(
                f"needs a matrix (rows × columns) at least, but receives {x}", port="in"
            )
        *others, rows, columns = x.sizes
        return x.with_sizes(*others, smallest(rows, columns))

    def window(self, x: TensorSpec) -> None:
        return None

    def emit(self, x: TensorSpec) -> Emission:
        return call("torch.diagonal({in}, dim1=-2, dim2=-1)")


@layer(
    "OneHot",
    category="shape",
    title="One-hot",
    synonyms=("categoryencoding", "to categorical", "dummy variables"),
    console=("OneHot",),
    formula="out[…, c] = 1 where c = in[…], else 0",
    use="Turns whole numbers that name classes into vectors that other layers can compute with.",
    mistakes=("Numbers below 0 or from the number of classes on stop the computation.",),
)
class OneHot(Layer):
    """Writes each class as a vector with a single 1 at its place."""

    num_classes: int = param(
        default=10, min=1, label="Classes", help="Number of classes, which are counted from 0."
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        if x.dtype != "integer":
            raise ShapeError(
                f"expects whole numbers that name classes, but receives {x.dtype} values of size "
                f"{x}",
                port="in",
            )
        return TensorSpec((*x.sizes, self.num_classes))

    def emit(self, x: TensorSpec) -> Emission:
        return call(
            "nn.functional.one_hot({in}, {num_classes}).float()", num_classes=self.num_classes
        )

    def summary(self) -> str:
        return f"{int(self.num_classes)} classes"
