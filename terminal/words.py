"""Errors as sentences for a person in a terminal."""

from __future__ import annotations

from codegen.module import NotReadyError
from data.dataset import DataError
from evaluation.report import ReportError
from graph.files import FileError, os_words
from graph.overrides import OverrideError
from graph.registry import UnknownNameError
from training.adapting import AdaptError
from training.runs import RunError

SPOKEN = (
    *(AdaptError, DataError, FileError, NotReadyError, OverrideError, ReportError, RunError),
    UnknownNameError,
)
"""Errors that say all there is to say."""


def error_words(error: Exception) -> str:
    """What an error means to a person; errors of the rooms are whole sentences already."""
    if isinstance(error, SPOKEN):
        return str(error)
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {os_words(error)}"
    return (
        f"Something went wrong inside Kumitate ({type(error).__name__}: {error}). Please report "
        f"it; with KUMITATE_DEBUG=1 set, the details are shown"
    )
