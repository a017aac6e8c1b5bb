"""How long a training would take on this machine, before anything is trained. No torch.

The estimate is for the processor, and good to a factor of two or three: enough to tell a minute
from an hour. What a run really takes is in its messages.
"""

from __future__ import annotations

import functools
import time
from dataclasses import dataclass

from data.dataset import DataDescription
from graph.results import BlockResult
from training.spec import TrainingSpec

_SIDE = 512
"""Of the matrices that are multiplied to measure the speed."""
_ROUNDS = 12

# Fitted to steps of the templates with Adam on one thread, from an MLP to VGG-11.
_TIMES_FORWARD = 3.0
"""A step forward and back costs about three times the multiply-adds of the way forward."""
_OF_A_MATRIX = 0.35
"""The time per multiply-add of a convolution, as a share of that of a large matrix product."""
_PASSES = 25.0
"""How often memory is gone through for each number that flows."""
_PASSES_OF_WEIGHTS = 40.0
"""Likewise for each weight: its gradient and the steps of the optimiser."""
_SECONDS_PER_CALL = 60e-6
"""What each layer costs in a step, however small it is."""


@dataclass(frozen=True, slots=True)
class MachineSpeed:
    """What the processor can do: multiply-adds and bytes copied, per second."""

    multiply_adds: float
    bytes: float


@functools.cache
def machine_speed() -> MachineSpeed:
    """Measured with a matrix product and a copy of an array; takes a few hundredths of a second."""
    import numpy

    one = numpy.ones((_SIDE, _SIDE), dtype=numpy.float32)
    large = numpy.ones(1 << 22, dtype=numpy.float32)
    product, copy = numpy.empty_like(one), numpy.empty_like(large)
    multiply = copying = float("inf")
    for _ in range(_ROUNDS):
        begun = time.perf_counter()
        numpy.matmul(one, one, out=product)
        middle = time.perf_counter()
        numpy.copyto(copy, large)
        ended = time.perf_counter()
        multiply = min(multiply, middle - begun)
        copying = min(copying, ended - middle)
    return MachineSpeed(_SIDE**3 / multiply, 2 * large.nbytes / copying)


def training_seconds(
    result: BlockResult,
    description: DataDescription,
    spec: TrainingSpec,
    speed: MachineSpeed,
) -> float:
    """About how long a whole training takes on the processor.

    Args:
        result: sizes and costs of the main block.
        description: of the data; all samples count, since validation and test take their time too.
    """
    layers, numbers = _flow(result)
    steps = description.samples * spec.epochs / spec.batch_size
    samples = description.samples * spec.epochs
    computing = _TIMES_FORWARD * _OF_A_MATRIX * result.multiply_adds / speed.multiply_adds
    moving = 4 * _PASSES * numbers / speed.bytes
    stepping = 4 * _PASSES_OF_WEIGHTS * result.parameters / speed.bytes
    return samples * (computing + moving) + steps * (stepping + layers * _SECONDS_PER_CALL)


def _flow(result: BlockResult) -> tuple[int, int]:
    """How many layers compute in one pass, and how many numbers they give, for one sample."""
    layers = numbers = 0
    for node in result.nodes.values():
        if not node.inner:
            layers += 1
            numbers += sum(spec.elements for spec in node.outputs.values())
            continue
        for place in range(int(node.repeat)):
            inner_layers, inner_numbers = _flow(node.inner[min(place, len(node.inner) - 1)])
            layers += inner_layers
            numbers += inner_numbers
    return layers, numbers
