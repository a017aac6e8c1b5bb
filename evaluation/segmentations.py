"""What a report says of a class for every pixel. No torch.

How it is computed is in `masks.py`. Numbers that are not defined are NaN here and null in a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evaluation.undefined import number_from


@dataclass(frozen=True, slots=True)
class MaskScore:
    """How well the pixels of one class are found.

    Attributes:
        iou: intersection over union: pixels that are of the class and were taken for it, as a
            share of those of which either holds; NaN if there is none.
        dice: likewise 2·both / (true + predicted), which is the F1 of pixels.
        pixels: how many are of this class.
        predicted: how many were taken for it.
    """

    name: str
    iou: float
    dice: float
    pixels: int
    predicted: int


@dataclass(frozen=True, slots=True)
class MaskOutcome:
    """What was predicted for the pixels of one sample.

    Attributes:
        index: the number of the sample in the whole dataset.
        iou: the mean over the classes that it has or that were predicted; NaN where nothing is
            known of it.
        picture: PNG file of what went in, relative to the run's folder; empty where there is none.
        truth: likewise, of the true classes, transparent for the first; to lie over the picture.
        answer: likewise, of the predicted classes.
        wrong: likewise, of the pixels where they differ.
    """

    index: int
    iou: float
    picture: str
    truth: str
    answer: str
    wrong: str


@dataclass(frozen=True, slots=True)
class Segmentation:
    """How true and predicted areas overlap.

    Attributes:
        scores: of every class.
        confusion: row: true class, column: predicted class; numbers of pixels.
        outcomes: the samples, the worst first; at most as many as are kept with pictures.
    """

    scores: tuple[MaskScore, ...]
    confusion: tuple[tuple[int, ...], ...]
    outcomes: tuple[MaskOutcome, ...]


def read_segmentation(values: Mapping[str, Any]) -> Segmentation:
    """From a report's file.

    Raises:
        KeyError, TypeError, ValueError: where something is missing or of another kind.
    """
    return Segmentation(
        scores=tuple(
            MaskScore(
                str(score["name"]),
                number_from(score["iou"]),
                number_from(score["dice"]),
                int(score["pixels"]),
                int(score["predicted"]),
            )
            for score in values["scores"]
        ),
        confusion=tuple(tuple(int(count) for count in row) for row in values["confusion"]),
        outcomes=tuple(
            MaskOutcome(
                int(outcome["index"]),
                number_from(outcome["iou"]),
                *(str(outcome[name]) for name in ("picture", "truth", "answer", "wrong")),
            )
            for outcome in values["outcomes"]
        ),
    )
