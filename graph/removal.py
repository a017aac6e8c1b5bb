"""Removing what is selected, so that data still flows past it: where a chain of nodes with one
input and one output goes, the nodes before and behind it are linked to each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from graph.dots import Dot, remove_dots
from graph.edits import EditError, remove_nodes, with_block
from graph.links import check_link, remove_links
from graph.reading import MOST_DOTS
from graph.state import Link, Project


def remove_selection(
    project: Project,
    block: str,
    names: Iterable[str],
    links: Iterable[Link] = (),
    dots: Iterable[Dot] = (),
) -> Project:
    """The nodes, links and reroute points gone, and wires healed where a node that is passed
    through goes.

    A wire is healed only if the new link is legal; nodes with several linked inputs or outputs
    leave a gap. A healed wire takes the way of the links that it replaces.
    """
    gone = set(names)
    project = remove_links(remove_dots(project, block, dots), block, links)
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
        chain = _chain(link, into, gone, passed)
        healed.append(_joined(project, block, chain) if chain else link)
    if healed != list(graph.links):
        graph = replace(graph, links=tuple(healed))
        project = with_block(project, block, graph)
    return remove_nodes(project, block, gone)


def _chain(link: Link, into: dict[str, list[Link]], gone: set[str], passed: set[str]) -> list[Link]:
    """The links from the start of the chain of removed nodes to `link`, which ends it; none where
    there is no such chain."""
    seen: set[str] = set()
    chain = [link]
    while link.source in gone:
        if link.source not in passed or link.source in seen:
            return []
        seen.add(link.source)
        link = into[link.source][0]
        chain.insert(0, link)
    return chain


def _joined(project: Project, block: str, chain: list[Link]) -> Link:
    start, end = chain[0], chain[-1]
    dots = tuple(dot for link in chain for dot in link.dots)[:MOST_DOTS]
    by_hand = any(link.by_hand for link in chain)
    healed = Link(start.source, start.output, end.target, end.input, dots, by_hand)
    try:
        check_link(project, block, healed, replacing=True)
    except EditError:
        return end
    return healed
