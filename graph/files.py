"""Project files: YAML in and out. Whatever goes wrong here, a file on disk is never harmed."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from graph.direction import TOP_DOWN
from graph.edits import EditError
from graph.expression import Expression
from graph.layer import LAYERS
from graph.layout import arrange
from graph.migrations import FORMAT, migrate
from graph.node_settings import PLAIN, write_settings
from graph.overrides import apply_overrides
from graph.reading import MOST_FAULTS, Reader
from graph.state import Block, BlockParameter, Link, Node, Project
from graph.storage import replacing
from graph.yaml_text import Dumper, Loader, OneLine, OneLineList

LARGEST_FILE = 32 * 1024 * 1024
DEEPEST = 50
"""Levels of lists and groups in a file."""


class FileError(Exception):
    """A file that cannot be read or written. The text is a whole message: what, where, what to
    do."""


class FileChangedError(FileError):
    """The file on disk is not the one that was opened: another program has written to it."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A project from a file, and what its reader should know: keys that this release does not
    understand but keeps, layers that do not exist."""

    project: Project
    notes: tuple[str, ...] = ()


def parse(text: str, *, source: str = "The text") -> dict[str, Any]:
    """The parsed YAML of a project, in today's format.

    Raises:
        FileError: where it is not YAML, not a project, or from a newer release.
    """
    try:
        _refuse_explosives(text, source)
        raw = yaml.load(text, Loader=Loader)
    except yaml.YAMLError as error:
        raise FileError(f"{source} is not a legal YAML file: {_yaml_words(error)}") from None
    except ValueError as error:
        # Text that is none in UTF-8.
        raise FileError(f"{source} is not a legal YAML file: {error}") from None
    if not isinstance(raw, dict) or "kumitate" not in raw:
        raise FileError(
            f'{source} is not a Kumitate project: its first line should be "kumitate: {FORMAT}"'
        )
    version = raw["kumitate"]
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise FileError(f"{source} has no legal format version: kumitate: {version!r}")
    if version > FORMAT:
        raise FileError(
            f"{source} was written by a newer release (format {version}; this one reads up to "
            f"{FORMAT}). Update Kumitate to open it"
        )
    return migrate(raw)


def _refuse_explosives(text: str, source: str) -> None:
    """Stop at what would use up memory, or the stack, on which libyaml builds what is nested."""
    depth = 0
    for event in yaml.parse(text, Loader=Loader):
        if isinstance(event, yaml.AliasEvent):
            raise FileError(
                f"{source} uses YAML aliases (*name), which can make a small file explode; write "
                f"the values out"
            )
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise FileError(f"{source} is nested too deeply to be a project")


def _yaml_words(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    what = getattr(error, "problem", None) or str(error).partition("\n")[0]
    if isinstance(what, str) and "could not determine a constructor for the tag" in what:
        what = "it uses a tag (!), which a project never needs"
    return f"{what}, line {mark.line + 1}, column {mark.column + 1}" if mark else str(what)


def from_text(text: str, *, source: str = "The text", overrides: Iterable[str] = ()) -> Loaded:
    """The project in a text.

    Args:
        source: how error messages call the text, such as its path.
        overrides: `PATH=VALUE`, applied before reading; see graph/overrides.py.

    Raises:
        FileError: where it is not a project; the message lists the faults with their places.
        OverrideError: where an override does not fit.
    """
    raw = parse(text, source=source)
    apply_overrides(raw, overrides)
    reader = Reader()
    project = reader.project(raw)
    if reader.faults:
        shown = reader.faults[:MOST_FAULTS]
        more = len(reader.faults) - len(shown)
        if more:
            shown.append(f"and {more} more")
        listed = "\n".join(f"  - {fault}" for fault in shown)
        raise FileError(f"{source} cannot be opened as it is; please correct it:\n{listed}")
    for block in reader.unplaced:
        # A graph with a circle has no layers; its nodes stand in a column until it is mended.
        with contextlib.suppress(EditError):
            project = arrange(project, block)
    return Loaded(project, tuple(reader.notes))


def load(path: str | os.PathLike[str], *, overrides: Iterable[str] = ()) -> Loaded:
    """The project in a file.

    Raises:
        FileError: where it cannot be read or is not a project.
        OverrideError: where an override does not fit.
    """
    path = Path(path)
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise FileError(f"{path} is larger than {LARGEST_FILE >> 20} MiB, too large a project")
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise FileError(f"{path} is not a text file (UTF-8), so it is not a project") from None
    except (OSError, ValueError) as error:
        raise FileError(f"{path} cannot be read: {os_words(error)}") from None
    return from_text(text, source=str(path), overrides=overrides)


def os_words(error: OSError | ValueError) -> str:
    """What an operating system's error means, and what to do."""
    if not isinstance(error, OSError):
        # Python refuses some names itself, such as those with a null character.
        return f"{error}; choose another name"
    advice = {
        errno.ENOENT: "it does not exist; check the name",
        errno.EISDIR: "it is a folder, not a file",
        errno.ENOTDIR: "a part of its path is a file, not a folder",
        errno.EACCES: "this user may not; choose another place or change its permissions",
        errno.EPERM: "this user may not; choose another place or change its permissions",
        errno.EROFS: "the disk is read-only; choose another place",
        errno.ENOSPC: "the disk is full; free some space, or save to another place",
        errno.EDQUOT: "your quota on this disk is used up; save to another place",
        errno.ENAMETOOLONG: "the name is too long",
    }
    return advice.get(error.errno or 0) or (error.strerror or str(error))


def fingerprint(path: str | os.PathLike[str]) -> str:
    """A text that changes when the file's content does; empty when there is no file."""
    try:
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as error:
        raise FileError(f"{path} cannot be read: {os_words(error)}") from None


def save(project: Project, path: str | os.PathLike[str], *, expected: str | None = None) -> str:
    """Write a project so that the file always holds either the old or the new one, whole.

    Args:
        expected: the fingerprint of the file when it was opened; None to write regardless.

    Returns:
        The new fingerprint.

    Raises:
        FileChangedError: where the file is not as expected.
        FileError: where it cannot be written; the old file is as it was.
    """
    if expected is not None and fingerprint(path) != expected:
        raise FileChangedError(
            f"{path} was changed by another program since it was opened here. Save under another "
            f"name to keep both, or open it again to see what changed"
        )
    write_file(path, to_text(project))
    return fingerprint(path)


def write_file(path: str | os.PathLike[str], content: str | bytes) -> None:
    """Write a person's file so that it is old or new and never half; a text as UTF-8.

    Its permissions stay as they were. Through a symbolic link, the file that it points to is
    written, and the link stays.

    Raises:
        FileError: where that is not possible; an old file is as it was.
    """
    try:
        target = Path(os.path.realpath(path))
        mode = target.stat().st_mode & 0o777 if target.exists() else None
        if mode is not None and not mode & 0o222:
            raise FileError(
                f"{path} is only for reading. Save under another name, or change its permissions"
            )
        with replacing(target) as temporary:
            temporary.write_bytes(content.encode() if isinstance(content, str) else content)
            if mode is not None:
                temporary.chmod(mode)
    except (OSError, ValueError) as error:
        raise FileError(f"{path} could not be saved: {os_words(error)}") from None


LONGEST_LINE = 120

# --- writing -----------------------------------------------------------------------------------


def to_text(project: Project) -> str:
    """The project as the text of a file: stable order, only what differs from the defaults."""
    raw: dict[str, Any] = {"kumitate": FORMAT, "name": project.name}
    if project.notes:
        raw["notes"] = project.notes
    if project.about:
        raw["about"] = {
            key: OneLine(value) if isinstance(value, Mapping) else value
            for key, value in project.about.items()
        }
    raw["blocks"] = {name: _raw_block(block) for name, block in project.blocks.items()}
    if project.data:
        raw["data"] = _compact(project.data)
    if project.training:
        raw["training"] = _compact(project.training)
    raw |= project.extra
    text: str = yaml.dump(raw, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=1_000_000)
    return text


def _compact(settings: Mapping[str, Any]) -> dict[str, Any]:
    """A group that is written on one line where that can be read."""
    line: str = yaml.dump(OneLine(settings), Dumper=Dumper, allow_unicode=True, width=1_000_000)
    return OneLine(settings) if len(line) <= LONGEST_LINE else dict(settings)


def _raw_block(block: Block) -> dict[str, Any]:
    raw: dict[str, Any] = {}
    if block.help:
        raw["help"] = block.help
    if block.parameters:
        raw["parameters"] = {
            name: _raw_parameter(parameter) for name, parameter in block.parameters.items()
        }
    if block.arrangement != TOP_DOWN:
        raw["direction"] = block.arrangement
    raw["nodes"] = {name: _raw_node(node) for name, node in block.nodes.items()}
    raw["links"] = [link_text(link) for link in block.links]
    return raw | dict(block.extra)


def _raw_parameter(parameter: BlockParameter) -> Any:
    raw: dict[str, Any] = {"default": parameter.default}
    if parameter.choices:
        raw["choices"] = list(parameter.choices)
    if parameter.help:
        raw["help"] = parameter.help
    return OneLine(raw) if len(raw) > 1 else parameter.default


def link_text(link: Link) -> str:
    """A link as files have it: `image -> conv1 via (120, 40), (120, 200) by hand`."""
    points = ", ".join(f"({_number(x)}, {_number(y)})" for x, y in link.dots)
    return f"{link} via {points}{' by hand' * link.by_hand}" if points else str(link)


def _number(value: float) -> int | float:
    """A coordinate, without a point where it is whole."""
    return int(value) if value == int(value) else value


def _raw_node(node: Node) -> OneLine:
    raw = OneLine({"block" if node.is_block else "layer": node.type})
    parameters = {} if node.is_block or node.type not in LAYERS else LAYERS[node.type].PARAMETERS
    for name, value in node.arguments.items():
        parameter = parameters.get(name)
        is_pair = parameter is not None and parameter.kind == "pair"
        same = is_pair and isinstance(value, tuple) and len(set(value)) == 1
        # A pair of equal numbers reads best as one; it is read back as the same pair.
        raw[name] = _raw_value(value[0] if same else value)
    if node.repeat != 1:
        raw["repeat"] = _raw_value(node.repeat)
    if node.settings is not PLAIN:
        raw |= write_settings(node.settings)
    if node.expanded:
        raw["expanded"] = True
    raw["at"] = OneLineList(_number(x) for x in node.at)
    return raw


def _raw_value(value: Any) -> Any:
    if isinstance(value, Expression):
        return str(value)
    if isinstance(value, tuple | list):
        return OneLineList(_raw_value(element) for element in value)
    return value
