"""Random legal settings and inputs for any layer, derived from its declaration alone."""

import dataclasses
import struct
from typing import Any, Literal, NamedTuple

from hypothesis import strategies as st

from graph.declare import MISSING, Declared, Parameter, build
from graph.layer import Layer
from graph.shapes import SetArgument, ShapeError, TensorSpec

SMALL = 4
"""Whole numbers stay near their lower bound by so much, so that tensors stay small."""

AXIS_SIZES = (1, 2, 3, 4, 5, 6, 8, 9, 12)
DTYPES = ("float", "integer", "boolean")
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
    # Torch computes with 32 bits; a bound such as 0.99 needs all 64 to be met exactly.
    exact = all(struct.unpack("f", struct.pack("f", b))[0] == b for b in (lowest, highest))
    width: Literal[32, 64] = 32 if exact else 64
    drawn = st.floats(lowest, highest, exclude_min=parameter.above is not None, width=width)
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
        "triple": whole | st.tuples(whole, whole, whole),
        "numbers": st.lists(_number(parameter), min_size=1, max_size=4).map(tuple),
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


class _Sort(NamedTuple):
    """A sort of input: its rank and type, whether all its axes are equal, and the axis that must
    have a certain size, if any."""

    rank: int
    dtype: str
    square: bool = False
    fixed: tuple[int, int] | None = None

    def specs(self) -> st.SearchStrategy[TensorSpec]:
        """Sizes of this sort."""
        drawn = specs((self.rank,), (self.dtype,))
        return drawn.map(self._form) if self.square or self.fixed else drawn

    def _form(self, spec: TensorSpec) -> TensorSpec:
        sizes = list(spec.sizes[-1:] * self.rank if self.square else spec.sizes)
        if self.fixed is not None:
            axis, size = self.fixed
            sizes[axis] = size
        return spec.with_sizes(*sizes)


def _accepted(layer: Layer) -> list[_Sort]:
    """What a layer takes at its first port, tried with roomy inputs. Where it takes none of them,
    an axis that must have a certain size is looked for."""
    later = {port.name for port in layer.inputs()[1:]}

    def takes(sizes: tuple[int, ...], dtype: str) -> bool:
        spec = TensorSpec(sizes, dtype)  # type: ignore[arg-type]
        try:
            layer.infer(*[None if port.optional else spec for port in layer.inputs()])
        except ShapeError as error:
            return error.port in later
        return True

    sorts = [(rank, dtype) for rank in RANKS for dtype in DTYPES]
    found = [
        _Sort(rank, dtype, square=not takes((12, 24, 48, 36)[:rank], dtype))
        for rank, dtype in sorts
        if takes((12,) * rank, dtype)
    ]
    return found or [
        _Sort(rank, dtype, fixed=(axis, size))
        for rank, dtype in sorts
        for axis in range(rank)
        for size in AXIS_SIZES
        if takes((*(12,) * axis, size, *(12,) * (rank - axis - 1)), dtype)
    ]


def _fitting(layer: Layer, received: list[TensorSpec | None]) -> list[TensorSpec]:
    """What the next port takes after what the ports before it received: tried with the sizes that
    occur there, in the settings and in the outputs, until the layer no longer complains of it."""
    ports = layer.inputs()
    here, later = ports[len(received)], ports[len(received) + 1 :]
    fitting = []
    for spec in _related(layer, received):
        try:
            layer.infer(*received, spec, *[None if port.optional else spec for port in later])
        except ShapeError as error:
            if error.port in ("", here.name, *(port.name for port in ports[: len(received)])):
                continue
        fitting.append(spec)
    return fitting


def next_input(layer: Layer, received: list[TensorSpec | None]) -> TensorSpec | None:
    """What the layer says that its next port takes."""
    try:
        return layer.next_input(*received)
    except ShapeError:
        return None  # not even the first inputs fit


def _related(layer: Layer, received: list[TensorSpec | None]) -> list[TensorSpec]:
    """Sizes made of the numbers that a use of a layer has so far, in all types."""
    known = [spec.sizes for spec in received if spec is not None]
    known += [spec.sizes for spec in (next_input(layer, received),) if spec is not None]
    try:
        rest = [None] * (len(layer.inputs()) - len(received))
        given = layer.infer(*received, *rest)
        known += [spec.sizes for spec in (given if isinstance(given, tuple) else (given,))]
    except (ShapeError, AttributeError, TypeError):
        pass  # not even without the rest, or the rest is needed
    settings = [getattr(layer, name) for name in layer.PARAMETERS]
    numbers = {s for sizes in known for s in sizes} | {
        value for value in settings if type(value) is int and 0 < value <= max(AXIS_SIZES)
    }
    sizes = {(), *known, *((a,) for a in numbers), *((a, b) for a in numbers for b in numbers)}
    for one in known:
        for axis in range(len(one)):
            sizes |= {(*one[:axis], number, *one[axis + 1 :]) for number in numbers}
    return [
        TensorSpec(one, dtype)  # type: ignore[arg-type]
        for one in sorted(sizes, key=lambda one: (len(one), one))
        for dtype in DTYPES
    ]


@st.composite
def uses(draw: st.DrawFn, cls: type[Layer]) -> tuple[Layer, list[TensorSpec | None]]:
    """A layer with legal settings, and what its ports receive: mostly of a sort that it is made
    for, but it need not fit."""
    layer = draw(legal(cls))
    liked = _accepted(layer)
    one = specs()
    if liked and draw(st.integers(0, 3)):
        one = draw(st.sampled_from(liked)).specs()
    wanted = next_input(layer, [])
    if wanted is not None and draw(st.booleans()):
        one = st.just(wanted)
    received: list[TensorSpec | None] = []
    for port in layer.inputs():
        fitting: list[TensorSpec] = []
        if port.optional and draw(st.booleans()):
            received += [] if port.variadic else [None]
            continue
        if received and not port.variadic and draw(st.integers(0, 7)):
            fitting = _fitting(layer, received)
        if fitting:
            received.append(draw(st.sampled_from(fitting)))
        elif port.variadic:
            received += draw(_branches(one))
        else:
            received.append(draw(one))
        if len(received) == 1 and draw(st.booleans()):
            layer = _repaired(layer, received)
    return layer, received


def _repaired(layer: Layer, received: list[TensorSpec | None]) -> Layer:
    """The layer with a setting changed as it proposes itself for its first input, so that what
    comes after that is tried too."""
    rest = [None if port.optional else received[0] for port in layer.inputs()[1:]]
    try:
        layer.infer(*received, *rest)
    except ShapeError as error:
        for repair in error.repairs:
            if isinstance(repair, SetArgument):
                return dataclasses.replace(layer, **{repair.parameter: repair.value})
    return layer


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
