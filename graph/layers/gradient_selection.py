"""What keeps only some numbers, or only some gradients: the largest ones of every sample."""

from graph.declare import declare, param
from graph.layer import Emission, Layer, call, changed, layer, need_float
from graph.shapes import SetArgument, ShapeError, TensorSpec, product


def need_axes(x: TensorSpec) -> None:
    """Refuse one number for every sample, of which nothing can be chosen."""
    need_float(x)
    if x.rank == 0:
        raise ShapeError(
            "chooses among the numbers of a sample, but receives one number for every sample",
            port="in",
        )


@declare
class _TopK(Layer):
    """Chooses the `k` largest numbers of every sample."""

    k: int = param(default=1, min=1, label="How many", help="How many numbers are kept.")
    absolute: bool = param(
        default=False,
        label="By size",
        help="Whether the sign is left aside, so that −5 counts as larger than 3.",
    )
    start_dim: int = param(
        default=1,
        min=1,
        label="From axis",
        help="The numbers compete along this axis and all behind it, as torch counts: 1 for the "
        "whole sample, 2 for each channel by itself.",
        advanced=True,
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_axes(x)
        if self.start_dim > x.rank:
            raise ShapeError(
                f"axis {int(self.start_dim)} does not exist in an input of size {x}; legal are 1 "
                f"to {x.rank}",
                port="in",
                repairs=[SetArgument("start_dim", x.rank)],
            )
        count = product(x.sizes[self.start_dim - 1 :])
        if self.k > count:
            raise ShapeError(
                f"keeps {int(self.k)} numbers, but there are only {int(count)} to choose from (it "
                f"receives {x})",
                port="in",
                repairs=[SetArgument("k", int(count))],
            )
        return x

    def window(self, x: TensorSpec) -> None:
        return None

    def called(self, function: str) -> Emission:
        """The call of a function that takes these settings."""
        given = changed(start_dim=(self.start_dim, 1), absolute=(self.absolute, False))
        others = "".join(f", {name}={{{name}}}" for name in given)
        return Emission(f"{function}({{in}}, k={{k}}{others})", values={"k": self.k, **given})

    def summary(self) -> str:
        return f"{int(self.k)} largest{' by size' if self.absolute else ''}"


@layer(
    "TopKData",
    category="gradient",
    title="Keep the largest numbers",
    synonyms=("top k", "sparse", "k-winners", "winner takes all", "k-sparse"),
    console=("TopKData",),
    formula="out = in where it is among the k largest, else 0",
    use="For sparse codes: only the strongest units of every sample speak (k-sparse autoencoder).",
    mistakes=(
        "Units that never win never learn; begin with a larger k.",
        "With a strong sparsity negative numbers may win; put a ReLU before, or choose by size.",
    ),
)
class TopKData(_TopK):
    """Keeps the largest numbers of every sample and makes all others 0."""

    reduce: bool = param(
        default=False,
        label="Only these",
        help="Whether only the chosen numbers come out, the largest first.",
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        super().infer(x)
        if not self.reduce:
            return x
        return x.with_sizes(*x.sizes[: self.start_dim - 1], self.k)

    def emit(self, x: TensorSpec) -> Emission:
        return self.called("top_k_values" if self.reduce else "keep_top_k")


@layer(
    "TopKGrad",
    category="gradient",
    title="Keep the largest gradients",
    synonyms=("top k gradient", "sparse gradient", "meprop"),
    console=("TopKGrad",),
    formula="out = in; gradient = gradient where it is among the k largest, else 0",
    use="To learn only from the strongest gradients of every sample, which is cheaper to send and "
    "sometimes learns better (meProp).",
    mistakes=(
        "Strongly negative gradients are lost unless it chooses by size; mostly that is wanted.",
    ),
)
class TopKGrad(_TopK):
    """Passes its input on, and keeps only the largest gradients of every sample."""

    STRICTER_THAN_TORCH = "forward any size passes; torch would complain only in the backward pass"

    def emit(self, x: TensorSpec) -> Emission:
        return self.called("keep_top_k_gradients")


@layer(
    "Prune",
    category="gradient",
    title="Drop the smallest numbers",
    synonyms=("pruning", "sparse", "compress"),
    console=("Prune",),
    formula="out = 0 where |in| < q, else in, where the share rate of all |in| lies below q; the "
    "gradient passes unchanged",
    use="To train a network so that it works without its smallest numbers, which then need not be "
    "computed or stored.",
    mistakes=(
        "It drops the same share from every sample, also where all numbers matter; raise the rate "
        "in small steps.",
    ),
)
class Prune(Layer):
    """Makes a share of the numbers 0, the smallest by size, while all of them go on learning."""

    rate: float = param(
        default=0.5, min=0, max=1, label="Share", help="Which share of the numbers becomes 0."
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_axes(x)
        return x

    def window(self, x: TensorSpec) -> None:
        return None

    def emit(self, x: TensorSpec) -> Emission:
        return call("prune({in}, {rate})", rate=self.rate)

    def summary(self) -> str:
        return f"{float(self.rate):.0%} dropped"
