"""What of a block's graph becomes code: not its ends, notes, or what is left out."""

from __future__ import annotations

from collections.abc import Iterator

from graph.results import BlockResult, NodeResult
from graph.state import Block, Link, Node


def code_nodes(block: Block, result: BlockResult) -> list[str]:
    """The nodes that become code, in their order; an Input is an argument of the forward pass."""
    return [
        name
        for name in result.order
        if not _is_left_out(node := block.nodes[name], result.nodes[name])
        and (node.is_block or not (node.type == "Output" or node.is_note))
    ]


def passed_input(result: NodeResult) -> str:
    """The input whose value goes on where a node is left out."""
    return next(iter(result.inputs))


def code_links(block: Block, result: BlockResult) -> Iterator[Link]:
    """The links between nodes that are code, and to Outputs; they lead past what is left out."""
    left_out = {name for name in block.nodes if _is_left_out(block.nodes[name], result.nodes[name])}
    into = {(link.target, link.input): link for link in block.links}
    for link in block.links:
        if link.target in left_out:
            continue
        start = link
        while start.source in left_out:
            start = into[start.source, passed_input(result.nodes[start.source])]
        yield Link(start.source, start.output, link.target, link.input)


def _is_left_out(node: Node, result: NodeResult) -> bool:
    return node.settings.bypassed or bool(result.impossible)
