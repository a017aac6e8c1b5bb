"""Removing what is selected, so that data still flows past it: where a chain of nodes with one
input and one output goes, the nodes before and behind it are linked to each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from graph.edits import EditError, remove_nodes, with_block
from graph.links import check_link, remove_links
from graph.state import Link, Project


def remove_selection(
    project: Project, block: str, names: Iterable[str], links: Iterable[Link] = ()
) -> Project:
    """The nodes and links gone, and wires healed where a node that is passed through goes.

    A wire is healed only if the new link is legal; nodes with several linked inputs or outputs
    leave a gap.
    """
    gone = set(names)
    project = remove_links(project, block, links)
    graph = project.blocks[block]
    into: dict[str, list[Link]] = {name: [] for name in gone}
    outputs: dict[str, set[str]] = {name: set() for name in gone}
    for link in graph.links:
        if link.target in gone:
            into[link.target].append(link)
        if link.source in gone:
            outputs[link.source].add(link.output)
    passed = {name for name in gone if len(into[name]) == 1 and len(outputs[name]) == 1}
    healed: list[Link] = []
    for link in graph.links:
        if link.source not in gone or link.target in gone:
            healed.append(link)
            continue
        start = _start(link, into, gone, passed)
        healed.append(link if start is None else _joined(project, block, start, link))
    if healed != list(graph.links):
        graph = replace(graph, links=tuple(healed))
        project = with_block(project, block, graph)
    return remove_nodes(project, block, gone)


def _start(
    link: Link, into: dict[str, list[Link]], gone: set[str], passed: set[str]
) -> Link | None:
    """The link at the start of the chain of removed nodes that ends with `link`."""
    seen: set[str] = set()
    while link.source in gone:
        if link.source not in passed or link.source in seen:
            return None
        seen.add(link.source)
        link = into[link.source][0]
    return link


def _joined(project: Project, block: str, start: Link, end: Link) -> Link:
    healed = Link(start.source, start.output, end.target, end.input)
    try:
        check_link(project, block, healed, replacing=True)
    except EditError:
        return end
    return healed
