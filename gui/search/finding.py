"""Finding nodes of a project by name, layer or problem. No Qt."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from graph.layer import LAYERS
from graph.order import topological_order
from graph.problem import Problem
from graph.state import Block, Project

_REST = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Place:
    """A node, and the block in which it stands."""

    block: str
    node: str


def find_nodes(project: Project, problems: Iterable[Problem], text: str, first: str) -> list[Place]:
    """The nodes whose name, layer or problem has a text in it: those of block `first`, then those
    of the other blocks, each in the order in which data flows."""
    wanted = _letters(text)
    if not wanted:
        return []
    told: dict[Place, str] = {}
    for problem in problems:
        place = Place(problem.block, problem.node)
        told[place] = told.get(place, "") + _letters(problem.title + problem.text)
    return [
        place
        for name in sorted(project.blocks, key=lambda name: name != first)
        for place in (Place(name, node) for node in _in_order(project.blocks[name]))
        if wanted in _words(project.blocks[name], place.node) or wanted in told.get(place, "")
    ]


def _letters(text: str) -> str:
    """Small letters and digits alone, so that spaces and underlines need not be typed."""
    return _REST.sub("", text.lower())


def _in_order(block: Block) -> list[str]:
    order, cyclic = topological_order(block)
    # Notes do not flow.
    return list(dict.fromkeys([*order, *cyclic, *block.nodes]))


def _words(block: Block, name: str) -> str:
    """The letters of a node's name, layer and note, apart from each other."""
    node = block.nodes[name]
    words = "title" if node.is_frame else "text"
    note = _letters(str(node.arguments.get(words, ""))) if node.is_note else ""
    return f"{_letters(name)} {_layer_words(node.type, node.is_block)} {note}"


@functools.cache
def _layer_words(type_: str, is_block: bool) -> str:
    layer = None if is_block else LAYERS.get(type_)
    return f"{_letters(type_)} {_letters(layer.TITLE) if layer else ''}"
