"""What menus, keys and the palette do to the network shown: each is one edit, or a selection."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QPointF

from graph.around import show_expanded
from graph.dissolving import dissolve_node
from graph.dots import Dot, dots_between, move_parts, place_of
from graph.edits import EditError, add_node, default_node_name
from graph.files import FileError
from graph.framing import with_contents
from graph.grouping import group_nodes
from graph.links import remove_links
from graph.order import topological_order
from graph.placing import add_after, free_place, insert_with_room
from graph.removal import remove_selection
from graph.setting_edits import toggle_bypass
from graph.state import Block, Link, Point, Project
from gui.canvas import rerouting
from gui.canvas.drawing import Drawing
from gui.canvas.drawn import course_in, shape_in, shapes_in
from gui.canvas.glide import Part
from gui.canvas.scene import CanvasScene
from gui.editor import Editor, Path
from gui.files.shelf import shelf


def delete_selection(editor: Editor, scene: CanvasScene) -> bool:
    """Remove what is selected: nodes, links and reroute points; a wire through a removed node is
    healed."""
    block, names = editor.chosen
    links, dots = scene.selected_links, scene.selected_dots
    if not names and not links:
        return bool(dots) and rerouting.remove(scene.chosen_drawing, dots)
    count = len(names) + len(links) + len(dots)
    if count == 1:
        only = next(iter(names), "") or str(next(iter(links)))
        label = QCoreApplication.translate("Canvas", "Remove {name}").format(name=only)
    else:
        label = QCoreApplication.translate("Canvas", "Remove {count} parts").format(count=count)
    return editor.apply(
        label,
        lambda project: remove_selection(project, block, names, links, dots),
        path=editor.path,
    )


def disconnect_node(drawing: Drawing, name: str) -> bool:
    """Remove all links of a node."""
    links, block = drawing.links_of(name), drawing.name
    label = QCoreApplication.translate("Canvas", "Disconnect {name}").format(name=name)
    return drawing.apply(label, lambda project: remove_links(project, block, links))


def remove_link(drawing: Drawing, link: Link) -> bool:
    """Remove one link."""
    block = drawing.name
    label = QCoreApplication.translate("Canvas", "Remove link {link}").format(link=link)
    return drawing.apply(label, lambda project: remove_links(project, block, [link]))


def nudge(editor: Editor, scene: CanvasScene, across: float, down: float) -> bool:
    """Move the selected nodes and reroute points a little; nudges that follow each other are one
    step of undo."""
    drawing, chosen = scene.chosen_drawing, sorted(editor.chosen[1])
    block, graph = drawing.name, drawing.block
    dots = scene.selected_dots
    if not chosen and not dots:
        return False
    moved = with_contents(editor.document.state, block, chosen)
    now: dict[Part, Point] = {name: graph.nodes[name].at for name in moved}
    for dot in dots | dots_between(graph, moved).keys():
        now[dot] = place_of(graph, dot)
    away = QPointF(across, down)
    places = {part: drawing.model_at(drawing.shown_at(at) + away) for part, at in now.items()}
    label = words_for_move(chosen, len(dots))
    named = (*drawing.path, *chosen, *sorted(map(str, dots)))
    merge = f"nudge {block} {' '.join(named)}"
    return drawing.apply(label, lambda project: move_parts(project, block, places), merge=merge)


def words_for_move(nodes: Sequence[str], dots: int) -> str:
    """What moving some nodes, or nothing but reroute points, is called in the history."""
    if not nodes:
        return rerouting.words_for(dots, QCoreApplication.translate("Canvas", "Move {what}"))
    if len(nodes) == 1:
        return QCoreApplication.translate("Canvas", "Move {name}").format(name=nodes[0])
    return QCoreApplication.translate("Canvas", "Move {count} nodes").format(count=len(nodes))


def add_node_at(drawing: Drawing, type_: str, place: QPointF, *, is_block: bool = False) -> bool:
    """Add a node centred at a place of a drawing, and select it."""
    block, at = drawing.name, drawing.model_at(place)

    def add(project: Project, type_: str, name: str) -> Project:
        return add_node(project, block, type_, at=at, name=name, is_block=is_block)

    return add_by(drawing, type_, add)


def add_node_below(
    scene: CanvasScene, type_: str, middle: QPointF, *, is_block: bool = False
) -> bool:
    """Add a node behind the only selected one, or else at a free place near `middle`."""
    editor = scene.editor
    block, chosen = editor.chosen
    if len(chosen) != 1:
        spot = free_place(editor.document.state, editor.block, (middle.x(), middle.y()))
        return add_node_at(scene, type_, QPointF(*spot), is_block=is_block)
    (after,) = chosen

    def add(project: Project, type_: str, _: str) -> Project:
        return add_after(project, block, after, type_, is_block=is_block)

    return add_by(scene.chosen_drawing, type_, add)


def insert_node(
    drawing: Drawing, type_: str, link: Link, *, near: QPointF | None = None, is_block: bool = False
) -> bool:
    """Put a node into a link, near a place where the link leaves that open, and select it."""
    block = drawing.name
    wish = None if near is None else drawing.model_at(near)

    def insert(project: Project, type_: str, _: str) -> Project:
        return insert_with_room(project, block, link, type_, is_block=is_block, near=wish)

    return add_by(drawing, type_, insert)


def add_by(drawing: Drawing, type_: str, edit: Callable[[Project, str, str], Project]) -> bool:
    """Add a node to a drawing by an edit that is told its type and name, and select it; a block of
    a library is first brought into the project, in the same step."""
    editor = drawing.editor
    try:
        brought, type_ = shelf().bring(editor.document.state, type_)
        name = default_node_name(brought, drawing.name, type_)
    except EditError as error:
        editor.refused.emit(str(error))
        return False
    label = QCoreApplication.translate("Canvas", "Add {name}").format(name=name)
    path = drawing.path
    done = drawing.apply(label, lambda _: edit(brought, type_, name))
    if done:
        editor.select([name], path)
    return done


def group_selection(editor: Editor, merge: str) -> str:
    """Make a block of the selected nodes and select the node that stands for it.

    Args:
        merge: naming the block with the same text is one step of undo with this.

    Returns:
        The name of that node; empty where the selection cannot be a block, which is then told.
    """
    block, names, path = editor.chosen[0], sorted(editor.chosen[1]), editor.path
    try:
        grouped = group_nodes(editor.document.state, block, names)
    except EditError as error:
        editor.refused.emit(str(error))
        return ""
    label = QCoreApplication.translate("Canvas", "Make a block")
    editor.apply(label, lambda _: grouped.project, merge=merge, path=path)
    editor.select([grouped.node], path)
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
    return editor.apply(
        label, lambda project: toggle_bypass(project, block, names), path=editor.path
    )


def dissolve_selection(editor: Editor) -> bool:
    """Put what is inside of the selected block in its place, and select it."""
    (block, names), path = editor.chosen, editor.path
    if len(names) != 1:
        text = QCoreApplication.translate("Canvas", "select the one block that should be dissolved")
        editor.refused.emit(text)
        return False
    (name,) = names
    try:
        dissolved = dissolve_node(editor.document.state, block, name)
    except EditError as error:
        editor.refused.emit(str(error))
        return False
    label = QCoreApplication.translate("Canvas", "Dissolve {name}").format(name=name)
    editor.apply(label, lambda _: dissolved.project, path=path)
    editor.select(dissolved.nodes, path)
    return True


def expand_selection(editor: Editor, scene: CanvasScene) -> bool:
    """Show the block of the selected node in its place, or the node as a card again; where another
    node is selected inside of an expanded one, that one as a card."""
    (block, names), path = editor.chosen, editor.path
    if path and not block_chosen(editor):
        *outer, use = path
        path, names = tuple(outer), frozenset({use})
        block = editor.block_at(path)
    if len(names) != 1:
        text = QCoreApplication.translate("Canvas", "select the one block that should be expanded")
        editor.refused.emit(text)
        return False
    (name,) = names
    graph, drawn = editor.document.state.blocks[block], editor.block_at(())
    if graph.direction != editor.document.state.blocks[drawn].direction:
        text = QCoreApplication.translate(
            "Canvas",
            "{block} is shown here in another direction than its own; open it to expand {name}",
        )
        editor.refused.emit(text.format(block=block, name=name))
        return False
    expanded = not graph.nodes[name].expanded
    if expanded:
        label = QCoreApplication.translate("Canvas", "Expand {name}").format(name=name)
    else:
        label = QCoreApplication.translate("Canvas", "Collapse {name}").format(name=name)
    drawing, way, node = scene.find(path) or scene, graph.direction, graph.nodes[name]
    card, area = (shape_in(drawing, replace(node, expanded=one), way) for one in (False, True))
    shapes, course = {**shapes_in(drawing, way), name: card}, course_in(drawing, way)
    done = drawing.apply(
        label, lambda p: show_expanded(p, block, name, expanded, shapes, area, course)
    )
    editor.select([name], path)
    return done


def open_inner(drawing: Drawing, name: str) -> None:
    """Go to a node that is shown inside of an expanded one: into its block, or, where it stands for
    one itself, into that."""
    editor, block = drawing.editor, drawing.name
    node = drawing.block.nodes[name]
    if node.is_block and node.type in editor.document.state.blocks:
        editor.open_block(node.type)
    else:
        editor.go_to(block, name)


def block_chosen(editor: Editor) -> bool:
    """Whether one node is selected, and stands for a block."""
    block, names = editor.chosen
    nodes = editor.document.state.blocks[block].nodes
    return len(names) == 1 and all(nodes[name].is_block for name in names)


def save_block(editor: Editor, name: str) -> bool:
    """Save a block to the user's library."""
    try:
        shelf().save(editor.document.state, name)
    except (EditError, FileError) as error:
        editor.refused.emit(str(error))
        return False
    return True


def next_part(scene: CanvasScene, *, forward: bool) -> tuple[Path, Part] | None:
    """The node or reroute point after (or before) the selected one in the order in which data
    flows, and where it is shown; None at the end. What is inside of an expanded node comes behind
    it, and the points of the links that leave a node too."""
    parts = list(_parts(scene))
    if not parts:
        return None
    path, chosen = scene.editor.path, scene.editor.chosen[1] | scene.selected_dots
    places = [number for number, part in enumerate(parts) if part[0] == path and part[1] in chosen]
    if not places:
        return parts[0 if forward else -1]
    wanted = places[-1] + 1 if forward else places[0] - 1
    return parts[wanted] if 0 <= wanted < len(parts) else None


def _parts(drawing: Drawing) -> Iterator[tuple[Path, Part]]:
    """All of a drawing in the order in which data flows."""
    block, path = drawing.block, drawing.path
    dots: dict[str, list[Dot]] = {}
    for link in block.links:
        dots.setdefault(link.source, []).extend(Dot(link, n) for n in range(len(link.dots)))
    for name in _in_order(block):
        if name in drawing.node_items:
            yield path, name
        if name in drawing.inside:
            yield from _parts(drawing.inside[name])
        for dot in dots.get(name, ()):
            yield path, dot


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
