"""Learned vectors for whole numbers: words, categories, places."""

from typing import Any, Literal

from graph.declare import declare, param
from graph.layer import Emission, Layer, Port, changed, layer, module
from graph.shapes import SetArgument, ShapeError, TensorSpec

TOO_LARGE = (
    "Numbers run from 0 to Entries − 1; a larger one stops the run, so count also the sign for "
    "unknown words."
)


@declare
class _Table(Layer):
    """A learned table that is asked by row."""

    INPUTS = (Port("in", "Whole numbers from 0 to num_embeddings - 1."),)

    num_embeddings: int = param(
        default=1000, min=1, label="Entries", help="How many different numbers may come in."
    )
    embedding_dim: int = param(default=16, min=1, label="Length", help="Length of each vector.")
    padding_idx: int | None = param(
        default=None,
        label="Filler",
        help="The number that only fills up: its vector starts as 0 and is never learned.",
    )
    max_norm: float | None = param(
        default=None,
        above=0,
        advanced=True,
        label="Longest",
        help="Vectors that grow longer than this are shortened to it; nothing leaves them.",
    )
    norm_type: float = param(
        default=2.0,
        above=0,
        advanced=True,
        label="Power of the length",
        help="How the length is measured for that: 2 is the ordinary one.",
    )
    scale_grad_by_freq: bool = param(
        default=False,
        advanced=True,
        label="Weigh by frequency",
        help="Learn less from a number the more often it occurs in the batch.",
    )

    def need_indices(self, x: TensorSpec) -> None:
        """Refuse decimal numbers, and a filler that is not in the table."""
        if x.dtype != "integer":
            raise ShapeError(
                f"needs whole numbers to look up, but receives {x.dtype} values of size {x}; set "
                f"the input's values to integer",
                port="in",
            )
        count = self.num_embeddings
        if self.padding_idx is not None and not -count <= self.padding_idx < count:
            raise ShapeError(
                f"the filler {int(self.padding_idx)} is not in the table of {int(count)} entries; "
                f"legal are 0 to {int(count) - 1}, or -1 for the last",
                repairs=[SetArgument("padding_idx", 0), SetArgument("padding_idx", None)],
            )

    def weights(self, x: TensorSpec) -> dict[str, tuple[int, ...]]:
        return {"weight": (self.num_embeddings, self.embedding_dim)}

    def keywords(self) -> dict[str, Any]:
        """What is not as usual."""
        return changed(
            padding_idx=(self.padding_idx, None),
            max_norm=(self.max_norm, None),
            norm_type=(self.norm_type, 2.0),
            scale_grad_by_freq=(self.scale_grad_by_freq, False),
        )

    def emit(self, x: TensorSpec) -> Emission:
        return module(f"nn.{self.NAME}", self.num_embeddings, self.embedding_dim, **self.keywords())

    def summary(self) -> str:
        return f"{int(self.num_embeddings)} vectors of {int(self.embedding_dim)}"


@layer(
    "Embedding",
    category="linear",
    title="Embedding",
    synonyms=("embed", "lookup table", "word vectors", "token"),
    console=("Embed",),
    formula="out[t] = weight[in[t]]",
    use="As the first layer for text and categories: similar words get similar vectors.",
    mistakes=(
        TOO_LARGE,
        "It takes whole numbers: set the values of the Input to integer, or put a Cast before it.",
    ),
)
class Embedding(_Table):
    """Looks up a learned vector for every whole number, such as the index of a word."""

    def infer(self, x: TensorSpec) -> TensorSpec:
        self.need_indices(x)
        return TensorSpec((*x.sizes, self.embedding_dim))


@layer(
    "EmbeddingBag",
    category="linear",
    title="Embedding of a set",
    synonyms=("bag of words", "mean of words", "fasttext", "lookup table"),
    formula="out = mean over t of weight[in[t]] (or their sum, or the largest of each place)",
    use="To classify short texts fast: the mean of the word vectors says what they are about.",
    mistakes=(
        TOO_LARGE,
        "The order of words is lost; where it matters take an Embedding and a recurrent layer.",
    ),
)
class EmbeddingBag(_Table):
    """Looks up a learned vector for every whole number of a list and takes their mean."""

    mode: Literal["mean", "sum", "max"] = param(
        default="mean", label="Together", help="How the vectors of a list become one."
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        self.need_indices(x)
        if x.rank != 1:
            raise ShapeError(f"expects a list of whole numbers, but receives {x}", port="in")
        if self.mode == "max" and self.scale_grad_by_freq:
            raise ShapeError(
                "weighing by frequency does not work with the largest of each place",
                repairs=[SetArgument("scale_grad_by_freq", False), SetArgument("mode", "mean")],
            )
        return TensorSpec((self.embedding_dim,))

    def keywords(self) -> dict[str, Any]:
        return changed(mode=(self.mode, "mean")) | super().keywords()

    def summary(self) -> str:
        return f"{self.mode} of {int(self.num_embeddings)} vectors of {int(self.embedding_dim)}"
