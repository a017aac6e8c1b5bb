"""Everything that is wrong with a project, in plain words, each with what would mend it.

Findings about single nodes come from graph/inference.py; the structure of the graph as a whole is
checked here, with NetworkX. What the data and the training need of a network is in
training/preflight.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import networkx as nx

from graph.edits import (
    Edit,
    add_node,
    connect,
    default_node_name,
    insert_on_link,
    remove_links,
    remove_nodes,
    set_argument,
)
from graph.inference import infer_block
from graph.layer import LAYERS
from graph.results import BlockResult, Finding, NodeResult, Severity
from graph.shapes import InsertBefore, Repair, SetArgument, size_text
from graph.state import MAIN, Block, Link, Project


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that would help: the words on its button, and the edit itself."""

    label: str
    edit: Edit

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Fix) and other.label == self.label

    def __hash__(self) -> int:
        return hash(self.label)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong, and where.

    Attributes:
        code: a stable name of the sort of problem, for scripts.
        title: one short line, starting with the node's name.
        text: what was expected, what came, and the next step.
        block, node, port, parameter: where; empty where it concerns more than that.
        path: the nodes of the main block through which the block is reached.
        fixes: changes that would mend it, the likeliest first.
    """

    code: str
    title: str
    text: str
    block: str = MAIN
    node: str = ""
    port: str = ""
    parameter: str = ""
    severity: Severity = "error"
    path: tuple[str, ...] = ()
    fixes: tuple[Fix, ...] = ()

    @property
    def place(self) -> str:
        """`main.conv1`, or the setting `training.epochs`, as a person would say it."""
        if not self.block:
            return self.parameter
        return f"{self.block}.{self.node}" if self.node else self.block


def node_problems(project: Project, result: BlockResult) -> list[Problem]:
    """The problems of the nodes in one use of a block, and in the blocks inside it."""
    problems: list[Problem] = []
    _collect(project, result, (), problems)
    seen: set[tuple[str, str, str]] = set()
    unique = []
    for problem in problems:
        key = (problem.block, problem.node, problem.text)
        if key not in seen:
            seen.add(key)
            unique.append(problem)
    return unique


def _collect(
    project: Project, result: BlockResult, path: tuple[str, ...], problems: list[Problem]
) -> None:
    if not result.broken:
        return
    for name, node in result.nodes.items():
        problems += [
            _problem(project, result, name, node, finding, path) for finding in node.findings
        ]
        for inner in node.inner:
            _collect(project, inner, (*path, name), problems)


def _problem(
    project: Project,
    result: BlockResult,
    name: str,
    node: NodeResult,
    finding: Finding,
    path: tuple[str, ...],
) -> Problem:
    within = f" (in {' › '.join(path)})" if path else ""
    return Problem(
        code=finding.code,
        title=_title(name, node, finding) + within,
        text=sentence(finding.text if finding.code == "argument" else f"{name} {finding.text}"),
        block=result.name,
        node=name,
        port=finding.port,
        parameter=finding.parameter,
        severity=finding.severity,
        path=path,
        fixes=tuple(_fixes(project, result, name, finding)),
    )


def sentence(text: str) -> str:
    """The text with an end: a full stop, unless it asks something."""
    return text if text.endswith(("?", ".")) else f"{text}."


_TITLES = {
    "missing input": "{node} receives nothing",
    "several links": "{node} has several links into one input",
    "unknown layer": "{node} is of an unknown layer",
    "unknown block": "{node} uses an unknown block",
    "recursion": "{node} uses its own block",
    "argument": "{node}: {parameter} is not legal",
    "expression": "{node}: {parameter} cannot be computed",
    "repeat": "{node} cannot be repeated",
    "no such input": '{node} has no input "{port}"',
    "no such output": "{node} is linked to an output that does not exist",
}


def _title(name: str, node: NodeResult, finding: Finding) -> str:
    if finding.code == "size":
        received = [spec for spec in node.inputs.values() if spec is not None]
        what = " and ".join(str(spec) for spec in received[:2])
        return f"{name} does not fit {what}" if what else f"{name} has no legal size"
    return _TITLES[finding.code].format(
        node=name, port=finding.port, parameter=finding.parameter or "an argument"
    )


def _fixes(project: Project, result: BlockResult, name: str, finding: Finding) -> Iterable[Fix]:
    block = project.blocks[result.name]
    for repair in finding.repairs:
        fix = _repair_fix(project, result, name, finding, repair)
        if fix is not None:
            yield fix
    if finding.code == "several links":
        surplus = [
            link for link in block.links if link.target == name and link.input == finding.port
        ][1:]
        kept = next(link for link in block.links if link.target == name)
        yield Fix(
            f"Keep only the link from {kept.source}",
            lambda project: remove_links(project, result.name, surplus),
        )
    if finding.code in ("no such input", "no such output"):
        wrong = [link for link in block.links if link.target == name and link.input == finding.port]
        yield Fix("Remove the link", lambda project: remove_links(project, result.name, wrong))
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

        shown = "yes" if value is True else "no" if value is False else _value_text(value)
        return Fix(f"Set {repair.parameter.replace('_', ' ')} to {shown}", set_value)
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


def _value_text(value: object) -> str:
    return size_text(value) if isinstance(value, tuple) else str(value)


def _insert_fix(where: str, link: Link, repair: InsertBefore, result: BlockResult) -> Fix:
    arguments = dict(repair.arguments)

    def insert(project: Project) -> Project:
        return insert_on_link(project, where, link, repair.layer, arguments=arguments)

    cls = LAYERS[repair.layer]
    spec = result.nodes[link.source].outputs.get(link.output)
    gives = ""
    if spec is not None:
        made = cls(**arguments).infer(spec)
        gives = f" (gives {made[0] if isinstance(made, tuple) else made})"
    return Fix(f"Insert {cls.TITLE}{gives}", insert)


# --- structure ---------------------------------------------------------------------------------


def structure_problems(project: Project, name: str) -> list[Problem]:
    """What is wrong with a block's graph as a whole: circles, loose ends, nothing to return."""
    block = project.blocks[name]
    if not block.nodes:
        return [_empty(name)]
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(block.nodes)
    graph.add_edges_from((link.source, link.target) for link in block.links)
    problems = list(_cycles(graph, block, name))
    inputs, outputs = block.input_names(), block.output_names()
    if not inputs:
        problems.append(_no_input(project, name))
    if not outputs:
        problems.append(_no_output(project, name, graph))
    if inputs and outputs:
        problems += _unreachable(graph, block, name)
    return problems


def _empty(name: str) -> Problem:
    return Problem(
        "empty",
        "Nothing here yet",
        "Drag an Input from the palette, then layers, then an Output; or start from a template.",
        block=name,
        severity="error",
    )


def _cycles(graph: nx.DiGraph[str], block: Block, name: str) -> Iterable[Problem]:
    for component in nx.strongly_connected_components(graph):
        first = next(iter(component))
        if len(component) == 1 and not graph.has_edge(first, first):
            continue
        inside = graph.subgraph(component)
        edges = nx.find_cycle(inside)
        way = " → ".join([*(edge[0] for edge in edges), edges[0][0]])
        last = edges[-1]
        closing = [x for x in block.links if (x.source, x.target) == (last[0], last[1])]
        yield Problem(
            "cycle",
            f"{edges[0][0]} leads back into itself",
            f"The links form a circle: {way}. Data cannot flow in a circle; remove one of them.",
            block=name,
            node=edges[0][0],
            fixes=(_remove_links_fix(name, closing, f"Remove {last[0]} → {last[1]}"),),
        )


def _remove_links_fix(block: str, links: list[Link], label: str) -> Fix:
    return Fix(label, lambda project: remove_links(project, block, links))


def _no_input(project: Project, name: str) -> Problem:
    place = _above(project.blocks[name])
    return Problem(
        "no input",
        "There is no Input",
        "A network needs an Input, where the data enters.",
        block=name,
        fixes=(Fix("Add Input", lambda project: add_node(project, name, "Input", at=place)),),
    )


def _above(block: Block) -> tuple[float, float]:
    highest = min(block.nodes.values(), key=lambda node: node.at[1])
    return (highest.at[0], highest.at[1] - 76.0)


def _no_output(project: Project, name: str, graph: nx.DiGraph[str]) -> Problem:
    ends = [
        node
        for node in graph
        if graph.out_degree(node) == 0 and (graph.in_degree(node) or len(graph) == 1)
    ]
    block = project.blocks[name]
    fixes: tuple[Fix, ...] = ()
    if len(ends) == 1:
        last = block.nodes[ends[0]]

        def add_output(project: Project) -> Project:
            new = default_node_name(project, name, "Output")
            place = (last.at[0], last.at[1] + 76.0)
            project = add_node(project, name, "Output", at=place, name=new)
            port = next(iter(_output_names(project, name, last.name)), "out")
            return connect(project, name, last.name, new, output=port)

        fixes = (Fix(f"Add Output after {last.name}", add_output),)
    return Problem(
        "no output",
        "There is no Output",
        "A network needs an Output, where its result leaves.",
        block=name,
        fixes=fixes,
    )


def _output_names(project: Project, block: str, node: str) -> list[str]:
    result = infer_block(project, block)
    return list(result.nodes[node].outputs)


def _unreachable(graph: nx.DiGraph[str], block: Block, name: str) -> Iterable[Problem]:
    forward = _reached(graph, block.input_names())
    backward = _reached(graph.reverse(copy=False), block.output_names())
    for node in block.nodes.values():
        if node.name not in forward and graph.in_degree(node.name):
            # A node without any link already says that it receives nothing.
            yield Problem(
                "unreachable",
                f"{node.name} gets no data",
                f"Nothing leads from an Input to {node.name}; link it to the rest of the network.",
                block=name,
                node=node.name,
                fixes=(_remove_fix(name, node.name),),
            )
        elif node.name not in backward:
            yield Problem(
                "unused",
                f"{node.name} is not used",
                f"Nothing leads from {node.name} to an Output, so it has no effect.",
                block=name,
                node=node.name,
                severity="warning",
                fixes=(_remove_fix(name, node.name),),
            )


def _remove_fix(block: str, node: str) -> Fix:
    return Fix(f"Remove {node}", lambda project: remove_nodes(project, block, [node]))


def _reached(graph: nx.DiGraph[str], starts: Iterable[str]) -> set[str]:
    reached: set[str] = set()
    for start in starts:
        if start not in reached:
            reached |= {start} | nx.descendants(graph, start)
    return reached


def check_project(project: Project) -> list[Problem]:
    """All problems of a project, computed from scratch; errors first."""
    result = infer_block(project, MAIN, cache={})
    structure: Mapping[str, list[Problem]] = {
        name: structure_problems(project, name) for name in project.blocks
    }
    return assemble(project, result, structure)


def assemble(
    project: Project, result: BlockResult, structure: Mapping[str, list[Problem]]
) -> list[Problem]:
    """Problems of nodes and of structure in one list: errors first, the main block first. Blocks
    that no node uses are checked by themselves."""
    problems = node_problems(project, result)
    used = used_blocks(result)
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
