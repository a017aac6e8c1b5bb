"""Sizes as expressions over the parameters and inputs of each block.

The same rules as everywhere, run with traced numbers. Inside a block its parameters and the sizes
of its inputs are symbols; at its border they are bound to what the use gives: a size outside is
again an expression over the outer block. From this come constructor arguments that hold for every
use of a block.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from graph.inference import Context, infer_block, infer_layer
from graph.layer import Layer
from graph.ports import defaults_of
from graph.results import BlockResult, Cache, NodeResult
from graph.shapes import TensorSpec
from graph.state import MAIN, Block, Project
from graph.term import Symbol, simplified, substitute
from graph.trace import is_symbolic, plain, term_of, traced

_AXES = {
    1: ("features",),
    2: ("steps", "features"),
    3: ("channels", "height", "width"),
}


def infer_symbolic(project: Project) -> BlockResult:
    """The main block and everything inside it, with sizes that carry expressions."""
    values = {name: traced(v, Symbol(name)) for name, v in defaults_of(project.main).items()}
    return infer_block(project, MAIN, values=values, cache=Cache(), context=_SymbolicContext)


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

    def uses(self, repeat: int) -> int:
        # A repeat that depends on a parameter may be larger in another use, so the second
        # repetition must be known even where there is only one.
        return max(int(repeat), 3) if is_symbolic(repeat) else int(repeat)


def _rebound(size: int, terms: Mapping[str, Any]) -> int:
    result: int = traced(plain(size), simplified(substitute(term_of(size), terms)))
    return result
