"""How the learning rate changes while training goes on. Pure arithmetic, no torch.

A schedule is a function of the place in training and has no state, so a resumed run needs to
restore none. A further schedule is a further class in here and nothing else.
"""

from __future__ import annotations

import math

from graph.declare import Sizes, param
from graph.part import Part, part
from graph.registry import Registry

WARM_UP = "Epochs in which the learning rate rises evenly from near zero; 0 starts with all of it."


class Schedule(Part):
    """Base of all: a factor on the learning rate for every place in training."""

    warm_up_epochs: int

    def factor(self, epoch: float, epochs: int) -> float:
        """What the optimiser's learning rate is multiplied with.

        Args:
            epoch: epochs done, with their fraction: 2.5 is the middle of the third one.
            epochs: how many there will be.
        """
        warm_up = min(self.warm_up_epochs, epochs)
        if epoch < warm_up:
            # One hundredth instead of nothing, since a first step of no length is a wasted batch.
            return max(epoch / warm_up, 0.01)
        return self.after_warm_up(epoch - warm_up, epochs - warm_up)

    def after_warm_up(self, epoch: float, epochs: int) -> float:
        """The factor when `epoch` of the `epochs` after the warm-up are done."""
        raise NotImplementedError


SCHEDULES: Registry[Schedule] = Registry("schedule")


@part(SCHEDULES, "constant", title="Constant")
class Constant(Schedule):
    """The learning rate stays as it is."""

    warm_up_epochs: int = param(default=0, min=0, help=WARM_UP)

    def after_warm_up(self, epoch: float, epochs: int) -> float:
        """Always 1."""
        return 1.0


@part(SCHEDULES, "cosine", title="Cosine (falls smoothly to zero)")
class Cosine(Schedule):
    """The learning rate falls along half a cosine, slowly at both ends.

    I. Loshchilov and F. Hutter, SGDR, arXiv:1608.03983, equation 5 without restarts.
    """

    warm_up_epochs: int = param(default=0, min=0, help=WARM_UP)
    final_factor: float = param(
        default=0.0, min=0, max=1, help="Share of the learning rate that is left at the end."
    )

    def after_warm_up(self, epoch: float, epochs: int) -> float:
        """From 1 down to `final_factor`."""
        done = min(epoch / epochs, 1.0) if epochs > 0 else 1.0
        falling = (1 + math.cos(math.pi * done)) / 2
        return self.final_factor + (1 - self.final_factor) * falling


@part(SCHEDULES, "step", title="Steps (falls every few epochs)")
class Step(Schedule):
    """The learning rate is multiplied by a factor every few epochs."""

    warm_up_epochs: int = param(default=0, min=0, help=WARM_UP)
    every_epochs: int = param(default=10, min=1, help="Epochs between two falls.")
    gamma: float = param(default=0.1, above=0, max=1, help="What each fall multiplies it with.")

    def after_warm_up(self, epoch: float, epochs: int) -> float:
        """`gamma` to the power of the falls so far."""
        return self.gamma ** math.floor(epoch / self.every_epochs)


@part(SCHEDULES, "polynomial", title="Polynomial (falls nearly evenly to zero)")
class Polynomial(Schedule):
    """The learning rate falls as a power of what is left of training.

    W. Liu, A. Rabinovich and A. Berg, ParseNet, arXiv:1506.04579, as DeepLab and PSPNet use it.
    """

    warm_up_epochs: int = param(default=0, min=0, help=WARM_UP)
    power: float = param(
        default=0.9, above=0, max=10, help="1 falls evenly, more falls faster at first."
    )

    def after_warm_up(self, epoch: float, epochs: int) -> float:
        """(1 - done) to the power."""
        left: float = max(1 - epoch / epochs, 0.0) if epochs > 0 else 1.0
        return math.pow(left, self.power)


@part(SCHEDULES, "milestones", title="Milestones (falls after given epochs)")
class Milestones(Schedule):
    """The learning rate is multiplied by a factor after each of the given epochs."""

    warm_up_epochs: int = param(default=0, min=0, help=WARM_UP)
    at_epochs: Sizes = param(
        default=(75, 105),
        min=1,
        help="Epochs after the warm-up that are done when the learning rate falls.",
    )
    gamma: float = param(default=0.1, above=0, max=1, help="What each fall multiplies it with.")

    def after_warm_up(self, epoch: float, epochs: int) -> float:
        """`gamma` to the power of the falls so far."""
        return math.pow(self.gamma, sum(epoch >= place for place in self.at_epochs))
