"""Judging segmentation: the numbers are scikit-learn's, the pictures show what they say."""

import math

import numpy
import pytest
import torch
from PIL import Image
from sklearn import metrics
from torch import nn

from data.dataset import IGNORED, DataDescription
from data.masks import MaskedImages, Part
from evaluation.colors import CLASS_COLORS
from evaluation.evaluate import evaluate
from evaluation.masks import RunningIntersectionOverUnion
from evaluation.pictures import mask_bytes
from evaluation.report import read_report
from evaluation.subject import Subject
from graph.shapes import TensorSpec
from training.objectives import PixelCrossEntropy

NAMES = ("background", "cell", "wall", "dust")
SIZE = 12


class Table(nn.Module):
    """Answers with what belongs to the number in the first pixel of an image."""

    def __init__(self, outputs):
        super().__init__()
        self.outputs = nn.Parameter(outputs)

    def forward(self, image):
        return self.outputs[(image[:, 0, 0, 0] * 255).round().long()]


def truth(count=7):
    """Masks without class 2 and with unknown pixels; the last one is unknown as a whole."""
    generator = torch.Generator().manual_seed(1)
    masks = torch.randint(0, 2, (count, SIZE, SIZE), generator=generator)
    masks[torch.rand(masks.shape, generator=generator) < 0.1] = IGNORED
    masks[-1] = IGNORED
    return masks


def answers(masks, size=SIZE):
    """Mostly right, never class 3, sometimes class 2; the later a sample the worse."""
    generator = torch.Generator().manual_seed(2)
    outputs = torch.zeros(len(masks), len(NAMES), size, size)
    edge = (SIZE - size) // 2
    inner = masks[:, edge : edge + size, edge : edge + size].clamp(max=1)
    outputs.scatter_(1, inner[:, None], 5.0)
    for number, output in enumerate(outputs):
        wrong = torch.rand(size, size, generator=generator) < 0.1 * number
        output[2][wrong] = 9
    outputs[:, 3] = -9
    return outputs


def subject(masks, outputs):
    images = torch.zeros(len(masks), 1, SIZE, SIZE, dtype=torch.uint8)
    images[:, 0, 0, 0] = torch.arange(len(masks))

    def read(number):
        return images[number], masks[number].to(torch.uint8)

    return Subject(
        Table(outputs),
        MaskedImages(read, [Part(50 + number, number) for number in range(len(masks))]),
        DataDescription(
            "segmentation", {"image": TensorSpec((1, SIZE, SIZE))}, NAMES, len(masks), "", ""
        ),
        "test",
        task="segmentation",
    )


@pytest.fixture
def judged(tmp_path):
    masks = truth()
    outputs = answers(masks)
    report = evaluate(
        subject(masks, outputs), tmp_path, loss=PixelCrossEntropy().total, batch_size=3
    )
    return tmp_path, report, masks, outputs.argmax(dim=1)


def test_the_numbers_are_scikit_learns(judged):
    folder, report, masks, predicted = judged
    known = masks != IGNORED
    true, given = masks[known].numpy(), predicted[known].numpy()
    everything = list(range(len(NAMES)))
    ious = metrics.jaccard_score(true, given, labels=everything, average=None, zero_division=0)
    dices = metrics.f1_score(true, given, labels=everything, average=None, zero_division=0)
    for label, score in enumerate(report.segmentation.scores[:3]):
        assert (score.name, score.iou) == (NAMES[label], pytest.approx(ious[label], rel=1e-5))
        assert score.dice == pytest.approx(dices[label], rel=1e-5)
        assert (score.pixels, score.predicted) == ((true == label).sum(), (given == label).sum())
    # Class 2 is not there but was predicted: nothing of that is right. Class 3 is neither.
    assert report.segmentation.scores[2].iou == 0
    assert math.isnan(report.segmentation.scores[3].iou)
    assert report.score == pytest.approx(ious[:3].mean(), rel=1e-5)
    assert report.score_name == "mean IoU"
    assert report.accuracy == pytest.approx((true == given).mean())
    matrix = metrics.confusion_matrix(true, given, labels=everything)
    assert numpy.array_equal(report.segmentation.confusion, matrix)
    again = read_report(folder, "test")
    # The last sample has no number, which is not equal to itself.
    assert again.segmentation.outcomes[:6] == report.segmentation.outcomes[:6]
    assert again.segmentation.scores[:3] == report.segmentation.scores[:3]


def test_samples_come_the_worst_first_and_the_unknown_last(judged):
    _, report, masks, predicted = judged
    by_sample = []
    for mask, given in zip(masks[:-1], predicted[:-1], strict=True):
        known = mask != IGNORED
        labels = sorted({*mask[known].tolist(), *given[known].tolist()})
        by_sample.append(
            metrics.jaccard_score(mask[known], given[known], labels=labels, average="macro")
        )
    order = sorted(range(6), key=lambda place: by_sample[place])
    assert [one.index for one in report.segmentation.outcomes] == [
        50 + place for place in (*order, 6)
    ]
    ious = [one.iou for one in report.segmentation.outcomes]
    assert ious[:-1] == pytest.approx([by_sample[place] for place in order], rel=1e-5)
    assert math.isnan(ious[-1])


def test_the_pictures_are_the_masks(judged):
    folder, report, masks, predicted = judged
    outcome = report.segmentation.outcomes[0]
    mask, given = masks[outcome.index - 50].numpy(), predicted[outcome.index - 50].numpy()
    for name, expected in (
        ("truth", mask),
        ("answer", given),
        ("wrong", (mask != given) & (mask != IGNORED)),
    ):
        with Image.open(folder / getattr(outcome, name)) as image:
            assert image.mode == "P"
            assert numpy.array_equal(numpy.asarray(image), expected)
            opacity = numpy.asarray(image.convert("RGBA"))[:, :, 3]
        assert numpy.array_equal(opacity > 0, (expected != 0) & (expected != IGNORED))
    with Image.open(folder / outcome.picture) as image:
        assert image.size == (SIZE, SIZE)


def test_only_the_worst_are_kept(tmp_path):
    masks = truth()
    report = evaluate(
        subject(masks, answers(masks)),
        tmp_path,
        loss=PixelCrossEntropy().total,
        most_pictures=2,
    )
    assert [one.index for one in report.segmentation.outcomes] == [55, 54]
    assert len(list((tmp_path / "evaluation" / "test").glob("*.png"))) == 8


def test_a_smaller_output_lies_in_the_middle_of_the_picture(tmp_path):
    masks = truth()
    outputs = answers(masks, size=8)
    report = evaluate(subject(masks, outputs), tmp_path, loss=PixelCrossEntropy().total)
    assert (
        sum(score.pixels for score in report.segmentation.scores)
        == (masks[:, 2:10, 2:10] != IGNORED).sum()
    )
    outcome = report.segmentation.outcomes[0]
    shown = numpy.asarray(Image.open(tmp_path / outcome.answer))
    predicted = outputs.argmax(dim=1)[outcome.index - 50].numpy()
    assert numpy.array_equal(shown, numpy.pad(predicted, 2))


def test_the_running_score_is_that_of_the_report(judged):
    _, report, masks, _ = judged
    running = RunningIntersectionOverUnion(len(NAMES))
    assert math.isnan(running.value())
    outputs = answers(masks)
    for start in (0, 4):
        running.add(outputs[start : start + 4], {"mask": masks[start : start + 4]})
    assert running.value() == pytest.approx(report.score, rel=1e-6)


def test_a_mask_as_a_file_is_read_by_pillow(tmp_path):
    mask = numpy.arange(256, dtype=numpy.uint8).reshape(16, 16)
    path = tmp_path / "mask.png"
    path.write_bytes(mask_bytes(mask))
    image = Image.open(path)
    assert numpy.array_equal(numpy.asarray(image), mask)
    colors = numpy.asarray(image.convert("RGB")).reshape(-1, 3)
    assert [tuple(color) for color in colors.tolist()] == list(CLASS_COLORS)


def test_no_samples_are_no_mistake(tmp_path):
    empty = Subject(
        Table(torch.zeros(1, 4, SIZE, SIZE)),
        MaskedImages(lambda number: (), ()),
        subject(truth(), answers(truth())).description,
        "test",
        task="segmentation",
    )
    report = evaluate(empty, tmp_path, loss=PixelCrossEntropy().total)
    assert math.isnan(report.score)
    again = read_report(tmp_path, "test")
    assert math.isnan(again.accuracy)
    assert [score.pixels for score in again.segmentation.scores] == [0] * len(NAMES)
    assert again.segmentation.outcomes == ()
