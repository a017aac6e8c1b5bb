"""The optimisers that can be chosen. No torch at import; `build` is for workers.

Names are torch's, except that `lr` is spelled `learning_rate`. A further optimiser is a further
class in here and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from graph.declare import ArgumentError, declare, param
from graph.part import Part, part
from graph.registry import Registry

if TYPE_CHECKING:
    from torch import nn, optim

    Weights = Iterable[nn.Parameter] | Iterable[dict[str, Any]]

LEARNING_RATE = "How far each step goes. Too high and the loss jumps or explodes, too low and \
training crawls."
WEIGHT_DECAY = "Pulls the weights towards zero a little in each step, which works against \
learning by heart."


class Optimizer(Part):
    """Base of all: how gradients become steps."""

    learning_rate: float

    STATES: ClassVar[int]
    """How many numbers it remembers for each weight."""

    def states(self) -> int:
        """The same with these settings, for the estimate of memory."""
        return self.STATES

    def build(self, weights: Weights) -> optim.Optimizer:
        """The torch optimiser for these weights, which are on their device already.

        It should do its arithmetic in one kernel (`fused`): small networks win a tenth by it.
        """
        raise NotImplementedError


OPTIMIZERS: Registry[Optimizer] = Registry("optimiser")


@part(OPTIMIZERS, "SGD", title="SGD (plain steps with momentum)")
class SGD(Optimizer):
    """Steps against the gradient, carried on by momentum. Simple, and hard to beat when tuned."""

    learning_rate: float = param(default=0.05, above=0, help=LEARNING_RATE)
    momentum: float = param(
        default=0.9, min=0, max=0.9999, help="Share of the last step that is kept in the next."
    )
    weight_decay: float = param(default=0.0, min=0, help=WEIGHT_DECAY)
    nesterov: bool = param(
        default=False,
        help="Looks ahead: the gradient after the momentum's step instead of before it.",
    )

    STATES = 1

    def states(self) -> int:
        """Without momentum, nothing is remembered."""
        return self.STATES if self.momentum else 0

    def disagreements(self) -> list[ArgumentError]:
        """Looking ahead needs momentum to look along."""
        if self.nesterov and self.momentum == 0:
            message = "nesterov needs a momentum above 0: raise momentum or switch nesterov off"
            return [ArgumentError("nesterov", message)]
        return []

    def build(self, weights: Weights) -> optim.Optimizer:
        """`torch.optim.SGD`."""
        from torch import optim

        return optim.SGD(
            weights,
            lr=self.learning_rate,
            momentum=self.momentum,
            weight_decay=self.weight_decay,
            nesterov=self.nesterov,
            fused=True,
        )


@declare
class AdaptiveOptimizer(Optimizer):
    """Base of those that give each weight its own step length."""

    STATES = 2

    learning_rate: float = param(default=0.001, above=0, help=LEARNING_RATE)
    beta1: float = param(
        default=0.9, min=0, max=0.9999, help="Memory of the mean gradient.", advanced=True
    )
    beta2: float = param(
        default=0.999, min=0, max=0.99999, help="Memory of the gradient's size.", advanced=True
    )
    eps: float = param(
        default=1e-8, above=0, help="Keeps the division by the gradient's size safe.", advanced=True
    )
    weight_decay: float = param(default=0.0, min=0, help=WEIGHT_DECAY)

    def _arguments(self) -> dict[str, Any]:
        """Those of torch's optimisers of this kind."""
        return {
            "lr": self.learning_rate,
            "betas": (self.beta1, self.beta2),
            "eps": self.eps,
            "weight_decay": self.weight_decay,
            "fused": True,
        }


@part(OPTIMIZERS, "Adam", title="Adam (a step length per weight)")
class Adam(AdaptiveOptimizer):
    """Gives each weight its own step length. Works well without tuning.

    D. Kingma and J. Ba, Adam: A Method for Stochastic Optimization, arXiv:1412.6980.
    """

    def build(self, weights: Weights) -> optim.Optimizer:
        """`torch.optim.Adam`."""
        from torch import optim

        return optim.Adam(weights, **self._arguments())


@part(OPTIMIZERS, "AdamW", title="AdamW (Adam with better weight decay)")
class AdamW(AdaptiveOptimizer):
    """Adam whose weight decay does not depend on the gradients. A good first choice.

    I. Loshchilov and F. Hutter, Decoupled Weight Decay Regularization, arXiv:1711.05101.
    """

    weight_decay: float = param(default=0.01, min=0, help=WEIGHT_DECAY)

    def build(self, weights: Weights) -> optim.Optimizer:
        """`torch.optim.AdamW`."""
        from torch import optim

        return optim.AdamW(weights, **self._arguments())
