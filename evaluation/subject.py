"""What is judged: a network on samples. Imports torch: for workers only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter

from torch import Tensor, nn

from data.dataset import Batch, DataDescription, Probabilities, Samples, SplitName, Task
from evaluation.decoding import Decoding

Judged = tuple[Tensor, Mapping[str, Tensor], Batch]
"""Of some samples: the output, what it should be, and the samples themselves; on the CPU."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is judged, on what.

    Attributes:
        network: with its weights, on the device where it is to compute.
        weights: which they are: "best" or "last".
        epoch: after which epoch they were saved; 0 where unknown.
        task: what it has learned.
        probabilities: how the outputs of a classifier become probabilities.
        targets: what the outputs for a batch are compared with, as the loss has it.
        decoding: how an output becomes boxes; None for tasks without boxes.
    """

    network: nn.Module
    samples: Samples
    description: DataDescription
    split: SplitName
    weights: str = "best"
    epoch: int = 0
    task: Task = "classification"
    probabilities: Probabilities = "softmax"
    targets: Callable[[Batch], Mapping[str, Tensor]] = attrgetter("targets")
    decoding: Decoding | None = None
