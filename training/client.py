"""Starting, pausing, stopping and removing. No torch, no Qt.

The run folder is the only channel, so a worker goes on when the program that started it ends, and
any other program may take over from there.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Literal

from data.dataset import SplitName
from training.evaluations import Evaluation
from training.processes import ProcessRecord, exclusive, launch, wait_for_child
from training.runs import Run, RunError
from training.state import RunState, run_state


def start(run: Run, *, resume: bool = False, epochs: int | None = None) -> None:
    """Start a worker on a run.

    Args:
        run: a new run, or with `resume` one that has ended.
        resume: go on from where it ended, or from the beginning if nothing was learned yet.
        epochs: train to this number of epochs in all instead of the project's.

    Raises:
        RunError: the run is broken, is being trained already, or is over; with what to do.
        OSError: the folder cannot be written.
    """
    try:
        with exclusive(run.start_lock):
            _refuse_start(run, run_state(run), resume, epochs)
            if epochs is not None:
                run.set_epochs(epochs)
            run.write_command("train")
            run.exit_path.unlink(missing_ok=True)
            arguments = ["training.worker", str(run.folder), *(["--resume"] if resume else [])]
            launch(arguments, run.log_path, run.worker_path)
    except BlockingIOError:
        raise RunError(f"The run {run.title} is being started by another window.") from None
    except FileNotFoundError as error:
        raise RunError(f"The folder {run.folder} is gone.") from error


def _refuse_start(run: Run, now: RunState, resume: bool, epochs: int | None) -> None:
    if now.status == "broken":
        raise RunError(now.message)
    if now.active:
        raise RunError(
            f"The run {run.title} is being trained already, perhaps from another window. Follow it "
            "there or stop it first."
        )
    if not resume and now.status != "created":
        raise RunError(f"The run {run.title} was trained before. Resume it, or make a new run.")
    if resume and now.status == "finished" and (epochs is None or epochs <= now.epochs):
        raise RunError(
            f"The run {run.title} has finished its {now.epochs} epochs. To train it further, "
            "give a larger number of epochs."
        )
    if epochs is not None and epochs < 1:
        raise RunError(f"The number of epochs must be at least 1, but is {epochs}.")


def pause(run: Run) -> None:
    """Ask the worker to save and wait.

    Raises:
        RunError: nothing is being trained.
        OSError: the folder cannot be written.
    """
    _ask(run, "pause")


def continue_(run: Run) -> None:
    """Ask a waiting worker to go on.

    Raises:
        RunError: nothing is being trained.
        OSError: the folder cannot be written.
    """
    _ask(run, "train")


def stop(run: Run) -> None:
    """Ask the worker to save and end; within the time of a batch.

    When all epochs are done and the best weights are being judged, it ends by itself after that.

    Raises:
        RunError: nothing is being trained.
        OSError: the folder cannot be written.
    """
    _ask(run, "stop")


def _ask(run: Run, command: Literal["train", "pause", "stop"]) -> None:
    if not run_state(run).active:
        raise RunError(f"The run {run.title} is not being trained.")
    run.write_command(command)


def kill(run: Run) -> None:
    """End the worker at once, for when it does not answer; resuming goes back to what it saved.

    Raises:
        RunError: it runs on another computer.
    """
    _kill(run.worker_path)


def _kill(path: Path) -> None:
    record = ProcessRecord.read(path)
    if record is None:
        return
    if record.elsewhere:
        raise RunError(f"The worker runs on the computer {record.host} and must be ended there.")
    record.kill()
    wait_for_child(path)


def delete(run: Run) -> None:
    """Remove a run with everything in it.

    Raises:
        RunError: it is being trained.
        OSError: the folder cannot be removed.
    """
    if run_state(run).active:
        raise RunError(f"The run {run.title} is being trained. Stop it before deleting it.")
    for split in ("training", "validation", "test"):
        _kill(Evaluation(run, split).worker_path)
    shutil.rmtree(run.folder)


def start_evaluation(run: Run, split: SplitName = "test") -> Evaluation:
    """Start a process that judges the best weights on a split; ask the result for its state.

    Raises:
        RunError: there are no weights yet, or it is being evaluated already.
        OSError: the folder cannot be written.
    """
    damage = run.damage()
    if damage:
        raise RunError(damage)
    run.need_weights()
    evaluation = Evaluation(run, split)
    run.evaluation.mkdir(exist_ok=True)
    try:
        with exclusive(run.start_lock):
            if evaluation.state().status == "running":
                raise RunError(f"The run {run.title} is being evaluated already.")
            evaluation.failure_path.unlink(missing_ok=True)
            arguments = ["training.worker", str(run.folder), "--evaluate", split]
            launch(arguments, evaluation.log_path, evaluation.worker_path)
    except BlockingIOError:
        raise RunError(f"The run {run.title} is being started by another window.") from None
    return evaluation
