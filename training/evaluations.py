"""An evaluation of a run that is done by a process of its own: where it is and how it stands.

No torch. What is measured is in the room `evaluation`; evaluations at the end of training come
from the worker that trained and are seen in its messages.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from data.dataset import SplitName
from evaluation.report import Report, ReportError, read_report, report_path
from evaluation.weights_file import saved_epoch
from graph.storage import write_atomically
from training.messages import Failed
from training.processes import ProcessRecord, at_work, reap
from training.runs import Run


@dataclass(frozen=True, slots=True)
class EvaluationState:
    """How an evaluation stands.

    Attributes:
        status: "none" where it was never asked for and no report exists.
        message: what went wrong, in plain words.
        report: the newest one, even while a newer one is being made.
        outdated: whether the run has better weights by now than those that the report judges.
    """

    status: Literal["none", "running", "done", "failed"]
    message: str = ""
    report: Report | None = None
    outdated: bool = False


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The evaluation of a run on one split."""

    run: Run
    split: SplitName

    @property
    def worker_path(self) -> Path:
        """Which process evaluates."""
        return self.run.evaluation / f"{self.split}.worker.json"

    @property
    def log_path(self) -> Path:
        """What it printed."""
        return self.run.evaluation / f"{self.split}.log"

    @property
    def failure_path(self) -> Path:
        """Why it failed, if it did: `{"kind": ..., "message": ..., "details": ...}`."""
        return self.run.evaluation / f"{self.split}.failed.json"

    def fail(self, failed: Failed) -> None:
        """Keep why it failed, until the next one begins.

        Raises:
            OSError: the folder cannot be written.
        """
        self.run.evaluation.mkdir(exist_ok=True)
        write_atomically(self.failure_path, json.dumps(asdict(failed)))

    def state(self) -> EvaluationState:
        """How it stands now."""
        working = at_work(self.worker_path)
        reap(self.worker_path)
        record = ProcessRecord.read(self.worker_path)
        report: Report | None = None
        problem = ""
        try:
            report = read_report(self.run.folder, self.split)
        except FileNotFoundError:
            pass
        except ReportError as error:
            problem = str(error)
        failure = self._failure()
        if failure:
            return EvaluationState("failed", failure, report)
        reported = record is None or self._newer_than(record)
        # Of another computer nothing is known but whether it has reported.
        if working is not None and not (working.elsewhere and reported):
            return EvaluationState("running", "", report)
        if not reported:
            message = "The process that evaluated ended without a word; try again."
            return EvaluationState("failed", message, report)
        if problem:
            return EvaluationState("failed", problem)
        if report is None:
            return EvaluationState("none")
        return EvaluationState("done", "", report, outdated=is_outdated(self.run, report))

    def _failure(self) -> str:
        try:
            return str(json.loads(self.failure_path.read_text(encoding="utf-8"))["message"])
        except (OSError, ValueError, KeyError, TypeError):
            return ""

    def _newer_than(self, record: ProcessRecord) -> bool:
        """Whether the report was written after the process was recorded."""
        try:
            written = report_path(self.run.folder, self.split).stat().st_mtime
        except OSError:
            return False
        return written >= record.recorded


def is_outdated(run: Run, report: Report) -> bool:
    """Whether the run has better weights by now than those that a report judges."""
    return saved_epoch(run.best_weights) not in (0, report.epoch)
