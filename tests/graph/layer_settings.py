"""Random legal settings and inputs for any layer, derived from its declaration alone."""

from typing import Any

from hypothesis import strategies as st

from graph.declare import MISSING, Declared, Parameter, build
from graph.layer import Layer
from graph.shapes import ShapeError, TensorSpec

SMALL = 4
"""Whole numbers stay near their lower bound by so much, so that tensors stay small."""

AXIS_SIZES = (1, 2, 3, 4, 5, 6, 8, 9, 12)
DTYPES = ("float", "integer")
RANKS = range(5)


def _whole(parameter: Parameter) -> st.SearchStrategy[int]:
    lowest = -4 if parameter.min is None else int(parameter.min)
    if parameter.above is not None:
        lowest = int(parameter.above) + 1
    highest = lowest + SMALL + (2 if parameter.min is None else 0)
    return st.integers(lowest, highest if parameter.max is None else min(highest, parameter.max))


def _number(parameter: Parameter) -> st.SearchStrategy[float]:
    lowest = parameter.min if parameter.above is None else parameter.above
    highest = parameter.max
    if lowest is None:
        lowest = -2.0 if highest is None else highest - 4.0
    if highest is None:
        highest = lowest + 4.0
    drawn = st.floats(lowest, highest, exclude_min=parameter.above is not None, width=32)
    return drawn.filter(lambda value: value == 0 or abs(value) > 1e-6)


def value_of(parameter: Parameter) -> st.SearchStrategy[Any]:
    """Every legal value of a parameter, as long as it is small."""
    whole = _whole(parameter)
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "integer": whole,
        "number": _number(parameter),
        "switch": st.booleans(),
        "choice": st.sampled_from(parameter.choices or ("",)),
        "pair": whole | st.tuples(whole, whole),
        # Orders of axes are the lists of whole numbers that are rarest by chance.
        "sizes": st.lists(whole, min_size=1, max_size=4)
        | st.integers(1, 4).flatmap(lambda n: st.permutations(range(1, n + 1))),
        "text": st.text(max_size=8),
    }
    drawn = kinds[parameter.kind]
    if parameter.optional:
        drawn = st.none() | drawn
    return drawn if parameter.default is MISSING else st.just(parameter.default) | drawn


def legal(cls: type[Declared]) -> st.SearchStrategy[Any]:
    """An instance of a declared class with any legal settings."""
    values = {name: value_of(parameter) for name, parameter in cls.PARAMETERS.items()}
    return st.fixed_dictionaries(values).map(lambda arguments: build(cls, arguments))


def specs(ranks: Any = RANKS, dtypes: Any = DTYPES) -> st.SearchStrategy[TensorSpec]:
    """The size of one input."""
    return st.builds(
        TensorSpec,
        st.sampled_from(list(ranks)).flatmap(
            lambda rank: st.tuples(*[st.sampled_from(AXIS_SIZES)] * rank)
        ),
        st.sampled_from(dtypes),
    )


def _accepted(layer: Layer) -> list[tuple[int, str]]:
    """Ranks and types that a layer with one sort of input takes, tried with a roomy input."""
    found = []
    for rank in RANKS:
        for dtype in DTYPES:
            spec = TensorSpec((12,) * rank, dtype)  # type: ignore[arg-type]
            try:
                layer.infer(*[spec for _ in layer.inputs()])
            except ShapeError:
                continue
            found.append((rank, dtype))
    return found


@st.composite
def inputs(draw: st.DrawFn, layer: Layer) -> list[TensorSpec | None]:
    """What the ports of a layer receive: mostly of a sort that it is made for."""
    liked = _accepted(layer)
    one = specs()
    if liked and draw(st.integers(0, 3)):
        rank, dtype = draw(st.sampled_from(liked))
        one = specs((rank,), (dtype,))
    received: list[TensorSpec | None] = []
    for port in layer.inputs():
        if port.optional and draw(st.booleans()):
            received += [] if port.variadic else [None]
        elif port.variadic:
            received += draw(_branches(one))
        else:
            received.append(draw(one))
    return received


@st.composite
def _branches(draw: st.DrawFn, one: st.SearchStrategy[TensorSpec]) -> list[TensorSpec]:
    """One to three inputs: most often alike except along one axis, as a join needs them."""
    first = draw(one)
    branches = [first]
    for _ in range(draw(st.integers(0, 2))):
        sizes = list(first.sizes)
        if sizes and draw(st.booleans()):
            sizes[draw(st.integers(0, len(sizes) - 1))] = draw(st.sampled_from(AXIS_SIZES))
        related = st.just(TensorSpec(tuple(sizes), draw(st.sampled_from((first.dtype, "float")))))
        branches.append(draw(related if draw(st.integers(0, 3)) else one))
    return branches


@st.composite
def uses(draw: st.DrawFn, cls: type[Layer]) -> tuple[Layer, list[TensorSpec | None]]:
    """A layer with legal settings, and what it receives; it need not fit."""
    layer = draw(legal(cls))
    return layer, draw(inputs(layer))
