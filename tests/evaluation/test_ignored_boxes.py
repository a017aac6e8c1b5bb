"""Objects that need not be found, as those that Pascal VOC marks as difficult: scores by hand."""

import dataclasses

import pytest
import torch
from torch import nn

from data.dataset import NO_BOX, Batch, DataDescription
from evaluation.boxes import RunningPrecision
from evaluation.evaluate import evaluate
from evaluation.subject import Subject
from graph.shapes import TensorSpec

CAT, DOG = 0, 1
CORNER, MIDDLE = [0.0, 0.0, 0.2, 0.2], [0.5, 0.5, 0.9, 0.9]
BESIDE = [0.02, 0.0, 0.22, 0.2]
"""Has 9/11 of what it and the corner cover together with it in common."""

TRUE = [[(CORNER, CAT)], [(CORNER, CAT), (MIDDLE, DOG)]]
IGNORED = [[(MIDDLE, CAT)], [(BESIDE, CAT)]]
FOUND = [
    [
        (MIDDLE, CAT, 0.95),  # on the ignored cat
        ([0.5, 0.5, 0.9, 0.85], CAT, 0.9),  # once more
        ([0.5, 0.5, 0.6, 0.6], CAT, 0.85),  # too small to be on it: wrong
        (CORNER, CAT, 0.8),  # right
        (MIDDLE, DOG, 0.7),  # the ignored one is a cat: wrong
    ],
    [
        (BESIDE, CAT, 0.75),  # would do for the cat in the corner, but the ignored one is nearer
        (MIDDLE, DOG, 0.65),  # right
    ],
]


class Told:
    """Reads from an output, which is the number of the picture, what was found there."""

    def detections(self, output, *, threshold, overlap):
        rows = [FOUND[int(number)] for number in output[:, 0]]
        return [
            (
                torch.tensor([box for box, _, _ in row]),
                torch.tensor([score for _, _, score in row]),
                torch.tensor([label for _, label, _ in row]),
            )
            for row in rows
        ]


def padded(pictures):
    most = max(map(len, pictures))
    boxes = torch.zeros(len(pictures), most, 4)
    labels = torch.full((len(pictures), most), NO_BOX)
    for number, picture in enumerate(pictures):
        for row, (box, label) in enumerate(picture):
            boxes[number, row] = torch.tensor(box)
            labels[number, row] = label
    return boxes, labels


def targets(pictures=slice(None)):
    boxes, labels = padded(TRUE)
    ignored_boxes, ignored_labels = padded(IGNORED)
    return {
        "boxes": boxes[pictures],
        "labels": labels[pictures],
        "ignored_boxes": ignored_boxes[pictures],
        "ignored_labels": ignored_labels[pictures],
    }


class Numbered:
    """Samples of which the picture is their number."""

    def __len__(self):
        return len(TRUE)

    def batch(self, indices, generator=None):
        return Batch({"image": indices.float().view(-1, 1)}, targets(indices))

    def picture(self, index):
        return torch.zeros(8, 8, 3, dtype=torch.uint8).numpy()

    def origin(self, index):
        return index


CATS = 51 / 101 / 2
"""Of two cats one is found, behind one mistake: half of the boxes are right up to a recall of 0.5,
which are 51 of the 101 recalls."""

DOGS = 1 / 2
"""The one dog is found behind one mistake."""


def test_what_is_found_on_an_ignored_object_counts_for_nothing(tmp_path):
    description = DataDescription(
        "detection", {"image": TensorSpec((1,))}, ("cat", "dog"), 2, "", ""
    )
    subject = Subject(
        nn.Identity(), Numbered(), description, "test", task="detection", decoding=Told()
    )
    report = evaluate(subject, tmp_path, loss=lambda o, t: o[0].sum())
    cat, dog = report.detection.scores
    assert cat.average_precision_50 == pytest.approx(CATS)
    assert dog.average_precision_50 == pytest.approx(DOGS)
    assert (cat.objects, cat.recall) == (2, 0.5)
    assert (dog.objects, dog.recall) == (1, 1.0)
    counted = dataclasses.asdict(report.detection.errors_at(0.2))
    assert counted == {
        "threshold": 0.2,
        "correct": 2,
        "wrong_place": 0,
        "wrong_class": 0,
        "background": 2,
        "missed": 1,
    }


def test_the_score_of_a_validation_passes_over_them_too():
    running = RunningPrecision(Told())
    for picture in (0, 1):
        running.add(torch.tensor([[float(picture)]]), targets([picture]))
    assert running.value() == pytest.approx((CATS + DOGS) / 2)
