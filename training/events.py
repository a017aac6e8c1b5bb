"""The file `events.jsonl`: written by one worker, followed by any number of readers. No torch.

What the lines mean is in `messages.py`.
"""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path
from types import TracebackType

from training.messages import BatchDone, Message, from_json, to_json

FLUSH_SECONDS = 0.1
"""Batches that come faster than this share one write; the last of an epoch waits for none."""

_BATCH_START = b'{"event":"batch_done"'


class EventWriter:
    """Appends messages. Batches may wait for the next ones, all else is written at once."""

    def __init__(self, path: Path) -> None:
        """Open for appending.

        Raises:
            OSError: the folder cannot be written.
        """
        self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
        self._waiting: list[str] = []
        self._written = time.monotonic()
        # A line that a crash or a full disk cut short must not swallow the next one.
        self._mend = _ends_within_a_line(path)

    def write(self, message: Message) -> None:
        """Say something.

        Raises:
            OSError: the disk is full, or the folder is gone.
        """
        self._waiting.append(to_json(message))
        late = time.monotonic() - self._written > FLUSH_SECONDS
        more_to_come = isinstance(message, BatchDone) and message.batch < message.batches
        if late or not more_to_come:
            self.flush()

    def flush(self) -> None:
        """Hand everything to the system, whole lines in one piece.

        Raises:
            OSError: as `write`.
        """
        self._written = time.monotonic()
        if not self._waiting:
            return
        text = ("\n" if self._mend else "") + "\n".join(self._waiting) + "\n"
        content = text.encode()
        self._mend = True
        while content:
            content = content[os.write(self._descriptor, content) :]
        self._mend = False
        self._waiting.clear()

    def close(self) -> None:
        """Write what waits, and close."""
        try:
            self.flush()
        finally:
            os.close(self._descriptor)

    def __enter__(self) -> EventWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # The error that is on its way says more than that its last words could not be written.
        with contextlib.suppress(OSError) if error else contextlib.nullcontext():
            self.close()


def _ends_within_a_line(path: Path) -> bool:
    with path.open("rb") as file:
        if file.seek(0, os.SEEK_END) == 0:
            return False
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"


class EventReader:
    """Gives each message once, as it comes. Cheap enough to be asked ten times a second."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0
        self._rest = b""

    def poll(self, *, every_batch: bool = True) -> list[Message]:
        """The messages since the last call; none while the file does not exist.

        Args:
            every_batch: False gives of the new batch messages only the last, which spares reading
                a hundred thousand of them when only the state is wanted.
        """
        try:
            with self._path.open("rb") as file:
                if os.fstat(file.fileno()).st_size <= self._offset:
                    return []
                file.seek(self._offset)
                content = file.read()
        except OSError:  # not there yet, or no longer
            return []
        self._offset += len(content)
        *lines, self._rest = (self._rest + content).split(b"\n")
        if not every_batch:
            lines = _without_earlier_batches(lines)
        messages = (from_json(line) for line in lines if line)
        return [message for message in messages if message is not None]


def _without_earlier_batches(lines: list[bytes]) -> list[bytes]:
    last = max((i for i, line in enumerate(lines) if line.startswith(_BATCH_START)), default=None)
    return [line for i, line in enumerate(lines) if i == last or not line.startswith(_BATCH_START)]
