"""What every layer must keep: its declared rules against what torch does with the emitted code.

The emission is read here by a small interpreter that shares nothing with codegen, so that a fault
in either does not hide one in the other.
"""

from __future__ import annotations

import importlib
import math
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import torch
import torchvision
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from graph.layer import Layer
from graph.shapes import ShapeError, TensorSpec
from graph.term import Symbol, to_text
from graph.trace import Traced, TracedInt, plain, term_of, traced

DTYPES = {"float": torch.float32, "integer": torch.int64, "boolean": torch.bool}
NAMES = {"torch": torch, "nn": nn, "F": nn.functional, "torchvision": torchvision}

Received = Sequence[TensorSpec | None]


def _bilinear(left: Any, weight: Any, *_: Any, **__: Any) -> int:
    return 2 * math.prod(left[:-1]) * math.prod(weight)


def _deformable(x: Any, weight: Any, offset: Any, *_: Any, **__: Any) -> int:
    return 2 * x[0] * math.prod(offset[2:]) * math.prod(weight)


FORGOTTEN = {
    torch.ops.aten._trilinear: _bilinear,
    torch.ops.torchvision.deform_conv2d: _deformable,
}
"""What torch's counter does not know: multiplications as it would count them."""


def written_out(name: str) -> Any:
    """What a file of codegen/parts holds."""
    found = importlib.import_module(f"codegen.parts.{part_module(name)}")
    return getattr(found, name)


def part_module(name: str) -> str:
    """`LocallyConnected2d` is in locally_connected2d.py."""
    return "".join(
        f"_{c.lower()}" if c.isupper() and place else c.lower() for place, c in enumerate(name)
    )


class Emitted(nn.Module):
    """A module that does what an emission says, for so many samples."""

    def __init__(self, layer: Layer, received: Received, batch: int = 2) -> None:
        super().__init__()
        self.batch = batch
        self.layer = layer
        self.emission = layer.emit(*received)
        self.known = NAMES | {
            name: written_out(name) for name in self.emission.names() if name not in NAMES
        }
        constructor = self.emission.constructor
        if constructor is not None:
            first, *rest = constructor.name.split(".")
            made: Any = self.known[first]
            for part in rest:
                made = getattr(made, part)
            keywords = {key: plain(value) for key, value in constructor.keywords.items()}
            self.module = made(*plain(constructor.positional), **keywords)

    def forward(self, *tensors: Tensor | None) -> dict[str, Tensor]:
        """The tensor at every output port."""
        bound: dict[str, Any] = {**self.known, "self": self, "batch": self.batch}
        words = {"module": "self.module", "batch": "batch"}
        for name, value in self.emission.values.items():
            bound[f"value_{name}"] = plain(value)
            words[name] = f"value_{name}"
        waiting = list(tensors)
        for port in self.layer.inputs():
            count = len(waiting) if port.variadic else 1
            names = [f"input_{port.name}_{number}" for number in range(count)]
            bound |= zip(names, waiting, strict=False)
            waiting = waiting[count:]
            words[port.name] = self.emission.separator.join(names)
        ports = [port.name for port in self.layer.outputs()]
        targets = {port: f"output_{port}" for port in ports}
        source = f"{self.emission.targets.format_map(targets)} = "
        source += self.emission.expression.format_map(words)
        exec(source, bound)
        for port, expression in self.emission.afterwards.items():
            bound[targets[port]] = eval(expression.format_map(targets), bound)
        return {port: bound[targets[port]] for port in ports}


def tensor(spec: TensorSpec, batch: int, device: str = "cpu") -> Tensor:
    """A tensor of the size; whole numbers are all 0, which any table holds."""
    if spec.dtype == "float":
        return torch.randn(batch, *plain(spec.sizes), device=device)
    return torch.zeros(batch, *plain(spec.sizes), dtype=DTYPES[spec.dtype], device=device)


NOT_ON_META = ("cannot be called on meta tensors", "no fake impl or Meta kernel")
"""What torch says of operations that need a real device."""


def run(layer: Layer, received: Received, batch: int, device: str) -> tuple[Emitted, Any]:
    """The emitted module and what it gives."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with torch.device(device):
            module = Emitted(layer, received, batch)
        tensors = [None if x is None else tensor(x, batch, device) for x in received]
        try:
            return module, module(*tensors)
        except RuntimeError as error:
            if not any(words in str(error) for words in NOT_ON_META):
                raise
    # What looks at a value, as some of torch's modules do, needs one.
    return run(layer, received, batch, "cpu")


def declared(layer: Layer, received: Received) -> tuple[TensorSpec, ...]:
    """What the layer says that it gives."""
    given = layer.infer(*received)
    return given if isinstance(given, tuple) else (given,)


@dataclass
class Verdict:
    """What one use showed, so that a test can see that both sorts occurred."""

    accepted: bool
    refused: bool


def check(layer: Layer, received: Received, batch: int) -> Verdict:
    """Compare everything that a layer declares with torch.

    Raises:
        AssertionError: where they differ.
    """
    try:
        outputs = declared(layer, received)
    except ShapeError as error:
        check_refusal(layer, received, batch, error)
        return Verdict(accepted=False, refused=True)
    counter = FlopCounterMode(display=False, custom_mapping=FORGOTTEN)
    try:
        with counter:
            module, given = run(layer, received, batch, "meta")
    except Exception as error:
        raise AssertionError(
            f"{layer} accepts {sizes_of(received)}, but torch says: {error}"
        ) from error
    shapes = [(tuple(t.shape), t.dtype) for t in given.values()]
    expected = [((batch, *spec.sizes), DTYPES[spec.dtype]) for spec in outputs]
    assert expected == shapes, f"{layer} on {sizes_of(received)}"
    assert all(type(size) is int for spec in outputs for size in spec.sizes)
    check_weights(layer, received, module)
    # Torch counts a multiplication and an addition as two.
    counted = counter.get_total_flops()
    assert 2 * batch * layer.multiply_adds(*received) == counted, f"multiply-adds of {layer}"
    assert isinstance(layer.summary(), str)
    return Verdict(accepted=True, refused=False)


def sizes_of(received: Received) -> str:
    return " and ".join("nothing" if x is None else f"{x.dtype} {x}" for x in received)


def check_refusal(layer: Layer, received: Received, batch: int, error: ShapeError) -> None:
    """A refusal is right where torch refuses too, or where a reason is declared."""
    text = str(error)
    assert len(text) > 15
    assert not text.endswith("."), text
    assert error.port == "" or any(
        error.port == port.name or (port.variadic and error.port.startswith(f"{port.name}_"))
        for port in layer.inputs()
    )
    if layer.STRICTER_THAN_TORCH or _read_as_one_sample(layer, received, batch):
        return
    if "expects decimal numbers" in text and any(x and x.dtype != "float" for x in received):
        # Where torch converts indices and labels to fractions, that is hardly ever meant.
        return
    try:
        # Not on the meta device, where torch leaves out some checks.
        _, given = run(layer, received, batch, "cpu")
    except Exception:
        return
    if any(result.numel() == 0 for result in given.values()):
        # Some of its kernels return nothing at all instead of complaining.
        return
    raise AssertionError(f"torch accepts {sizes_of(received)} for {layer}, which refuses: {text}")


def _read_as_one_sample(layer: Layer, received: Received, batch: int) -> bool:
    """Whether torch would take the whole batch for a single sample without a batch axis, which is
    never what is meant here."""
    try:
        layer.infer(*[x and TensorSpec((batch, *x.sizes), x.dtype) for x in received])
    except ShapeError:
        return False
    return True


def check_weights(layer: Layer, received: Received, module: Emitted) -> None:
    """The learned tensors are those of the module, by name and size."""
    own = getattr(module, "module", None)
    real = {} if own is None else {n: tuple(p.shape) for n, p in own.named_parameters()}
    assert dict(layer.weights(*received)) == real, f"weights of {layer}"
    count = sum(p.numel() for p in module.parameters())
    assert layer.parameter_count(*received) == count


# --- rules run with traced numbers -------------------------------------------------------------


def trace_all(layer: Layer, received: Received) -> tuple[Layer, list[TensorSpec | None]]:
    """The same use with every number carrying a symbol."""
    values = {name: _symbolic(name, getattr(layer, name)) for name in layer.PARAMETERS}
    inputs = [
        x and TensorSpec(_symbolic(f"input_{number}", x.sizes), x.dtype)
        for number, x in enumerate(received)
    ]
    return type(layer)(**values), inputs


def _symbolic(name: str, value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(_symbolic(f"{name}_{place}", element) for place, element in enumerate(value))
    return value if value is None else traced(value, Symbol(name))


def environment(layer: Layer, received: Received) -> dict[str, Any]:
    """The value of every symbol."""
    values: dict[str, Any] = {"min": min, "max": max}

    def enter(name: str, value: Any) -> None:
        if isinstance(value, tuple):
            for place, element in enumerate(value):
                enter(f"{name}_{place}", element)
        else:
            values[name] = value

    for name in layer.PARAMETERS:
        enter(name, getattr(layer, name))
    for number, x in enumerate(received):
        enter(f"input_{number}", () if x is None else x.sizes)
    return values


def evaluate(value: Any, values: dict[str, Any]) -> Any:
    """A traced value under other values of its symbols, by Python itself."""
    if isinstance(value, tuple):
        return tuple(evaluate(element, values) for element in value)
    return eval(to_text(term_of(value)), dict(values)) if isinstance(value, Traced) else value


@contextmanager
def recorded_decisions() -> Iterator[list[bool]]:
    """Every comparison of traced whole numbers, in order: two runs of a rule with the same ones
    took the same way through it."""
    decisions: list[bool] = []

    def recording(name: str) -> Any:
        original = getattr(int, name)

        def method(self: int, other: object) -> Any:
            answer = original(self, other)
            decisions.append(answer)
            return answer

        return method

    with pytest.MonkeyPatch.context() as patch:
        for name in ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"):
            patch.setattr(TracedInt, name, recording(name), raising=False)
        patch.setattr(TracedInt, "__bool__", _recorded_truth(decisions), raising=False)
        yield decisions


def _recorded_truth(decisions: list[bool]) -> Any:
    def method(self: int) -> bool:
        decisions.append(int(self) != 0)
        return decisions[-1]

    return method


def everything(layer: Layer, received: Received) -> dict[str, Any]:
    """All numbers that the rules of a layer give."""
    numbers: dict[str, Any] = {
        f"output {place}": spec.sizes for place, spec in enumerate(declared(layer, received))
    }
    numbers |= {f"weight {name}": s for name, s in layer.weights(*received).items()}
    numbers["multiply-adds"] = layer.multiply_adds(*received)
    emission = layer.emit(*received)
    numbers |= {f"value {name}": value for name, value in emission.values.items()}
    if emission.constructor is not None:
        numbers["positional"] = emission.constructor.positional
        numbers |= {f"keyword {n}": v for n, v in emission.constructor.keywords.items()}
    return numbers


def check_other_values(
    layer: Layer, received: Received, other: Layer, other_received: Received
) -> bool:
    """Where a rule takes the same way for other values, the expressions from the first run must
    give the numbers of the second: that is what one class for many uses of a block stands on.

    Returns:
        Whether it could be compared.
    """
    with recorded_decisions() as decisions:
        try:
            first = everything(*trace_all(layer, received))
            way = list(decisions)
            decisions.clear()
            second = everything(*trace_all(other, other_received))
        except ShapeError:
            return False
        if way != decisions:
            return False
    values = environment(other, other_received)
    evaluated = {name: evaluate(value, values) for name, value in first.items()}
    assert evaluated == {name: plain(value) for name, value in second.items()}
    return True
