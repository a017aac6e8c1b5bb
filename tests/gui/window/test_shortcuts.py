"""Keys are shown and changed, and nobody's key is taken away unasked."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest

from graph.grouping import group_nodes
from gui.canvas.hits import Hit
from gui.canvas.menus import context_menu
from gui.commands.shortcuts import FIXED, KeyTakenError

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def keys(lenet, qtbot):
    """The window of the keys, opened by its key."""
    with qtbot.waitActive(lenet):
        lenet.activateWindow()
    QTest.keyClick(lenet, Qt.Key.Key_F1)
    return lenet.help.windows["shortcuts"]


def choose(keys, name):
    keys.table.setCurrentCell(keys.row_of(name), 0)


def press(keys, key, modifiers=CTRL):
    """Press new keys for the chosen command."""
    keys.edit.setFocus()
    QTest.keyClick(keys.edit, key, modifiers)


def shown(keys, name):
    return keys.table.item(keys.row_of(name), 2).text()


def test_all_actions_are_listed_with_their_keys(lenet, keys):
    for action in lenet.actions_:
        text = shown(keys, action.objectName())
        assert text == ", ".join(key.toString() for key in action.shortcuts())
    assert keys.table.rowCount() > len(list(lenet.actions_))


def test_a_key_is_changed_works_and_is_kept(lenet, keys, open_window, qtbot):
    choose(keys, "zoom_in")
    press(keys, Qt.Key.Key_J)
    assert shown(keys, "zoom_in") == "Ctrl+J"
    assert "Ctrl+J" in keys.note.text()
    assert "(Ctrl+J)" in lenet.actions_["zoom_in"].toolTip()
    keys.close()
    with qtbot.waitActive(lenet):
        lenet.activateWindow()
    before = lenet.pages.design.canvas.zoom
    QTest.keyClick(lenet, Qt.Key.Key_J, CTRL)
    assert lenet.pages.design.canvas.zoom > before
    now = lenet.pages.design.canvas.zoom
    QTest.keyClick(lenet, Qt.Key.Key_Equal, CTRL)
    assert lenet.pages.design.canvas.zoom == now
    other = open_window()
    assert other.shortcuts.keys("zoom_in") == ["Ctrl+J"]
    assert other.shortcuts.is_changed("zoom_in")
    assert not other.shortcuts.is_changed("zoom_out")


def test_a_key_of_another_command_is_refused_with_a_sentence(lenet, keys):
    choose(keys, "arrange")
    press(keys, Qt.Key.Key_S)
    assert keys.note.property("role") == "error"
    assert keys.note.text().startswith("Ctrl+S already means “Save”.")
    assert shown(keys, "arrange") == "Ctrl+L"
    assert lenet.shortcuts.keys("save") == ["Ctrl+S"]
    # Free again, it can be given.
    choose(keys, "save")
    QTest.mouseClick(keys.clear, Qt.MouseButton.LeftButton)
    assert shown(keys, "save") == ""
    choose(keys, "arrange")
    press(keys, Qt.Key.Key_S)
    assert lenet.shortcuts.keys("arrange") == ["Ctrl+S"]
    # Now it is the way back that would clash.
    choose(keys, "save")
    QTest.mouseClick(keys.reset, Qt.MouseButton.LeftButton)
    assert "Arrange" in keys.note.text()
    assert lenet.shortcuts.keys("save") == []
    QTest.mouseClick(keys.reset_all, Qt.MouseButton.LeftButton)
    assert lenet.shortcuts.keys("save") == ["Ctrl+S"]
    assert lenet.shortcuts.keys("arrange") == ["Ctrl+L"]
    assert not keys.reset_all.isEnabled()
    assert [key for key in lenet.settings.allKeys() if key.startswith("shortcuts/")] == []


@pytest.mark.parametrize("key", FIXED)
def test_keys_of_the_canvas_are_not_given_away(lenet, key):
    with pytest.raises(KeyTakenError, match="choose another key"):
        lenet.shortcuts.set_key("arrange", key)


def test_a_cleared_key_stays_cleared(lenet, open_window):
    lenet.shortcuts.clear("undo")
    other = open_window()
    assert other.shortcuts.keys("undo") == []
    other.shortcuts.reset("undo")
    assert other.shortcuts.keys("undo") == ["Ctrl+Z"]


def test_settings_that_somebody_spoiled_do_no_harm(window, open_window):
    for text in ("", "nonsense", "[1]", '{"a": 1}'):
        window.settings.setValue("shortcuts/undo", text)
        window.settings.sync()
        assert open_window().shortcuts.keys("undo") == ["Ctrl+Z"]


def test_the_canvas_follows_a_changed_delete_key(lenet):
    canvas, editor = lenet.pages.design.canvas, lenet.editor
    lenet.shortcuts.set_key("delete", "Ctrl+J")
    canvas.setFocus()
    before = editor.document.state
    link = next(iter(before.main.links))
    canvas.items_scene.select_links([link])
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    assert editor.document.state is before
    QTest.keyClick(canvas, Qt.Key.Key_J, CTRL)
    assert link not in editor.document.state.main.links
    editor.history.undo()
    assert editor.document.state is before


def test_the_menu_of_the_canvas_shows_the_changed_key(lenet):
    canvas = lenet.pages.design.canvas
    lenet.shortcuts.set_key("group", "Ctrl+J")
    lenet.editor.select(["conv1"])
    menu = context_menu(canvas, Hit(node="conv1"), canvas.items_scene.node_items["conv1"].pos())
    assert menu.findChild(QAction, "canvas_menu_group").shortcut().toString() == "Ctrl+J"
    menu.close()


def test_the_menu_of_a_block_shows_the_key_that_opens_it(lenet):
    canvas = lenet.pages.design.canvas
    lenet.editor.select(["conv1"])
    lenet.editor.apply("Group", lambda p: group_nodes(p, "main", ["conv1"]).project)
    (name,) = (
        node.name for node in lenet.editor.document.state.main.nodes.values() if node.is_block
    )
    menu = context_menu(canvas, Hit(node=name), canvas.items_scene.node_items[name].pos())
    # Not that of File > Open.
    assert menu.findChild(QAction, "canvas_menu_open_block").shortcut().toString() == "Return"
    menu.close()


def test_searching_by_words_and_by_keys(keys):
    def found():
        rows = range(keys.table.rowCount())
        return [keys.table.item(r, 0).text() for r in rows if not keys.table.isRowHidden(r)]

    QTest.keyClicks(keys.search, "zoom")
    assert {"Zoom in", "Zoom out"} <= set(found())
    assert "Save" not in found()
    keys.search.clear()
    QTest.keyClicks(keys.search, "ctrl+s")
    assert "Save" in found()
    assert "Zoom in" not in found()


def test_what_belongs_to_the_canvas_cannot_be_changed(keys):
    keys.table.setCurrentCell(keys.table.rowCount() - 1, 0)
    assert not keys.edit.isEnabled()
    assert not keys.clear.isEnabled()
    assert "stay as they are" in keys.note.text()


@pytest.mark.parametrize(
    ("key", "modifiers", "why_not"),
    [
        (Qt.Key.Key_F2, Qt.KeyboardModifier.NoModifier, "Select one node first."),
        (Qt.Key.Key_G, CTRL, "Select a node first."),
        (Qt.Key.Key_D, CTRL, "Select a node first."),
        (Qt.Key.Key_Z, CTRL, "There is no step to undo or redo."),
    ],
)
def test_a_key_that_does_nothing_now_says_why(lenet, qtbot, key, modifiers, why_not):
    with qtbot.waitActive(lenet):
        lenet.activateWindow()
    canvas = lenet.pages.design.canvas
    canvas.setFocus()
    QTest.keyClick(canvas, key, modifiers)
    assert lenet.status.hint.text() == why_not
