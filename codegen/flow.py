"""What of a block's graph becomes code: not its ends, notes, or what is bypassed."""

from __future__ import annotations

from collections.abc import Iterator

from graph.results import BlockResult
from graph.settled import passing_input
from graph.state import Block, Link, Node


def is_code(node: Node) -> bool:
    """Whether a node becomes code; an Input is an argument of the forward pass."""
    if node.settings.bypassed:
        return False
    return node.is_block or not (node.type == "Output" or node.is_note)


def code_links(block: Block, result: BlockResult) -> Iterator[Link]:
    """The links between nodes that are code, and to Outputs; they lead past what is bypassed."""
    into = {(link.target, link.input): link for link in block.links}
    for link in block.links:
        if block.nodes[link.target].settings.bypassed:
            continue
        start = link
        while block.nodes[start.source].settings.bypassed:
            start = into[start.source, passing_input(result.nodes[start.source])]
        yield Link(start.source, start.output, link.target, link.input)
