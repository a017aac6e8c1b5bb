"""The menu Arrange: its actions are offered where they can be done, and do it by key."""

from itertools import pairwise

from PySide6.QtCore import Qt

from graph.grouping import group_nodes
from gui.canvas.hits import Hit
from gui.canvas.menus import context_menu
from gui.canvas.preferences import canvas_preferences


def test_align_by_key(lenet, qtbot):
    canvas = lenet.pages.design.canvas
    assert not lenet.actions_["align_left"].isEnabled()
    names = list(canvas.items_scene.node_items)[:3]
    before = lenet.editor.document.state
    lenet.editor.select(names[:2])
    assert lenet.actions_["align_left"].isEnabled()
    assert not lenet.actions_["distribute_down"].isEnabled()
    lenet.editor.select(names)
    assert lenet.actions_["distribute_down"].isEnabled()
    canvas.setFocus()
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(canvas, Qt.Key.Key_Up, keys)
    canvas.items_scene.glide.finish()
    tops = {canvas.items_scene.node_items[name].card_on_canvas().top() for name in names}
    assert len(tops) == 1
    lenet.editor.history.undo()
    assert lenet.editor.document.state is before


def test_the_context_menu_of_several_nodes_aligns(lenet):
    canvas = lenet.pages.design.canvas
    names = list(canvas.items_scene.node_items)[:3]
    lenet.editor.select(names)
    menu = context_menu(canvas, Hit("node", names[0]), canvas.camera.seen().center())
    (inner,) = [one for one in menu.actions() if one.text() == "Align"]
    offered = [one.objectName() for one in inner.menu().actions() if not one.isSeparator()]
    assert offered[0] == "align_left"
    assert "distribute_down" in offered
    menu.deleteLater()


def test_snapping_is_remembered(lenet, open_window):
    assert canvas_preferences().snaps
    lenet.actions_["snap"].trigger()
    assert not canvas_preferences().snaps
    other = open_window()
    assert not other.actions_["snap"].isChecked()
    other.actions_["snap"].setChecked(True)
    assert canvas_preferences().snaps


def test_the_link_style_is_remembered(lenet, open_window):
    lenet.actions_["links_orthogonal"].trigger()
    assert lenet.pages.design.canvas.items_scene.surface.link_style == "orthogonal"
    other = open_window()
    assert other.actions_["links_orthogonal"].isChecked()
    assert not other.actions_["links_curved"].isChecked()
    lenet.actions_["links_curved"].trigger()
    assert canvas_preferences().link_style == "curved"


def test_back_and_forward_by_key(lenet, qtbot):
    canvas = lenet.pages.design.canvas
    lenet.editor.select([next(iter(canvas.items_scene.node_items))])
    lenet.editor.apply(
        "Make a block", lambda p: group_nodes(p, "main", ["conv1"], name="Inner").project
    )
    lenet.editor.open_block("Inner")
    canvas.setFocus()
    qtbot.keyClick(canvas, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert lenet.editor.block == "main"
    qtbot.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert lenet.editor.block == "Inner"


def test_the_direction_by_key(lenet, qtbot):
    canvas = lenet.pages.design.canvas
    before = lenet.editor.document.state
    canvas.setFocus()
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(canvas, Qt.Key.Key_L, keys)
    assert lenet.editor.document.state.main.direction == "left-right"
    canvas.items_scene.glide.finish()
    cards = [item.card_on_canvas() for item in canvas.items_scene.node_items.values()]
    assert all(a.right() < b.left() for a, b in pairwise(cards))
    lenet.editor.history.undo()
    assert lenet.editor.document.state is before
    lenet.editor.history.redo()
    qtbot.keyClick(canvas, Qt.Key.Key_T, keys)
    assert lenet.editor.document.state.main.direction == "top-down"
    assert lenet.editor.history.count() == 2
