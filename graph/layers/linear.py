"""Layers in which every output sees every input."""

from graph.declare import param
from graph.layer import (
    Constructor,
    Emission,
    Layer,
    Port,
    Window,
    changed,
    layer,
    module,
    need_float,
)
from graph.shapes import InsertBefore, SetArgument, ShapeError, TensorSpec, product


@layer(
    "Linear",
    category="linear",
    title="Linear",
    synonyms=("dense", "fully connected", "affine", "fc", "perceptron", "timedistributed"),
    console=("Affine",),
    formula="out[o] = bias[o] + Σ over i of weight[o, i] · in[i]",
    use="At the end of a network, where features become answers; and as the layers of a network "
    "for tables.",
    mistakes=(
        "After a large image it has far more weights than all convolutions together; pool first.",
        "Two of them without an activation between are no more than one.",
        "The last one of a classifier gives scores, not probabilities; the loss expects just that.",
    ),
)
class Linear(Layer):
    """Every output is a weighted sum of all inputs, plus a learned number."""

    STRICTER_THAN_TORCH = (
        "torch applies a Linear to the last axis of anything, which silently does the wrong thing "
        "when a Flatten was forgotten; here that has to be asked for with each_position"
    )

    out_features: int = param(default=10, min=1, label="Outputs", help="Number of outputs.")
    bias: bool = param(default=True, help="Add a learned number to each output.")
    each_position: bool = param(
        default=False,
        advanced=True,
        help="Apply the same weights at every position of a sequence or image, to its last axis.",
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        if x.rank == 0 or (x.rank != 1 and not self.each_position):
            raise ShapeError(
                f"needs a vector, but receives {x}: a linear layer takes one row of numbers per "
                f"sample",
                port="in",
                repairs=[]
                if x.rank == 0
                else [InsertBefore("Flatten"), SetArgument("each_position", True)],
            )
        return TensorSpec((*x.sizes[:-1], self.out_features))

    def weights(self, x: TensorSpec) -> dict[str, tuple[int, ...]]:
        weight = {"weight": (self.out_features, x.sizes[-1])}
        return weight | ({"bias": (self.out_features,)} if self.bias else {})

    def multiply_adds(self, x: TensorSpec) -> int:
        return product((*x.sizes, self.out_features))

    def emit(self, x: TensorSpec) -> Emission:
        return module(
            "nn.Linear", x.sizes[-1], self.out_features, **changed(bias=(self.bias, True))
        )

    def window(self, x: TensorSpec) -> Window | None:
        # Also with each_position all along the last axis is mixed.
        return None

    def summary(self) -> str:
        return f"{int(self.out_features)} outputs"


@layer(
    "Bilinear",
    category="linear",
    title="Bilinear",
    synonyms=("second order", "interaction", "pairwise", "similarity", "two inputs"),
    formula="out[o] = bias[o] + Σ over i, j of in[i] · weight[o, i, j] · other[j]",
    use="To relate two vectors, such as a question and an answer, an image and a text.",
    mistakes=(
        "It has outputs × left × right weights, so make both vectors short first.",
        "Without activations and other layers around it, it cannot tell which vector alone counts; "
        "add a Linear beside it for that.",
    ),
)
class Bilinear(Layer):
    """Every output is a weighted sum of all products of one number from each of two vectors."""

    INPUTS = (Port("in", "The left vector."), Port("other", "The right vector."))

    out_features: int = param(default=10, min=1, label="Outputs", help="Number of outputs.")
    bias: bool = param(default=True, help="Add a learned number to each output.")

    def infer(self, x: TensorSpec, other: TensorSpec) -> TensorSpec:
        need_float(x)
        need_float(other, "other")
        if x.rank == 0:
            raise ShapeError(f"needs a vector, but receives {x}", port="in")
        if other.rank == 0 or other.rank != x.rank or other.sizes[:-1] != x.sizes[:-1]:
            raise ShapeError(
                f"needs as many vectors as on the left ({x}; only their length may differ), but "
                f"receives {other}",
                port="other",
            )
        return TensorSpec((*x.sizes[:-1], self.out_features))

    def weights(self, x: TensorSpec, other: TensorSpec) -> dict[str, tuple[int, ...]]:
        weight = {"weight": (self.out_features, x.sizes[-1], other.sizes[-1])}
        return weight | ({"bias": (self.out_features,)} if self.bias else {})

    def multiply_adds(self, x: TensorSpec, other: TensorSpec) -> int:
        return product((*x.sizes, other.sizes[-1], self.out_features))

    def window(self, x: TensorSpec, other: TensorSpec) -> Window | None:
        return None

    def emit(self, x: TensorSpec, other: TensorSpec) -> Emission:
        sizes = (x.sizes[-1], other.sizes[-1], self.out_features)
        keywords = changed(bias=(self.bias, True))
        return Emission("{module}({in}, {other})", Constructor("nn.Bilinear", sizes, keywords))

    def summary(self) -> str:
        return f"{int(self.out_features)} outputs"
