"""Files that are either old or new and never half.

What is in the files is the business of those who write them. How a person's own files are written,
and what is said where that fails, is in `files.py`.
"""

from __future__ import annotations

import contextlib
import os
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

TEMPORARY = ".new"
"""How the names of files end that are not whole yet."""

_WINDOWS_PATIENCE = 2.0
"""Seconds for which Windows may refuse to replace a file that another process is reading."""


def write_atomically(path: Path, content: bytes | str) -> None:
    """Write a whole file so that a reader, a crash or a full disk meets the old or the new one.

    Raises:
        OSError: the disk is full, the folder is gone or not writable; the old file is unharmed.
    """
    with replacing(path) as temporary:
        temporary.write_bytes(content.encode() if isinstance(content, str) else content)


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary file beside `path` to write to; it takes the name when the block ends well.

    Raises:
        OSError: as `write_atomically`.
    """
    temporary = path.with_name(f".{path.name[:60]}.{uuid.uuid4().hex[:8]}{TEMPORARY}")
    try:
        # Not a file of the tempfile module, which nobody else in a team's folder could read.
        temporary.touch(exist_ok=False)
        yield temporary
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        replace(temporary, path)
        sync_folder(path.parent)
    finally:
        # It is gone when all went well; and otherwise why writing failed says more.
        with contextlib.suppress(OSError):
            temporary.unlink()


def remove_temporary(folder: Path) -> None:
    """Delete what a writer left that was killed. Only for the one who alone writes there."""
    for path in folder.glob(f".*{TEMPORARY}"):
        with contextlib.suppress(OSError):
            path.unlink()


def replace(source: Path, target: Path) -> None:
    """`os.replace`, with the patience that Windows needs while somebody reads `target`."""
    deadline = time.monotonic() + _WINDOWS_PATIENCE
    while True:
        try:
            os.replace(source, target)
        except PermissionError:
            if os.name != "nt" or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def sync_folder(folder: Path) -> None:
    """Make a renaming in `folder` survive a power cut, where the system can do that."""
    if os.name == "nt":
        return
    # Some network file systems refuse this for folders; the renaming itself has happened.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
