"""Sizes as expressions over the parameters and inputs of each block.

The same rules as everywhere, run with traced numbers. Inside a block its parameters and the sizes
of its inputs are symbols; at its border they are bound to what the use gives: a size outside is
again an expression over the outer block. From this come constructor arguments that hold for every
use of a block.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from graph.any_size import given_symbols
from graph.inference import Context, infer_block, infer_layer
from graph.layer import Layer
from graph.ports import defaults_of
from graph.results import BlockResult, Cache, NodeResult
from graph.shapes import TensorSpec
from graph.simplest import simplified
from graph.state import EMPTY, MAIN, Block, Project
from graph.term import Operation, Symbol, Term, substitute
from graph.trace import is_symbolic, plain, term_of, traced

_AXES = {
    1: ("features",),
    2: ("steps", "features"),
    3: ("channels", "height", "width"),
}


def infer_symbolic(project: Project) -> BlockResult:
    """The main block and everything inside it, with sizes that carry expressions."""
    values = {name: traced(v, Symbol(name)) for name, v in defaults_of(project.main).items()}
    result = infer_block(project, MAIN, values=values, cache=Cache(), context=_SymbolicContext)
    given = given_symbols(project, result)
    if not given:
        return result
    return infer_block(
        project, MAIN, values=values, given=given, cache=Cache(), context=_SymbolicContext
    )


def input_symbols(block: Block, given: tuple[TensorSpec, ...]) -> list[list[str]]:
    """A name for every size of every input of a block: `in_channels`, `skip_height`, ..."""
    names = block.input_names()
    taken = set(block.parameters)
    symbols: list[list[str]] = []
    for name, spec in zip(names, given, strict=True):
        stem = "in" if len(names) == 1 else name
        axes = _AXES.get(spec.rank) or tuple(f"size_{number}" for number in range(1, spec.rank + 1))
        own = []
        for axis in axes:
            symbol = f"{stem}_{axis}"
            while symbol in taken:
                symbol += "_given"
            taken.add(symbol)
            own.append(symbol)
        symbols.append(own)
    return symbols


FOLLOWED = 3
"""So many repetitions are looked at, at least, where their number depends on a parameter."""

SETTLED = 2
"""So many uses differ at most where the later repetitions are all alike."""


def progression(values: list[Any], count: Any) -> Term | None:
    """What a value becomes after `count` repetitions, if each of them adds the same; else None.

    Args:
        values: before the first repetition, after it, after the second ...
    """
    terms = [simplified(term_of(value)) for value in values]
    steps = [
        simplified(Operation("-", (after, before))) for before, after in itertools.pairwise(terms)
    ]
    if not steps or any(step != steps[0] for step in steps):
        return None
    return simplified(Operation("+", (terms[0], Operation("*", (term_of(count), steps[0])))))


class _SymbolicContext(Context):
    """Computes nodes with traced numbers and binds symbols at the borders of blocks."""

    SHARES_NODES = False

    def enter(
        self, name: str, values: Mapping[str, Any], specs: tuple[TensorSpec, ...]
    ) -> tuple[BlockResult, Mapping[str, TensorSpec]]:
        block = self.project.blocks[name]
        bindings: dict[str, Any] = dict(values)
        inner_values = {key: traced(plain(v), Symbol(key)) for key, v in values.items()}
        inner_specs = []
        for symbols, spec in zip(input_symbols(block, specs), specs, strict=True):
            bindings |= zip(symbols, spec.sizes, strict=True)
            sizes = [traced(plain(n), Symbol(s)) for s, n in zip(symbols, spec.sizes, strict=True)]
            inner_specs.append(replace(spec, sizes=tuple(sizes)))
        result = infer_block(
            self.project,
            name,
            values=inner_values,
            given=tuple(inner_specs),
            cache=self.cache,
            within=self.within,
            context=_SymbolicContext,
        )
        # Inside, equal uses have equal symbols and are shared; what they are bound to is not.
        result = replace(result, bindings=bindings)
        terms = {symbol: term_of(value) for symbol, value in bindings.items()}
        leaving = {
            port: replace(spec, sizes=tuple(_rebound(size, terms) for size in spec.sizes))
            for port, spec in result.outputs.items()
        }
        return result, leaving

    def layer_result(
        self, layer: Layer, received: tuple[tuple[str, TensorSpec | None], ...]
    ) -> NodeResult:
        return infer_layer(layer, received)

    def alike(self, one: tuple[TensorSpec, ...], other: tuple[TensorSpec, ...]) -> bool:
        return one == other and all(
            simplified(term_of(a)) == simplified(term_of(b))
            for left, right in zip(one, other, strict=True)
            for a, b in zip(left.sizes, right.sizes, strict=True)
        )

    def _run(
        self, name: str, values: Mapping[str, Any], specs: tuple[TensorSpec, ...], repeat: int
    ) -> tuple[list[BlockResult], Mapping[str, TensorSpec]]:
        if not is_symbolic(repeat):
            return super()._run(name, values, specs, repeat)
        steps = [specs]
        inner: list[BlockResult] = []
        # A repeat that depends on a parameter may be larger in another use, so the following
        # repetitions must be known even where there is only one.
        for number in range(max(int(repeat), FOLLOWED)):
            result, leaving = self.enter(name, values, steps[-1])
            if result.broken or len(leaving) != 1:
                if number < int(repeat):
                    return [*inner, result], EMPTY
                break
            inner.append(result)
            steps.append(tuple(leaving.values()))
            if self.alike(steps[-2], steps[-1]):
                break
        (reached,) = steps[min(int(repeat), len(steps) - 1)]
        if len(inner) > SETTLED and len({step[0].rank for step in steps}) == 1:
            sizes = zip(*(step[0].sizes for step in steps), strict=True)
            known = [progression(list(one), repeat) for one in sizes]
            reached = replace(
                reached,
                sizes=tuple(
                    size if found is None else traced(plain(size), found)
                    for size, found in zip(reached.sizes, known, strict=True)
                ),
            )
        return inner, {"out": reached}


def _rebound(size: int, terms: Mapping[str, Any]) -> int:
    result: int = traced(plain(size), simplified(substitute(term_of(size), terms)))
    return result
