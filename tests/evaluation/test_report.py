"""The report's file."""

import dataclasses
import json
import math

import pytest

from evaluation.report import (
    ClassScore,
    Mistake,
    NumberScore,
    Outcome,
    Report,
    ReportError,
    read_report,
    report_path,
    write_report,
)

REPORT = Report(
    split="test",
    weights="best",
    epoch=3,
    time=1.5,
    samples=4,
    loss=0.5,
    accuracy=0.75,
    classes=(ClassScore("cat", 0.5, 1.0, 2 / 3, 2, 4), ClassScore("dög", 1.0, 0.5, 0.6, 2, 0)),
    confusion=((2, 0), (1, 1)),
    mistakes=(Mistake(42, "evaluation/test/00042.png", 1, 0, 0.9, 0.1),),
    mistakes_total=1,
)


def test_round_trip(tmp_path):
    write_report(tmp_path, REPORT)
    assert read_report(tmp_path, "test") == REPORT
    assert REPORT.class_names == ("cat", "dög")


def test_what_is_not_defined_is_null_in_the_file_and_nan_when_read(tmp_path):
    score = ClassScore("never", math.nan, math.nan, math.nan, 0, 0)
    write_report(tmp_path, Report(**{**fields(REPORT), "classes": (score,), "loss": math.nan}))
    values = json.loads(report_path(tmp_path, "test").read_text())
    assert values["classes"][0]["precision"] is None
    assert values["loss"] is None
    read = read_report(tmp_path, "test")
    assert math.isnan(read.classes[0].recall)
    assert math.isnan(read.loss)


def fields(report):
    return {name: getattr(report, name) for name in report.__dataclass_fields__}


def test_no_report(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_report(tmp_path, "validation")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "Evaluate again"),
        ("[]", "Evaluate again"),
        ('{"format": 1}', "Evaluate again"),
        ('{"format": 2}', "newer release"),
    ],
)
def test_a_damaged_report_says_what_to_do(tmp_path, content, words):
    path = report_path(tmp_path, "test")
    path.parent.mkdir()
    path.write_text(content)
    with pytest.raises(ReportError, match=words):
        read_report(tmp_path, "test")


def test_numbers_and_pictures_come_back_as_they_were(tmp_path):
    report = dataclasses.replace(
        REPORT,
        task="regression",
        total=NumberScore("", 1.5, 2.0, math.nan),
        scores=(NumberScore("größe", 1.5, 2.0, 0.5),),
        outcomes=(
            Outcome(7, 1.5, (1.0,), (2.5,)),
            Outcome(8, 0.1, picture="a.png", answer="b.png"),
        ),
    )
    write_report(tmp_path, report)
    again = read_report(tmp_path, report.split)
    assert again.scores == report.scores
    assert again.outcomes == report.outcomes
    assert again.total is not None
    assert math.isnan(again.total.r2)
    assert {"a.png", "b.png"} <= again.pictures


def test_a_report_of_an_earlier_release_is_of_classes(tmp_path):
    """Written before there were other tasks."""
    write_report(tmp_path, REPORT)
    path = report_path(tmp_path, REPORT.split)
    values = json.loads(path.read_text(encoding="utf-8"))
    for later in ("task", "total", "scores", "outcomes"):
        del values[later]
    path.write_text(json.dumps(values), encoding="utf-8")
    again = read_report(tmp_path, REPORT.split)
    assert (again.task, again.total, again.outcomes) == ("classification", None, ())
    assert again.classes[0].name == REPORT.classes[0].name
