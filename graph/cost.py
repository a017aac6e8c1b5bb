"""What a network costs: weights, multiply-adds, memory, and how much of the input each node sees.

Weights and multiply-adds come with the sizes (graph/results.py). What takes a walk along the links
is in graph/memory.py and graph/field.py. It is done when somebody asks, not for every edit; what
was found for an unchanged node is used again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import is_not

from graph.field import FieldCounter, Sees
from graph.memory import MemoryCounter
from graph.results import BlockResult
from graph.state import Block, Project

WEIGHT_BYTES = 4
"""Of one weight, its gradient, or one number of the optimiser; all are kept in float32."""


@dataclass(frozen=True, slots=True)
class NodeCost:
    """What one node costs.

    Attributes:
        parameters: values of its weights.
        frozen_parameters: those of them that are not learned.
        multiply_adds: for one sample.
        output_bytes: the memory of everything that it makes, for one sample.
        kept_bytes: the memory that is kept of that for the backward pass, for one sample.
        sees: how much of the input one of its values depends on.
    """

    parameters: int = 0
    frozen_parameters: int = 0
    multiply_adds: int = 0
    output_bytes: int = 0
    kept_bytes: int = 0
    sees: Sees = None


@dataclass(frozen=True, slots=True)
class Memory:
    """What a training needs, in bytes; without the working memory of single operations."""

    weights: int
    gradients: int
    optimizer: int
    activations: int

    @property
    def total(self) -> int:
        """All together."""
        return self.weights + self.gradients + self.optimizer + self.activations


@dataclass(frozen=True, slots=True)
class BlockCost:
    """What the nodes of a block cost, and all of them together."""

    nodes: Mapping[str, NodeCost] = field(default_factory=dict)
    parameters: int = 0
    frozen_parameters: int = 0
    multiply_adds: int = 0
    output_bytes: int = 0
    kept_bytes: int = 0

    def training_memory(self, batch_size: int, optimizer_states: int) -> Memory:
        """The memory of a training step.

        Args:
            optimizer_states: how many numbers the optimiser remembers for each weight: none for
                plain steps, one for momentum, two for Adam.
        """
        weights = WEIGHT_BYTES * self.parameters
        learned = WEIGHT_BYTES * (self.parameters - self.frozen_parameters)
        return Memory(weights, learned, optimizer_states * learned, batch_size * self.kept_bytes)


def memory_text(count: int) -> str:
    """`512 B`, `61.5 kB`, `2.27 MB`, `1.20 GB`: three digits, in thousands."""
    number, unit = float(count), "B"
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if number < 999.5 or unit == "TB":
            break
        number /= 1000
    if unit == "B":
        return f"{count} B"
    digits = 2 if number < 9.995 else 1 if number < 99.95 else 0
    return f"{number:,.{digits}f} {unit}"


class CostCounter:
    """Counts, and remembers what it found for nodes and uses of blocks that do not change."""

    def __init__(self) -> None:
        self._memory = MemoryCounter()
        self._fields = FieldCounter()
        self._inside: Mapping[str, Block] = {}
        self._last: tuple[list[object], BlockCost] = ([], BlockCost())

    def count(self, project: Project, result: BlockResult, *, alone: bool = False) -> BlockCost:
        """The cost of a block.

        Args:
            result: what was found in it.
            alone: whether it is a block that is looked at by itself: gradients then flow back to
                what comes in, as they do within a network.
        """
        if not self._same_inside(project, result.name):
            self._memory.forget_blocks()
            self._fields.forget_blocks()
            self._last = ([], BlockCost())
        # Objects and not their identities, which others get when these are gone.
        asked: list[object] = [
            result.name,
            alone,
            project.blocks[result.name].links,
            result.order,
            *result.nodes.values(),
        ]
        known, cost = self._last
        if len(asked) != len(known) or any(map(is_not, asked, known)):
            cost = self._count(project, result, alone=alone)
            self._last = (asked, cost)
        return cost

    def _same_inside(self, project: Project, name: str) -> bool:
        """Whether the other blocks are those of the last time; remembers them."""
        before = self._inside
        self._inside = {key: block for key, block in project.blocks.items() if key != name}
        return before.keys() == self._inside.keys() and all(
            before[key] is block for key, block in self._inside.items()
        )

    def _count(self, project: Project, result: BlockResult, *, alone: bool) -> BlockCost:
        made, kept = self._memory.count(project, result, learns=alone)
        fields = self._fields.fields(project, result)
        nodes = {}
        for name in result.order:
            found = result.nodes[name]
            nodes[name] = NodeCost(
                int(found.parameters),
                int(found.frozen_parameters),
                int(found.multiply_adds),
                made.get(name, 0),
                kept.get(name, 0),
                next(iter(fields[name].values()), None),
            )
        return BlockCost(
            nodes,
            int(result.parameters),
            int(result.frozen_parameters),
            int(result.multiply_adds),
            sum(made.values()),
            sum(kept.values()),
        )
