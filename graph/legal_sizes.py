"""Which sizes of its input a network takes: found by inferring it at some of them.

Two questions have different answers. At which sizes can the network be *built*: all its layers fit
together, and what a layer cuts out of the middle lies in the middle (`Layer.shifted`). And which
sizes can be used with the *same weights*: a Linear layer behind a Flatten, for example, belongs to
one size. The arithmetic of the answer is found in graph/size_pattern.py.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass

from graph.any_size import Sizes, free_axes
from graph.deciding import decide
from graph.edits import Edit
from graph.explain import axis_names
from graph.inference import infer_block
from graph.layer import Layer
from graph.layers.ends import Input
from graph.obstacles import compare_nodes, findings_in
from graph.ports import in_order
from graph.problem import Fix
from graph.results import BlockResult, Cache
from graph.shapes import TensorSpec, size_text
from graph.size_pattern import REACH, SURE, SizePattern, search
from graph.state import MAIN, Project


@dataclass(frozen=True, slots=True)
class LegalAxis:
    """The legal sizes of an axis, while the others are legal.

    Attributes:
        name: "height", "width"; "height and width" where they have to change together.
        axes: which axes of a sample they are, the batch not counted.
        built: the sizes at which the network can be built.
        same: those that the same weights take; None where all do.
    """

    name: str
    axes: tuple[int, ...]
    built: SizePattern
    same: SizePattern | None = None


@dataclass(frozen=True, slots=True)
class LegalSizes:
    """Which sizes of its input a network takes.

    Attributes:
        input: the Input that was asked about, with its present size.
        any_size: whether the input takes any size, so that weights must not depend on it.
        legal: whether the present size is legal.
        axes: one after the other; empty where no legal size was found.
        because: the first node that is in the way of the same weights, if one is.
        nearest: whole sizes that are legal, the largest below and the smallest above the present
            one, where that is not.
        reference: the size whose weights are meant: the present one, if it is legal.
    """

    input: str
    present: Sizes
    any_size: bool
    legal: bool
    axes: tuple[LegalAxis, ...] = ()
    because: str = ""
    nearest: tuple[Sizes, ...] = ()
    reference: Sizes = ()

    def words(self) -> list[str]:
        """The answer in sentences."""
        if not self.axes:
            return [
                f"No legal size was found near {size_text(self.present)}. The network has a "
                f"problem that no size of {self.input} mends."
            ]
        lines = []
        if not self.legal:
            near = " and ".join(size_text(sizes) for sizes in self.nearest)
            nearest = f" The nearest legal ones are {near}." if len(self.nearest) > 1 else ""
            nearest = f" The nearest legal one is {near}." if len(self.nearest) == 1 else nearest
            lines.append(f"{size_text(self.present)} is not legal.{nearest}")
        lines += _sentences([(axis.name, axis.built) for axis in self.axes])
        same = [(axis.name, axis.same) for axis in self.axes if axis.same is not None]
        if same:
            kept = " and ".join(line[:1].lower() + line[1:-1] for line in _sentences(same))
            made = size_text(self.reference)
            lines.append(f"Weights made for {made} fit {kept}, because of {self.because}.")
        return lines

    def fixes(self) -> list[Fix]:
        """Edits that make the present size legal; none where it is."""
        return [
            Fix(f"Make {self.input} {size_text(sizes)}", _resize(self.input, sizes))
            for sizes in self.nearest
        ]


def _resize(name: str, sizes: Sizes) -> Edit:
    return lambda project: decide(project, name, "shape", sizes)


def _sentences(axes: list[tuple[str, SizePattern]]) -> list[str]:
    """Axes with the same answer in one sentence."""
    together: dict[SizePattern, list[str]] = {}
    for name, pattern in axes:
        together.setdefault(pattern, []).append(name)
    lines = []
    for pattern, names in together.items():
        name = " and ".join(names)
        lines.append(f"{name[:1].upper()}{name[1:]}: {pattern.words()}.")
    return lines


def image_inputs(project: Project, result: BlockResult) -> list[str]:
    """The Inputs of the main block whose size can be asked about: images, volumes, and sequences of
    any length."""
    return [
        name
        for name in project.main.input_names()
        if isinstance(layer := result.nodes[name].layer, Input)
        and layer.may_vary()
        and (layer.any_size or any(spec.rank > 2 for spec in result.nodes[name].outputs.values()))
    ]


LegalSearch = Generator[None, None, LegalSizes | None]
"""Infers the network once or twice at each step, and returns the answer."""


def legal_sizes(project: Project, name: str = "") -> LegalSizes | None:
    """Which sizes a network takes; None where it has no input with a size to ask about.

    Args:
        name: the Input to ask about; the first image when empty.
    """
    steps = legal_search(project, name)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            answer: LegalSizes | None = end.value
            return answer


def legal_search(project: Project, name: str = "") -> LegalSearch:
    """Like `legal_sizes`, in small steps, so that a window can do other things in between.

    Other images whose height (or width) is the same change with it.
    """
    present = infer_block(project, MAIN, cache=Cache())
    names = image_inputs(project, present)
    if not names or (name and name not in names):
        return None
    name = name or names[0]
    layer = present.nodes[name].layer
    assert isinstance(layer, Input)  # noqa: S101 - that is what image_inputs looks for
    trial = _Trial(project, present, name, names)
    sizes = trial.sizes
    legal = trial.builds(sizes)
    base = sizes if legal else (yield from _nearest_square(trial, sizes))
    if base is None:
        return LegalSizes(name, sizes, layer.any_size, legal)
    trial.reference = trial.result(base)
    axes: list[LegalAxis] = []
    words = axis_names(len(sizes), layer)
    if len(sizes) == 2:
        words = ("length", "length")
    for axis in trial.axes:
        built = yield from search(trial.along((axis,), base, trial.builds), base[axis])
        axes.append(LegalAxis(words[axis], (axis,), built))
    alone = [axis for axis in axes if axis.built.words() == f"only {base[axis.axes[0]]}"]
    if len(alone) == len(trial.axes) == 2 and base[trial.axes[0]] == base[trial.axes[1]]:
        # Neither can change alone; perhaps both can together.
        both = trial.along(trial.axes, base, trial.builds)
        built = yield from search(both, base[trial.axes[0]])
        axes = [LegalAxis("height and width together", trial.axes, built)]
    because = ""
    for place, one in enumerate(axes):
        other = one.built.above(base[one.axes[0]]) or one.built.below(base[one.axes[0]])
        # One further size tells nearly always whether weights depend on it; a far one always.
        candidates = [n for n in (other, _far(one.built, base[one.axes[0]])) if n is not None]
        differing = ""
        for number in candidates:
            yield
            differing = differing or trial.obstacle(trial.moved(one.axes, base, number))
        if differing:
            because = because or differing
            fits = trial.along(one.axes, base, trial.fits)
            near = max(SURE, 4 * one.built.period)
            same = yield from search(fits, base[one.axes[0]], near)
            axes[place] = LegalAxis(one.name, one.axes, one.built, same)
    nearest = () if legal else _nearest(sizes, axes, layer.any_size, trial)
    return LegalSizes(name, sizes, layer.any_size, legal, tuple(axes), because, nearest, base)


def _far(pattern: SizePattern, number: int) -> int | None:
    # Behind strides, sizes that are near each other come to the same; twice as much does not.
    found = pattern.above(2 * number + 20 * pattern.period)
    return found if found is not None else pattern.below(pattern.last or number)


def _nearest(
    sizes: Sizes, axes: list[LegalAxis], any_size: bool, trial: _Trial
) -> tuple[Sizes, ...]:
    """The largest legal size that is smaller, and the smallest that is larger."""
    found: list[Sizes] = []
    for below in (True, False):
        wish = list(sizes)
        for one in axes:
            pattern = one.same if any_size and one.same is not None else one.built
            number = sizes[one.axes[0]]
            if number in pattern and all(sizes[axis] == number for axis in one.axes):
                continue
            near = pattern.below(number) if below else pattern.above(number)
            for axis in one.axes:
                wish[axis] = near or number
        if tuple(wish) not in (sizes, *found) and trial.builds(tuple(wish)):
            found.append(tuple(wish))
    return tuple(found)


def _nearest_square(trial: _Trial, sizes: Sizes) -> Generator[None, None, Sizes | None]:
    """The nearest legal size of which all free axes are equal."""
    start = max(sizes[axis] for axis in trial.axes)
    for distance in range(REACH):
        for number in dict.fromkeys((start + distance, start - distance)):
            wish = trial.moved(trial.axes, sizes, number)
            if number > 0 and trial.builds(wish):
                return wish
            yield
    return None


def _shifted(result: BlockResult) -> Iterator[str]:
    """What gets out of place at these sizes, although everything can be computed."""
    for node in result.nodes.values():
        for inner in node.inner:
            yield from _shifted(inner)
        layer = node.layer
        if layer is None or type(layer).shifted is Layer.shifted or not node.outputs:
            continue
        why = layer.shifted(*in_order(layer.inputs(), node.inputs))
        if why:
            yield why


class _Trial:
    """Infers a network at other sizes of its input."""

    def __init__(self, project: Project, present: BlockResult, name: str, names: list[str]) -> None:
        self.project = project
        self.axes = free_axes(project, present, name)
        self.reference = present
        self._names = names
        # An Input that is wrong in itself says so whatever it is given.
        self._given = {
            one: present.nodes[one].outputs.get("out", TensorSpec(()))
            for one in project.main.input_names()
        }
        self.sizes: Sizes = self._given[name].sizes
        # What is wrong whatever the size is.
        self._known = {
            (path, node)
            for path, _, node, finding in findings_in(present)
            if finding.code not in ("size", "shares")
        }
        self._cache = Cache()
        self._results: dict[Sizes, BlockResult] = {}
        self._suspects: dict[str, None] = {}

    def moved(self, axes: tuple[int, ...], sizes: Sizes, number: int) -> Sizes:
        """The sizes with another number on some axes."""
        return tuple(number if axis in axes else size for axis, size in enumerate(sizes))

    def along(
        self, axes: tuple[int, ...], sizes: Sizes, legal: Callable[[Sizes], bool]
    ) -> Callable[[int], bool]:
        """A question about sizes as one about a single number."""
        return lambda number: legal(self.moved(axes, sizes, number))

    def result(self, sizes: Sizes) -> BlockResult:
        """The network at other sizes."""
        if sizes not in self._results:
            given = tuple(
                spec.with_sizes(*self._like(spec.sizes, sizes)) if name in self._names else spec
                for name, spec in self._given.items()
            )
            self._cache.keep_small()
            found = infer_block(self.project, MAIN, given=given, cache=self._cache)
            self._results[sizes] = found
        return self._results[sizes]

    def _like(self, given: Sizes, sizes: Sizes) -> Sizes:
        """The size of another image: where it was equal it stays equal."""
        if len(given) != len(self.sizes):
            return given
        return tuple(
            sizes[axis] if axis in self.axes and size == self.sizes[axis] else size
            for axis, size in enumerate(given)
        )

    def builds(self, sizes: Sizes) -> bool:
        """Whether all layers fit together at these sizes, and branches lie on each other."""
        result = self.result(sizes)
        if not result.broken and not result.sharing:
            return not any(_shifted(result))
        return not any(_shifted(result)) and all(
            (path, node) in self._known for path, _, node, _ in findings_in(result)
        )

    def obstacle(self, sizes: Sizes) -> str:
        """The first node that would need other weights than at the reference; empty if none."""
        here, there = self.reference, self.result(sizes)
        # Whatever was in the way once is looked at first.
        for name in (*self._suspects, *here.nodes):
            node, other = here.nodes[name], there.nodes[name]
            for found in compare_nodes(MAIN, (), name, node, other, ("", "")):
                self._suspects.setdefault(name)
                return found.node
        return ""

    def fits(self, sizes: Sizes) -> bool:
        """Whether the weights of the reference can be used at these sizes."""
        return self.builds(sizes) and not self.obstacle(sizes)
