"""Nodes that use the weights of another node: who owns them, and who takes them over.

Edits of that: graph/setting_edits.py. Whether the sizes fit: graph/settled.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from graph.layer import LAYERS, Layer
from graph.node_settings import changed
from graph.state import Node


def can_have_weights(node: Node) -> bool:
    """Whether the layer may have weights at all; of blocks it is assumed."""
    return node.is_block or declares_weights(LAYERS.get(node.type))


def declares_weights(layer: type[Layer] | None) -> bool:
    """Whether a layer has weights with some settings at least."""
    return layer is None or layer.weights is not Layer.weights


def owner_of(nodes: Mapping[str, Node], node: Node) -> tuple[Node | None, str]:
    """The node whose weights a sharing node uses; None where that cannot be, with the reason."""
    name = node.settings.shares
    owner = nodes.get(name)
    if owner is None:
        return None, f'shares the weights of "{name}", but there is no such node'
    if owner is node:
        return None, "shares its own weights; name another node, or none"
    if (owner.type, owner.is_block) != (node.type, node.is_block):
        return None, f"is a {node.type} and cannot share the weights of {name}, a {owner.type}"
    if not can_have_weights(node):
        return None, f"has no weights that it could share with {name}"
    if owner.settings.shares:
        root = owner.settings.shares
        return None, f"shares the weights of {name}, which has those of {root}; name {root} instead"
    if owner.settings.bypassed:
        return None, f"shares the weights of {name}, which is bypassed and so has none"
    if owner.settings.only_if:
        return None, f"shares the weights of {name}, which is there only under a condition"
    return owner, ""


def deciding(nodes: Mapping[str, Node], node: Node) -> Node:
    """The node whose arguments hold: the owner for one that shares, else the node itself."""
    seen = {node.name}
    while node.settings.shares in nodes:
        following = nodes[node.settings.shares]
        alike = (following.type, following.is_block) == (node.type, node.is_block)
        if following.name in seen or not alike:
            return node
        seen.add(following.name)
        node = following
    return node


def sharers_of(nodes: Mapping[str, Node], name: str) -> list[Node]:
    """The nodes that use the weights of a node."""
    return [node for node in nodes.values() if node.settings.shares == name]


def rename_owner(nodes: Mapping[str, Node], old: str, new: str) -> dict[str, Node]:
    """The nodes with sharers of `old` as sharers of `new`."""
    return {
        name: replace(node, settings=changed(node.settings, shares=new))
        if node.settings.shares == old
        else node
        for name, node in nodes.items()
    }


def hand_over(nodes: Mapping[str, Node], kept: Mapping[str, Node]) -> dict[str, Node]:
    """Those that stay of `nodes`: where an owner goes, its first sharer becomes the owner."""
    result = dict(kept)
    for name, node in nodes.items():
        if name in kept or node.settings.shares:
            continue
        left = [sharer for sharer in sharers_of(result, name) if sharer.type == node.type]
        for sharer in left:
            if sharer is left[0]:
                result[sharer.name] = with_own_weights(sharer, node)
            else:
                settings = changed(sharer.settings, shares=left[0].name)
                result[sharer.name] = replace(sharer, settings=settings)
    return result


def with_own_weights(sharer: Node, owner: Node) -> Node:
    """A node that shared, with weights of its own that are made like the owner's."""
    settings = changed(owner.settings, shares="", bypassed=sharer.settings.bypassed)
    return replace(sharer, arguments=owner.arguments, repeat=owner.repeat, settings=settings)
