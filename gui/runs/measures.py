"""What curves are drawn of: which measures a run has, and their values in an epoch. No numpy."""

from __future__ import annotations

import math
from typing import Literal

from training.history import History
from training.messages import EpochDone

Measure = Literal["loss", "accuracy", "score"]


def epoch_values(done: EpochDone, measure: Measure) -> tuple[float, float]:
    """The values of training and of validation; a score is of validation only."""
    match measure:
        case "loss":
            return done.training_loss, done.validation_loss
        case "accuracy":
            return done.training_accuracy, done.validation_accuracy
        case "score":
            return math.nan, done.validation_score


def shown_measures(history: History) -> set[Measure]:
    """The loss, and the score or else the accuracy where the task has one."""
    last = history.last
    if last is not None and last.score_name:
        return {"loss", "score"}
    if last is not None:
        known = math.isfinite(last.training_accuracy) or math.isfinite(last.validation_accuracy)
    else:
        known = bool(history.batches) and math.isfinite(history.batches[-1].accuracy)
    return {"loss", "accuracy"} if known else {"loss"}
