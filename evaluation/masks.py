"""Judging segmentation: how true and predicted areas overlap, by class and by sample.

Imports torch: for workers only. What the numbers mean is in `report.py`.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

import numpy
import torch
from torch import Tensor
from torch.nn import functional
from torchmetrics import MetricCollection
from torchmetrics.classification import (
    MulticlassAccuracy,
    MulticlassConfusionMatrix,
    MulticlassF1Score,
    MulticlassJaccardIndex,
)

from data.dataset import IGNORED
from evaluation.colors import CLASS_COLORS, WRONG
from evaluation.pictures import PictureFolder, mask_bytes
from evaluation.segmentations import MaskOutcome, MaskScore, Segmentation
from evaluation.subject import Judged, Subject


class RunningIntersectionOverUnion:
    """The mean over the classes of true ∩ predicted / true ∪ predicted, in pixels."""

    NAME: ClassVar[str] = "mean IoU"

    def __init__(self, classes: int) -> None:
        self._confusion: Tensor | None = None
        self._classes = classes

    def add(self, output: Tensor, targets: Mapping[str, Tensor]) -> None:
        """Count the pixels of outputs of shape (B, classes, H, W)."""
        mask = central(targets["mask"], output.shape[2:])
        counted = confusion_of(predicted_classes(output), mask, self._classes).sum(dim=0)
        self._confusion = counted if self._confusion is None else self._confusion + counted

    def value(self) -> float:
        """Classes that are neither there nor predicted are left out; NaN where all are."""
        if self._confusion is None:
            return math.nan
        # On the CPU, since not every device knows numbers of double precision.
        return intersection_over_union(self._confusion.cpu()).nanmean().item()


def predicted_classes(output: Tensor) -> Tensor:
    """The class of every pixel, of shape (B, H, W), from an output of shape (B, K, H, W).

    Of several numbers the largest decides, of one whether it is above 0.
    """
    return (output[:, 0] > 0).long() if output.shape[1] == 1 else output.argmax(dim=1)


def confusion_of(predicted: Tensor, mask: Tensor, classes: int) -> Tensor:
    """Pixels of every sample by true and predicted class, of shape (B, classes, classes).

    Args:
        predicted: a class for every pixel, of shape (B, H, W).
        mask: likewise the true one, or `IGNORED`.
    """
    known = mask != IGNORED
    places = torch.where(known, mask * classes + predicted, classes**2).flatten(1)
    counts = places.new_zeros(len(mask), classes**2 + 1)
    counts.scatter_add_(1, places, torch.ones_like(places))
    return counts[:, :-1].reshape(-1, classes, classes)


def intersection_over_union(confusion: Tensor) -> Tensor:
    """Of every class, from counts of shape (..., classes, classes); NaN without any pixel."""
    both = confusion.diagonal(dim1=-2, dim2=-1).double()
    either = confusion.sum(dim=-1) + confusion.sum(dim=-2) - both
    return both / either  # 0 / 0 is NaN


def central(mask: Tensor, size: Sequence[int]) -> Tensor:
    """The middle of masks of shape (B, H, W); where it cannot be even, up and left of it."""
    top, left = ((have - want) // 2 for have, want in zip(mask.shape[1:], size, strict=True))
    return mask[:, top : top + size[0], left : left + size[1]]


class _Found(NamedTuple):
    """A sample, ordered so that the worst is the greatest."""

    badness: float
    place: int
    iou: float
    predicted: Tensor
    mask: Tensor


def judge_masks(
    subject: Subject, judged: Iterable[Judged], folder: PictureFolder, most_pictures: int
) -> dict[str, Any]:
    """What a report says of masks, by the names of its fields; writes the pictures."""
    classes = subject.description.classes
    metrics = _metrics(classes)
    worst: list[_Found] = []
    place = 0
    for output, targets, _ in judged:
        predicted = predicted_classes(output)
        mask = central(targets["mask"], output.shape[2:])
        metrics.update(predicted, mask)
        each = intersection_over_union(confusion_of(predicted, mask, classes)).nanmean(dim=1)
        for row, iou in enumerate(each.tolist()):
            # Of a sample where nothing is known nothing can be said, so it comes last.
            badness = -2.0 if math.isnan(iou) else -iou
            found = _Found(
                badness, -place, iou, predicted[row].to(torch.uint8), mask[row].to(torch.uint8)
            )
            heapq.heappush(worst, found)
            if len(worst) > most_pictures:
                heapq.heappop(worst)
            place += 1
    scores = metrics.compute() if place else _no_scores(classes)
    confusion: Tensor = scores["confusion"]
    return {
        "score": intersection_over_union(confusion).nanmean().item(),
        "score_name": RunningIntersectionOverUnion.NAME,
        "accuracy": scores["accuracy"].item() if confusion.any() else math.nan,
        "segmentation": Segmentation(
            _scores(subject.description.class_names, scores),
            tuple(tuple(row) for row in confusion.tolist()),
            tuple(_outcome(subject, one, folder) for one in sorted(worst, reverse=True)),
        ),
    }


def _metrics(classes: int) -> MetricCollection:
    every: dict[str, Any] = {"num_classes": classes, "ignore_index": IGNORED}
    return MetricCollection(
        {
            "confusion": MulticlassConfusionMatrix(**every),
            "accuracy": MulticlassAccuracy(average="micro", **every),
            "iou": MulticlassJaccardIndex(average="none", **every),
            # Dice is what F1 is called where areas are compared.
            "dice": MulticlassF1Score(average="none", **every),
        }
    )


def _no_scores(classes: int) -> dict[str, Tensor]:
    """What the metrics would give without samples, which torchmetrics does not want to be asked."""
    per_class = {name: torch.zeros(classes) for name in ("iou", "dice")}
    return {**per_class, "confusion": torch.zeros(classes, classes, dtype=torch.int64)}


def _scores(names: tuple[str, ...], scores: Mapping[str, Tensor]) -> tuple[MaskScore, ...]:
    """The scores of each class; torchmetrics gives 0 for what is not defined, we NaN."""
    confusion = scores["confusion"]
    pixels, predicted = confusion.sum(dim=1).tolist(), confusion.sum(dim=0).tolist()
    ious, dices = scores["iou"].tolist(), scores["dice"].tolist()
    return tuple(
        MaskScore(
            name,
            iou=ious[i] if pixels[i] or predicted[i] else math.nan,
            dice=dices[i] if pixels[i] or predicted[i] else math.nan,
            pixels=pixels[i],
            predicted=predicted[i],
        )
        for i, name in enumerate(names)
    )


def _outcome(subject: Subject, found: _Found, folder: PictureFolder) -> MaskOutcome:
    """Write the pictures of a sample: the image, and what is laid over it."""
    place = -found.place
    index = subject.samples.origin(place)
    picture = subject.samples.picture(place)
    wrong = (found.predicted != found.mask) & (found.mask != IGNORED)

    def layer(name: str, values: Tensor, colors: Sequence[tuple[int, int, int]]) -> str:
        whole = values if picture is None else _in_the_middle(values, picture.shape[:2])
        content = mask_bytes(numpy.asarray(whole), colors=colors, clear=True)
        return folder.keep_file(index, content, name)

    return MaskOutcome(
        index,
        found.iou,
        picture=folder.keep(index, picture),
        truth=layer("truth", found.mask, CLASS_COLORS),
        answer=layer("answer", found.predicted, CLASS_COLORS),
        wrong=layer("wrong", wrong.to(torch.uint8), (CLASS_COLORS[0], WRONG)),
    )


def _in_the_middle(values: Tensor, size: Sequence[int]) -> Tensor:
    """Values of shape (H, W) in the middle of a larger area of 0, as `central` cuts it out."""
    free = [have - want for have, want in zip(size, values.shape, strict=True)]
    top, left = (side // 2 for side in free)
    return functional.pad(values, (left, free[1] - left, top, free[0] - top))
