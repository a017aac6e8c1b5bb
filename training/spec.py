"""The settings of a training, frozen, and the `training:` part of a project file. No torch.

What can be chosen for optimiser, schedule and loss is in `optimizers.py`, `schedules.py` and
`objectives/`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from graph.declare import (
    ArgumentError,
    Declared,
    check_arguments,
    declare,
    param,
    suggestion,
)
from graph.part import read_part, write_part
from graph.registry import Registry
from training.objectives import LOSSES, CrossEntropy, Loss
from training.optimizers import OPTIMIZERS, Adam, Optimizer
from training.schedules import SCHEDULES, Constant, Schedule

__all__ = [
    "LOSSES",
    "OPTIMIZERS",
    "SCHEDULES",
    "Device",
    "Precision",
    "TrainingSpec",
    "read_training",
    "write_training",
]

Device = Literal["auto", "cpu", "cuda", "mps"]
Precision = Literal["float32", "bfloat16"]


@declare
class TrainingSettings(Declared):
    """The settings of a training that are single values."""

    epochs: int = param(default=20, min=1, max=100_000, help="How often every sample is seen.")
    batch_size: int = param(
        default=64, min=1, max=65_536, help="Samples per step. More need more memory."
    )
    seed: int = param(
        default=0,
        min=0,
        max=2**31 - 1,
        help="Starts everything random. The same seed gives the same training again.",
    )
    device: Device = param(
        default="auto",
        help="What computes: the best there is (auto), the processor (cpu), an NVIDIA or AMD "
        "graphics card (cuda), or the graphics part of an Apple computer (mps).",
    )
    weights: str = param(
        default="",
        path="file",
        label="Start from weights",
        help="A file with weights to start from: published ones (.pth, .safetensors) of the "
        "network that the template is an equal of or begins with, or those of a run, of this "
        "network or of another with the same layers. Without it they are drawn by chance.",
    )
    precision: Precision = param(
        default="float32",
        help="How exactly numbers are kept; bfloat16 is faster on recent graphics cards and "
        "processors.",
        advanced=True,
    )
    max_gradient_norm: float = param(
        default=0.0,
        min=0,
        max=1e6,
        label="Clip gradients at",
        help="Where the gradient of all weights together is longer, it is shortened to this "
        "length, so that one odd batch cannot throw the weights far off. 0 shortens nothing.",
        advanced=True,
    )

    if TYPE_CHECKING:  # what `declare` makes, for the type checker

        def __init__(
            self,
            *,
            epochs: int = 20,
            batch_size: int = 64,
            seed: int = 0,
            device: Device = "auto",
            weights: str = "",
            precision: Precision = "float32",
            max_gradient_norm: float = 0.0,
        ) -> None: ...


@dataclass(frozen=True, kw_only=True)
class TrainingSpec(TrainingSettings):
    """All settings of a training.

    `PARAMETERS` are those that are single values, `PARTS` the registries that the others are
    chosen from, in the order of a form.
    """

    loss: Loss = field(default_factory=CrossEntropy)
    optimizer: Optimizer = field(default_factory=Adam)
    schedule: Schedule = field(default_factory=Constant)

    PARTS: ClassVar[Mapping[str, Registry[Any]]] = {
        "loss": LOSSES,
        "optimizer": OPTIMIZERS,
        "schedule": SCHEDULES,
    }


def read_training(mapping: Any) -> tuple[TrainingSpec, list[ArgumentError]]:
    """The settings that a project's `training:` means, and what is wrong with them.

    What is missing or wrong has its default, so there always is something to show. `parameter`
    of an error is its path in the mapping, such as `optimizer.learning_rate`.
    """
    default = TrainingSpec()
    if not isinstance(mapping, Mapping):
        message = f"training must be a mapping, but is {mapping!r}"
        return default, [ArgumentError("training", message)]
    arguments = {str(key): value for key, value in mapping.items()}
    parts: dict[str, Any] = {}
    errors: list[ArgumentError] = []
    for key, registry in TrainingSpec.PARTS.items():
        if key in arguments:
            parts[key], wrong = read_part(registry, getattr(default, key), key, arguments.pop(key))
            errors += wrong
    for unknown in [key for key in arguments if key not in TrainingSpec.PARAMETERS]:
        hint = suggestion(unknown, [*TrainingSpec.PARAMETERS, *TrainingSpec.PARTS])
        message = f'there is no training setting "{unknown}"{hint}'
        errors.append(ArgumentError(unknown, message))
        del arguments[unknown]
    values, wrong = check_arguments(TrainingSpec.PARAMETERS, arguments)
    return TrainingSpec(**values, **parts), errors + wrong


def write_training(spec: TrainingSpec) -> dict[str, Any]:
    """The `training:` part of a project file: what differs from the defaults, in stable order."""
    default = TrainingSpec()
    written = spec.changed_arguments()
    for key in TrainingSpec.PARTS:
        if getattr(spec, key) != getattr(default, key):
            written[key] = write_part(getattr(spec, key))
    return written
