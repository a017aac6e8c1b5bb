"""A network made to fit a dataset: its inputs, its output and its loss; all else stays.

What a dataset brings is known from its description, and what an output must be from the loss, so
that further data and tasks need nothing in here. No torch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from data.catalog import read_data, write_data
from data.dataset import DataDescription, DataError, Dataset, Task
from data.describing import described
from graph.any_size import free_inputs, result_at
from graph.check import check_project
from graph.compare import Change, compare
from graph.deciding import decide
from graph.declare import ArgumentError
from graph.edits import EditError, set_argument
from graph.inference import infer_block
from graph.layer import LAYERS
from graph.links import link_into
from graph.part import write_part
from graph.project_edits import set_block_parameter, set_data, set_training
from graph.removal import remove_selection
from graph.results import BlockResult
from graph.shapes import TensorSpec, product, size_text
from graph.state import MAIN, Node, Project
from training.check import task_problems
from training.objectives import Loss, default_loss
from training.spec import read_training

Sizes = tuple[int, ...]

OUTPUT_SIZES = ("out_features", "out_channels")
"""What layers call the parameter that says how many numbers they give."""

CLASSES = "classes"
"""What a network calls its parameter for the number of classes; it is tried before others."""


class AdaptError(ValueError):
    """The network cannot be made to fit the data; the text says why, and what would help."""


@dataclass(frozen=True, slots=True)
class Adapted:
    """A project that fits a dataset, and what is different in it, a sentence each."""

    project: Project
    changes: tuple[str, ...]


def adapt(project: Project, dataset: Dataset, *, keep_size: bool = False) -> Adapted:
    """The project with this data, and with whatever the data needs of the network.

    Args:
        keep_size: bring the data to the size of the network where it has settings for that,
            instead of the network to the size of the data.

    Raises:
        AdaptError: where the network cannot be made to fit.
        DataError: where the data cannot be described.
    """
    _refuse_errors(project)
    description = described(dataset)
    loss = _loss_for(project, description)
    candidates = [dataset, *_fitted(project, dataset, description)]
    reasons: list[AdaptError] = []
    for candidate in candidates[::-1] if keep_size else candidates:
        try:
            return _fit(project, dataset, candidate, loss)
        except AdaptError as error:
            reasons.append(error)
    raise reasons[0]


def _fit(project: Project, dataset: Dataset, candidate: Dataset, loss: Loss) -> Adapted:
    """The project with the data in one size.

    Args:
        dataset: the data as it was chosen.
        candidate: the same, perhaps brought to the size of the network.
    """
    told: list[str] = []
    description = described(candidate)
    changed = _with_inputs(project, candidate, description)
    if dict(project.data) != write_data(candidate):
        told.append(f"It learns from {candidate.TITLE}: {description.summary}")
    if candidate != dataset:
        size = " and ".join(map(str, description.inputs.values()))
        told.append(f"The data is brought to {size}, which the network takes.")
    told += _differences(project, changed, "as in the data")
    before = set_data(changed, write_data(candidate))
    changed = _with_loss(before, loss)
    if changed is not before:
        old, new = read_training(project.training)[0].loss, loss
        told.append(f"The loss becomes {new.TITLE} (it was {old.TITLE}): {_what(description)}.")
        changed, removed = _without_harm(changed, loss)
        told += removed
    fitted = _with_output(changed, description, loss)
    told += _differences(changed, fitted, loss.output_meaning(description))
    for problem in task_problems(fitted, infer_block(fitted, MAIN)):
        if problem.severity == "error":
            raise AdaptError(problem.text)
    return Adapted(fitted, tuple(told))


def _refuse_errors(project: Project) -> None:
    errors = [one for one in check_project(project) if one.severity == "error"]
    if errors:
        raise AdaptError(
            f"The network has a problem of its own, which must be mended first: {errors[0].text}"
        )
    main = project.main
    for names, thing in ((main.input_names(), "Input"), (main.output_names(), "Output")):
        if not names:
            raise AdaptError(f"The network has no {thing} yet; add one.")
    if wrong := read_training(project.training)[1]:
        raise AdaptError(f"A setting of the training must be mended first: {wrong[0]}")


def _differences(before: Project, after: Project, reason: str) -> list[str]:
    """What is different in the network, in sentences that end with the reason."""
    found = compare(before, after).of(MAIN)
    lines = [_sentence(one.name, one, reason) for one in found.parameters]
    for name, changes in found.changed.items():
        labels = _labels(after.main.nodes[name])
        lines += [
            _sentence(f"{labels.get(one.name, one.name)} of {name}", one, reason) for one in changes
        ]
    return lines


def _labels(node: Node) -> dict[str, str]:
    layer = None if node.is_block else LAYERS.get(node.type)
    return {key: one.label for key, one in layer.PARAMETERS.items()} if layer else {}


def _sentence(what: str, change: Change, reason: str) -> str:
    return f"{what} becomes {change.after} (it was {change.before}): {reason}."


def _what(description: DataDescription) -> str:
    return f"the data is for {description.task}"


# --- what goes in ------------------------------------------------------------------------------


def _with_inputs(project: Project, dataset: Dataset, description: DataDescription) -> Project:
    """The project whose inputs take the data."""
    names = project.main.input_names()
    if len(names) != len(description.inputs):
        raise AdaptError(
            f"The data {dataset.TITLE} has {len(description.inputs)} inputs per sample, but the "
            f"network has {len(names)}; give it as many Input nodes."
        )
    present = infer_block(project, MAIN)
    specs = list(description.inputs.values())
    try:
        changed = _taking(project, present, names, specs, description.varying)
        why = next((one.text for one in check_project(changed) if one.severity == "error"), "")
    except EditError as error:
        why = str(error)
    if why:
        given = " and ".join(map(str, specs))
        taken = " and ".join(str(present.nodes[name].outputs["out"]) for name in names)
        raise AdaptError(
            f"The network takes {taken} and cannot take {given}, as {dataset.TITLE} gives it. {why}"
        )
    return changed


def _fitted(project: Project, dataset: Dataset, description: DataDescription) -> list[Dataset]:
    """The data in the size of the network, with its own channels, where it can have that."""
    present = infer_block(project, MAIN)
    wanted: dict[str, Sizes] = {}
    for name, given in zip(project.main.input_names(), description.inputs.values(), strict=False):
        spec = present.nodes[name].outputs["out"]
        same_sort = spec.rank == given.rank > 1
        wanted[name] = (given.sizes[0], *spec.sizes[1:]) if same_sort else given.sizes
    fitted = dataset.fitted_to(wanted)
    return [] if fitted is None or fitted == dataset else [fitted]


def _taking(
    project: Project,
    present: BlockResult,
    names: list[str],
    specs: list[TensorSpec],
    varying: bool,
) -> Project:
    """The project whose inputs have these sizes; those of any size keep their example."""
    free = free_inputs(project, present)
    kept = project
    for name, spec in zip(names, specs, strict=True):
        own = present.nodes[name].outputs["out"]
        if spec.dtype != own.dtype:
            kept = decide(kept, name, "dtype", spec.dtype)
        sizes = tuple(
            own.sizes[axis] if axis in free.get(name, ()) and own.rank == spec.rank else size
            for axis, size in enumerate(spec.sizes)
        )
        kept = decide(kept, name, "shape", sizes)
        if varying:
            kept = decide(kept, name, "any_size", True)
    wanted = {name: spec.sizes for name, spec in zip(names, specs, strict=True)}
    if not free or result_at(kept, infer_block(kept, MAIN), wanted) is not None:
        return kept
    for name, sizes in wanted.items():
        kept = decide(kept, name, "shape", sizes)
    return kept


# --- what is learned ---------------------------------------------------------------------------


def _loss_for(project: Project, description: DataDescription) -> Loss:
    """The project's loss where it serves the data for the task that it had, else the usual one
    for such data."""
    present = read_training(project.training)[0].loss
    before = _task_before(project, present)
    if present.serves(description) and before in (None, present.task(description)):
        for loss in (present, type(present)()):
            why = loss.misfit(description)
            if not why:
                return loss
        raise AdaptError(why)
    usual = default_loss(description)
    if usual is None:
        raise AdaptError(f"There is no loss for {description.task}, which the data is for.")
    return usual


def _task_before(project: Project, loss: Loss) -> Task | None:
    """What the network learned from the data that the project had; None where it had none."""
    if not project.data:
        return None
    try:
        return loss.task(described(read_data(project.data)[0]))
    except DataError:
        return None


def _with_loss(project: Project, loss: Loss) -> Project:
    if read_training(project.training)[0].loss == loss:
        return project
    return set_training(project, {**project.training, "loss": write_part(loss)})


def _without_harm(project: Project, loss: Loss) -> tuple[Project, list[str]]:
    """The project without a last layer that the new loss cannot have."""
    told = []
    for output in project.main.output_names():
        link = link_into(project.main, output)
        node = project.main.nodes[link.source] if link is not None else None
        if node is not None and not node.is_block and node.type in loss.HARMFUL_LAST_LAYERS:
            why = loss.HARMFUL_LAST_LAYERS[node.type]
            told.append(f"{node.name} ({node.type}) is taken out: {why}.")
            project = remove_selection(project, MAIN, [node.name])
    return project, told


# --- what comes out ----------------------------------------------------------------------------


def _with_output(project: Project, description: DataDescription, loss: Loss) -> Project:
    """The project whose output the loss can judge."""
    result = infer_block(project, MAIN)
    needed = 1 + len(loss.FURTHER_OUTPUTS)
    if len(result.outputs) != needed:
        raise AdaptError(
            f"The network has {len(result.outputs)} outputs; the loss {loss.TITLE} needs {needed}."
        )
    (output, given), *_ = result.outputs.items()
    if loss.accepts(given.sizes, description):
        return project
    wanted = loss.output_sizes(description)
    # What ends in another sort of output is a network for another task.
    alike = given.rank == len(wanted) and (
        given.sizes[1:] == wanted[1:] or loss.task(description) == "reconstruction"
    )
    ways = _resized(project, output, given, wanted, description) if alike else ()
    for changed in ways:
        made = infer_block(changed, MAIN)
        if not made.broken and output in made.outputs:
            sizes = made.outputs[output].sizes
            if loss.accepts(sizes, description):
                return changed
    raise AdaptError(
        f"The output {output} is {size_text(given.sizes)}, but must be {size_text(wanted)}, "
        f"{loss.output_meaning(description)}. {_advice(given.sizes, wanted)}"
    )


def _advice(given: Sizes, wanted: Sizes) -> str:
    if given[1:] == wanted[1:]:
        return (
            "Neither a parameter of the network nor its last layer makes it so; give it a "
            "parameter (classes) that what comes last uses."
        )
    if len(wanted) == 1:
        return "Put a Flatten and a Linear layer before it."
    return "A network for this task ends in another way; take a template of the task."


def _resized(
    project: Project,
    output: str,
    given: TensorSpec,
    wanted: Sizes,
    description: DataDescription,
) -> Iterator[Project]:
    """The project with its output in other sizes, the likeliest way first."""
    numbers = {wanted[0], description.classes, len(description.target_names)} - {0}
    yield from _by_parameter(project, given, sorted(numbers, key=lambda n: n != wanted[0]))
    link = link_into(project.main, output)
    while link is not None:
        node = project.main.nodes[link.source]
        if node.is_block:
            yield from _by_argument(project, node, given.sizes[0], wanted[0])
            return
        parameters = LAYERS[node.type].PARAMETERS
        for name in OUTPUT_SIZES:
            if name in parameters:
                # A Linear layer works on the last axis, a convolution on the first.
                axis = -1 if name == "out_features" else 0
                yield from _tried(project, node.name, name, wanted[axis])
                return
        if node.type == "Reshape":
            project = next(_tried(project, node.name, "shape", wanted), project)
            wanted = (product(wanted),)
        link = link_into(project.main, node.name)


def _by_parameter(project: Project, given: TensorSpec, numbers: list[int]) -> Iterator[Project]:
    """With another value of a parameter of the network that counts what comes out."""
    parameters = project.main.parameters
    for name in sorted(parameters, key=lambda name: name != CLASSES):
        present = parameters[name].default
        counts = isinstance(present, int) and not isinstance(present, bool)
        if counts and (name == CLASSES or present == given.sizes[0]):
            for number in numbers:
                parameter = replace(parameters[name], default=number)
                yield set_block_parameter(project, MAIN, name, parameter)


def _by_argument(project: Project, node: Node, present: int, wanted: int) -> Iterator[Project]:
    """With another argument of the last block."""
    block = project.blocks[node.type]
    for name, parameter in block.parameters.items():
        value = node.arguments.get(name, parameter.default)
        if isinstance(value, int) and not isinstance(value, bool) and value == present:
            yield set_argument(project, MAIN, node.name, name, wanted)


def _tried(project: Project, node: str, parameter: str, value: Any) -> Iterator[Project]:
    try:
        yield decide(project, node, parameter, value)
    except (ArgumentError, EditError):
        return
