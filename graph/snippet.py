"""A part of a network as text, and back: what the clipboard holds.

The text is that of a project file whose main block holds the copied nodes, with the blocks that
they use, so that it can be read, sent and pasted into any other project. Links that came from
elsewhere stand beside them, for pasting with inputs.
"""

from __future__ import annotations

import contextlib
import re
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

from graph.dots import led
from graph.edits import EditError, block_of, blocks_inside, with_block
from graph.expression import ExpressionError
from graph.files import FileError, from_text, to_text
from graph.grouping import free_among, middle_of
from graph.library import bring_blocks
from graph.links import connect
from graph.node_settings import changed
from graph.ports import close_gaps
from graph.reading import MOST_NODES, read_link
from graph.sharing import deciding
from graph.state import MAIN, Block, Link, Node, Project, frozen
from graph.substitution import names_used, substituted

FROM_OUTSIDE = "from_outside"
"""The key of the links that led into what was copied."""

LONGEST = 2_000_000
"""Characters; more is no part of a network that somebody copied."""

_FIRST = re.compile(r"[\s>]*kumitate:")
"""The line with which the text of a project begins, wherever that stands in a message."""
_QUOTED = re.compile(r"^\s*>\s?")
"""What a quotation puts before each line."""
_HARD_INDENTED = re.compile(r"^[ \t]*\xa0", re.MULTILINE)
"""Where a message keeps indentation with spaces that do not break, which YAML does not know."""
_PROSE = re.compile(r"\n\s*\n(?!\s)(?!\w+:)")
"""After an empty line, the beginning of a line that is no part of a project."""

STEP = 40.0
"""How far what is pasted again is put beside what lies there."""


@dataclass(frozen=True, slots=True)
class Pasted:
    """The project, and the names of the nodes that came."""

    project: Project
    nodes: tuple[str, ...]


def copy_nodes(project: Project, block: str, names: Iterable[str]) -> str:
    """The text of some nodes, the links between them, and the blocks that they use.

    Raises:
        EditError: where there is nothing to copy.
    """
    graph = block_of(project, block)
    chosen = set(names)
    nodes = {
        name: node if node.settings.shares in chosen else _made_like_owner(graph, node)
        for name, node in graph.nodes.items()
        if name in chosen
    }
    if not nodes:
        raise EditError("select the nodes that should be copied first")
    used = {name for node in nodes.values() for name in names_used(node)}
    outside = [link for link in graph.links if link.target in nodes and link.source not in nodes]
    part = Block(
        frozen(nodes),
        tuple(link for link in graph.links if link.source in nodes and link.target in nodes),
        frozen({name: p for name, p in graph.parameters.items() if name in used}),
        arrangement=graph.arrangement,
        extra=frozen({FROM_OUTSIDE: [str(link) for link in outside]} if outside else {}),
    )
    stand_in = with_block(project, MAIN, part)
    blocks = {MAIN: part}
    needed = blocks_inside(stand_in, MAIN)
    blocks |= {name: b for name, b in project.blocks.items() if name in needed and name != MAIN}
    return to_text(Project(name=project.name, blocks=frozen(blocks)))


def _made_like_owner(graph: Block, node: Node) -> Node:
    """Where the node whose weights it uses is not there, it is still the same layer."""
    owner = deciding(graph.nodes, node)
    if owner is node:
        return node
    return replace(node, arguments=owner.arguments, repeat=owner.repeat)


def paste_nodes(
    project: Project,
    block: str,
    text: str,
    *,
    at: tuple[float, float] | None = None,
    keep_inputs: bool = False,
) -> Pasted:
    """The nodes of a text in a block, under free names.

    A block that the project has already is used as it is; one of the same name but with other
    content comes in under a free name. A parameter that the block here does not have is replaced
    by its value.

    Args:
        at: where their middle goes; None for beside where they were copied.
        keep_inputs: link them to what led into them where they were copied, as far as that is here
            too.

    Raises:
        EditError: where the text is no part of a network, or where a block would contain itself.
    """
    part, links = _read(text)
    graph = block_of(project, block)
    _refuse_too_many(project, part)
    try:
        project, types = bring_blocks(
            project, {name: b for name, b in part.blocks.items() if name != MAIN}
        )
    except FileError as error:
        raise EditError(str(error)) from None
    for type_ in {types.get(n.type, n.type) for n in part.main.nodes.values() if n.is_block}:
        if type_ in (MAIN, block) or block in blocks_inside(project, type_):
            raise EditError(f'the block "{type_}" cannot be pasted into itself')
    names = _free_names(graph, part.main.nodes)
    renamed = _renamed(graph, part.main, names, types)
    away = _away(graph, renamed, at)
    nodes = {n.name: replace(n, at=(n.at[0] + away[0], n.at[1] + away[1])) for n in renamed}
    own = [
        led(
            replace(link, source=names[link.source], target=names[link.target]),
            lambda at: (at[0] + away[0], at[1] + away[1]),
        )
        for link in part.main.links
    ]
    after = replace(graph, nodes=frozen({**graph.nodes, **nodes}), links=(*graph.links, *own))
    if not graph.nodes:
        # Else they would be linked across the direction in which they lie.
        after = replace(after, arrangement=part.main.arrangement)
    project = with_block(project, block, after)
    for link in links if keep_inputs else ():
        if link.source in graph.nodes and link.target in names:
            project = _linked(project, block, replace(link, target=names[link.target]))
    project = _without_gaps(project, block, {names[x.target] for x in links if x.target in names})
    return Pasted(project, tuple(names.values()))


def _refuse_too_many(project: Project, part: Project) -> None:
    """A file with more nodes could be saved, but not opened."""
    blocks = (*project.blocks.values(), *part.blocks.values())
    count = sum(len(one.nodes) for one in blocks)
    if count > MOST_NODES:
        raise EditError(
            f"the project would have up to {count:,} nodes; {MOST_NODES:,} are possible. Use "
            f"blocks with repeat for what occurs many times"
        )


def _without_gaps(project: Project, block: str, targets: Iterable[str]) -> Project:
    """Numbered ports of nodes whose links from outside did not all come back."""
    graph = project.blocks[block]
    links = list(graph.links)
    for name in targets:
        links = close_gaps(project, graph, name, links)
    if links == list(graph.links):
        return project
    return with_block(project, block, replace(graph, links=tuple(links)))


def duplicate_nodes(project: Project, block: str, names: Iterable[str]) -> Pasted:
    """The same nodes once more, beside themselves.

    Raises:
        EditError: where there is nothing to copy, or where a block would contain itself.
    """
    return paste_nodes(project, block, copy_nodes(project, block, names))


def _read(text: str) -> tuple[Project, list[Link]]:
    if len(text) > LONGEST:
        raise EditError("the clipboard holds far too much to be a part of a network")
    text = _bare(text)
    if not text:
        raise EditError("there is nothing to paste; copy some nodes first")
    try:
        part = from_text(text, source="What the clipboard holds").project
    except FileError as error:
        # On one line, which is all that a status bar has.
        words = " ".join(str(error).replace("\n  - ", " ").split())
        raise EditError(f"this cannot be pasted as a part of a network. {words}") from None
    if not part.main.nodes:
        raise EditError("what the clipboard holds has no nodes to paste")
    outside = part.main.extra.get(FROM_OUTSIDE, ())
    links = []
    for one in outside if isinstance(outside, list | tuple) else ():
        # What cannot be read led in from somewhere that is not here.
        with contextlib.suppress(ValueError):
            links.append(read_link(one))
    return part, links


def _bare(text: str) -> str:
    """The text without what messages put around it: words, fences of code, signs of a quotation,
    and indentation, also where the first line lost its own."""
    text = text.lstrip("\ufeff")
    lines = (text.replace("\xa0", " ") if _HARD_INDENTED.search(text) else text).splitlines()
    begins = next((number for number, line in enumerate(lines) if _FIRST.match(line)), None)
    if begins is None:
        return text.strip()
    lines = lines[begins:]
    if all(_QUOTED.match(line) for line in lines[1:] if line.strip()):
        lines = [_QUOTED.sub("", line) for line in lines]
    # A fence that lies deeper belongs to a note.
    fence = lines[0][: -len(lines[0].lstrip())] + "```"
    body = "\n".join(takewhile(lambda line: not line.startswith(fence), lines[1:]))
    return f"{lines[0].strip()}\n{textwrap.dedent(_PROSE.split(body)[0])}".rstrip()


def _free_names(graph: Block, nodes: Mapping[str, Node]) -> dict[str, str]:
    taken = {*graph.nodes, *graph.parameters}
    names: dict[str, str] = {}
    for name in nodes:
        names[name] = free_among(taken, name, "node")
        taken.add(names[name])
    return names


def _renamed(
    graph: Block, part: Block, names: Mapping[str, str], types: Mapping[str, str]
) -> list[Node]:
    missing: dict[str, Any] = {
        name: parameter.default
        for name, parameter in part.parameters.items()
        if name not in graph.parameters
    }
    nodes = []
    for node in part.nodes.values():
        try:
            node = substituted(node, missing)
        except ExpressionError as error:
            raise EditError(f"{node.name} cannot be pasted: {error}") from None
        owner = node.settings.shares
        if owner:
            here = graph.nodes.get(owner)
            same = here is not None and (here.type, here.is_block) == (node.type, node.is_block)
            owner = names.get(owner, owner if same else "")
        nodes.append(
            replace(
                node,
                name=names[node.name],
                type=types.get(node.type, node.type) if node.is_block else node.type,
                settings=changed(node.settings, shares=owner),
            )
        )
    return nodes


def _away(graph: Block, nodes: list[Node], at: tuple[float, float] | None) -> tuple[float, float]:
    """How far the nodes are moved: until none lies exactly on another one."""
    middle = middle_of(nodes)
    across, down = (0.0, 0.0) if at is None else (at[0] - middle[0], at[1] - middle[1])
    taken = {node.at for node in graph.nodes.values()}
    while taken.intersection((node.at[0] + across, node.at[1] + down) for node in nodes):
        across, down = across + STEP, down + STEP
    return across, down


def _linked(project: Project, block: str, link: Link) -> Project:
    try:
        return connect(
            project, block, link.source, link.target, output=link.output, input=link.input
        )
    except EditError:
        # What led into it has another shape here; the node then waits for an input.
        return project
