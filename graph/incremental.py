"""The results of a block that is being edited, kept up to date at the cost of what changed."""

from __future__ import annotations

import heapq
from collections.abc import Mapping

from graph.inference import Context
from graph.order import topological_order
from graph.ports import defaults_of
from graph.results import BlockResult, Cache, NodeResult, finish
from graph.state import EMPTY, MAIN, Block, Link, Project


class BlockInference:
    """The results of one block under editing, kept up to date at the cost of what changed."""

    def __init__(self, name: str = MAIN) -> None:
        self.name = name
        self.result = BlockResult(name, EMPTY, ())
        self.cyclic: list[str] = []
        self._block = Block()
        self._blocks: Mapping[str, Block] = {}
        self._cache: Cache = {}
        self._incoming: dict[str, list[Link]] = {}
        self._outgoing: dict[str, list[Link]] = {}
        self._rank: dict[str, int] = {}

    def update(self, project: Project) -> set[str]:
        """Bring the results up to date with `project`; the names of the nodes whose result is new
        or gone."""
        block = project.blocks[self.name]
        dirty = self._changed_uses(project, block)
        if block is self._block and not dirty:
            return set()
        gone = self._take_nodes(block, dirty)
        self._take_links(block, dirty)
        parameters_changed = block.parameters is not self._block.parameters
        self._block = block
        if parameters_changed:
            dirty.update(block.nodes)
        changed = self._recompute(project, block, dirty)
        self.result.values = defaults_of(block)
        self.result.order = sorted(self.result.nodes, key=lambda name: self._rank.get(name, -1))
        finish(self.result, block)
        return changed | gone

    def _changed_uses(self, project: Project, block: Block) -> set[str]:
        """Nodes that stand for a block that changed, itself or inside."""
        blocks = {name: b for name, b in project.blocks.items() if name != self.name}
        altered = {
            name
            for name in blocks.keys() | self._blocks.keys()
            if blocks.get(name) is not self._blocks.get(name)
        }
        self._blocks = blocks
        if not altered:
            return set()
        self._cache.clear()
        return {node.name for node in block.nodes.values() if node.is_block}

    def _take_nodes(self, block: Block, dirty: set[str]) -> set[str]:
        old, new = self._block.nodes, block.nodes
        if old is new:
            return set()
        last = max(self._rank.values(), default=0)
        for name, node in new.items():
            if old.get(name) is not node:
                dirty.add(name)
                if name not in self._rank:
                    last += 1
                    self._rank[name] = last
        gone = {name for name in old if name not in new}
        for name in gone:
            self.result.nodes.pop(name, None)
            self._rank.pop(name, None)
        return gone

    def _take_links(self, block: Block, dirty: set[str]) -> None:
        if block.links is self._block.links:
            return
        old = {id(link): link for link in self._block.links}
        new = {id(link): link for link in block.links}
        for key, link in old.items():
            if key not in new:
                self._incoming[link.target].remove(link)
                self._outgoing[link.source].remove(link)
                dirty.add(link.target)
        reorder = bool(self.cyclic)
        for key, link in new.items():
            if key not in old:
                self._incoming.setdefault(link.target, []).append(link)
                self._outgoing.setdefault(link.source, []).append(link)
                dirty.add(link.target)
                reorder |= self._rank.get(link.source, 0) >= self._rank.get(link.target, 0)
        if reorder:
            order, self.cyclic = topological_order(block)
            self._rank = {name: place for place, name in enumerate([*order, *self.cyclic])}
            dirty.update(self.cyclic)

    def _recompute(self, project: Project, block: Block, dirty: set[str]) -> set[str]:
        context = Context(project, defaults_of(block), {}, self._cache, (self.name,))
        results, rank, cyclic = self.result.nodes, self._rank, set(self.cyclic)
        waiting = [(rank[name], name) for name in dirty if name in block.nodes]
        heapq.heapify(waiting)
        queued = {name for _, name in waiting}
        changed: set[str] = set()
        while waiting:
            _, name = heapq.heappop(waiting)
            queued.discard(name)
            before = results.get(name)
            if name in cyclic:
                after = NodeResult()
            else:
                after = context.compute(block.nodes[name], self._incoming.get(name, ()), results)
            if before == after:
                continue
            results[name] = after
            changed.add(name)
            if before is not None and before.outputs == after.outputs:
                continue
            for link in self._outgoing.get(name, ()):
                if link.target not in queued and link.target in block.nodes:
                    queued.add(link.target)
                    heapq.heappush(waiting, (rank[link.target], link.target))
        return changed
