"""How alike vectors are: dot products, angles and distances of two inputs."""

from graph.declare import declare, param
from graph.layer import (
    MIXES_SAMPLES,
    Constructor,
    Emission,
    Layer,
    Port,
    axis_index,
    call,
    changed,
    layer,
    need_float,
)
from graph.layers.arithmetic import LINES_UP, aligned
from graph.layers.reduction import without_axes
from graph.shapes import ShapeError, TensorSpec

INPUTS = (Port("in", "The first vectors."), Port("other", "The second vectors."))


def aligned_vectors(x: TensorSpec, other: TensorSpec) -> TensorSpec:
    """The size of both inputs, brought together."""
    need_float(x)
    need_float(other, "other")
    return TensorSpec(aligned((x, other), ("in", "other")))


@declare
class _AlongAxis(Layer):
    """One number for every pair of vectors along an axis."""

    INPUTS = INPUTS
    STRICTER_THAN_TORCH = f"{LINES_UP}; {MIXES_SAMPLES}"

    dim: int = param(
        default=1,
        label="Axis",
        help="The axis along which the vectors lie, as torch counts (0 is the batch).",
    )

    def infer(self, x: TensorSpec, other: TensorSpec) -> TensorSpec:
        both = aligned_vectors(x, other)
        return TensorSpec(without_axes(both, [axis_index(self.dim, both)], keepdim=False))

    def summary(self) -> str:
        return f"along axis {int(self.dim)}"


@layer(
    "Dot",
    category="arithmetic",
    title="Dot product",
    synonyms=("inner product", "scalar product", "vecdot", "score"),
    formula="out = Σ over i along dim of in[i] · other[i]",
    use="To score how well two vectors fit, as users and films in a recommender.",
    mistakes=(
        "Long vectors get large scores; where only the direction counts, take a Cosine similarity.",
        "It compares vectors in pairs; for every row with every column take a Matrix product.",
    ),
)
class Dot(_AlongAxis):
    """Multiplies two vectors number by number and adds up the products."""

    def emit(self, x: TensorSpec, other: TensorSpec) -> Emission:
        return call("({in} * {other}).sum(dim={dim})", dim=self.dim)


@layer(
    "CosineSimilarity",
    category="arithmetic",
    title="Cosine similarity",
    synonyms=("cosine", "angle", "siamese", "alike"),
    formula="out = Σ in · other / max(√(Σ in²) · √(Σ other²), eps), the sums along dim",
    use="To compare what two branches made of two images or texts, whatever the length of their "
    "vectors (siamese networks, retrieval).",
    mistakes=(
        "It lies between −1 and 1, which is too little for a softmax; multiply it by 10 or more "
        "first.",
    ),
)
class CosineSimilarity(_AlongAxis):
    """How well two vectors agree in direction: 1 for the same, 0 for a right angle, −1 opposite."""

    eps: float = param(
        default=1e-8, above=0, label="Epsilon", help="Keeps the divisor from 0.", advanced=True
    )

    def emit(self, x: TensorSpec, other: TensorSpec) -> Emission:
        settings = changed(dim=(self.dim, 1), eps=(self.eps, 1e-8))
        constructor = Constructor("nn.CosineSimilarity", (), settings)
        return Emission("{module}({in}, {other})", constructor)


@layer(
    "PairwiseDistance",
    category="arithmetic",
    title="Distance",
    synonyms=("euclidean distance", "siamese", "metric", "l2 distance", "manhattan"),
    formula="out = (Σ over i along the last axis of |in[i] − other[i] + eps|^p)^(1/p)",
    use="To compare what two branches made of two images, for example to tell whether two faces "
    "are of one person.",
    mistakes=(
        "A small distance means alike: for a score where more is better, turn its sign.",
        "It measures along the last axis; Flatten maps before, or they are compared row by row.",
    ),
)
class PairwiseDistance(Layer):
    """How far two vectors, which lie along the last axis, are from each other."""

    INPUTS = INPUTS
    STRICTER_THAN_TORCH = f"{LINES_UP}; {MIXES_SAMPLES}"

    p: float = param(
        default=2.0,
        min=1,
        label="Kind",
        help="2 for the straight line, 1 for the sum of the differences along every axis.",
    )
    eps: float = param(
        default=1e-6,
        min=0,
        label="Epsilon",
        help="Added to every difference, so that the slope is defined where vectors are equal.",
        advanced=True,
    )
    keepdim: bool = param(
        default=False, label="Keep axis", help="Whether the last axis stays with size 1."
    )

    def infer(self, x: TensorSpec, other: TensorSpec) -> TensorSpec:
        both = aligned_vectors(x, other)
        if both.rank == 0:
            raise ShapeError("compares vectors, but receives one number for every sample")
        return TensorSpec(without_axes(both, [both.rank - 1], self.keepdim))

    def emit(self, x: TensorSpec, other: TensorSpec) -> Emission:
        settings = changed(p=(self.p, 2.0), eps=(self.eps, 1e-6), keepdim=(self.keepdim, False))
        constructor = Constructor("nn.PairwiseDistance", (), settings)
        return Emission("{module}({in}, {other})", constructor)

    def summary(self) -> str:
        return f"p = {float(self.p):g}"
