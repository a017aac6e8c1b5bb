"""The memory of everything that flows, and what of it is kept for the backward pass.

The rule: every operation makes its outputs, except that a view (Flatten, Reshape) lies in the
memory of its input. Autograd keeps what graph/kept.py says, each tensor once however many
operations need it, and only where gradients flow: behind the first weights that learn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graph.kept import Kept, bytes_of, kept_by
from graph.order import links_by_target
from graph.ports import in_order
from graph.results import BlockResult, NodeResult
from graph.state import Link, Node, Project


@dataclass(slots=True)
class _Storage:
    """The memory of one tensor.

    Attributes:
        owner: the node that made it.
        learns: whether gradients flow back to it.
        place: which input of the block it is; None for what is made inside.
    """

    owner: str
    size: int
    learns: bool
    place: int | None = None
    kept: bool = False


@dataclass(frozen=True, slots=True)
class _Given:
    """What leaves a block: one of its inputs as it was, or something that was made inside."""

    place: int | None
    size: int
    learns: bool
    kept: bool


@dataclass(frozen=True, slots=True)
class _Use:
    """What one use of a block does, as seen from outside: what is made and kept inside, apart from
    what leaves; which inputs are kept; what leaves."""

    made: int
    kept: int
    takes: tuple[bool, ...]
    gives: tuple[_Given, ...]


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a layer's node does, wherever it stands."""

    kept: Kept
    sizes: Mapping[str, int]
    has_weights: bool


MOST_KEPT = 50_000


class MemoryCounter:
    """Counts memory, and remembers what it found for nodes and uses that do not change."""

    def __init__(self) -> None:
        # Results are held, so that no other one gets the same identity.
        self._facts: dict[int, tuple[NodeResult, _Facts]] = {}
        self._uses: dict[tuple[int, bool, tuple[bool, ...]], tuple[BlockResult, _Use]] = {}

    def forget_blocks(self) -> None:
        """A block changed: what was found inside of uses may not hold any more."""
        self._uses.clear()

    def count(
        self, project: Project, result: BlockResult, *, learns: bool
    ) -> tuple[dict[str, int], dict[str, int]]:
        """By node, the bytes that it makes for one sample, and those of them that are kept.

        Args:
            learns: whether gradients flow back to what comes into the block.
        """
        if len(self._facts) + len(self._uses) > MOST_KEPT:
            self._facts.clear()
            self._uses.clear()
        inputs = len(project.blocks[result.name].input_names())
        walk = _Walk(self, project, result, (learns,) * inputs, frozen=False)
        return walk.made, walk.kept

    def facts(self, found: NodeResult) -> _Facts | None:
        """What is known of a node that is a layer and fits; None for others."""
        layer = found.layer
        if layer is None or not found.outputs:
            return None
        known = self._facts.get(id(found))
        if known is None:
            received = in_order(layer.inputs(), found.inputs)
            facts = _Facts(
                kept_by(layer, received, list(found.outputs.values())),
                {port: bytes_of(spec) for port, spec in found.outputs.items()},
                bool(layer.weights(*received)),
            )
            known = self._facts[id(found)] = (found, facts)
        return known[1]

    def use(
        self, project: Project, result: BlockResult, learns: tuple[bool, ...], *, frozen: bool
    ) -> _Use:
        """What one use of a block does.

        Args:
            learns: of every input, whether gradients flow back to it.
            frozen: whether the weights inside do not learn.
        """
        key = (id(result), frozen, learns)
        known = self._uses.get(key)
        if known is None:
            walk = _Walk(self, project, result, learns, frozen=frozen)
            known = self._uses[key] = (result, walk.as_use())
        return known[1]


class _Walk:
    """Follows every tensor through one use of a block.

    Attributes:
        made: by node, the bytes that it makes.
        kept: by node, the bytes that are kept of it for the backward pass.
    """

    def __init__(
        self,
        counter: MemoryCounter,
        project: Project,
        result: BlockResult,
        learns: tuple[bool, ...],
        *,
        frozen: bool,
    ) -> None:
        self._counter, self._project, self._frozen = counter, project, frozen
        self.made: dict[str, int] = {}
        self.kept: dict[str, int] = {}
        self._storages: list[_Storage] = []
        self._at: dict[tuple[str, str], _Storage] = {}
        self._leaving: dict[str, _Storage] = {}
        block = project.blocks[result.name]
        places = {name: place for place, name in enumerate(block.input_names())}
        incoming = links_by_target(block)
        for name in result.order:
            node, found = block.nodes[name], result.nodes[name]
            sources = self._sources(incoming.get(name, ()), found)
            if name in places:
                self._enter(name, found, places[name], learns[places[name]])
            elif node.type == "Output" and not node.is_block:
                self._leaving.update(zip([name], sources, strict=False))
            elif found.inner:
                self._block(node, found, sources)
            else:
                self._layer(name, found, sources)
        for storage in self._storages:
            if storage.kept:
                self._keep(storage.owner, storage.size)
        self._entering = [self._at[name, "out"] for name in places]
        self._leaving = {n: self._leaving[n] for n in block.output_names() if n in self._leaving}

    def as_use(self) -> _Use:
        """All of it as seen from outside, where what enters and leaves is counted."""
        border = {id(s): s for s in [*self._entering, *self._leaving.values()]}.values()
        return _Use(
            made=sum(self.made.values()) - sum(s.size for s in border),
            kept=sum(self.kept.values()) - sum(s.size for s in border if s.kept),
            takes=tuple(s.kept for s in self._entering),
            gives=tuple(_Given(s.place, s.size, s.learns, s.kept) for s in self._leaving.values()),
        )

    def _sources(self, links: Iterable[Link], found: NodeResult) -> list[_Storage]:
        """What enters a node, in the order of its ports."""
        entering = {link.input: self._at.get((link.source, link.output)) for link in links}
        names = dict.fromkeys([*found.inputs, *entering])
        return [storage for name in names if (storage := entering.get(name)) is not None]

    def _new(self, owner: str, size: int, learns: bool) -> _Storage:
        storage = _Storage(owner, size, learns)
        self._storages.append(storage)
        self.made[owner] = self.made.get(owner, 0) + size
        return storage

    def _keep(self, owner: str, size: int) -> None:
        self.kept[owner] = self.kept.get(owner, 0) + size

    def _enter(self, name: str, found: NodeResult, place: int, learns: bool) -> None:
        spec = found.outputs.get("out")
        size = 0 if spec is None else bytes_of(spec)
        storage = self._new(name, size, learns and spec is not None and spec.dtype == "float")
        storage.place = place
        self._at[name, "out"] = storage

    def _learned(self, found: NodeResult) -> bool:
        """Whether the weights of a node learn, if it has any."""
        count = int(found.parameters)
        return not self._frozen and not (count and int(found.frozen_parameters) == count)

    def _layer(self, name: str, found: NodeResult, sources: list[_Storage]) -> None:
        facts = self._counter.facts(found)
        if facts is None:  # bypassed, or with a problem
            for port in found.outputs if sources else ():
                self._at[name, port] = sources[0]
            return
        kept = facts.kept
        reached = any(storage.learns for storage in sources)
        learns = kept.learns and (reached or (facts.has_weights and self._learned(found)))
        is_view = kept.view and bool(sources)
        made = [
            sources[0] if is_view else self._new(name, size, learns)
            for size in facts.sizes.values()
        ]
        self._at |= {(name, port): s for port, s in zip(facts.sizes, made, strict=True)}
        if learns:
            for storage in (sources if kept.inputs else []) + (made if kept.outputs else []):
                storage.kept = True
            if kept.extra:
                self._keep(name, round(kept.extra))

    def _block(self, node: Node, found: NodeResult, sources: list[_Storage]) -> None:
        frozen = not self._learned(found)
        for number in range(int(found.repeat)):
            inner = found.inner[min(number, len(found.inner) - 1)]
            if len(sources) < len(inner.given):
                return  # something inside does not fit, so that nothing goes on
            learns = tuple(storage.learns for storage in sources)
            use = self._counter.use(self._project, inner, learns, frozen=frozen)
            self.made[node.name] = self.made.get(node.name, 0) + use.made
            self._keep(node.name, use.kept)
            for storage, taken in zip(sources, use.takes, strict=False):
                storage.kept = storage.kept or taken
            sources = [self._given(node.name, one, sources) for one in use.gives]
        for port, storage in zip(found.outputs, sources, strict=False):
            self._at[node.name, port] = storage

    def _given(self, owner: str, one: _Given, sources: list[_Storage]) -> _Storage:
        if one.place is not None:
            return sources[one.place]
        storage = self._new(owner, one.size, one.learns)
        storage.kept = one.kept
        return storage
