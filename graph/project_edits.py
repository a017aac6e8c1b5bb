"""Edits of what surrounds the nodes: the project's settings, its blocks and their parameters.

Like those of graph/edits.py they are pure functions, refused with an `EditError`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from graph.edits import EditError, block_of, checked_name, with_block
from graph.expression import Expression
from graph.layer import LAYERS
from graph.state import (
    LONGEST_NAME,
    MAIN,
    Block,
    BlockParameter,
    Project,
    check_parameter_name,
    frozen,
)
from graph.substitution import names_used, substituted


def set_project_name(project: Project, name: str) -> Project:
    """The project's name as people read it."""
    return project if name == project.name else replace(project, name=name)


def set_data(project: Project, data: Mapping[str, Any]) -> Project:
    """Other settings of the data."""
    return project if dict(project.data) == dict(data) else replace(project, data=frozen(data))


def set_training(project: Project, training: Mapping[str, Any]) -> Project:
    """Other settings of the training."""
    if dict(project.training) == dict(training):
        return project
    return replace(project, training=frozen(training))


def set_notes(project: Project, notes: str) -> Project:
    """Other notes for people."""
    return project if notes == project.notes else replace(project, notes=notes)


def set_block_help(project: Project, block: str, text: str) -> Project:
    """Another description of a block."""
    target = block_of(project, block)
    return (
        project if text == target.help else with_block(project, block, replace(target, help=text))
    )


def check_block_name(project: Project, name: str) -> str:
    """`name`, if a new block can have it.

    Raises:
        EditError: where it is not legal, or a block or layer has it.
    """
    checked_name(name, project.blocks, "block")
    if name in LAYERS:
        raise EditError(f'there is already a layer called "{name}"')
    return name


def numbered_stem(wish: str) -> str:
    """What stays of a name when a number is put behind it: no number, and room for one."""
    return (wish.rstrip("0123456789") or wish)[: LONGEST_NAME - 6]


def free_block_name(project: Project, wish: str) -> str:
    """`wish`, or the first of `wish2`, `wish3`, ... that neither a block nor a layer has."""
    stem, number, name = numbered_stem(wish), 2, wish
    while name in project.blocks or name in LAYERS:
        name, number = f"{stem}{number}", number + 1
    return name


def add_block(project: Project, name: str, block: Block | None = None) -> Project:
    """A block more."""
    check_block_name(project, name)
    return replace(project, blocks=frozen({**project.blocks, name: block or Block()}))


def rename_block(project: Project, old: str, new: str) -> Project:
    """The block under another name, in every node that stands for it.

    Raises:
        EditError: where the name is not legal or taken, or the block is the network itself.
    """
    block_of(project, old)
    if old == MAIN:
        raise EditError("the main block is the network; it keeps its name")
    if old == new:
        return project
    check_block_name(project, new)
    blocks = {}
    for key, block in project.blocks.items():
        nodes = {
            name: replace(node, type=new)
            for name, node in block.nodes.items()
            if node.is_block and node.type == old
        }
        if nodes:
            block = replace(block, nodes=frozen({**block.nodes, **nodes}))
        blocks[new if key == old else key] = block
    return replace(project, blocks=frozen(blocks))


def uses_of_block(project: Project, name: str) -> list[tuple[str, str]]:
    """Block and name of every node that stands for a block."""
    return [
        (outer, node.name)
        for outer, block in project.blocks.items()
        for node in block.nodes.values()
        if node.is_block and node.type == name
    ]


def remove_block(project: Project, name: str) -> Project:
    """The block gone; refused while a node uses it."""
    block_of(project, name)
    if name == MAIN:
        raise EditError("the main block is the network; it cannot be removed")
    uses = uses_of_block(project, name)
    if uses:
        outer, node = uses[0]
        raise EditError(f'the block "{name}" is still used by {node} in {outer}')
    return replace(
        project, blocks=frozen({key: b for key, b in project.blocks.items() if key != name})
    )


def set_block_parameter(
    project: Project, block: str, name: str, parameter: BlockParameter
) -> Project:
    """A parameter of a block, new or with another default.

    Raises:
        EditError: where the name is taken, or the default is none of the parameter's choices.
    """
    target = block_of(project, block)
    refusal = parameter.refusal(parameter.default)
    if refusal:
        raise EditError(f"{name} {refusal}")
    if name not in target.parameters:
        checked_name(name, target.nodes, "node", check_parameter_name)
    elif target.parameters[name] == parameter:
        return project
    return with_block(
        project,
        block,
        replace(target, parameters=frozen({**target.parameters, name: parameter})),
    )


def uses_of_parameter(project: Project, block: str, name: str) -> list[str]:
    """The nodes of the block whose expressions use one of its parameters."""
    return [
        node.name for node in block_of(project, block).nodes.values() if name in names_used(node)
    ]


def remove_block_parameter(project: Project, block: str, name: str) -> Project:
    """The parameter gone, with the arguments that uses of the block give it.

    Raises:
        EditError: where an expression in the block still needs it.
    """
    target = block_of(project, block)
    if name not in target.parameters:
        return project
    users = uses_of_parameter(project, block, name)
    if users:
        raise EditError(f'"{name}" is still used by {", ".join(users)}')
    left = frozen({key: p for key, p in target.parameters.items() if key != name})
    project = with_block(project, block, replace(target, parameters=left))
    return _map_arguments(project, block, lambda arguments: arguments.pop(name, None))


def rename_block_parameter(project: Project, block: str, old: str, new: str) -> Project:
    """The parameter under another name, in every expression of the block and every use of it.

    Raises:
        EditError: where the name is not legal or taken.
    """
    target = block_of(project, block)
    if old == new or old not in target.parameters:
        return project
    taken = {*target.parameters, *target.nodes}
    checked_name(new, taken, "parameter or node", check_parameter_name)
    parameters = frozen(
        (new if key == old else key, value) for key, value in target.parameters.items()
    )
    given = {old: Expression(new)}
    nodes = frozen({key: substituted(node, given) for key, node in target.nodes.items()})
    project = with_block(project, block, replace(target, parameters=parameters, nodes=nodes))

    def rename(arguments: dict[str, Any]) -> None:
        if old in arguments:
            arguments[new] = arguments.pop(old)

    return _map_arguments(project, block, rename)


def _map_arguments(project: Project, block: str, change: Any) -> Project:
    """Change the arguments of every node that stands for the block."""
    for outer_name, outer in project.blocks.items():
        nodes = {}
        for key, node in outer.nodes.items():
            if node.is_block and node.type == block:
                arguments = dict(node.arguments)
                change(arguments)
                if arguments != dict(node.arguments):
                    nodes[key] = replace(node, arguments=frozen(arguments))
        if nodes:
            changed = replace(outer, nodes=frozen({**outer.nodes, **nodes}))
            project = with_block(project, outer_name, changed)
    return project
