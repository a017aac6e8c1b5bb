"""What a link says, worked out from the project: no drawing, no Qt."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

from graph.document import Document
from graph.idle import is_idle
from graph.results import NodeResult
from graph.state import Link

Attached = Mapping[str, Collection[Link]]
"""By node, its links; those that leave it at least."""


class LinkLook(NamedTuple):
    """Everything that a link shows.

    Attributes:
        size: of what flows; a `*` stands behind numbers that depend on the input's size.
        wrong: whether its target refuses it.
        varies: whether some of them do.
        idle: whether no node that is there uses what flows; its size is not told then.
    """

    size: str = ""
    wrong: bool = False
    varies: bool = False
    idle: bool = False


IDLE = LinkLook(idle=True)


def look_of_link(document: Document, block: str, link: Link, attached: Attached) -> LinkLook:
    """What a link of the open project shows; `attached` are the links of each node."""
    target = document.node_result(block, link.target)
    if target.left_out and is_idle(link, attached, lambda n: document.node_result(block, n)):
        return IDLE
    return _link_look(
        link,
        document.node_result(block, link.source),
        target,
        document.any_size.depends(block, link.source, link.output),
    )


def look_inside(link: Link, attached: Attached, result_of: Callable[[str], NodeResult]) -> LinkLook:
    """What a link inside of an expanded block shows, from what is known about its nodes."""
    if is_idle(link, attached, result_of):
        return IDLE
    return _link_look(link, result_of(link.source), result_of(link.target))


VARIES = "*"
"""Stands behind a size that depends on that of the network's input."""


def _link_look(
    link: Link, source: NodeResult, target: NodeResult, depends: Sequence[bool] = ()
) -> LinkLook:
    """What a link shows, from what is known about the nodes at its ends.

    Args:
        depends: for every axis, whether its size depends on that of an input of any size.
    """
    spec = source.outputs.get(link.output)
    wrong = any(
        finding.code != "missing input"
        and finding.severity == "error"
        and (finding.port == link.input or (finding.code == "size" and not finding.port))
        for finding in target.findings
    )
    if spec is None or not any(depends):
        return LinkLook(str(spec) if spec is not None else "", wrong)
    sizes = zip(spec.sizes, depends, strict=True)
    marked = "×".join(f"{int(size)}{VARIES if varies else ''}" for size, varies in sizes)
    return LinkLook(marked, wrong, varies=True)
