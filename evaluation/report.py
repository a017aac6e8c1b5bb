"""What an evaluation found, as a file: `evaluation/<split>.json` in a run's folder. No torch.

How it is computed is in `evaluate.py`. Numbers that are not defined are NaN here and null in the
file: the precision of a class that was never predicted, the recall of a class of which there is
no sample, and F1 where both hold.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.dataset import SplitName, Task
from evaluation.detections import Detection, read_detection
from evaluation.segmentations import Segmentation, read_segmentation
from evaluation.undefined import number_from, without_nan
from graph.storage import write_atomically

FORMAT = 1


class ReportError(Exception):
    """A report that cannot be read; the text says which, why and what to do."""


@dataclass(frozen=True, slots=True)
class ClassScore:
    """How well one class is recognized.

    Attributes:
        precision: of the samples that were taken for this class, the share that is; NaN if none
            was.
        recall: of the samples of this class, the share that was recognized; NaN if there is none.
        f1: the harmonic mean of both, 2·TP / (2·TP + FP + FN); NaN if there is neither.
        support: the number of samples of this class.
        predicted: the number of samples that were taken for this class.
    """

    name: str
    precision: float
    recall: float
    f1: float
    support: int
    predicted: int


@dataclass(frozen=True, slots=True)
class Mistake:
    """A sample that was taken for another class.

    Attributes:
        index: the number of the sample in the whole dataset.
        picture: its PNG file, relative to the run's folder; empty where none was written.
        true: number of the true class; `predicted` likewise.
        confidence: the probability of the predicted class, 0 to 1.
        true_probability: the probability of the true class.
    """

    index: int
    picture: str
    true: int
    predicted: int
    confidence: float
    true_probability: float


@dataclass(frozen=True, slots=True)
class NumberScore:
    """How far predicted numbers are from the true ones.

    Attributes:
        name: which number; empty for all numbers of all samples together.
        mean_absolute_error: the mean of |predicted - true|.
        root_mean_squared_error: the square root of the mean of (predicted - true)².
        r2: the share of the variance that is explained, 1 - Σ(predicted - true)² /
            Σ(true - mean)²; 1 is perfect, 0 as good as always giving the mean; NaN where all true
            numbers are equal or there are less than two samples.
    """

    name: str
    mean_absolute_error: float
    root_mean_squared_error: float
    r2: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was predicted for one sample.

    Attributes:
        index: the number of the sample in the whole dataset.
        error: the mean of |predicted - true| over its numbers.
        true: the numbers to be predicted; empty where they are a picture. `predicted` likewise.
        picture: PNG file of what went in, relative to the run's folder; empty where there is none.
        answer: likewise, of what came out.
    """

    index: int
    error: float
    true: tuple[float, ...] = ()
    predicted: tuple[float, ...] = ()
    picture: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What an evaluation found.

    What belongs to other tasks is empty, and NaN.

    Attributes:
        split: the samples that were judged.
        weights: which weights: "best" or "last".
        epoch: after which epoch they were saved; 0 where unknown.
        time: when it was made, in seconds since 1970.
        accuracy: the share that is right, 0 to 1; NaN without samples.
        confusion: row: true class, column: predicted class; numbers of samples.
        mistakes: the most confident first; at most as many as there are pictures for.
        mistakes_total: how many mistakes there are, with those left out above.
        score: what weights of this task are compared by, 0 to 1; NaN where accuracy or error do.
        score_name: what it is called, "mean IoU"; empty where there is none.
        task: what was learned. Classification has `accuracy` to `mistakes_total`, the others have
            `total` to `outcomes`.
        total: the error over all numbers; the R² is the mean of those of `scores` where there are
            some, else that of all numbers as one.
        scores: of each number to be predicted; empty for pictures.
        outcomes: the samples, the worst first; at most as many as are kept.
        detection: what is said of boxes; None for other tasks.
        segmentation: what is said of masks; None for other tasks. `accuracy` is that of pixels.
    """

    split: SplitName
    weights: str
    epoch: int
    time: float
    samples: int
    loss: float
    accuracy: float = math.nan
    classes: tuple[ClassScore, ...] = ()
    confusion: tuple[tuple[int, ...], ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    mistakes_total: int = 0
    task: Task = "classification"
    total: NumberScore | None = None
    scores: tuple[NumberScore, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    score: float = math.nan
    score_name: str = ""
    detection: Detection | None = None
    segmentation: Segmentation | None = None

    @property
    def class_names(self) -> tuple[str, ...]:
        """The classes in the order of their numbers."""
        return tuple(score.name for score in self.classes)

    @property
    def pictures(self) -> set[str]:
        """The files that it names, relative to the run's folder."""
        named = {mistake.picture for mistake in self.mistakes}
        for outcome in self.outcomes:
            named |= {outcome.picture, outcome.answer}
        if self.detection is not None:
            named |= {one.picture for one in self.detection.pictures}
        if self.segmentation is not None:
            for one in self.segmentation.outcomes:
                named |= {one.picture, one.truth, one.answer, one.wrong}
        return named - {""}


def report_path(run_folder: Path, split: SplitName) -> Path:
    """Where the report on a split lies."""
    return run_folder / "evaluation" / f"{split}.json"


def write_report(run_folder: Path, report: Report) -> None:
    """Keep it in the run's folder.

    Raises:
        OSError: the folder cannot be written.
    """
    path = report_path(run_folder, report.split)
    path.parent.mkdir(exist_ok=True)
    values = {"format": FORMAT, **without_nan(dataclasses.asdict(report))}
    write_atomically(path, json.dumps(values, ensure_ascii=False))


def read_report(run_folder: Path, split: SplitName) -> Report:
    """The report on a split.

    Raises:
        FileNotFoundError: there is none.
        ReportError: it is damaged or of a newer release.
    """
    path = report_path(run_folder, split)
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        if values["format"] != FORMAT:
            raise ReportError(
                f"{path} was written by a newer release (format {values['format']}, this release "
                f"knows {FORMAT}). Update Kumitate or evaluate again."
            )
        return _report(values)
    except FileNotFoundError:
        raise
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReportError(f"{path} cannot be read ({error}). Evaluate again.") from error


def _report(values: Mapping[str, Any]) -> Report:
    return Report(
        split=values["split"],
        weights=str(values["weights"]),
        epoch=int(values["epoch"]),
        time=float(values["time"]),
        samples=int(values["samples"]),
        loss=number_from(values["loss"]),
        accuracy=number_from(values["accuracy"]),
        classes=tuple(
            ClassScore(
                str(score["name"]),
                number_from(score["precision"]),
                number_from(score["recall"]),
                number_from(score["f1"]),
                int(score["support"]),
                int(score["predicted"]),
            )
            for score in values["classes"]
        ),
        confusion=tuple(tuple(int(count) for count in row) for row in values["confusion"]),
        mistakes=tuple(
            Mistake(
                int(mistake["index"]),
                str(mistake["picture"]),
                int(mistake["true"]),
                int(mistake["predicted"]),
                number_from(mistake["confidence"]),
                number_from(mistake["true_probability"]),
            )
            for mistake in values["mistakes"]
        ),
        mistakes_total=int(values["mistakes_total"]),
        # Reports of earlier releases are all of classification and have none of these.
        task=values.get("task", "classification"),
        total=_number_score(values["total"]) if values.get("total") else None,
        scores=tuple(_number_score(score) for score in values.get("scores", ())),
        outcomes=tuple(_outcome(outcome) for outcome in values.get("outcomes", ())),
        score=number_from(values.get("score")),
        score_name=str(values.get("score_name", "")),
        detection=read_detection(values["detection"]) if values.get("detection") else None,
        segmentation=(
            read_segmentation(values["segmentation"]) if values.get("segmentation") else None
        ),
    )


def _number_score(values: Mapping[str, Any]) -> NumberScore:
    return NumberScore(
        str(values["name"]),
        number_from(values["mean_absolute_error"]),
        number_from(values["root_mean_squared_error"]),
        number_from(values["r2"]),
    )


def _outcome(values: Mapping[str, Any]) -> Outcome:
    return Outcome(
        int(values["index"]),
        number_from(values["error"]),
        true=tuple(number_from(number) for number in values["true"]),
        predicted=tuple(number_from(number) for number in values["predicted"]),
        picture=str(values["picture"]),
        answer=str(values["answer"]),
    )
