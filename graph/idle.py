"""Links through which nothing goes that counts: they lead to inputs that a node which is left out
does not pass on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from graph.results import NodeResult
from graph.state import Link

FURTHEST = 64
"""Past so many nodes that are left out a link is followed; behind more it counts as used."""


def is_idle(
    link: Link,
    attached: Mapping[str, Collection[Link]],
    result_of: Callable[[str], NodeResult],
) -> bool:
    """Whether what goes through a link is used by no node that is there.

    Args:
        attached: by node, its links.
        result_of: what is known about it.
    """
    waiting = [link]
    for _ in range(FURTHEST):
        if not waiting:
            return True
        one = waiting.pop()
        target = result_of(one.target)
        if not target.left_out:
            return False
        if one.input == next(iter(target.inputs), ""):
            following = [two for two in attached.get(one.target, ()) if two.source == one.target]
            if not following:
                return False
            waiting += following
    return False
