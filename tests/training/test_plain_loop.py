"""The loop computes what a few lines of plain torch compute: same losses, same weights."""

import math

import pytest
import torch
from safetensors.torch import load_file
from torch import nn, optim
from torch.nn import functional

from data.catalog import DATASETS
from evaluation.network import load_network
from tests.training.examples import MODEL, new_run
from tests.training.sessions import Session
from training.loop import epoch_order
from training.messages import BatchDone, EpochDone, Evaluated

EPOCHS, BATCHES, BATCH_SIZE, SEED = 2, 40, 32, 3

OPTIMIZERS = {
    "plain SGD": (
        {"name": "SGD", "learning_rate": 0.1, "momentum": 0.0},
        lambda weights: optim.SGD(weights, lr=0.1),
    ),
    "SGD": (
        {"name": "SGD", "learning_rate": 0.05, "nesterov": True, "weight_decay": 0.01},
        lambda weights: optim.SGD(weights, lr=0.05, momentum=0.9, nesterov=True, weight_decay=0.01),
    ),
    "Adam": (
        {"name": "Adam", "learning_rate": 0.01, "beta1": 0.8, "beta2": 0.99, "eps": 1e-6},
        lambda weights: optim.Adam(weights, lr=0.01, betas=(0.8, 0.99), eps=1e-6),
    ),
    "AdamW": (
        {"name": "AdamW", "learning_rate": 0.01, "weight_decay": 0.2},
        lambda weights: optim.AdamW(weights, lr=0.01, weight_decay=0.2),
    ),
}

STEPS = EPOCHS * BATCHES

SCHEDULES = {
    "constant": ("constant", lambda optimizer: optim.lr_scheduler.ConstantLR(optimizer, 1.0)),
    "cosine": (
        "cosine",
        lambda optimizer: optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=STEPS),
    ),
    "step": (
        {"name": "step", "every_epochs": 1, "gamma": 0.3},
        lambda optimizer: optim.lr_scheduler.StepLR(optimizer, step_size=BATCHES, gamma=0.3),
    ),
    "warm-up": (
        {"name": "constant", "warm_up_epochs": 1},
        lambda optimizer: optim.lr_scheduler.LambdaLR(
            optimizer, lambda step: min(max(step / BATCHES, 0.01), 1.0)
        ),
    ),
}


# Before a normalization a bias has no gradient but rounding, which Adam makes as large as any.
MODEL_WITHOUT_NORM = MODEL.replace("self.norm(self.hidden(x))", "self.hidden(x)")


def trained(folder, **settings):
    run = new_run(folder, MODEL_WITHOUT_NORM, epochs=EPOCHS, seed=SEED, **settings)
    return Session(run), run


def plain_torch(run, make_optimizer, make_schedule, label_smoothing=0.0, max_norm=math.inf):
    """Train as a tutorial would; losses of batches, rates at the ends of epochs."""
    samples = DATASETS["digits"]().load().training
    torch.manual_seed(SEED)
    network = load_network(run.model_path)
    optimizer = make_optimizer(network.parameters())
    schedule = make_schedule(optimizer)
    losses, rates = [], []
    for epoch in range(1, EPOCHS + 1):
        order = epoch_order(len(samples), SEED, epoch)
        for batch in order.split(BATCH_SIZE):
            optimizer.zero_grad()
            loss = functional.cross_entropy(
                network(samples.images[batch]),
                samples.labels[batch],
                label_smoothing=label_smoothing,
            )
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), max_norm)
            optimizer.step()
            rate = optimizer.param_groups[0]["lr"]
            schedule.step()
            losses.append(loss.item())
        rates.append(rate)
    return losses, rates, network


def assert_alike(session, run, losses, rates, network):
    assert session.failed is None, session.failed
    assert len(losses) == STEPS
    assert [done.loss for done in session.of(BatchDone)] == pytest.approx(losses, rel=1e-3)
    assert [done.learning_rate for done in session.of(EpochDone)] == pytest.approx(rates)
    weights = load_file(run.last_weights)
    for name, expected in network.state_dict().items():
        torch.testing.assert_close(weights[name], expected, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("name", list(OPTIMIZERS))
def test_optimizers(tmp_path, name):
    setting, make = OPTIMIZERS[name]
    session, run = trained(tmp_path, optimizer=setting)
    assert_alike(session, run, *plain_torch(run, make, SCHEDULES["constant"][1]))


@pytest.mark.parametrize("name", list(SCHEDULES))
def test_schedules(tmp_path, name):
    setting, make = SCHEDULES[name]
    optimizer, make_optimizer = OPTIMIZERS["SGD"]
    session, run = trained(tmp_path, optimizer=optimizer, schedule=setting)
    assert_alike(session, run, *plain_torch(run, make_optimizer, make))


def test_label_smoothing(tmp_path):
    loss = {"name": "cross_entropy", "label_smoothing": 0.2}
    optimizer, make = OPTIMIZERS["SGD"]
    session, run = trained(tmp_path, optimizer=optimizer, loss=loss)
    assert_alike(session, run, *plain_torch(run, make, SCHEDULES["constant"][1], 0.2))


def test_gradients_are_clipped(tmp_path):
    optimizer, make = OPTIMIZERS["plain SGD"]
    session, run = trained(tmp_path, optimizer=optimizer, max_gradient_norm=0.2)
    losses, rates, network = plain_torch(run, make, SCHEDULES["constant"][1], max_norm=0.2)
    unclipped, _, _ = plain_torch(run, make, SCHEDULES["constant"][1])
    assert losses[-1] > unclipped[-1] + 0.3
    assert_alike(session, run, losses, rates, network)


FACTORS = MODEL_WITHOUT_NORM.replace(
    "    def forward",
    """        self.hidden.learning_rate_factor = 0.2
        self.both = nn.Sequential(nn.Linear(32, 32))
        self.both.learning_rate_factor = 0.5
        self.both[0].learning_rate_factor = 0.1
        self.still = nn.Linear(32, 32)
        self.still.requires_grad_(False)

    def forward""",
).replace("self.hidden(x)", "self.both(self.still(self.hidden(x)))")


def grouped(make):
    """An optimiser of groups written out by hand, each with the rate at which it learns."""

    def optimizer(weights):
        # hidden, norm, scores, both and still, a weight and a bias each; still is frozen.
        weights = list(weights)
        hidden, scores, both = (weights[place : place + 2] for place in (0, 4, 6))
        chosen = make(
            [
                {"params": hidden, "lr": 0.05 * 0.2},
                {"params": scores, "lr": 0.05},
                {"params": both, "lr": 0.05 * (0.5 * 0.1)},
            ]
        )
        # The rate that is told is that of what has no factor.
        chosen.param_groups.sort(key=lambda group: -group["lr"])
        return chosen

    return optimizer


@pytest.mark.parametrize("schedule", ["constant", "cosine", "step"])
def test_factors_and_frozen_weights(tmp_path, schedule):
    setting, make_schedule = SCHEDULES[schedule]
    run = new_run(
        tmp_path,
        FACTORS,
        epochs=EPOCHS,
        seed=SEED,
        optimizer={"name": "SGD", "learning_rate": 0.05},
        schedule=setting,
    )
    session = Session(run)
    make = grouped(lambda groups: optim.SGD(groups, lr=0.05, momentum=0.9))
    losses, rates, network = plain_torch(run, make, make_schedule)
    assert_alike(session, run, losses, rates, network)


def test_to_the_last_bit_where_the_same_kernel_computes(tmp_path):
    """Fabric, measuring, validating and saving change nothing at all."""
    run = new_run(
        tmp_path,
        epochs=EPOCHS,
        seed=SEED,
        threads=torch.get_num_threads(),
        optimizer={"name": "Adam", "learning_rate": 0.01},
    )
    session = Session(run)
    losses, _, network = plain_torch(
        run, lambda weights: optim.Adam(weights, lr=0.01, fused=True), SCHEDULES["constant"][1]
    )
    assert [done.loss for done in session.of(BatchDone)] == losses
    weights = load_file(run.last_weights)
    assert all(torch.equal(weights[n], value) for n, value in network.state_dict().items())


def test_validation_and_test_are_those_of_the_weights(tmp_path):
    run = new_run(tmp_path, epochs=1)
    session = Session(run)
    splits = DATASETS["digits"]().load()
    network = load_network(run.model_path, run.best_weights).eval()
    (epoch,), (test,) = session.of(EpochDone), session.of(Evaluated)
    for samples, loss, accuracy in (
        (splits.validation, epoch.validation_loss, epoch.validation_accuracy),
        (splits.test, test.loss, test.accuracy),
    ):
        with torch.no_grad():
            output = network(samples.images)
        assert loss == pytest.approx(functional.cross_entropy(output, samples.labels).item(), 1e-5)
        right = (output.argmax(dim=1) == samples.labels).float().mean().item()
        assert accuracy == pytest.approx(right)
