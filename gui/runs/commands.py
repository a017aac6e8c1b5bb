"""What a person can do with runs: each order is carried out by a thread, and its end is a signal.

The window stays fluid while a process is started or a large run is deleted. What the orders mean
is in `training.client`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from codegen.module import NotReadyError, generate
from data.dataset import SplitName
from graph.files import FileError, load, os_words, to_text
from graph.state import Project
from gui.runs.background import Background
from training import client
from training.runs import Run, RunError, create_run


class RunCommands(QObject):
    """The orders.

    Signals:
        created(run, title): a new run was made and its worker started.
        obeyed(run): a run was told to do something; its state will change.
        deleted(run): it is gone.
        restored(run, project): the project that a run trained was read.
        failed(title, text): an order could not be carried out; the text says why and what to do.
        evaluating(run, split): a process that evaluates was started.
    """

    created = Signal(object, str)
    obeyed = Signal(object)
    deleted = Signal(object)
    restored = Signal(object, object)
    failed = Signal(str, str)
    evaluating = Signal(object, str)

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._outstanding = 0

    @property
    def busy(self) -> bool:
        """Whether an order is being carried out."""
        return self._outstanding > 0

    def train(self, project: Project, runs_folder: Path) -> None:
        """Freeze the project into a new run and start its worker."""

        def make() -> Run:
            model = generate(project).text
            run = create_run(
                runs_folder,
                project_text=to_text(project),
                model_text=model,
                title=project.name,
            )
            try:
                client.start(run)
            except (RunError, OSError):
                client.delete(run)
                raise
            return run

        self._order(
            make,
            lambda run: self.created.emit(run, project.name),
            self.tr("Training could not be started"),
        )

    def start(self, run: Run) -> None:
        """Start a run that was made but never started."""
        self._tell(run, lambda: client.start(run), self.tr("The run could not be started"))

    def resume(self, run: Run, epochs: int | None = None) -> None:
        """Go on where it ended; with `epochs`, to this number of epochs in all."""
        self._tell(
            run,
            lambda: client.start(run, resume=True, epochs=epochs),
            self.tr("The run could not be resumed"),
        )

    def pause(self, run: Run) -> None:
        """Save and wait."""
        self._tell(run, lambda: client.pause(run), self.tr("The run could not be paused"))

    def continue_(self, run: Run) -> None:
        """End the pause."""
        self._tell(run, lambda: client.continue_(run), self.tr("The run could not be continued"))

    def stop(self, run: Run) -> None:
        """Save and end."""
        self._tell(run, lambda: client.stop(run), self.tr("The run could not be stopped"))

    def kill(self, run: Run) -> None:
        """End the worker at once."""
        self._tell(run, lambda: client.kill(run), self.tr("The worker could not be ended"))

    def rename(self, run: Run, title: str) -> None:
        """Call it something else."""
        self._tell(run, lambda: run.rename(title), self.tr("The run could not be renamed"))

    def delete(self, run: Run) -> None:
        """Remove it with everything in it."""
        self._order(
            lambda: client.delete(run),
            lambda _: self.deleted.emit(run),
            self.tr("The run could not be deleted"),
        )

    def read_project(self, run: Run) -> None:
        """Read the project that the run trained, for `restored`."""
        self._order(
            lambda: load(run.project_path).project,
            lambda project: self.restored.emit(run, project),
            self.tr("The version of this run could not be read"),
        )

    def evaluate(self, run: Run, split: SplitName) -> None:
        """Start a process that judges the best weights on a split."""
        self._order(
            lambda: client.start_evaluation(run, split),
            lambda _: self.evaluating.emit(run, split),
            self.tr("The evaluation could not be started"),
        )

    def _tell(self, run: Run, function: Callable[[], None], failure: str) -> None:
        self._order(function, lambda _: self.obeyed.emit(run), failure)

    def _order(
        self, function: Callable[[], object], done: Callable[..., object], failure: str
    ) -> None:
        self._outstanding += 1

        def succeeded(result: object) -> None:
            self._outstanding -= 1
            done(result)

        def failed(error: Exception) -> None:
            self._outstanding -= 1
            if isinstance(error, RunError | FileError | NotReadyError):
                self.failed.emit(failure, str(error))
            elif isinstance(error, OSError):
                where = f"{error.filename}: " if error.filename else ""
                self.failed.emit(failure, f"{where}{os_words(error)}.")
            else:
                raise error

        self._background.call(function, succeeded, failed)
