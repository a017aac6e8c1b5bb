"""The part of a block's weights or multiply-adds that each node has, as a bar on it on demand."""

from __future__ import annotations

from typing import Literal, get_args

from PySide6.QtCore import QObject

from graph.document import Difference
from graph.results import BlockResult, NodeResult
from gui.canvas.scene import CanvasScene
from gui.editor import Editor

Counted = Literal["nothing", "weights", "multiply_adds"]
COUNTED: tuple[Counted, ...] = get_args(Counted)


def shares_of(result: BlockResult, counted: Counted) -> dict[str, float]:
    """The part of every node that has any, of what all nodes of a block have together."""
    if counted == "nothing":
        return {}
    counts = {name: _count(node, counted) for name, node in result.nodes.items()}
    total = sum(counts.values())
    return {name: count / total for name, count in counts.items() if count}


def _count(node: NodeResult, counted: Counted) -> int:
    return int(node.parameters if counted == "weights" else node.multiply_adds)


class Shares(QObject):
    """Keeps the bars of a canvas in step with the document; made after what follows the nodes."""

    def __init__(self, editor: Editor, scene: CanvasScene, parent: QObject) -> None:
        super().__init__(parent)
        self._editor = editor
        self._scene = scene
        self._counted: Counted = "nothing"
        editor.document.changed.connect(self._document_changed)
        editor.block_changed.connect(self._follow)

    @property
    def counted(self) -> Counted:
        """What the bars show."""
        return self._counted

    def count(self, counted: Counted) -> None:
        """Show the share of something else, or of nothing."""
        self._counted = counted
        self._follow()

    def _document_changed(self, difference: Difference) -> None:
        if difference.results.get(self._editor.block) or difference.blocks.get(self._editor.block):
            self._follow()

    def _follow(self, *_: object) -> None:
        surface = self._scene.surface
        before = surface.shares
        if self._counted == "nothing" and not before:
            return
        result = self._editor.document.result(self._editor.block)
        surface.shares = shares_of(result, self._counted)
        surface.counted = self._counted
        for name in before.keys() | surface.shares.keys():
            item = self._scene.node_items.get(name)
            if item is not None and before.get(name) != surface.shares.get(name):
                item.update()
