"""Workers as processes: controlled, killed, resumed, told apart from their last words.

Each start imports torch, which takes seconds; so there are few, and each test asks much of its one.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from evaluation.report import read_report
from tests.training.examples import MODEL, WAIT_AT_GATE, new_run, wait_for, wait_until
from training import client
from training.evaluations import Evaluation
from training.events import EventReader
from training.history import History
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


def in_the_middle_of_epoch_2(follower):
    def there():
        state = follower.state()
        assert state.status in ("starting", "running"), f"{state}\n{state.details}"
        return (state.epoch, state.batch) == (2, 20)

    return there


def test_killed_in_mid_epoch_and_resumed(started, tmp_path):
    run = started(WAIT_AT_GATE, epochs=3)
    (run.folder / "gate").touch()
    client.start(run)
    follower = RunFollower(run)
    assert follower.state().status == "starting"
    wait_until(in_the_middle_of_epoch_2(follower), "it is in the middle of epoch 2")
    record = ProcessRecord.read(run.worker_path)
    assert record is not None
    worker = record.living()
    assert worker is not None
    assert worker.environ()["OMP_WAIT_POLICY"] == "PASSIVE"

    killed = time.monotonic()
    worker.kill()
    state = wait_until(
        lambda: (s := follower.state()).status == "died" and s, "its death is seen", seconds=1.0
    )
    assert time.monotonic() - killed < 1.0
    assert "SIGKILL" in state.message
    assert state.can_resume

    (run.folder / "gate").unlink()
    client.start(run, resume=True)
    with pytest.raises(RunError, match="being trained already"):
        client.start(run, resume=True)
    state = wait_for(follower, "finished")
    assert (state.epoch, state.epochs) == (3, 3)
    history = history_of(run)
    assert list(history.epochs) == [1, 2, 3]
    assert [(m.epoch, m.batch) for m in history.batches] == [
        (epoch, batch) for epoch in (1, 2, 3) for batch in range(1, 41)
    ]
    assert read_report(run.folder, "test").accuracy == history.evaluated["test"].accuracy


@posix_only
def test_paused_continued_and_ended_by_the_system(started):
    run = started(WAIT_AT_GATE, epochs=1000)
    (run.folder / "gate").touch()
    client.start(run)
    follower = RunFollower(run)
    wait_until(in_the_middle_of_epoch_2(follower), "it is in the middle of epoch 2")
    client.pause(run)
    (run.folder / "gate").unlink()
    paused = wait_for(follower, "paused")
    record = ProcessRecord.read(run.worker_path)
    assert record is not None
    worker = record.living()
    assert worker is not None
    assert worker.nice() >= 10
    wait_until(lambda: worker.status() == psutil.STATUS_SLEEPING, "it sleeps")
    assert follower.state().batch == paused.batch

    client.continue_(run)
    wait_until(lambda: follower.state().epoch > 2, "it goes on")
    worker.send_signal(signal.SIGTERM)
    state = wait_for(follower, "stopped")
    assert state.can_resume
    assert run.last_weights.exists()


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
    assert "code 74" in state.message
    assert "Nothing can be written" in state.message


def test_an_evaluation_by_itself(started):
    run = started(epochs=1)
    evaluation = Evaluation(run, "validation")
    assert evaluation.state().status == "none"
    client.start(run)
    wait_for(RunFollower(run), "finished")
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
