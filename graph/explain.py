"""The arithmetic behind a node's sizes, with that node's own numbers.

The layer's rules are run once more with numbers that remember how they were computed
(graph/trace.py); what comes out is written as mathematics: `(14 + 2·0 − 5) / 1 + 1`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from graph.layer import Layer
from graph.results import NodeResult
from graph.shapes import ShapeError, TensorSpec
from graph.term import Constant, Operation, Term, to_text
from graph.trace import plain, term_of, traced

_AXES: dict[int, tuple[str, ...]] = {
    1: ("features",),
    2: ("steps", "features"),
    3: ("channels", "height", "width"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One computed number: what it is, how it came about, what it is worth.

    `str(line)` is `height: (14 + 2·0 − 5) / 1 + 1 = 10`.
    """

    label: str
    formula: str
    value: int

    def __str__(self) -> str:
        return f"{self.label}: {self.formula} = {self.value:,}"


def axis_names(rank: int) -> tuple[str, ...]:
    """What the axes of a size are called, without the batch."""
    return _AXES.get(rank) or tuple(f"axis {number}" for number in range(1, rank + 1))


def explain(result: NodeResult) -> list[Line]:
    """How the sizes and weights of a layer's node were computed; nothing where no arithmetic was
    done (a size that is simply given or passed on) or where they are not known."""
    layer = result.layer
    inputs = [spec for spec in result.inputs.values() if spec is not None]
    if layer is None or result.findings or len(inputs) != len(result.inputs):
        return []
    asked = _with_traced_arguments(layer)
    given = [replace(spec, sizes=_traced(spec.sizes)) for spec in inputs]
    try:
        inferred = asked.infer(*given)
        weights = asked.weights(*given)
    except (ShapeError, TypeError):
        # An optional input that is not linked cannot be told apart here; better silent than wrong.
        return []
    outputs = inferred if isinstance(inferred, tuple) else (inferred,)
    # Further outputs (the state of an LSTM, the other half of a split) follow from the first.
    lines = _size_lines(outputs[0]) if outputs else []
    if weights:
        lines.append(_weights_line(weights.values()))
    return lines


def _with_traced_arguments(layer: Layer) -> Layer:
    arguments = {name: _traced(getattr(layer, name)) for name in layer.PARAMETERS}
    return type(layer)(**arguments)


def _traced(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return tuple(_traced(element) for element in value)
    return traced(value)


def _size_lines(spec: TensorSpec) -> list[Line]:
    lines = []
    for name, size in zip(axis_names(spec.rank), spec.sizes, strict=True):
        term = tidy(term_of(size))
        if not isinstance(term, Constant):
            lines.append(Line(name, _formula(term), int(plain(size))))
    return lines


def _weights_line(tensors: Iterable[tuple[int, ...]]) -> Line:
    """`16·(6·5·5) + 16`: per tensor its rows times what each row holds."""
    parts: list[str] = []
    total = 0
    for sizes in tensors:
        factors = [_factor(tidy(term_of(size))) for size in sizes]
        rest = "·".join(factors[1:])
        text = factors[0] + (f"·({rest})" if len(factors) > 2 else f"·{rest}" if rest else "")
        parts.append(text)
        count = 1
        for size in sizes:
            count *= int(plain(size))
        total += count
    return Line("weights", " + ".join(_collected(parts)), total)


def _collected(parts: list[str]) -> list[str]:
    """Equal summands written once: `256 + 256` as `2·256`."""
    counted: dict[str, int] = {}
    for part in parts:
        counted[part] = counted.get(part, 0) + 1
    return [part if number == 1 else f"{number}·{part}" for part, number in counted.items()]


def _factor(term: Term) -> str:
    text = _formula(term)
    return f"({text})" if isinstance(term, Operation) and term.operator != "*" else text


def _formula(term: Term) -> str:
    return to_text(term, mathematical=True)


# --- bringing a formula into the form of a textbook ------------------------------------------


def tidy(term: Term) -> Term:
    """The term without steps that teach nothing: times one, plus nothing, `− (5 − 1) − 1`, and
    without rounding where a division leaves no rest. `+ 2·0` stays, since it shows a padding."""
    if not isinstance(term, Operation):
        return term
    operands = tuple(tidy(operand) for operand in term.operands)
    term = Operation(term.operator, operands)
    if len(operands) != 2:
        return term
    rule = {"+": _tidy_sum, "-": _tidy_difference, "*": _tidy_product, "//": _tidy_division}
    return rule[term.operator](*operands) if term.operator in rule else term


def _is(term: Term, number: int) -> bool:
    return isinstance(term, Constant) and bool(term.value == number)


def _tidy_sum(left: Term, right: Term) -> Term:
    if _is(right, 0):
        return left
    if _is(left, 0):
        return right
    if isinstance(left, Operation) and left.operator == "-" and left.operands[1] == right:
        return left.operands[0]  # (5 − 1) + 1
    return Operation("+", (left, right))


def _tidy_difference(left: Term, right: Term) -> Term:
    if _is(right, 0):
        return left
    # a − (5 − 1) − 1 = a − 5
    if isinstance(left, Operation) and left.operator == "-":
        first, taken = left.operands
        if isinstance(taken, Operation) and taken.operator == "-" and taken.operands[1] == right:
            return Operation("-", (first, taken.operands[0]))
    return Operation("-", (left, right))


def _tidy_product(left: Term, right: Term) -> Term:
    # A size of one among sizes (1·28·28) is worth reading; a dilation of one is not.
    if _is(left, 1) and isinstance(right, Operation):
        return right
    return Operation("*", (left, right))


def _tidy_division(left: Term, right: Term) -> Term:
    # Over a sum, "/ 1" is kept: it is the place where a stride would stand.
    if _is(right, 1) and not isinstance(left, Operation):
        return left
    dividend, divisor = _value(left), _value(right)
    exact = divisor != 0 and dividend % divisor == 0
    return Operation("/" if exact else "//", (left, right))


def _value(term: Term) -> int:
    """The number that a term without symbols is worth."""
    if isinstance(term, Constant):
        return int(term.value)
    if isinstance(term, Operation):
        numbers = [_value(operand) for operand in term.operands]
        return int(_COMPUTE[term.operator](*numbers))
    return 0


_COMPUTE: dict[str, Any] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a // b,
    "//": lambda a, b: a // b,
    "%": lambda a, b: a % b,
    "**": lambda a, b: a**b,
    "min": min,
    "max": max,
}
