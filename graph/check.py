"""Everything that is wrong with a project, in plain words, each with what would mend it.

Findings about single nodes come from graph/inference.py, those about the graph as a whole from
graph/structure.py. What the data and the training need of a network is in
training/preflight.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from graph.any_size import FIXED, AnySize, AnySizeInference
from graph.any_size_problems import any_size_problems
from graph.conditional import ConditionError, condition_of, holds
from graph.edits import remove_nodes, set_argument
from graph.inference import infer_block
from graph.layer import LAYERS
from graph.links import remove_links
from graph.node_settings import LABELS
from graph.placing import insert_with_room
from graph.ports import defaults_of
from graph.problem import Fix, Problem, sentence
from graph.project_edits import set_block_parameter
from graph.results import BlockResult, Cache, Finding, NodeResult
from graph.setting_edits import own, reset_setting
from graph.shapes import InsertBefore, Repair, SetArgument, size_text
from graph.state import MAIN, Link, Node, Project
from graph.structure import structure_problems


def node_problems(project: Project, result: BlockResult) -> list[Problem]:
    """The problems of the nodes in one use of a block, and in the blocks inside it."""
    problems: list[Problem] = []
    _collect(project, result, (), problems, set())
    seen: set[tuple[str, str, str]] = set()
    unique = []
    for problem in problems:
        key = (problem.block, problem.node, problem.text)
        if key not in seen:
            seen.add(key)
            unique.append(problem)
    return unique


def _collect(
    project: Project,
    result: BlockResult,
    path: tuple[str, ...],
    problems: list[Problem],
    told: set[int],
) -> None:
    # A use that occurs again, somewhere else, has the same problems.
    if not result.flagged or id(result) in told:
        return
    told.add(id(result))
    for name, node in result.nodes.items():
        for finding in node.findings:
            problems.append(_problem(project, result, name, node, finding, path))
        if name in result.sharing:
            problems.append(_problem(project, result, name, node, result.sharing[name], path))
        for inner in node.inner:
            _collect(project, inner, (*path, name), problems, told)


def _problem(
    project: Project,
    result: BlockResult,
    name: str,
    node: NodeResult,
    finding: Finding,
    path: tuple[str, ...],
) -> Problem:
    within = f" (in {' › '.join(path)})" if path else ""
    top = path[0] if path else name if result.name == MAIN else ""
    return Problem(
        code=finding.code,
        title=_title(name, node, finding) + within,
        text=sentence(finding.text if finding.code == "argument" else finding.about(name)),
        block=result.name,
        node=name,
        port=finding.port,
        parameter=finding.parameter,
        severity=finding.severity,
        path=path,
        fixes=(
            *_fixes_without(project, top, finding),
            *_fixes(project, result, name, finding),
        ),
    )


_TITLES = {
    "missing input": "{node} receives nothing",
    "several links": "{node} has several links into one input",
    "unknown layer": "{node} is of an unknown layer",
    "unknown block": "{node} uses an unknown block",
    "recursion": "{node} uses its own block",
    "nesting": "{node} is nested too deeply",
    "argument": "{node}: {parameter} is not legal",
    "expression": "{node}: {parameter} cannot be computed",
    "repeat": "{node} cannot be repeated",
    "setting": "{node}: {parameter} is not possible",
    "no effect": "{node}: a setting has no effect",
    "shares": "{node} cannot use these weights",
    "no such input": '{node} has no input "{port}"',
    "no such output": "{node} is linked to an output that does not exist",
}


def _title(name: str, node: NodeResult, finding: Finding) -> str:
    if finding.code == "size":
        received = [spec for spec in node.inputs.values() if spec is not None]
        what = " and ".join(str(spec) for spec in received[:2])
        return f"{name} does not fit {what}" if what else f"{name} has no legal size"
    parameter = finding.parameter or "an argument"
    if finding.code == "setting":
        parameter = f"“{LABELS[finding.parameter].lower()}”"
    return _TITLES[finding.code].format(node=name, port=finding.port, parameter=parameter)


def _fixes_without(project: Project, name: str, finding: Finding) -> Iterator[Fix]:
    """Choices of the network's parameters with which a node of it, which is there under a condition
    and does not fit, would not be there: one level less of a U-Net."""
    node = project.main.nodes.get(name)
    if node is None or finding.code != "size" or not node.settings.only_if:
        return
    values = defaults_of(project.main)
    for key in sorted(condition_of(node).names()):
        choices = project.main.parameters[key].choices
        others = [one for one in choices if _is_absent(node, {**values, key: one})]
        if others:
            here = choices.index(project.main.parameters[key].default)
            nearest = min(others, key=lambda one: abs(choices.index(one) - here))
            yield Fix(f"Set {key} to {nearest}", partial(_choose, key, nearest))


def _is_absent(node: Node, values: Mapping[str, Any]) -> bool:
    try:
        return not holds(node, values)
    except ConditionError:
        return False


def _choose(name: str, value: int | float | str, project: Project) -> Project:
    parameter = replace(project.main.parameters[name], default=value)
    return set_block_parameter(project, MAIN, name, parameter)


def _fixes(project: Project, result: BlockResult, name: str, finding: Finding) -> Iterable[Fix]:
    block = project.blocks[result.name]
    for repair in finding.repairs:
        fix = _repair_fix(project, result, name, finding, repair)
        if fix is not None:
            yield fix
    if finding.code == "several links":
        kept, *surplus = [
            link for link in block.links if link.target == name and link.input == finding.port
        ]
        yield Fix(
            f"Keep only the link from {kept.source}",
            lambda project: remove_links(project, result.name, surplus),
        )
    if finding.code in ("no such input", "no such output"):
        wrong = [link for link in block.links if link.target == name and link.input == finding.port]
        yield Fix("Remove the link", lambda project: remove_links(project, result.name, wrong))
    if finding.code == "shares":
        yield Fix("Give it weights of its own", lambda project: own(project, result.name, name))
    if finding.code in ("setting", "no effect") and finding.parameter:
        yield Fix(
            f"Remove “{LABELS[finding.parameter].lower()}”",
            lambda project: reset_setting(project, result.name, name, finding.parameter),
        )
    if finding.code in ("unknown layer", "unknown block"):
        yield Fix(f"Remove {name}", lambda project: remove_nodes(project, result.name, [name]))


def _repair_fix(
    project: Project, result: BlockResult, name: str, finding: Finding, repair: Repair
) -> Fix | None:
    where = result.name
    if isinstance(repair, SetArgument):
        value = repair.value

        def set_value(project: Project) -> Project:
            return set_argument(project, where, name, repair.parameter, value)

        what = _label_of(project.blocks[where].nodes[name], repair.parameter)
        if isinstance(value, bool):
            return Fix(f"Turn “{what}” {'on' if value else 'off'}", set_value)
        return Fix(f"Set {what[:1].lower()}{what[1:]} to {_value_text(value)}", set_value)
    port = finding.port
    link = next(
        (
            link
            for link in project.blocks[where].links
            if link.target == name and link.input == port
        ),
        None,
    )
    if link is None:
        return None
    return _insert_fix(where, link, repair, result)


def _label_of(node: Node, parameter: str) -> str:
    """The parameter as its form names it."""
    layer = LAYERS.get(node.type)
    declared = layer.PARAMETERS.get(parameter) if layer and not node.is_block else None
    return declared.label if declared else parameter.replace("_", " ")


def _value_text(value: object) -> str:
    return size_text(value) if isinstance(value, tuple) else str(value)


def _insert_fix(where: str, link: Link, repair: InsertBefore, result: BlockResult) -> Fix:
    arguments = dict(repair.arguments)

    def insert(project: Project) -> Project:
        return insert_with_room(project, where, link, repair.layer, arguments=arguments)

    cls = LAYERS[repair.layer]
    spec = result.nodes[link.source].outputs.get(link.output)
    gives = ""
    if spec is not None:
        layer = cls(**arguments)
        # The first port takes what flows; others, such as a second branch, are free.
        rest = (None for _ in layer.inputs()[1:])
        made = layer.infer(spec, *rest)
        gives = f" (gives {made[0] if isinstance(made, tuple) else made})"
    return Fix(f"Insert {cls.TITLE}{gives}", insert)


def check_project(project: Project) -> list[Problem]:
    """All problems of a project, computed from scratch; errors first."""
    result = infer_block(project, MAIN, cache=Cache())
    structure: Mapping[str, list[Problem]] = {
        name: structure_problems(project, name) for name in project.blocks
    }
    any_size = AnySizeInference()
    any_size.update(project, result)
    return assemble(project, result, structure, any_size.result)


def assemble(
    project: Project,
    result: BlockResult,
    structure: Mapping[str, list[Problem]],
    any_size: AnySize = FIXED,
    used: Mapping[str, BlockResult] | None = None,
) -> list[Problem]:
    """Problems of nodes, of structure and of inputs of any size in one list: errors first, the
    main block first. Blocks that no node uses are checked by themselves.

    Args:
        used: the blocks that are used in `result`, where they are known already.
    """
    problems = node_problems(project, result)
    problems += any_size_problems(project, any_size)
    used = used_blocks(result) if used is None else used
    for name in project.blocks:
        if name != MAIN and name not in used:
            alone = infer_block(project, name)
            problems += node_problems(project, alone)
    for name, found in structure.items():
        if name == MAIN or project.blocks[name].nodes or name in used:
            problems += found
    reported = {(p.block, p.node) for p in problems if p.code == "cycle"}
    problems = [p for p in problems if p.code != "unreachable" or (p.block, p.node) not in reported]
    position = {name: number for number, name in enumerate(project.blocks)}
    problems.sort(key=lambda p: (p.severity != "error", position.get(p.block, 0)))
    return problems


def used_blocks(result: BlockResult) -> dict[str, BlockResult]:
    """For every block used in `result`, directly or deeper, the result of its first use."""
    found: dict[str, BlockResult] = {}
    waiting = [result]
    seen: set[int] = set()
    while waiting:
        current = waiting.pop(0)
        if id(current) in seen:
            continue
        seen.add(id(current))
        for node in current.nodes.values():
            for inner in node.inner:
                found.setdefault(inner.name, inner)
                waiting.append(inner)
    return found
