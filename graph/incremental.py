"""The results of a block that is being edited, kept up to date at the cost of what changed."""

from __future__ import annotations

from collections.abc import Mapping

from graph.inference import Context
from graph.order import Ways, differing_nodes, topological_order
from graph.ports import defaults_of
from graph.results import UNKNOWN, BlockResult, Cache, NodeResult, finish
from graph.settled import check_sharing
from graph.state import EMPTY, MAIN, Block, Project


class BlockInference:
    """The results of one block under editing: always those that graph/inference.py would give from
    scratch."""

    def __init__(self, name: str = MAIN) -> None:
        self.name = name
        self.result = BlockResult(name, EMPTY, ())
        self.cache = Cache()
        self.cyclic: list[str] = []
        self._block = Block()
        self._blocks: Mapping[str, Block] = {}
        self.ways = Ways()
        self._owners: dict[str, str] = {}
        """By node that uses the weights of another one, that one."""

    def update(self, project: Project) -> set[str]:
        """Bring the results up to date with `project`; the names of the nodes whose result is new
        or gone."""
        block = project.blocks[self.name]
        dirty = self._changed_uses(project, block)
        if block is self._block and not dirty:
            return set()
        old, self._block = self._block, block
        if block.parameters is not old.parameters:
            dirty.update(block.nodes)
        if block.nodes is not old.nodes:
            dirty |= self._take_nodes(old, block)
        if block.links is not old.links:
            dirty |= self.ways.update(block)
            dirty |= self._take_order(*topological_order(block, self.ways))
        elif list(block.nodes) != list(old.nodes):
            dirty |= self._take_order(*self._reordered(old, block))
        changed = self._recompute(project, block, dirty)
        self.result.values = defaults_of(block)
        finish(self.result, block)
        check_sharing(self.result, block, self._owners)
        if block.nodes is not old.nodes:
            changed |= old.nodes.keys() - block.nodes.keys()
        return changed

    def _changed_uses(self, project: Project, block: Block) -> set[str]:
        """Nodes that stand for a block, where any block changed."""
        self.cache.keep_small()
        blocks = {name: b for name, b in project.blocks.items() if name != self.name}
        same = blocks.keys() == self._blocks.keys() and all(
            blocks[name] is b for name, b in self._blocks.items()
        )
        self._blocks = blocks
        if same:
            return set()
        self.cache.forget_blocks()
        return {node.name for node in block.nodes.values() if node.is_block}

    def _take_nodes(self, old: Block, block: Block) -> set[str]:
        """Nodes that are not as before, and those that share the weights of such."""
        dirty = set(differing_nodes(old.nodes, block.nodes))
        for name in dirty:
            owner = block.nodes[name].settings.shares
            if owner:
                self._owners[name] = owner
            else:
                self._owners.pop(name, None)
        if self._owners:
            gone = old.nodes.keys() - block.nodes.keys()
            self._owners = {name: o for name, o in self._owners.items() if name not in gone}
            changed = dirty | gone
            while changed:
                changed = {name for name, owner in self._owners.items() if owner in changed}
                changed -= dirty
                dirty |= changed
        return dirty

    def _reordered(self, old: Block, block: Block) -> tuple[list[str], list[str]]:
        """The order where nodes came or went but no links: that of before without those that went
        and with those that came at the end of the file, which have no links yet."""
        kept = [name for name in old.nodes if name in block.nodes]
        names = list(block.nodes)
        come = names[len(kept) :]
        linked = self.ways.incoming.keys() | self.ways.following.keys()
        if names[: len(kept)] != kept or not linked.isdisjoint(come):
            return topological_order(block, self.ways)
        if len(kept) < len(old.nodes) and not linked.isdisjoint(old.nodes.keys() - set(kept)):
            return topological_order(block, self.ways)
        order = [name for name in self.result.order if name in block.nodes]
        return [*order, *come], [name for name in self.cyclic if name in block.nodes]

    def _take_order(self, order: list[str], left: list[str]) -> set[str]:
        """Nodes that lie in or behind a circle, now or before."""
        cyclic = self.cyclic
        if order != self.result.order or left != cyclic:
            nodes = self.result.nodes
            # A new node gets its result below; here it only gets its place.
            self.result.nodes = {name: nodes.get(name, _NEW) for name in (*order, *left)}
        self.result.order, self.cyclic = order, left
        return {*cyclic, *left}

    def _recompute(self, project: Project, block: Block, dirty: set[str]) -> set[str]:
        context = Context(project, defaults_of(block), {}, self.cache, (self.name,))
        results, cyclic = self.result.nodes, set(self.cyclic)
        incoming, following = self.ways.incoming, self.ways.following
        changed: set[str] = set()
        for name in results:
            if name not in dirty:
                continue
            before = results[name]
            if name in cyclic:
                after = UNKNOWN
            else:
                after = context.compute(block.nodes[name], incoming.get(name, ()), results)
            if before is after:
                continue
            if before.outputs != after.outputs:
                dirty.update(following.get(name, ()))
            elif before is not _NEW and before == after:
                continue
            results[name] = after
            changed.add(name)
        return changed


_NEW = NodeResult()
"""Stands for the result of a node that is new."""
