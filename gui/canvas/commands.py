"""What menus, keys and the palette do to the network shown: each is one edit, or a selection."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF

from graph.edits import add_node, default_node_name, move_nodes
from graph.layout import arrange
from graph.links import remove_links
from graph.order import topological_order
from graph.placing import add_after, free_place
from graph.removal import remove_selection
from graph.state import Link
from gui.canvas.scene import CanvasScene
from gui.editor import Editor


def delete_selection(editor: Editor, scene: CanvasScene) -> bool:
    """Remove the selected nodes and links; a wire through a removed node is healed."""
    names, links, block = editor.selection, scene.selected_links, editor.block
    if not names and not links:
        return False
    if len(names) + len(links) == 1:
        only = next(iter(names), "") or str(next(iter(links)))
        label = QCoreApplication.translate("Canvas", "Remove {name}").format(name=only)
    else:
        text = QCoreApplication.translate("Canvas", "Remove {count} parts")
        label = text.format(count=len(names) + len(links))
    return editor.apply(label, lambda project: remove_selection(project, block, names, links))


def disconnect_node(editor: Editor, scene: CanvasScene, name: str) -> bool:
    """Remove all links of a node."""
    links, block = scene.links_of(name), editor.block
    label = QCoreApplication.translate("Canvas", "Disconnect {name}").format(name=name)
    return editor.apply(label, lambda project: remove_links(project, block, links))


def remove_link(editor: Editor, link: Link) -> bool:
    """Remove one link."""
    block = editor.block
    label = QCoreApplication.translate("Canvas", "Remove link {link}").format(link=link)
    return editor.apply(label, lambda project: remove_links(project, block, [link]))


def nudge(editor: Editor, across: float, down: float) -> bool:
    """Move the selected nodes a little; nudges that follow each other are one step of undo."""
    block = editor.block
    nodes = editor.document.state.blocks[block].nodes
    chosen = sorted(editor.selection)
    if not chosen:
        return False
    places = {n: (nodes[n].at[0] + across, nodes[n].at[1] + down) for n in chosen}
    if len(chosen) == 1:
        label = QCoreApplication.translate("Canvas", "Move {name}").format(name=chosen[0])
    else:
        text = QCoreApplication.translate("Canvas", "Move {count} nodes")
        label = text.format(count=len(chosen))
    merge = f"nudge {block} {' '.join(chosen)}"
    return editor.apply(label, lambda project: move_nodes(project, block, places), merge=merge)


def arrange_block(editor: Editor) -> bool:
    """Put all nodes into layers from top to bottom."""
    block = editor.block
    label = QCoreApplication.translate("Canvas", "Arrange {block}").format(block=block)
    return editor.apply(label, lambda project: arrange(project, block))


def add_node_at(editor: Editor, type_: str, place: QPointF, *, is_block: bool = False) -> bool:
    """Add a node centred at a place, and select it."""
    block = editor.block
    name = default_node_name(editor.document.state, block, type_)
    at = (place.x(), place.y())
    label = QCoreApplication.translate("Canvas", "Add {name}").format(name=name)
    done = editor.apply(
        label,
        lambda project: add_node(project, block, type_, at=at, name=name, is_block=is_block),
    )
    if done:
        editor.select([name])
    return done


def add_node_below(editor: Editor, type_: str, middle: QPointF, *, is_block: bool = False) -> bool:
    """Add a node behind the only selected one, or else at a free place near `middle`."""
    block = editor.block
    state = editor.document.state
    if len(editor.selection) != 1:
        spot = free_place(state.blocks[block], (middle.x(), middle.y()))
        return add_node_at(editor, type_, QPointF(*spot), is_block=is_block)
    (after,) = editor.selection
    name = default_node_name(state, block, type_)
    label = QCoreApplication.translate("Canvas", "Add {name}").format(name=name)
    done = editor.apply(
        label, lambda project: add_after(project, block, after, type_, is_block=is_block)
    )
    if done:
        editor.select([name])
    return done


def next_node(editor: Editor, *, forward: bool) -> str:
    """The node after (or before) the selected one in the order in which data flows; empty at the
    end."""
    block = editor.document.state.blocks[editor.block]
    order, cyclic = topological_order(block)
    order += cyclic
    if not order:
        return ""
    places = [number for number, name in enumerate(order) if name in editor.selection]
    if not places:
        return order[0 if forward else -1]
    wanted = places[-1] + 1 if forward else places[0] - 1
    return order[wanted] if 0 <= wanted < len(order) else ""


def open_node(editor: Editor, name: str) -> bool:
    """Show the inside of a node that stands for a block."""
    node = editor.document.state.blocks[editor.block].nodes.get(name)
    if node is None or not node.is_block or node.type not in editor.document.state.blocks:
        return False
    editor.open_block(node.type)
    return True
