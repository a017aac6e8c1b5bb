"""Judging a classifier: accuracy, scores by class, confusion, and the mistakes with pictures.

Imports torch: for workers only. What the numbers mean is in `report.py`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torchmetrics import MetricCollection
from torchmetrics.classification import (
    MulticlassAccuracy,
    MulticlassConfusionMatrix,
    MulticlassF1Score,
    MulticlassPrecision,
    MulticlassRecall,
)

from data.dataset import Probabilities
from evaluation.pictures import PictureFolder
from evaluation.report import ClassScore, Mistake
from evaluation.subject import Judged, Subject


@dataclass(frozen=True, slots=True)
class _Predictions:
    """For every sample, on the CPU, each of shape (N,)."""

    true: Tensor
    predicted: Tensor
    confidence: Tensor
    true_probability: Tensor


def judge_classes(
    subject: Subject, judged: Iterable[Judged], folder: PictureFolder, most_pictures: int
) -> dict[str, Any]:
    """What a report says of classes, by the names of its fields; writes the pictures."""
    metrics = _metrics(subject.description.classes)
    parts: list[_Predictions] = []
    for output, targets, _ in judged:
        labels = targets["label"]
        probabilities = probabilities_of(output, subject.probabilities)
        # Of the numbers as they are, like the accuracy while training: softmax may make two equal.
        predicted = output.argmax(dim=1)
        metrics.update(predicted, labels)
        confidence = probabilities.gather(1, predicted[:, None])[:, 0]
        true_probability = probabilities.gather(1, labels[:, None])[:, 0]
        parts.append(_Predictions(labels, predicted, confidence, true_probability))
    mistakes, mistakes_total = _mistakes(subject, parts, folder, most_pictures)
    samples = len(subject.samples)
    scores = metrics.compute() if samples else _no_scores(subject.description.classes)
    return {
        "accuracy": scores["accuracy"].item() if samples else math.nan,
        "classes": _class_scores(subject.description.class_names, scores),
        "confusion": tuple(tuple(row) for row in scores["confusion"].tolist()),
        "mistakes": mistakes,
        "mistakes_total": mistakes_total,
    }


def probabilities_of(output: Tensor, kind: Probabilities) -> Tensor:
    """The outputs of a classifier, of shape (B, classes), as probabilities."""
    match kind:
        case "softmax":
            return output.softmax(dim=1)
        case "sigmoid":
            return output.sigmoid()
        case "clamp":
            return output.clamp(0, 1)


def _metrics(classes: int) -> MetricCollection:
    return MetricCollection(
        {
            "confusion": MulticlassConfusionMatrix(classes),
            "accuracy": MulticlassAccuracy(classes, average="micro"),
            "precision": MulticlassPrecision(classes, average="none"),
            "recall": MulticlassRecall(classes, average="none"),
            "f1": MulticlassF1Score(classes, average="none"),
        }
    )


def _no_scores(classes: int) -> dict[str, Tensor]:
    """What the metrics would give without samples, which torchmetrics does not want to be asked."""
    per_class = {name: torch.zeros(classes) for name in ("precision", "recall", "f1")}
    return {**per_class, "confusion": torch.zeros(classes, classes, dtype=torch.int64)}


def _class_scores(names: tuple[str, ...], scores: Mapping[str, Tensor]) -> tuple[ClassScore, ...]:
    """The scores of each class; torchmetrics gives 0 for what is not defined, we NaN."""
    confusion = scores["confusion"]
    supports = confusion.sum(dim=1).tolist()
    predictions = confusion.sum(dim=0).tolist()
    precisions, recalls, f1s = (scores[metric].tolist() for metric in ("precision", "recall", "f1"))
    return tuple(
        ClassScore(
            name,
            precision=precisions[i] if predictions[i] else math.nan,
            recall=recalls[i] if supports[i] else math.nan,
            f1=f1s[i] if supports[i] or predictions[i] else math.nan,
            support=supports[i],
            predicted=predictions[i],
        )
        for i, name in enumerate(names)
    )


def _mistakes(
    subject: Subject, parts: list[_Predictions], folder: PictureFolder, most: int
) -> tuple[tuple[Mistake, ...], int]:
    """The most confident mistakes with their pictures written, and how many there are in all."""
    if not parts:
        return (), 0
    true = torch.cat([part.true for part in parts])
    predicted = torch.cat([part.predicted for part in parts])
    confidence = torch.cat([part.confidence for part in parts])
    true_probability = torch.cat([part.true_probability for part in parts])
    wrong = (true != predicted).nonzero()[:, 0]
    order = wrong[confidence[wrong].argsort(descending=True, stable=True)].tolist()
    mistakes = []
    for place in order[:most]:
        index = subject.samples.origin(place)
        mistakes.append(
            Mistake(
                index,
                folder.keep(index, subject.samples.picture(place)),
                int(true[place]),
                int(predicted[place]),
                confidence[place].item(),
                true_probability[place].item(),
            )
        )
    return tuple(mistakes), len(order)
