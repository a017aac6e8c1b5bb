"""Losses between numbers: what was predicted, and what should have been.

Which numbers these are, `NumbersLoss` says once for all: those that the data gives, the sample
itself (an autoencoder learns to give back what went in), or 1 for the true class and 0 for others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Literal

from data.dataset import Batch, DataDescription, Probabilities, Task
from graph.declare import declare, param
from graph.part import part
from graph.shapes import size_text
from training.objectives.loss import LOSSES, Loss

if TYPE_CHECKING:
    from torch import Tensor

Target = Literal["data", "input"]


@declare
class NumbersLoss(Loss):
    """Base of the losses that compare each output with one number."""

    target: Target = param(
        default="data",
        help="What the output should be: what the data tells of a sample (data), or the sample "
        "itself (input), for an autoencoder.",
    )

    TASKS: ClassVar[tuple[Task, ...]] = ("regression", "reconstruction")
    PROBABILITIES: ClassVar[Probabilities] = "clamp"

    def task(self, description: DataDescription) -> Task:
        """Reconstruction where the target is the input."""
        return "reconstruction" if self.target == "input" else description.task

    def serves(self, description: DataDescription) -> bool:
        """Reconstruction is of the one input that there is."""
        task = self.task(description)
        return task in self.TASKS and (task != "reconstruction" or len(description.inputs) == 1)

    def output_sizes(self, description: DataDescription) -> tuple[int, ...]:
        """The sizes of the target."""
        match self.task(description):
            case "reconstruction":
                (given,) = description.inputs.values()
                return tuple(int(size) for size in given.sizes)
            case "regression":
                return (len(description.target_names),)
            case _:
                return (description.classes,)

    def output_meaning(self, description: DataDescription) -> str:
        """What the numbers stand for."""
        match self.task(description):
            case "reconstruction":
                (given,) = description.inputs.values()
                return f"as the input that it gives back ({size_text(given.sizes)})"
            case "regression":
                return "one for each number to be predicted: " + ", ".join(description.target_names)
            case _:
                return f"one for each of the {description.classes} classes"

    def targets(self, batch: Batch) -> Mapping[str, Tensor]:
        """The data's, or the input as `values`."""
        return batch.as_reconstruction() if self.target == "input" else batch.targets

    def compute(self, output: Tensor, targets: Mapping[str, Tensor]) -> Tensor:
        """The mean over all numbers of all samples, of output and target of one shape (B, ...)."""
        return self.between(output, _values(output, targets))

    def between(self, output: Tensor, values: Tensor) -> Tensor:
        """The mean loss between numbers and those that they should be, of one shape."""
        raise NotImplementedError


def _values(output: Tensor, targets: Mapping[str, Tensor]) -> Tensor:
    """The numbers that an output should be; of classes 1 for the true one and 0 for the others."""
    from torch.nn import functional

    if "values" in targets:
        return targets["values"].to(output.dtype)
    return functional.one_hot(targets["label"], output.shape[1]).to(output.dtype)


@part(LOSSES, "mean_squared_error", title="Mean squared error (numbers)")
class MeanSquaredError(NumbersLoss):
    """The mean of the squared differences; large ones count most. The usual loss for numbers."""

    # With classes as LeNet-5 was trained in 1998.
    TASKS = ("regression", "reconstruction", "classification")
    HARMFUL_LAST_LAYERS: ClassVar[Mapping[str, str]] = {
        "Softmax": "what it gives adds up to 1, which numbers to be predicted do not",
    }

    def between(self, output: Tensor, values: Tensor) -> Tensor:
        """The mean of d², with d the difference."""
        from torch.nn import functional

        return functional.mse_loss(output, values)


@part(LOSSES, "mean_absolute_error", title="Mean absolute error (numbers)")
class MeanAbsoluteError(NumbersLoss):
    """The mean difference, whatever its sign; single samples that are far off count less."""

    HARMFUL_LAST_LAYERS = MeanSquaredError.HARMFUL_LAST_LAYERS

    def between(self, output: Tensor, values: Tensor) -> Tensor:
        """The mean of |d|, with d the difference."""
        from torch.nn import functional

        return functional.l1_loss(output, values)


@part(LOSSES, "huber", title="Huber (numbers)")
class Huber(NumbersLoss):
    """Squared for small differences, straight for large ones: single outliers do not rule."""

    delta: float = param(
        default=1.0,
        min=1e-6,
        max=1e6,
        help="The difference up to which the loss is squared, in the units of the target.",
    )

    HARMFUL_LAST_LAYERS = MeanSquaredError.HARMFUL_LAST_LAYERS

    def between(self, output: Tensor, values: Tensor) -> Tensor:
        """The mean of d²/2 up to delta, and of delta·(|d| - delta/2) beyond."""
        from torch.nn import functional

        return functional.huber_loss(output, values, delta=self.delta)


@part(LOSSES, "epsilon_insensitive", title="Epsilon-insensitive (numbers)")
class EpsilonInsensitive(NumbersLoss):
    """Small differences are free, beyond that it is the absolute error."""

    epsilon: float = param(
        default=0.1,
        min=0,
        max=1e6,
        help="The difference up to which nothing is wrong, in the units of the target.",
    )

    HARMFUL_LAST_LAYERS = MeanSquaredError.HARMFUL_LAST_LAYERS

    def between(self, output: Tensor, values: Tensor) -> Tensor:
        """The mean of max(0, |d| - epsilon)."""
        return ((output - values).abs() - self.epsilon).relu().mean()
