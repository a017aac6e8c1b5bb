"""What a loss is, and the registry of all. The losses themselves are in the files beside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol

from data.dataset import Batch, DataDescription, Probabilities, Task
from evaluation.decoding import Decoding
from graph.part import Part
from graph.registry import Registry

if TYPE_CHECKING:
    from torch import Tensor


class ObjectiveError(Exception):
    """A loss cannot be computed of what the network gives; says why and what to do."""


class RunningScore(Protocol):
    """How good outputs are, from 0 to 1, where neither loss nor accuracy says it."""

    NAME: ClassVar[str]
    """What it is called, in the middle of a sentence: "mean IoU"."""

    def add(self, output: Tensor, targets: Mapping[str, Tensor]) -> None:
        """Take in the outputs for a batch."""
        ...

    def value(self) -> float:
        """The score of all that was taken in; NaN where it is not defined."""
        ...


@dataclass(frozen=True, slots=True)
class Remark:
    """What a person should know of an output that can be judged.

    Attributes:
        title: a few words that follow the name of the output: "is smaller than the mask".
        text: what it means, in sentences.
    """

    title: str
    text: str


class Loss(Part):
    """Base of all: how wrong an output is.

    Attributes:
        TASKS: the tasks that it serves.
        HARMFUL_LAST_LAYERS: layers that must not stand last before it, each with the reason.
        NEEDED_LAST_LAYERS: layers of which one must stand last, the usual one first; empty where
            any may. `NEEDED_REASON` is why.
        PROBABILITIES: how the outputs of a classifier become probabilities.
        FURTHER_OUTPUTS: what the outputs of the network behind the first one must be, in words;
            each is one number per sample. Only `total` looks at them.
    """

    TASKS: ClassVar[tuple[Task, ...]]
    HARMFUL_LAST_LAYERS: ClassVar[Mapping[str, str]] = {}
    NEEDED_LAST_LAYERS: ClassVar[tuple[str, ...]] = ()
    NEEDED_REASON: ClassVar[str] = ""
    PROBABILITIES: ClassVar[Probabilities] = "softmax"
    FURTHER_OUTPUTS: ClassVar[tuple[str, ...]] = ()

    def task(self, description: DataDescription) -> Task:
        """What a network learns from this data with it: what the data tells of its samples."""
        return description.task

    def serves(self, description: DataDescription) -> bool:
        """Whether it makes sense for this data."""
        return self.task(description) in self.TASKS

    def output_sizes(self, description: DataDescription) -> tuple[int, ...]:
        """The sizes, without the batch axis, that the network's output must have."""
        raise NotImplementedError

    def accepts(self, sizes: tuple[int, ...], description: DataDescription) -> bool:
        """Whether it can judge an output of these sizes, without the batch axis."""
        return sizes == self.output_sizes(description)

    def fitted_to(self, sizes: tuple[int, ...], description: DataDescription) -> Loss | None:
        """The same loss with settings by which it accepts such an output; None where none do."""
        return None

    def remark(self, sizes: tuple[int, ...], description: DataDescription) -> Remark | None:
        """What a person should know of an output of sizes that it accepts; mostly nothing."""
        return None

    def misfit(self, description: DataDescription) -> str:
        """Why its settings do not fit data that it serves, in a sentence; empty where they do."""
        return ""

    def output_meaning(self, description: DataDescription) -> str:
        """What the numbers of the output are, in words, for messages."""
        raise NotImplementedError

    def targets(self, batch: Batch) -> Mapping[str, Tensor]:
        """What the output for a batch is compared with."""
        return batch.targets

    def decoding(self) -> Decoding | None:
        """How an output becomes boxes; None for tasks without boxes."""
        return None

    def compute(self, output: Tensor, targets: Mapping[str, Tensor]) -> Tensor:
        """The mean loss over a batch, of shape ().

        Raises:
            ObjectiveError: the output cannot be judged.
        """
        raise NotImplementedError

    def total(self, outputs: tuple[Tensor, ...], targets: Mapping[str, Tensor]) -> Tensor:
        """What is made small: the mean loss over a batch, of shape (), from all outputs.

        Raises:
            ObjectiveError: an output cannot be judged.
        """
        return self.compute(outputs[0], targets)

    def correct(self, output: Tensor, targets: Mapping[str, Tensor]) -> Tensor | None:
        """How many samples of a batch are right, of shape (); None where that means nothing.

        Where there are classes, the largest output is the answer. Of a sample with many answers
        it is the share of them that is right, so that the sum need not be a whole number.
        """
        if "label" not in targets:
            return None
        return (output.argmax(dim=1) == targets["label"]).sum()

    def running_score(self, description: DataDescription) -> RunningScore | None:
        """What a validation is judged by; None where accuracy or loss do. The best epoch is that
        of the highest, and curves, list and terminal show it under its name."""
        return None


LOSSES: Registry[Loss] = Registry("loss")


def default_loss(description: DataDescription) -> Loss | None:
    """The first loss that serves this data as it comes; None where there is none."""
    losses = (cls() for cls in LOSSES.values())
    return next((loss for loss in losses if loss.serves(description)), None)
