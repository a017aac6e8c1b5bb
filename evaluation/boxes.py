"""Judging boxes: mean average precision, kinds of errors, and the worst pictures.

Imports torch: for workers only. What the numbers mean is in `detections.py`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor
from torchmetrics.detection import MeanAveragePrecision
from torchvision.ops import box_iou

from data.dataset import NO_BOX
from evaluation.decoding import Decoding
from evaluation.detections import (
    SAME,
    THRESHOLD,
    Box,
    DetectedPicture,
    Detection,
    DetectionScore,
    count_errors,
    errors_for_each,
)
from evaluation.pictures import PictureFolder
from evaluation.subject import Judged, Subject

SCORE_NAME = "mAP@.5"

LOWEST, OVERLAP = 0.001, 0.5
"""For mean average precision even unsure boxes count; as darknet validates."""

MOST_BOXES = 100
"""So many boxes of a picture count, the surest, as COCO has it."""

LOWEST_KEPT, MOST_KEPT = 0.05, 50
"""Boxes of which the network is less sure, or of which there are more, are not kept to be shown."""

THRESHOLDS = tuple(step / 20 for step in range(1, 20))
"""For which the errors are counted: 0.05 to 0.95."""

_Objects = tuple[Tensor, Tensor]
"""On a picture: corners as shares of it, of shape (N, 4), and labels, of shape (N,)."""


class RunningPrecision:
    """The mean average precision over batches of a validation, with boxes right from 0.5 on."""

    NAME: ClassVar[str] = SCORE_NAME

    def __init__(self, decoding: Decoding) -> None:
        """Judge outputs from which `decoding` reads boxes."""
        self._decoding = decoding
        self._metric = _metric([0.5])

    def add(self, output: Tensor, targets: Mapping[str, Tensor]) -> None:
        """Take in the outputs for a batch, with true boxes as shares of the image."""
        _update(self._metric, self._decoding, output, targets)

    def value(self) -> float:
        """NaN where there is no object."""
        found = float(self._metric.compute()["map_50"])
        return math.nan if found < 0 else found


def judge_boxes(
    subject: Subject, judged: Iterable[Judged], folder: PictureFolder, most_pictures: int
) -> dict[str, Any]:
    """What a report says of boxes, by the names of its fields; writes the pictures."""
    decoding = subject.decoding
    if decoding is None:
        raise ValueError("without a decoding there are no boxes in an output")
    metric = _metric(None, extended_summary=True)
    pictures: list[tuple[tuple[Box, ...], tuple[Box, ...]]] = []
    objects = [0] * subject.description.classes
    for output, targets, _ in judged:
        for true, found in _update(metric, decoding, output, targets):
            pictures.append((true, found))
            for box in true:
                objects[box.label] += 1
    scores = _scores(subject.description.class_names, metric, objects)
    detection = Detection(
        average_precision_50=_mean(score.average_precision_50 for score in scores),
        average_precision=_mean(score.average_precision for score in scores),
        recall=_mean(score.recall for score in scores),
        scores=scores,
        errors=errors_for_each(pictures, THRESHOLDS),
        pictures=_worst(subject, pictures, folder, most_pictures),
    )
    return {
        "detection": detection,
        "score": detection.average_precision_50,
        "score_name": SCORE_NAME,
    }


def _metric(
    thresholds: list[float] | None, *, extended_summary: bool = False
) -> MeanAveragePrecision:
    metric = MeanAveragePrecision(
        backend="faster_coco_eval", iou_thresholds=thresholds, extended_summary=extended_summary
    )
    metric.warn_on_many_detections = False
    return metric


def _update(
    metric: MeanAveragePrecision,
    decoding: Decoding,
    output: Tensor,
    targets: Mapping[str, Tensor],
) -> list[tuple[tuple[Box, ...], tuple[Box, ...]]]:
    """Let the metric know of a batch; what is there and what was found on each picture."""
    every = decoding.detections(output.float().cpu(), threshold=LOWEST, overlap=OVERLAP)
    ignored = _rows(targets, "ignored_") if "ignored_boxes" in targets else None
    pictures = []
    for place, (detections, true) in enumerate(zip(every, _rows(targets, ""), strict=True)):
        found, scores, classes = (part[:MOST_BOXES] for part in detections)
        if ignored is not None:
            counts = _counting(found, classes, true, ignored[place])
            found, scores, classes = found[counts], scores[counts], classes[counts]
        boxes, labels = true
        metric.update(
            [{"boxes": found, "scores": scores, "labels": classes}],
            [{"boxes": boxes, "labels": labels}],
        )
        sure = scores > LOWEST_KEPT
        pictures.append(
            (
                to_boxes(boxes, labels),
                to_boxes(found[sure], classes[sure], scores[sure])[:MOST_KEPT],
            )
        )
    return pictures


def _rows(targets: Mapping[str, Tensor], which: str) -> list[_Objects]:
    """The objects of each picture, without the rows that fill up."""
    boxes, labels = targets[f"{which}boxes"].cpu().float(), targets[f"{which}labels"].cpu()
    return [
        (one[classes != NO_BOX], classes[classes != NO_BOX])
        for one, classes in zip(boxes, labels, strict=True)
    ]


def _counting(found: Tensor, classes: Tensor, true: _Objects, ignored: _Objects) -> Tensor:
    """Which of the boxes found on a picture count, of shape (N,): all but those on ignored objects.

    A box is on that object of its class with which it has the highest intersection over union, if
    that is at least 0.5.

    Source: M. Everingham et al., The PASCAL Visual Object Classes Challenge, development kit 2012,
        VOCevaldet.m. What torchmetrics takes for ignored, `iscrowd`, is something else: there a box
        inside of such an object need not fit it.
    """
    if not len(ignored[0]):
        return torch.ones_like(classes, dtype=torch.bool)
    objects, labels = (torch.cat(both) for both in zip(true, ignored, strict=True))
    overlaps = box_iou(found, objects) * (classes[:, None] == labels)
    highest, place = overlaps.max(dim=1)
    counts: Tensor = (highest < SAME) | (place < len(true[0]))
    return counts


def to_boxes(corners: Tensor, labels: Tensor, scores: Tensor | None = None) -> tuple[Box, ...]:
    """Boxes as plain numbers.

    Args:
        corners: shares of the image, of shape (N, 4).
        labels: numbers of classes, of shape (N,).
        scores: how sure the network is, of shape (N,); None for what is true.
    """
    sure = [1.0] * len(labels) if scores is None else scores.clamp(max=1).tolist()
    rounded = [[round(side, 5) for side in box] for box in corners.tolist()]
    return tuple(
        Box(left, top, right, bottom, label, round(score, 5))
        for (left, top, right, bottom), label, score in zip(
            rounded, labels.tolist(), sure, strict=True
        )
    )


def _scores(
    names: Sequence[str], metric: MeanAveragePrecision, objects: Sequence[int]
) -> tuple[DetectionScore, ...]:
    """The scores of each class; NaN where there are no objects of it."""
    rows: dict[int, int] = {}
    if any(objects):
        results = metric.compute()
        # (overlaps, recalls, classes, sizes of objects, numbers of boxes), of which all sizes and
        # the highest number are wanted.
        precision = results["precision"][..., 0, -1].clamp(min=0)
        recall = results["recall"][..., 0, -1].clamp(min=0)
        rows = {label: row for row, label in enumerate(results["classes"].flatten().tolist())}
    scores = []
    for label, name in enumerate(names):
        row = rows.get(label)
        if row is None or not objects[label]:
            scores.append(DetectionScore(name, math.nan, math.nan, math.nan, 0))
            continue
        scores.append(
            DetectionScore(
                name,
                average_precision_50=precision[0, :, row].mean().item(),
                average_precision=precision[:, :, row].mean().item(),
                recall=recall[0, row].item(),
                objects=objects[label],
            )
        )
    return tuple(scores)


def _worst(
    subject: Subject,
    pictures: Sequence[tuple[tuple[Box, ...], tuple[Box, ...]]],
    folder: PictureFolder,
    most: int,
) -> tuple[DetectedPicture, ...]:
    """The pictures with the most errors, written."""
    wrong = [count_errors([one], THRESHOLD).wrong for one in pictures]
    order = sorted(range(len(pictures)), key=lambda place: -wrong[place])
    kept = []
    for place in order[:most]:
        index = subject.samples.origin(place)
        picture = folder.keep(index, subject.samples.picture(place))
        true, found = pictures[place]
        kept.append(DetectedPicture(index, picture, true, found))
    return tuple(kept)


def _mean(values: Iterable[float]) -> float:
    """Of those that are defined."""
    known = [value for value in values if not math.isnan(value)]
    return sum(known) / len(known) if known else math.nan
