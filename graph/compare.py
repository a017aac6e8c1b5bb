"""Two states of a project side by side: what came, what went, and what is different.

Places and directions do not count, since they change nothing in the network. A
renamed node went and came.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graph.edits import EditError, default_of
from graph.expression import Expression
from graph.node_settings import PLAIN, SETTINGS, NodeSettings, write_settings
from graph.part import write_part
from graph.state import Block, Link, Node, Project


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is different: its name, and what it was and is, as text; empty for nothing."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class BlockComparison:
    """What is different in a block.

    Attributes:
        added, removed: the nodes of the one state that the other has not.
        changed: by node, what is different in it.
        parameters: of the block itself.
    """

    added: Mapping[str, Node] = field(default_factory=dict)
    removed: Mapping[str, Node] = field(default_factory=dict)
    changed: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)
    links_added: tuple[Link, ...] = ()
    links_removed: tuple[Link, ...] = ()
    parameters: tuple[Change, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is different."""
        return self == NOTHING


NOTHING = BlockComparison()


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is different between two states of a project.

    Attributes:
        blocks: by name, for blocks in which something is different; one that only one state has is
            compared with an empty one.
        settings: of the project: its name, notes, data and training.
    """

    blocks: Mapping[str, BlockComparison] = field(default_factory=dict)
    settings: tuple[Change, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is different."""
        return not self.blocks and not self.settings

    def of(self, block: str) -> BlockComparison:
        """What is different in a block."""
        return self.blocks.get(block, NOTHING)


def compare(before: Project, after: Project) -> Comparison:
    """What is different in `after`, at the cost of the states' size."""
    blocks: dict[str, BlockComparison] = {}
    for name in dict.fromkeys((*after.blocks, *before.blocks)):
        found = _compare_blocks(before, after, name)
        if not found.is_empty:
            blocks[name] = found
    settings = [
        *_changes({"name": before.name}, {"name": after.name}),
        *_changes({"notes": before.notes}, {"notes": after.notes}),
        *_changes(_flat("data", before.data), _flat("data", after.data)),
        *_changes(_flat("training", before.training), _flat("training", after.training)),
    ]
    return Comparison(blocks, tuple(settings))


def _compare_blocks(before: Project, after: Project, name: str) -> BlockComparison:
    old, new = before.blocks.get(name, Block()), after.blocks.get(name, Block())
    if old is new:
        return NOTHING
    changed: dict[str, tuple[Change, ...]] = {}
    for key, node in new.nodes.items():
        previous = old.nodes.get(key)
        if previous is not None and previous is not node:
            changes = _compare_nodes(before, previous, after, node)
            if changes:
                changed[key] = changes
    links_before, links_after = set(old.links), set(new.links)
    return BlockComparison(
        {key: node for key, node in new.nodes.items() if key not in old.nodes},
        {key: node for key, node in old.nodes.items() if key not in new.nodes},
        changed,
        tuple(link for link in new.links if link not in links_before),
        tuple(link for link in old.links if link not in links_after),
        tuple(
            _changes(
                {key: one.default for key, one in old.parameters.items()},
                {key: one.default for key, one in new.parameters.items()},
            )
        ),
    )


def _compare_nodes(before: Project, old: Node, after: Project, new: Node) -> tuple[Change, ...]:
    changes: list[Change] = []
    if (old.type, old.is_block) != (new.type, new.is_block):
        # Its parameters have nothing in common with those of another layer.
        changes.append(Change("layer", old.type, new.type))
    else:
        names = dict.fromkeys((*new.arguments, *old.arguments))
        changes += _changes(
            {name: _value(before, old, name) for name in names},
            {name: _value(after, new, name) for name in names},
        )
    changes += _changes({"repeat": old.repeat}, {"repeat": new.repeat})
    one, other = write_settings(old.settings), write_settings(new.settings)
    changes += _changes(_with_defaults(one, other), _with_defaults(other, one))
    return tuple(changes)


def _value(project: Project, node: Node, name: str) -> Any:
    """What a parameter of a node is, given or by default; None where it has none."""
    if name in node.arguments:
        return node.arguments[name]
    try:
        return default_of(project, node, name)
    except EditError:
        return None


def _with_defaults(given: Mapping[str, Any], also: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a node, with the defaults of those that the other one has."""
    names = [name for name in SETTINGS if name in given or name in also]
    return {name: given[name] if name in given else _default(name) for name in names}


def _default(setting: str) -> Any:
    value = getattr(PLAIN, setting)
    return write_part(value) if setting in NodeSettings.PARTS else value


def _flat(name: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Groups in groups as one, with names such as `training.optimizer.name`."""
    flat: dict[str, Any] = {}
    for key, value in settings.items():
        inner = f"{name}.{key}"
        flat |= _flat(inner, value) if isinstance(value, Mapping) else {inner: value}
    return flat


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What is different; 1, 1.0 and yes are equal in Python, but not the same value."""
    return [
        Change(name, text_of(before.get(name)), text_of(after.get(name)))
        for name in dict.fromkeys((*after, *before))
        if repr(before.get(name)) != repr(after.get(name))
    ]


def text_of(value: Any) -> str:
    """A value as a person reads it: `3 × 3`, `= width * 2`, `yes`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Expression):
        return str(value)
    if isinstance(value, tuple | list):
        # Between others, an expression is one without its sign too.
        return " × ".join(text_of(one).removeprefix("= ") for one in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {text_of(one)}" for key, one in value.items())
    return str(value)
