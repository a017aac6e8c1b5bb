"""Weights that learn more slowly, or not at all: from the network to its optimiser."""

import pytest
import torch
from safetensors.torch import load_file
from torch import nn

from graph.document import Document
from graph.files import from_text
from tests.codegen.building import DOUBLE_CONV, network_of
from tests.graph.building import chain
from tests.training.examples import MODEL, new_run
from tests.training.sessions import Session, after, losses
from training.check import task_problems
from training.groups import FACTOR, factor_of, parameter_groups
from training.optimizers import OPTIMIZERS

FACTORS = MODEL.replace(
    "    def forward",
    "        self.hidden.learning_rate_factor = 0.2\n"
    "        self.norm.requires_grad_(False)\n\n"
    "    def forward",
)


def test_a_network_without_settings_is_one_group_of_all():
    network = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3))
    (group,) = parameter_groups(network)
    assert group == {"params": list(network.parameters()), FACTOR: 1.0}


def test_factors_of_blocks_multiply_and_frozen_weights_are_left_out():
    block = DOUBLE_CONV.replace("conv2: {", "conv2: {learning_rate_factor: 0.5, ")
    project = chain(
        "block: DoubleConv, repeat: 2, learning_rate_factor: 0.1",
        "block: DoubleConv, frozen: true",
        "layer: Conv2d, weight_norm: weight, learning_rate_factor: 0.1",
        shape="[1, 8, 8]",
        blocks=block,
    )
    network = network_of(project)
    found = {group[FACTOR]: group["params"] for group in parameter_groups(network)}
    assert set(found) == {0.1, 0.1 * 0.5}
    half = [p for part in network.n1 for p in part.conv2.parameters()]
    assert [id(p) for p in found[0.1 * 0.5]] == [id(p) for p in half]
    rest = [p for part in network.n1 for p in part.conv1.parameters()]
    rest += list(network.n3.parameters())
    assert [id(p) for p in found[0.1]] == [id(p) for p in rest]


@pytest.mark.parametrize("name", list(OPTIMIZERS))
def test_every_optimizer_takes_groups_and_keeps_their_factors(name):
    network = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1))
    network[1].learning_rate_factor = 0.25
    optimizer = OPTIMIZERS[name](learning_rate=0.1).build(parameter_groups(network))
    assert [factor_of(group) for group in optimizer.param_groups] == [1.0, 0.25]
    other = OPTIMIZERS[name](learning_rate=0.1).build(parameter_groups(network))
    other.load_state_dict(optimizer.state_dict())
    assert [factor_of(group) for group in other.param_groups] == [1.0, 0.25]


def test_an_optimizer_that_was_saved_before_there_were_factors():
    assert factor_of({"params": [], "lr": 0.1}) == 1.0


def test_stopped_and_resumed_with_factors_is_exactly_as_not_stopped(tmp_path):
    whole = Session(new_run(tmp_path / "whole", FACTORS, epochs=2))
    run = new_run(tmp_path / "parts", FACTORS, epochs=2)
    first = Session(run, after(1, 17, "stop"))
    second = Session(run, resume=True)
    assert losses(first, second) == losses(whole)


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (
            MODEL.replace("    def forward", "        self.requires_grad_(False)\n    def forward"),
            "All weights are frozen",
        ),
        (
            "import torch\nfrom torch import nn\n\n\nclass Sums(nn.Module):\n"
            "    def forward(self, image):\n        return image.flatten(1)[:, :10]\n",
            "The network has no weights",
        ),
    ],
)
def test_a_network_that_cannot_learn_is_refused_in_words(tmp_path, model, words):
    session = Session(new_run(tmp_path, model))
    assert words in session.failed.message


def test_frozen_weights_alone_are_a_problem_with_a_fix():
    frozen = "layer: Linear, frozen: true"
    text = problem_text(frozen, frozen)
    assert (
        text == "All weights are frozen, so nothing can be learned; let at least one layer learn."
    )
    assert problem_text(frozen, "layer: Linear") == ""


def problem_text(first: str, last: str) -> str:
    """What is said of a network of two layers on digits; its fix, if there is one, mends it."""
    text = f"""
kumitate: 1
data: {{dataset: digits}}
blocks:
  main:
    nodes:
      image: {{layer: Input, shape: [1, 8, 8]}}
      flat: {{layer: Flatten}}
      one: {{{first}}}
      two: {{{last}}}
      out: {{layer: Output}}
    links: [image -> flat, flat -> one, one -> two, two -> out]
"""
    document = Document(from_text(text).project, checks=[task_problems])
    texts = [problem.text for problem in document.problems]
    if texts:
        (problem,) = document.problems
        document.set_state(problem.fixes[0].edit(document.state))
        assert document.problems == []
        assert not document.state.main.nodes["two"].settings.frozen
    return "".join(texts)


def test_a_frozen_weight_stays(tmp_path):
    run = new_run(tmp_path, FACTORS, epochs=1)
    session = Session(run)
    assert session.failed is None
    weights = load_file(run.last_weights)
    assert torch.equal(weights["norm.weight"], torch.ones(32))
    assert not torch.equal(weights["norm.running_mean"], torch.zeros(32))
