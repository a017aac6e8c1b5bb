"""The losses that can be chosen: which data each serves, which output it needs, how it is computed.

No torch at import; `compute` and `correct` are for workers. A further loss is a further class in
here and nothing else. Metrics that judge a trained network are in `evaluation`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from data.dataset import DataDescription, Task
from graph.declare import param
from graph.part import Part, part
from graph.registry import Registry

if TYPE_CHECKING:
    from torch import Tensor


class Loss(Part):
    """Base of all: how wrong an output is.

    Attributes:
        TASKS: the tasks that it serves.
        HARMFUL_LAST_LAYERS: layers that must not stand last before it, each with the reason.
    """

    TASKS: ClassVar[tuple[Task, ...]]
    HARMFUL_LAST_LAYERS: ClassVar[Mapping[str, str]] = {}

    def serves(self, description: DataDescription) -> bool:
        """Whether it makes sense for this data."""
        return description.task in self.TASKS

    def output_sizes(self, description: DataDescription) -> tuple[int, ...]:
        """The sizes, without the batch axis, that the network's output must have."""
        raise NotImplementedError

    def output_meaning(self, description: DataDescription) -> str:
        """What the numbers of the output are, in words, for messages."""
        raise NotImplementedError

    def compute(self, output: Tensor, targets: Mapping[str, Tensor]) -> Tensor:
        """The mean loss over a batch, of shape ()."""
        raise NotImplementedError

    def correct(self, output: Tensor, targets: Mapping[str, Tensor]) -> Tensor | None:
        """How many samples of a batch are right, of shape (); None where that means nothing."""
        return None


LOSSES: Registry[Loss] = Registry("loss")


@part(LOSSES, "cross_entropy", title="Cross-entropy (classes)")
class CrossEntropy(Loss):
    """For one class per sample: minus the logarithm of the probability of the true class."""

    label_smoothing: float = param(
        default=0.0,
        min=0,
        max=0.9,
        help="Share of the certainty that is spread over all classes, against overconfidence.",
    )

    TASKS = ("classification",)
    HARMFUL_LAST_LAYERS: ClassVar[Mapping[str, str]] = {
        "Softmax": "cross-entropy applies softmax itself; twice makes training slow and weak",
        "Sigmoid": "cross-entropy wants plain numbers; a sigmoid squeezes them, which slows it",
        "Tanh": "cross-entropy wants plain numbers; a tanh squeezes them, which slows it",
        "ReLU": "cross-entropy wants plain numbers; a ReLU cuts off the negative ones",
    }

    def output_sizes(self, description: DataDescription) -> tuple[int, ...]:
        """One number per class."""
        return (description.classes,)

    def output_meaning(self, description: DataDescription) -> str:
        """`one for each of the 10 classes`."""
        return f"one for each of the {description.classes} classes"

    def compute(self, output: Tensor, targets: Mapping[str, Tensor]) -> Tensor:
        """Of an output of shape (B, classes) and labels of shape (B,)."""
        from torch.nn import functional

        return functional.cross_entropy(
            output, targets["label"], label_smoothing=self.label_smoothing
        )

    def correct(self, output: Tensor, targets: Mapping[str, Tensor]) -> Tensor:
        """How many of the largest outputs are those of the true class."""
        return (output.argmax(dim=1) == targets["label"]).sum()
