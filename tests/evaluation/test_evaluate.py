"""Judging: the numbers are those of scikit-learn and of the definition, the pictures are right."""

import errno
import io
import math
import os
from dataclasses import replace

import numpy
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
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


def cross_entropy(outputs, targets):
    return functional.cross_entropy(outputs[0], targets["label"])


def subject(logits, labels, classes=CLASSES):
    images = torch.zeros(len(labels), 1, 8, 8)
    images[:, 0, 0, 0] = torch.arange(len(labels))
    samples = ImageSamples(images, labels, torch.arange(len(labels)) + 1000)
    description = replace(
        DATASETS["digits"]().describe(), class_names=tuple(f"class {i}" for i in range(classes))
    )
    return Subject(Table(logits), samples, description, "test", epoch=2)


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


def assert_like_scikit_learn(report, logits, labels, classes):
    true, predicted = labels.numpy(), logits.argmax(dim=1).numpy()
    assert report.samples == len(labels)
    assert report.accuracy == pytest.approx(metrics.accuracy_score(true, predicted))
    assert report.loss == pytest.approx(functional.cross_entropy(logits, labels).item(), abs=1e-5)
    everything = list(range(classes))
    confusion = metrics.confusion_matrix(true, predicted, labels=everything)
    assert numpy.array_equal(report.confusion, confusion)
    expected = metrics.precision_recall_fscore_support(
        true, predicted, labels=everything, zero_division=numpy.nan
    )
    for score, *values in zip(report.classes, *expected, strict=True):
        ours = [score.precision, score.recall, score.f1, score.support]
        assert ours == pytest.approx(values, nan_ok=True, abs=1e-6)
        assert score.predicted == (predicted == report.classes.index(score)).sum()


def test_numbers_are_those_of_scikit_learn(judged):
    _, report, logits, labels = judged
    assert_like_scikit_learn(report, logits, labels, CLASSES)


@given(st.integers(2, 12), st.integers(1, 60), st.integers(1, 70), st.integers(0, 2**32))
def test_so_they_are_for_any_number_of_classes_and_samples(
    tmp_path_factory, classes, samples, batch_size, seed
):
    """With few samples some classes are never true, never predicted, or neither."""
    generator = torch.Generator().manual_seed(seed)
    logits = torch.randn(samples, classes, generator=generator)
    labels = torch.randint(0, classes, (samples,), generator=generator)
    report = evaluate(
        subject(logits, labels, classes),
        tmp_path_factory.getbasetemp(),
        loss=cross_entropy,
        batch_size=batch_size,
        most_pictures=0,
    )
    assert_like_scikit_learn(report, logits, labels, classes)


def test_numbers_that_are_equal_count_as_the_first(tmp_path):
    """A network that has learned nothing: pictures, accuracy and confusion must agree."""
    report = evaluate(
        subject(torch.zeros(4, CLASSES), torch.tensor([0, 1, 2, 0])), tmp_path, loss=cross_entropy
    )
    assert report.accuracy == 0.5
    assert [row[0] for row in report.confusion[:3]] == [2, 1, 1]
    assert [(mistake.true, mistake.predicted) for mistake in report.mistakes] == [(1, 0), (2, 0)]


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
        with Image.open(folder / mistake.picture) as picture:
            assert picture.size == (8, 8)
            assert picture.getpixel((0, 0)) == min(place, 1) * 255
    # NaN is not equal to itself, but is written the same.
    assert repr(read_report(folder, "test")) == repr(report)


def test_a_new_evaluation_removes_the_pictures_of_the_old(judged):
    folder, report, logits, labels = judged
    stale = folder / "evaluation" / "test" / "99999.png"
    stale.touch()
    (stale.parent / ".00001.png.1234.new").touch()  # of a writer that was killed
    again = evaluate(
        subject(logits, labels), folder, loss=cross_entropy, batch_size=200, most_pictures=5
    )
    assert [m.index for m in again.mistakes] == [m.index for m in report.mistakes[:5]]
    left = {path.relative_to(folder).as_posix() for path in stale.parent.iterdir()}
    assert left == {mistake.picture for mistake in again.mistakes}


def test_no_samples_give_numbers_that_do_not_exist(tmp_path):
    nobody = subject(torch.zeros(0, CLASSES), torch.zeros(0, dtype=torch.int64))
    report = evaluate(nobody, tmp_path, loss=cross_entropy)
    assert report.samples == 0
    assert math.isnan(report.accuracy)
    assert math.isnan(report.loss)
    assert report.confusion == ((0,) * CLASSES,) * CLASSES
    for score in report.classes:
        assert all(map(math.isnan, (score.precision, score.recall, score.f1)))
        assert (score.support, score.predicted) == (0, 0)
    assert report.mistakes == ()
    assert read_report(tmp_path, "test").samples == 0


@pytest.mark.parametrize("pictures_before", range(3))
def test_a_full_disk_leaves_the_old_report_with_its_pictures(judged, monkeypatch, pictures_before):
    folder, report, logits, labels = judged
    calls = iter(range(100))
    fsync = os.fsync

    def full_after_a_while(descriptor):
        if next(calls) >= 2 * pictures_before:  # one call for the file, one for its folder
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fsync(descriptor)

    pictures = {path.name: path.read_bytes() for path in folder.glob("evaluation/test/*")}
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full_after_a_while)
        with pytest.raises(OSError, match="No space left"):
            evaluate(subject(-logits, labels), folder, loss=cross_entropy, most_pictures=2)
    assert read_report(folder, "test").time == report.time
    left = {path.name: path.read_bytes() for path in folder.glob("evaluation/test/*")}
    assert pictures.items() <= left.items()


@pytest.mark.parametrize("shape", [(5, 7), (5, 7, 3)])
def test_pictures_are_png_files(shape):
    picture = numpy.random.default_rng(0).integers(0, 256, shape, dtype=numpy.uint8)
    decoded = numpy.asarray(Image.open(io.BytesIO(png_bytes(picture))))
    assert numpy.array_equal(decoded, picture)


@pytest.mark.parametrize("shape", [(5,), (5, 7, 4)])
def test_other_arrays_are_no_pictures(shape):
    with pytest.raises(ValueError, match="not a picture"):
        png_bytes(numpy.zeros(shape, numpy.uint8))
