"""Functions of square matrices, which are the last two axes of the input."""

from typing import ClassVar

from graph.layer import Emission, Layer, call, layer, need_float
from graph.shapes import ShapeError, TensorSpec


class _Square(Layer):
    """A function of square matrices, as the expression `CODE`."""

    CODE: ClassVar[str] = ""

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        if x.rank < 2 or x.sizes[-1] != x.sizes[-2]:
            raise ShapeError(
                f"needs square matrices (as many rows as columns) as its last two axes, but "
                f"receives {x}",
                port="in",
            )
        return x

    def window(self, x: TensorSpec) -> None:
        return None

    def emit(self, x: TensorSpec) -> Emission:
        return call(self.CODE)


class _OneNumber(_Square):
    """A number for every matrix."""

    def infer(self, x: TensorSpec) -> TensorSpec:
        return x.with_sizes(*super().infer(x).sizes[:-2])


SINGULAR = (
    "A matrix with rows that depend on each other has no inverse, and the program stops there; "
    "add a small multiple of the unit matrix before."
)


@layer(
    "Inverse",
    category="mathematics",
    title="Inverse of a matrix",
    synonyms=("batchinv", "inv", "matrix inverse"),
    console=("BatchInv",),
    formula="out · in = the unit matrix",
    use="To undo a linear map, and in whitening and Gaussian models.",
    mistakes=(SINGULAR, "For 1 divided by every number take a Reciprocal."),
)
class Inverse(_Square):
    """The matrix that undoes a square matrix."""

    CODE = "torch.linalg.inv({in})"


@layer(
    "Determinant",
    category="mathematics",
    title="Determinant of a matrix",
    synonyms=("batchdet", "det", "volume"),
    console=("BatchDet",),
    formula="out = det(in)",
    use="To measure by how much a linear map stretches volumes; 0 where it flattens them.",
    mistakes=("Of large matrices it becomes 0 or infinite; take the Logarithm of a determinant.",),
)
class Determinant(_OneNumber):
    """By how much a square matrix stretches volumes, with a sign."""

    CODE = "torch.linalg.det({in})"


@layer(
    "LogDeterminant",
    category="mathematics",
    title="Logarithm of a determinant",
    synonyms=("batchlogdet", "logdet", "slogdet"),
    console=("BatchLogdet",),
    formula="out = log(|det(in)|)",
    use="For flows and Gaussian models, whose likelihood holds the logarithm of a volume.",
    mistakes=("The sign is dropped; where it matters, take a Determinant of a matrix.",),
)
class LogDeterminant(_OneNumber):
    """The logarithm of the absolute value of the determinant, computed without overflow."""

    CODE = "torch.linalg.slogdet({in}).logabsdet"


@layer(
    "Trace",
    category="mathematics",
    title="Trace of a matrix",
    synonyms=("diagonal sum",),
    formula="out = Σ over i of in[i, i]",
    use="To add up what every row gives to itself, as in the distance of two Gaussians.",
    mistakes=("Only the diagonal counts; for the sum of everything take a Sum.",),
)
class Trace(_OneNumber):
    """The sum of the numbers on the diagonal of a square matrix."""

    STRICTER_THAN_TORCH = (
        "torch would also take the batch for the rows of a matrix, and matrices that are not square"
    )
    CODE = "{in}.diagonal(dim1=-2, dim2=-1).sum(dim=-1)"
