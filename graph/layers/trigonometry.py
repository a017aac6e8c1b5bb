"""Sines and their relatives, of every number by itself; angles are in radians."""

from graph.declare import param
from graph.layer import Emission, call, layer
from graph.layers.mathematics import Function, FunctionRow, declare_function
from graph.shapes import TensorSpec

RADIANS = "Angles are in radians, where a whole turn is 2π = 6.283; multiply degrees by 0.01745."
ONE = "Numbers outside of −1 to 1 have no angle (nan); put a Clamp before."
GROWS = "It grows as fast as an exponential and becomes infinite beyond 89; normalize before."

ROWS = (
    FunctionRow(
        "Sin",
        "Sine",
        "A smooth wave that repeats every 2π.",
        "out = sin(in)",
        "For things that repeat, such as hours and positions, and in networks that paint from "
        "coordinates (SIREN).",
        RADIANS,
        ("wave", "periodic"),
        ("Sin",),
    ),
    FunctionRow(
        "Cos",
        "Cosine",
        "A smooth wave that repeats every 2π and starts at 1.",
        "out = cos(in)",
        "Together with a sine, to write an hour or an angle as a point on a circle.",
        RADIANS,
        ("wave", "periodic"),
        ("Cos",),
    ),
    FunctionRow(
        "Tan",
        "Tangent",
        "Sine over cosine: the slope of a line at that angle.",
        "out = sin(in) / cos(in)",
        "To turn an angle into a slope.",
        "At a quarter of a turn (π / 2) it explodes; keep angles away from there.",
        ("slope",),
        ("Tan",),
    ),
    FunctionRow(
        "Asin",
        "Arc sine",
        "The angle, from −π/2 to π/2, that has this sine.",
        "out = arcsin(in)",
        "To get an angle back from its sine.",
        ONE,
        ("arcsin", "inverse sine"),
        ("ASin",),
    ),
    FunctionRow(
        "Acos",
        "Arc cosine",
        "The angle, from 0 to π, that has this cosine.",
        "out = arccos(in)",
        "To get the angle between two vectors from their cosine similarity.",
        ONE,
        ("arccos", "inverse cosine"),
        ("ACos",),
    ),
    FunctionRow(
        "Atan",
        "Arc tangent",
        "The angle, from −π/2 to π/2, of a slope.",
        "out = arctan(in)",
        "To get the angle of a slope, and to squeeze numbers softly into a range.",
        "It cannot tell opposite directions apart; for that take an Angle of a direction.",
        ("arctan", "inverse tangent"),
        ("ATan",),
    ),
    FunctionRow(
        "Sinh",
        "Hyperbolic sine",
        "Half the difference of e to the power of a number and of its negative.",
        "out = (exp(in) − exp(−in)) / 2",
        "For quantities that grow on both sides, with their sign.",
        GROWS,
        ("hyperbolic",),
        ("Sinh",),
    ),
    FunctionRow(
        "Cosh",
        "Hyperbolic cosine",
        "The mean of e to the power of a number and of its negative.",
        "out = (exp(in) + exp(−in)) / 2",
        "For a smooth distance: its logarithm is nearly the absolute value (log-cosh).",
        GROWS,
        ("hyperbolic", "catenary"),
        ("Cosh",),
    ),
    FunctionRow(
        "Asinh",
        "Inverse hyperbolic sine",
        "Like a logarithm for large numbers, but it also takes negative ones and 0.",
        "out = log(in + √(in² + 1))",
        "To bring numbers of very different sizes and of both signs together.",
        "Close to 0 it changes nothing; where small numbers matter, multiply them up before.",
        ("arsinh", "symmetric logarithm"),
        ("ASinh",),
    ),
    FunctionRow(
        "Acosh",
        "Inverse hyperbolic cosine",
        "The number, not negative, that has this hyperbolic cosine.",
        "out = log(in + √(in² − 1))",
        "For distances in hyperbolic space.",
        "Numbers below 1 become nan; put an At least a number before.",
        ("arcosh", "hyperbolic distance"),
        ("ACosh",),
    ),
    FunctionRow(
        "Atanh",
        "Inverse hyperbolic tangent",
        "Stretches numbers between −1 and 1 to all numbers.",
        "out = log((1 + in) / (1 − in)) / 2",
        "To undo a Tanh.",
        "At −1 and 1 it is infinite, and beyond them nan; clamp a little inside.",
        ("artanh", "undo tanh"),
        ("ATanh",),
    ),
)

for _row in ROWS:
    globals()[_row.name] = declare_function(_row, __name__)


@layer(
    "Sinc",
    category="mathematics",
    title="Sinc",
    synonyms=("cardinal sine", "sin(x) / x", "ideal filter"),
    console=("Sinc",),
    formula="out = sin(π · in) / (π · in); without times_pi: sin(in) / in; 1 at 0",
    use="For waves that fade away, and for filters that cut frequencies off exactly.",
    mistakes=(
        "There are two kinds: torch multiplies by π first, many books and Neural Network Console "
        "do not; switch that off to get theirs.",
    ),
)
class Sinc(Function):
    """A wave that is 1 at 0 and fades away on both sides."""

    times_pi: bool = param(
        default=True,
        label="Times π",
        help="Whether the input is first multiplied by π, as torch does.",
    )

    def emit(self, x: TensorSpec) -> Emission:
        return call("torch.sinc({in})" if self.times_pi else "torch.sinc({in} / torch.pi)")

    def summary(self) -> str:
        return "sin(πx) / πx" if self.times_pi else "sin(x) / x"
