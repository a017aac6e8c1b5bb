"""The context menus of nodes, links and empty canvas."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from graph.direction import BY_RESOLUTION, LEFT_RIGHT, TOP_DOWN
from graph.layer import LAYERS
from graph.state import Node
from gui.canvas import clipboard, commands, node_settings, rerouting
from gui.canvas.aligning import ALIGNMENTS, DISTRIBUTIONS, SEPARATED
from gui.canvas.drawing import Drawing
from gui.canvas.hits import Hit, hit_test

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView


_SAME = {"remove": "delete", "remove_link": "delete", "remove_dot": "delete"}
"""What stands under other words in the window's menus, whose keys may have been changed."""


def open_menu(canvas: CanvasView, pixel: QPointF, *, by_key: bool) -> None:
    """Select what lies at a pixel, and show its menu; by key, that of what is selected."""
    editor, scene = canvas.editor, canvas.items_scene
    if by_key and editor.chosen[1]:
        item = scene.chosen_drawing.node_items[min(editor.chosen[1])]
        pixel = canvas.camera.to_view(item.scenePos())
    elif by_key and scene.selected_dots:
        at = scene.chosen_drawing.model_place(min(scene.selected_dots))
        pixel = canvas.camera.to_view(scene.chosen_drawing.on_canvas(at))
    place = canvas.camera.to_canvas(pixel)
    hit = hit_test(scene, place, canvas.zoom)
    if hit.node and (editor.path != hit.path or hit.node not in editor.chosen[1]):
        if hit.node in (scene.find(hit.path) or scene).node_items:
            scene.select_links(())
            editor.select([hit.node], hit.path)
    elif hit.dot is not None:
        rerouting.select(scene, hit.dot, hit.path)
    elif hit.link is not None:
        editor.select((), hit.path)
        scene.select_links([hit.link])
    context_menu(canvas, hit, place).popup(canvas.viewport().mapToGlobal(pixel.toPoint()))


def context_menu(canvas: CanvasView, hit: Hit, place: QPointF) -> QMenu:
    """The menu for what lies under the mouse; it deletes itself when it closes."""
    menu = QMenu(canvas)
    menu.setObjectName("canvas_menu")
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    drawing = canvas.items_scene.find(hit.path) or canvas.items_scene
    if hit.node in drawing.node_items and hit.path:
        _inner_actions(canvas, menu, drawing, hit.node)
    elif hit.node in drawing.node_items:
        _node_actions(canvas, menu, hit.node, place)
    elif hit.link is not None:
        _link_actions(canvas, menu, drawing, hit, place)
    else:
        _canvas_actions(canvas, menu, place)
    return menu


def _add(
    menu: QMenu,
    name: str,
    text: str,
    call: Callable[[], object],
    *,
    shortcut: str = "",
    enabled: bool = True,
) -> QAction:
    action = menu.addAction(text)
    action.setObjectName(f"canvas_menu_{name}")
    action.setEnabled(enabled)
    canvas = menu.parentWidget()
    of_window = canvas.window().findChild(QAction, _SAME.get(name, name)) if canvas else None
    if of_window is not None:
        shortcut = of_window.shortcut().toString()
    if shortcut:
        # Shown only: the key itself is handled by the canvas.
        action.setShortcut(QKeySequence(shortcut))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    action.triggered.connect(lambda: call())
    return action


def _node_actions(canvas: CanvasView, menu: QMenu, name: str, place: QPointF) -> None:
    translate = QCoreApplication.translate
    editor, scene = canvas.editor, canvas.items_scene
    chosen = [scene.block.nodes[one] for one in sorted(editor.selection)] or [
        scene.block.nodes[name]
    ]
    several, node = len(chosen) > 1, scene.block.nodes[name]
    if node.is_note and not several:
        _note_actions(canvas, menu, node)
    elif not several:
        _block_actions(canvas, menu, node)
        _ground_actions(canvas, menu, scene.at(place), place)
        _add_of_window(canvas, menu, "rename")
        if scene.node_items[name].look.outputs:
            _add_of_window(canvas, menu, "link_to")
    _network_actions(canvas, menu, chosen)
    _add(
        menu,
        "frame",
        translate("Canvas", "Put a frame around"),
        canvas.frame_selection,
        shortcut="Ctrl+Shift+F",
    )
    if several:
        _arrange_menu(canvas, menu)
    menu.addSeparator()
    _clipboard_actions(canvas, menu)
    menu.addSeparator()
    _add(
        menu,
        "fit_selection",
        translate("Canvas", "Zoom to selection") if several else translate("Canvas", "Zoom to it"),
        canvas.fit_selection,
    )
    if not node.is_note and not several:
        _disconnect_action(menu, scene, name)
    menu.addSeparator()
    _remove_action(canvas, menu, [one.name for one in chosen])


def _block_actions(canvas: CanvasView, menu: QMenu, node: Node) -> None:
    """What can be done with a node that stands for a block, and with no other."""
    if not node.is_block:
        return
    translate, editor = QCoreApplication.translate, canvas.editor
    text = translate("Canvas", "Open {block}").format(block=node.type)
    _add(menu, "open_block", text, lambda: commands.open_node(editor, node.name), shortcut="Return")
    words = translate("Canvas", "Expand in place"), translate("Canvas", "Collapse")
    _add(menu, "expand", words[node.expanded], canvas.expand_selection)
    text = translate("Canvas", "Dissolve {name}").format(name=node.name)
    _add(menu, "dissolve", text, canvas.dissolve_selection, shortcut="Ctrl+Shift+G")
    text = translate("Canvas", "Save {block} to my library").format(block=node.type)
    _add(menu, "save_block", text, lambda: commands.save_block(editor, node.type))
    menu.addSeparator()


def _note_actions(canvas: CanvasView, menu: QMenu, node: Node) -> None:
    """What can be done with a note or a frame."""
    translate, name = QCoreApplication.translate, node.name
    text = translate("Canvas", "Edit title") if node.is_frame else translate("Canvas", "Edit note")
    _add(menu, "write", text, lambda: canvas.write_note(name), shortcut="Return")
    if not node.is_frame:
        return
    colors = LAYERS[node.type].PARAMETERS["color"]
    inner = menu.addMenu(translate("Canvas", "Colour"))
    inner.setObjectName("canvas_menu_color")
    for color in map(str, colors.choices):
        action = inner.addAction(color)
        action.setObjectName(f"canvas_menu_color_{color}")
        action.setCheckable(True)
        action.setChecked(color == node.arguments.get("color", colors.default))
        call = partial(node_settings.color_frame, canvas.editor, name, color)
        action.triggered.connect(lambda _=False, call=call: call())


def _add_of_window(canvas: CanvasView, menu: QMenu, name: str) -> None:
    """An action of the window, where the canvas lies in one."""
    action = canvas.window().findChild(QAction, name)
    if action is not None:
        menu.addAction(action)


def _inner_actions(canvas: CanvasView, menu: QMenu, drawing: Drawing, name: str) -> None:
    """What can be done with the selected nodes inside of an expanded one, and with that."""
    translate, chosen = QCoreApplication.translate, canvas.editor.chosen[1]
    nodes = [drawing.block.nodes[one] for one in (chosen if name in chosen else {name})]
    several, (*_, use) = len(nodes) > 1, drawing.path
    if not several:
        text = translate("Canvas", "Open {name}").format(name=name)
        call = partial(commands.open_inner, drawing, name)
        _add(menu, "open_block", text, call, shortcut="Return")
    if nodes[0].is_block and not several:
        words = translate("Canvas", "Expand in place"), translate("Canvas", "Collapse")
        _add(menu, "expand", words[nodes[0].expanded], canvas.expand_selection)
    else:
        text = translate("Canvas", "Collapse {name}").format(name=use)
        _add(menu, "expand", text, canvas.expand_selection)
    if nodes[0].is_block and not several:
        text = translate("Canvas", "Dissolve {name}").format(name=name)
        _add(menu, "dissolve", text, canvas.dissolve_selection, shortcut="Ctrl+Shift+G")
    if not several and drawing.node_items[name].look.outputs:
        _add_of_window(canvas, menu, "link_to")
    _network_actions(canvas, menu, nodes)
    menu.addSeparator()
    _clipboard_actions(canvas, menu)
    menu.addSeparator()
    if not several:
        _disconnect_action(menu, drawing, name)
    _remove_action(canvas, menu, [node.name for node in nodes])


def _network_actions(canvas: CanvasView, menu: QMenu, nodes: Sequence[Node]) -> None:
    """What can be done with selected nodes, if some of them are part of the network."""
    if all(node.is_note for node in nodes):
        return
    _bypass_action(canvas, menu, nodes)
    _freeze_action(canvas, menu)
    text = QCoreApplication.translate("Canvas", "Make a block")
    _add(menu, "group", text, canvas.group_selection, shortcut="Ctrl+G")


def _disconnect_action(menu: QMenu, drawing: Drawing, name: str) -> None:
    text = QCoreApplication.translate("Canvas", "Remove its links")
    call = partial(commands.disconnect_node, drawing, name)
    _add(menu, "disconnect", text, call, enabled=bool(drawing.links_of(name)))


def _ground_actions(canvas: CanvasView, menu: QMenu, ground: Drawing, place: QPointF) -> None:
    """What can be done where there is nothing on the ground of an expanded block."""
    if ground.path:
        text = QCoreApplication.translate("Canvas", "Add layer to {block}…")
        call = partial(canvas.adder.open_at, ground, ground.local(place))
        _add(menu, "add", text.format(block=ground.name), call, shortcut="Space")


def _bypass_action(canvas: CanvasView, menu: QMenu, nodes: Sequence[Node]) -> None:
    translate = QCoreApplication.translate
    bypassed = all(node.settings.bypassed for node in nodes)
    _add(
        menu,
        "bypass",
        translate("Canvas", "Use again") if bypassed else translate("Canvas", "Bypass"),
        canvas.bypass_selection,
        shortcut="Ctrl+B",
        enabled=not any(node.is_note for node in nodes),
    )


def _freeze_action(canvas: CanvasView, menu: QMenu) -> None:
    """For the selected nodes that have weights, where there are any."""
    translate, editor = QCoreApplication.translate, canvas.editor
    nodes = node_settings.chosen_with_weights(editor)
    if nodes:
        frozen = node_settings.are_frozen(editor, nodes)
        text = translate("Canvas", "Let weights learn") if frozen else ""
        call = partial(node_settings.freeze_selection, editor)
        _add(menu, "freeze", text or translate("Canvas", "Freeze weights"), call)


def _remove_action(canvas: CanvasView, menu: QMenu, names: Sequence[str]) -> None:
    if len(names) > 1:
        text = QCoreApplication.translate("Canvas", "Remove {count} nodes")
        text = text.format(count=len(names))
    else:
        text = QCoreApplication.translate("Canvas", "Remove {name}").format(name=names[0])
    _add(menu, "remove", text, canvas.delete_selection, shortcut="Del")


def _clipboard_actions(canvas: CanvasView, menu: QMenu) -> None:
    translate = QCoreApplication.translate
    _add(menu, "cut", translate("Canvas", "Cut"), lambda: clipboard.cut(canvas))
    _add(menu, "copy", translate("Canvas", "Copy"), lambda: clipboard.copy(canvas))
    _add(menu, "duplicate", translate("Canvas", "Duplicate"), lambda: clipboard.duplicate(canvas))


def _arrange_menu(canvas: CanvasView, menu: QMenu) -> None:
    """The window's actions that put the selected nodes in order."""
    inner = menu.addMenu(QCoreApplication.translate("Canvas", "Align"))
    inner.setObjectName("canvas_menu_align")
    for name in (*ALIGNMENTS, *DISTRIBUTIONS):
        if name in SEPARATED:
            inner.addSeparator()
        _add_of_window(canvas, inner, name)
    inner.setEnabled(bool(inner.actions()))


def _link_actions(
    canvas: CanvasView, menu: QMenu, drawing: Drawing, hit: Hit, place: QPointF
) -> None:
    translate = QCoreApplication.translate
    link, dot = hit.link, hit.dot
    if link is None:
        return
    place = drawing.local(place)
    text = translate("Canvas", "Insert a layer…")
    _add(menu, "insert", text, lambda: canvas.adder.open_in(drawing, link, place))
    if dot is not None:
        _add(
            menu,
            "remove_dot",
            translate("Canvas", "Remove reroute point"),
            lambda: rerouting.remove(drawing, [dot]),
            shortcut="Del",
        )
    else:
        _add(
            menu,
            "add_dot",
            translate("Canvas", "Add a reroute point"),
            partial(rerouting.add_at, canvas.items_scene, drawing, link, place),
        )
    _add(
        menu,
        "straighten",
        translate("Canvas", "Remove all its reroute points"),
        lambda: rerouting.straighten(drawing, link),
        enabled=bool(drawing.link_items[link].dots),
    )
    menu.addSeparator()
    for name in (link.source, link.target):
        text = translate("Canvas", "Show {name}").format(name=name)
        _add(menu, f"show_{name}", text, partial(canvas.editor.go_to, drawing.name, name))
    menu.addSeparator()
    _add(
        menu,
        "remove_link",
        translate("Canvas", "Remove link"),
        lambda: commands.remove_link(drawing, link),
        shortcut="" if dot is not None else "Del",
    )


def _canvas_actions(canvas: CanvasView, menu: QMenu, place: QPointF) -> None:
    translate = QCoreApplication.translate
    some = bool(canvas.items_scene.node_items)
    _add(
        menu,
        "add",
        translate("Canvas", "Add layer…"),
        lambda: canvas.adder.open_at(canvas.items_scene, place),
        shortcut="Space",
    )
    _add(
        menu,
        "add_note",
        translate("Canvas", "Add a note"),
        lambda: canvas.add_node_at("Note", place) and canvas.write_note(*canvas.editor.selection),
    )
    menu.addSeparator()
    _add(menu, "paste", translate("Canvas", "Paste"), lambda: clipboard.paste(canvas, place))
    _add(
        menu,
        "paste_with_inputs",
        translate("Canvas", "Paste with inputs"),
        lambda: clipboard.paste_with_inputs(canvas, place),
    )
    _add(
        menu,
        "select_all",
        translate("Canvas", "Select all"),
        canvas.select_all,
        shortcut="Ctrl+A",
        enabled=some,
    )
    arranger = canvas.arranger
    for name, text, call in (
        ("arrange", translate("Canvas", "Arrange"), arranger.arrange),
        (
            "arrange_top_down",
            translate("Canvas", "Arrange top-down"),
            partial(arranger.arrange, TOP_DOWN),
        ),
        (
            "arrange_left_right",
            translate("Canvas", "Arrange left-right"),
            partial(arranger.arrange, LEFT_RIGHT),
        ),
        (
            "arrange_by_resolution",
            translate("Canvas", "Arrange by resolution"),
            partial(arranger.arrange, BY_RESOLUTION),
        ),
    ):
        _add(menu, name, text, call, enabled=some)
    menu.addSeparator()
    _add(menu, "fit", translate("Canvas", "Zoom to fit"), canvas.fit, enabled=some)
    _add(menu, "zoom_reset", translate("Canvas", "Zoom to 100 %"), canvas.zoom_reset)
    _add(
        menu,
        "minimap",
        translate("Canvas", "Hide overview")
        if canvas.minimap_wanted
        else translate("Canvas", "Show overview"),
        lambda: canvas.show_minimap(not canvas.minimap_wanted),
    )
