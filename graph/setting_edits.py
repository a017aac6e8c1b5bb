"""Edits of what can be set on a node besides its arguments; see graph/node_settings.py.

Like those of graph/edits.py they are pure functions, refused with an `EditError`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from graph.conditional import refusal as refused_condition
from graph.edits import EditError, block_of, node_of, with_block
from graph.expression import ExpressionError, read_expression
from graph.node_settings import (
    LABELS,
    PER_LAYER,
    PLAIN,
    SETTINGS,
    WEIGHT_SETTINGS,
    NodeSettings,
    changed,
    read_setting,
)
from graph.part import Part, write_part
from graph.ports import input_ports, output_ports, why_nothing_passes
from graph.sharing import can_have_weights, deciding, owner_of, sharers_of, with_own_weights
from graph.state import EMPTY, Node, Project, frozen


def set_setting(project: Project, block: str, name: str, setting: str, value: Any) -> Project:
    """The node with another setting, given as in a file or as it is declared.

    What belongs to weights is set where the weights are: for a node that shares, on their owner.

    Raises:
        EditError: where the value is not legal, or has no meaning for this node.
    """
    target = block_of(project, block)
    node = node_of(target, name)
    if setting not in SETTINGS:
        raise EditError(f'there is no setting "{setting}" of nodes')
    value, errors = read_setting(setting, write_part(value) if isinstance(value, Part) else value)
    if errors:
        raise EditError(str(errors[0]))
    if setting == "shares":
        return share_weights(project, block, name, value) if value else own(project, block, name)
    if setting in WEIGHT_SETTINGS:
        node = deciding(target.nodes, node)
    if setting == "only_if" and value:
        try:
            read_expression(value)
        except ExpressionError as error:
            raise EditError(str(error)) from None
    refusal = "" if value == getattr(PLAIN, setting) else _refusal(project, block, node, setting)
    if refusal:
        raise EditError(refusal)
    return _with_settings(project, block, node, changed(node.settings, **{setting: value}))


def _refusal(project: Project, block: str, node: Node, setting: str) -> str:
    """Why a setting has no meaning for a node; empty where it has one."""
    if setting == "bypassed":
        target = project.blocks[block]
        ends = input_ports(project, node, target), output_ports(project, node, target)
        text = why_nothing_passes(*ends)
        return f"{node.name} cannot be bypassed: {text}" if text else ""
    if setting == "only_if":
        text = refused_condition(project, project.blocks[block], node)
        return f"{node.name} {text}" if text else ""
    what = LABELS[setting].lower()
    if not can_have_weights(node):
        return f"{node.name} has no weights, so “{what}” means nothing for it"
    if node.is_block and setting in PER_LAYER:
        return f"“{what}” is set on the layers inside {node.type}; open it and set it there"
    return ""


def _with_settings(project: Project, block: str, node: Node, settings: NodeSettings) -> Project:
    if settings == node.settings:
        return project
    target = project.blocks[block]
    nodes = frozen({**target.nodes, node.name: replace(node, settings=settings)})
    return with_block(project, block, replace(target, nodes=nodes))


def share_weights(project: Project, block: str, name: str, owner: str) -> Project:
    """The node as a further use of another node's weights, whose arguments then hold for both.

    Raises:
        EditError: where the two are not alike, or have no weights.
    """
    target = block_of(project, block)
    node = node_of(target, name)
    root = deciding(target.nodes, node_of(target, owner))
    if node.settings.shares == root.name:
        return project
    sharing = replace(
        node,
        arguments=EMPTY,
        repeat=1,
        settings=changed(PLAIN, shares=root.name, bypassed=node.settings.bypassed),
    )
    nodes = {**target.nodes, name: sharing}
    if root.name == name:
        raise EditError(f"{owner} uses the weights of {name} already")
    _, refusal = owner_of(nodes, sharing)
    if refusal:
        raise EditError(f"{name} {refusal}")
    for other in sharers_of(target.nodes, name):
        nodes[other.name] = replace(other, settings=changed(other.settings, shares=root.name))
    return with_block(project, block, replace(target, nodes=frozen(nodes)))


def own(project: Project, block: str, name: str) -> Project:
    """The node with weights of its own, made like those that it shared."""
    target = block_of(project, block)
    node = node_of(target, name)
    if not node.settings.shares:
        return project
    owner = target.nodes.get(node.settings.shares)
    if owner is None or owner is node or owner.type != node.type:
        single = replace(node, settings=changed(node.settings, shares=""))
    else:
        single = with_own_weights(node, deciding(target.nodes, owner))
        if single.settings.shares:
            # A circle of nodes that share has no owner.
            single = replace(single, settings=changed(single.settings, shares=""))
    nodes = frozen({**target.nodes, name: single})
    return with_block(project, block, replace(target, nodes=nodes))


def reset_setting(project: Project, block: str, name: str, setting: str) -> Project:
    """The node itself without a setting, whether or not it has a meaning there."""
    node = node_of(block_of(project, block), name)
    plain = changed(node.settings, **{setting: getattr(PLAIN, setting)})
    return _with_settings(project, block, node, plain)


def toggle_bypass(project: Project, block: str, names: Iterable[str]) -> Project:
    """All of the nodes bypassed, or none where they are already.

    Raises:
        EditError: where one of them cannot be.
    """
    nodes = block_of(project, block).nodes
    chosen = [node_of(project.blocks[block], name) for name in names]
    wanted = not all(node.settings.bypassed for node in chosen)
    for name in (node.name for node in chosen if node.name in nodes):
        project = set_setting(project, block, name, "bypassed", wanted)
    return project
