"""How runs are told: states, times and shares in words, all through Qt's translation."""

from __future__ import annotations

import math
import time
from datetime import datetime

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from training.runs import Run
from training.state import RunState, Status

NO_NUMBER = "–"


def tr(text: str) -> str:
    """A text of this room in the language of the window."""
    return QCoreApplication.translate("runs", text)


def status_words(status: Status) -> str:
    """The state in a word or two."""
    return {
        "created": tr("Not started"),
        "starting": tr("Starting"),
        "running": tr("Training"),
        "paused": tr("Paused"),
        "stopping": tr("Stopping"),
        "stopped": tr("Stopped"),
        "finished": tr("Finished"),
        "failed": tr("Failed"),
        "died": tr("Died"),
        "broken": tr("Broken"),
    }[status]


STATUS_TOKENS: dict[Status, str] = {
    "created": "muted",
    "starting": "accent",
    "running": "accent",
    "paused": "warning",
    "stopping": "warning",
    "stopped": "warning",
    "finished": "good",
    "failed": "error",
    "died": "error",
    "broken": "error",
}
"""The colour of each state; its words stand beside it."""

STATUS_SIGNS: dict[Status, str] = {
    "created": "○",
    "starting": "●",
    "running": "●",
    "paused": "Ⅱ",
    "stopping": "■",
    "stopped": "■",
    "finished": "✓",
    "failed": "✕",
    "died": "✕",
    "broken": "✕",
}
"""A sign for each state, since colour never tells it alone."""


def duration(seconds: float) -> str:
    """`0:07`, `12:34`, `1:02:03`, or `3 days 4 h`."""
    whole = max(round(seconds), 0)
    if whole >= 86_400:
        days, hours = whole // 86_400, whole % 86_400 // 3600
        return tr("{days} d {hours} h").format(days=days, hours=hours)
    hours, minutes, rest = whole // 3600, whole % 3600 // 60, whole % 60
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def rough_time(seconds: float) -> str:
    """About how long something takes: no more than an estimate can tell."""
    for most, text in (
        (20, tr("seconds")),
        (90, tr("about a minute")),
        (900, tr("minutes")),
        (5400, tr("about an hour")),
        (86_400, tr("hours")),
    ):
        if seconds <= most:
            return text
    return tr("days")


def share(value: float | None, digits: int = 1) -> str:
    """`98.9 %`, or a dash where there is no number. Never 100 % for less than all."""
    if value is None or math.isnan(value):
        return NO_NUMBER
    shown = f"{100 * value:.{digits}f}"
    if float(shown) >= 100 and value < 1:
        shown = f"{100 - 10**-digits:.{digits}f}"
    return f"{shown} %"


def number(value: float | None, digits: int = 4) -> str:
    """A loss with a sensible number of digits, or a dash."""
    if value is None or math.isnan(value):
        return NO_NUMBER
    if value != 0 and not 1e-4 <= abs(value) < 1e5:
        return f"{value:.2e}"
    return f"{value:.{digits}g}" if abs(value) >= 10 else f"{value:.{digits}f}"


def best_result(state: RunState | None) -> str:
    """How good a run is: its best score or accuracy of validation, or else its loss."""
    if state is None or state.best_epoch is None:
        return NO_NUMBER
    if state.score_name:
        return f"{state.score_name} {share(state.best_score)}"
    accuracy = state.best_accuracy
    if accuracy is not None and not math.isnan(accuracy):
        return share(accuracy)
    loss = number(state.best_loss)
    return loss if loss == NO_NUMBER else tr("loss {loss}").format(loss=loss)


def title(text: str) -> str:
    """A name from the middle of a sentence as it stands at the beginning of one."""
    # An abbreviation such as mAP stays as it is.
    return text if text[1:2].isupper() else text[:1].upper() + text[1:]


def moment(run: Run, state: RunState | None) -> str:
    """When a run was made, as people say it: `today 15:09`, `14 Mar 15:09`."""
    made = made_at(run, state)
    if made is None:
        return run.name
    when = datetime.fromtimestamp(made)
    today = datetime.fromtimestamp(time.time())
    clock = f"{when:%H:%M}"
    if when.date() == today.date():
        return tr("today {clock}").format(clock=clock)
    if (today.date() - when.date()).days == 1:
        return tr("yesterday {clock}").format(clock=clock)
    pattern = "d MMM" if when.year == today.year else "d MMM yyyy"
    return f"{QLocale().toString(QDate(when.year, when.month, when.day), pattern)} {clock}"


def made_at(run: Run, state: RunState | None) -> float | None:
    """When a run was made, in seconds since 1970, from its folder's name or its first message."""
    try:
        return datetime.strptime(run.name[:19], "%Y-%m-%d_%H-%M-%S").timestamp()
    except ValueError:
        return state.started if state else None


def progress_words(state: RunState) -> str:
    """`Epoch 3 of 20 · batch 12 of 23`."""
    if not state.epochs:
        return ""
    words = tr("Epoch {epoch} of {epochs}").format(
        epoch=f"{state.epoch:,}", epochs=f"{state.epochs:,}"
    )
    if state.batches and state.active and state.epoch:
        words += " · " + tr("batch {batch} of {batches}").format(
            batch=f"{state.batch:,}", batches=f"{state.batches:,}"
        )
    return words


def fraction_done(state: RunState) -> float:
    """How much of the training is done, 0 to 1."""
    if not state.epochs:
        return 0.0
    if not state.batches:
        return min(state.epoch / state.epochs, 1.0)
    done = max(state.epoch - 1, 0) * state.batches + state.batch
    return min(done / (state.epochs * state.batches), 1.0)
