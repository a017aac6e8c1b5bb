"""Judging: the numbers are those of scikit-learn and of the definition, the pictures are right."""

import io
import math
from dataclasses import replace

import numpy
import pytest
import torch
from sklearn import metrics
from torch import nn
from torch.nn import functional

from data.catalog import DATASETS
from data.images import ImageSamples
from evaluation.evaluate import Subject, evaluate
from evaluation.pictures import png_bytes
from evaluation.report import read_report

CLASSES = 10


class Table(nn.Module):
    """Answers with the logits that the first pixel of an image names."""

    def __init__(self, logits):
        super().__init__()
        self.logits = nn.Parameter(logits)

    def forward(self, image):
        return self.logits[image[:, 0, 0, 0].round().long()]


def cross_entropy(output, targets):
    return functional.cross_entropy(output, targets["label"])


def subject(logits, labels):
    images = torch.zeros(len(labels), 1, 8, 8)
    images[:, 0, 0, 0] = torch.arange(len(labels))
    samples = ImageSamples(images, labels, torch.arange(len(labels)) + 1000)
    return Subject(Table(logits), samples, DATASETS["digits"]().describe(), "test", epoch=2)


@pytest.fixture
def judged(tmp_path):
    """200 random answers in which class 3 is never predicted and class 7 never true."""
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(200, CLASSES, generator=generator) * 2
    labels = torch.randint(0, CLASSES, (200,), generator=generator)
    labels[labels == 7] = 6
    logits[torch.arange(200), labels] += 2
    logits[:, 3] = -50
    report = evaluate(
        subject(logits, labels), tmp_path, loss=cross_entropy, batch_size=33, most_pictures=20
    )
    return tmp_path, report, logits, labels


def test_numbers_are_those_of_scikit_learn(judged):
    _, report, logits, labels = judged
    true, predicted = labels.numpy(), logits.argmax(dim=1).numpy()
    assert report.samples == 200
    assert report.accuracy == pytest.approx(metrics.accuracy_score(true, predicted))
    assert report.loss == pytest.approx(functional.cross_entropy(logits, labels).item(), abs=1e-5)
    everything = list(range(CLASSES))
    confusion = metrics.confusion_matrix(true, predicted, labels=everything)
    assert numpy.array_equal(report.confusion, confusion)
    expected = metrics.precision_recall_fscore_support(
        true, predicted, labels=everything, zero_division=numpy.nan
    )
    for score, *values in zip(report.classes, *expected, strict=True):
        ours = [score.precision, score.recall, score.f1, score.support]
        assert ours == pytest.approx(values, nan_ok=True, abs=1e-6)


def test_what_is_not_defined_is_nan(judged):
    _, report, _, _ = judged
    never_predicted, never_true = report.classes[3], report.classes[7]
    assert math.isnan(never_predicted.precision)
    assert never_predicted.recall == 0
    assert never_predicted.f1 == 0
    assert math.isnan(never_true.recall)
    assert never_true.precision == 0


def test_mistakes_come_most_confident_first_with_their_pictures(judged):
    folder, report, logits, labels = judged
    probabilities = logits.softmax(dim=1)
    wrong = int((logits.argmax(dim=1) != labels).sum())
    assert report.mistakes_total == wrong > 20
    assert len(report.mistakes) == 20
    confidences = [mistake.confidence for mistake in report.mistakes]
    assert confidences == sorted(confidences, reverse=True)
    for mistake in report.mistakes:
        place = mistake.index - 1000
        assert mistake.true == labels[place] != mistake.predicted
        assert mistake.confidence == pytest.approx(probabilities[place].max().item(), abs=1e-6)
        expected = probabilities[place, mistake.true].item()
        assert mistake.true_probability == pytest.approx(expected, abs=1e-6)
        assert Image.open(folder / mistake.picture).size == (8, 8)
    assert read_report(folder, "test") == report or math.isnan(report.classes[3].precision)


def test_a_new_evaluation_removes_the_pictures_of_the_old(judged):
    folder, report, logits, labels = judged
    stale = folder / "evaluation" / "test" / "99999.png"
    stale.touch()
    again = evaluate(
        subject(logits, labels), folder, loss=cross_entropy, batch_size=200, most_pictures=5
    )
    assert again.mistakes == tuple(
        replace(mistake, confidence=pytest.approx(mistake.confidence))
        for mistake in report.mistakes[:5]
    ) or [m.index for m in again.mistakes] == [m.index for m in report.mistakes[:5]]
    assert len(list((folder / "evaluation" / "test").glob("*.png"))) == 5


def test_no_samples_give_numbers_that_do_not_exist(tmp_path):
    nobody = subject(torch.zeros(0, CLASSES), torch.zeros(0, dtype=torch.int64))
    report = evaluate(nobody, tmp_path, loss=cross_entropy)
    assert report.samples == 0
    assert math.isnan(report.accuracy)
    assert report.mistakes == ()


@pytest.mark.parametrize("shape", [(5, 7), (5, 7, 3)])
def test_pictures_are_png_files(shape):
    picture = numpy.random.default_rng(0).integers(0, 256, shape, dtype=numpy.uint8)
    decoded = numpy.asarray(Image.open(io.BytesIO(png_bytes(picture))))
    assert numpy.array_equal(decoded, picture)


@pytest.mark.parametrize("shape", [(5,), (5, 7, 4)])
def test_other_arrays_are_no_pictures(shape):
    with pytest.raises(ValueError, match="not a picture"):
        png_bytes(numpy.zeros(shape, numpy.uint8))
