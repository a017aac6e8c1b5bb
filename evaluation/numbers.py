"""Judging predicted numbers, and pictures that are given back: errors, R², and the worst samples.

Imports torch: for workers only. What the numbers mean is in `report.py`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy
import torch
from torch import Tensor
from torchmetrics import MetricCollection
from torchmetrics.regression import MeanAbsoluteError, MeanSquaredError, R2Score

from data.images import picture_of
from evaluation.classes import probabilities_of
from evaluation.pictures import PictureFolder
from evaluation.report import NumberScore, Outcome
from evaluation.subject import Judged, Subject

MOST_OUTCOMES = 2000
"""Samples of which the numbers are kept, the worst; as many dots as a plot can show apart."""


def judge_numbers(
    subject: Subject, judged: Iterable[Judged], folder: PictureFolder, most_pictures: int
) -> dict[str, Any]:
    """What a report says of numbers, by the names of its fields; writes the pictures."""
    outputs: list[Tensor] = []
    values: list[Tensor] = []
    errors: list[Tensor] = []
    is_picture = subject.task == "reconstruction"
    names = () if is_picture else subject.description.target_names
    one, every = _metrics(1), _metrics(len(names))
    for output, targets, _ in judged:
        if is_picture and subject.probabilities == "sigmoid":
            # The loss applies the sigmoid itself; what it compares is what is looked at.
            output = probabilities_of(output, "sigmoid")
        true = targets["values"]
        one.update(output.flatten(), true.flatten())
        if names:
            every.update(output, true)
        errors.append((output - true).abs().flatten(1).mean(dim=1))
        outputs.append(output)
        values.append(true)
    if not errors:
        return {"total": NumberScore("", *(math.nan,) * 3)}
    order = torch.cat(errors).argsort(descending=True, stable=True)
    every_output, every_value = torch.cat(outputs), torch.cat(values)
    scores = _scores(names, every, every_value) if names else ()
    (total,) = _scores(("",), one, every_value.flatten()[:, None])
    if scores:
        r2 = sum(score.r2 for score in scores) / len(scores)
        total = NumberScore("", total.mean_absolute_error, total.root_mean_squared_error, r2)
    all_errors = torch.cat(errors)
    outcomes = []
    for place in order[: most_pictures if is_picture else MOST_OUTCOMES].tolist():
        index = subject.samples.origin(place)
        error = all_errors[place].item()
        if is_picture:
            picture = folder.keep(index, subject.samples.picture(place))
            answer = folder.keep(index, _picture(every_output[place]), "answer")
            outcomes.append(Outcome(index, error, picture=picture, answer=answer))
        else:
            wanted, given = every_value[place].tolist(), every_output[place].tolist()
            outcomes.append(Outcome(index, error, tuple(wanted), tuple(given)))
    return {"total": total, "scores": scores, "outcomes": tuple(outcomes)}


def _metrics(numbers: int) -> MetricCollection:
    """The three errors of each of so many numbers."""
    return MetricCollection(
        {
            "absolute": MeanAbsoluteError(num_outputs=max(numbers, 1)),
            "squared": MeanSquaredError(squared=False, num_outputs=max(numbers, 1)),
            "r2": R2Score(multioutput="raw_values"),
        },
        compute_groups=False,
    )


def _scores(
    names: tuple[str, ...], metrics: MetricCollection, true: Tensor
) -> tuple[NumberScore, ...]:
    """The scores of each number, of which the true ones are of shape (N, numbers)."""
    defined = len(true) > 1
    r2s = metrics["r2"].compute().reshape(-1).tolist() if defined else [math.nan] * len(names)
    absolute = metrics["absolute"].compute().reshape(-1).tolist()
    squared = metrics["squared"].compute().reshape(-1).tolist()
    constant = (true == true[:1]).all(dim=0).tolist()
    return tuple(
        NumberScore(name, absolute[i], squared[i], math.nan if constant[i] else r2s[i])
        for i, name in enumerate(names)
    )


def _picture(output: Tensor) -> numpy.ndarray | None:
    """An output of shape (C, H, W) as people look at it; None where it is no picture."""
    if output.ndim != 3 or output.shape[0] not in (1, 3):
        return None
    return picture_of(output)
