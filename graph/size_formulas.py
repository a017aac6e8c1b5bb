"""Sizes as formulas over the height and width of an input of any size: `⌊H / 2⌋ − 4`.

The network is inferred once with symbols (graph/symbolic.py). Rules that decide by the size give a
formula that holds only near the example; such a formula is not shown.
"""

from __future__ import annotations

from collections.abc import Mapping

from graph.any_size import AnySize, free_inputs, symbols_of
from graph.explain import LONGEST_FORMULA, Line, axis_names
from graph.results import BlockResult
from graph.simplest import simplified
from graph.state import MAIN, Project
from graph.symbolic import infer_symbolic
from graph.term import COMPUTE, Constant, Symbol, Term, substitute, symbols, to_text
from graph.trace import plain, term_of


class SizeFormulas:
    """The formulas of one state of a project; made when they are first asked for."""

    def __init__(self, project: Project, any_size: AnySize) -> None:
        self._project = project
        self._any_size = any_size
        self._uses: dict[str, tuple[BlockResult, Mapping[str, Term]]] | None = None

    def of(self, block: str, node: str, only: str = "") -> list[Line]:
        """A line for every size at the outputs of a node that depends on the input: of an Output,
        at its input. Inside a block as it is first used in the network.

        Args:
            only: the port to say it of; all when empty.
        """
        pair = self._any_size.pair(block)
        # With symbols the whole network is inferred, which takes long where it is large.
        use = self._symbolic().get(block) if pair is not None else None
        if pair is None or use is None or node not in use[0].nodes:
            return []
        result, terms = use
        found = result.nodes[node]
        lines = []
        ports = found.outputs or {name: spec for name, spec in found.inputs.items() if spec}
        for place, (port, spec) in enumerate(ports.items()):
            if only not in ("", port):
                continue
            names = axis_names(spec.rank, found.layer)
            named = port if place and not only else ""
            for axis, size in enumerate(spec.sizes):
                term = simplified(substitute(term_of(size), terms))
                if self._holds(term, pair, node, port, axis):
                    text = to_text(term, mathematical=True)
                    if len(text) <= LONGEST_FORMULA:
                        lines.append(Line(names[axis], text, int(plain(size)), named))
        return lines

    def _symbolic(self) -> Mapping[str, tuple[BlockResult, Mapping[str, Term]]]:
        """The first use of every block, and what its symbols are worth outside."""
        if self._uses is None:
            self._uses = {}
            waiting: list[tuple[BlockResult, Mapping[str, Term]]] = [
                (infer_symbolic(self._project), self._parameters())
            ]
            while waiting:
                result, terms = waiting.pop(0)
                if result.name in self._uses:
                    continue
                self._uses[result.name] = (result, terms)
                for node in result.nodes.values():
                    for inner in node.inner:
                        bound = {
                            symbol: simplified(substitute(term_of(value), terms))
                            for symbol, value in inner.bindings.items()
                        }
                        waiting.append((inner, bound))
        return self._uses

    def _parameters(self) -> Mapping[str, Term]:
        """The network's own parameters are numbers here."""
        return {
            name: Constant(parameter.default)
            for name, parameter in self._project.main.parameters.items()
        }

    def _holds(
        self, term: Term, pair: tuple[BlockResult, BlockResult], node: str, port: str, axis: int
    ) -> bool:
        """Whether a formula depends on the input, and gives the right numbers at both sizes."""
        if not symbols(term):
            return False
        mains = self._any_size.pair(MAIN)
        assert mains is not None  # noqa: S101 - there is a pair of every block, or none
        for main, result in zip(mains, pair, strict=True):
            found = result.nodes.get(node)
            spec = found and (found.outputs.get(port) or found.inputs.get(port))
            if not spec or _value(term, self._letters(main)) != spec.sizes[axis]:
                return False
        return True

    def _letters(self, main: BlockResult) -> Mapping[str, int]:
        here = self._any_size.here
        assert here is not None  # noqa: S101 - as above
        letters = symbols_of(self._project, free_inputs(self._project, here), here)
        return {
            letter: int(main.nodes[name].outputs["out"].sizes[axis])
            for name, own in letters.items()
            for axis, letter in own.items()
        }


def _value(term: Term, letters: Mapping[str, int]) -> int | None:
    """What a formula is worth; None where it holds something unknown."""
    if isinstance(term, Constant):
        return int(term.value)
    if isinstance(term, Symbol):
        return letters.get(term.name)
    values = [_value(operand, letters) for operand in term.operands]
    known = [value for value in values if value is not None]
    if len(known) != len(values):
        return None
    function = {"min": min, "max": max}.get(term.operator) or COMPUTE[term.operator]
    return int(function(*known))
