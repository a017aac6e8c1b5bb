"""Layers in which every output sees every input."""

from graph.declare import param
from graph.layer import Emission, Layer, Port, changed, layer, module, need_float
from graph.shapes import InsertBefore, SetArgument, ShapeError, TensorSpec, product


@layer(
    "Linear",
    category="linear",
    title="Linear",
    synonyms=("dense", "fully connected", "affine", "fc", "perceptron"),
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

    def summary(self) -> str:
        return f"{int(self.out_features)} outputs"


@layer(
    "Embedding",
    category="linear",
    title="Embedding",
    synonyms=("embed", "lookup table", "word vectors"),
)
class Embedding(Layer):
    """Looks up a learned vector for every whole number, such as the index of a word."""

    INPUTS = (Port("in", "Whole numbers from 0 to num_embeddings - 1."),)

    num_embeddings: int = param(
        default=1000, min=1, label="Entries", help="How many different numbers may come in."
    )
    embedding_dim: int = param(default=16, min=1, label="Length", help="Length of each vector.")

    def infer(self, x: TensorSpec) -> TensorSpec:
        if x.dtype != "integer":
            raise ShapeError(
                f"needs whole numbers to look up, but receives {x.dtype} values of size {x}; set "
                f"the input's values to integer",
                port="in",
            )
        return TensorSpec((*x.sizes, self.embedding_dim))

    def weights(self, x: TensorSpec) -> dict[str, tuple[int, ...]]:
        return {"weight": (self.num_embeddings, self.embedding_dim)}

    def emit(self, x: TensorSpec) -> Emission:
        return module("nn.Embedding", self.num_embeddings, self.embedding_dim)

    def summary(self) -> str:
        return f"{int(self.num_embeddings)} vectors of {int(self.embedding_dim)}"
