"""The project that is open: its current state, what is known about it, and one signal.

Everything that shows the project reacts to `changed` and to nothing else, so that undo is only
`set_state` with an older state. The window's undo stack keeps the states.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from psygnal import Signal

from graph.any_size import AnySize, AnySizeInference
from graph.check import assemble, used_blocks
from graph.incremental import BlockInference
from graph.inference import infer_block
from graph.order import differing_nodes, differing_parts
from graph.problem import Problem
from graph.results import UNKNOWN, BlockResult, NodeResult
from graph.size_formulas import SizeFormulas
from graph.state import MAIN, Block, Link, Project
from graph.structure import structure_problems


@dataclass(frozen=True, slots=True)
class BlockDifference:
    """What an edit changed in one block. A renamed node counts as removed and added; `links_led`
    are links that were there before and take another way now; `direction` is that of the
    drawing."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    links_added: tuple[Link, ...] = ()
    links_removed: tuple[Link, ...] = ()
    links_led: tuple[Link, ...] = ()
    parameters: bool = False
    direction: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """What an edit changed: the state, and what is known about it.

    Attributes:
        blocks: by name, for blocks that are in both states.
        blocks_added, blocks_removed: names.
        results: for every block, the nodes whose sizes, costs or problems are new.
        problems: whether the list of problems changed.
        settings: whether name, notes, data or training changed.
    """

    before: Project
    after: Project
    blocks: Mapping[str, BlockDifference] = field(default_factory=dict)
    blocks_added: tuple[str, ...] = ()
    blocks_removed: tuple[str, ...] = ()
    results: Mapping[str, frozenset[str]] = field(default_factory=dict)
    problems: bool = False
    settings: bool = False


def compare_blocks(before: Block, after: Block) -> BlockDifference:
    """The difference of two states of a block, at the cost of their size (identical parts are
    recognised at once)."""
    old, new = before.nodes, after.nodes
    added: list[str] = []
    changed: list[str] = []
    removed: list[str] = []
    if old is not new:
        for name in differing_nodes(old, new):
            if name not in old:
                added.append(name)
            elif old[name] != new[name]:
                changed.append(name)
        removed = [name for name in old if name not in new]
    links_added: list[Link] = []
    links_removed: list[Link] = []
    links_led: list[Link] = []
    if before.links is not after.links:
        parts = differing_parts(before.links, after.links)
        gone, come = ({link: link for link in part} for part in parts)
        links_added = [link for link in come if link not in gone]
        links_removed = [link for link in gone if link not in come]
        links_led = [link for link in come if link in gone and gone[link].dots != link.dots]
    return BlockDifference(
        tuple(added),
        tuple(removed),
        tuple(changed),
        tuple(links_added),
        tuple(links_removed),
        tuple(links_led),
        before.parameters is not after.parameters,
        before.direction != after.direction,
    )


ProjectCheck = Callable[[Project, BlockResult], list[Problem]]
"""A further check of the whole project, such as what its data and training need."""


class Document:
    """An open project.

    `changed` is emitted once for every new state, with the `Difference`, after sizes and problems
    are up to date.
    """

    changed = Signal(Difference)

    def __init__(
        self, project: Project | None = None, *, checks: Sequence[ProjectCheck] = ()
    ) -> None:
        self._project = Project()
        self._checks = tuple(checks)
        self._inference = BlockInference(MAIN)
        self._any_size = AnySizeInference()
        self._formulas: SizeFormulas | None = None
        self._uses: dict[str, BlockResult] = {}
        self._structure: dict[str, tuple[Block, list[Problem]]] = {}
        self._problems: list[Problem] = []
        self._analyse()
        if project is not None:
            self.set_state(project)

    @property
    def state(self) -> Project:
        """The current project."""
        return self._project

    @property
    def problems(self) -> list[Problem]:
        """Everything that is wrong with it; errors first."""
        return self._problems

    @property
    def has_errors(self) -> bool:
        """Whether it cannot be trained or exported."""
        return any(problem.severity == "error" for problem in self._problems)

    @property
    def any_size(self) -> AnySize:
        """Which sizes depend on inputs that may have any size."""
        return self._any_size.result

    @property
    def formulas(self) -> SizeFormulas:
        """Sizes as formulas over the size of the input; computed when they are asked for."""
        if self._formulas is None:
            self._formulas = SizeFormulas(self._project, self.any_size)
        return self._formulas

    def result(self, block: str = MAIN) -> BlockResult:
        """Sizes and costs in a block: as it is first used in the network, or by itself."""
        if block == MAIN:
            return self._inference.result
        if block not in self._uses:
            self._uses[block] = infer_block(self._project, block, cache=self._inference.cache)
        return self._uses[block]

    def node_result(self, block: str, node: str) -> NodeResult:
        """What is known about a node; nothing where it does not exist."""
        return self.result(block).nodes.get(node, UNKNOWN)

    def set_state(self, project: Project) -> None:
        """Make `project` the current state and tell everybody what changed."""
        before = self._project
        if project is before:
            return
        self._project = project
        uses = self._uses
        old_problems = self._problems
        touched = self._analyse()
        self.changed.emit(
            Difference(
                before,
                project,
                {
                    name: compare_blocks(before.blocks[name], block)
                    for name, block in project.blocks.items()
                    if name in before.blocks and before.blocks[name] is not block
                },
                tuple(name for name in project.blocks if name not in before.blocks),
                tuple(name for name in before.blocks if name not in project.blocks),
                {MAIN: frozenset(touched)} | self._changed_uses(uses),
                old_problems != self._problems,
                _settings(before) != _settings(project),
            )
        )

    def check_again(self) -> None:
        """Look for problems anew, after something outside of the project became known."""
        problems = self._problems
        self._analyse()
        self.changed.emit(
            Difference(
                self._project,
                self._project,
                problems=problems != self._problems,
                settings=True,
            )
        )

    def _changed_uses(self, before: Mapping[str, BlockResult]) -> dict[str, frozenset[str]]:
        changed: dict[str, frozenset[str]] = {}
        for name in self._project.blocks:
            if name == MAIN:
                continue
            old = before[name].nodes if name in before else {}
            new = self.result(name).nodes
            if old is not new:
                names = old.keys() | new.keys()
                changed[name] = frozenset(n for n in names if old.get(n) != new.get(n))
        return changed

    def _analyse(self) -> set[str]:
        project = self._project
        touched = self._inference.update(project)
        result = self._inference.result
        touched |= self._any_size.update(project, result)
        self._formulas = None
        self._uses = used_blocks(result)
        known = {MAIN: (self._inference.cyclic, self._inference.ways)}
        self._structure = {
            name: self._structure[name]
            if name in self._structure and _same_structure(self._structure[name][0], block)
            else (block, structure_problems(project, name, *known.get(name, ())))
            for name, block in project.blocks.items()
        }
        found = {name: problems for name, (_, problems) in self._structure.items()}
        self._problems = assemble(project, result, found, self._any_size.result, self._uses)
        for check in self._checks:
            self._problems += check(project, result)
        return touched


def _same_structure(before: Block, after: Block) -> bool:
    if before is after:
        return True
    if before.links is not after.links or before.nodes.keys() != after.nodes.keys():
        return False
    others = differing_nodes(before.nodes, after.nodes)
    return all(before.nodes[name].type == after.nodes[name].type for name in others)


def _settings(project: Project) -> tuple[object, ...]:
    return project.name, project.notes, dict(project.data), dict(project.training)
