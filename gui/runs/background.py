"""Work that would make the window stutter, done by a few threads; answers come back by signal.

For files and process starts that take milliseconds to a second. What needs torch or takes longer
belongs into a worker process.
"""

from __future__ import annotations

import functools
import queue
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

Result = TypeVar("Result")

_THREADS = 2

_Answer = tuple[Callable[[Any], None] | None, Any]


class Background(QObject):
    """Calls functions in threads and hands what they return to the thread of the window.

    Answers are given in the window's thread only, never after `close()`; work that waits then is
    dropped, work that has begun is finished (a run must not be half made).
    """

    _ready = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._answers: queue.SimpleQueue[_Answer] = queue.SimpleQueue()
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="kumitate-background")
        self._open = True
        self._waiting = 0
        # A method that is no declared slot would be added to the object's own metaobject, which
        # threads read while they emit.
        self._ready.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        # Without these what is thrown away, by Python or by Qt, would leave its threads behind.
        end = functools.partial(self._pool.shutdown, wait=False, cancel_futures=True)
        weakref.finalize(self, end)
        self.destroyed.connect(lambda *_: end())

    @property
    def busy(self) -> bool:
        """Whether answers are outstanding."""
        return self._waiting > 0

    def call(
        self,
        function: Callable[[], Result],
        done: Callable[[Result], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Call `function` in a thread, then `done` with its result or `failed` with its error.

        An error without `failed` is raised in the window's thread, where it is reported.
        """
        if not self._open:
            return
        self._waiting += 1
        self._pool.submit(self._work, function, done, failed or _raise)

    def close(self) -> None:
        """Give no more answers, and wait for the work at hand."""
        if self._open:
            self._open = False
            self._pool.shutdown(wait=True, cancel_futures=True)

    def _work(
        self,
        function: Callable[[], Any],
        done: Callable[[Any], None] | None,
        failed: Callable[[Exception], None],
    ) -> None:
        try:
            answer: _Answer = (done, function())
        except Exception as error:
            answer = (failed, error)
        self._answers.put(answer)
        if self._open and shiboken6.isValid(self):
            self._ready.emit()

    @Slot()
    def _deliver(self) -> None:
        while self._open:
            try:
                receive, value = self._answers.get_nowait()
            except queue.Empty:
                return
            self._waiting -= 1
            if receive is not None:
                receive(value)


def _raise(error: Exception) -> None:
    raise error


def running_threads() -> list[str]:
    """The names of the threads that are alive, for tests that look for leaks."""
    prefix = "kumitate-background"
    return [thread.name for thread in threading.enumerate() if thread.name.startswith(prefix)]
