"""What the menus of nodes, notes, frames, links and the empty canvas offer, and that it is done."""

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from graph.edits import add_node
from graph.framing import frame_around
from graph.state import Link
from gui.canvas import clipboard
from gui.canvas.hits import Hit
from gui.canvas.menus import context_menu
from tests.gui.canvas.building import agree, block, key, network

LINK = Link("relu", "out", "tanh", "in")


@pytest.fixture
def choose(canvas):
    """Chooses an entry of the menu at some place; gives the words of all entries."""

    def done(hit, name="", place=None):
        menu = context_menu(canvas, hit, place or QPointF(0, 0))
        found = {one.objectName().removeprefix("canvas_menu_"): one for one in menu.actions()}
        if name:
            found[name].trigger()
        words = {name: action.text() for name, action in found.items()}
        menu.close()
        return words

    return done


def note(canvas):
    """A note in the network, selected."""
    canvas.editor.apply("note", lambda p: add_node(p, "main", "Note", name="note", at=(300, 0)))
    canvas.editor.select(["note"])
    return Hit(sort="node", node="note")


def test_a_note_is_edited_and_has_no_entries_of_layers(canvas, choose):
    words = choose(note(canvas), "write")
    assert words["write"] == "Edit note"
    assert canvas.note_editor is not None
    assert not {"group", "bypass", "freeze", "disconnect"} & words.keys()


def test_a_frame_gets_another_colour_in_one_step(canvas):
    project, name = frame_around(canvas.editor.document.state, "main", {"relu": (170.0, 40.0)})
    canvas.editor.apply("frame", lambda _: project)
    canvas.editor.select([name])
    menu = context_menu(canvas, Hit(sort="node", node=name), QPointF(0, 0))
    colors = next(one.menu() for one in menu.actions() if one.menu() is not None)
    assert [one.text() for one in colors.actions() if one.isChecked()] == ["blue"]
    steps = canvas.editor.history.count()
    next(one for one in colors.actions() if one.text() == "pink").trigger()
    menu.close()
    assert block(canvas).nodes[name].arguments["color"] == "pink"
    assert canvas.editor.history.count() == steps + 1
    agree(canvas)


def test_weights_are_frozen_of_all_selected_nodes_that_have_some(open_canvas):
    canvas = open_canvas(
        network(
            ("image", "Input", 0, 0),
            ("conv", "Conv2d", 0, 100),
            ("relu", "ReLU", 0, 200),
            ("fc", "Linear", 0, 300),
            links=("image -> conv", "conv -> relu"),
        )
    )

    def entry():
        menu = context_menu(canvas, Hit(sort="node", node="conv"), QPointF(0, 0))
        found = [one for one in menu.actions() if one.objectName() == "canvas_menu_freeze"]
        menu.close()
        return found[0] if found else None

    canvas.editor.select(["conv", "relu", "fc"])
    assert entry().text() == "Freeze weights"
    entry().trigger()
    frozen = {name for name, node in block(canvas).nodes.items() if node.settings.frozen}
    assert frozen == {"conv", "fc"}
    assert canvas.editor.history.count() == 1
    assert entry().text() == "Let weights learn"
    entry().trigger()
    assert not any(node.settings.frozen for node in block(canvas).nodes.values())
    canvas.editor.select(["relu"])
    assert entry() is None


def test_a_layer_is_searched_for_a_link_and_comes_into_it(canvas, choose):
    canvas.items_scene.select_links([LINK])
    choose(Hit(sort="link", link=LINK), "insert", QPointF(0, 150))
    popup = canvas.adder.popup
    assert popup.isVisible()
    QTest.keyClicks(popup.line, "sigmoid")
    # What receives nothing, or gives nothing, is no part of a link.
    titles = {offer.title for offer in popup._offers}
    assert "Sigmoid" in titles
    assert not {"Input", "Output", "Note"} & titles
    QTest.keyClick(popup.line, Qt.Key.Key_Return)
    assert {"relu -> sigmoid1", "sigmoid1 -> tanh"} <= set(map(str, block(canvas).links))
    assert canvas.editor.history.count() == 1
    agree(canvas)


def test_typing_on_a_selected_link_begins_the_name_of_what_comes_into_it(canvas):
    canvas.items_scene.select_links([LINK])
    key(canvas, Qt.Key.Key_G)
    popup = canvas.adder.popup
    assert popup.line.text() == "g"
    QTest.keyClicks(popup.line, "elu")
    QTest.keyClick(popup.line, Qt.Key.Key_Return)
    assert {"relu -> gelu1", "gelu1 -> tanh"} <= set(map(str, block(canvas).links))
    canvas.editor.history.undo()
    assert LINK in block(canvas).links
    agree(canvas)


def test_a_note_is_added_where_the_menu_was_opened_and_written_at_once(canvas, choose):
    choose(Hit(), "add_note", QPointF(300, 80))
    assert block(canvas).nodes["note1"].at == (300, 80)
    assert canvas.note_editor is not None


def test_pasting_with_inputs_from_the_menu_links_to_where_it_came_from(canvas, choose):
    canvas.editor.select(["tanh"])
    clipboard.copy(canvas)
    canvas.editor.select(())
    choose(Hit(), "paste_with_inputs", QPointF(400, 200))
    assert "relu -> tanh2" in map(str, block(canvas).links)
    assert block(canvas).nodes["tanh2"].at == (400, 200)


def test_of_a_wide_choice_only_what_concerns_all_is_offered(canvas, choose):
    canvas.editor.select(["relu", "tanh"])
    words = choose(Hit(sort="node", node="relu"))
    assert words["remove"] == "Remove 2 nodes"
    assert "disconnect" not in words
    assert "freeze" not in words
