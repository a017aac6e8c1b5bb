"""Where a run stands, from its messages and from whether its worker lives. No torch, no Qt."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from typing import Literal

from graph.storage import write_atomically
from training.events import EventReader
from training.history import History
from training.processes import ProcessRecord, at_work, describe_exit, reap
from training.runs import Run

Status = Literal[
    "created",
    "starting",
    "running",
    "paused",
    "stopping",
    "stopped",
    "finished",
    "failed",
    "died",
    "broken",
]

ACTIVE: frozenset[Status] = frozenset({"starting", "running", "paused", "stopping"})
"""The states in which a worker is at work."""


@dataclass(frozen=True, slots=True)
class RunState:
    """Where a run stands at one moment.

    Attributes:
        status: "died" is a worker that ended without a word, "broken" a folder that is no run.
        epoch: the epoch at work or done last; 0 before the first.
        batch: batches done in it.
        started: when it was first started, in seconds since 1970.
        elapsed: seconds of training, pauses left out, in all sessions together.
        remaining: seconds of training to go at the average pace; None before it is known.
        best_accuracy: of validation, 0 to 1; NaN for tasks without.
        best_loss: of validation, in the best epoch.
        best_score: likewise, see `EpochDone`; NaN for tasks without.
        message: what there is to say to a person; empty where all goes well.
        details: a traceback or the worker's last words.
        can_resume: whether training can go on from where it ended early.
        can_extend: whether it can be trained for more epochs.
    """

    status: Status
    epoch: int = 0
    epochs: int = 0
    batch: int = 0
    batches: int = 0
    started: float | None = None
    elapsed: float = 0.0
    remaining: float | None = None
    best_epoch: int | None = None
    best_accuracy: float | None = None
    best_loss: float | None = None
    best_score: float | None = None
    score_name: str = ""
    device: str = ""
    message: str = ""
    details: str = ""
    can_resume: bool = False
    can_extend: bool = False

    @property
    def active(self) -> bool:
        """Whether a worker is at work."""
        return self.status in ACTIVE


_LONGEST_DUMP = 400
"""Lines that Python may print of where it was when a library crashed."""


class RunFollower:
    """Tells a run's state again and again, reading only what is new: for ten times a second."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._reader = EventReader(run.events_path)
        self._history = History()

    def state(self) -> RunState:
        """Where the run stands now."""
        damage = self.run.damage()
        if damage:
            return RunState("broken", message=damage)
        record = ProcessRecord.read(self.run.worker_path)
        living = at_work(self.run.worker_path) is not None
        # Both after the look at the process: how it ended and what it said before are then here.
        self._note_exit()
        self._history.add(self._reader.poll(every_batch=False))
        status, message, details = self._judge(record, living)
        history = self._history
        best = history.best
        over = status in ("stopped", "failed", "died")
        return RunState(
            status,
            epoch=history.epoch,
            epochs=history.started.epochs if history.started else self.run.epochs or 0,
            batch=history.batch,
            batches=history.started.batches if history.started else 0,
            started=history.first_time,
            elapsed=history.elapsed,
            remaining=history.remaining() if status in ACTIVE else None,
            best_epoch=best.epoch if best else None,
            best_accuracy=best.validation_accuracy if best else None,
            best_loss=best.validation_loss if best else None,
            best_score=best.validation_score if best else None,
            score_name=best.score_name if best else "",
            device=history.started.device if history.started else "",
            message=message,
            details=details,
            can_resume=over,
            can_extend=(over or status == "finished") and self.run.last_weights.exists(),
        )

    def _note_exit(self) -> None:
        """Keep how a worker of this process ended, for other programs that look at the run."""
        code = reap(self.run.worker_path)
        if code is not None:
            # A full disk takes from us only the reason.
            with contextlib.suppress(OSError):
                write_atomically(self.run.exit_path, json.dumps({"code": code}))

    def _judge(self, record: ProcessRecord | None, living: bool) -> tuple[Status, str, str]:
        phase = self._history.phase
        said = self._history.last_time or 0.0
        is_new = record is not None and record.recorded > said
        if living:
            if phase in ("starting", "running", "paused") and not is_new:
                if self.run.read_command() == "stop":
                    return "stopping", "", ""
                return phase, self._place(record), ""
            if is_new:
                return "starting", "", ""
            # It has said its last word and is about to end.
        if is_new or (phase in ("starting", "running", "paused") and not living):
            return "died", *self._death()
        if phase == "failed" and self._history.failed is not None:
            return "failed", self._history.failed.message, self._history.failed.details
        if phase == "created" and self.run.last_weights.exists():
            message = (
                f"What was said in {self.run.events_path.name} is lost, but what was learned is "
                "there. The run can be resumed."
            )
            return "stopped", message, ""
        return phase, "", ""

    def _place(self, record: ProcessRecord | None) -> str:
        if record is None or not record.elsewhere:
            return ""
        return f"It runs on the computer {record.host}; from here only its messages can be seen."

    def _death(self) -> tuple[str, str]:
        try:
            code = int(json.loads(self.run.exit_path.read_text(encoding="utf-8"))["code"])
        except (OSError, ValueError, KeyError, TypeError):
            how = (
                "ended without a word: it was killed, perhaps because memory ran out, or the "
                "computer was switched off"
            )
        else:
            how = describe_exit(code)
        word = _last_word(self.run.last_words(_LONGEST_DUMP))
        last = f' Its last words: "{word}".' if word else ""
        message = f"The process that trained {how}.{last} The run can be resumed."
        return message, self.run.last_words()


def _last_word(words: str) -> str:
    """The line that says most: the last one, or where Python dumped its stacks the first of it."""
    lines = words.splitlines()
    fatal = [line for line in lines if line.startswith("Fatal Python error")]
    return (fatal or lines or [""])[-1]


def run_state(run: Run) -> RunState:
    """Where a run stands now, read from the beginning; to ask repeatedly use a `RunFollower`."""
    return RunFollower(run).state()
