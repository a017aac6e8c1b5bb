"""The arithmetic behind a node's sizes, with that node's own numbers.

The layer's rules are run once more with numbers that remember how they were computed
(graph/trace.py); what comes out is written as mathematics: `(14 + 2·0 − 5) / 1 + 1`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from graph.layer import Layer
from graph.ports import in_order
from graph.results import NodeResult
from graph.settled import weights_in_form
from graph.shapes import ShapeError, TensorSpec
from graph.term import Constant, Operation, Term, to_text
from graph.trace import plain, term_of, traced

_AXES: dict[int, tuple[str, ...]] = {
    1: ("features",),
    2: ("steps", "features"),
    3: ("channels", "height", "width"),
    4: ("channels", "depth", "height", "width"),
}

_CHANNELS_FIRST = ("convolution", "pooling", "normalization")

LONGEST_FORMULA = 120
"""Letters; what is longer teaches nobody anything."""


@dataclass(frozen=True, slots=True)
class Line:
    """One computed number: what it is, how it came about, what it is worth.

    `str(line)` is `height: (14 + 2·0 − 5) / 1 + 1 = 10`. Where a layer has several outputs and
    the number is not the same for all of them, `port` says for which one it is.
    """

    label: str
    formula: str
    value: int
    port: str = ""

    def __str__(self) -> str:
        label = f"{self.port}, {self.label}" if self.port else self.label
        return f"{label}: {self.formula} = {self.value:,}"


@dataclass(frozen=True, slots=True)
class Explanation:
    """How the numbers of one node were computed.

    Attributes:
        sizes: of every axis that was computed.
        weights: their number; None where there are none.
        multiply_adds: their number; None where there are none.
    """

    sizes: tuple[Line, ...] = ()
    weights: Line | None = None
    multiply_adds: Line | None = None


def axis_names(rank: int, layer: Layer | None = None) -> tuple[str, ...]:
    """What the axes of a size are called, without the batch. Some layers read two axes as a
    sequence of vectors, others as channels of a signal."""
    if rank == 2 and layer is not None and layer.CATEGORY in _CHANNELS_FIRST:
        return "channels", "length"
    return _AXES.get(rank) or tuple(f"axis {number}" for number in range(1, rank + 1))


def explain(result: NodeResult) -> list[Line]:
    """How the sizes and weights of a layer's node were computed; nothing where no arithmetic was
    done (a size that is simply given or passed on) or where they are not known."""
    explained = explain_all(result)
    return [*explained.sizes, *([explained.weights] if explained.weights else [])]


def explain_all(result: NodeResult) -> Explanation:
    """How everything that is counted of a layer's node was computed."""
    layer = result.layer
    if layer is None or result.findings or not result.outputs or None in result.inputs.values():
        return Explanation()
    asked = _with_traced_arguments(layer)
    given = [
        None if spec is None else replace(spec, sizes=_traced(spec.sizes))
        for spec in in_order(layer.inputs(), result.inputs)
    ]
    try:
        inferred = asked.infer(*given)
        weights = weights_in_form(asked.weights(*given), result.form)
        multiply_adds = asked.multiply_adds(*given)
    except (ShapeError, TypeError):
        # What a rule cannot compute with traced numbers is not explained; the numbers stand.
        return Explanation()
    outputs = inferred if isinstance(inferred, tuple) else (inferred,)
    names = [port.name for port in layer.outputs()]
    return Explanation(
        tuple(_all_size_lines(layer, dict(zip(names, outputs, strict=False)))),
        _weights_line(map(_one_per_row, weights.values())) if weights else None,
        _multiply_adds_line(multiply_adds, outputs),
    )


def _one_per_row(sizes: tuple[int, ...]) -> tuple[int, ...]:
    """Without the axes of a tensor that only hold one number for each row, as a weight norm."""
    plain_axes = [type(size) is int and size == 1 for size in sizes[1:]]
    return sizes[:1] if all(plain_axes) else sizes


def _with_traced_arguments(layer: Layer) -> Layer:
    arguments = {name: _traced(getattr(layer, name)) for name in layer.PARAMETERS}
    return type(layer)(**arguments)


def _traced(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return tuple(_traced(element) for element in value)
    return traced(value)


def _all_size_lines(layer: Layer, outputs: Mapping[str, TensorSpec]) -> list[Line]:
    """The lines of all outputs; what was computed in the same way for several stands there once."""
    lines: list[Line] = []
    seen: set[tuple[int, str]] = set()
    for place, (port, spec) in enumerate(outputs.items()):
        # What a further output of two axes is, nobody can tell: states, indices, weights.
        known = place == 0 or spec.rank > 2
        names = axis_names(spec.rank, layer if known else None)
        if not known:
            names = tuple(f"axis {number}" for number in range(1, spec.rank + 1))
        for axis, (name, size) in enumerate(zip(names, spec.sizes, strict=True)):
            term = tidy(term_of(size))
            text = _formula(term)
            if isinstance(term, Constant) or len(text) > LONGEST_FORMULA or (axis, text) in seen:
                continue
            seen.add((axis, text))
            lines.append(Line(name, text, int(plain(size)), port if place else ""))
    return lines


def _multiply_adds_line(count: int, outputs: Iterable[TensorSpec]) -> Line | None:
    """`6·1·5·5·28·28`: the sizes of outputs as numbers, since their arithmetic stands above."""
    known = {term_of(size): int(plain(size)) for spec in outputs for size in spec.sizes}
    term = tidy(_with_numbers(term_of(count), known))
    if isinstance(term, Constant) or len(_formula(term)) > LONGEST_FORMULA:
        return None
    return Line("multiply-adds", _formula(term), int(plain(count)))


def _with_numbers(term: Term, known: Mapping[Term, int]) -> Term:
    """The term with computed sizes replaced by what they are worth."""
    if not isinstance(term, Operation):
        return term
    if term in known:
        return Constant(known[term])
    operands = tuple(_with_numbers(operand, known) for operand in term.operands)
    return Operation(term.operator, operands)


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
