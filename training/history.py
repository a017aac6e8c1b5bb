"""What follows from a run's messages: the curves and where training stands. No torch.

Both the window and the command show a run by putting its messages into a `History`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from training.messages import (
    BatchDone,
    Continued,
    EpochDone,
    Evaluated,
    Failed,
    Finished,
    Message,
    Paused,
    Resumed,
    Started,
    Starting,
    Stopped,
)

Phase = Literal["created", "starting", "running", "paused", "stopped", "finished", "failed"]
"""What the worker last said of itself; whether it still lives is another question."""


class History:
    """The sum of all messages so far, with what a resumed run does again taken back.

    Attributes:
        epochs: the finished epochs by number.
        batches: the batch messages of all epochs, in order.
        evaluated: the last evaluation of each split.
    """

    def __init__(self) -> None:
        self.phase: Phase = "created"
        self.epochs: dict[int, EpochDone] = {}
        self.batches: list[BatchDone] = []
        self.evaluated: dict[str, Evaluated] = {}
        self.started: Started | None = None
        self.failed: Failed | None = None
        self.first_time: float | None = None
        self.last_time: float | None = None
        self.epoch = 0
        self.batch = 0
        self.elapsed = 0.0

    def add(self, messages: Iterable[Message]) -> None:
        """Take in what the worker said, in its order."""
        for message in messages:
            if self.first_time is None:
                self.first_time = message.time
            self.last_time = message.time
            self._add(message)

    @property
    def best(self) -> EpochDone | None:
        """The best epoch so far."""
        return next((done for done in reversed(self.epochs.values()) if done.best), None)

    @property
    def last(self) -> EpochDone | None:
        """The last epoch that is done."""
        return next(reversed(self.epochs.values()), None)

    def remaining(self) -> float | None:
        """Seconds of training that are left at the average pace so far; None before the first
        batch."""
        if self.started is None:
            return None
        batches = self.started.batches
        total = self.started.epochs * batches
        done = max(self.epoch - 1, 0) * batches + self.batch
        if done == 0 or self.elapsed == 0.0:
            return None
        return self.elapsed / done * max(total - done, 0)

    def _add(self, message: Message) -> None:
        match message:
            case Starting():
                self.phase, self.failed = "starting", None
            case Started():
                self.phase, self.started = "running", message
            case Resumed():
                self._take_back(message)
            case BatchDone():
                self.batches.append(message)
                self.epoch, self.batch = message.epoch, message.batch
                self.elapsed = message.elapsed
            case EpochDone():
                self.epochs[message.epoch] = message
                self.elapsed = message.elapsed
                self.epoch = message.epoch
                if self.started is not None:
                    self.batch = self.started.batches
            case Paused():
                self.phase = "paused"
            case Continued():
                self.phase = "running"
            case Stopped():
                self.phase, self.elapsed = "stopped", message.elapsed
            case Evaluated():
                self.evaluated[message.split] = message
            case Finished():
                self.phase, self.elapsed = "finished", message.elapsed
            case Failed():
                self.phase, self.failed = "failed", message
            case _:
                pass

    def _take_back(self, message: Resumed) -> None:
        here = (message.epoch, message.batch)
        self.epochs = {n: done for n, done in self.epochs.items() if n < message.epoch}
        self.batches = [done for done in self.batches if (done.epoch, done.batch) <= here]
        self.epoch, self.batch = here
        self.elapsed = message.elapsed
