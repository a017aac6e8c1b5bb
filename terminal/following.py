"""Training and evaluation followed in a terminal, while a worker process does them."""

from __future__ import annotations

import math
import signal
import sys
import time
from pathlib import Path

import click

from codegen.module import generate
from data.dataset import SplitName
from evaluation.report import Report
from graph.files import to_text
from graph.state import Project
from training import client
from training.evaluations import Evaluation
from training.events import EventReader
from training.messages import EpochDone, Log
from training.runs import Run, create_run, runs_folder_of
from training.state import RunFollower, RunState

POLL_SECONDS = 0.1


def train_in_worker(file: Path, project: Project) -> Run:
    """Train in a worker process and show its progress until it ends.

    Raises:
        click.ClickException: where it did not finish, with what to do.
    """
    run = create_run(
        runs_folder_of(file),
        project_text=to_text(project),
        model_text=generate(project).text,
        title=project.name,
    )
    client.start(run)
    progress = Progress()
    # A job that is ended (kill, timeout, a batch system) means the training, which would go on.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        state = _follow(run, progress)
    finally:
        signal.signal(signal.SIGTERM, before)
    progress.finish()
    if state.status == "finished":
        return run
    if state.status == "stopped":
        raise click.ClickException(f"Stopped. The run is kept and can be resumed: {run.folder}")
    raise click.ClickException(f"{state.message}\nThe run: {run.folder}")


def _follow(run: Run, progress: Progress) -> RunState:
    """Show the progress until the training ends; the first interrupt asks it to stop, the second
    leaves it to itself."""
    follower = RunFollower(run)
    asked_to_stop = False
    state = follower.state()
    while state.active:
        try:
            progress.show(run, state)
            time.sleep(POLL_SECONDS)
        except KeyboardInterrupt:
            if asked_to_stop:
                raise
            asked_to_stop = True
            click.echo("\nStopping after this batch; press Ctrl+C again to leave it running.")
            client.stop(run)
        state = follower.state()
    progress.show(run, state)
    return state


def evaluate_in_worker(run: Run, split: SplitName) -> Report:
    """The report on a split: evaluated anew unless there is one of the weights as they are."""
    state = Evaluation(run, split).state()
    if state.status == "done" and state.report is not None and not state.outdated:
        return state.report
    evaluation = client.start_evaluation(run, split)
    state = evaluation.state()
    while state.status == "running":
        time.sleep(POLL_SECONDS)
        state = evaluation.state()
    if state.report is None or state.status == "failed":
        raise click.ClickException(state.message or "The evaluation ended without a report.")
    return state.report


def _quality(message: EpochDone) -> str:
    """The score of an epoch, or its accuracy; nothing for tasks without."""
    for name, value in (
        (message.score_name, message.validation_score),
        ("accuracy", message.validation_accuracy),
    ):
        if not math.isnan(value):
            return f"{name} {value:.2%}   "
    return ""


class Progress:
    """A line that follows the training: rewritten in place in a terminal, else one per epoch."""

    WIDTH = 24

    def __init__(self) -> None:
        self.in_place = sys.stderr.isatty()
        self.reader: EventReader | None = None

    def show(self, run: Run, state: RunState) -> None:
        """The progress now."""
        if self.reader is None:
            self.reader = EventReader(run.events_path)
        for message in self.reader.poll(every_batch=False):
            if isinstance(message, EpochDone):
                self._line(
                    f"epoch {message.epoch:>3}/{state.epochs}   "
                    f"loss {message.training_loss:.4f}   "
                    f"validation {message.validation_loss:.4f}   "
                    + _quality(message)
                    + f"{message.seconds:.1f} s"
                    + ("   best" if message.best else "")
                )
            elif isinstance(message, Log) and message.level != "info":
                self._line(message.text)
        if self.in_place:
            self._bar(state)

    def finish(self) -> None:
        """Leave the line."""
        if self.in_place:
            click.echo("\r\033[K", err=True, nl=False)

    def _line(self, text: str) -> None:
        self.finish()
        click.echo(text, err=True)

    def _bar(self, state: RunState) -> None:
        total = max(state.epochs * state.batches, 1)
        done = max(state.epoch - 1, 0) * state.batches + state.batch
        filled = round(self.WIDTH * done / total)
        left = "" if state.remaining is None else f"   {state.remaining:.0f} s left"
        words = {"starting": "starting PyTorch ..."}.get(state.status, state.status)
        bar = "█" * filled + "░" * (self.WIDTH - filled)
        epoch = f"epoch {state.epoch}/{state.epochs}"
        click.echo(
            f"\r\033[K{bar} {done / total:4.0%}   {epoch}   {words}{left}", err=True, nl=False
        )
