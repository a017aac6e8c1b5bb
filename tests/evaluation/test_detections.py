"""Kinds of errors by hand, and precision against a count in plain loops."""

import dataclasses
import json
import math

import pytest
import torch
from torch import nn

from data.dataset import NO_BOX, Batch, DataDescription
from evaluation.boxes import RunningPrecision
from evaluation.decoding import Decoding
from evaluation.detections import (
    Box,
    count_errors,
    intersection_over_union,
    verdicts,
)
from evaluation.evaluate import evaluate
from evaluation.report import read_report, report_path
from evaluation.subject import Subject
from graph.shapes import TensorSpec

RED, GREEN, BLUE = 0, 1, 2
NAMES = ("red", "green", "blue")


def box(left, label=RED, score=1.0, *, width=0.2):
    """A box of the height 0.2 at the top."""
    return Box(left, 0.0, left + width, 0.2, label, score)


def test_overlap_by_hand():
    assert intersection_over_union(box(0.0), box(0.1)) == pytest.approx(1 / 3)
    assert intersection_over_union(box(0.0), box(0.0)) == pytest.approx(1)
    assert intersection_over_union(box(0.0), box(0.2)) == 0
    nothing = Box(0.1, 0.1, 0.1, 0.1, RED)
    assert intersection_over_union(nothing, nothing) == 0


@pytest.mark.parametrize(
    ("true", "found", "expected", "missed"),
    [
        ([box(0.0)], [box(0.05, score=0.9)], ["correct"], 0),
        # An overlap of a third is near, but not on it.
        ([box(0.0)], [box(0.1, score=0.9)], ["wrong place"], 1),
        ([box(0.0)], [box(0.0, GREEN, 0.9)], ["wrong class"], 1),
        ([box(0.0)], [box(0.6, score=0.9)], ["background"], 1),
        ([], [box(0.6, score=0.9)], ["background"], 0),
        ([box(0.0), box(0.5)], [], [], 2),
        # The second box on the same object finds it taken; the surer one was first.
        ([box(0.0)], [box(0.0, score=0.5), box(0.01, score=0.9)], ["correct", "wrong place"], 0),
        # Two objects that overlap: each box takes the one that it fits best.
        (
            [box(0.0), box(0.05)],
            [box(0.05, score=0.9), box(0.0, score=0.8)],
            ["correct", "correct"],
            0,
        ),
        ([box(0.0)], [box(0.0, score=0.2)], [], 1),
    ],
)
def test_what_each_box_is(true, found, expected, missed):
    judged, left = verdicts(true, found, threshold=0.2)
    assert [verdict for _, verdict in judged] == expected
    assert len(left) == missed
    counted = count_errors([(true, found), ([], [])], 0.2)
    assert counted.correct == expected.count("correct")
    assert counted.wrong_place == expected.count("wrong place")
    assert counted.wrong_class == expected.count("wrong class")
    assert counted.background == expected.count("background")
    assert counted.missed == missed


class Given(nn.Module):
    """Gives what it was told for each sample, whose input is its number."""

    def __init__(self, outputs):
        super().__init__()
        self.outputs = outputs

    def forward(self, image):
        return self.outputs[image[:, 0, 0, 0].long()]


class Numbered:
    """Samples whose image is their number, of 10×20 pixels."""

    def __init__(self, boxes, labels):
        self.boxes, self.labels = boxes, labels

    def __len__(self):
        return len(self.labels)

    def batch(self, indices, generator=None):
        image = indices.float().view(-1, 1, 1, 1).expand(-1, 1, 10, 20)
        return Batch(
            {"image": image}, {"boxes": self.boxes[indices], "labels": self.labels[indices]}
        )

    def picture(self, index):
        return torch.full((10, 20, 3), index, dtype=torch.uint8).numpy()

    def origin(self, index):
        return 100 + index


def by_chance(seed, images=30, cells=4):
    """Outputs of a YOLO of 4×4 cells with one box that is somewhere near what is there."""
    generator = torch.Generator().manual_seed(seed)
    outputs = torch.zeros(images, 5 + 3, cells, cells)
    boxes = torch.zeros(images, 4, 4)
    labels = torch.full((images, 4), NO_BOX)
    for image in range(images):
        for number in range(int(torch.randint(0, 5, (), generator=generator))):
            row, column = number, int(torch.randint(0, cells, (), generator=generator))
            middle = (torch.tensor([column, row]) + 0.5) / cells
            half = 0.05 + 0.1 * torch.rand(2, generator=generator)
            boxes[image, number] = torch.cat((middle - half, middle + half)).clamp(0, 1)
            label = int(torch.randint(0, 3, (), generator=generator))
            labels[image, number] = label
            noise = 0.15 * torch.randn(2, generator=generator)
            found = label if torch.rand((), generator=generator) < 0.8 else (label + 1) % 3
            sure = 0.1 + 0.9 * float(torch.rand((), generator=generator))
            outputs[image, :2, row, column] = 0.5 + noise
            outputs[image, 2:4, row, column] = (2 * half).sqrt() + noise / 4
            outputs[image, 4, row, column] = sure
            outputs[image, 5 + found, row, column] = 1
        outputs[image, 4, 0, 0] += 0.3
        outputs[image, 2:4, 0, 0] += 0.2
        outputs[image, 5, 0, 0] += 0.5
    return outputs, boxes, labels


def plain_precision(true, found, label, needed):
    """The mean of the precision at 101 recalls, counted box by box.

    Args:
        true: by image, a list of (box, label).
        found: (image, box, label, score).
    """
    objects = sum(one_label == label for image in true for _, one_label in image)
    taken = set()
    hits = []
    for image, place, _, _ in sorted((f for f in found if f[2] == label), key=lambda f: -f[3]):
        best, best_overlap = None, needed
        for number, (other, other_label) in enumerate(true[image]):
            if other_label == label and (image, number) not in taken:
                overlap = intersection_over_union(Box(*place, 0), Box(*other, 0))
                if overlap >= best_overlap:
                    best, best_overlap = number, overlap
        hits.append(best is not None)
        if best is not None:
            taken.add((image, best))
    precisions = [sum(hits[: end + 1]) / (end + 1) for end in range(len(hits))]
    recalls = [sum(hits[: end + 1]) / objects for end in range(len(hits))]
    total = 0.0
    # The recalls as torchmetrics has them, in single precision.
    for recall in torch.linspace(0, 1, 101).tolist():
        total += max(
            (p for p, r in zip(precisions, recalls, strict=True) if r >= recall), default=0.0
        )
    return total / 101, sum(hits) / objects


DECODING = Decoding("yolo_detections", {"grid": 4, "boxes": 1})


def subject_of(outputs, boxes, labels, size=(10, 20)):
    """Judged as a loss with boxes as shares of the image would have it."""
    description = DataDescription(
        task="detection",
        inputs={"image": TensorSpec((1, *size))},
        class_names=NAMES,
        samples=len(labels),
        summary="",
        source="",
    )
    return Subject(
        Given(outputs),
        Numbered(boxes, labels),
        description,
        "test",
        task="detection",
        decoding=DECODING,
    )


@pytest.mark.parametrize("seed", range(3))
def test_precision_is_that_of_a_count_in_plain_loops(tmp_path, seed):
    outputs, boxes, labels = by_chance(seed)
    subject = subject_of(outputs, boxes, labels)
    report = evaluate(subject, tmp_path, loss=lambda o, t: o[0].sum(), batch_size=7)
    true = [
        [(box.tolist(), int(label)) for box, label in zip(*image, strict=True) if label != NO_BOX]
        for image in zip(boxes, labels, strict=True)
    ]
    found = [
        (image, place, label, score)
        for image, detections in enumerate(
            DECODING.detections(outputs, threshold=0.001, overlap=0.5)
        )
        for place, score, label in zip(*(part.tolist() for part in detections), strict=True)
    ]
    detection = report.detection
    for label, score in enumerate(detection.scores):
        half, recall = plain_precision(true, found, label, 0.5)
        assert score.average_precision_50 == pytest.approx(half, abs=1e-6)
        assert score.recall == pytest.approx(recall)
        levels = [plain_precision(true, found, label, 0.5 + step / 20)[0] for step in range(10)]
        assert score.average_precision == pytest.approx(sum(levels) / 10, abs=1e-6)
        assert score.objects == sum(one == label for image in true for _, one in image)
    halves = [score.average_precision_50 for score in detection.scores]
    assert report.score == detection.average_precision_50 == pytest.approx(sum(halves) / 3)
    assert report.score_name == "mAP@.5"
    running = RunningPrecision(DECODING)
    for start in (0, 13):
        part = slice(start, start + 13 if start == 0 else None)
        running.add(outputs[part], {"boxes": boxes[part], "labels": labels[part]})
    assert running.value() == pytest.approx(report.score, abs=1e-6)


def test_the_report_comes_back_and_names_the_worst_pictures(tmp_path):
    outputs, boxes, labels = by_chance(1)
    subject = subject_of(outputs, boxes, labels)
    report = evaluate(subject, tmp_path, loss=lambda o, t: o[0].sum(), most_pictures=5)
    assert read_report(tmp_path, "test") == report
    everything = evaluate(subject, tmp_path / "all", loss=lambda o, t: o[0].sum())
    pictures = report.detection.pictures
    assert len(pictures) == 5
    wrong = [count_errors([(one.true, one.found)], 0.2).wrong for one in pictures]
    assert wrong == sorted(wrong, reverse=True)
    assert wrong[0] > 0
    files = {
        path.relative_to(tmp_path).as_posix() for path in (tmp_path / "evaluation").rglob("*.png")
    }
    assert files == {one.picture for one in pictures} == report.pictures
    thresholds = [errors.threshold for errors in report.detection.errors]
    assert thresholds == sorted(thresholds)
    assert report.detection.errors_at(0.21).threshold == 0.2
    for errors in report.detection.errors:
        kept = [(one.true, one.found) for one in everything.detection.pictures]
        assert errors == count_errors(kept, errors.threshold)
        left = sum(len(verdicts(*one, errors.threshold)[1]) for one in kept)
        assert errors.missed == left
    fewer = [errors.correct for errors in report.detection.errors]
    assert fewer == sorted(fewer, reverse=True)


def test_classes_without_objects_have_no_precision(tmp_path):
    outputs, boxes, labels = by_chance(2)
    labels = torch.where(labels == BLUE, GREEN, labels)
    report = evaluate(subject_of(outputs, boxes, labels), tmp_path, loss=lambda o, t: o[0].sum())
    blue = report.detection.scores[BLUE]
    assert math.isnan(blue.average_precision_50)
    assert blue.objects == 0
    others = [score.average_precision_50 for score in report.detection.scores[:BLUE]]
    assert report.score == pytest.approx(sum(others) / 2)
    written = json.loads(report_path(tmp_path, "test").read_text())
    assert written["detection"]["scores"][BLUE]["recall"] is None


@pytest.mark.parametrize("images", [0, 3])
def test_without_any_object_there_is_no_score(tmp_path, images):
    outputs = torch.zeros(images, 8, 4, 4)
    boxes, labels = torch.zeros(images, 0, 4), torch.zeros(images, 0, dtype=torch.int64)
    report = evaluate(subject_of(outputs, boxes, labels), tmp_path, loss=lambda o, t: o[0].sum())
    assert math.isnan(report.score)
    assert read_report(tmp_path, "test").detection.errors == report.detection.errors
    if images:
        running = RunningPrecision(DECODING)
        running.add(outputs, {"boxes": boxes, "labels": labels})
        assert math.isnan(running.value())


def test_a_report_without_boxes_is_read_as_before(tmp_path):
    outputs, boxes, labels = by_chance(0)
    report = evaluate(subject_of(outputs, boxes, labels), tmp_path, loss=lambda o, t: o[0].sum())
    path = report_path(tmp_path, "test")
    values = json.loads(path.read_text())
    for key in ("detection", "score", "score_name"):
        del values[key]
    path.write_text(json.dumps(values))
    read = read_report(tmp_path, "test")
    assert read.detection is None
    assert dataclasses.replace(read, score=0.0) == dataclasses.replace(
        report, detection=None, score=0.0, score_name=""
    )
