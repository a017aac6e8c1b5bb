"""Putting the selected nodes in a line or at equal distances, from the sizes in which they are
shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from graph.aligning import Axis, Line, align, distribute
from graph.state import Project

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView

_LINES: Mapping[str, Line] = {
    "align_left": "left",
    "align_center": "center",
    "align_right": "right",
    "align_top": "top",
    "align_middle": "middle",
    "align_bottom": "bottom",
}
_AXES: Mapping[str, Axis] = {"distribute_across": 0, "distribute_down": 1}

ALIGNMENTS, DISTRIBUTIONS = tuple(_LINES), tuple(_AXES)
"""The names of the actions."""
SEPARATED = ("align_top", "distribute_across")
"""Those before which a menu draws a line."""


def put_in_order(canvas: CanvasView, action: str) -> bool:
    """Do one of these actions with the selected nodes; False where it is refused."""
    editor, items = canvas.editor, canvas.items_scene.node_items
    block = editor.block
    sizes = {
        name: (items[name].card.width(), items[name].card.height())
        for name in sorted(editor.selection)
    }
    if action in _LINES:
        text = QCoreApplication.translate("Canvas", "Align {count} nodes")
    else:
        text = QCoreApplication.translate("Canvas", "Distribute {count} nodes")

    def edit(project: Project) -> Project:
        if action in _LINES:
            return align(project, block, sizes, _LINES[action])
        return distribute(project, block, sizes, _AXES[action])

    return editor.apply(text.format(count=len(sizes)), edit)
