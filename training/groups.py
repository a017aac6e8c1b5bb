"""Which weights learn, and how fast: what a network says of itself, for its optimiser.

A module may carry `learning_rate_factor`; inside another such module the factors multiply. Weights
that need no gradient are frozen. Works on torch's modules, without importing torch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import nn

FACTOR = "learning_rate_factor"


def parameter_groups(network: nn.Module) -> list[dict[str, Any]]:
    """Groups for an optimiser: one for every factor, in the order of the weights; frozen weights
    are left out. Empty where nothing learns."""
    factors: dict[nn.Parameter, float] = {}
    _collect(network, 1.0, factors)
    groups: dict[float, list[nn.Parameter]] = {}
    for weight, factor in factors.items():
        groups.setdefault(factor, []).append(weight)
    return [{"params": weights, FACTOR: factor} for factor, weights in groups.items()]


def _collect(module: nn.Module, factor: float, factors: dict[nn.Parameter, float]) -> None:
    factor *= float(getattr(module, FACTOR, 1.0))
    for weight in module.parameters(recurse=False):
        if weight.requires_grad:
            # Where two modules share a weight, the first one counts, as for torch.
            factors.setdefault(weight, factor)
    for child in module.children():
        _collect(child, factor, factors)


def factor_of(group: dict[str, Any]) -> float:
    """The factor of an optimiser's group; 1 for one that was saved before there were factors."""
    return float(group.get(FACTOR, 1.0))
