"""Checkpoints are whole whichever step of saving fails."""

import contextlib
import errno
import os
from pathlib import Path

import pytest
import torch
from torch import nn

from evaluation.weights_file import saved_epoch
from tests.training.examples import new_run
from training import checkpoint
from training.checkpoint import CheckpointError, Checkpoints, Progress


def learner():
    network = nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3), nn.Linear(3, 3))
    network[2].weight = network[0].weight  # shared weights are saved once
    return network, torch.optim.Adam(network.parameters(), lr=0.1)


def step(network, optimizer):
    network(torch.ones(2, 3) * torch.tensor([[1.0], [2.0]])).sum().backward()
    optimizer.step()
    optimizer.zero_grad()


@pytest.fixture
def saved(tmp_path):
    """A learner saved in its second epoch."""
    torch.manual_seed(0)
    network, optimizer = learner()
    step(network, optimizer)
    checkpoints = Checkpoints(new_run(tmp_path))
    assert not checkpoints.exists()
    checkpoints.save_last(network, optimizer, Progress(epoch=2, batch=3, best_accuracy=0.5))
    return checkpoints, network, optimizer


def test_everything_comes_back(saved):
    checkpoints, network, optimizer = saved
    drawn = torch.rand(3)
    other, other_optimizer = learner()
    progress = checkpoints.load_last(other, other_optimizer)
    assert (progress.epoch, progress.batch, progress.best_accuracy) == (2, 3, 0.5)
    assert torch.equal(torch.rand(3), drawn)
    step(network, optimizer)
    step(other, other_optimizer)
    for name, value in network.state_dict().items():
        assert torch.equal(value, other.state_dict()[name])


@pytest.mark.parametrize("failing", range(9))
def test_a_failure_at_any_step_leaves_a_pair_of_one_moment(saved, monkeypatch, failing):
    checkpoints, network, optimizer = saved
    before = network[0].weight.detach().clone()
    step(network, optimizer)
    after = network[0].weight.detach().clone()
    calls = iter(range(100))

    def interrupted(function, writes_to=None):
        def call(*arguments):
            if next(calls) == failing:
                if writes_to is not None:
                    Path(arguments[writes_to]).write_bytes(b"half")
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return function(*arguments)

        return call

    with monkeypatch.context() as patched:
        for name in ("fsync", "replace"):
            patched.setattr(os, name, interrupted(getattr(os, name)))
        patched.setattr(checkpoint, "save_model", interrupted(checkpoint.save_model, 1))
        patched.setattr(torch, "save", interrupted(torch.save, 1))
        with contextlib.suppress(OSError):
            checkpoints.save_last(network, optimizer, Progress(epoch=3))
    other, other_optimizer = learner()
    progress = checkpoints.load_last(other, other_optimizer)
    assert progress.epoch in (2, 3)
    expected = before if progress.epoch == 2 else after
    assert torch.equal(other[0].weight, expected)


def test_weights_of_another_moment_are_refused(saved):
    checkpoints, network, optimizer = saved
    checkpoint._save_weights(network, checkpoints._run.last_weights, {"identity": "other"})
    with pytest.raises(CheckpointError, match="not of one moment"):
        checkpoints.load_last(network, optimizer)


@pytest.mark.parametrize("name", ["last.state", "last.safetensors"])
def test_what_is_missing_is_named(saved, name):
    checkpoints, network, optimizer = saved
    (checkpoints._run.checkpoints / name).unlink()
    assert checkpoints.exists(), "nobody begins anew over what is only damaged"
    with pytest.raises(CheckpointError, match=f"{name} is missing"):
        checkpoints.load_last(network, optimizer)


def test_the_state_of_another_optimizer_is_refused(saved):
    checkpoints, network, _ = saved
    other = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
    with pytest.raises(CheckpointError, match=r"last\.state does not fit"):
        checkpoints.load_last(network, other)


def test_the_best_weights_know_their_epoch(saved):
    checkpoints, network, _ = saved
    run = checkpoints._run
    assert saved_epoch(run.best_weights) == 0
    checkpoints.save_best(network, Progress(epoch=7))
    assert saved_epoch(run.best_weights) == 7
