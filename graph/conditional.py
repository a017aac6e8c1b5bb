"""Nodes that are there only under a condition on the block's parameters.

Where it does not hold, what comes in at the first input goes on as it is, as if the node were
bypassed. For one value of the parameters a node is there or not; with symbols (graph/symbolic.py)
both are known, and so both are in the code.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from graph.expression import Expression, ExpressionError
from graph.ports import input_ports, output_ports, why_nothing_passes
from graph.results import Finding, NodeResult
from graph.shapes import TensorSpec
from graph.simplest import simplified
from graph.state import Block, BlockParameter, Link, Node, Project
from graph.term import Symbol, constants
from graph.trace import either, is_symbolic, plain, symbols_of, term_of, traced, where
from graph.truth import implied

if TYPE_CHECKING:
    from graph.inference import Context


class ConditionError(ValueError):
    """A condition that cannot be used; the text says why, to be read after the node's name."""


def condition_of(node: Node) -> Expression:
    """The condition as an expression."""
    return Expression(node.settings.only_if.strip().removeprefix("=").strip())


def holds(node: Node, values: Mapping[str, Any]) -> Any:
    """Whether a node is there, given the block's parameters; traced where they are.

    Raises:
        ConditionError: where that cannot be said.
    """
    condition = condition_of(node)
    try:
        result = condition.evaluate(values)
        names = condition.names()
    except ExpressionError as error:
        raise ConditionError(f"has a condition that cannot be computed: {error}") from None
    if not isinstance(plain(result), bool):
        raise ConditionError(f'is there only if "{condition.text}", which is not true or false')
    if not names:
        raise ConditionError(
            f'is there only if "{condition.text}", which uses no parameter of the block; bypass '
            "the node instead, or clear the condition"
        )
    return result


def refusal(project: Project, block: Block, node: Node) -> str:
    """Why a node cannot have a condition, to be read after its name; empty where it can."""
    text = why_nothing_passes(input_ports(project, node, block), output_ports(project, node, block))
    if text:
        return f"cannot depend on a condition: {text}"
    if node.settings.shares:
        return f"cannot depend on a condition, since it uses the weights of {node.settings.shares}"
    return ""


def with_assumption(
    context: Context, links: Iterable[Link], results: Mapping[str, NodeResult], condition: Any
) -> Mapping[str, NodeResult]:
    """The results of the nodes before, as they are where a traced condition holds."""
    if not is_symbolic(condition):
        return results
    known = dict(context.values)
    for spec in context.given.values():
        known |= {term.name: n for n in spec.sizes if isinstance(term := term_of(n), Symbol)}
    assumed = dict(results)
    for source in {link.source for link in links if link.source in results}:
        outputs = {
            port: replace(spec, sizes=tuple(where(condition, n, known) for n in spec.sizes))
            for port, spec in results[source].outputs.items()
        }
        assumed[source] = replace(results[source], outputs=outputs)
    return assumed


def values_where(
    node: Node, block: Block, values: Mapping[str, Any], condition: Any
) -> Iterator[Mapping[str, Any]]:
    """The block's parameters as they might be where a traced condition holds, which it does not for
    `values`: those that it names have other values, near what it compares them with."""
    named = sorted(symbols_of(condition))
    near = [
        *constants(term_of(condition)),
        *(value for name in named if not isinstance(value := plain(values[name]), bool | str)),
    ]
    tried = [list(_candidates(block.parameters[name], near)) for name in named]
    for others in itertools.islice(itertools.product(*tried), MOST_COMPARED):
        other = {n: traced(v, Symbol(n)) for n, v in zip(named, others, strict=True)}
        changed = {**values, **other}
        try:
            if holds(node, changed):
                yield changed
        except ConditionError:
            continue


MOST_COMPARED = 1000
"""Of so many values of the parameters, at most, it is asked whether a condition holds."""


def _candidates(parameter: BlockParameter, near: Iterable[Any]) -> Iterator[Any]:
    """Legal values of a parameter: its choices, or such as lie to numbers in every way."""
    default = parameter.default
    if parameter.choices or isinstance(default, bool):
        yield from parameter.choices or (True, False)
    elif isinstance(default, str):
        yield from dict.fromkeys((default, *(one for one in near if isinstance(one, str))))
    else:
        steps = (0, 1, -1) if isinstance(default, int) else (0, 0.5, -0.5, 1, -1)
        numbers = [n for n in near if isinstance(n, int | float)]
        yield from dict.fromkeys(type(default)(n + step) for n in numbers for step in steps)


def misfit(name: str, result: NodeResult) -> str:
    """Why a node cannot be there for the sizes that it receives; empty where it can, and where
    something else is wrong with it."""
    found = list(errors_of(name, result))
    return found[0][0] if found and all(code == "size" for _, code in found) else ""


def errors_of(name: str, result: NodeResult) -> Iterator[tuple[str, str]]:
    """Everything wrong with a node and inside of it, as a sentence and a code."""
    for finding in result.findings:
        if finding.severity == "error":
            yield finding.about(name), finding.code
    for inner in result.inner:
        for inside, found in inner.nodes.items():
            yield from errors_of(f"{name}.{inside}", found)


def impossible_by(condition: Any, results: Iterable[NodeResult]) -> str:
    """Why a condition cannot hold, where it needs one that does not fit a node before; else
    empty."""
    if not is_symbolic(condition):
        return ""
    for before in results:
        if before.impossible and implied(term_of(before.condition), term_of(condition)):
            return before.impossible
    return ""


def joined(result: NodeResult, passed: TensorSpec | None, condition: Any) -> tuple[NodeResult, str]:
    """What is known of a node that may be there or not, and why that cannot be.

    Args:
        result: of the node where its condition holds.
        passed: what goes on where it does not.
    """
    if not result.outputs or passed is None:
        return replace(result, condition=condition), ""
    ((port, spec),) = result.outputs.items()
    if (spec.rank, spec.dtype) != (passed.rank, passed.dtype):
        return result, (
            f"cannot depend on a condition: it makes {spec} of {passed}, so that what follows "
            "would not fit without it"
        )
    sizes = zip(spec.sizes, passed.sizes, strict=True)
    either_way = tuple(_simplest(either(condition, *pair)) for pair in sizes)
    outputs = {port: replace(spec, sizes=either_way)}
    return replace(result, outputs=outputs, condition=condition), ""


def _simplest(size: int) -> int:
    result: int = plain(size)
    if is_symbolic(size):
        result = traced(result, simplified(term_of(size)))
    return result


def condition_finding(text: str) -> Finding:
    """A problem with a node's condition."""
    return Finding("setting", text, parameter="only_if")
