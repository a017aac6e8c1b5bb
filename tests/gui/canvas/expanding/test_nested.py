"""Blocks that are shown in place inside of others that are."""

import pytest
from PySide6.QtCore import QPointF

from graph.files import from_text, to_text
from graph.layout import arrange, turn
from graph.links import remove_links
from graph.state import MAIN, Link
from graph.templates import load_template
from gui.canvas.hits import PortHit
from gui.canvas.measures import PORT_RADIUS
from gui.canvas.menus import context_menu
from tests.gui.canvas.building import Hand, as_if_opened_anew, drop, key, pixel
from tests.gui.canvas.expanding.blocks import KEY

TEXT = """kumitate: 1
blocks:
  main:
    nodes:
      image: {layer: Input, shape: [3, 8, 8], at: [0, 0]}
      outer: {block: Outer, at: [0, 90], expanded: true}
      again: {block: Outer, at: [0, 790], repeat: 2, expanded: true}
      out: {layer: Output, at: [0, 1290]}
    links: [image -> outer, outer -> again, again -> out]
  Outer:
    nodes:
      entry: {layer: Input, shape: [3, 8, 8], at: [0, 0]}
      pair: {block: Pair, at: [0, 90]}
      last: {layer: Sigmoid, at: [0, 180]}
      leave: {layer: Output, at: [0, 270]}
    links: [entry -> pair, pair -> last, last -> leave]
  Pair:
    nodes:
      entry: {layer: Input, shape: [3, 8, 8], at: [0, 0]}
      relu: {layer: ReLU, at: [0, 90]}
      tanh: {layer: Tanh, at: [0, 180]}
      leave: {layer: Output, at: [0, 270]}
    links: [entry -> relu, relu -> tanh, tanh -> leave]
"""
PATH = ("outer", "pair")


@pytest.fixture
def view(open_canvas):
    """A block in a block, of which the outer one is expanded."""
    return open_canvas(arrange(from_text(TEXT).project, MAIN), size=(900, 1400))


@pytest.fixture
def hand(view):
    return Hand(view)


def shown(view, path=PATH):
    return view.items_scene.find(path)


def on(view, path, name):
    item = shown(view, path).node_items[name]
    return pixel(view, item.scenePos() + QPointF(-60, -8))


def on_port(view, node, port, *, is_input, path=PATH):
    drawing = shown(view, path)
    return pixel(view, drawing.on_canvas(drawing.port_place(PortHit(node, port, is_input))))


def expand(view, hand):
    hand.click(on(view, ("outer",), "pair"))
    view.expand_selection()


def boxes(view, drawing):
    origin = drawing.origin()
    return {n: item.card_on_canvas().translated(origin) for n, item in drawing.node_items.items()}


def test_a_block_inside_is_expanded_with_room_for_it(view, hand):
    before = view.editor.document.state
    expand(view, hand)
    assert view.editor.document.state.blocks["Outer"].nodes["pair"].expanded
    assert view.editor.chosen == ("Outer", {"pair"})
    assert shown(view).node_items.keys() == {"relu", "tanh"}
    # Everywhere: the other use of the outer block shows it as well, and has room.
    assert shown(view, ("again", "pair")).node_items.keys() == {"relu", "tanh"}
    scene = view.items_scene
    for drawing in (scene, scene.inside["outer"], scene.inside["again"]):
        cards = list(boxes(view, drawing).values())
        assert not any(a.intersects(b) for a in cards for b in cards if a is not b)
    outer = boxes(view, scene)["outer"]
    assert all(outer.contains(card) for card in boxes(view, scene.inside["outer"]).values())
    as_if_opened_anew(view)
    after = view.editor.document.state
    assert from_text(to_text(after)).project == after
    view.expand_selection()
    assert not view.editor.document.state.blocks["Outer"].nodes["pair"].expanded
    as_if_opened_anew(view)
    view.editor.history.undo()
    view.editor.history.undo()
    assert view.editor.document.state is before
    as_if_opened_anew(view)


def test_what_is_in_there_is_linked_moved_and_removed(view, hand):
    expand(view, hand)
    middle = Link("relu", "out", "tanh", "in")
    view.editor.apply("", lambda p: remove_links(p, "Pair", [middle]))
    start = view.editor.document.state
    hand.drag(
        on_port(view, "relu", "out", is_input=False), on_port(view, "tanh", "in", is_input=True)
    )
    assert middle in view.editor.document.state.blocks["Pair"].links
    as_if_opened_anew(view)
    at = on(view, PATH, "relu")
    places = {n: item.scenePos() for n, item in shown(view).node_items.items()}
    hand.drag(at, at + QPointF(100, -40).toPoint())
    now = {n: item.scenePos() for n, item in shown(view).node_items.items()}
    assert (now["tanh"] - places["tanh"]).manhattanLength() < 0.01
    assert (now["relu"] - places["relu"]).x() > 80
    assert view.editor.chosen == ("Pair", {"relu"})
    as_if_opened_anew(view)
    key(view, KEY.Key_Delete)
    assert "entry -> tanh" in map(str, view.editor.document.state.blocks["Pair"].links)
    as_if_opened_anew(view)
    for _ in range(3):
        view.editor.history.undo()
    assert view.editor.document.state is start
    as_if_opened_anew(view)


def test_from_one_depth_to_another_it_is_refused_with_the_way_to_go(view, hand):
    expand(view, hand)
    said = []
    view.editor.refused.connect(said.append)
    last = on_port(view, "last", "in", is_input=True, path=("outer",))
    hand.drag(on_port(view, "relu", "out", is_input=False), last)
    hand.drag(last, on(view, PATH, "relu"))
    assert said == [
        "relu lies inside of block Pair; lead it through Pair's Output",
        "relu lies inside of block Pair; lead it through Pair's Input",
    ]


def test_a_layer_is_dropped_in_there(view, hand):
    expand(view, hand)
    card = boxes(view, shown(view, ("outer",)))["pair"]
    drop(view, "ELU", pixel(view, card.bottomLeft() + QPointF(12, -12)))
    assert view.editor.chosen == ("Pair", {"elu1"})
    as_if_opened_anew(view)


def test_tab_goes_through_all_of_it(view, hand):
    expand(view, hand)
    view.clear_selection()
    seen = []
    for _ in range(6):
        key(view, KEY.Key_Tab)
        seen.append((*view.editor.path, *view.editor.chosen[1]))
    assert seen == [
        ("image",),
        ("outer",),
        ("outer", "pair"),
        ("outer", "pair", "relu"),
        ("outer", "pair", "tanh"),
        ("outer", "last"),
    ]


def test_the_key_makes_a_card_of_the_innermost(view, hand):
    expand(view, hand)
    hand.click(on(view, PATH, "relu"))
    view.expand_selection()
    assert view.editor.chosen == ("Outer", {"pair"})
    assert not view.editor.document.state.blocks["Outer"].nodes["pair"].expanded
    view.editor.select(["last"], ("outer",))
    view.expand_selection()
    assert view.editor.chosen == (MAIN, {"outer"})
    as_if_opened_anew(view)


def test_its_menu_expands_it(view, hand):
    at = on(view, ("outer",), "pair")
    hand.click(at)
    menu = context_menu(view, view._hit(view.camera.to_canvas(QPointF(at))), QPointF())
    (action,) = [a for a in menu.actions() if a.objectName() == "canvas_menu_expand"]
    assert action.text() == "Expand in place"
    action.trigger()
    menu.close()
    assert view.editor.document.state.blocks["Outer"].nodes["pair"].expanded


def test_in_a_drawing_of_another_direction_it_stays_a_card(view, hand):
    expand(view, hand)
    said = []
    view.editor.refused.connect(said.append)
    view.editor.apply("", lambda p: turn(p, MAIN, "left-right"))
    assert shown(view, ("outer",)) is not None
    assert shown(view) is None
    as_if_opened_anew(view)
    view.editor.select(["pair"], ("outer",))
    view.expand_selection()
    assert said == ["Outer is shown here in another direction than its own; open it to expand pair"]


def test_a_link_begins_at_the_port_where_it_can_pass_between_the_texts_of_the_title(open_canvas):
    view = open_canvas(load_template("fcn-small"), size=(900, 1400))
    for path in ((), ("stage1",)):
        view.editor.select(["stage1" if not path else "conv"], path)
        view.expand_selection()
    inside = shown(view, ("stage1", "conv"))
    first = next(link for link in inside.link_items if link.source not in inside.node_items)
    start = inside.on_canvas(inside.ends_of(first)[0])
    port = inside.around.on_canvas(inside.area.port_place("in", is_input=True))
    assert start.x() == port.x()
    assert 0 <= start.y() - port.y() <= PORT_RADIUS
