"""A run's state, from messages that are written here and processes that live or not."""

import errno
import json
import os
import socket
import subprocess
import sys

import psutil
import pytest

from evaluation.report import report_path
from tests.training.examples import new_run
from training import client
from training.evaluations import Evaluation
from training.events import EventWriter
from training.history import History
from training.messages import (
    BatchDone,
    EpochDone,
    Failed,
    Finished,
    Paused,
    Resumed,
    Started,
    Starting,
    Stopped,
)
from training.processes import ProcessRecord, describe_exit, exclusive
from training.runs import RunError
from training.state import RunFollower, run_state

STARTED = Started(
    device="cpu",
    threads=1,
    parameters=10,
    training_samples=80,
    validation_samples=10,
    test_samples=10,
    epochs=4,
    batches=10,
    batch_size=8,
)
STARTING = Starting(process=os.getpid(), host="here")


def batch(epoch, number, elapsed=0.0):
    return BatchDone(
        epoch=epoch,
        batch=number,
        batches=10,
        loss=1.0,
        accuracy=0.5,
        samples_per_second=100.0,
        elapsed=elapsed,
    )


def epoch(number, *, best=False, accuracy=0.5, **more):
    return EpochDone(
        epoch=number,
        training_loss=1.0,
        training_accuracy=0.5,
        validation_loss=1.0,
        validation_accuracy=accuracy,
        learning_rate=0.1,
        seconds=1.0,
        elapsed=1.0 * number,
        best=best,
        **more,
    )


@pytest.fixture
def run(tmp_path):
    return new_run(tmp_path)


@pytest.fixture
def say(run):
    with EventWriter(run.events_path) as writer:

        def say(*messages):
            for message in messages:
                writer.write(message)
            writer.flush()

        yield say


def live(run):
    """Let this test be the worker."""
    ProcessRecord.of(os.getpid()).write(run.worker_path)


def die(run):
    """Let the worker be a process that lived long ago under a number that is used again."""
    ProcessRecord(os.getpid(), 1.0, socket.gethostname(), 1.0).write(run.worker_path)


def test_a_worker_that_has_not_spoken_is_starting(run):
    live(run)
    state = run_state(run)
    assert state.status == "starting"
    assert state.active


def test_where_training_stands(run, say):
    live(run)
    say(STARTING, STARTED, batch(1, 10), epoch(1, best=True, accuracy=0.9), batch(2, 5, 1.5))
    state = run_state(run)
    assert (state.status, state.epoch, state.epochs) == ("running", 2, 4)
    assert (state.batch, state.batches) == (5, 10)
    assert (state.best_epoch, state.best_accuracy) == (1, 0.9)
    assert state.elapsed == 1.5
    assert state.remaining == pytest.approx(1.5 / 15 * 25)
    assert not state.can_resume


def test_paused_and_stopping(run, say):
    live(run)
    say(STARTING, STARTED, Paused(epoch=1, batch=3))
    follower = RunFollower(run)
    assert follower.state().status == "paused"
    run.write_command("stop")
    assert follower.state().status == "stopping"
    say(Stopped(epoch=1, batch=3, elapsed=2.0))
    assert follower.state().status == "stopped"


def test_failed_says_why(run, say):
    die(run)
    say(STARTING, Failed(kind="code", message="It broke.", details="traceback"))
    state = run_state(run)
    assert (state.status, state.message, state.details) == ("failed", "It broke.", "traceback")
    assert state.can_resume


def test_finished_can_be_extended_but_not_resumed(run, say):
    die(run)
    run.last_weights.touch()
    finished = Finished(best_epoch=1, best_accuracy=1.0, best_loss=0.0, elapsed=9.0)
    say(STARTING, STARTED, batch(4, 10), epoch(4, best=True), finished)
    state = run_state(run)
    assert (state.status, state.elapsed, state.remaining) == ("finished", 9.0, None)
    assert (state.can_resume, state.can_extend) == (False, True)


def test_a_worker_that_is_gone_without_a_word_has_died(run, say):
    die(run)
    say(STARTING, STARTED, batch(1, 3))
    run.log_path.write_text("much\nOSError: everything is lost\n")
    state = run_state(run)
    assert state.status == "died"
    assert "was killed, perhaps because memory ran out" in state.message
    assert "everything is lost" in state.message
    assert state.can_resume


def test_how_it_ended_is_told_where_somebody_saw_it(run, say):
    die(run)
    say(STARTING, STARTED)
    run.exit_path.write_text(json.dumps({"code": -9}))
    assert "killed from outside (SIGKILL)" in run_state(run).message


def test_a_worker_that_died_before_its_first_word(run):
    ProcessRecord(os.getpid(), 1.0, socket.gethostname(), 5.0).write(run.worker_path)
    assert run_state(run).status == "died"


def test_a_worker_on_another_computer_is_believed(run, say):
    ProcessRecord(1, 1.0, "node17.cluster", 1.0).write(run.worker_path)
    say(STARTING, STARTED)
    state = run_state(run)
    assert state.status == "running"
    assert "node17.cluster" in state.message
    with pytest.raises(RunError, match=r"node17\.cluster"):
        client.kill(run)


def test_what_is_done_again_counts_once():
    history = History()
    history.add([STARTED, batch(1, 10), epoch(1), batch(2, 1), batch(2, 2), epoch(2), batch(3, 1)])
    history.add([STARTED, Resumed(epoch=2, batch=1, elapsed=1.25)])
    assert list(history.epochs) == [1]
    assert [(done.epoch, done.batch) for done in history.batches] == [(1, 10), (2, 1)]
    assert (history.epoch, history.batch, history.elapsed) == (2, 1, 1.25)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (1, "ended with code 1"),
        (74, "disk is full"),
        (-9, "memory ran out"),
        (-11, "crashed inside a library"),
        (-15, "SIGTERM"),
        (-99, "signal 99"),
    ],
)
def test_exit_codes_in_words(code, words):
    assert words in describe_exit(code)


def test_old_last_words_are_not_those_of_a_later_worker(run, say):
    die(run)
    say(STARTING, STARTED, batch(1, 3))
    run.log_path.write_text("RuntimeError: earlier\n--- started at 2026-01-01 00:00:00\n")
    state = run_state(run)
    assert state.status == "died"
    assert "earlier" not in state.message
    assert state.details == ""


def test_of_a_crash_inside_a_library_the_reason_is_told_and_not_the_end_of_the_dump(run, say):
    die(run)
    say(STARTING, STARTED)
    stacks = '  File "loop.py", line 1 in f\n' * 100
    run.log_path.write_text(f"Fatal Python error: Bus error\n\n{stacks}\nExtension modules: a, b\n")
    state = run_state(run)
    assert 'Its last words: "Fatal Python error: Bus error".' in state.message


def test_a_worker_that_nobody_could_follow_is_not_left_running(run, monkeypatch):
    started = []

    def full(record, path):
        started.append(record.process)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(ProcessRecord, "write", full)
    with pytest.raises(OSError, match="No space left"):
        client.start(run)
    assert not psutil.pid_exists(started[0])
    assert run_state(run).status == "created"


class TestEvaluation:
    def test_on_another_computer_it_runs_until_it_has_reported(self, run):
        evaluation = Evaluation(run, "test")
        run.evaluation.mkdir()
        ProcessRecord(1, 1.0, "node17.cluster", 1.0).write(evaluation.worker_path)
        assert evaluation.state().status == "running"
        report_path(run.folder, "test").write_text("{}")
        assert evaluation.state().status == "failed"
        assert "Evaluate again" in evaluation.state().message

    def test_one_that_ended_without_a_word_has_failed(self, run):
        evaluation = Evaluation(run, "test")
        run.evaluation.mkdir()
        die_at = ProcessRecord(os.getpid(), 1.0, socket.gethostname(), 1.0)
        die_at.write(evaluation.worker_path)
        state = evaluation.state()
        assert state.status == "failed"
        assert "without a word" in state.message

    def test_one_that_lives_is_running(self, run):
        evaluation = Evaluation(run, "test")
        run.evaluation.mkdir()
        ProcessRecord.of(os.getpid()).write(evaluation.worker_path)
        assert evaluation.state().status == "running"


class TestStarting:
    def test_a_second_window_is_refused(self, run):
        live(run)
        with pytest.raises(RunError, match="being trained already"):
            client.start(run)
        with pytest.raises(RunError, match="Stop it before"):
            client.delete(run)

    def test_two_at_the_same_moment_are_refused_too(self, run):
        with exclusive(run.start_lock), pytest.raises(RunError, match="by another window"):
            client.start(run)

    def test_a_trained_run_is_not_started_over(self, run, say):
        die(run)
        say(STARTING, STARTED, Stopped(epoch=1, batch=0, elapsed=0.0))
        with pytest.raises(RunError, match="was trained before"):
            client.start(run)

    def test_a_finished_run_needs_more_epochs(self, run, say):
        die(run)
        say(STARTED, Finished(best_epoch=1, best_accuracy=1.0, best_loss=0.0, elapsed=9.0))
        with pytest.raises(RunError, match="has finished its 4 epochs"):
            client.start(run, resume=True, epochs=4)

    def test_what_is_not_trained_cannot_be_paused(self, run):
        for ask in (client.pause, client.continue_, client.stop):
            with pytest.raises(RunError, match="not being trained"):
                ask(run)
        client.kill(run)

    def test_a_broken_or_missing_run_is_refused(self, run):
        run.model_path.unlink()
        with pytest.raises(RunError, match=r"model\.py"):
            client.start(run)
        client.delete(run)
        with pytest.raises(RunError, match="is gone"):
            client.start(run)

    def test_nothing_is_evaluated_before_there_are_weights(self, run):
        with pytest.raises(RunError, match="no weights yet"):
            client.start_evaluation(run)


def test_a_process_that_has_ended_does_not_live():
    child = subprocess.Popen([sys.executable, "-c", ""])
    record = ProcessRecord.of(child.pid)
    psutil.Process(child.pid).wait() if os.name == "nt" else os.waitid(
        os.P_PID, child.pid, os.WEXITED | os.WNOWAIT
    )
    assert record.living() is None, "one that nobody has waited for is dead all the same"
    child.wait()
    assert record.living() is None


def test_a_score_is_that_of_the_best_epoch(run, say):
    scored = {"score_name": "mean IoU"}
    say(
        STARTING,
        STARTED,
        epoch(1, best=True, validation_score=0.75, **scored),
        epoch(2, validation_score=0.5, **scored),
    )
    state = run_state(run)
    assert (state.best_epoch, state.best_score, state.score_name) == (1, 0.75, "mean IoU")
