"""Judging a trained network on a split. Imports torch: for workers only.

What is found is kept as a `Report`; see `report.py` for what its numbers mean.
"""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torchmetrics import MetricCollection
from torchmetrics.classification import (
    MulticlassAccuracy,
    MulticlassConfusionMatrix,
    MulticlassF1Score,
    MulticlassPrecision,
    MulticlassRecall,
)

from data.dataset import DataDescription, Samples, SplitName
from data.storage import remove_temporary, write_atomically
from evaluation.network import apply_network
from evaluation.pictures import png_bytes
from evaluation.report import ClassScore, Mistake, Report, report_path, write_report

MOST_PICTURES = 200
"""Mistakes that are kept with their picture; the report says how many there are in all."""

LossFunction = Callable[[Tensor, Mapping[str, Tensor]], Tensor]
"""The mean loss of a batch from the network's output and the targets."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is judged, on what.

    Attributes:
        network: with its weights, on the device where it is to compute.
        weights: which they are: "best" or "last".
        epoch: after which epoch they were saved; 0 where unknown.
    """

    network: nn.Module
    samples: Samples
    description: DataDescription
    split: SplitName
    weights: str = "best"
    epoch: int = 0


@dataclass(frozen=True, slots=True)
class _Predictions:
    """For every sample, on the CPU, each of shape (N,)."""

    true: Tensor
    predicted: Tensor
    confidence: Tensor
    true_probability: Tensor


def evaluate(
    subject: Subject,
    run_folder: Path,
    *,
    loss: LossFunction,
    batch_size: int = 256,
    most_pictures: int = MOST_PICTURES,
) -> Report:
    """Judge a classifier, and keep report and pictures of the mistakes in the run's folder.

    The report comes last: when anything fails before, the old one and its pictures are unharmed.

    Args:
        subject: network and samples.
        run_folder: the run, below which `evaluation/` is written.
        loss: gives the mean over a batch; the report has the mean over all samples.
        batch_size: samples per step.
        most_pictures: mistakes that are kept with their picture.

    Raises:
        NetworkError: the network has several outputs.
        DataError: a sample cannot be read.
        OSError: the folder cannot be written.
    """
    metrics = _metrics(subject.description.classes)
    parts: list[_Predictions] = []
    total_loss = 0.0
    for output, targets in _outputs(subject, batch_size):
        labels = targets["label"]
        total_loss += loss(output, targets).item() * len(labels)
        probabilities = output.softmax(dim=1)
        # Of the numbers as they are, like the accuracy while training: softmax may make two equal.
        predicted = output.argmax(dim=1)
        metrics.update(predicted, labels)
        confidence = probabilities.gather(1, predicted[:, None])[:, 0]
        true_probability = probabilities.gather(1, labels[:, None])[:, 0]
        parts.append(_Predictions(labels, predicted, confidence, true_probability))
    mistakes, mistakes_total = _mistakes(subject, parts, run_folder, most_pictures)
    samples = len(subject.samples)
    scores = metrics.compute() if samples else _no_scores(subject.description.classes)
    report = Report(
        split=subject.split,
        weights=subject.weights,
        epoch=subject.epoch,
        time=time.time(),
        samples=samples,
        loss=total_loss / samples if samples else math.nan,
        accuracy=scores["accuracy"].item() if samples else math.nan,
        classes=_class_scores(subject.description.class_names, scores),
        confusion=tuple(tuple(row) for row in scores["confusion"].tolist()),
        mistakes=mistakes,
        mistakes_total=mistakes_total,
    )
    write_report(run_folder, report)
    _remove_other_pictures(run_folder, report)
    return report


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


def _outputs(subject: Subject, batch_size: int) -> Iterator[tuple[Tensor, Mapping[str, Tensor]]]:
    """Output and targets batch by batch, on the CPU, as 32-bit floats."""
    network = subject.network
    device = next((weight.device for weight in network.parameters()), torch.device("cpu"))
    was_training = network.training
    network.eval()
    try:
        with torch.inference_mode():
            total = len(subject.samples)
            for start in range(0, total, batch_size):
                batch = subject.samples.batch(torch.arange(start, min(start + batch_size, total)))
                inputs = {name: tensor.to(device) for name, tensor in batch.inputs.items()}
                yield apply_network(network, inputs).float().cpu(), batch.targets
    finally:
        network.train(was_training)


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
    subject: Subject, parts: list[_Predictions], run_folder: Path, most: int
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
    folder = report_path(run_folder, subject.split).with_suffix("")
    folder.mkdir(parents=True, exist_ok=True)
    mistakes = []
    for place in order[:most]:
        index = subject.samples.origin(place)
        path = folder / f"{index:05d}.png"
        write_atomically(path, png_bytes(subject.samples.picture(place)))
        mistakes.append(
            Mistake(
                index,
                path.relative_to(run_folder).as_posix(),
                int(true[place]),
                int(predicted[place]),
                confidence[place].item(),
                true_probability[place].item(),
            )
        )
    return tuple(mistakes), len(order)


def _remove_other_pictures(run_folder: Path, report: Report) -> None:
    """Delete what an earlier evaluation left and the new report does not name."""
    kept = {mistake.picture for mistake in report.mistakes}
    folder = report_path(run_folder, report.split).with_suffix("")
    remove_temporary(folder)
    for path in folder.glob("*.png"):
        if path.relative_to(run_folder).as_posix() not in kept:
            with contextlib.suppress(OSError):
                path.unlink()
