"""The canvas without a mouse."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from graph.document import Document
from graph.edits import add_node, remove_nodes
from graph.project_edits import add_block
from graph.state import Block, Link
from gui.canvas.view import CanvasView
from gui.editor import Editor
from tests.gui.canvas.building import agree, block, chain, key, network

KEY = Qt.Key
# Qt's platform without a display says so whenever a window has a smallest size.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def between(qtbot):
    """A canvas between two fields, as in the window."""
    window = QWidget()
    window.before = QLineEdit(window)
    window.canvas = CanvasView(Editor(Document(chain())), window)
    window.behind = QLineEdit(window)
    column = QVBoxLayout(window)
    for widget in (window.before, window.canvas, window.behind):
        column.addWidget(widget)
    qtbot.addWidget(window)
    window.resize(600, 600)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    window.canvas.setFocus()
    qtbot.waitUntil(window.canvas.hasFocus)
    return window


def test_tab_walks_along_the_data_and_leaves_at_the_end(between):
    canvas = between.canvas
    walked = []
    for _ in range(4):
        key(canvas, KEY.Key_Tab)
        walked += canvas.editor.selection
    assert walked == ["image", "relu", "tanh", "result"]
    key(canvas, KEY.Key_Tab)
    assert between.behind.hasFocus()


def test_shift_tab_walks_back(between):
    canvas = between.canvas
    canvas.editor.select(["relu"])
    key(canvas, KEY.Key_Backtab, SHIFT)
    assert canvas.editor.selection == {"image"}
    key(canvas, KEY.Key_Backtab, SHIFT)
    assert between.before.hasFocus()


def test_tab_brings_the_node_into_view(open_canvas):
    names = [("image", "Input", 0, 0)]
    names += [(f"relu{number}", "ReLU", 0, 100 * number) for number in range(1, 40)]
    links = [f"{a[0]} -> {b[0]}" for a, b in pairwise(names)]
    view = open_canvas(network(*names, links=links))
    view.editor.select(["relu38"])
    key(view, KEY.Key_Tab)
    assert view.editor.selection == {"relu39"}
    card = view.items_scene.node_items["relu39"].card_on_canvas()
    assert view.camera.seen().contains(card)


def test_arrows_move_what_is_selected_as_one_step(canvas):
    canvas.editor.select(["relu"])
    for which in (KEY.Key_Right, KEY.Key_Right, KEY.Key_Down):
        key(canvas, which)
    assert block(canvas).nodes["relu"].at == (8.0, 104.0)
    key(canvas, KEY.Key_Left, SHIFT)
    assert block(canvas).nodes["relu"].at == (-12.0, 104.0)
    assert canvas.editor.history.count() == 1
    agree(canvas)
    canvas.editor.history.undo()
    assert block(canvas) == chain().main
    agree(canvas)


def test_arrows_move_the_view_where_nothing_is_selected(canvas):
    before = canvas.camera.seen().center()
    key(canvas, KEY.Key_Down)
    assert canvas.camera.seen().center().y() > before.y()
    assert canvas.editor.history.count() == 0


@pytest.mark.parametrize("which", [KEY.Key_Delete, KEY.Key_Backspace])
def test_delete_removes_and_heals_the_wire(canvas, which):
    canvas.editor.select(["relu"])
    key(canvas, which)
    assert "relu" not in block(canvas).nodes
    assert Link("image", "out", "tanh", "in") in block(canvas).links
    assert not canvas.editor.selection
    agree(canvas)
    canvas.editor.history.undo()
    assert block(canvas) == chain().main


def test_delete_with_nothing_selected_changes_nothing(canvas):
    key(canvas, KEY.Key_Delete)
    assert canvas.editor.history.count() == 0


def test_select_all_and_escape(canvas):
    key(canvas, KEY.Key_A, CONTROL)
    assert canvas.editor.selection == {"image", "relu", "tanh", "result"}
    key(canvas, KEY.Key_Escape)
    assert not canvas.editor.selection


def test_enter_opens_a_block(open_canvas):
    project = add_block(chain(), "Inner", Block())
    project = add_node(project, "main", "Inner", at=(300, 0), name="inner", is_block=True)
    view = open_canvas(project)
    view.editor.select(["relu"])
    key(view, KEY.Key_Return)
    assert view.editor.block == "main"
    view.editor.select(["inner"])
    key(view, KEY.Key_Return)
    assert view.editor.block == "Inner"


def test_keys_wait_while_something_is_in_hand(canvas, hand):
    canvas.editor.select(["tanh"])
    hand.press(QPoint(40, 80))
    hand.move(QPoint(90, 120))
    assert canvas.gesture is not None
    before = canvas.editor.document.state
    key(canvas, KEY.Key_Delete)
    assert canvas.editor.document.state is before
    key(canvas, KEY.Key_Escape)


def test_the_canvas_says_what_it_is(canvas):
    assert canvas.accessibleName()
    assert "Tab" in canvas.accessibleDescription()


def test_leaving_a_note_for_another_field_leaves_the_keyboard_there(between):
    canvas = between.canvas
    canvas.editor.apply("note", lambda p: add_node(p, "main", "Note", name="note"))
    canvas.write_note("note")
    assert canvas.note_editor.hasFocus()
    between.behind.setFocus()
    assert canvas.note_editor is None
    assert between.behind.hasFocus()


def test_home_shows_all_and_a_point_what_is_selected(canvas):
    canvas.set_zoom(2.0)
    key(canvas, KEY.Key_Home)
    seen = canvas.camera.seen()
    assert seen.contains(canvas.items_scene.content_bounds())
    canvas.editor.select(["tanh"])
    key(canvas, KEY.Key_Period)
    near = canvas.camera.seen()
    assert near.contains(canvas.items_scene.node_items["tanh"].card_on_canvas())
    tanh = canvas.items_scene.node_items["tanh"].y()
    assert abs(near.center().y() - tanh) < abs(seen.center().y() - tanh) / 2


def test_a_screen_reader_is_told_what_tab_comes_to(between, qtbot):
    """Nodes are painted and have no names of their own, so that of the canvas says theirs."""
    canvas = between.canvas
    assert "Tab walks" in canvas.accessibleDescription()
    for said in ("image, Input", "relu, ReLU, gives", "tanh, Tanh, gives"):
        key(canvas, KEY.Key_Tab)
        assert canvas.accessibleDescription().startswith(said)
    size = canvas.items_scene.node_items["tanh"].look.size
    assert canvas.accessibleDescription() == f"tanh, Tanh, gives {size}"
    canvas.editor.apply("cut", lambda p: remove_nodes(p, "main", ["relu"]))
    assert "problem: " in canvas.accessibleDescription()
    canvas.editor.select(["image", "tanh"])
    assert canvas.accessibleDescription() == "2 nodes are selected"
    canvas.editor.select([])
    assert "Tab walks" in canvas.accessibleDescription()
