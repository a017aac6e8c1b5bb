"""What was not saved when the program ended without being asked: kept in files of their own.

A file is written a few seconds after an edit and removed when the project is saved or given up. A
lock beside it tells whether its window is still alive. No widget here.
"""

from __future__ import annotations

import contextlib
import json
import threading
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLockFile, QObject, QThreadPool, QTimer, Signal

from graph.document import Document
from graph.files import FileError, load, os_words, to_text, write_file
from graph.state import Project
from gui.settings import data_folder

WAIT = 3000
"""Milliseconds from the first edit that is not in the file to its writing."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A project that another window left behind.

    Attributes:
        path: the file in which it lies.
        name: the project's name.
        saved_as: the project file that was open, if any.
        expected: the fingerprint of that file when it was read.
        runs_folder: where its runs lie, for a project that was never saved.
    """

    path: Path
    name: str
    saved_as: Path | None
    expected: str
    runs_folder: Path | None

    def load(self) -> Project:
        """Read it.

        Raises:
            FileError: where it cannot be read.
        """
        return load(self.path).project

    def discard(self) -> None:
        """Remove it for good."""
        for path in (self.path, _about(self.path), _lock(self.path)):
            with contextlib.suppress(OSError):
                path.unlink()


def _about(path: Path) -> Path:
    return path.with_suffix(".json")


def _lock(path: Path) -> Path:
    return path.with_suffix(".lock")


def recovery_folder() -> Path:
    """Where the files lie."""
    return data_folder() / "recovery"


class Recovery(QObject):
    """Keeps what is not saved in a recovery file.

    The text is made and written by a thread: the state is frozen, so nothing can change under it.

    Signals:
        failed(problem): why it cannot be written; an empty text when it can be again.
    """

    failed = Signal(str)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._path = recovery_folder() / f"{uuid.uuid4().hex}.yaml"
        self._file_lock: QLockFile | None = None
        self._about: dict[str, Any] = {}
        self._guard = threading.Lock()
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._timer = QTimer(self)
        self._timer.setObjectName("recovery_timer")
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT)
        self._timer.timeout.connect(self._write_soon)
        self._problem = ""

    @property
    def path(self) -> Path:
        """The file of this window; not necessarily there."""
        return self._path

    def keep(self, saved_as: Path | None, expected: str, runs_folder: Path) -> None:
        """The project has changes that are in no file: see to it that they are in ours."""
        self._about = {
            "name": self._document.state.name,
            "saved_as": str(saved_as) if saved_as else "",
            "expected": expected,
            "runs_folder": str(runs_folder),
        }
        if not self._timer.isActive():
            self._timer.start()

    def forget(self) -> None:
        """The project is saved, or given up."""
        self._timer.stop()
        self._pool.waitForDone()
        for path in (self._path, _about(self._path)):
            with contextlib.suppress(OSError):
                path.unlink()
        if self._file_lock is not None:
            self._file_lock.unlock()
            self._file_lock = None

    def write_now(self) -> None:
        """Write at once, for example because something went wrong."""
        self._timer.stop()
        self._pool.waitForDone()
        if self._about:
            self._take_lock()
            self._write(self._document.state, dict(self._about))

    def _write_soon(self) -> None:
        project, about = self._document.state, dict(self._about)
        self._take_lock()
        self._pool.start(lambda: self._write(project, about))

    def _take_lock(self) -> None:
        if self._file_lock is None:
            with contextlib.suppress(OSError):
                self._path.parent.mkdir(parents=True, exist_ok=True)
            lock = QLockFile(str(_lock(self._path)))
            lock.setStaleLockTime(0)
            lock.tryLock(0)
            self._file_lock = lock

    def _write(self, project: Project, about: dict[str, Any]) -> None:
        problem = ""
        with self._guard:
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                write_file(_about(self._path), json.dumps(about))
                write_file(self._path, to_text(project))
            # A full disk must not stop the work.
            except FileError as error:
                problem = str(error)
            except OSError as error:
                problem = f"The folder {self._path.parent} cannot be made: {os_words(error)}"
        if problem != self._problem:
            self._problem = problem
            self.failed.emit(problem)


def find_lost() -> list[Lost]:
    """What windows that are no longer alive left behind, the newest first."""
    found: list[tuple[float, Lost]] = []
    try:
        paths = list(recovery_folder().glob("*.yaml"))
    except OSError:
        return []
    for path in paths:
        lock = QLockFile(str(_lock(path)))
        # Locked by a process that is alive: its window is open.
        lock.setStaleLockTime(0)
        if not lock.tryLock(0):
            continue
        lock.unlock()
        with contextlib.suppress(OSError):
            found.append((path.stat().st_mtime, _read(path)))
    return [lost for _, lost in sorted(found, key=lambda pair: -pair[0])]


def _read(path: Path) -> Lost:
    about: dict[str, Any] = {}
    with contextlib.suppress(OSError, ValueError):
        read = json.loads(_about(path).read_text(encoding="utf-8"))
        about = read if isinstance(read, dict) else {}
    saved_as, runs = str(about.get("saved_as", "")), str(about.get("runs_folder", ""))
    return Lost(
        path,
        str(about.get("name", "")) or "Untitled",
        Path(saved_as) if saved_as else None,
        str(about.get("expected", "")),
        Path(runs) if runs else None,
    )
