"""The order in which data flows through a block."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence

from graph.state import Block, Link


def links_by_target(block: Block) -> dict[str, list[Link]]:
    """The links into each node."""
    incoming: dict[str, list[Link]] = {}
    for link in block.links:
        incoming.setdefault(link.target, []).append(link)
    return incoming


def topological_order(block: Block) -> tuple[list[str], list[str]]:
    """The nodes in an order in which data can flow, and those that lie in or behind a circle.

    The order is stable: a chain stays together, branches follow in the order of their nodes in the
    file, and where a node stands on the canvas does not matter.
    """
    following: dict[str, list[str]] = {}
    waiting_for: dict[str, int] = dict.fromkeys(block.nodes, 0)
    for link in block.links:
        if link.source in waiting_for and link.target in waiting_for:
            following.setdefault(link.source, []).append(link.target)
            waiting_for[link.target] += 1
    position = {name: number for number, name in enumerate(block.nodes)}
    order: list[str] = []
    ready = deque(name for name in block.nodes if waiting_for[name] == 0)
    while ready:
        name = ready.popleft()
        order.append(name)
        free = []
        for successor in following.get(name, ()):
            waiting_for[successor] -= 1
            if waiting_for[successor] == 0:
                free.append(successor)
        # What a node sets free comes next, so that a chain is not torn apart.
        ready.extendleft(sorted(free, key=position.__getitem__, reverse=True))
    left = [name for name in block.nodes if waiting_for[name] > 0]
    return order, left


def reached(following: Mapping[str, Sequence[str]], starts: Iterable[str]) -> set[str]:
    """The starts, and everything that some way along `following` leads to."""
    found = set(starts)
    waiting = list(found)
    while waiting:
        for name in following.get(waiting.pop(), ()):
            if name not in found:
                found.add(name)
                waiting.append(name)
    return found
