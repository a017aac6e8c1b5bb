"""Worker processes seen from outside: recorded in a file, alive or not, and why they ended.

No torch, no Qt. What a worker does is in `worker.py`, when one is started in `client.py`.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from graph.storage import write_atomically
from training.runs import LOG_MARK

EXIT_CANNOT_WRITE = 74
"""What a worker returns that can write nothing; the code for that in `sysexits.h`."""

_CLOCK_TOLERANCE = 2.0
"""Seconds by which two readings of a process's birth may differ when the clock is corrected."""


@dataclass(frozen=True, slots=True)
class ProcessRecord:
    """Which process works on something, written so that a later one with its number is not
    mistaken for it.

    Attributes:
        process: its number.
        born: when it began, in seconds since 1970.
        host: the name of its computer.
        recorded: when this was written, in seconds since 1970.
    """

    process: int
    born: float
    host: str
    recorded: float

    @classmethod
    def of(cls, process: int) -> ProcessRecord:
        """The record of a running process of this computer; one that is gone was born never."""
        try:
            born = psutil.Process(process).create_time()
        except psutil.Error:
            born = 0.0
        return cls(process, born, socket.gethostname(), time.time())

    @classmethod
    def read(cls, path: Path) -> ProcessRecord | None:
        """The record in a file, or None where there is none that makes sense."""
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            return cls(
                int(values["process"]),
                float(values["born"]),
                str(values["host"]),
                float(values["recorded"]),
            )
        except (OSError, ValueError, KeyError, TypeError, OverflowError):
            return None

    def write(self, path: Path) -> None:
        """Keep it.

        Raises:
            OSError: the folder cannot be written.
        """
        write_atomically(path, json.dumps(asdict(self)))

    @property
    def elsewhere(self) -> bool:
        """Whether it is on another computer, of which nothing can be asked."""
        return self.host != socket.gethostname()

    def living(self) -> psutil.Process | None:
        """The process, if it still runs on this computer."""
        if self.elsewhere:
            return None
        try:
            process = psutil.Process(self.process)
            if abs(process.create_time() - self.born) > _CLOCK_TOLERANCE:
                return None
            if process.status() == psutil.STATUS_ZOMBIE:
                return None
        except (psutil.Error, ValueError):  # the latter for a number that is none of a process
            return None
        return process

    def kill(self) -> None:
        """End it and its children at once; nothing happens if it has ended."""
        process = self.living()
        if process is None:
            return
        with contextlib.suppress(psutil.Error):
            for child in process.children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    child.kill()
            process.kill()


_ROOT = Path(__file__).resolve().parents[1]
"""Where the packages lie that a worker imports."""

_DETACHED: int = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0) | getattr(
    subprocess, "CREATE_NO_WINDOW", 0
)

_children: dict[Path, subprocess.Popen[bytes]] = {}
"""Workers that this process started and has not seen ending yet, by the file of their record.

A child must be waited for, or it stays in the system's table; only here its exit code is known.
"""


def launch(arguments: Sequence[str], log: Path, record: Path) -> None:
    """Start `python -m ARGUMENTS` so that it outlives this process, and record it.

    Args:
        arguments: the module and what it is told.
        log: takes what it prints, at the end.
        record: where its `ProcessRecord` goes.

    Raises:
        OSError: the folder cannot be written, or the process not be started.
    """
    wait_for_child(record)
    environment = dict(os.environ)
    paths = [str(_ROOT), environment.get("PYTHONPATH", "")]
    environment["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    environment["PYTHONUNBUFFERED"] = "1"
    environment["PYTHONUTF8"] = "1"
    # Waiting threads must not spin: beside another busy process that stalls training and window.
    environment["OMP_WAIT_POLICY"] = "PASSIVE"
    with log.open("ab") as output:
        output.write(f"{LOG_MARK} {time.strftime('%Y-%m-%d %H:%M:%S')}\n".encode())
        output.flush()
        # -P: a file in the working folder must not stand in for a module of the same name.
        child = subprocess.Popen(
            [sys.executable, "-P", "-m", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=_ROOT,
            env=environment,
            start_new_session=os.name != "nt",
            creationflags=_DETACHED,
        )
    try:
        ProcessRecord.of(child.pid).write(record)
    except OSError:
        # Nobody could follow or stop it.
        child.kill()
        child.wait()
        raise
    _children[record] = child


def at_work(record: Path) -> ProcessRecord | None:
    """The record of a process that still runs, or of which nothing else can be known."""
    found = ProcessRecord.read(record)
    if found is None or found.elsewhere:
        return found
    child = _children.get(record)
    if child is not None and child.pid == found.process:
        # Until its last thread has ended there is no exit code, though the first may be gone.
        return found if child.poll() is None else None
    return found if found.living() is not None else None


def reap(record: Path) -> int | None:
    """The exit code of a child of this process that has ended, once; None in all other cases."""
    child = _children.get(record)
    if child is None or child.poll() is None:
        return None
    del _children[record]
    return child.returncode


def wait_for_child(record: Path, seconds: float = 10.0) -> None:
    """Wait until a child of this process, which was told to end or has said its last, is gone."""
    child = _children.get(record)
    if child is not None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(seconds)


def describe_exit(code: int) -> str:
    """Why a process ended, from the code it returned, in words."""
    if code == EXIT_CANNOT_WRITE:
        return f"could not write to its folder (code {code}), perhaps because the disk is full"
    if code >= 0:
        return f"ended with code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    if name == "SIGKILL":
        return "was killed from outside (SIGKILL), perhaps because memory ran out"
    if name in ("SIGSEGV", "SIGBUS", "SIGILL", "SIGFPE", "SIGABRT"):
        return f"crashed inside a library ({name})"
    return f"was ended by {name}"


@contextlib.contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold a lock file for the block; the system gives it back even if this process dies.

    Raises:
        BlockingIOError: another process holds it.
        OSError: the folder cannot be written.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        _lock(descriptor)
        yield
    finally:
        os.close(descriptor)


if os.name == "nt":
    import msvcrt

    def _lock(descriptor: int) -> None:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError as error:
            raise BlockingIOError(str(error)) from error

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
