"""What can be set on any node besides its arguments: whether it learns, how fast, where it starts.

Declared once, as layers are: the form in the inspector, checks, help and the file follow. What a
setting makes of a node's sizes and weights is in graph/settled.py, the code in
codegen/initialization.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from graph.declare import ArgumentError, Declared, check_arguments, declare, param
from graph.initialization import INITIALIZATIONS, Default, Initialization
from graph.part import read_part, write_part
from graph.registry import Registry

WeightNorm = Literal["spectral", "weight", "standardized"]


@declare
class _SingleSettings(Declared):
    """The settings of a node that are single values."""

    bypassed: bool = param(
        default=False,
        help="Leaves the node out: what comes in at its first input goes on as it is.",
    )
    only_if: str = param(
        default="",
        help="A condition on the block's parameters, such as depth > 2. Where it does not hold, "
        "the node is left out: what comes in at its first input goes on as it is.",
    )
    shares: str = param(
        default="",
        label="Shares weights of",
        help="Another node of the same layer or block, whose weights this one uses too. They are "
        "learned and counted once.",
    )
    frozen: bool = param(
        default=False,
        help="Keeps the weights as they are while the rest learns. The averages that a batch "
        "normalization keeps still follow the data.",
    )
    learning_rate_factor: float = param(
        default=1.0,
        above=0,
        label="Learning rate ×",
        help="What the learning rate is multiplied with for these weights; inside a block, it "
        "multiplies the factors of the layers there.",
    )
    weight_norm: WeightNorm | None = param(
        default=None,
        help="Brings the weights into a form at every step: spectral keeps the layer from "
        "enlarging anything, weight learns direction and length apart, standardized gives each "
        "filter mean 0 and spread 1.",
    )

    if TYPE_CHECKING:  # what `declare` makes, for the type checker

        def __init__(
            self,
            *,
            bypassed: bool = False,
            only_if: str = "",
            shares: str = "",
            frozen: bool = False,
            learning_rate_factor: float = 1.0,
            weight_norm: WeightNorm | None = None,
        ) -> None: ...


@dataclass(frozen=True, kw_only=True, repr=False)
class NodeSettings(_SingleSettings):
    """All settings of a node.

    `PARAMETERS` are those that are single values, `PARTS` the registries that the others are
    chosen from.
    """

    initialization: Initialization = field(default_factory=Default)

    PARTS: ClassVar[Mapping[str, Registry[Any]]] = {"initialization": INITIALIZATIONS}

    def __repr__(self) -> str:
        """Only what differs: every node has settings, and hardly any says something."""
        given = (f"{name}={getattr(self, name)!r}" for name in changed_settings(self))
        return f"NodeSettings({', '.join(given)})"


PLAIN = NodeSettings()
"""No settings at all. Edits and files give exactly this object then, so that `is` tells it."""

WEIGHT_SETTINGS = ("frozen", "learning_rate_factor", "weight_norm", "initialization")
"""The settings of weights; a node that shares those of another one has none of its own."""

PER_LAYER = ("weight_norm", "initialization")
"""The settings of a single layer's weights, which have no meaning on a block."""

LABELS = {name: parameter.label for name, parameter in NodeSettings.PARAMETERS.items()} | {
    "initialization": "Initialization",
    "learning_rate_factor": "Learning rate factor",
}
"""What settings are called in a sentence."""


SETTINGS = (*NodeSettings.PARAMETERS, *NodeSettings.PARTS)
"""The keys of a node in a file that are settings, in the order in which they are written."""


def changed(settings: NodeSettings, **values: Any) -> NodeSettings:
    """The settings with other values, which must be legal."""
    made = replace(settings, **values)
    return PLAIN if made == PLAIN else made


def changed_settings(settings: NodeSettings) -> list[str]:
    """The names of those that differ from their defaults."""
    return [name for name in SETTINGS if getattr(settings, name) != getattr(PLAIN, name)]


def read_setting(name: str, value: Any) -> tuple[Any, list[ArgumentError]]:
    """The legal value of a setting, and what is wrong with it; its default where it is wrong."""
    if name in NodeSettings.PARTS:
        return read_part(NodeSettings.PARTS[name], getattr(PLAIN, name), name, value)
    values, errors = check_arguments(NodeSettings.PARAMETERS, {name: value})
    return values.get(name, NodeSettings.PARAMETERS[name].default), errors


def read_settings(raw: Mapping[Any, Any]) -> tuple[NodeSettings, list[ArgumentError]]:
    """The settings among the keys of a node in a file, and what is wrong with them."""
    values: dict[str, Any] = {}
    errors: list[ArgumentError] = []
    for name in SETTINGS:
        if name not in raw:
            continue
        values[name], wrong = read_setting(name, raw[name])
        errors += wrong
    return (changed(PLAIN, **values) if values else PLAIN), errors


def write_settings(settings: NodeSettings) -> dict[str, Any]:
    """The keys of a node in a file: what differs from the defaults, in stable order."""
    return {
        name: write_part(getattr(settings, name))
        if name in NodeSettings.PARTS
        else getattr(settings, name)
        for name in changed_settings(settings)
    }
