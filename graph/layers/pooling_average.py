"""Pooling by averages, sums and norms of a window."""

from graph.declare import Pair, Triple, param
from graph.layer import Emission, layer, module
from graph.layers.pooling import (
    EDGES,
    TOO_EARLY,
    Pooling,
    pool_border,
    pool_ceiling,
    pool_divisor,
    pool_step,
    pool_window,
    pool_zeros,
)
from graph.shapes import TensorSpec

AVERAGE_USE = (
    "Where all values of a window count, not only the strongest: in LeNet, in the transitions of "
    "DenseNet, and to make {} smaller without jagged edges."
)
BORDER = "With padding the added zeros pull the border down; switch count_include_pad off."


@layer(
    "AvgPool2d",
    category="pooling",
    title="Average pooling",
    synonyms=("averagepooling2d", "mean pooling", "subsampling", "downsampling"),
    console=("AveragePooling",),
    formula="out[c, y, x] = 1 / (kh·kw) · Σ over i, j of in[c, y·stride + i − padding, x·stride + "
    "j − padding]",
    use=AVERAGE_USE.format("an image"),
    mistakes=(BORDER, TOO_EARLY.format("image"), EDGES.format("row or column")),
)
class AvgPool2d(Pooling):
    """Replaces every small window by its average, which makes the image smaller and smoother."""

    AXES = 2

    kernel_size: Pair = pool_window(2)
    stride: Pair | None = pool_step()
    padding: Pair = pool_border(2)
    ceil_mode: bool = pool_ceiling()
    count_include_pad: bool = pool_zeros()
    divisor_override: int | None = pool_divisor()


@layer(
    "AvgPool1d",
    category="pooling",
    title="Average pooling (sequence)",
    synonyms=("averagepooling1d", "mean pooling", "moving average", "smoothing", "downsampling"),
    console=("AveragePooling",),
    formula="out[c, t] = 1 / kernel_size · Σ over i of in[c, t·stride + i − padding]",
    use=AVERAGE_USE.format("a signal"),
    mistakes=(
        "It wants channels × length; where steps come first, put a Permute before it.",
        BORDER,
    ),
)
class AvgPool1d(Pooling):
    """Replaces every few steps by their average, which makes the sequence shorter and smoother."""

    AXES = 1

    kernel_size: int = pool_window(1)
    stride: int | None = pool_step()
    padding: int = pool_border(1)
    ceil_mode: bool = pool_ceiling()
    count_include_pad: bool = pool_zeros()


@layer(
    "AvgPool3d",
    category="pooling",
    title="Average pooling (volume)",
    synonyms=("averagepooling3d", "mean pooling", "downsampling", "video"),
    console=("AveragePooling",),
    formula="out[c, z, y, x] = 1 / (kd·kh·kw) · Σ over h, i, j of in[c, z·stride + h − padding, "
    "y·stride + i − padding, x·stride + j − padding]",
    use=AVERAGE_USE.format("a volume"),
    mistakes=("A video of few frames has no depth to lose; pool it 1×2×2 at first.", BORDER),
)
class AvgPool3d(Pooling):
    """Replaces every small block by its average, which makes the volume smaller and smoother."""

    AXES = 3
    WITHIN = True

    kernel_size: Triple = pool_window(3)
    stride: Triple | None = pool_step()
    padding: Triple = pool_border(3)
    ceil_mode: bool = pool_ceiling()
    count_include_pad: bool = pool_zeros()
    divisor_override: int | None = pool_divisor()


@layer(
    "SumPool2d",
    category="pooling",
    title="Sum pooling",
    synonyms=("sumpooling", "total", "downsampling"),
    console=("SumPooling",),
    formula="out[c, y, x] = Σ over i, j of in[c, y·stride + i − padding, x·stride + j − padding]",
    use="To count: how much of something there is in each part of an image, as in density maps.",
    mistakes=(
        "The results grow with the window; where that is not wanted, take average pooling.",
        EDGES.format("row or column"),
    ),
)
class SumPool2d(Pooling):
    """Replaces every small window by its sum."""

    AXES = 2

    kernel_size: Pair = pool_window(2)
    stride: Pair | None = pool_step()
    padding: Pair = pool_border(2)
    ceil_mode: bool = pool_ceiling()

    def emit(self, x: TensorSpec) -> Emission:
        made = super().emit(x).constructor
        # torch has no sum, but an average that divides by a number of one's own.
        keywords = made.keywords if made else {}
        return module("nn.AvgPool2d", **keywords, divisor_override=1)


POWER_FORMULA = "out = (Σ of in[...] ^ norm_type over the window) ^ (1 / norm_type)"
POWER_USE = (
    "Between average pooling (norm_type 1, up to a factor) and max pooling (a large norm_type)."
)
POWER_MISTAKES = (
    "Odd or fractional exponents need inputs that are not negative; put a ReLU before it.",
    "At 0 the slope of a root is infinite; torch sets it to 0 only where the whole window is 0.",
)


def exponent() -> float:
    """The parameter norm_type."""
    made: float = param(
        default=2.0,
        above=0,
        label="Exponent",
        help="1 gives the sum of the window, 2 the square root of the sum of squares.",
    )
    return made


class _PowerPool(Pooling):
    REQUIRED = ("norm_type", "kernel_size")

    norm_type: float

    def summary(self) -> str:
        return f"{super().summary()}, p = {float(self.norm_type):g}"


@layer(
    "LPPool2d",
    category="pooling",
    title="Power-average pooling",
    synonyms=("lp norm", "l2 pooling", "power pooling", "generalized mean"),
    formula=POWER_FORMULA,
    use=POWER_USE,
    mistakes=POWER_MISTAKES,
)
class LPPool2d(_PowerPool):
    """Replaces every small window of an image by the root of the sum of its powers."""

    AXES = 2

    norm_type: float = exponent()
    kernel_size: Pair = pool_window(2)
    stride: Pair | None = pool_step()
    ceil_mode: bool = pool_ceiling()


@layer(
    "LPPool1d",
    category="pooling",
    title="Power-average pooling (sequence)",
    synonyms=("lp norm", "l2 pooling", "power pooling", "generalized mean"),
    formula=POWER_FORMULA,
    use=POWER_USE,
    mistakes=POWER_MISTAKES,
)
class LPPool1d(_PowerPool):
    """Replaces every few steps of a sequence by the root of the sum of their powers."""

    AXES = 1

    norm_type: float = exponent()
    kernel_size: int = pool_window(1)
    stride: int | None = pool_step()
    ceil_mode: bool = pool_ceiling()


@layer(
    "LPPool3d",
    category="pooling",
    title="Power-average pooling (volume)",
    synonyms=("lp norm", "l2 pooling", "power pooling", "generalized mean"),
    formula=POWER_FORMULA,
    use=POWER_USE,
    mistakes=POWER_MISTAKES,
)
class LPPool3d(_PowerPool):
    """Replaces every small block of a volume by the root of the sum of its powers."""

    AXES = 3
    WITHIN = True

    norm_type: float = exponent()
    kernel_size: Triple = pool_window(3)
    stride: Triple | None = pool_step()
    ceil_mode: bool = pool_ceiling()
