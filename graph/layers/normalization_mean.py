"""Centring of data around their own mean, without scaling."""

from graph.declare import param
from graph.layer import Emission, Layer, changed, layer, module, need_float
from graph.shapes import SetArgument, ShapeError, TensorSpec


@layer(
    "MeanSubtraction",
    category="normalization",
    title="Subtract the mean",
    synonyms=("centre", "center", "zero mean", "mean image", "preprocessing"),
    console=("MeanSubtraction",),
    formula="out = in − mean, with the mean of all batches that were seen while training",
    use="Behind the input, where data are not centred around 0; it finds their mean itself.",
    mistakes=(
        "In the first steps the mean is still rough; freeze it once it is found.",
        "It does not scale; take a batch normalization without “Affine” where that is wanted.",
    ),
)
class MeanSubtraction(Layer):
    """Subtracts the mean of everything that it has seen while training."""

    STRICTER_THAN_TORCH = "the batch is always averaged, and something must be left behind it"

    start_dim: int = param(
        default=1,
        min=1,
        label="From axis",
        help="The mean has this axis and all behind it, as torch counts: 1 for one mean at every "
        "place of the sample, 2 for one that all channels share.",
        advanced=True,
    )
    update_running_mean: bool = param(
        default=True,
        label="Go on averaging",
        help="Whether training still changes the mean.",
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        if self.start_dim > x.rank:
            raise ShapeError(
                f"axis {int(self.start_dim)} does not exist in an input of size {x}; legal are 1 "
                f"to {x.rank}",
                port="in",
                repairs=[SetArgument("start_dim", x.rank)] if x.rank else [],
            )
        return x

    def emit(self, x: TensorSpec) -> Emission:
        size = x.sizes[self.start_dim - 1 :]
        return module(
            "MeanSubtraction", size, **changed(update_running_mean=(self.update_running_mean, True))
        )

    def summary(self) -> str:
        return "" if self.update_running_mean else "fixed"
