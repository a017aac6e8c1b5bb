"""Blocks that can be put into any project: the standard library in templates/blocks/, and a folder
of one's own.

Each is a project file. Its `about` names the block that it is there for (`block`), the words by
which people look for it (`synonyms`) and the files beside it whose blocks it needs (`uses`). Its
main block is an example of use.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from graph.direction import SPACINGS, TOP_DOWN
from graph.edits import EditError, block_of
from graph.files import FileError, load, os_words, save, write_file
from graph.grouping import free_among
from graph.project_edits import free_block_name, rename_block
from graph.state import MAIN, Block, Link, Node, Project, frozen

STANDARD_FOLDER = Path(__file__).resolve().parent.parent / "templates" / "blocks"
MOST_FILES = 1000
_ID = re.compile(r"[A-Za-z0-9_-]+")
"""The name of a file of a library, without its ending."""


@dataclass(frozen=True, slots=True)
class LibraryBlock:
    """A block of a library.

    Attributes:
        path: its file; the name of the file without its ending is its `id`.
        name: the block's name in a project.
        title: its name for people.
        synonyms: other words by which people look for it.
        source: where it was published, if it was.
        blocks: the block and all that it uses, by name; a block stands behind those it uses, so
            that the last one is the block itself.
    """

    path: Path
    name: str
    title: str
    synonyms: tuple[str, ...]
    source: str
    blocks: Mapping[str, Block]

    @property
    def id(self) -> str:
        """What tells it from the others of its folder."""
        return self.path.stem

    @property
    def help(self) -> str:
        """What it does and what it is for."""
        return self.blocks[self.name].help


@dataclass(frozen=True, slots=True)
class Library:
    """The blocks of a folder, and what is wrong with the files that could not be read."""

    blocks: tuple[LibraryBlock, ...] = ()
    faults: tuple[str, ...] = ()


@functools.cache
def standard_library() -> Library:
    """The blocks that come with the product, the simplest first."""
    return read_library(STANDARD_FOLDER)


def read_library(folder: Path) -> Library:
    """The blocks in a folder. A file that cannot be read hides none of the others."""
    found: list[tuple[Any, str, LibraryBlock]] = []
    faults: list[str] = []
    try:
        paths = sorted(folder.glob("*.yaml"))[:MOST_FILES]
    except OSError as error:
        return Library(faults=(f"{folder} cannot be read: {os_words(error)}",))
    for path in paths:
        try:
            entry, order = _read(path)
        except FileError as error:
            faults.append(str(error))
        else:
            found.append((order, path.stem.lower(), entry))
    return Library(tuple(entry for *_, entry in sorted(found, key=lambda f: f[:2])), tuple(faults))


def _read(path: Path) -> tuple[LibraryBlock, float]:
    project = _with_needed(load(path).project, path, ())
    about = project.about
    name = about.get("block")
    if not isinstance(name, str) or name not in project.blocks or name == MAIN:
        others = ", ".join(key for key in project.blocks if key != MAIN) or "there is none"
        raise FileError(
            f'{path} does not say which of its blocks belongs into the library: "about: {{block: '
            f'NAME}}" should name one of them ({others})'
        )
    synonyms, order = about.get("synonyms", ()), about.get("order", 1000)
    entry = LibraryBlock(
        path,
        name,
        project.name,
        tuple(map(str, synonyms)) if isinstance(synonyms, list | tuple) else (),
        str(about.get("source", "")),
        frozen({key: project.blocks[key] for key in needed_blocks(project, name, str(path))}),
    )
    return entry, order if isinstance(order, int | float) else 1000


def _with_needed(project: Project, path: Path, within: tuple[Path, ...]) -> Project:
    """The project with the blocks of the files that it uses."""
    uses = project.about.get("uses", ())
    for id_ in uses if isinstance(uses, list | tuple) else ():
        if not isinstance(id_, str) or not _ID.fullmatch(id_):
            raise FileError(
                f'{path} uses {str(id_)[:60]!r}; "uses" should list names of files beside it, '
                f"without their ending"
            )
        other = path.with_name(f"{id_}.yaml")
        if other in (path, *within):
            raise FileError(f"{path} uses {id_}, which uses it in turn; that would never end")
        if not other.is_file():
            raise FileError(f"{path} uses {id_}, but there is no {other.name} beside it")
        needed = _with_needed(load(other).project, other, (path, *within))
        blocks = {key: block for key, block in needed.blocks.items() if key != MAIN}
        project = replace(project, blocks=frozen({**blocks, **project.blocks}))
    return project


def needed_blocks(project: Project, name: str, where: str) -> list[str]:
    """A block and all that it uses, each behind those it uses itself.

    Raises:
        FileError: where one of them is missing or uses itself.
    """
    return _ordered(project, [name], where)


def _ordered(project: Project, names: Iterable[str], where: str) -> list[str]:
    # Without recursion, and each block once: the text of blocks may come from anywhere.
    found: dict[str, None] = {}
    within: dict[str, None] = {}
    waiting = [(name, False) for name in reversed(list(names))]
    while waiting:
        key, is_done = waiting.pop()
        if is_done:
            found[within.popitem()[0]] = None
        elif key in within:
            raise FileError(f'{where}: the block "{key}" uses itself, which would never end')
        elif key not in found:
            if key not in project.blocks or key == MAIN:
                user = next(reversed(within), "something")
                raise FileError(f'{where}: {user} uses a block "{key}", which is not there')
            within[key] = None
            inner = [node.type for node in project.blocks[key].nodes.values() if node.is_block]
            waiting += [(key, True), *((type_, False) for type_ in reversed(inner))]
    return list(found)


# --- into a project ----------------------------------------------------------------------------


def add_library_block(project: Project, entry: LibraryBlock) -> tuple[Project, str]:
    """The project with the block and all that it uses, and the name that the block has there.

    A block that is there already is used as it is. Where another block has the name, a free one is
    taken.
    """
    project, names = bring_blocks(project, entry.blocks)
    return project, names[entry.name]


def bring_blocks(project: Project, blocks: Mapping[str, Block]) -> tuple[Project, dict[str, str]]:
    """The project with further blocks, and the names that they have there.

    A block that is there already is used as it is. Where another block has the name, a free one is
    taken.

    Raises:
        FileError: where one of them uses itself, or a block that is not among them.
    """
    source = Project(blocks=frozen({MAIN: Block(), **blocks}))
    names: dict[str, str] = {}
    for key in _ordered(source, blocks, "The blocks"):
        here = _with_types(blocks[key], names)
        taken = project.blocks.get(key)
        if taken is not None and same_block(taken, here):
            names[key] = key
            continue
        alike = [
            name
            for name, other in project.blocks.items()
            if name.startswith(key) and name != MAIN and same_block(other, here)
        ]
        names[key] = alike[0] if alike else free_block_name(project, key)
        if not alike:
            project = replace(project, blocks=frozen({**project.blocks, names[key]: here}))
    return project, names


def _with_types(block: Block, names: Mapping[str, str]) -> Block:
    """The block with other names for the blocks that it uses."""
    nodes = {
        key: replace(node, type=names[node.type])
        for key, node in block.nodes.items()
        if node.is_block and names.get(node.type, node.type) != node.type
    }
    return replace(block, nodes=frozen({**block.nodes, **nodes})) if nodes else block


def same_block(one: Block, other: Block) -> bool:
    """Whether two blocks are the same network: places, notes and descriptions do not matter."""
    return _essence(one) == _essence(other)


def _essence(block: Block) -> tuple[object, ...]:
    nodes = [replace(node, at=(0.0, 0.0)) for node in block.network_nodes()]
    # 1, 1.0 and yes are equal in Python, but not the same value.
    parameters = [(name, repr(p.default)) for name, p in block.parameters.items()]
    return nodes, set(block.links), parameters


# --- a library of one's own --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Saved:
    """Where a block was saved; `is_new` is False where the same block was there already."""

    path: Path
    is_new: bool


def save_to_library(folder: Path, project: Project, name: str) -> Saved:
    """Save a block and all that it uses. Another block of the same name stays; this one then gets
    a number.

    Raises:
        EditError: where there is no such block.
        FileError: where it cannot be written.
    """
    block = block_of(project, name)
    if name == MAIN:
        raise EditError("the network itself is no block; make a block of its layers first")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"{folder} cannot be made: {os_words(error)}") from None
    keys = needed_blocks(project, name, project.name)
    blocks = {key: project.blocks[key] for key in keys}
    for other in read_library(folder).blocks:
        if other.name == name and _same_blocks(other.blocks, blocks):
            return Saved(other.path, is_new=False)
    path = free_path(folder, name)
    library = Project(
        name=path.stem,
        about=frozen({"block": name}),
        blocks=frozen({MAIN: _example(name, block), **blocks}),
    )
    save(library, path, expected="")
    return Saved(path, is_new=True)


def _same_blocks(one: Mapping[str, Block], other: Mapping[str, Block]) -> bool:
    return one.keys() == other.keys() and all(
        same_block(block, other[key]) and block.help == other[key].help
        for key, block in one.items()
    )


def free_path(folder: Path, name: str) -> Path:
    """A file that is not there yet; names that differ in capitals only are the same on some
    systems."""
    try:
        taken = {path.stem.lower() for path in folder.iterdir()}
    except OSError as error:
        raise FileError(f"{folder} cannot be read: {os_words(error)}") from None
    wish, number = name, 2
    while wish.lower() in taken:
        wish, number = f"{name}-{number}", number + 1
    return folder / f"{wish}.yaml"


def _example(name: str, block: Block) -> Block:
    """A network that consists of the block alone."""
    inputs, outputs = block.input_names(), block.output_names()
    use = free_among((*inputs, *outputs), name.lower(), "use")
    along = SPACINGS[TOP_DOWN].along
    nodes = {key: replace(block.nodes[key], at=(0.0, 0.0)) for key in inputs}
    nodes |= {use: Node(use, name, is_block=True, at=(0.0, along))}
    nodes |= {key: replace(block.nodes[key], at=(0.0, 2 * along)) for key in outputs}
    links = [Link(key, "out", use, "in" if len(inputs) == 1 else key) for key in inputs]
    links += [Link(use, "out" if len(outputs) == 1 else key, key, "in") for key in outputs]
    return Block(frozen(nodes), tuple(links))


def rename_in_library(entry: LibraryBlock, name: str) -> Path:
    """Give a block of one's own library another name, its file too.

    Raises:
        EditError: where the name cannot be taken.
        FileError: where the file cannot be read or written.
    """
    if name == entry.name:
        return entry.path
    project = rename_block(load(entry.path).project, entry.name, name)
    path = free_path(entry.path.parent, name)
    project = replace(project, name=path.stem, about=frozen({**project.about, "block": name}))
    save(project, path, expected="")
    remove_from_library(entry)
    return path


def remove_from_library(entry: LibraryBlock) -> str:
    """Remove a block from one's own library.

    Returns:
        The text of its file, for `restore_to_library`.

    Raises:
        FileError: where that is not possible.
    """
    try:
        text = entry.path.read_text(encoding="utf-8")
        entry.path.unlink()
    except OSError as error:
        raise FileError(f"{entry.path} cannot be removed: {os_words(error)}") from None
    return text


def restore_to_library(entry: LibraryBlock, text: str) -> None:
    """Put back what was removed.

    Raises:
        FileError: where that is not possible.
    """
    path = entry.path if not entry.path.exists() else free_path(entry.path.parent, entry.name)
    write_file(path, text)
