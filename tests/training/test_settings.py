"""Training settings: in files, in their choices, and as arithmetic."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from data.catalog import DATASETS
from graph.declare import ArgumentError
from training.spec import (
    LOSSES,
    OPTIMIZERS,
    SCHEDULES,
    TrainingSpec,
    read_training,
    write_training,
)


def test_the_form_of_a_project_file():
    mapping = {
        "epochs": 20,
        "batch_size": 64,
        "seed": 0,
        "device": "auto",
        "loss": "cross_entropy",
        "optimizer": {"name": "SGD", "learning_rate": 0.001, "nesterov": True},
        "schedule": {"name": "cosine", "warm_up_epochs": 2},
    }
    spec, errors = read_training(mapping)
    assert not errors
    assert spec.optimizer == OPTIMIZERS["SGD"](learning_rate=0.001, nesterov=True)
    assert spec.schedule == SCHEDULES["cosine"](warm_up_epochs=2)
    written = write_training(spec)
    assert written == {"optimizer": mapping["optimizer"], "schedule": mapping["schedule"]}
    assert read_training(written) == (spec, [])


def test_a_name_alone_is_enough():
    spec, errors = read_training({"optimizer": "AdamW", "schedule": "step"})
    assert not errors
    assert write_training(spec) == {"optimizer": "AdamW", "schedule": "step"}


def test_nothing_means_the_defaults():
    assert read_training({}) == (TrainingSpec(), [])
    assert write_training(TrainingSpec()) == {}


@pytest.mark.parametrize(
    ("mapping", "parameter", "words"),
    [
        ({"epochs": 0}, "epochs", "from 1 to"),
        ({"epochs": 2.5}, "epochs", "a whole number"),
        ({"batch_size": -1}, "batch_size", "from 1 to 65536"),
        ({"batch_size": 10**9}, "batch_size", "from 1 to 65536"),
        ({"seed": -1}, "seed", "from 0 to"),
        ({"max_gradient_norm": -1}, "max_gradient_norm", "from 0 to"),
        ({"precision": "float16"}, "precision", "one of float32, bfloat16"),
        ({"optimizer": "Newton"}, "optimizer", "known are SGD, Adam, AdamW"),
        ({"schedule": "linear"}, "schedule", "known are constant, cosine, step, polynomial"),
        ({"loss": {"name": None}}, "loss", "cross_entropy"),
        ({"optimizer": {"name": "SGD", "momentum": 1.5}}, "optimizer.momentum", "0.9999"),
        ({"optimizer": {"learning_rate": "fast"}}, "optimizer.learning_rate", "a number"),
        ({"optimizer": {"learning_rate": float("nan")}}, "optimizer.learning_rate", "a number"),
        ({"epochs": "many"}, "epochs", "a whole number"),
        ({"device": "gpu"}, "device", "one of auto, cpu, cuda, mps"),
        ({"shedule": "cosine"}, "shedule", 'did you mean "schedule"'),
        ({"optimizer": "Adm"}, "optimizer", 'did you mean "Adam"'),
        ({"optimizer": 3}, "optimizer", "must be a name or a mapping"),
        ({"optimizer": {"learning_rate": 0}}, "optimizer.learning_rate", "above 0"),
        ({"optimizer": {"lr": 0.1}}, "optimizer.lr", "no parameter"),
        (
            {"optimizer": {"name": "SGD", "momentum": 0, "nesterov": True}},
            "optimizer.nesterov",
            "needs a momentum",
        ),
        ({"loss": {"name": "cross_entropy", "label_smoothing": 2}}, "loss.label_smoothing", "0.9"),
        ([], "training", "must be a mapping"),
    ],
)
def test_every_error_says_what_is_wrong_and_where(mapping, parameter, words):
    spec, errors = read_training(mapping)
    assert isinstance(spec, TrainingSpec)
    assert [error.parameter for error in errors] == [parameter]
    assert isinstance(errors[0], ArgumentError)
    assert words in str(errors[0])


@pytest.mark.parametrize("registry", [LOSSES, OPTIMIZERS, SCHEDULES])
def test_everything_to_choose_is_described(registry):
    for name, cls in registry.items():
        assert name == cls.NAME
        assert cls.TITLE
        assert cls.__doc__
        assert all(parameter.help for parameter in cls.PARAMETERS.values())


@pytest.mark.parametrize("name", list(OPTIMIZERS))
def test_an_optimizer_follows_the_gradient_with_its_own_settings(name):
    weight = torch.nn.Parameter(torch.tensor([4.0]))
    optimizer = OPTIMIZERS[name](learning_rate=0.1).build([weight])
    assert optimizer.defaults["lr"] == 0.1
    for _ in range(60):
        optimizer.zero_grad()
        (weight**2).sum().backward()
        optimizer.step()
    assert abs(weight.item()) < 2


@given(st.sampled_from(list(SCHEDULES)), st.integers(0, 5), st.integers(1, 50), st.floats(0, 1))
def test_a_schedule_stays_between_nothing_and_all(name, warm_up_epochs, epochs, place):
    schedule = SCHEDULES[name](warm_up_epochs=warm_up_epochs)
    assert 0 <= schedule.factor(place * epochs, epochs) <= 1


def test_the_course_of_each_schedule():
    cosine = SCHEDULES["cosine"](final_factor=0.1)
    assert cosine.factor(0, 10) == 1
    assert cosine.factor(5, 10) == pytest.approx(0.55)
    assert cosine.factor(10, 10) == pytest.approx(0.1)
    step = SCHEDULES["step"](every_epochs=3, gamma=0.5)
    assert [step.factor(epoch, 10) for epoch in (0, 2.9, 3, 6)] == [1, 1, 0.5, 0.25]
    milestones = SCHEDULES["milestones"](at_epochs=(2, 5), gamma=0.1)
    falls = [milestones.factor(epoch, 10) for epoch in (0, 1.9, 2, 4, 5, 9)]
    assert falls == pytest.approx([1, 1, 0.1, 0.1, 0.01, 0.01])
    warm = SCHEDULES["constant"](warm_up_epochs=2)
    assert [warm.factor(epoch, 10) for epoch in (0, 1, 2, 9)] == [0.01, 0.5, 1, 1]


def test_the_polynomial_schedule_is_torch_s():
    weight = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([weight], lr=1.0)
    reference = torch.optim.lr_scheduler.PolynomialLR(optimizer, total_iters=8, power=0.9)
    schedule = SCHEDULES["polynomial"]()
    for epoch in range(9):
        assert schedule.factor(epoch, 8) == pytest.approx(reference.get_last_lr()[0], abs=1e-9)
        optimizer.step()
        reference.step()


def test_cross_entropy_is_the_formula_and_counts_what_is_right():
    loss = LOSSES["cross_entropy"]()
    output = torch.tensor([[2.0, 0.0], [0.0, 1.0]])
    targets = {"label": torch.tensor([0, 0])}
    expected = -torch.log_softmax(output, dim=1)[:, 0].mean()
    assert torch.isclose(loss.compute(output, targets), expected)
    assert loss.correct(output, targets) == 1
    assert loss.output_sizes(DATASETS["digits"]().describe()) == (10,)
