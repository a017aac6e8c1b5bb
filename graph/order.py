"""The order in which data flows through a block."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import is_

from graph.state import Block, Link, Node


class Ways:
    """Which links lead into each node of a block, and which nodes follow each."""

    def __init__(self) -> None:
        self.incoming: dict[str, list[Link]] = {}
        self.following: dict[str, list[str]] = {}
        self._links: tuple[Link, ...] = ()

    @classmethod
    def of(cls, block: Block) -> Ways:
        """Those of a block."""
        ways = cls()
        ways.update(block)
        return ways

    def update(self, block: Block) -> set[str]:
        """Those of the next state of the block; the nodes into which other links lead than before.

        Almost all links are the same objects as before, and only what differs costs much.
        """
        before, self._links = self._links, block.links
        if before is block.links:
            return set()
        gone, come = differing_parts(before, block.links)
        changed = (*gone, *come)
        if len(changed) > MOST_CHANGES:
            return self._build(block.links)
        sources = {link.source for link in changed}
        targets = {link.target for link in changed}
        old = {target: self.incoming.pop(target, None) for target in targets}
        for source in sources:
            self.following.pop(source, None)
        for link in block.links:
            if link.target in targets:
                self.incoming.setdefault(link.target, []).append(link)
            if link.source in sources:
                self.following.setdefault(link.source, []).append(link.target)
        return {target for target in targets if self.incoming.get(target) != old[target]}

    def _build(self, links: tuple[Link, ...]) -> set[str]:
        old, self.incoming, self.following = self.incoming, {}, {}
        for link in links:
            self.incoming.setdefault(link.target, []).append(link)
            self.following.setdefault(link.source, []).append(link.target)
        names = old.keys() | self.incoming.keys()
        return {name for name in names if old.get(name) != self.incoming.get(name)}


MOST_CHANGES = 64
"""Links that come and go in one edit; of more, building everything anew is as fast."""


def differing_parts(
    before: tuple[Link, ...], after: tuple[Link, ...]
) -> tuple[tuple[Link, ...], tuple[Link, ...]]:
    """What is left of each without their common beginning and their common end, and without what
    both have in the same order in between.

    Links are compared by identity: equal ones may take different ways on the canvas.
    """
    old, new = list(map(id, before)), list(map(id, after))
    begin = _common_length(old, new)
    end = _common_length(old[begin:][::-1], new[begin:][::-1])
    before, after = before[begin : len(before) - end], after[begin : len(after) - end]
    if min(len(before), len(after)) <= MOST_CHANGES:
        return before, after
    # Changes far apart, such as one link replaced by another at the end.
    common = {id(link) for link in before} & {id(link) for link in after}
    stayed = [id(link) for link in before if id(link) in common]
    if stayed != [id(link) for link in after if id(link) in common]:
        return before, after
    return (
        tuple(link for link in before if id(link) not in common),
        tuple(link for link in after if id(link) not in common),
    )


def _common_length(one: list[int], other: list[int]) -> int:
    """How long the beginning is that both have; halved again and again, since slices are compared
    a hundred times faster than elements one by one."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def differing_nodes(before: Mapping[str, Node], after: Mapping[str, Node]) -> list[str]:
    """The nodes that are new or not the same object as before."""
    if len(before) == len(after) and all(map(is_, before, after)):
        # The same names in the same order, as after most edits: compared without a look-up each.
        same = map(is_, before.values(), after.values())
        return [name for name, is_same in zip(after, same, strict=True) if not is_same]
    return [name for name, node in after.items() if before.get(name) is not node]


def links_by_target(block: Block) -> dict[str, list[Link]]:
    """The links into each node."""
    return Ways.of(block).incoming


def links_by_source(block: Block) -> dict[str, list[Link]]:
    """The links out of each node."""
    leaving: dict[str, list[Link]] = {}
    for link in block.links:
        leaving.setdefault(link.source, []).append(link)
    return leaving


def topological_order(block: Block, ways: Ways | None = None) -> tuple[list[str], list[str]]:
    """The nodes in an order in which data can flow, and those that lie in or behind a circle.

    The order is stable: a chain stays together, branches follow in the order of their nodes in the
    file, and where a node stands on the canvas does not matter.

    Args:
        ways: those of the block, where they are known already.
    """
    ways = ways or Ways.of(block)
    nodes, following = block.nodes, ways.following
    waiting_for = dict.fromkeys(nodes, 0)
    for target, links in ways.incoming.items():
        if target in waiting_for:
            waiting_for[target] = len(links)
    if not following.keys() <= waiting_for.keys():
        # Of a file that somebody wrote by hand a link may come from nowhere.
        for source in following.keys() - waiting_for.keys():
            for target in following[source]:
                if target in waiting_for:
                    waiting_for[target] -= 1
    position: dict[str, int] = {}
    order: list[str] = []
    ready = [name for name, count in waiting_for.items() if not count]
    ready.reverse()
    while ready:
        name = ready.pop()
        order.append(name)
        free = []
        for successor in following.get(name, ()):
            if successor not in waiting_for:
                continue
            count = waiting_for[successor] = waiting_for[successor] - 1
            if not count:
                free.append(successor)
        if len(free) > 1:
            position = position or {name: number for number, name in enumerate(nodes)}
            free.sort(key=position.__getitem__, reverse=True)
        # What a node sets free comes next, so that a chain is not torn apart.
        ready.extend(free)
    left = [] if len(order) == len(nodes) else [name for name in nodes if waiting_for[name] > 0]
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
