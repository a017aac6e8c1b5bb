"""Copy, cut, paste and duplicate by their keys, within a project, between two, and as text."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from graph.edits import add_node
from graph.files import from_text
from graph.state import Link
from gui.canvas import clipboard
from tests.gui.canvas.building import agree

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def canvas(lenet):
    """The canvas of LeNet, with the keyboard, the first convolution and its Tanh selected."""
    view = lenet.pages.design.canvas
    view.setFocus()
    lenet.editor.select(["conv1", "tanh1"])
    return view


def press(canvas, key, keys=CONTROL):
    QTest.keyClick(canvas, key, keys)


def nodes(window):
    return window.editor.document.state.main.nodes


def test_copied_nodes_are_text_that_can_be_read(lenet, canvas):
    press(canvas, Qt.Key.Key_C)
    text = QGuiApplication.clipboard().text()
    assert "conv1: {layer: Conv2d, out_channels: 6" in text
    assert from_text(text).project.main.nodes.keys() == {"conv1", "tanh1"}


def test_pasting_is_one_step_and_selects_what_came(lenet, canvas):
    before = lenet.editor.document.state
    press(canvas, Qt.Key.Key_C)
    press(canvas, Qt.Key.Key_V)
    assert lenet.editor.selection == {"conv3", "tanh5"}
    assert Link("conv3", "out", "tanh5", "in") in lenet.editor.document.state.main.links
    agree(canvas)
    lenet.actions_["undo"].trigger()
    assert lenet.editor.document.state is before


def test_pasting_with_inputs_links_to_where_it_came_from(lenet, canvas):
    press(canvas, Qt.Key.Key_C)
    press(canvas, Qt.Key.Key_V, CONTROL | SHIFT)
    assert Link("image", "out", "conv3", "in") in lenet.editor.document.state.main.links


def test_cutting_heals_the_wire(lenet, canvas):
    before = lenet.editor.document.state
    lenet.editor.select(["tanh1"])
    press(canvas, Qt.Key.Key_X)
    assert "tanh1" not in nodes(lenet)
    assert Link("conv1", "out", "pool1", "in") in lenet.editor.document.state.main.links
    assert "tanh1" in QGuiApplication.clipboard().text()
    lenet.actions_["undo"].trigger()
    assert lenet.editor.document.state is before


def test_duplicates_stand_beside(lenet, canvas):
    press(canvas, Qt.Key.Key_D)
    x, y = nodes(lenet)["conv1"].at
    assert nodes(lenet)["conv3"].at == (x + 40, y + 40)


def test_the_menu_pastes_where_it_was_opened(lenet, canvas):
    press(canvas, Qt.Key.Key_C)
    clipboard.paste(canvas, QPointF(401, 202))
    one, two = nodes(lenet)["conv3"].at, nodes(lenet)["tanh5"].at
    assert ((one[0] + two[0]) / 2, (one[1] + two[1]) / 2) == (400, 200)


def test_it_goes_into_another_tab(lenet, canvas):
    press(canvas, Qt.Key.Key_C)
    lenet.actions_["new_tab"].trigger()
    lenet.commands.new()
    press(lenet.pages.design.canvas, Qt.Key.Key_V)
    assert set(nodes(lenet)) == {"conv1", "tanh1"}


def test_text_that_is_no_network_is_refused_in_words(lenet, canvas):
    before = lenet.editor.document.state
    QGuiApplication.clipboard().setText("a shopping list")
    press(canvas, Qt.Key.Key_V)
    assert lenet.editor.document.state is before
    assert "cannot be pasted" in lenet.status.hint.text()


def test_the_keys_stay_with_fields(lenet, canvas):
    field = lenet.pages.design.palette_panel.findChild(QLineEdit)
    QGuiApplication.clipboard().setText("pool")
    field.setFocus()
    before = lenet.editor.document.state
    QTest.keyClick(field, Qt.Key.Key_V, CONTROL)
    assert field.text() == "pool"
    assert lenet.editor.document.state is before


def test_the_keys_stay_with_a_note_that_is_being_written(lenet, canvas):
    lenet.editor.apply("", lambda p: add_node(p, "main", "Note", name="why"))
    lenet.editor.select(["why"])
    assert canvas.write_note("why")
    field = canvas.focusWidget() or canvas.note_editor
    QTest.keyClicks(field, "words")
    before = lenet.editor.document.state
    for key in (Qt.Key.Key_A, Qt.Key.Key_C):
        QTest.keyClick(field, key, CONTROL)
    assert QGuiApplication.clipboard().text() == "words"
    for key in (Qt.Key.Key_X, Qt.Key.Key_V, Qt.Key.Key_V):
        QTest.keyClick(field, key, CONTROL)
    QTest.keyClick(field, Qt.Key.Key_D, CONTROL)
    assert lenet.editor.document.state.main.nodes.keys() == before.main.nodes.keys()
    assert field.toPlainText() == "wordswords"


def test_what_is_pasted_far_away_comes_into_view(lenet, canvas):
    """A place where nobody looks would look like nothing at all."""
    lenet.editor.select(["conv1", "tanh1"])
    lenet.actions_["copy"].trigger()
    canvas.show_view(1.0, QPointF(5000, 5000))
    # Under the mouse it would stand there.
    QCursor.setPos(canvas.viewport().mapToGlobal(QPoint(-40, -40)))
    lenet.actions_["paste"].trigger()
    seen = canvas.camera.seen()
    for name in lenet.editor.selection:
        assert seen.contains(canvas.items_scene.node_items[name].card_on_canvas()), name
    assert len(lenet.editor.selection) == 2
