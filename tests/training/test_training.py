"""Training in this process: it learns, it can be interrupted anywhere, it says what goes wrong."""

import math

import pytest
import torch
from safetensors.torch import load_file

from tests.training.examples import LENET, new_run
from tests.training.sessions import Session, after, after_epoch, losses
from training.control import Control
from training.devices import Environment, stored_threads
from training.messages import (
    BatchDone,
    Continued,
    EpochDone,
    Evaluated,
    Finished,
    Log,
    Paused,
    Resumed,
    Started,
    Stopped,
)
from training.objectives import CrossEntropy
from training.worker import train_or_fail


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A run of three epochs without interruption: network with dropout, shifted images."""
    run = new_run(tmp_path_factory.mktemp("whole"), data={"random_shift": 1}, seed=5)
    return run, Session(run)


class TestWhole:
    def test_what_is_said(self, whole):
        _, session = whole
        (started,) = session.of(Started)
        assert started.device == "cpu"
        assert started.threads >= 1
        assert started.parameters == 64 * 32 + 32 + 64 + 330
        assert started.training_samples + started.validation_samples + started.test_samples == 1797
        assert (started.epochs, started.batches) == (3, 40)
        assert [(m.epoch, m.batch) for m in session.of(BatchDone)] == [
            (epoch, batch) for epoch in (1, 2, 3) for batch in range(1, 41)
        ]
        assert [message.epoch for message in session.of(EpochDone)] == [1, 2, 3]
        assert session.of(Evaluated)[0].split == "test"
        assert type(session.messages[-1]) is Finished

    def test_it_learns(self, whole):
        _, session = whole
        epochs = session.of(EpochDone)
        # Below the loss of guessing, which is log 10, and falling.
        assert math.log(10) > epochs[0].training_loss
        assert epochs[0].training_loss > epochs[1].training_loss > epochs[2].training_loss
        assert session.of(Evaluated)[0].accuracy > 0.7

    def test_the_same_seed_gives_the_same_training(self, whole, tmp_path):
        again = Session(new_run(tmp_path, data={"random_shift": 1}, seed=5))
        assert losses(again) == losses(whole[1])

    def test_another_seed_gives_another(self, whole, tmp_path):
        other = Session(new_run(tmp_path, data={"random_shift": 1}, seed=6))
        assert losses(other) != losses(whole[1])


@pytest.mark.parametrize(
    ("answer", "place"),
    [
        (after(1, 1, "stop"), (1, 1)),
        (after(2, 17, "stop"), (2, 17)),
        (after(2, 40, "stop"), (2, 40)),
        (after_epoch(2, "stop"), (3, 0)),
        (after(3, 39, "stop"), (3, 39)),
    ],
    ids=["at the start", "in an epoch", "in validation", "between epochs", "near the end"],
)
def test_stopped_and_resumed_is_exactly_as_not_stopped(whole, tmp_path, answer, place):
    run = new_run(tmp_path, data={"random_shift": 1}, seed=5)
    first = Session(run, answer)
    stopped = first.messages[-1]
    assert type(stopped) is Stopped
    assert (stopped.epoch, stopped.batch) == place
    torch.manual_seed(999)  # a new process has another random state
    second = Session(run, resume=True)
    assert second.of(Resumed)[0].elapsed > 0
    assert (second.of(Resumed)[0].epoch, second.of(Resumed)[0].batch) == place
    assert losses(first, second) == losses(whole[1])
    assert_same_weights(run, whole[0])


def assert_same_weights(run, other):
    for path in ("last_weights", "best_weights"):
        ours, theirs = load_file(getattr(run, path)), load_file(getattr(other, path))
        assert ours.keys() == theirs.keys()
        assert all(torch.equal(ours[name], theirs[name]) for name in ours)


CHOICES = {
    "SGD": {
        "optimizer": {"name": "SGD", "momentum": 0.9, "nesterov": True, "weight_decay": 0.01},
        "schedule": {"name": "step", "every_epochs": 1, "gamma": 0.3},
    },
    "Adam": {
        "optimizer": {"name": "Adam", "learning_rate": 0.01},
        "schedule": {"name": "cosine", "warm_up_epochs": 1},
    },
    "AdamW": {"optimizer": {"name": "AdamW", "learning_rate": 0.01, "weight_decay": 0.1}},
}
"""Optimisers with memory of their own, and schedules that change the rate from batch to batch."""


@pytest.mark.parametrize("choice", list(CHOICES))
def test_every_optimizer_and_schedule_goes_on_exactly(tmp_path, choice):
    whole_run, run = (new_run(tmp_path, **CHOICES[choice], epochs=3) for _ in range(2))
    whole = Session(whole_run)
    first = Session(run, after(1, 23, "stop"))
    second = Session(run, after(2, 40, "stop"), resume=True)
    third = Session(run, resume=True)
    assert losses(first, second, third) == losses(whole)
    rates = [[done.learning_rate for done in s.of(EpochDone)] for s in (first, second, third)]
    assert [rate for session in rates for rate in session] == [
        done.learning_rate for done in whole.of(EpochDone)
    ]
    assert_same_weights(run, whole_run)


@pytest.mark.parametrize("choice", ["SGD", "AdamW"])
def test_more_epochs_after_the_end(tmp_path, choice):
    """N epochs and then M more are N + M epochs, where the schedule does not look at the end."""
    whole_run = new_run(tmp_path, **CHOICES[choice], epochs=3)
    whole = Session(whole_run)
    run = new_run(tmp_path, **CHOICES[choice], epochs=1)
    first = Session(run)
    run.set_epochs(3)
    second = Session(run, resume=True)
    assert losses(first, second) == losses(whole)
    assert_same_weights(run, whole_run)
    assert second.of(Finished)


def test_a_crash_loses_only_what_was_not_saved(whole, tmp_path):
    """Without a goodbye the last save counts; what came after it is done again, the same."""
    run = new_run(tmp_path, data={"random_shift": 1}, seed=5)

    class PowerCutError(BaseException):
        pass

    def crash(message):
        if isinstance(message, BatchDone) and (message.epoch, message.batch) == (3, 11):
            raise PowerCutError
        return "stop" if isinstance(message, EpochDone) and message.epoch == 1 else None

    first = Session(run, crash)
    partial = Session.__new__(Session)
    partial.messages, partial.failed = [], None
    partial._run, partial._answer = run, crash
    run.write_command("train")
    with pytest.raises(PowerCutError):
        train_or_fail(run, Control(run), partial._hear, resume=True)
    last = Session(run, resume=True)
    assert last.of(Resumed)[0].epoch < 3
    assert losses(first, partial, last) == losses(whole[1])


def test_a_pause_lasts_until_it_is_over_and_costs_no_time(tmp_path, monkeypatch):
    run = new_run(tmp_path, epochs=1)
    waits = []

    def wait(seconds):
        waits.append(seconds)
        if len(waits) == 20:
            run.write_command("train")

    monkeypatch.setattr("training.control.time.sleep", wait)
    session = Session(run, after(1, 7, "pause"))
    assert len(waits) == 20, "nothing is learned while it waits"
    kinds = [type(message) for message in session.messages]
    place = kinds.index(Paused)
    assert kinds[place + 1] is Continued
    assert (session.of(Paused)[0].epoch, session.of(Paused)[0].batch) == (1, 7)
    assert len(session.of(BatchDone)) == 40
    assert run.last_weights.exists()


def test_a_paused_run_can_be_stopped(tmp_path, monkeypatch):
    run = new_run(tmp_path, epochs=1)
    monkeypatch.setattr("training.control.time.sleep", lambda seconds: run.write_command("stop"))
    session = Session(run, after(1, 7, "pause"))
    assert type(session.messages[-1]) is Stopped


def test_a_long_epoch_is_saved_now_and_then(tmp_path, monkeypatch):
    monkeypatch.setattr("training.loop.SAVE_SECONDS", 0.0)
    run = new_run(tmp_path, epochs=1)
    saved = []

    def look(message):
        if isinstance(message, BatchDone) and message.batch == 5:
            saved.append(run.last_weights.exists())

    Session(run, look)
    assert saved == [True]


def test_the_number_of_threads_is_measured_once_and_kept(tmp_path):
    run = new_run(tmp_path, epochs=2, threads=None)
    first = Session(run, after(1, 5, "stop"))
    (started,) = first.of(Started)
    assert stored_threads(run.environment_path) == started.threads >= 1
    Environment.here("cpu", 3).write(run.environment_path)
    assert Session(run, resume=True).of(Started)[0].threads == 3


def test_lenet_reads_digits(tmp_path):
    """The main job: 61,706 weights, at least 98 of 100 held-out digits."""
    run = new_run(tmp_path, LENET, data={"image_size": 28}, **LENET_SETTINGS)
    session = Session(run)
    assert session.failed is None, session.failed
    assert session.of(Started)[0].parameters == 61_706
    assert session.of(Evaluated)[0].accuracy >= 0.98
    assert session.of(Log)
    assert math.isfinite(session.of(Finished)[0].best_loss)


LENET_SETTINGS = {
    "epochs": 20,
    "optimizer": {"name": "Adam", "learning_rate": 0.002},
    "schedule": "cosine",
    "batch_size": 64,
}


class _Falling:
    """A score that is lower after every epoch, and undefined after the first."""

    NAME = "mean luck"
    validations = 0

    def __init__(self):
        type(self).validations += 1
        self.outputs = 0

    def add(self, output, targets):
        assert len(output) == len(targets["label"])
        self.outputs += len(output)

    def value(self):
        assert self.outputs == 179
        return math.nan if self.validations == 1 else 1 / self.validations


def test_the_best_epoch_is_that_of_the_highest_score(tmp_path, monkeypatch):
    monkeypatch.setattr(CrossEntropy, "running_score", lambda self, description: _Falling())
    monkeypatch.setattr(_Falling, "validations", 0)
    run = new_run(tmp_path, seed=5)
    session = Session(run)
    assert session.failed is None
    epochs = session.of(EpochDone)
    assert [done.score_name for done in epochs] == ["mean luck"] * 3
    assert [done.validation_score for done in epochs[1:]] == [1 / 2, 1 / 3]
    assert [done.best for done in epochs] == [True, True, False]
    assert session.of(Finished)[0].best_epoch == 2
