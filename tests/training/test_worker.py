"""Workers as processes: controlled, killed, resumed, told apart from their last words.

Each start imports torch, which takes seconds; so there are few, and each test asks much of its one.
"""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from evaluation.report import read_report
from evaluation.weights_file import saved_epoch
from terminal.following import evaluate_in_worker
from tests.training.examples import (
    GATED,
    MODEL,
    gate,
    new_run,
    wait_at_gate,
    wait_for,
    wait_until,
)
from tests.training.sessions import Session
from training import client
from training.evaluations import Evaluation
from training.events import EventReader
from training.history import History
from training.messages import BatchDone, EpochDone, Resumed
from training.processes import ProcessRecord
from training.runs import RunError
from training.state import RunFollower

posix_only = pytest.mark.skipif(os.name == "nt", reason="signals are a matter of POSIX")


@pytest.fixture
def started(tmp_path):
    """Makes runs, and ends whatever still works on them."""
    runs = []

    def make(model=MODEL, **settings):
        run = new_run(tmp_path, model, **settings)
        runs.append(run)
        return run

    yield make
    for run in runs:
        client.kill(run)


def history_of(run):
    history = History()
    history.add(EventReader(run.events_path).poll())
    return history


def worker_of(run):
    record = ProcessRecord.read(run.worker_path)
    assert record is not None
    worker = record.living()
    assert worker is not None
    return worker


def test_paused_continued_killed_in_mid_epoch_and_resumed(started, tmp_path):
    run = started(GATED, epochs=3)
    follower = RunFollower(run)
    first_gate, second_gate = gate(run, 60), gate(run, 70)
    client.start(run)
    assert follower.state().status == "starting"
    wait_at_gate(follower, 60)
    client.pause(run)
    first_gate.unlink()
    paused = wait_for(follower, "paused")
    assert (paused.epoch, paused.batch) == (2, 21)
    worker = worker_of(run)
    assert worker.environ()["OMP_WAIT_POLICY"] == "PASSIVE"
    if os.name != "nt":
        assert worker.nice() >= 10
    sessions = Path(f"/proc/{worker.pid}/autogroup")
    # Where the kernel shares its time among sessions, that of the worker comes after others too.
    if sessions.exists() and sessions.read_text():
        assert sessions.read_text().endswith("nice 10\n")

    client.continue_(run)
    wait_at_gate(follower, 70)
    worker.kill()
    state = wait_until(
        lambda: (s := follower.state()).status == "died" and s, "its death is seen", seconds=1.0
    )
    assert "Waiting after batch 70" in state.message
    assert "Waiting after batch 70" in state.details
    if os.name != "nt":
        assert "SIGKILL" in state.message
    assert state.can_resume

    second_gate.unlink()
    client.start(run, resume=True)
    with pytest.raises(RunError, match="being trained already"):
        client.start(run, resume=True)
    state = wait_for(follower, "finished")
    assert (state.epoch, state.epochs) == (3, 3)
    history = history_of(run)
    resumed = [m for m in EventReader(run.events_path).poll() if isinstance(m, Resumed)]
    assert (resumed[-1].epoch, resumed[-1].batch) == (2, 21)
    assert read_report(run.folder, "test").accuracy == history.evaluated["test"].accuracy

    whole = Session(new_run(tmp_path, GATED, epochs=3))
    assert [(m.epoch, m.batch, m.loss) for m in history.batches] == [
        (m.epoch, m.batch, m.loss) for m in whole.of(BatchDone)
    ]
    assert [m.validation_loss for m in history.epochs.values()] == [
        m.validation_loss for m in whole.of(EpochDone)
    ]


@posix_only
def test_ended_by_the_system(started):
    run = started(GATED, epochs=1000)
    follower = RunFollower(run)
    barrier = gate(run, 60)
    client.start(run)
    wait_at_gate(follower, 60)
    worker_of(run).send_signal(signal.SIGTERM)
    barrier.unlink()
    state = wait_for(follower, "stopped")
    assert (state.epoch, state.batch) == (2, 21)
    assert state.can_resume
    assert run.last_weights.exists()


@posix_only
def test_a_crash_inside_a_library(started):
    run = started("import ctypes\n\nctypes.string_at(0)\n")
    run.log_path.write_text("--- started at once upon a time\nKilled\n")
    client.start(run)
    follower = RunFollower(run)
    state = wait_until(lambda: (s := follower.state()).status == "died" and s, "it crashed")
    assert "crashed inside a library (SIGSEGV)" in state.message
    assert "Fatal Python error: Segmentation fault" in state.message
    assert "Killed" not in state.details
    assert state.can_resume


def test_a_worker_started_by_hand_crashes_and_says_so(started):
    """As on a cluster: without the client; and its traceback goes where its output goes."""
    run = started("raise RuntimeError('no such thing')\n")
    result = subprocess.run(
        [sys.executable, "-m", "training.worker", str(run.folder)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 1
    state = RunFollower(run).state()
    assert state.status == "failed"
    assert "no such thing" in state.message
    assert "line 1" in state.message
    assert "Traceback" in result.stderr


@posix_only
def test_a_worker_that_cannot_write_leaves_its_last_words(started):
    run = started()
    # Root may write anywhere; to a folder in the place of the file nobody can.
    run.events_path.mkdir()
    client.start(run)
    state = wait_until(
        lambda: (s := RunFollower(run).state()).status == "died" and s, "it has given up"
    )
    assert "could not write to its folder (code 74)" in state.message
    assert "Nothing can be written" in state.message


def test_an_evaluation_by_itself(started):
    run = started(epochs=1)
    evaluation = Evaluation(run, "validation")
    assert evaluation.state().status == "none"
    assert Session(run).failed is None
    assert client.start_evaluation(run, "validation") == evaluation
    assert evaluation.state().status == "running"
    with pytest.raises(RunError, match="being evaluated already"):
        client.start_evaluation(run, "validation")
    wait_until(lambda: evaluation.state().status != "running", "it is evaluated")
    state = evaluation.state()
    assert state.status == "done", state.message
    assert state.report is not None
    assert state.report.split == "validation"
    assert state.report.epoch == 1
    with contextlib.suppress(FileNotFoundError):
        assert not evaluation.failure_path.read_text()
    # What there is of these very weights is not made again; of older ones, it is.
    assert evaluate_in_worker(run, "validation") == state.report
    run.set_epochs(4)
    assert Session(run, resume=True).failed is None
    best = saved_epoch(run.best_weights)
    assert best > 1, "a seed with which training gets better"
    assert evaluation.state().report == state.report
    assert evaluation.state().outdated
    assert evaluate_in_worker(run, "validation").epoch == best
    assert not evaluation.state().outdated
