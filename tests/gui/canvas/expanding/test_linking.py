"""Links inside of a block that is shown in place: drawn, refused, cut, led and healed there."""

import pytest
from PySide6.QtCore import QPoint, QPointF

from graph.dots import add_dot
from graph.edits import add_node
from graph.links import remove_links
from graph.state import MAIN, Link
from gui.canvas.hits import PortHit, hit_test
from gui.canvas.menus import context_menu
from gui.canvas.tips import tip
from tests.gui.canvas.building import (
    as_if_opened_anew,
    drop,
    key,
    on_node,
    on_port,
    pixel,
)
from tests.gui.canvas.expanding.blocks import (
    CONV_RELU,
    KEY,
    SHIFT,
    area,
    canvas_places,
    cut,
    inside,
    links,
    on_ground,
    on_inner,
    on_inner_port,
    step,
    undone,
)

RELU_POOL = Link("relu", "out", "pool", "in")


@pytest.fixture
def said(view):
    """What is refused."""
    words = []
    view.editor.refused.connect(words.append)
    return words


def test_a_drag_links_what_is_inside(view, hand):
    cut(view, CONV_RELU)
    before = view.editor.document.state
    start = on_inner_port(view, "conv", "out", is_input=False)
    hand.press(start)
    hand.move(start + QPoint(3, 12))
    targets = view.items_scene.surface.targets
    drawing = inside(view)
    relu, first = drawing.node_items["relu"], view.items_scene.node_items["first"]
    assert targets.is_legal(drawing.port_of(relu, "in", is_input=True))
    assert drawing.port_of(first, "in", is_input=True) is None, "not where it could lead"
    end = on_inner_port(view, "relu", "in", is_input=True)
    hand.move(end)
    hand.release(end)
    assert "conv -> relu" in links(view)
    assert view.items_scene.surface.targets is None
    assert view.editor.history.undoText() == "Link conv to relu"
    as_if_opened_anew(view)
    undone(view, before)


def test_every_use_follows(view, hand):
    cut(view, CONV_RELU)
    assert not view.editor.document.node_result(MAIN, "first").outputs
    hand.drag(on_inner_port(view, "conv", "out", is_input=False), on_inner(view, "relu"))
    assert view.editor.document.node_result(MAIN, "first").outputs["out"].sizes == (8, 8, 8)


def test_dropped_on_a_node_it_takes_the_best_port(view, hand):
    cut(view, CONV_RELU)
    hand.drag(on_inner_port(view, "conv", "out", is_input=False), on_inner(view, "relu"))
    assert "conv -> relu" in links(view)


def test_near_a_port_it_jumps_there(view, hand):
    cut(view, CONV_RELU)
    start = on_inner_port(view, "conv", "out", is_input=False)
    end = on_inner_port(view, "relu", "in", is_input=True)
    hand.press(start)
    hand.move(end + QPoint(6, -6))
    gesture = view.gesture
    assert gesture.end == PortHit("relu", "in", True)
    path = gesture.preview.path()
    last = path.elementAt(path.elementCount() - 1)
    drawing = inside(view)
    assert QPointF(last.x, last.y) == drawing.port_place(gesture.end)
    hand.release(end)


@pytest.mark.parametrize("from_the_port", [True, False])
def test_the_ports_of_the_area_are_its_input_and_output_inside(view, hand, from_the_port):
    entry = Link("entry", "out", "conv", "in")
    cut(view, entry)
    before = view.editor.document.state
    ends = [
        on_port(view, "second", "in", is_input=True),
        on_inner_port(view, "conv", "in", is_input=True),
    ]
    hand.drag(*(ends if from_the_port else reversed(ends)))
    assert links(view) >= {"entry -> conv"}
    assert "first -> second" in set(map(str, view.editor.document.state.main.links))
    undone(view, before)


def test_a_link_into_the_output_is_pulled_out_from_inside(view, hand):
    start = on_port(view, "second", "out", is_input=False)
    hand.drag(start, on_ground(view))
    assert "pool -> leave" not in links(view)
    hand.drag(on_inner_port(view, "relu", "out", is_input=False), start)
    assert "relu -> leave" in links(view)
    as_if_opened_anew(view)


def test_from_the_port_to_the_outside_it_leads_as_ever(view, hand):
    out = Link("second", "out", "out", "in")
    view.editor.apply("", lambda p: remove_links(p, MAIN, [out]))
    hand.drag(on_port(view, "second", "out", is_input=False), on_node(view, "out"))
    assert out in view.editor.document.state.main.links


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("inner", "image", "conv lies inside of block Step; lead it through Step's Output"),
        ("inner", "nothing", "conv lies inside of block Step; lead it through Step's Output"),
        ("outer", "relu", "relu lies inside of block Step; lead it through Step's Input"),
    ],
)
def test_over_the_border_it_is_refused_in_place(view, hand, said, start, end, words):
    before = view.editor.document.state
    if start == "inner":
        at = on_inner_port(view, "conv", "out", is_input=False)
    else:
        at = on_port(view, "first", "out", is_input=False)
    places = {
        "image": lambda: on_node(view, "image"),
        "nothing": lambda: QPoint(20, 450),
        "relu": lambda: on_inner(view, "relu"),
    }
    to = places[end]()
    hand.press(at)
    hand.move((at + to) / 2)
    hand.move(to)
    assert view.note.text() == words
    hand.release(to)
    assert said == [words]
    assert view.editor.document.state is before
    assert not view.adder.popup.isVisible()
    as_if_opened_anew(view)


def test_why_it_cannot_be_is_said_inside_too(view, hand, said):
    hand.drag(
        on_inner_port(view, "relu", "out", is_input=False),
        on_inner_port(view, "conv", "in", is_input=True),
    )
    assert "already" in said[0]


def test_sizes_that_would_not_fit_are_those_of_this_use(view, hand):
    view.editor.apply("", lambda p: add_node(p, "Step", "Linear", at=(300.0, 100.0), name="fc"))
    start = on_inner_port(view, "conv", "out", is_input=False)
    end = on_inner_port(view, "fc", "in", is_input=True)
    hand.press(start)
    hand.move((start + end) / 2)
    hand.move(end)
    assert "4×8×8" in view.note.text()
    assert "It can be linked all the same" in view.note.text()
    hand.release(end)
    assert "conv -> fc" in links(view)


def test_links_are_selected_and_removed(view, hand):
    before = view.editor.document.state
    item = inside(view).link_items[CONV_RELU]
    at = pixel(view, inside(view).on_canvas(item.middle()))
    hand.click(at)
    assert view.editor.path == ("second",)
    assert view.items_scene.selected_links == {CONV_RELU}
    assert item.is_selected
    hand.move(at + QPoint(60, 0))
    key(view, KEY.Key_Delete)
    assert "conv -> relu" not in links(view)
    assert "image -> first" in set(map(str, view.editor.document.state.main.links))
    undone(view, before)
    hand.click(on_node(view, "image"))
    assert not view.items_scene.selected_links


def test_a_removed_node_leaves_a_healed_link(view, hand):
    before = view.editor.document.state
    hand.click(on_inner(view, "relu"))
    key(view, KEY.Key_Delete)
    assert "conv -> pool" in links(view)
    undone(view, before)


def test_a_link_is_led_through_a_reroute_point(view, hand):
    before = view.editor.document.state
    item = inside(view).link_items[CONV_RELU]
    at = pixel(view, inside(view).on_canvas(item.middle()))
    hand.double_click(at)
    (dots,) = [link.dots for link in step(view).links if link == CONV_RELU]
    assert len(dots) == 1
    assert view.items_scene.selected_dots
    key(view, KEY.Key_Right)
    hand.drag(at + QPoint(4, 0), at + QPoint(100, 0))
    (moved,) = [link.dots for link in step(view).links if link == CONV_RELU]
    assert moved[0][0] > dots[0][0] + 60
    as_if_opened_anew(view)
    key(view, KEY.Key_Delete)
    assert not any(link.dots for link in step(view).links)
    while view.editor.document.state is not before:
        view.editor.history.undo()
    as_if_opened_anew(view)


def test_reroute_points_go_along_with_both_ends(view, hand):
    view.editor.apply("", lambda p: add_dot(p, "Step", CONV_RELU, 0, (40.0, 135.0)))
    (before,) = [link.dots for link in step(view).links if link == CONV_RELU]
    hand.click(on_inner(view, "conv"))
    hand.click(on_inner(view, "relu"), keys=SHIFT)
    key(view, KEY.Key_Right)
    (after,) = [link.dots for link in step(view).links if link == CONV_RELU]
    assert after == ((before[0][0] + 4, before[0][1]),)


def test_ctrl_enter_links_inside(view, hand):
    cut(view, RELU_POOL)
    before = view.editor.document.state
    hand.click(on_inner(view, "relu"))
    view.linker.open()
    words = [offer.title for offer in view.linker.popup.model.offers]
    assert "relu → pool" in words
    assert not any("image" in one or "first" in one for one in words)
    view.linker.popup.line.setText("pool")
    view.linker.popup.choose_current()
    assert "relu -> pool" in links(view)
    undone(view, before)


def test_escape_leaves_everything_as_it_was(view, hand):
    before = view.editor.document.state
    start = on_inner_port(view, "conv", "in", is_input=True)
    hand.press(start)
    hand.move(start + QPoint(30, -10))
    assert inside(view).link_items[Link("entry", "out", "conv", "in")].is_lifted
    key(view, KEY.Key_Escape)
    hand.release(start)
    assert view.editor.document.state is before
    assert view.items_scene.surface.targets is None
    assert not inside(view).link_items[Link("entry", "out", "conv", "in")].is_lifted
    as_if_opened_anew(view)


def test_a_rectangle_on_the_ground_selects_what_is_inside(view, hand):
    card = area(view).card_on_canvas()
    hand.drag(pixel(view, card.bottomLeft() + QPointF(6, -6)), pixel(view, card.center()))
    block, names = view.editor.chosen
    assert block == "Step"
    assert names
    hand.click(on_ground(view))
    assert view.editor.selection == {"second"}


def test_the_tips_are_those_of_this_use(view):
    scene = view.items_scene
    at = inside(view).on_canvas(inside(view).link_items[CONV_RELU].middle())
    assert "4×8×8" in tip(scene, hit_test(scene, at, 1.0), at)
    at = inside(view).on_canvas(inside(view).port_place(PortHit("conv", "out", False)))
    assert "4×8×8" in tip(scene, hit_test(scene, at, 1.0), at)


def test_it_is_the_same_where_the_block_is_drawn_in_another_direction(view, hand):
    view.arranger.arrange("left-right")
    view.fit()
    view.set_zoom(0.8)
    view.camera.look_at(area(view).pos())
    assert step(view).direction == "top-down"
    cut(view, CONV_RELU)
    before = view.editor.document.state
    start = on_inner_port(view, "conv", "out", is_input=False)
    hand.drag(start, on_inner_port(view, "relu", "in", is_input=True))
    assert "conv -> relu" in links(view)
    undone(view, before)
    card = area(view).card_on_canvas()
    at = pixel(view, card.bottomLeft() + QPointF(150, -8))
    drop(view, "Tanh", at)
    assert view.editor.chosen == ("Step", {"tanh1"})
    place = view.camera.to_canvas(QPointF(at))
    assert (canvas_places(view)["tanh1"] - place).manhattanLength() < 8
    undone(view, before)
    item = inside(view).link_items[RELU_POOL]
    at = pixel(view, inside(view).on_canvas(item.middle()))
    hand.double_click(at)
    (dot,) = inside(view).link_items[RELU_POOL].dots
    shown = view.camera.to_view(inside(view).on_canvas(dot))
    assert (shown - QPointF(at)).manhattanLength() < 8
    undone(view, before)


def test_the_menu_of_a_link_inside(view, hand):
    place = inside(view).on_canvas(inside(view).link_items[CONV_RELU].middle())
    hit = hit_test(view.items_scene, place, 1.0)
    menu = context_menu(view, hit, place)
    actions = {action.objectName(): action for action in menu.actions()}
    assert not actions["canvas_menu_straighten"].isEnabled()
    actions["canvas_menu_add_dot"].trigger()
    assert any(link.dots for link in step(view).links)
    actions["canvas_menu_remove_link"].trigger()
    assert "conv -> relu" not in links(view)
    menu.close()
