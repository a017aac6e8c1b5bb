"""Whether a network, its data and the training settings fit together. Plain values, no torch.

The problems of the network by itself are found in `graph`; whoever asks here turns these findings
into problems with fixes on the nodes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from data.catalog import write_data
from data.dataset import DataDescription, Dataset
from data.describing import described
from graph.declare import build
from graph.part import write_part
from graph.shapes import TensorSpec, size_text
from training.objectives import NumbersLoss, default_loss
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
        value: the sizes of an input, the sizes that an output must have, "remove" for its last
            layer, the type of a layer to put last, or a setting's value; of "data" the whole part
            of the project file.
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
        title: a few words for it, where the place and the first words of the message do not do.
    """

    place: Place
    name: str
    message: str
    severity: Literal["error", "warning"] = "error"
    expected: str = ""
    received: str = ""
    title: str = ""
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
    description = described(dataset)
    if not spec.loss.serves(description):
        return [_unserved(description, spec)]
    misfit = spec.loss.misfit(description)
    if misfit:
        return [Finding("training", "loss", misfit)]
    findings = _check_inputs(inputs, dataset, description)
    findings += _check_outputs(outputs, description, spec)
    return findings + _check_last_layer(last_layers or {}, spec)


def _unserved(description: DataDescription, spec: TrainingSpec) -> Finding:
    """The loss is for another task: which one would do, or what else it could compare with."""
    suggestions = []
    usual = default_loss(description)
    if usual is not None:
        text = f"Take the loss {usual.TITLE}"
        suggestions.append(Suggestion("training", "loss", write_part(usual), text))
    if isinstance(spec.loss, NumbersLoss) and spec.loss.target != "input":
        rebuilt = build(type(spec.loss), {**spec.loss.changed_arguments(), "target": "input"})
        if rebuilt.serves(description):
            text = "Let the network give back its input (autoencoder)"
            suggestions.append(Suggestion("training", "loss", write_part(rebuilt), text))
    task = spec.loss.task(description)
    return Finding(
        "training",
        "loss",
        f"The loss {spec.loss.TITLE} does not fit the data: it is not made for {task}. Choose "
        "another.",
        expected=task,
        received=spec.loss.NAME,
        suggestions=tuple(suggestions),
    )


def _check_last_layer(last_layers: Mapping[str, str], spec: TrainingSpec) -> list[Finding]:
    """A layer that must not stand last before the first output, or is missing there."""
    findings = []
    for name, layer in list(last_layers.items())[:1]:
        harm = spec.loss.HARMFUL_LAST_LAYERS.get(layer)
        needed = spec.loss.NEEDED_LAST_LAYERS
        if harm:
            message = f"The last layer is {layer}, but {harm}."
            suggestion = Suggestion("output", name, "remove", f"Remove the last {layer}")
        elif needed and layer not in needed:
            message = f"The last layer is {layer}, but {spec.loss.NEEDED_REASON}."
            suggestion = Suggestion("output", name, needed[0], f"Put a {needed[0]} at the end")
        else:
            continue
        findings.append(
            Finding(
                "output",
                name,
                message,
                severity="warning",
                received=layer,
                suggestions=(suggestion,),
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
    further = spec.loss.FURTHER_OUTPUTS
    if len(outputs) != 1 + len(further):
        what = f" (behind the first: {', '.join(further)})" if further else ""
        return [
            Finding(
                "output",
                list(outputs)[-1] if outputs else "",
                f"The loss {spec.loss.NAME} needs a network with "
                f"{_count(1 + len(further), 'output')}{what}, but this one has "
                f"{len(outputs) or 'none'}.",
                expected=str(1 + len(further)),
                received=str(len(outputs)),
            )
        ]
    (name, sizes), *others = outputs.items()
    wrong_ones = [
        Finding(
            "output",
            other,
            f'The output "{other}" has {_amount(given)}, but must have 1: {what}.',
            expected="1",
            received=size_text(given),
        )
        for (other, given), what in zip(others, further, strict=True)
        if tuple(given) != (1,)
    ]
    return wrong_ones or _check_first_output(name, sizes, description, spec)


def _check_first_output(
    name: str, sizes: Sizes, description: DataDescription, spec: TrainingSpec
) -> list[Finding]:
    wanted = spec.loss.output_sizes(description)
    if spec.loss.accepts(tuple(sizes), description):
        return _remarks(name, tuple(sizes), description, spec)
    meaning = spec.loss.output_meaning(description)
    if len(sizes) != len(wanted):
        wrong = f"has the size {size_text(sizes)}"
    else:
        wrong = f"has {_amount(sizes)}"
    advice = _advice(tuple(sizes), wanted)
    suggestions = [Suggestion("output", name, wanted, f"Make the output {_amount(wanted)}")]
    fitted = spec.loss.fitted_to(tuple(sizes), description)
    if fitted is not None:
        change = f"Let the loss expect an output of {_amount(sizes)}"
        suggestions.append(Suggestion("training", "loss", write_part(fitted), change))
    return [
        Finding(
            "output",
            name,
            f'The output "{name}" {wrong}, but must have {size_text(wanted)}, {meaning}{advice}.',
            expected=size_text(wanted),
            received=size_text(sizes),
            suggestions=tuple(suggestions),
        )
    ]


def _remarks(
    name: str, sizes: Sizes, description: DataDescription, spec: TrainingSpec
) -> list[Finding]:
    """What is to be known of an output that can be judged."""
    remark = spec.loss.remark(sizes, description)
    if remark is None:
        return []
    wanted = spec.loss.output_sizes(description)
    finding = Finding(
        "output",
        name,
        remark.text,
        severity="warning",
        expected=size_text(wanted),
        received=size_text(sizes),
        title=f"{name} {remark.title}",
        suggestions=(Suggestion("output", name, wanted, f"Make the output {_amount(wanted)}"),),
    )
    return [finding]


def _advice(sizes: Sizes, wanted: Sizes) -> str:
    """What would give an output its size, to end a sentence."""
    count = math.prod(wanted)
    if len(wanted) == 1:
        if len(sizes) == 1:
            return f": the last Linear layer needs out_features = {count}"
        return ": put a Flatten and a Linear layer before it"
    if math.prod(sizes) == count:
        return f": put a Reshape to {size_text(wanted)} before it"
    if len(sizes) == len(wanted) and sizes[1:] == wanted[1:]:
        return f": the last convolution needs out_channels = {wanted[0]}"
    if len(sizes) == 1:
        return f": put a Linear layer with out_features = {count} and a Reshape before it"
    return ""


def _amount(sizes: Sizes) -> str:
    """`10 numbers` or `3×28×28`."""
    return f"{size_text(sizes)} numbers" if len(sizes) == 1 else size_text(sizes)


def _count(number: int, thing: str) -> str:
    words = {0: "no", 1: "one", 2: "two", 3: "three"}
    return f"{words.get(number, number)} {thing}{'' if number == 1 else 's'}"


def _sizes_of(specs: Mapping[str, TensorSpec]) -> str:
    return ", ".join(f"{name} {size_text(spec.sizes)}" for name, spec in specs.items())
