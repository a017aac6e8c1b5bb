"""The numbers behind the curves: batches as arrays, thinned and smoothed. Imports numpy.

Only `plot.py` imports this, and that only when curves are first shown.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass

import numpy

from gui.runs.measures import Measure, epoch_values
from training.history import History
from training.messages import BatchDone

MOST_POINTS = 600
"""More would be drawn on top of each other; a screen is about a thousand pixels wide."""

Numbers = numpy.ndarray


@dataclass(frozen=True, slots=True)
class Thinned:
    """A curve of at most `MOST_POINTS` points; each stands for a stretch of the original.

    Attributes:
        mean: smoothed, if that was asked for.
        low, high: the smallest and largest original value of the stretch, never smoothed.
    """

    x: Numbers
    mean: Numbers
    low: Numbers
    high: Numbers


class BatchSeries:
    """The values of all batches, kept so that new ones cost nothing but themselves.

    x is the place in training in epochs: 2.5 is the middle of the third.
    """

    def __init__(self) -> None:
        self.clear()

    def __len__(self) -> int:
        return len(self._x)

    def clear(self) -> None:
        """Forget all."""
        self._x = array("d")
        self._values: dict[Measure, array[float]] = {"loss": array("d"), "accuracy": array("d")}

    def extend(self, batches: Iterable[BatchDone]) -> None:
        """Add what was learned since."""
        for done in batches:
            self._x.append(done.epoch - 1 + done.batch / max(done.batches, 1))
            self._values["loss"].append(done.loss)
            self._values["accuracy"].append(done.accuracy)

    def thinned(self, measure: Measure, smoothing: float) -> Thinned:
        """The curve of a measure, empty for one that batches do not have; see `thin`."""
        if measure not in self._values:
            return thin(numpy.empty(0), numpy.empty(0))
        return thin(numpy.array(self._x), numpy.array(self._values[measure]), smoothing)


def thin(x: Numbers, y: Numbers, smoothing: float = 0.0) -> Thinned:
    """Put neighbouring points together, with their mean, smallest and largest value.

    Args:
        x: rising, of shape (N,).
        y: of shape (N,); what is not a number is left out.
        smoothing: weight of the past in an exponential mean over the points, 0 (none) to below 1.
    """
    usable = numpy.isfinite(y)
    x, y = x[usable], y[usable]
    if len(x) == 0:
        return Thinned(x, y, y, y)
    size = -(-len(x) // MOST_POINTS)
    starts = numpy.arange(0, len(x), size)
    counts = numpy.diff(numpy.append(starts, len(x)))
    mean = numpy.add.reduceat(y, starts) / counts
    return Thinned(
        numpy.add.reduceat(x, starts) / counts,
        smooth(mean, smoothing),
        numpy.minimum.reduceat(y, starts),
        numpy.maximum.reduceat(y, starts),
    )


def smooth(y: Numbers, weight: float) -> Numbers:
    """The exponential mean with the start corrected, as in Adam: no pull towards zero."""
    if weight <= 0:
        return y
    smoothed = numpy.empty_like(y)
    total = 0.0
    share = 0.0
    for place, value in enumerate(y.tolist()):
        total = weight * total + (1 - weight) * value
        share = weight * share + (1 - weight)
        smoothed[place] = total / share
    return smoothed


def epoch_series(history: History, measure: Measure) -> tuple[Numbers, Numbers, Numbers]:
    """Epoch, training and validation value of every finished epoch."""
    done = list(history.epochs.values())
    epochs = numpy.array([one.epoch for one in done], dtype=float)
    values = [epoch_values(one, measure) for one in done]
    training, validation = zip(*values, strict=True) if values else ((), ())
    return epochs, numpy.array(training, dtype=float), numpy.array(validation, dtype=float)
