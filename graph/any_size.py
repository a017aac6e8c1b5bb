"""Inputs of any size: which sizes depend on them, and which nodes keep the network from it.

The network is inferred at a second legal size, kept up to date like the first. Whatever size
differs between the two depends on the input; a weight or an argument of a module that differs is
fixed when the network is made, so its node needs a fixed size (graph/obstacles.py). As problems:
graph/any_size_problems.py; which sizes are legal: graph/legal_sizes.py; as formulas:
graph/size_formulas.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from graph.edits import with_block
from graph.explain import axis_names
from graph.incremental import BlockInference
from graph.inference import infer_block
from graph.layers.ends import Input
from graph.obstacles import Obstacle, compare_nodes, findings_in
from graph.results import UNKNOWN, BlockResult, Cache, NodeResult
from graph.shapes import TensorSpec
from graph.state import MAIN, Node, Project, frozen, nothing
from graph.term import Symbol
from graph.trace import plain, traced

Sizes = tuple[int, ...]
Free = Mapping[str, tuple[int, ...]]
"""By the name of an Input of the main block, its axes that may have any size."""

STEPS = ((64, 128), (64, 64), (960, 960), (13_440, 13_440), (1, 1), (2, 2), (4, 4))
"""How much larger the second size is, in height and width: where one size is legal, usually all in
steps of 16 or 32 are; the last ones are for networks with an upper limit."""


@dataclass(frozen=True)
class AnySize:
    """What is known about inputs of any size; empty where there are none.

    Attributes:
        free: which axes of which Inputs may have any size.
        here: the sizes at the example that is shown.
        there: the sizes at another example; None where no other one was found that is legal.
        obstacles: the nodes that need a fixed size.
    """

    free: Free = field(default_factory=nothing)
    here: BlockResult | None = None
    there: BlockResult | None = None
    obstacles: tuple[Obstacle, ...] = ()
    _uses: dict[str, tuple[BlockResult, BlockResult]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def pair(self, block: str) -> tuple[BlockResult, BlockResult] | None:
        """The results of a block at both sizes, as it is first used in the network."""
        if self.here is None or self.there is None:
            return None
        if not self._uses:
            self._uses[MAIN] = (self.here, self.there)
            for one, other in _inner_pairs(self.here, self.there):
                self._uses.setdefault(one.name, (one, other))
        return self._uses.get(block)

    def depends(self, block: str, node: str, port: str) -> tuple[bool, ...]:
        """For every axis of what leaves a port, whether its size depends on that of the input."""
        pair = self.pair(block)
        if pair is None:
            return ()
        sizes = [
            result.nodes[node].outputs[port].sizes
            for result in pair
            if node in result.nodes and port in result.nodes[node].outputs
        ]
        if len(sizes) != 2 or len(sizes[0]) != len(sizes[1]):
            return ()
        return tuple(one != other for one, other in zip(*sizes, strict=True))


FIXED = AnySize()
"""For networks whose inputs all have fixed sizes."""


def _inner_pairs(
    here: BlockResult, there: BlockResult
) -> Iterator[tuple[BlockResult, BlockResult]]:
    """The uses of blocks inside, outer ones first."""
    waiting = [(here, there)]
    seen: set[int] = set()
    while waiting:
        one, other = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        for name, node in one.nodes.items():
            following = other.nodes.get(name, UNKNOWN).inner
            inner = list(zip(node.inner, following, strict=False))
            yield from inner
            waiting += inner


# --- what may vary -------------------------------------------------------------------------------


def free_inputs(project: Project, result: BlockResult) -> Free:
    """The Inputs of the main block that take any size.

    Args:
        result: the sizes of the main block.
    """
    found = {}
    for name in project.main.input_names():
        layer = result.nodes[name].layer if name in result.nodes else None
        if isinstance(layer, Input) and layer.any_size and layer.may_vary():
            found[name] = free_axes(project, result, name)
    return frozen(found)


def free_axes(project: Project, result: BlockResult, name: str) -> tuple[int, ...]:
    """The axes of an Input that could have any size: all behind the channels; of a sequence the
    steps, which come last or first, as the layer that reads it wants."""
    rank = result.nodes[name].outputs["out"].rank
    if rank > 2:
        return tuple(range(1, rank))
    return (1,) if rank == 2 and _channels_first(project, result, name) else (0,)


def _channels_first(project: Project, result: BlockResult, name: str) -> bool:
    """Whether the first layer that cares reads two axes as channels and length."""
    block = project.blocks[result.name]
    waiting, seen = [name], {name}
    while waiting:
        current = waiting.pop(0)
        for link in block.links:
            if link.source != current or link.target in seen or link.target not in result.nodes:
                continue
            seen.add(link.target)
            target = result.nodes[link.target]
            if target.inner:
                inner = target.inner[0]
                names = project.blocks[inner.name].input_names()
                start = link.input if link.input in names else names[0]
                if _channels_first(project, inner, start):
                    return True
            elif target.layer is not None:
                if axis_names(2, target.layer)[0] == "channels":
                    return True
                waiting.append(link.target)
    return False


def _resized(node: Node, size: Sizes) -> Node:
    return replace(node, arguments=frozen({**node.arguments, "shape": size}))


def _with_nodes(project: Project, nodes: Mapping[str, Node]) -> Project:
    main = replace(project.main, nodes=frozen({**project.main.nodes, **nodes}))
    return with_block(project, MAIN, main)


def symbols_of(project: Project, free: Free, result: BlockResult) -> dict[str, dict[int, str]]:
    """The letters for free axes, by Input and axis: `H` and `W`, `L` for a sequence. Inputs whose
    examples have different sizes have letters of their own."""
    taken: dict[str, int] = {}
    found: dict[str, dict[int, str]] = {}
    for name, axes in free.items():
        sizes = result.nodes[name].outputs["out"].sizes
        letters = "DHW"[-len(axes) :] if len(sizes) > 2 else "L"
        found[name] = {}
        for axis, letter in zip(axes, letters, strict=True):
            size = int(sizes[axis])
            if letter in project.main.parameters or taken.get(letter, size) != size:
                letter = f"{letter}_{name}"
            taken[letter] = size
            found[name][axis] = letter
    return found


def given_symbols(project: Project, result: BlockResult) -> tuple[TensorSpec, ...]:
    """What the Inputs of the main block give, with free sizes as symbols; empty where none is.

    Args:
        result: the sizes of the main block.
    """
    free = free_inputs(project, result)
    names = project.main.input_names()
    specs = [result.nodes[name].outputs.get("out") for name in names]
    if not free or None in specs:
        return ()
    letters = symbols_of(project, free, result)
    given = []
    for name, spec in zip(names, specs, strict=True):
        assert spec is not None  # noqa: S101 - returned above
        own = letters.get(name, {})
        sizes = tuple(
            traced(plain(size), Symbol(own[axis])) if axis in own else size
            for axis, size in enumerate(spec.sizes)
        )
        given.append(replace(spec, sizes=sizes))
    return tuple(given)


def result_at(
    project: Project, result: BlockResult, sizes: Mapping[str, Sizes]
) -> BlockResult | None:
    """The network at other sizes of its inputs; None where it does not take them.

    Args:
        result: the sizes of the main block at the example.
    """
    free = free_inputs(project, result)
    given = []
    for name in project.main.input_names():
        spec = result.nodes[name].outputs.get("out")
        if spec is None:
            return None
        wanted = sizes.get(name, spec.sizes)
        fixed = set(range(spec.rank)) - set(free.get(name, ()))
        if len(wanted) != spec.rank or any(wanted[axis] != spec.sizes[axis] for axis in fixed):
            return None
        given.append(spec.with_sizes(*wanted))
    found = infer_block(project, MAIN, given=tuple(given), cache=Cache())
    known = {(path, node) for path, _, node, _ in findings_in(result)}
    if any((path, node) not in known for path, _, node, _ in findings_in(found)):
        return None
    return found


# --- kept up to date -----------------------------------------------------------------------------


_Compared = tuple[NodeResult, NodeResult, object, list[Obstacle]]
"""A node at both sizes, which of its sizes differ, and what keeps it from taking both."""


_NEVER: _Compared = (UNKNOWN, UNKNOWN, None, [])


class AnySizeInference:
    """What is known about inputs of any size of a network that is being edited."""

    def __init__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self.result = FIXED
        self._second = BlockInference(MAIN)
        self._step = (STEPS[0], False)
        self._resized: dict[str, tuple[Node, Sizes, Node]] = {}
        self._compared: dict[str, _Compared] = {}
        self._words = ("", "")

    def update(self, project: Project, result: BlockResult) -> set[str]:
        """Bring it up to date with a project and the sizes of its main block; the nodes whose
        sizes depend on the input in another way than before."""
        free = free_inputs(project, result)
        if not free:
            if self.result is FIXED:
                return set()
            self._forget()
            return set(project.main.nodes)
        refusal = self._find_second(project, result, free)
        before, self._compared = self._compared, {}
        if refusal is not None:
            self.result = AnySize(free, result, None, (refusal,))
            return set(project.main.nodes)
        there = self._second.result
        words = (_size_of(result, free), _size_of(there, free))
        self._compare(before if words == self._words else {}, result, there, words)
        self._words = words
        obstacles = [one for *_, found in self._compared.values() for one in found]
        self.result = AnySize(free, result, there, tuple(obstacles))
        names = before.keys() | self._compared.keys()
        return {
            name
            for name in names
            if before.get(name, _NEVER)[2] != self._compared.get(name, _NEVER)[2]
        }

    def _find_second(self, project: Project, result: BlockResult, free: Free) -> Obstacle | None:
        """Infer at a second legal size; where there is none, the node that refuses it."""
        first: Obstacle | None = None
        # Several images grow by as much each, as an image and its smaller mask do, or in
        # proportion, as an image and its half do.
        ways = [(step, False) for step in STEPS]
        ways += [(step, True) for step in STEPS if len(free) > 1]
        for step in (self._step, *(way for way in ways if way != self._step)):
            self._second.update(self._variant(project, result, free, *step))
            refused = self._refused(result, self._second.result, free)
            if refused is None:
                self._step = step
                return None
            first = first or refused
        self._step = (STEPS[0], False)
        return first

    def _variant(
        self,
        project: Project,
        result: BlockResult,
        free: Free,
        step: tuple[int, int],
        in_proportion: bool,
    ) -> Project:
        nodes = {}
        largest = max(
            result.nodes[name].outputs["out"].sizes[axis]
            for name, axes in free.items()
            for axis in axes
        )
        for name, axes in free.items():
            node, sizes = project.main.nodes[name], list(result.nodes[name].outputs["out"].sizes)
            for place, axis in enumerate(axes):
                more = step[place == len(axes) - 1]
                sizes[axis] += more * sizes[axis] // largest if in_proportion else more
            known = self._resized.get(name)
            # The same node as last time, so that what follows from it need not be computed again.
            if known is None or known[0] is not node or known[1] != tuple(sizes):
                known = (node, tuple(sizes), _resized(node, tuple(sizes)))
                self._resized[name] = known
            nodes[name] = known[2]
        return _with_nodes(project, nodes)

    def _refused(self, here: BlockResult, there: BlockResult, free: Free) -> Obstacle | None:
        """The first node that takes the size here, but not there."""
        if not there.broken:
            return None
        known = {(path, node) for path, _, node, _ in findings_in(here)}
        for path, block, node, finding in findings_in(there):
            if (path, node) not in known:
                about = f"for an input of {_size_of(there, free)} it {_predicate(finding.text)}"
                return Obstacle(path, block, node, about, refuses=True)
        return None

    def _compare(
        self,
        before: Mapping[str, _Compared],
        here: BlockResult,
        there: BlockResult,
        words: tuple[str, str],
    ) -> None:
        """Compare all nodes at both sizes; those that are the same as before need no work."""
        for name, node in here.nodes.items():
            other = there.nodes.get(name)
            if other is None:
                continue
            known = before.get(name)
            if known is None or known[0] is not node or known[1] is not other:
                found = list(compare_nodes(MAIN, (), name, node, other, words))
                known = (node, other, _differences(node, other), found)
            self._compared[name] = known


def _size_of(result: BlockResult, free: Free) -> str:
    return str(result.nodes[next(iter(free))].outputs["out"])


def _predicate(text: str) -> str:
    return f"cannot be: {text}" if text.startswith(("the ", "no ")) else text


def _differences(here: NodeResult, there: NodeResult) -> object:
    """Which sizes of a node's outputs differ; None where none does."""
    if here.outputs == there.outputs:
        return None
    return tuple(
        (port, tuple(a != b for a, b in zip(spec.sizes, there.outputs[port].sizes, strict=False)))
        for port, spec in here.outputs.items()
        if port in there.outputs
    )
