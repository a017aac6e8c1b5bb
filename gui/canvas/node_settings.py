"""What the menu of a node sets without the inspector: frozen weights, and the colour of frames."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from graph.edits import set_argument
from graph.setting_edits import set_setting
from graph.sharing import can_have_weights, deciding
from graph.state import Node, Project
from gui.canvas.commands import words_for
from gui.editor import Editor


def chosen_with_weights(editor: Editor) -> list[Node]:
    """Those of the selected nodes that may have weights."""
    block, names = editor.chosen
    nodes = editor.document.state.blocks[block].nodes
    return [nodes[name] for name in sorted(names) if can_have_weights(nodes[name])]


def are_frozen(editor: Editor, nodes: Sequence[Node]) -> bool:
    """Whether the weights of all of these nodes stay as they are in a training."""
    graph = editor.document.state.blocks[editor.chosen[0]].nodes
    return bool(nodes) and all(deciding(graph, node).settings.frozen for node in nodes)


def freeze_selection(editor: Editor) -> bool:
    """Freeze the weights of the selected nodes, or let them learn where all are frozen."""
    block, nodes = editor.chosen[0], chosen_with_weights(editor)
    frozen = are_frozen(editor, nodes)
    if frozen:
        label = QCoreApplication.translate("Canvas", "Let {name} learn")
    else:
        label = QCoreApplication.translate("Canvas", "Freeze {name}")

    def edit(project: Project) -> Project:
        for node in nodes:
            project = set_setting(project, block, node.name, "frozen", not frozen)
        return project

    label = label.format(name=words_for([node.name for node in nodes]))
    return editor.apply(label, edit, path=editor.path)


def color_frame(editor: Editor, name: str, color: str) -> bool:
    """Give a frame another colour."""
    block = editor.block
    label = QCoreApplication.translate("Canvas", "Colour {name} {color}")
    return editor.apply(
        label.format(name=name, color=color),
        lambda project: set_argument(project, block, name, "color", color),
    )
