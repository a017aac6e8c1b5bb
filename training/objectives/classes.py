"""Losses for one class per sample."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from data.dataset import DataDescription
from graph.declare import param
from graph.part import part
from training.objectives.loss import LOSSES, Loss

if TYPE_CHECKING:
    from torch import Tensor


class ClassLoss(Loss):
    """Base of the losses that compare one number per class with the true class."""

    TASKS = ("classification",)

    def output_sizes(self, description: DataDescription) -> tuple[int, ...]:
        """One number per class."""
        return (description.classes,)

    def output_meaning(self, description: DataDescription) -> str:
        """`one for each of the 10 classes`."""
        return f"one for each of the {description.classes} classes"


@part(LOSSES, "cross_entropy", title="Cross-entropy (classes)")
class CrossEntropy(ClassLoss):
    """For one class per sample: minus the logarithm of the probability of the true class."""

    label_smoothing: float = param(
        default=0.0,
        min=0,
        max=0.9,
        help="Share of the certainty that is spread over all classes, against overconfidence.",
    )

    HARMFUL_LAST_LAYERS: ClassVar[Mapping[str, str]] = {
        "Softmax": "cross-entropy applies softmax itself; twice makes training slow and weak",
        "Sigmoid": "cross-entropy wants plain numbers; a sigmoid squeezes them, which slows it",
        "Tanh": "cross-entropy wants plain numbers; a tanh squeezes them, which slows it",
        "ReLU": "cross-entropy wants plain numbers; a ReLU cuts off the negative ones",
    }

    def compute(self, output: Tensor, targets: Mapping[str, Tensor]) -> Tensor:
        """Of an output of shape (B, classes) and labels of shape (B,)."""
        from torch.nn import functional

        return functional.cross_entropy(
            output, targets["label"], label_smoothing=self.label_smoothing
        )


@part(LOSSES, "multi_margin", title="Hinge (classes)")
class MultiMargin(ClassLoss):
    """For one class per sample: by how much other classes come too close to the true one."""

    margin: float = param(
        default=1.0,
        min=0.001,
        max=1000,
        help="How far the number of the true class must lie above each of the others.",
    )

    HARMFUL_LAST_LAYERS: ClassVar[Mapping[str, str]] = {
        "Softmax": "the hinge loss wants plain numbers; between 0 and 1 no margin can be kept",
        "Sigmoid": "the hinge loss wants plain numbers; between 0 and 1 no margin can be kept",
        "ReLU": "the hinge loss wants plain numbers; a ReLU cuts off the negative ones",
    }

    def compute(self, output: Tensor, targets: Mapping[str, Tensor]) -> Tensor:
        """Of an output of shape (B, classes): the mean over samples and classes of
        max(0, margin - true + other)."""
        from torch.nn import functional

        return functional.multi_margin_loss(output, targets["label"], margin=self.margin)
