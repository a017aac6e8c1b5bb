"""From an exception to words that say what happened, where, and what to do.

Imports torch: for workers only.
"""

from __future__ import annotations

import errno
import traceback
from pathlib import Path

import torch

from data.dataset import DataError
from evaluation.network import NetworkError, failing_line
from graph.files import FileError, os_words
from graph.storage import TEMPORARY
from training.checkpoint import CheckpointError
from training.devices import SettingsError
from training.messages import Failed, FailureKind
from training.objectives import ObjectiveError
from training.runs import Run

_DISK_ERRORS = {
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EROFS,
    errno.EACCES,
    errno.EPERM,
    errno.EIO,
    errno.ENOENT,
}

_MEMORY_WORDS = ("out of memory", "not enough memory", "can't allocate memory", "alloc_cpu")


class DivergedError(Exception):
    """The loss is no longer a number."""

    def __init__(self, epoch: int, batch: int, learning_rate: float) -> None:
        super().__init__(
            f"The loss is not a number any more since epoch {epoch}, batch {batch}: training has "
            f"run out of bounds. Make the learning rate smaller (it was {learning_rate:g}; try a "
            "tenth), or warm it up over the first epochs."
        )


def describe_failure(
    error: BaseException, run: Run, batch_size: int | None = None, *, evaluating: bool = False
) -> Failed:
    """What to say about an exception that ended a worker.

    Args:
        error: the exception.
        run: the run.
        batch_size: the setting, for advice, where it is known.
        evaluating: whether the worker was to judge what was learned, not to train.
    """
    kind, message = _words(error, run, batch_size, evaluating)
    details = "".join(traceback.format_exception(error))
    return Failed(kind=kind, message=message, details=details)


def _words(
    error: BaseException, run: Run, batch_size: int | None, evaluating: bool
) -> tuple[FailureKind, str]:
    text = str(error)
    again = "evaluate again" if evaluating else "resume the run"
    if _is_out_of_memory(error, text):
        return "out_of_memory", _memory_words(error, batch_size, evaluating)
    if isinstance(error, DivergedError):
        return "diverged", text
    if isinstance(error, DataError):
        return "data", text
    if isinstance(error, SettingsError | FileError | ObjectiveError):
        return "settings", text
    if isinstance(error, NetworkError):
        return "code", text
    if isinstance(error, CheckpointError):
        return "disk", text
    where = failing_line(error, run.model_path)
    if not where and isinstance(error, OSError) and error.errno in _DISK_ERRORS:
        named = isinstance(error.filename, str) and not error.filename.endswith(TEMPORARY)
        place = Path(error.filename) if named else run.folder
        return "disk", (
            f"{place} cannot be written: {os_words(error)}. What was saved before is unharmed. "
            f"Make room or give access, then {again}."
        )
    if isinstance(error, OSError) and error.errno is None and "cannot be written" in text:
        return "disk", f"{text}. Make room or give access, then {again}."
    first = text.strip().splitlines()[0] if text.strip() else "no further words"
    name = type(error).__name__
    if where:
        return "code", f"The network failed{where}: {name}: {first}"
    what = "The evaluation" if evaluating else "Training"
    return "internal", (
        f"{what} failed unexpectedly: {name}: {first}. The details are in the log; please "
        "report them."
    )


def _is_out_of_memory(error: BaseException, text: str) -> bool:
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    if isinstance(error, OSError):
        return error.errno == errno.ENOMEM
    lowered = text.lower()
    return isinstance(error, RuntimeError) and any(words in lowered for words in _MEMORY_WORDS)


def _memory_words(error: BaseException, batch_size: int | None, evaluating: bool) -> str:
    place = "graphics card" if "cuda" in str(error).lower() else "computer"
    if evaluating:
        return f"The memory of the {place} was not enough. Close other programs and evaluate again."
    advice = "Make the images or the layers smaller, or close other programs."
    if batch_size is None:
        advice = f"Halve the batch size, m{advice[1:]}"
    elif batch_size > 1:
        advice = f"Halve the batch size (from {batch_size} to {batch_size // 2}), m{advice[1:]}"
    return f"The memory of the {place} was not enough. {advice}"
