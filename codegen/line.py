"""The lines of PyTorch that a single layer becomes: for its card, and for lists of layers.

A project as a whole is written in codegen/module.py, with variables that fit together; where there
is such a module, `node_lines` takes a node's lines out of it.
"""

from __future__ import annotations

import re
import textwrap
from collections import deque
from collections.abc import Iterator, Mapping, Sequence

from codegen.module import GeneratedModule
from codegen.python import call_lines, value_text
from graph.declare import ArgumentError, Parameter, build
from graph.edits import short_name
from graph.layer import Layer, Port
from graph.ports import in_order
from graph.results import NodeResult
from graph.shapes import ShapeError, TensorSpec


def node_lines(module: GeneratedModule, block: str, node: str) -> list[str]:
    """What a node became in a module: construction and call, without indentation."""
    lines = module.text.split("\n")
    found = textwrap.dedent("\n".join(lines[n] for n in module.lines_of(block, node))).split("\n")
    # A block that is used in several ways has several classes, which say mostly the same.
    return [line for line in dict.fromkeys(found) if line]


def result_lines(result: NodeResult, name: str) -> list[str]:
    """What a layer's node would become by itself; nothing where its sizes are not known."""
    if result.layer is None or result.findings or None in result.inputs.values():
        return []
    return layer_lines(result.layer, in_order(result.layer.inputs(), result.inputs), name)


def layer_lines(layer: Layer, received: Sequence[TensorSpec | None], name: str) -> list[str]:
    """Construction and call of a layer that is the attribute `name`; nothing for layers that are
    no code, such as notes and outputs.

    Args:
        received: as `infer` takes it.
    """
    if type(layer).emit is Layer.emit:
        return []
    emission = layer.emit(*received)
    lines: list[str] = []
    constructor = emission.constructor
    if constructor is not None:
        arguments = [value_text(value) for value in constructor.positional]
        arguments += [f"{key}={value_text(value)}" for key, value in constructor.keywords.items()]
        lines += call_lines(f"self.{name} = {constructor.name}(", arguments)
    words = {"module": f"self.{name}", "batch": "x.size(0)"}
    words |= _variables(layer.inputs(), received, emission.separator)
    words |= {key: value_text(value) for key, value in emission.values.items()}
    ports = [port.name for port in layer.outputs()]
    targets = {port: "x" if ports == ["out"] else port for port in ports}
    lines.append(
        f"{emission.targets.format_map(targets)} = {emission.expression.format_map(words)}"
    )
    lines += [
        f"{targets[port]} = {after.format_map(targets)}"
        for port, after in emission.afterwards.items()
    ]
    return lines


def _variables(
    ports: Sequence[Port], received: Sequence[TensorSpec | None], separator: str
) -> dict[str, str]:
    """What stands in an expression for every input port."""
    several = len(received) - sum(not port.variadic for port in ports)
    words: dict[str, str] = {}
    place = 0
    for port in ports:
        variable = "x" if port.name == "in" else port.name
        if port.variadic:
            names = [f"{variable}{number}" for number in range(1, several + 1)]
            words[port.name] = separator.join(names)
            place += several
        else:
            words[port.name] = "None" if received[place] is None else variable
            place += 1
    return words


# --- an example of a layer ---------------------------------------------------------------------


def example_lines(cls: type[Layer]) -> list[str]:
    """What a layer becomes with its defaults; nothing where no input for it can be found."""
    layer = example_layer(cls)
    received = example_inputs(layer)
    return [] if received is None else layer_lines(layer, received, short_name(cls.NAME))


def example_layer(cls: type[Layer]) -> Layer:
    """The layer with its defaults, and something legal where there is none."""
    arguments = {p.name: _legal(p) for p in cls.PARAMETERS.values() if p.required}
    return build(cls, arguments)


def _legal(parameter: Parameter) -> object:
    for value in (*parameter.choices, 8, (8,), 0.5, "", False):
        try:
            return parameter.check(value)
        except ArgumentError:
            continue
    raise parameter.refuse("nothing")


_USUAL = (
    TensorSpec((16, 32, 32)),
    TensorSpec((64,)),
    TensorSpec((10, 64)),
    TensorSpec((16, 8, 32, 32)),
    TensorSpec((10,), "integer"),
    TensorSpec((16, 32, 32), "integer"),
    TensorSpec((16, 32, 32), "boolean"),
    TensorSpec((10, 4)),
    TensorSpec((10, 10)),
    TensorSpec(()),
)
"""What mostly comes in: an image, a vector, a sequence, a volume, words, ..."""


def example_inputs(layer: Layer) -> list[TensorSpec | None] | None:
    """Something that the layer takes, the usual things first; None where nothing was found."""
    return next(_completions(layer, []), None)


def _completions(
    layer: Layer, received: list[TensorSpec | None]
) -> Iterator[list[TensorSpec | None]]:
    ports = layer.inputs()
    place = len(received)
    if place >= len(ports):
        if _complaint(layer, received) is None:
            yield received
        return
    port = ports[place]
    if port.optional:
        yield from _completions(layer, [*received, *([] if port.variadic else [None])])
    later = [one.name for one in ports[place + 1 :]]
    tried: dict[TensorSpec, None] = {}
    waiting = deque((spec, 0) for spec in _candidates(layer, received))
    while waiting and len(tried) < MOST_TRIED:
        spec, depth = waiting.popleft()
        if spec in tried:
            continue
        tried[spec] = None
        given = [*received, *[spec] * (2 if port.variadic else 1)]
        fault = _complaint(layer, [*given, *[None for _ in later]])
        if fault is None and not later:
            yield given
        elif fault is None or fault[0] in later or (fault[0] == "" and later):
            if not port.variadic:
                yield from _completions(layer, given)
        elif depth < 2:
            waiting.extend((hint, depth + 1) for hint in _hints(fault[1], spec))


MOST_TRIED = 2000


def _complaint(layer: Layer, received: Sequence[TensorSpec | None]) -> tuple[str, str] | None:
    """The port of which the layer complains, an empty text for none in particular, and what it
    says; None where it takes what it receives."""
    try:
        layer.infer(*received)
    except ShapeError as error:
        return error.port, str(error)
    except (AttributeError, TypeError):
        # A later input that is needed is still missing.
        ports = layer.inputs()
        missing = [p.name for p, x in zip(ports, received, strict=False) if x is None]
        return (missing[0] if missing else ""), ""
    return None


def _hints(complaint: str, spec: TensorSpec) -> Iterator[TensorSpec]:
    """What a complaint says that it expects: a size, or a number along one axis."""
    for text in re.findall(r"\d+(?:×\d+)+", complaint):
        yield spec.with_sizes(*map(int, text.split("×")))
    for number in map(int, re.findall(r"\d+", complaint)):
        for axis in range(spec.rank):
            if number:
                yield spec.with_sizes(*spec.sizes[:axis], number, *spec.sizes[axis + 1 :])


def _candidates(layer: Layer, received: Sequence[TensorSpec | None]) -> Iterator[TensorSpec]:
    """What an input may be: like those before it, something usual, or the same with one axis
    changed to a number that occurs elsewhere."""
    before = [spec for spec in received if spec is not None]
    yield from before
    yield from (TensorSpec(spec.sizes, "integer") for spec in before)
    yield from _USUAL
    settings: Mapping[str, object] = {name: getattr(layer, name) for name in layer.PARAMETERS}
    numbers = [value for value in settings.values() if type(value) is int and value > 0]
    numbers += [size for spec in before for size in spec.sizes]
    # Offsets and masks have so many channels as there are places in a filter.
    products = [a * b * c for a in numbers for b in numbers for c in (1, 2)]
    kernels = [v[0] * v[1] for v in settings.values() if isinstance(v, tuple) and len(v) == 2]
    for number in dict.fromkeys([*numbers, 1, *kernels, *(2 * k for k in kernels), *products]):
        for spec in (*before, *_USUAL):
            for axis in range(spec.rank):
                yield spec.with_sizes(*spec.sizes[:axis], number, *spec.sizes[axis + 1 :])
