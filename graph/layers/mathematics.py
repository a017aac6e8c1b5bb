"""Functions of one number, applied to every number by itself, and cutting off at bounds.

Sines and their relatives are in trigonometry.py, functions of matrices in mathematics_matrix.py,
functions that are made to follow weights in activation.py.
"""

from typing import Any, ClassVar, NamedTuple

from graph.declare import Sizes, param
from graph.layer import MIXES_SAMPLES, Emission, Layer, Window, call, layer, need_float
from graph.layers.arithmetic import need_numbers
from graph.layers.reduction import axes_text, chosen_axes
from graph.shapes import SetArgument, ShapeError, TensorSpec


class Function(Layer):
    """One function of every number, as the expression `CODE`."""

    CODE: ClassVar[str] = ""
    TAKES_WHOLE: ClassVar[bool] = False

    def infer(self, x: TensorSpec) -> TensorSpec:
        if self.TAKES_WHOLE:
            need_numbers(x)
        else:
            need_float(x)
        return x

    def emit(self, x: TensorSpec) -> Emission:
        return call(self.CODE)


class FunctionRow(NamedTuple):
    """A function without settings."""

    name: str
    title: str
    sentence: str
    formula: str
    use: str
    mistake: str
    synonyms: tuple[str, ...]
    console: tuple[str, ...] = ()
    code: str = ""
    takes_whole: bool = False


def declare_function(row: FunctionRow, module: str) -> type[Layer]:
    """The layer of a row; where it gives no code, it is torch's function of that name."""
    members: dict[str, Any] = {
        "__doc__": row.sentence,
        "__module__": module,
        "CODE": row.code or f"torch.{row.name.lower()}({{in}})",
        "TAKES_WHOLE": row.takes_whole,
    }
    if row.takes_whole:
        members["STRICTER_THAN_TORCH"] = (
            "torch takes true and false for some of these functions, and gives different sorts of "
            "results"
        )
    made: type[Layer] = type(row.name, (Function,), members)
    return layer(
        row.name,
        category="mathematics",
        title=row.title,
        synonyms=row.synonyms,
        console=row.console,
        formula=row.formula,
        use=row.use,
        mistakes=(row.mistake,),
    )(made)


STEPS = (
    "Nothing is learned through it, since its slope is 0 everywhere; use it at the end, or on data."
)

ROWS = (
    FunctionRow(
        "Abs",
        "Absolute value",
        "Drops the sign of every number.",
        "out = |in|",
        "For distances, and where only the strength of a signal counts.",
        "At 0 its slope jumps from −1 to 1; where that disturbs the training, take a Square.",
        ("absolute", "magnitude", "modulus"),
        ("Abs",),
        takes_whole=True,
    ),
    FunctionRow(
        "Neg",
        "Negative",
        "Turns the sign of every number.",
        "out = −in",
        "To turn a cost into a score, or the other way round.",
        "Before a layer with weights it is not needed, which can learn the sign itself.",
        ("negative", "minus", "opposite"),
        code="-{in}",
        takes_whole=True,
    ),
    FunctionRow(
        "Sign",
        "Sign",
        "1 for positive numbers, −1 for negative ones, 0 for 0.",
        "out = 1 if in > 0, −1 if in < 0, else 0",
        "To keep only the direction of a number, as in binary networks.",
        "Nothing is learned through it; for a binary activation that learns take a Binary tanh.",
        ("signum", "direction"),
        ("Sign",),
        takes_whole=True,
    ),
    FunctionRow(
        "Exp",
        "Exponential",
        "Raises e = 2.718… to the power of every number.",
        "out = e ^ in",
        "To make positive numbers of any numbers, for example a variance of its logarithm.",
        "Numbers above 88 become infinite; keep them small with a normalization or a Clamp.",
        ("e to the power", "exponential function"),
        ("Exp",),
    ),
    FunctionRow(
        "Expm1",
        "Exponential minus 1",
        "e to the power of every number, minus 1, exact also near 0.",
        "out = e ^ in − 1",
        "To undo a Logarithm of 1 plus the input.",
        "Numbers above 88 become infinite; keep them small with a normalization or a Clamp.",
        ("exp minus one",),
    ),
    FunctionRow(
        "Log",
        "Logarithm",
        "The natural logarithm of every number.",
        "out = log(in)",
        "To bring numbers of very different sizes together, such as loudness or prices.",
        "0 becomes −∞ and negative numbers nan; take a Logarithm of 1 plus the input, or keep "
        "them above 0 with At least a number.",
        ("natural logarithm", "ln"),
        ("Log",),
    ),
    FunctionRow(
        "Log2",
        "Logarithm to base 2",
        "How often 1 must be doubled to reach the number.",
        "out = log(in) / log(2)",
        "For octaves and for amounts of information in bits.",
        "0 becomes −∞ and negative numbers nan; keep them above 0 before.",
        ("binary logarithm", "bits"),
    ),
    FunctionRow(
        "Log10",
        "Logarithm to base 10",
        "The logarithm to base 10 of every number.",
        "out = log(in) / log(10)",
        "For decibels: 10 times the Logarithm to base 10 of a power.",
        "0 becomes −∞ and negative numbers nan; keep them above 0 before.",
        ("decimal logarithm", "decibel"),
    ),
    FunctionRow(
        "Log1p",
        "Logarithm of 1 plus the input",
        "The natural logarithm of 1 plus every number, exact also near 0.",
        "out = log(1 + in)",
        "To bring counts and spectra into a small range; 0 stays 0.",
        "Numbers below −1 become nan; it is made for numbers that are not negative.",
        ("log plus one",),
    ),
    FunctionRow(
        "Sqrt",
        "Square root",
        "The number that, times itself, gives the input.",
        "out = √in",
        "To turn a variance or an energy into a size.",
        "At 0 its slope is infinite and spoils the training; add a small number before. Negative "
        "numbers become nan.",
        ("root",),
    ),
    FunctionRow(
        "Rsqrt",
        "One over the square root",
        "1 divided by the square root of every number.",
        "out = 1 / √in",
        "To divide by a standard deviation, as normalizations do.",
        "At 0 it is infinite; add a small number before.",
        ("inverse square root", "reciprocal root"),
    ),
    FunctionRow(
        "Square",
        "Square",
        "Multiplies every number by itself.",
        "out = in²",
        "For energies and squared distances.",
        "Large numbers become very large; normalize before.",
        ("squared", "power of two"),
        takes_whole=True,
    ),
    FunctionRow(
        "Reciprocal",
        "Reciprocal",
        "1 divided by every number.",
        "out = 1 / in",
        "To turn distances into closeness, and to divide by multiplying.",
        "Near 0 it explodes; add a small number before.",
        ("1 / x", "one over", "inverse number"),
    ),
    FunctionRow(
        "Round",
        "Round",
        "The nearest whole number; halves go to the even neighbour.",
        "out = the whole number nearest to in",
        "To turn answers into whole numbers, or to see what low precision does.",
        STEPS,
        ("nearest", "integer"),
        ("Round",),
    ),
    FunctionRow(
        "Ceil",
        "Round up",
        "The next whole number that is not smaller.",
        "out = ⌈in⌉",
        "For counts that must suffice.",
        STEPS,
        ("ceiling",),
        ("Ceil",),
    ),
    FunctionRow(
        "Floor",
        "Round down",
        "The next whole number that is not larger.",
        "out = ⌊in⌋",
        "To find the cell of a grid in which a place lies.",
        STEPS,
        ("integer part",),
        ("Floor",),
    ),
    FunctionRow(
        "Trunc",
        "Round towards 0",
        "Drops the digits behind the point.",
        "out = sign(in) · ⌊|in|⌋",
        "To split a number into its whole part and its fraction.",
        STEPS,
        ("truncate", "fix", "integer part"),
    ),
    FunctionRow(
        "Frac",
        "Fraction",
        "Keeps only the digits behind the point, with the sign.",
        "out = in − sign(in) · ⌊|in|⌋",
        "To find the place within a cell of a grid.",
        "For negative numbers it is negative; for a fraction from 0 to 1 take a Remainder with 1.",
        ("fractional part", "behind the point"),
    ),
    FunctionRow(
        "Erf",
        "Error function",
        "How much of a bell curve lies within so many widths: from −1 to 1.",
        "out = 2 / √π · ∫ from 0 to in of exp(−t²) dt",
        "Inside GELU, and for probabilities of normally distributed numbers.",
        "The probability that a standard normal number is smaller is (1 + erf(in / √2)) / 2, not "
        "erf(in).",
        ("gauss error function", "normal distribution"),
    ),
)

for _row in ROWS:
    globals()[_row.name] = declare_function(_row, __name__)


@layer(
    "Clamp",
    category="mathematics",
    title="Clamp",
    synonyms=("clip", "limit", "clipbyvalue", "saturate"),
    console=("ClipByValue",),
    formula="out = min(max(in, min), max)",
    use="To keep numbers in a range, for example pixels from 0 to 1.",
    mistakes=(
        "Outside of the range nothing is learned, since the slope is 0 there; at the end of a "
        "network take a Sigmoid or Tanh.",
    ),
)
class Clamp(Function):
    """Replaces numbers outside of a range by its nearest end."""

    min: float | None = param(
        default=0.0, label="Lowest", help="Smaller numbers become this one; nothing: no bound."
    )
    max: float | None = param(
        default=1.0, label="Highest", help="Larger numbers become this one; nothing: no bound."
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        if self.min is None and self.max is None:
            raise ShapeError(
                "has neither a lowest nor a highest number; give at least one",
                repairs=[SetArgument("min", 0.0), SetArgument("max", 1.0)],
            )
        return x

    def emit(self, x: TensorSpec) -> Emission:
        bounds = {"min": self.min, "max": self.max}
        given = {name: value for name, value in bounds.items() if value is not None}
        arguments = ", ".join(f"{name}={{{name}}}" for name in given)
        return Emission(f"{{in}}.clamp({arguments})", values=given)

    def summary(self) -> str:
        low = "−∞" if self.min is None else f"{float(self.min):g}"
        high = "∞" if self.max is None else f"{float(self.max):g}"
        return f"{low} to {high}"


@layer(
    "ClipByNorm",
    category="mathematics",
    title="Clip the length",
    synonyms=("clip norm", "max norm", "renorm", "limit length"),
    console=("ClipByNorm",),
    formula="out = in · max_norm / max(max_norm, √(Σ in²)), the sum over the axes dim",
    use="To keep vectors from growing beyond a length, while their direction stays.",
    mistakes=(
        "It limits what flows forward; to limit what the weights learn from take a Clip gradient.",
    ),
)
class ClipByNorm(Layer):
    """Shortens vectors that are longer than a bound to that length."""

    STRICTER_THAN_TORCH = MIXES_SAMPLES

    max_norm: float = param(
        default=1.0, above=0, label="Longest", help="Vectors that are longer get this length."
    )
    dim: Sizes | None = param(
        default=None,
        label="Axes",
        help="The axes that make up a vector, as torch counts; nothing: the whole sample.",
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        chosen_axes(self.dim, x)
        return x

    def window(self, x: TensorSpec) -> Window | None:
        return super().window(x) if chosen_axes(self.dim, x) == [0] else None

    def emit(self, x: TensorSpec) -> Emission:
        axes = tuple(range(1, x.rank + 1)) if self.dim is None else self.dim
        return call("clip_by_norm({in}, {max_norm}, dim={dim})", max_norm=self.max_norm, dim=axes)

    def summary(self) -> str:
        return f"at most {float(self.max_norm):g}, {axes_text(self.dim)}"


@layer(
    "NanToNum",
    category="mathematics",
    title="Replace nan and infinity",
    synonyms=("nan_to_num", "reset nan", "reset inf", "missing values", "repair"),
    console=("ResetNaN", "ResetInf"),
    formula="out = nan where in is nan, posinf where in is ∞, neginf where in is −∞, else in",
    use="For data with missing values, so that single ones do not spoil everything.",
    mistakes=(
        "It hides a fault inside a network: nan there mostly comes from a division by 0 or a "
        "learning rate that is too high; look for the cause first.",
    ),
)
class NanToNum(Function):
    """Replaces what is no number, and infinite numbers, by given ones."""

    nan: float = param(default=0.0, label="For nan", help="What replaces a missing number (nan).")
    posinf: float | None = param(
        default=None,
        label="For infinity",
        help="What replaces infinity; nothing: the largest number there is.",
    )
    neginf: float | None = param(
        default=None,
        label="For minus infinity",
        help="What replaces minus infinity; nothing: the lowest number there is.",
    )

    def emit(self, x: TensorSpec) -> Emission:
        values = {"nan": self.nan, "posinf": self.posinf, "neginf": self.neginf}
        given = {name: value for name, value in values.items() if value is not None}
        arguments = ", ".join(f"{name}={{{name}}}" for name in given)
        return Emission(f"torch.nan_to_num({{in}}, {arguments})", values=given)

    def summary(self) -> str:
        return f"nan becomes {float(self.nan):g}"
