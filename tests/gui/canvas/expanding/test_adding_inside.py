"""What is added inside of a block that is shown in place: by search, from the palette, in links."""

import pytest
from PySide6.QtCore import QPoint, QPointF

from graph.edits import add_node
from gui.canvas.hits import hit_test
from gui.canvas.menus import context_menu
from tests.gui.canvas.building import (
    as_if_opened_anew,
    drop,
    key,
    pixel,
)
from tests.gui.canvas.expanding.blocks import (
    CONV_RELU,
    KEY,
    SHIFT,
    area,
    canvas_places,
    inside,
    links,
    on_ground,
    on_inner,
    on_inner_port,
    step,
    undone,
)


def test_let_go_over_nothing_it_searches_what_fits_and_adds_it_there(view, hand):
    before = view.editor.document.state
    hand.drag(on_inner_port(view, "conv", "out", is_input=False), on_ground(view))
    popup = view.adder.popup
    assert popup.isVisible()
    names = [offer.key for offer in popup.model.offers]
    assert "add:Tanh" in names
    assert "add:Embedding" not in names
    popup.line.setText("tanh")
    popup.choose_current()
    assert "conv -> tanh1" in links(view)
    assert view.editor.chosen == ("Step", {"tanh1"})
    assert area(view).card_on_canvas().contains(canvas_places(view)["tanh1"])
    as_if_opened_anew(view)
    undone(view, before)


@pytest.mark.parametrize("by_key", [False, True])
def test_the_search_adds_where_it_was_asked_for(view, hand, by_key):
    before, at = view.editor.document.state, on_ground(view) + QPoint(5, -150)
    if by_key:
        hand.move(at)
        key(view, KEY.Key_Space)
    else:
        hand.double_click(at)
    view.adder.popup.line.setText("tanh")
    view.adder.popup.choose_current()
    assert view.editor.chosen == ("Step", {"tanh1"})
    place = view.camera.to_canvas(QPointF(at))
    assert (canvas_places(view)["tanh1"] - place).manhattanLength() < 3
    undone(view, before)


def test_a_layer_dropped_on_the_ground_comes_into_the_block(view):
    before = view.editor.document.state
    at = on_ground(view) + QPoint(5, -150)
    hints = []
    view.editor.hint.connect(hints.append)
    drop(view, "Tanh", at)
    assert any("add it to Step" in hint for hint in hints)
    assert "tanh1" in step(view).nodes
    assert view.editor.chosen == ("Step", {"tanh1"})
    undone(view, before)


def test_a_layer_dropped_on_a_link_goes_into_it(view):
    before = view.editor.document.state
    item = inside(view).link_items[CONV_RELU]
    at = pixel(view, inside(view).on_canvas(item.middle()))
    drop(view, "Tanh", at, release=False)
    assert item.is_insertion
    drop(view, "Tanh", at)
    assert {"conv -> tanh1", "tanh1 -> relu"} <= links(view)
    undone(view, before)


def test_a_node_that_is_dragged_onto_a_link_goes_into_it(view, hand):
    view.editor.apply("", lambda p: add_node(p, "Step", "Tanh", at=(300.0, 100.0), name="tanh"))
    before = view.editor.document.state
    item = inside(view).link_items[CONV_RELU]
    hand.drag(
        on_inner(view, "tanh"), pixel(view, inside(view).on_canvas(item.middle())) - QPoint(60, 0)
    )
    assert {"conv -> tanh", "tanh -> relu"} <= links(view)
    undone(view, before)


def test_typing_on_a_link_inside_puts_a_layer_into_it(view, hand):
    before = view.editor.document.state
    item = inside(view).link_items[CONV_RELU]
    hand.click(pixel(view, inside(view).on_canvas(item.middle())))
    key(view, "t")
    view.adder.popup.line.setText("tanh")
    view.adder.popup.choose_current()
    assert {"conv -> tanh1", "tanh1 -> relu"} <= links(view)
    assert view.editor.chosen == ("Step", {"tanh1"})
    undone(view, before)


def test_a_block_is_made_inside_and_dissolved_again(view, hand):
    before = view.editor.document.state
    hand.click(on_inner(view, "conv"))
    hand.click(on_inner(view, "relu"), keys=SHIFT)
    view.group_selection()
    view.block_name.line.setText("Front")
    key(view.block_name.line, KEY.Key_Return)
    block, names = view.editor.chosen
    assert (block, len(names)) == ("Step", 1)
    (name,) = names
    assert step(view).nodes[name].type == "Front"
    assert view.editor.document.state.blocks["Front"].nodes.keys() >= {"conv", "relu"}
    as_if_opened_anew(view)
    view.expand_selection()
    assert view.items_scene.find(("second", name)) is not None
    as_if_opened_anew(view)
    view.dissolve_selection()
    assert view.editor.chosen == ("Step", {"conv", "relu"})
    as_if_opened_anew(view)
    for _ in range(3):
        view.editor.history.undo()
    assert view.editor.document.state is before


def test_the_menu_of_the_ground_adds_there(view):
    at = view.camera.to_canvas(QPointF(on_ground(view)))
    menu = context_menu(view, hit_test(view.items_scene, at, 1.0), at)
    (action,) = [one for one in menu.actions() if one.objectName() == "canvas_menu_add"]
    assert action.text() == "Add layer to Step…"
    action.trigger()
    menu.close()
    view.adder.popup.line.setText("tanh")
    view.adder.popup.choose_current()
    assert view.editor.chosen == ("Step", {"tanh1"})
