"""Exports a trained run: by the command, in a process of its own, since weights need torch."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from training.runs import Run


class ExportError(Exception):
    """The folder is not written; the text says why."""


def export_run(run: Run, folder: Path) -> Path:
    """Write `model.py`, weights, a README and an example into a new folder; takes seconds.

    Raises:
        ExportError: it cannot be written, with the command's last words.
    """
    # Wherever this program was started, the command must be the same program.
    path = [str(Path(__file__).resolve().parents[2]), os.environ.get("PYTHONPATH", "")]
    try:
        done = subprocess.run(
            [sys.executable, "-m", "kumitate", "export", str(run.folder), str(folder)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(one for one in path if one)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise ExportError(f"the command cannot be started: {error}") from error
    if done.returncode != 0:
        words = done.stderr.strip().removeprefix("Error: ")
        raise ExportError(words or f"the command ended with code {done.returncode}")
    return folder
