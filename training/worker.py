"""The process that trains: `python -m training.worker RUN_FOLDER`. It talks only to the folder.

It may also be started by hand or by a cluster's queue; everything that follows a run then sees it
just the same. PyTorch is imported after the first words are said, since that takes seconds.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import os
import socket
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil

from data.dataset import SPLIT_NAMES, SplitName
from training.control import Control
from training.evaluations import Evaluation
from training.events import EventWriter
from training.messages import Failed, Message, Starting
from training.processes import EXIT_CANNOT_WRITE, ProcessRecord
from training.runs import Run, RunError

EXIT_FAILED = 1
EXIT_REFUSED = 2

NICE = 10
AUTOGROUP = Path("/proc/self/autogroup")


def main(arguments: Sequence[str] | None = None) -> int:
    """Train or evaluate the run that the command line names.

    Returns:
        The exit code: 0 when finished or stopped on request, 1 after a failure that was said in
        the events, 2 when the run cannot be worked on, 74 when nothing can be written.
    """
    parser = argparse.ArgumentParser(prog="python -m training.worker", description=__doc__)
    parser.add_argument("run", type=Path, help="the run's folder")
    parser.add_argument("--resume", action="store_true", help="go on from where it was saved")
    parser.add_argument("--evaluate", choices=SPLIT_NAMES, help="judge the best weights on a split")
    options = parser.parse_args(arguments)
    faulthandler.enable()
    _be_polite()
    run = Run(options.run)
    damage = run.damage()
    if damage:
        print(damage, file=sys.stderr)
        return EXIT_REFUSED
    try:
        if options.evaluate:
            return _evaluate(run, options.evaluate)
        return _train(run, resume=options.resume)
    except RunError as error:
        print(error, file=sys.stderr)
        return EXIT_REFUSED
    except OSError as error:
        traceback.print_exc()
        print(f"Nothing can be written to {run.folder}: {error}", file=sys.stderr)
        return EXIT_CANNOT_WRITE


def _be_polite() -> None:
    """Let the window and whatever else a person does come first."""
    with contextlib.suppress(psutil.Error, OSError):
        if os.name == "nt":
            psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)  # type: ignore[attr-defined]
        else:
            os.nice(NICE)
            # Linux shares its time among sessions first, where the niceness of a process says
            # nothing to those of others; see sched(7) on autogroups.
            if os.getsid(0) == os.getpid() and AUTOGROUP.exists():
                AUTOGROUP.write_text(str(NICE))


def _train(run: Run, *, resume: bool) -> int:
    if not _take(run.worker_path):
        # Started by hand: what a worker before this one was asked to do is not meant for it.
        run.write_command("train")
    run.exit_path.unlink(missing_ok=True)
    control = Control(run)
    control.listen_to_signals()
    with EventWriter(run.events_path) as events:
        events.write(Starting(process=os.getpid(), host=socket.gethostname()))
        failed = train_or_fail(run, control, events.write, resume=resume)
        if failed is None:
            return 0
        print(failed.details, failed.message, sep="\n", file=sys.stderr)
        events.write(failed)
        return EXIT_FAILED


def train_or_fail(
    run: Run, control: Control, say: Callable[[Message], None], *, resume: bool
) -> Failed | None:
    """Train in this process. What goes wrong is returned as the message that is to be said.

    Raises:
        RunError: the run cannot be worked on.
    """
    batch_size: int | None = None
    try:
        from training import session

        dataset, spec = session.read_settings(run)
        batch_size = spec.batch_size
        if not resume and run.last_weights.exists():
            raise RunError("The run was trained before: resume it instead.")
        session.train(run, dataset, spec, control=control, say=say)
    except RunError:
        raise
    except Exception as error:
        return _describe(error, run, batch_size)
    return None


def _describe(
    error: Exception, run: Run, batch_size: int | None, *, evaluating: bool = False
) -> Failed:
    try:
        from training.failures import describe_failure
    except ImportError:  # then this is what happened
        message = f"PyTorch or another library cannot be loaded: {error}. Install Kumitate again."
        return Failed(kind="internal", message=message, details=traceback.format_exc())
    return describe_failure(error, run, batch_size, evaluating=evaluating)


def _take(record_path: Path) -> bool:
    """Record this process, unless another one is at work.

    Returns:
        Whether it was recorded before, by the program that started it.

    Raises:
        RunError: another one is.
    """
    record = ProcessRecord.read(record_path)
    # On Windows the recorded process may be a small one that started this one.
    ours = {os.getpid(), os.getppid()}
    at_work = record if record is not None and record.living() is not None else None
    if at_work is not None and at_work.process not in ours:
        raise RunError(f"The process {at_work.process} already works on {record_path.parent}.")
    ProcessRecord.of(os.getpid()).write(record_path)
    return at_work is not None


def _evaluate(run: Run, split: SplitName) -> int:
    evaluation = Evaluation(run, split)
    run.evaluation.mkdir(exist_ok=True)
    _take(evaluation.worker_path)
    try:
        from training import session

        dataset, spec = session.read_settings(run)
        session.judge(run, dataset, spec, split, say=_say_nothing)
    except Exception as error:
        failed = _describe(error, run, None, evaluating=True)
        print(failed.details, failed.message, sep="\n", file=sys.stderr)
        evaluation.fail(failed)
        return EXIT_FAILED
    return 0


def _say_nothing(message: Message) -> None:
    """The report is all that an evaluation by itself has to say."""


if __name__ == "__main__":
    sys.exit(main())
