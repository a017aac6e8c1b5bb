"""What menus, keys and the palette do to the network shown: each is one edit, or a selection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QPointF

from graph.around import show_expanded
from graph.dissolving import dissolve_node
from graph.dots import Dot, dots_between, move_parts, place_of
from graph.edits import Edit, EditError, add_node, default_node_name
from graph.expanding import is_expanded
from graph.files import FileError
from graph.framing import with_contents
from graph.grouping import group_nodes
from graph.inside import make_room, move_inside
from graph.links import remove_links
from graph.order import topological_order
from graph.placing import add_after, free_place, insert_with_room
from graph.removal import remove_selection
from graph.setting_edits import toggle_bypass
from graph.state import Block, Link, Point, Project
from gui.canvas import rerouting
from gui.canvas.drawing import course_in, shape_in, shapes_in
from gui.canvas.glide import Part
from gui.canvas.scene import CanvasScene
from gui.editor import Editor, Inside
from gui.shelf import shelf


def delete_selection(editor: Editor, scene: CanvasScene) -> bool:
    """Remove what is selected: nodes, links and reroute points; a wire through a removed node is
    healed."""
    block, names = editor.chosen
    links, dots = scene.selected_links, scene.selected_dots
    if not names and not links:
        return bool(dots) and rerouting.remove(editor, dots)
    count = len(names) + len(links) + len(dots)
    if count == 1:
        only = next(iter(names), "") or str(next(iter(links)))
        label = QCoreApplication.translate("Canvas", "Remove {name}").format(name=only)
    else:
        label = QCoreApplication.translate("Canvas", "Remove {count} parts").format(count=count)
    return apply_to_chosen(
        editor, label, lambda project: remove_selection(project, block, names, links, dots)
    )


def apply_to_chosen(editor: Editor, label: str, edit: Edit) -> bool:
    """Do an edit of the block in which the selected nodes are; where that is shown in place of a
    node, what lies around it gives way."""
    inside, block = editor.inside, editor.block
    if inside is None:
        return editor.apply(label, edit)
    return editor.apply(label, lambda before: make_room(before, edit(before), block, inside.use))


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


def nudge(editor: Editor, scene: CanvasScene, across: float, down: float) -> bool:
    """Move the selected nodes and reroute points a little; nudges that follow each other are one
    step of undo."""
    block, state = editor.block, editor.document.state
    graph = state.blocks[block]
    if editor.inside is not None:
        return move_chosen_inside(editor, across, down, merge=True)
    chosen = sorted(editor.selection)
    dots = scene.selected_dots
    if not chosen and not dots:
        return False
    moved = with_contents(state, block, chosen)
    now: dict[Part, Point] = {name: graph.nodes[name].at for name in moved}
    for dot in dots | dots_between(graph, moved).keys():
        now[dot] = place_of(graph, dot)
    places = {part: (at[0] + across, at[1] + down) for part, at in now.items()}
    label = words_for_move(chosen, len(dots))
    named = (*chosen, *sorted(map(str, dots)))
    merge = f"nudge {block} {' '.join(named)}"
    return editor.apply(label, lambda project: move_parts(project, block, places), merge=merge)


def move_chosen_inside(editor: Editor, across: float, down: float, *, merge: bool = False) -> bool:
    """Move what is selected inside of an expanded node, in every use of its block."""
    inside, block = editor.inside, editor.block
    if inside is None:
        return False
    use, names = inside.use, sorted(inside.names)
    return editor.apply(
        words_for_move(names, 0),
        lambda project: move_inside(project, block, use, names, (across, down)),
        merge=f"nudge {block} {use} {' '.join(names)}" if merge else "",
    )


def words_for_move(nodes: Sequence[str], dots: int) -> str:
    """What moving some nodes, or nothing but reroute points, is called in the history."""
    if not nodes:
        return rerouting.words_for(dots, QCoreApplication.translate("Canvas", "Move {what}"))
    if len(nodes) == 1:
        return QCoreApplication.translate("Canvas", "Move {name}").format(name=nodes[0])
    return QCoreApplication.translate("Canvas", "Move {count} nodes").format(count=len(nodes))


def add_node_at(editor: Editor, type_: str, place: QPointF, *, is_block: bool = False) -> bool:
    """Add a node centred at a place, and select it."""
    block = editor.block
    at = (place.x(), place.y())

    def add(project: Project, type_: str, name: str) -> Project:
        return add_node(project, block, type_, at=at, name=name, is_block=is_block)

    return add_by(editor, type_, add)


def add_node_below(editor: Editor, type_: str, middle: QPointF, *, is_block: bool = False) -> bool:
    """Add a node behind the only selected one, or else at a free place near `middle`."""
    block, chosen = editor.chosen
    if len(chosen) != 1:
        spot = free_place(editor.document.state, editor.block, (middle.x(), middle.y()))
        return add_node_at(editor, type_, QPointF(*spot), is_block=is_block)
    (after,) = chosen

    def add(project: Project, type_: str, _: str) -> Project:
        return add_after(project, block, after, type_, is_block=is_block)

    return add_by(editor, type_, add, to_chosen=True)


def insert_node(
    editor: Editor, type_: str, link: Link, *, near: QPointF | None = None, is_block: bool = False
) -> bool:
    """Put a node into a link, near a place where the link leaves that open, and select it."""
    block = editor.block
    wish = None if near is None else (near.x(), near.y())

    def insert(project: Project, type_: str, _: str) -> Project:
        return insert_with_room(project, block, link, type_, is_block=is_block, near=wish)

    return add_by(editor, type_, insert)


def add_by(
    editor: Editor,
    type_: str,
    edit: Callable[[Project, str, str], Project],
    *,
    to_chosen: bool = False,
) -> bool:
    """Add a node by an edit that is told its type and name; a block of a library is first brought
    into the project, in the same step.

    Args:
        to_chosen: whether it comes where the selected node is, which may be inside of an expanded
            one.
    """
    block = editor.chosen[0] if to_chosen else editor.block
    try:
        brought, type_ = shelf().bring(editor.document.state, type_)
        name = default_node_name(brought, block, type_)
    except EditError as error:
        editor.refused.emit(str(error))
        return False
    label = QCoreApplication.translate("Canvas", "Add {name}").format(name=name)
    if to_chosen:
        done = apply_to_chosen(editor, label, lambda _: edit(brought, type_, name))
    else:
        done = editor.apply(label, lambda _: edit(brought, type_, name))
    if done:
        (editor.choose if to_chosen else editor.select)([name])
    return done


def group_selection(editor: Editor, merge: str) -> str:
    """Make a block of the selected nodes and select the node that stands for it.

    Args:
        merge: naming the block with the same text is one step of undo with this.

    Returns:
        The name of that node; empty where the selection cannot be a block, which is then told.
    """
    block, names = editor.block, sorted(editor.selection)
    try:
        grouped = group_nodes(editor.document.state, block, names)
    except EditError as error:
        editor.refused.emit(str(error))
        return ""
    label = QCoreApplication.translate("Canvas", "Make a block")
    editor.apply(label, lambda _: grouped.project, merge=merge)
    editor.select([grouped.node])
    return grouped.node


def words_for(names: Sequence[str]) -> str:
    """What some nodes are called in the history: by name, or how many they are."""
    several = QCoreApplication.translate("Canvas", "{count} nodes").format(count=len(names))
    return names[0] if len(names) == 1 else several


def bypass_selection(editor: Editor) -> bool:
    """Leave the selected nodes out, or let them take part again where all are left out."""
    block, names = editor.chosen[0], sorted(editor.chosen[1])
    if not names:
        return False
    nodes = editor.document.state.blocks[block].nodes
    if all(nodes[name].settings.bypassed for name in names):
        label = QCoreApplication.translate("Canvas", "Use {name} again")
    else:
        label = QCoreApplication.translate("Canvas", "Bypass {name}")
    label = label.format(name=words_for(names))
    return editor.apply(label, lambda project: toggle_bypass(project, block, names))


def dissolve_selection(editor: Editor) -> bool:
    """Put what is inside of the selected block in its place, and select it."""
    if len(editor.selection) != 1:
        text = QCoreApplication.translate("Canvas", "select the one block that should be dissolved")
        editor.refused.emit(text)
        return False
    (name,) = editor.selection
    block = editor.block
    try:
        dissolved = dissolve_node(editor.document.state, block, name)
    except EditError as error:
        editor.refused.emit(str(error))
        return False
    label = QCoreApplication.translate("Canvas", "Dissolve {name}").format(name=name)
    editor.apply(label, lambda _: dissolved.project)
    editor.select(dissolved.nodes)
    return True


def expand_selection(editor: Editor, scene: CanvasScene) -> bool:
    """Show the block of the selected node in its place, or the node as a card again."""
    block = editor.block
    names = editor.selection if editor.inside is None else {editor.inside.use}
    if len(names) != 1:
        text = QCoreApplication.translate("Canvas", "select the one block that should be expanded")
        editor.refused.emit(text)
        return False
    (name,) = names
    expanded = not editor.document.state.blocks[block].nodes[name].expanded
    if expanded:
        label = QCoreApplication.translate("Canvas", "Expand {name}").format(name=name)
    else:
        label = QCoreApplication.translate("Canvas", "Collapse {name}").format(name=name)
    way, node = scene.block.direction, scene.block.nodes[name]
    card, area = (shape_in(scene, replace(node, expanded=shown), way) for shown in (False, True))
    shapes, course = {**shapes_in(scene, way), name: card}, course_in(scene, way)
    done = editor.apply(
        label, lambda p: show_expanded(p, block, name, expanded, shapes, area, course)
    )
    editor.select([name])
    return done


def open_inner(editor: Editor, use: str, name: str) -> None:
    """Go to a node that is shown inside of an expanded one: into its block, or, where it stands for
    one itself, into that."""
    block = editor.document.state.blocks[editor.block].nodes[use].type
    node = editor.document.state.blocks[block].nodes[name]
    if node.is_block and node.type in editor.document.state.blocks:
        editor.open_block(node.type)
    else:
        editor.go_to(block, name)


def block_chosen(editor: Editor) -> bool:
    """Whether one node is selected, and stands for a block."""
    nodes = editor.document.state.blocks[editor.block].nodes
    return len(editor.selection) == 1 and all(nodes[name].is_block for name in editor.selection)


def save_block(editor: Editor, name: str) -> bool:
    """Save a block to the user's library."""
    try:
        shelf().save(editor.document.state, name)
    except (EditError, FileError) as error:
        editor.refused.emit(str(error))
        return False
    return True


def next_part(editor: Editor, scene: CanvasScene, *, forward: bool) -> Part | Inside | None:
    """The node or reroute point after (or before) the selected one in the order in which data
    flows; None at the end. What is inside of an expanded node comes behind it, and the points of
    the links that leave a node too."""
    state = editor.document.state
    block = state.blocks[editor.block]
    dots: dict[str, list[Dot]] = {}
    for link in block.links:
        dots.setdefault(link.source, []).extend(Dot(link, n) for n in range(len(link.dots)))
    parts: list[Part | Inside] = []
    for name in _in_order(block):
        parts.append(name)
        if is_expanded(state, block.nodes[name]):
            shown = scene.node_items[name].inside.nodes
            inner = _in_order(state.blocks[block.nodes[name].type])
            parts += [Inside(name, frozenset({one})) for one in inner if one in shown]
        parts += dots.get(name, ())
    if not parts:
        return None
    chosen: set[Part | Inside] = {*editor.selection, *scene.selected_dots}
    if editor.inside is not None:
        chosen |= {Inside(editor.inside.use, frozenset({one})) for one in editor.inside.names}
    places = [number for number, part in enumerate(parts) if part in chosen]
    if not places:
        return parts[0 if forward else -1]
    wanted = places[-1] + 1 if forward else places[0] - 1
    return parts[wanted] if 0 <= wanted < len(parts) else None


def _in_order(block: Block) -> list[str]:
    order, cyclic = topological_order(block)
    return [*order, *cyclic]


def open_node(editor: Editor, name: str) -> bool:
    """Show the inside of a node that stands for a block."""
    node = editor.document.state.blocks[editor.block].nodes.get(name)
    if node is None or not node.is_block or node.type not in editor.document.state.blocks:
        return False
    editor.open_block(node.type)
    return True
