"""Whether a network, its data and the training settings fit together. Plain values, no torch.

The problems of the network by itself are found in `graph`; whoever asks here turns these findings
into problems with fixes on the nodes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from data.catalog import write_data
from data.dataset import DataDescription, Dataset
from graph.shapes import TensorSpec, size_text
from training.spec import TrainingSpec

Place = Literal["input", "output", "training", "data"]

Sizes = tuple[int, ...]

ALL_FROZEN = "All weights are frozen, so nothing can be learned; let at least one layer learn."
NO_WEIGHTS = "The network has no weights, so nothing can be learned; add a layer that has some."


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A change that would help.

    Attributes:
        place: what is to be changed: a node that is an input, the end of the path that leads to
            an output, or a setting of training or data.
        name: the node or the setting.
        value: the sizes of an input, the sizes that an output must have, "remove" for a layer, or
            a setting's value; of "data" the whole part of the project file.
        text: what it does, for a button.
    """

    place: Place
    name: str
    value: Any
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not fit.

    Attributes:
        place: where it shows.
        name: the Input or Output node, or the setting; empty where the whole is meant.
        message: what is wrong, in plain words, with what was expected and what was found.
        severity: an error keeps training from starting.
    """

    place: Place
    name: str
    message: str
    severity: Literal["error", "warning"] = "error"
    expected: str = ""
    received: str = ""
    suggestions: tuple[Suggestion, ...] = ()


def check_task(
    *,
    inputs: Mapping[str, Sizes],
    outputs: Mapping[str, Sizes],
    dataset: Dataset,
    spec: TrainingSpec,
    last_layers: Mapping[str, str] | None = None,
) -> list[Finding]:
    """What keeps this network from learning this data with these settings.

    Args:
        inputs: the sizes of the network's inputs by name, without the batch axis, in their order.
        outputs: of its outputs; those whose size is not known may be left out.
        dataset: the data.
        spec: the training settings.
        last_layers: the type of the layer in front of each output, "Softmax".
    """
    description = dataset.describe()
    if not spec.loss.serves(description):
        return [
            Finding(
                "training",
                "loss",
                f"The loss {spec.loss.NAME} is not made for {description.task}; choose another.",
            )
        ]
    findings = _check_inputs(inputs, dataset, description)
    findings += _check_outputs(outputs, description, spec)
    for name, layer in (last_layers or {}).items():
        reason = spec.loss.HARMFUL_LAST_LAYERS.get(layer)
        if reason:
            remove = Suggestion("output", name, "remove", f"Remove the last {layer}")
            findings.append(
                Finding(
                    "output",
                    name,
                    f"The last layer is {layer}, but {reason}.",
                    severity="warning",
                    received=layer,
                    suggestions=(remove,),
                )
            )
    return findings


def _check_inputs(
    inputs: Mapping[str, Sizes], dataset: Dataset, description: DataDescription
) -> list[Finding]:
    wanted = list(description.inputs.values())
    if len(inputs) != len(wanted):
        return [
            Finding(
                "input",
                list(inputs)[-1] if inputs else "",
                f"The data {dataset.TITLE} has {_count(len(wanted), 'input')} per sample "
                f"({_sizes_of(description.inputs)}), but the network has "
                f"{_count(len(inputs), 'input')}.",
                expected=str(len(wanted)),
                received=str(len(inputs)),
            )
        ]
    findings: list[Finding] = []
    fitted = dataset.fitted_to(inputs)
    for (name, sizes), spec in zip(inputs.items(), wanted, strict=True):
        if tuple(sizes) == spec.sizes:
            continue
        suggestions = [
            Suggestion(
                "input", name, spec.sizes, f"Make the input {size_text(spec.sizes)} like the data"
            )
        ]
        if fitted is not None:
            change = f"Bring the data to {size_text(sizes)} like the input"
            suggestions.insert(0, Suggestion("data", "", write_data(fitted), change))
        findings.append(
            Finding(
                "input",
                name,
                f'The input "{name}" expects {size_text(sizes)}, but the data {dataset.TITLE} '
                f"gives {size_text(spec.sizes)}.",
                expected=size_text(sizes),
                received=size_text(spec.sizes),
                suggestions=tuple(suggestions),
            )
        )
    return findings


def _check_outputs(
    outputs: Mapping[str, Sizes], description: DataDescription, spec: TrainingSpec
) -> list[Finding]:
    if len(outputs) != 1:
        return [
            Finding(
                "output",
                list(outputs)[-1] if outputs else "",
                f"The loss {spec.loss.NAME} needs a network with one output, but this one has "
                f"{len(outputs) or 'none'}.",
                expected="1",
                received=str(len(outputs)),
            )
        ]
    name, sizes = next(iter(outputs.items()))
    wanted = spec.loss.output_sizes(description)
    if tuple(sizes) == wanted:
        return []
    meaning = spec.loss.output_meaning(description)
    if len(sizes) != len(wanted):
        advice = ": put a Flatten and a Linear layer before it" if len(wanted) == 1 else ""
        wrong = f"has the size {size_text(sizes)}"
    else:
        advice = f": the last Linear layer needs out_features = {wanted[0]}"
        wrong = f"has {_amount(sizes)}"
    if len(wanted) != 1:
        advice = ""
    return [
        Finding(
            "output",
            name,
            f'The output "{name}" {wrong}, but must have {size_text(wanted)}, {meaning}{advice}.',
            expected=size_text(wanted),
            received=size_text(sizes),
            suggestions=(Suggestion("output", name, wanted, f"Make the output {_amount(wanted)}"),),
        )
    ]


def _amount(sizes: Sizes) -> str:
    """`10 numbers` or `3×28×28`."""
    return f"{size_text(sizes)} numbers" if len(sizes) == 1 else size_text(sizes)


def _count(number: int, thing: str) -> str:
    words = {0: "no", 1: "one", 2: "two", 3: "three"}
    return f"{words.get(number, number)} {thing}{'' if number == 1 else 's'}"


def _sizes_of(specs: Mapping[str, TensorSpec]) -> str:
    return ", ".join(f"{name} {size_text(spec.sizes)}" for name, spec in specs.items())
