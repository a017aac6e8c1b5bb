"""What the data and the training settings of a project need of its network, as problems with fixes.

Whether they fit is decided in preflight.py on plain values; here that becomes problems that lie on
nodes, and edits that mend them. No torch.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from data.catalog import read_data
from data.dataset import DataDescription, DataError, Dataset
from data.describing import StillReadingError, described
from graph.any_size import Sizes, free_inputs, result_at
from graph.deciding import decide
from graph.declare import ArgumentError
from graph.edits import Edit
from graph.links import link_into
from graph.placing import insert_with_room
from graph.problem import Fix, Problem, sentence
from graph.project_edits import set_data, set_training
from graph.removal import remove_selection
from graph.results import BlockResult
from graph.setting_edits import set_setting
from graph.state import MAIN, Block, Project
from training.preflight import ALL_FROZEN, NO_WEIGHTS, Finding, Suggestion, check_task
from training.spec import TrainingSpec, read_training


def task_problems(project: Project, result: BlockResult) -> list[Problem]:
    """Settings that are not legal, and where network, data and loss do not fit together.

    Args:
        result: the sizes of the main block.
    """
    dataset, data_errors = read_data(project.data)
    spec, training_errors = read_training(project.training)
    problems = [_setting(error, "data") for error in data_errors]
    problems += [_setting(error, "training") for error in training_errors]
    problems += _missing_weights(spec)
    main = project.main
    if not project.data or not main.input_names() or not main.output_names():
        # Without data nothing is expected of the network; loose ends are reported elsewhere.
        return problems
    problems += _nothing_learns(project, result)
    try:
        description = described(dataset)
    except StillReadingError as error:
        return [*problems, replace(_unreadable(error), title="The data is being read")]
    except DataError as error:
        return [*problems, _unreadable(error)]
    return problems + _misfits(project, result, dataset, description, spec)


def _missing_weights(spec: TrainingSpec) -> list[Problem]:
    """Where there is no such file as the weights to start from."""
    if not spec.weights or os.path.isfile(spec.weights):
        return []

    def clear(project: Project) -> Project:
        left = {key: value for key, value in project.training.items() if key != "weights"}
        return set_training(project, left)

    return [
        Problem(
            code="setting",
            title="The weights to start from are not there",
            text=f"There is no file {spec.weights}. Choose it again, or start by chance.",
            block="",
            parameter="training.weights",
            fixes=(Fix("Start with weights drawn by chance", clear),),
        )
    ]


def _unreadable(error: DataError) -> Problem:
    return Problem(
        code="setting",
        title="The data cannot be read",
        text=str(error),
        block="",
        parameter=f"data.{error.parameter or 'dataset'}",
    )


def _nothing_learns(project: Project, result: BlockResult) -> list[Problem]:
    """Where every weight is frozen, or there are none."""
    if result.broken or not result.outputs or result.parameters > result.frozen_parameters:
        return []
    last = next((n for n in reversed(result.order) if project.main.nodes[n].settings.frozen), "")

    def thaw(project: Project) -> Project:
        return set_setting(project, MAIN, last, "frozen", False)

    return [
        Problem(
            code="task",
            title="Nothing can be learned",
            text=ALL_FROZEN if result.frozen_parameters else NO_WEIGHTS,
            node=last,
            fixes=(Fix(f"Let {last} learn", thaw),) if last else (),
        )
    ]


def _setting(error: ArgumentError, section: str) -> Problem:
    return Problem(
        code="setting",
        title=f"{section}: {error.parameter} is not legal",
        text=sentence(str(error)),
        block="",
        parameter=f"{section}.{error.parameter}",
    )


def _misfits(
    project: Project,
    result: BlockResult,
    dataset: Dataset,
    description: DataDescription,
    spec: TrainingSpec,
) -> list[Problem]:
    inputs = {
        name: spec_.sizes
        for name in project.main.input_names()
        if (spec_ := result.nodes[name].outputs.get("out")) is not None
    }
    complete = len(inputs) == len(project.main.input_names())
    if not complete or len(result.outputs) != len(project.main.output_names()):
        return []
    given = [spec_.sizes for spec_ in description.inputs.values()]
    sizes = dict(zip(inputs, given, strict=False))
    refused: set[str] = set()
    if len(given) == len(inputs) and sizes != inputs and (free := free_inputs(project, result)):
        # An input of any size takes the data as it is, unless a layer refuses that size.
        at_data = result_at(project, result, sizes)
        if at_data is not None:
            result, inputs = at_data, sizes
        else:
            refused = {name for name in free if _differ_only(inputs[name], sizes[name], free[name])}
    outputs = {name: result.outputs[name].sizes for name in result.outputs}
    findings = check_task(
        inputs=inputs,
        outputs=outputs,
        dataset=dataset,
        spec=spec,
        last_layers=_last_layers(project.main, outputs),
    )
    problems = [
        _problem(project, result, _as_refused(finding) if finding.name in refused else finding)
        for finding in findings
    ]
    return problems + _of_one_size(project, result, dataset, description)


def _of_one_size(
    project: Project, result: BlockResult, dataset: Dataset, description: DataDescription
) -> list[Problem]:
    """Inputs of one size where training brings several."""
    if not description.varying:
        return []
    free = free_inputs(project, result)
    return [
        Problem(
            code="task",
            title=f"{name} has one size",
            text=f"The data {dataset.TITLE} comes in a size of its own in each batch of training, "
            f'but the input "{name}" takes one size only.',
            node=name,
            fixes=(Fix(f"Let {name} take any size", _decide(name, "any_size", True)),),
        )
        for name in project.main.input_names()
        if name not in free
    ]


def _differ_only(one: Sizes, other: Sizes, axes: tuple[int, ...]) -> bool:
    """Whether two sizes are the same on all other axes."""
    if len(one) != len(other):
        return False
    return all(a == b or axis in axes for axis, (a, b) in enumerate(zip(one, other, strict=True)))


def _as_refused(finding: Finding) -> Finding:
    """What to say where an input takes any size but that of the data."""
    if finding.place != "input":
        return finding
    text = (
        f'The data gives {finding.received}. The input "{finding.name}" takes other sizes than '
        f"{finding.expected}, but a layer does not fit this one; its form says which are legal."
    )
    return replace(finding, message=text)


def _last_layers(block: Block, outputs: Iterable[str]) -> dict[str, str]:
    links = {name: link_into(block, name) for name in outputs}
    return {
        name: block.nodes[link.source].type
        for name, link in links.items()
        if link is not None and not block.nodes[link.source].is_block
    }


def _problem(project: Project, result: BlockResult, finding: Finding) -> Problem:
    on_node = finding.place in ("input", "output") and bool(finding.name)
    fixes = [_fix(project, result, suggestion) for suggestion in finding.suggestions]
    return Problem(
        code="task",
        title=_title(finding),
        text=finding.message,
        block=MAIN if finding.place in ("input", "output") else "",
        node=finding.name if on_node else "",
        port="in" if finding.place == "output" and on_node else "",
        parameter="" if on_node else f"{finding.place}.{finding.name}",
        severity=finding.severity,
        fixes=tuple(fix for fix in fixes if fix is not None),
    )


def _title(finding: Finding) -> str:
    if finding.title:
        return finding.title
    if finding.place == "input" and finding.name:
        return f"{finding.name} does not fit the data"
    if finding.place == "output" and finding.name:
        if finding.severity == "warning":
            return f"{finding.received} before {finding.name} does not fit the loss"
        return f"{finding.name} does not fit what is to be learned"
    return finding.message.partition(":")[0].partition(".")[0]


def _fix(project: Project, result: BlockResult, suggestion: Suggestion) -> Fix | None:
    edit: Edit | None
    if suggestion.place == "data":
        edit = _set_data(suggestion.value)
    elif suggestion.place == "input":
        edit = _decide(suggestion.name, "shape", tuple(suggestion.value))
    elif suggestion.place == "output" and suggestion.value == "remove":
        link = link_into(project.main, suggestion.name)
        edit = None if link is None else _remove(link.source)
    elif suggestion.place == "output" and isinstance(suggestion.value, str):
        edit = _append(project, suggestion.name, (suggestion.value, {}))
    elif suggestion.place == "training":
        edit = _set_training(suggestion.name, suggestion.value)
    else:
        edit = _make_output(project, result, suggestion.name, tuple(suggestion.value))
    return None if edit is None else Fix(suggestion.text, edit)


def _set_data(value: Mapping[str, Any]) -> Edit:
    return lambda project: set_data(project, value)


def _set_training(key: str, value: Any) -> Edit:
    return lambda project: set_training(project, {**project.training, key: value})


def _decide(node: str, parameter: str, value: Any) -> Edit:
    return lambda project: decide(project, node, parameter, value)


def _remove(node: str) -> Edit:
    return lambda project: remove_selection(project, MAIN, [node])


def _make_output(
    project: Project, result: BlockResult, output: str, sizes: tuple[int, ...]
) -> Edit | None:
    """An edit after which the output has the wanted size."""
    given = result.outputs[output]
    wanted = math.prod(sizes)
    if len(sizes) != 1:
        reshape = ("Reshape", {"shape": tuple(sizes)})
        if given.elements == wanted:
            return _append(project, output, reshape)
        if len(sizes) == given.rank == 3:
            return _make_map(project, output, given.sizes, sizes)
        if given.rank != 1:
            return None
        return _append(project, output, ("Linear", {"out_features": wanted}), reshape)
    if given.rank != 1:
        return _append_linear(project, output, wanted)
    link = link_into(project.main, output)
    while link is not None:
        node = project.main.nodes[link.source]
        if not node.is_block and node.type == "Linear":
            return _decide(node.name, "out_features", wanted)
        into = [other for other in project.main.links if other.target == link.source]
        kept = result.nodes[link.source].inputs.values()
        # Only layers that leave the length as it is (activations, dropout) may lie between.
        if len(into) != 1 or list(kept) != list(result.nodes[link.source].outputs.values()):
            break
        link = into[0]
    return _append_linear(project, output, wanted)


def _make_map(project: Project, output: str, given: Sizes, sizes: Sizes) -> Edit | None:
    """An edit after which an output of channels, height and width has the wanted ones."""
    link = link_into(project.main, output)
    last = None if link is None else project.main.nodes[link.source]
    if given[1:] == sizes[1:] and last is not None and last.type == "Conv2d":
        return _decide(last.name, "out_channels", sizes[0])
    layers: list[tuple[str, dict[str, Any]]] = []
    if given[0] != sizes[0]:
        layers.append(("Conv2d", {"out_channels": sizes[0], "kernel_size": (1, 1)}))
    if given[1:] != sizes[1:]:
        enlarged = {"size": tuple(sizes[1:]), "mode": "bilinear"}
        layers.append(("Interpolate", enlarged))
    return _append(project, output, *layers)


def _append_linear(project: Project, output: str, wanted: int) -> Edit | None:
    return _append(project, output, ("Flatten", {}), ("Linear", {"out_features": wanted}))


def _append(project: Project, output: str, *layers: tuple[str, dict[str, Any]]) -> Edit | None:
    """An edit that puts layers, each with its arguments, before an output, the last one last."""
    if link_into(project.main, output) is None:
        return None

    def append(project: Project) -> Project:
        for layer, arguments in layers:
            link = link_into(project.main, output)
            if link is not None:
                project = insert_with_room(project, MAIN, link, layer, arguments=arguments)
        return project

    return append
