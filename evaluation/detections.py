"""What was found on pictures and what is there: boxes as numbers, and what kinds of error they are.

No torch: the window counts errors anew while somebody moves the threshold. How well boxes are found
over all thresholds is computed in `boxes.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from evaluation.undefined import number_from

THRESHOLD = 0.2
"""Boxes of which a network is surer than this are shown, if nothing else is chosen; as darknet."""

SAME, NEAR = 0.5, 0.1
"""Intersection over union from which on a box is on an object, and from which on it is near one."""

Verdict = Literal["correct", "wrong place", "wrong class", "background"]


@dataclass(frozen=True, slots=True)
class Box:
    """A box on a picture.

    Attributes:
        left: as a share of the picture's width, 0 to 1; `right` likewise.
        top: as a share of its height; `bottom` likewise.
        label: the number of its class.
        score: how sure the network is, 0 to 1; 1 for what is true.
    """

    left: float
    top: float
    right: float
    bottom: float
    label: int
    score: float = 1.0

    @property
    def area(self) -> float:
        """As a share of the picture."""
        return max(self.right - self.left, 0.0) * max(self.bottom - self.top, 0.0)


@dataclass(frozen=True, slots=True)
class DetectedPicture:
    """A picture with what is there and what was found.

    Attributes:
        index: the number of the sample in the whole dataset.
        picture: its PNG file, relative to the run's folder, without boxes; empty where none was
            written.
        found: the surest first; those of which the network is hardly sure are left out.
    """

    index: int
    picture: str
    true: tuple[Box, ...]
    found: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class DetectionErrors:
    """What kinds of error were made with boxes surer than a threshold.

    Attributes:
        correct: found boxes on an object of their class.
        wrong_place: found boxes near an object of their class, or on one that is taken already.
        wrong_class: found boxes on or near an object of another class.
        background: found boxes near no object.
        missed: objects without a correct box.
    """

    threshold: float
    correct: int
    wrong_place: int
    wrong_class: int
    background: int
    missed: int

    @property
    def wrong(self) -> int:
        """Everything but what is correct."""
        return self.wrong_place + self.wrong_class + self.background + self.missed


@dataclass(frozen=True, slots=True)
class DetectionScore:
    """How well the objects of one class are found.

    Attributes:
        average_precision_50: the area below precision over recall, where a box is right from an
            intersection over union of 0.5 on; NaN where there are no objects of the class.
        average_precision: the mean of these areas for 0.5, 0.55 … 0.95.
        recall: the share of the objects that is found with 0.5 at all, however unsure.
        objects: how many there are.
    """

    name: str
    average_precision_50: float
    average_precision: float
    recall: float
    objects: int


@dataclass(frozen=True, slots=True)
class Detection:
    """What a report says of boxes.

    Attributes:
        average_precision_50: the mean over the classes of which there are objects, NaN without
            any; `average_precision` and `recall` likewise.
        scores: of each class, in the order of their numbers.
        errors: of all pictures, for thresholds in ascending order.
        pictures: those with the most errors first; at most as many as are kept.
    """

    average_precision_50: float
    average_precision: float
    recall: float
    scores: tuple[DetectionScore, ...]
    errors: tuple[DetectionErrors, ...]
    pictures: tuple[DetectedPicture, ...]

    def errors_at(self, threshold: float) -> DetectionErrors:
        """Of the nearest threshold for which they were counted."""
        return min(self.errors, key=lambda one: abs(one.threshold - threshold))


def intersection_over_union(one: Box, other: Box) -> float:
    """The area that two boxes share, as a share of the area that they cover together."""
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    if width <= 0 or height <= 0:
        return 0.0
    common = width * height
    return common / (one.area + other.area - common)


def verdicts(
    true: Sequence[Box], found: Sequence[Box], threshold: float
) -> tuple[list[tuple[Box, Verdict]], list[Box]]:
    """What each found box surer than the threshold is, and which objects were missed.

    The kinds are those of Hoiem et al., "Diagnosing Error in Object Detectors", 2012, as the
    authors of YOLO counted them, without similar classes. Surer boxes have the first choice.
    """
    taken: set[int] = set()
    judged: list[tuple[Box, Verdict]] = []
    for box in sorted(found, key=lambda box: -box.score):
        if box.score <= threshold:
            break
        overlaps = [intersection_over_union(box, one) for one in true]
        alike = [number for number, one in enumerate(true) if one.label == box.label]
        free = [number for number in alike if number not in taken and overlaps[number] >= SAME]
        verdict: Verdict
        if free:
            taken.add(max(free, key=overlaps.__getitem__))
            verdict = "correct"
        elif any(overlaps[number] >= NEAR for number in alike):
            verdict = "wrong place"
        elif any(overlap >= NEAR for overlap in overlaps):
            verdict = "wrong class"
        else:
            verdict = "background"
        judged.append((box, verdict))
    return judged, [one for number, one in enumerate(true) if number not in taken]


def count_errors(
    pictures: Sequence[tuple[Sequence[Box], Sequence[Box]]], threshold: float
) -> DetectionErrors:
    """The errors on pictures, each given as what is there and what was found."""
    return errors_for_each(pictures, (threshold,))[0]


def errors_for_each(
    pictures: Sequence[tuple[Sequence[Box], Sequence[Box]]], thresholds: Sequence[float]
) -> tuple[DetectionErrors, ...]:
    """The errors on pictures for each of several thresholds.

    What a box is does not depend on less sure ones, so that each is looked at once.
    """
    judged = [one for true, found in pictures for one in verdicts(true, found, min(thresholds))[0]]
    objects = sum(len(true) for true, _ in pictures)
    errors = []
    for threshold in thresholds:
        counts = Counter(verdict for box, verdict in judged if box.score > threshold)
        errors.append(
            DetectionErrors(
                threshold,
                correct=counts["correct"],
                wrong_place=counts["wrong place"],
                wrong_class=counts["wrong class"],
                background=counts["background"],
                missed=objects - counts["correct"],
            )
        )
    return tuple(errors)


def read_detection(values: Mapping[str, Any]) -> Detection:
    """From a report's file.

    Raises:
        KeyError, TypeError, ValueError: where something is missing or of another kind.
    """
    return Detection(
        average_precision_50=number_from(values["average_precision_50"]),
        average_precision=number_from(values["average_precision"]),
        recall=number_from(values["recall"]),
        scores=tuple(
            DetectionScore(
                str(score["name"]),
                number_from(score["average_precision_50"]),
                number_from(score["average_precision"]),
                number_from(score["recall"]),
                int(score["objects"]),
            )
            for score in values["scores"]
        ),
        errors=tuple(
            DetectionErrors(
                threshold=float(errors["threshold"]),
                **{kind: int(errors[kind]) for kind in _KINDS},
            )
            for errors in values["errors"]
        ),
        pictures=tuple(
            DetectedPicture(
                int(picture["index"]),
                str(picture["picture"]),
                true=tuple(_box(box) for box in picture["true"]),
                found=tuple(_box(box) for box in picture["found"]),
            )
            for picture in values["pictures"]
        ),
    )


_SIDES = ("left", "top", "right", "bottom")
_KINDS = ("correct", "wrong_place", "wrong_class", "background", "missed")


def _box(values: Mapping[str, Any]) -> Box:
    left, top, right, bottom = (float(values[side]) for side in _SIDES)
    return Box(left, top, right, bottom, int(values["label"]), float(values["score"]))
