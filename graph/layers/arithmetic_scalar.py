"""Arithmetic of the input and one fixed number, which is a setting."""

from typing import Any, ClassVar, NamedTuple

from graph.declare import param
from graph.layer import Emission, Layer, call, layer
from graph.layers.arithmetic import need_numbers
from graph.shapes import ElementType, TensorSpec
from graph.term import Operation
from graph.trace import is_symbolic, term_of


def operand(value: float, name: str = "value") -> str:
    """Where a number stands beside an operator: in brackets where it has a sign or operators of
    its own."""
    composed = is_symbolic(value) and isinstance(term_of(value), Operation)
    return f"({{{name}}})" if composed or value < 0 else f"{{{name}}}"


def with_number(x: TensorSpec, value: Any) -> ElementType:
    """The elements after arithmetic with a number: decimal ones, unless both are whole."""
    if x.dtype == "float" or isinstance(value, float):
        return "float"
    return "integer"


class WithNumber(Layer):
    """The input and a number, combined by `CODE`, in which `#` stands for the number."""

    CODE: ClassVar[str] = ""
    SUMMARY: ClassVar[str] = ""
    TAKES_BOOLEAN: ClassVar[bool] = True

    value: float

    def infer(self, x: TensorSpec) -> TensorSpec:
        if not self.TAKES_BOOLEAN:
            need_numbers(x)
        return TensorSpec(x.sizes, with_number(x, self.value))

    def emit(self, x: TensorSpec) -> Emission:
        # As an argument the number needs no brackets.
        text = "{value}" if "(" in self.CODE else operand(self.value)
        return call(self.CODE.replace("#", text), value=self.value)

    def summary(self) -> str:
        return self.SUMMARY.replace("#", f"{float(self.value):g}".replace("-", "−"))


class _Row(NamedTuple):
    """Arithmetic with one number."""

    name: str
    title: str
    sentence: str
    code: str
    summary: str
    formula: str
    use: str
    mistake: str
    synonyms: tuple[str, ...]
    console: str
    default: float
    help: str
    takes_boolean: bool = True


ROWS = (
    _Row(
        "AddScalar",
        "Add a number",
        "Adds the same number to everything.",
        "{in} + #",
        "x + #",
        "out = in + value",
        "To move numbers, for example away from 0 before a division or a logarithm.",
        "Before a normalization it has no effect, which takes the mean away again.",
        ("plus constant", "offset", "shift by a number"),
        "AddScalar",
        1.0,
        "The number that is added; a negative one is taken away.",
    ),
    _Row(
        "MultiplyScalar",
        "Multiply by a number",
        "Multiplies everything by the same number.",
        "{in} * #",
        "x · #",
        "out = in · value",
        "To scale a branch before it is added (as residual branches in Inception-ResNet), or "
        "pixels from 0..255 to 0..1.",
        "Before a normalization it has no effect, which divides by the spread again.",
        ("scale", "rescaling", "times constant", "mulscalar"),
        "MulScalar",
        0.5,
        "The number by which everything is multiplied.",
    ),
    _Row(
        "RSubScalar",
        "A number minus the input",
        "Takes the input away from a fixed number.",
        "# - {in}",
        "# − x",
        "out = value − in",
        "To turn a gate around: 1 minus a probability.",
        "It turns the sign of the input; to take a number away from the input, add a negative one.",
        ("1 - x", "one minus", "complement", "reverse subtract"),
        "RSubScalar",
        1.0,
        "The number from which the input is taken away.",
        False,
    ),
    _Row(
        "RDivScalar",
        "A number divided by the input",
        "Divides a fixed number by the input.",
        "# / {in}",
        "# / x",
        "out = value / in",
        "To turn sizes into shares, or distances into closeness.",
        "Near 0 the result explodes; add a small number first. To divide the input by a number, "
        "multiply it by 1 / value.",
        ("1 / x", "one over", "inverse", "reverse divide"),
        "RDivScalar",
        1.0,
        "The number that is divided.",
    ),
    _Row(
        "PowScalar",
        "Power with a number",
        "Raises everything to a fixed power.",
        "{in} ** #",
        "x ^ #",
        "out = in ^ value",
        "For squares (2), roots (0.5) and reciprocals (−1), and for generalized mean pooling.",
        "A negative number to a fractional power has no value (nan); make it positive before.",
        ("power", "exponent", "square", "root"),
        "PowScalar",
        2.0,
        "The exponent, which may be a fraction.",
    ),
    _Row(
        "RPowScalar",
        "A number to the power of the input",
        "Raises a fixed number to the power of the input.",
        "# ** {in}",
        "# ^ x",
        "out = value ^ in",
        "To turn logarithms back into numbers, for example decibels with 10.",
        "A base below 0 has no value (nan) for fractions; and results explode for large inputs.",
        ("exponential", "base", "reverse power"),
        "RPowScalar",
        2.0,
        "The base, usually above 0.",
    ),
    _Row(
        "MaximumScalar",
        "At least a number",
        "Replaces everything below a number by that number.",
        "{in}.clamp(min=#)",
        "at least #",
        "out = max(in, value)",
        "To keep numbers away from 0 or from below 0, before a root or a division.",
        "Below the number nothing is learned, since the slope is 0 there.",
        ("max", "floor value", "lower bound"),
        "MaximumScalar",
        0.0,
        "The smallest result; what is below becomes this.",
    ),
    _Row(
        "MinimumScalar",
        "At most a number",
        "Replaces everything above a number by that number.",
        "{in}.clamp(max=#)",
        "at most #",
        "out = min(in, value)",
        "To keep numbers from growing beyond a bound.",
        "Above the number nothing is learned, since the slope is 0 there.",
        ("min", "ceiling value", "upper bound"),
        "MinimumScalar",
        1.0,
        "The largest result; what is above becomes this.",
    ),
)


def _declare(row: _Row) -> type[Layer]:
    members: dict[str, Any] = {
        "__doc__": row.sentence,
        "__module__": __name__,
        "__annotations__": {"value": float},
        "value": param(default=row.default, label="Number", help=row.help),
        "CODE": row.code,
        "SUMMARY": row.summary,
        "TAKES_BOOLEAN": row.takes_boolean,
    }
    made: type[Layer] = type(row.name, (WithNumber,), members)
    return layer(
        row.name,
        category="arithmetic",
        title=row.title,
        synonyms=row.synonyms,
        console=(row.console,),
        formula=row.formula,
        use=row.use,
        mistakes=(row.mistake,),
    )(made)


for _row in ROWS:
    globals()[_row.name] = _declare(_row)
