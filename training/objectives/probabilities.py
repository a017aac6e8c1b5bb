"""Losses for numbers from 0 to 1: how bright a pixel is, whether a class is the true one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from data.dataset import Probabilities, Task
from graph.part import part
from training.objectives.loss import LOSSES, ObjectiveError
from training.objectives.numbers import NumbersLoss

if TYPE_CHECKING:
    from torch import Tensor


@part(LOSSES, "binary_cross_entropy", title="Binary cross-entropy (0 to 1)")
class BinaryCrossEntropy(NumbersLoss):
    """For targets from 0 to 1 and outputs from a sigmoid: how unlikely each target is for them."""

    TASKS = ("reconstruction", "classification")
    NEEDED_LAST_LAYERS = ("Sigmoid", "Hardsigmoid", "Softmax")
    NEEDED_REASON = (
        "binary cross-entropy is defined for numbers from 0 to 1 only, as a Sigmoid gives them"
    )

    def between(self, output: Tensor, values: Tensor) -> Tensor:
        """The mean of -(t·log p + (1 - t)·log(1 - p))."""
        from torch.nn import functional

        if bool(output.isnan().any()):
            return output.mean()
        _check_range(output, "the network gives", "Put a Sigmoid at its end")
        _check_range(values, "the target holds", "Bring the data to 0 to 1")
        return functional.binary_cross_entropy(output, values)


@part(LOSSES, "binary_cross_entropy_with_logits", title="Binary cross-entropy with its sigmoid")
class BinaryCrossEntropyWithLogits(NumbersLoss):
    """For targets from 0 to 1 and plain numbers as outputs: it applies the sigmoid itself."""

    TASKS: ClassVar[tuple[Task, ...]] = ("reconstruction", "classification")
    PROBABILITIES: ClassVar[Probabilities] = "sigmoid"
    HARMFUL_LAST_LAYERS: ClassVar[Mapping[str, str]] = {
        "Sigmoid": "this loss applies the sigmoid itself; twice makes training slow and weak",
        "Softmax": "this loss applies a sigmoid itself and wants plain numbers",
        "Tanh": "this loss wants plain numbers; a tanh squeezes them, which slows it",
        "ReLU": "this loss wants plain numbers; a ReLU cuts off the negative ones",
    }

    def between(self, output: Tensor, values: Tensor) -> Tensor:
        """The mean of -(t·log s + (1 - t)·log(1 - s)), with s the sigmoid of the output."""
        from torch.nn import functional

        _check_range(values, "the target holds", "Bring the data to 0 to 1")
        return functional.binary_cross_entropy_with_logits(output, values)


def _check_range(numbers: Tensor, holder: str, advice: str) -> None:
    """Refuse what is not from 0 to 1.

    Raises:
        ObjectiveError: where a number is not.
    """
    low, high = (float(bound) for bound in numbers.detach().aminmax())
    if low < 0 or high > 1:
        raise ObjectiveError(
            f"Binary cross-entropy needs numbers from 0 to 1, but {holder} numbers from {low:.4g} "
            f"to {high:.4g}. {advice}, or take another loss."
        )
