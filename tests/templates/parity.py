"""Comparing a template with an independent network, weight for weight."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn

from graph.templates import load_template
from tests.codegen.building import network_of


def drawn_weights(network: nn.Module) -> dict[str, Tensor]:
    """A weight for every place, so spread that values neither vanish nor explode on their way."""
    generator = torch.Generator().manual_seed(7)
    drawn = {}
    for key, value in network.state_dict().items():
        if not value.is_floating_point():
            drawn[key] = torch.zeros(value.shape, dtype=value.dtype)
        elif value.ndim > 1:
            reach = math.sqrt(6 / value[0].numel())
            drawn[key] = torch.empty(value.shape).uniform_(-reach, reach, generator=generator)
        else:
            low = -0.1 if key.endswith(("bias", "running_mean")) else 0.6
            drawn[key] = torch.empty(value.shape).uniform_(low, low + 0.3, generator=generator)
    return drawn


def template_with(id_: str, **defaults: int) -> nn.Module:
    """The network of a template with other defaults of its parameters."""
    given = [f"blocks.main.parameters.{name}.default={value}" for name, value in defaults.items()]
    return network_of(load_template(id_, overrides=given))


def with_the_same_weights(
    make_ours: Callable[[], nn.Module],
    make_theirs: Callable[[], nn.Module],
    arrange: Callable[[dict[str, Tensor]], list[Tensor]] = lambda weights: list(weights.values()),
) -> tuple[nn.Module, nn.Module]:
    """Both networks with the same drawn weights, leaf by leaf.

    Args:
        make_ours: makes the template's network.
        make_theirs: makes the independent one.
        arrange: brings their weights into the order of ours, where modules are declared in another.
    """
    # Made without memory: the drawn weights serve both.
    with torch.device("meta"):
        ours, theirs = make_ours(), make_theirs()
    weights = drawn_weights(theirs)
    theirs.load_state_dict(weights, assign=True)
    keys = list(ours.state_dict())
    matched = arrange(weights)
    assert [tuple(ours.state_dict()[key].shape) for key in keys] == [
        tuple(value.shape) for value in matched
    ]
    # Cloned: training changes running means in place.
    ours.load_state_dict(
        {key: value.clone() for key, value in zip(keys, matched, strict=True)}, assign=True
    )
    return ours, theirs


def assert_same_outputs(
    ours: nn.Module, theirs: nn.Module, *sizes: int, batch: int = 2, training: bool = True
) -> None:
    """For one batch of random samples of this size, in evaluation and in training, where chance
    (dropout) falls alike."""
    x = torch.rand(batch, *sizes, generator=torch.Generator().manual_seed(1))
    x = x.to(next(theirs.parameters()).dtype)
    for mode in (False, True) if training else (False,):
        found, expected = (_apply(network.train(mode), x) for network in (ours, theirs))
        assert found.shape == expected.shape
        spread = expected.std()
        assert spread > 1e-3, "something must come through to be compared"
        torch.testing.assert_close(found / spread, expected / spread, rtol=0, atol=1e-5)


def without_dropout(network: nn.Module) -> None:
    """Let it drop nothing in training either."""
    for module in network.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0


def _apply(network: nn.Module, x: Tensor) -> Tensor:
    torch.manual_seed(3)
    with torch.no_grad():
        result: Tensor = network(x)
    return result
