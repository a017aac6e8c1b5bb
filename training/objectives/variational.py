"""The loss of variational autoencoders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from graph.declare import param
from graph.part import part
from training.objectives.loss import LOSSES
from training.objectives.numbers import Target
from training.objectives.probabilities import BinaryCrossEntropyWithLogits

if TYPE_CHECKING:
    from torch import Tensor


@part(LOSSES, "evidence_lower_bound", title="Evidence lower bound (variational autoencoder)")
class EvidenceLowerBound(BinaryCrossEntropyWithLogits):
    """For pixels from 0 to 1 that are given back from a code drawn by chance: how unlikely they
    are, and how far the code's distribution is from a normal one. It applies the sigmoid itself.

    As published by Kingma and Welling, "Auto-Encoding Variational Bayes", 2013.
    """

    target: Target = param(
        default="input",
        help="What the output should be: the sample itself (input), or what the data tells of it "
        "(data).",
    )
    divergence_weight: float = param(
        default=1.0,
        min=0,
        max=1000,
        help="How much the distribution of the code counts beside what is given back; 1 as "
        "published, more for codes of which each number means something of its own.",
    )

    TASKS = ("reconstruction",)
    FURTHER_OUTPUTS: ClassVar[tuple[str, ...]] = ("the divergence of a GaussianSample",)

    def total(self, outputs: tuple[Tensor, ...], targets: Mapping[str, Tensor]) -> Tensor:
        """The mean over a batch of the sum over all numbers of a sample, and of its divergence.

        Args:
            outputs: what is given back, of the target's shape (B, ...), and the divergences, of
                shape (B, 1).
            targets: `values`, from 0 to 1.
        """
        output, divergence = outputs
        given_back = self.compute(output, targets) * output[0].numel()
        return given_back + self.divergence_weight * divergence.mean()
