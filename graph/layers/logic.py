"""Comparisons, logic, questions about single numbers, and the choice that follows from them.

Every result of a comparison is true or false; Cast makes numbers of it.
"""

from typing import Any, ClassVar, Literal, NamedTuple

from graph.declare import declare, param
from graph.layer import Emission, Layer, Port, call, layer
from graph.layers.arithmetic import LINES_UP, aligned
from graph.layers.arithmetic_scalar import operand
from graph.layers.merge import common_type
from graph.shapes import ElementType, InsertBefore, ShapeError, TensorSpec

NO_SLOPE = (
    "Nothing in front of it learns through it, since true and false have no slope; use it for "
    "masks and counts."
)


@declare
class Comparison(Layer):
    """Two inputs, or one and a number, compared number by number with `SIGN`."""

    STRICTER_THAN_TORCH = LINES_UP
    SIGN: ClassVar[str] = ""
    WORDS: ClassVar[str] = ""

    INPUTS = (
        Port("in", "What is compared."),
        Port("other", "What it is compared with; without it, the number.", optional=True),
    )

    value: float = param(
        default=0.0,
        label="Number",
        help="What the input is compared with where nothing is linked to the second port.",
    )

    def infer(self, x: TensorSpec, other: TensorSpec | None) -> TensorSpec:
        sizes = x.sizes if other is None else aligned((x, other), ("in", "other"))
        return TensorSpec(sizes, "boolean")

    def emit(self, x: TensorSpec, other: TensorSpec | None) -> Emission:
        if other is not None:
            return call(f"{{in}} {self.SIGN} {{other}}")
        return call(f"{{in}} {self.SIGN} {{value}}", value=self.value)

    def summary(self) -> str:
        return f"{self.WORDS} other, or {float(self.value):g}".replace("-", "−")


@declare
class Connection(Layer):
    """Two inputs, or one and true or false, connected by `SIGN`; numbers are true unless 0."""

    STRICTER_THAN_TORCH = LINES_UP
    SIGN: ClassVar[str] = ""
    FUNCTION: ClassVar[str] = ""

    INPUTS = (
        Port("in", "True or false; of numbers, 0 is false."),
        Port("other", "True or false; without it, the setting.", optional=True),
    )

    value: bool = param(
        default=True,
        label="Second",
        help="What the input is connected with where nothing is linked to the second port.",
    )

    def infer(self, x: TensorSpec, other: TensorSpec | None) -> TensorSpec:
        sizes = x.sizes if other is None else aligned((x, other), ("in", "other"))
        return TensorSpec(sizes, "boolean")

    def emit(self, x: TensorSpec, other: TensorSpec | None) -> Emission:
        if other is not None:
            return call(f"torch.{self.FUNCTION}({{in}}, {{other}})")
        truth = "{in}" if x.dtype == "boolean" else "({in} != 0)"
        return call(f"{truth} {self.SIGN} {operand(self.value)}", value=self.value)

    def summary(self) -> str:
        return ""


class Question(Layer):
    """A question about every single number, answered by `CODE`."""

    CODE: ClassVar[str] = ""

    def infer(self, x: TensorSpec) -> TensorSpec:
        return TensorSpec(x.sizes, "boolean")

    def emit(self, x: TensorSpec) -> Emission:
        return call(self.CODE)


class _Row(NamedTuple):
    """A comparison, a connection or a question."""

    name: str
    base: type[Layer]
    members: dict[str, str]
    title: str
    sentence: str
    formula: str
    use: str
    mistake: str
    synonyms: tuple[str, ...]
    console: tuple[str, ...] = ()


def _sign(sign: str, words: str) -> dict[str, str]:
    return {"SIGN": sign, "WORDS": words}


def _connected(sign: str, function: str) -> dict[str, str]:
    return {"SIGN": sign, "FUNCTION": function}


EXACT = (
    "Decimal numbers are hardly ever exactly equal; compare their distance with a small number "
    "instead."
)

ROWS = (
    _Row(
        "Equal",
        Comparison,
        _sign("==", "="),
        "Equal",
        "True where two numbers are equal.",
        "out = (in = other), or (in = value)",
        "To find the places of a class, a word or a mark, such as the padding of a text.",
        EXACT,
        ("eq", "same", "=="),
        ("Equal", "EqualScalar"),
    ),
    _Row(
        "NotEqual",
        Comparison,
        _sign("!=", "≠"),
        "Not equal",
        "True where two numbers differ.",
        "out = (in ≠ other), or (in ≠ value)",
        "For masks: everything that is not padding.",
        EXACT,
        ("ne", "differs", "!="),
        ("NotEqual", "NotEqualScalar"),
    ),
    _Row(
        "Greater",
        Comparison,
        _sign(">", ">"),
        "Greater",
        "True where the first number is greater than the second.",
        "out = (in > other), or (in > value)",
        "To make a mask of what lies above a bound, for example probabilities above 0.5.",
        NO_SLOPE,
        ("gt", "above", "threshold", ">"),
        ("Greater", "GreaterScalar"),
    ),
    _Row(
        "GreaterEqual",
        Comparison,
        _sign(">=", "≥"),
        "Greater or equal",
        "True where the first number is at least as great as the second.",
        "out = (in ≥ other), or (in ≥ value)",
        "To make a mask of what reaches a bound.",
        NO_SLOPE,
        ("ge", "at least", ">="),
        ("GreaterEqual", "GreaterEqualScalar"),
    ),
    _Row(
        "Less",
        Comparison,
        _sign("<", "<"),
        "Less",
        "True where the first number is smaller than the second.",
        "out = (in < other), or (in < value)",
        "To make a mask of what lies below a bound.",
        NO_SLOPE,
        ("lt", "below", "smaller", "<"),
        ("Less", "LessScalar"),
    ),
    _Row(
        "LessEqual",
        Comparison,
        _sign("<=", "≤"),
        "Less or equal",
        "True where the first number is at most as great as the second.",
        "out = (in ≤ other), or (in ≤ value)",
        "To make a mask of what stays within a bound.",
        NO_SLOPE,
        ("le", "at most", "<="),
        ("LessEqual", "LessEqualScalar"),
    ),
    _Row(
        "LogicalAnd",
        Connection,
        _connected("&", "logical_and"),
        "And",
        "True where both inputs are true.",
        "out = in ∧ other, or in ∧ value",
        "To combine masks: only what is in both.",
        NO_SLOPE,
        ("both", "conjunction", "&", "intersection"),
        ("LogicalAnd", "LogicalAndScalar"),
    ),
    _Row(
        "LogicalOr",
        Connection,
        _connected("|", "logical_or"),
        "Or",
        "True where at least one input is true.",
        "out = in ∨ other, or in ∨ value",
        "To combine masks: what is in one of them.",
        NO_SLOPE,
        ("either", "disjunction", "|", "union"),
        ("LogicalOr", "LogicalOrScalar"),
    ),
    _Row(
        "LogicalXor",
        Connection,
        _connected("^", "logical_xor"),
        "Either or",
        "True where exactly one input is true.",
        "out = in ⊕ other, or in ⊕ value",
        "To find where two masks differ.",
        NO_SLOPE,
        ("exclusive or", "^", "difference of masks"),
        ("LogicalXor", "LogicalXorScalar"),
    ),
    _Row(
        "LogicalNot",
        Question,
        {"CODE": "torch.logical_not({in})"},
        "Not",
        "True where the input is false, or 0.",
        "out = ¬ in",
        "To turn a mask around.",
        "Of numbers only 0 counts as false; compare with a bound first, as Greater does.",
        ("negation", "invert", "~"),
        ("LogicalNot",),
    ),
    _Row(
        "IsNaN",
        Question,
        {"CODE": "torch.isnan({in})"},
        "Is it no number (nan)",
        "True where there is no number, as after 0 / 0.",
        "out = (in is nan)",
        "To look for missing values in data, or for the place where a training goes wrong.",
        "It finds them but does not remove them; for that take a Replace nan and infinity.",
        ("isnan", "not a number", "missing"),
        ("IsNaN",),
    ),
    _Row(
        "IsInf",
        Question,
        {"CODE": "torch.isinf({in})"},
        "Is it infinite",
        "True where a number is infinite, as after 1 / 0.",
        "out = (in is ∞ or −∞)",
        "To find where numbers overflow.",
        "It finds them but does not remove them; for that take a Replace nan and infinity.",
        ("isinf", "infinity", "overflow"),
        ("IsInf",),
    ),
    _Row(
        "IsFinite",
        Question,
        {"CODE": "torch.isfinite({in})"},
        "Is it finite",
        "True where there is a number, and not an infinite one.",
        "out = (in is neither nan nor ±∞)",
        "To make a mask of the values that can be used.",
        "As a mask to multiply with it does not help, since 0 times nan is nan; take a Choose.",
        ("isfinite", "valid"),
    ),
)


def _declare(row: _Row) -> type[Layer]:
    members: dict[str, Any] = {"__doc__": row.sentence, "__module__": __name__, **row.members}
    made: type[Layer] = type(row.name, (row.base,), members)
    return layer(
        row.name,
        category="logic",
        title=row.title,
        synonyms=row.synonyms,
        console=row.console,
        formula=row.formula,
        use=row.use,
        mistakes=(row.mistake,),
    )(made)


for _row in ROWS:
    globals()[_row.name] = _declare(_row)


@layer(
    "Where",
    category="logic",
    title="Choose",
    synonyms=("where", "if", "mask", "select", "masked fill"),
    formula="out = in where condition, else other",
    use="To take numbers from one branch or from another, place by place, as a mask says.",
    mistakes=(
        "Nothing is learned through the condition; for a choice that is learned, multiply with a "
        "Sigmoid instead.",
        "Where a branch is nan, its slope is nan even at places that are not chosen; make it "
        "harmless before.",
    ),
)
class Where(Layer):
    """Takes each number from the second input where the condition is true, else from the third."""

    STRICTER_THAN_TORCH = LINES_UP

    INPUTS = (
        Port("condition", "True or false at every place."),
        Port("in", "What is taken where the condition is true."),
        Port("other", "What is taken where it is false."),
    )

    def infer(self, condition: TensorSpec, x: TensorSpec, other: TensorSpec) -> TensorSpec:
        if condition.dtype != "boolean":
            raise ShapeError(
                f"needs true or false as its condition, but receives {condition.dtype} values of "
                f"size {condition}",
                port="condition",
                repairs=[InsertBefore("Greater"), InsertBefore("Cast", (("dtype", "boolean"),))],
            )
        sizes = aligned((condition, x, other), ("condition", "in", "other"))
        return TensorSpec(sizes, common_type((x, other)))

    def emit(self, condition: TensorSpec, x: TensorSpec, other: TensorSpec) -> Emission:
        return call("torch.where({condition}, {in}, {other})")


@layer(
    "Cast",
    category="logic",
    title="Change the sort of numbers",
    synonyms=("dtype", "convert", "to float", "to integer", "to boolean", "type"),
    formula="out = in as dtype",
    use="To calculate with the result of a comparison, or to make word indices of numbers.",
    mistakes=(
        "Nothing is learned through whole numbers, true and false; keep what must be learned "
        "decimal.",
        "Decimal numbers lose their fraction, they are not rounded; put a Round before.",
    ),
)
class Cast(Layer):
    """Turns decimal numbers, whole numbers, and true and false into each other."""

    dtype: Literal["float", "integer", "boolean"] = param(
        default="float",
        label="Into",
        help="Decimal numbers, whole numbers, or true and false (all but 0 is true).",
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        dtype: ElementType = self.dtype
        return TensorSpec(x.sizes, dtype)

    def emit(self, x: TensorSpec) -> Emission:
        method = {"float": "float", "integer": "long", "boolean": "bool"}[self.dtype]
        return call(f"{{in}}.{method}()")

    def summary(self) -> str:
        return f"to {self.dtype}"
