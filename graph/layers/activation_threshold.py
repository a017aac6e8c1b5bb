"""Activations that cut numbers off: to a range, to zero near zero, or to a fixed value."""

from graph.declare import param
from graph.layer import Emission, layer, module, need_float
from graph.layers.activation import Elementwise, WithSettings
from graph.shapes import SetArgument, ShapeError, TensorSpec


@layer(
    "Hardtanh",
    category="activation",
    title="Hard tanh",
    synonyms=("clip", "clamp", "limit", "hard_tanh"),
    console=("HardTanh",),
    formula="out = min(max(min_val, in), max_val)",
    use="To keep numbers in a range cheaply, and in networks with binary weights.",
    mistakes=(
        "Outside of the range nothing is learned, since the slope is 0 there; widen the range or "
        "normalize before.",
    ),
)
class Hardtanh(WithSettings):
    """Passes numbers within a range on and cuts off what lies outside."""

    min_val: float = param(default=-1.0, label="Lowest", help="Smaller numbers become this one.")
    max_val: float = param(default=1.0, label="Highest", help="Larger numbers become this one.")

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        if self.min_val >= self.max_val:
            raise ShapeError(
                f"the lowest value ({float(self.min_val):g}) must be smaller than the highest "
                f"({float(self.max_val):g})",
                repairs=[SetArgument("min_val", float(self.max_val) - 1)],
            )
        return x

    def summary(self) -> str:
        return f"{float(self.min_val):g} to {float(self.max_val):g}"


@layer(
    "Hardshrink",
    category="activation",
    title="Hard shrink",
    synonyms=("hard threshold", "sparse", "hard_shrink"),
    formula="out = in if |in| > lambd, else 0",
    use="For sparse codes and denoising, where small numbers are noise.",
    mistakes=("With a large lambd everything becomes 0; start with a small one.",),
)
class Hardshrink(WithSettings):
    """Makes small numbers zero, whatever their sign, and keeps the others as they are."""

    lambd: float = param(
        default=0.5, min=0, label="Bound", help="Numbers up to this distance from 0 become 0."
    )

    def summary(self) -> str:
        return f"within ±{float(self.lambd):g}"


@layer(
    "Softshrink",
    category="activation",
    title="Soft shrink",
    synonyms=("soft threshold", "sparse", "soft_shrink"),
    formula="out = in − lambd if in > lambd, in + lambd if in < −lambd, else 0",
    use="For sparse codes and denoising: a step of solving for few active units (LASSO).",
    mistakes=("All numbers get smaller by lambd; where that is not wanted, take a Hard shrink.",),
)
class Softshrink(WithSettings):
    """Moves every number towards zero by a fixed amount, and small ones to zero."""

    lambd: float = param(
        default=0.5, min=0, label="Bound", help="By how much every number moves towards 0."
    )

    def summary(self) -> str:
        return f"by {float(self.lambd):g}"


@layer(
    "Threshold",
    category="activation",
    title="Threshold",
    synonyms=("thresholded relu", "cut"),
    formula="out = in if in > threshold, else value",
    use="To blank out all numbers up to a bound.",
    mistakes=("Below the bound nothing is learned; keep it near 0 inside a network.",),
)
class Threshold(Elementwise):
    """Replaces all numbers up to a bound by one fixed value."""

    threshold: float = param(
        default=0.0, label="Bound", help="Numbers that are not larger than this are replaced."
    )
    value: float = param(default=0.0, help="What stands in place of small numbers.")

    def emit(self, x: TensorSpec) -> Emission:
        return module("nn.Threshold", threshold=self.threshold, value=self.value)

    def summary(self) -> str:
        return f"{float(self.value):g} up to {float(self.threshold):g}"
