"""What keeps one network from taking two sizes: weights and modules that would not be the same.

Two results of the main block, at two sizes of its inputs, are walked through side by side. Whatever
is fixed when the network is made (weights, arguments of modules, numbers in the forward pass) has
to be equal in both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from graph.ports import in_order
from graph.results import UNKNOWN, BlockResult, Finding, NodeResult
from graph.shapes import size_text


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A node that needs a fixed size.

    Attributes:
        path: the nodes of the main block through which its block is reached.
        what: a sentence, without its end, on what would not be the same.
        refuses: whether it takes no other size at all, instead of needing other weights.
    """

    path: tuple[str, ...]
    block: str
    node: str
    what: str
    refuses: bool = False


def findings_in(
    result: BlockResult, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], str, str, Finding]]:
    """Every error in one use of a block and inside it: path, block, node and finding."""
    if not result.broken:
        return
    for name, node in result.nodes.items():
        for finding in node.findings:
            if finding.severity == "error":
                yield path, result.name, name, finding
        if name in result.sharing:
            yield path, result.name, name, result.sharing[name]
        for inner in node.inner:
            yield from findings_in(inner, (*path, name))


def compare_nodes(
    block: str,
    path: tuple[str, ...],
    name: str,
    here: NodeResult,
    there: NodeResult,
    words: tuple[str, str],
) -> Iterator[Obstacle]:
    """What keeps one node from taking both sizes: itself, or nodes of the block it stands for.

    Args:
        block, path: the block in which it lies, and the nodes through which that is reached.
        words: how to call the two sizes.
    """
    # The same layer that receives the same is the same module.
    if here is there or here.inputs == there.inputs:
        return
    if here.inner and there.inner:
        found: dict[tuple[str, str], Obstacle] = {}
        for first, second in zip_longest(here.inner, there.inner):
            # Repetitions that no longer differ are kept once.
            one, other = first or here.inner[-1], second or there.inner[-1]
            for inner, node in one.nodes.items():
                beside = other.nodes.get(inner, UNKNOWN)
                for obstacle in compare_nodes(one.name, (*path, name), inner, node, beside, words):
                    found.setdefault((obstacle.block, obstacle.node), obstacle)
        yield from found.values()
        return
    what = _what_differs(here, there, words)
    if what:
        yield Obstacle(path, block, name, what)


def _what_differs(here: NodeResult, there: NodeResult, words: tuple[str, str]) -> str:
    """What a node would have to be made anew for; empty where it takes both sizes."""
    one, other = _made(here), _made(there)
    if one is None or other is None:
        return ""
    for label, value in one.items():
        if label in other and other[label] != value:
            a, b = _value_text(value), _value_text(other[label])
            return f"its {label} would be {a} for an input of {words[0]}, but {b} for {words[1]}"
    if one.keys() != other.keys():
        return f"it would have other weights for an input of {words[0]} than for {words[1]}"
    return ""


def _made(result: NodeResult) -> dict[str, Any] | None:
    """Everything that is fixed when a layer is made, with words for it; weights first."""
    layer = result.layer
    if layer is None or not result.outputs or None in result.inputs.values():
        return None
    given: list[Any] = in_order(layer.inputs(), result.inputs)
    made: dict[str, Any] = {
        f"{name}s" if name == "weight" else name: sizes
        for name, sizes in layer.weights(*given).items()
    }
    emission = layer.emit(*given)
    if emission.constructor is not None:
        for number, value in enumerate(emission.constructor.positional, start=1):
            made[f"argument {number} ({emission.constructor.name})"] = value
        made |= {f"argument {k}": v for k, v in emission.constructor.keywords.items()}
    made |= {f"setting {name.replace('_', ' ')}": v for name, v in emission.values.items()}
    return made


def _value_text(value: Any) -> str:
    numbers = isinstance(value, tuple | list) and all(isinstance(n, int) for n in value)
    return size_text(value) if numbers else str(value)
