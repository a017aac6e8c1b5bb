"""Finding nodes of a project by name, layer or problem. No Qt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from graph.layer import LAYERS
from graph.order import topological_order
from graph.problem import Problem
from graph.state import Block, Project
from gui.panels.search import plain


@dataclass(frozen=True, slots=True)
class Place:
    """A node, and the block in which it stands."""

    block: str
    node: str


def find_nodes(project: Project, problems: Iterable[Problem], text: str, first: str) -> list[Place]:
    """The nodes whose name, layer or problem has a text in it: those of block `first`, then those
    of the other blocks, each in the order in which data flows."""
    wanted = plain(text).replace(" ", "")
    if not wanted:
        return []
    told: dict[Place, list[str]] = {}
    for problem in problems:
        words = told.setdefault(Place(problem.block, problem.node), [])
        words += [problem.title, problem.text]
    blocks = sorted(project.blocks, key=lambda name: name != first)
    return [
        Place(name, node)
        for name in blocks
        for node in _in_order(project.blocks[name])
        if any(
            wanted in plain(words).replace(" ", "")
            for words in (*_words(project.blocks[name], node), *told.get(Place(name, node), ()))
        )
    ]


def _in_order(block: Block) -> list[str]:
    order, cyclic = topological_order(block)
    flowing = [*order, *cyclic]
    return [*flowing, *(name for name in block.nodes if name not in set(flowing))]


def _words(block: Block, name: str) -> tuple[str, ...]:
    node = block.nodes[name]
    layer = None if node.is_block else LAYERS.get(node.type)
    note = str(node.arguments.get("text", "")) if node.is_note else ""
    return (name, node.type, *((layer.TITLE,) if layer else ()), note)
