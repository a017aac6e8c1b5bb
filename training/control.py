"""What a worker is asked to do, from the run's control file and from the system. No torch."""

from __future__ import annotations

import signal
import time
from types import FrameType

from training.runs import Command, Run

_WAIT = 0.05
"""Seconds between two looks while the worker waits."""


class Control:
    """Asked between two batches; a look at an unchanged file costs microseconds."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._stamp: tuple[int, int] | None = None
        self._command: Command = "train"
        self._ended = False

    def listen_to_signals(self) -> None:
        """Take a request of the system to end (SIGTERM, Ctrl+C) as one to stop."""
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._end)

    def _end(self, number: int, frame: FrameType | None) -> None:
        self._ended = True

    def command(self) -> Command:
        """What is to be done now."""
        if self._ended:
            return "stop"
        try:
            status = self._run.control_path.stat()
            stamp = (status.st_ino, status.st_mtime_ns)
        except OSError:
            return self._command
        if stamp != self._stamp:
            self._stamp = stamp
            self._command = self._run.read_command()
        return self._command

    def wait_while_paused(self) -> Command:
        """What else is asked for than to wait, as soon as it is."""
        while (command := self.command()) == "pause":
            time.sleep(_WAIT)
        return command
