"""What a worker says: one JSON object per line of `events.jsonl`. No torch.

Who writes and reads the file is in `events.py`, what follows from the messages in `history.py`.
Epochs and batches count from 1. A number that does not exist (no accuracy, no validation) is NaN
in Python and null in the file. Readers skip messages and keys that they do not know, so that a
later release may add some.
"""

from __future__ import annotations

import dataclasses
import json
import math
import re
import time as clock
import typing
from dataclasses import dataclass, field
from typing import Any, Literal

FailureKind = Literal["out_of_memory", "data", "code", "settings", "disk", "diverged", "internal"]
Level = Literal["info", "warning", "error"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Base of all: `time` is when it was said, in seconds since 1970."""

    time: float = field(default_factory=clock.time)


@dataclass(frozen=True, slots=True, kw_only=True)
class Starting(Message):
    """A worker process began; it still has to import PyTorch, which takes seconds."""

    process: int
    host: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Started(Message):
    """Data and network are ready; the first batch is next.

    Attributes:
        device: what computes, in words: "cpu", "cuda (NVIDIA H100)".
        threads: CPU threads; 0 where the CPU does not compute.
        parameters: the number of weights that are learned.
        batches: how many make an epoch.
    """

    device: str
    threads: int
    parameters: int
    training_samples: int
    validation_samples: int
    test_samples: int
    epochs: int
    batches: int
    batch_size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(Message):
    """Training goes on from here: `batch` batches of `epoch` are done already.

    Whatever was said of later epochs and batches before is void: they are done again.
    """

    epoch: int
    batch: int
    elapsed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchDone(Message):
    """A batch was learned. In long epochs not every batch is reported.

    Attributes:
        batches: how many make an epoch.
        loss: of this batch, the mean over its samples.
        accuracy: of this batch, 0 to 1.
        samples_per_second: since the last such message.
        elapsed: seconds of training so far, without pauses, in all sessions of the run.
    """

    epoch: int
    batch: int
    batches: int
    loss: float
    accuracy: float
    samples_per_second: float
    elapsed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochDone(Message):
    """An epoch ended and its weights were validated.

    Attributes:
        training_loss: mean over the samples as they were learned, so with changing weights.
        validation_score: what the best epoch is chosen by where accuracy says too little, 0 to 1.
        score_name: what it is called, "mean IoU"; empty for tasks without.
        learning_rate: of the last batch.
        seconds: that this epoch took, with validation, without pauses.
        elapsed: as in `BatchDone`.
        best: whether this is the best epoch so far.
    """

    epoch: int
    training_loss: float
    training_accuracy: float
    validation_loss: float
    validation_accuracy: float
    learning_rate: float
    seconds: float
    elapsed: float
    best: bool
    validation_score: float = math.nan
    score_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Log(Message):
    """A remark for the log that a person may read."""

    text: str
    level: Level = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused(Message):
    """The worker waits; what it has learned is saved."""

    epoch: int
    batch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Continued(Message):
    """The pause is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped(Message):
    """The worker ended early because it was asked to; the run can be resumed exactly here."""

    epoch: int
    batch: int
    elapsed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated(Message):
    """The best weights were judged on a split; the details are in the report.

    `score` and `score_name` are as in `EpochDone`.
    """

    split: str
    samples: int
    loss: float
    accuracy: float
    score: float = math.nan
    score_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished(Message):
    """All epochs are done, and the test is evaluated, unless its samples cannot be read."""

    best_epoch: int
    best_accuracy: float
    best_loss: float
    elapsed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed(Message):
    """The worker ended because of an error.

    Attributes:
        kind: what sort of error, for programs.
        message: what happened, where, and what to do, for people.
        details: the traceback, for the log.
    """

    kind: FailureKind
    message: str
    details: str = ""


def _event_name(cls: type[Message]) -> str:
    return re.sub(r"(?<=[a-z])([A-Z])", r"_\1", cls.__name__).lower()


MESSAGES: dict[str, type[Message]] = {_event_name(cls): cls for cls in Message.__subclasses__()}
"""The messages by their `event` in the file: `batch_done` is BatchDone."""

_HINTS: dict[type[Message], dict[str, Any]] = {
    cls: typing.get_type_hints(cls) for cls in MESSAGES.values()
}


def to_json(message: Message) -> str:
    """One line, without the line end."""
    values: dict[str, Any] = {"event": _event_name(type(message))}
    for entry in dataclasses.fields(message):
        value = getattr(message, entry.name)
        if isinstance(value, float) and not math.isfinite(value):
            value = None
        values[entry.name] = value
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def from_json(line: str | bytes) -> Message | None:
    """The message in a line; None where the line is broken or of a later release."""
    try:
        values = json.loads(line)
    except ValueError:  # also text that is not UTF-8
        return None
    if not isinstance(values, dict):
        return None
    cls = MESSAGES.get(str(values.get("event")))
    if cls is None:
        return None
    arguments: dict[str, Any] = {}
    for name, hint in _HINTS[cls].items():
        if name not in values:
            continue
        fits, value = _read(values[name], hint)
        if not fits:
            return None
        arguments[name] = value
    try:
        return cls(**arguments)
    except TypeError:  # something is missing
        return None


def _read(value: Any, hint: Any) -> tuple[bool, Any]:
    """Whether a value from JSON is of the declared type, and the value in that type."""
    if hint is float:
        if value is None:
            return True, math.nan
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return is_number, float(value) if is_number else value
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool), value
    if typing.get_origin(hint) is Literal:
        return value in typing.get_args(hint), value
    return isinstance(value, hint), value
