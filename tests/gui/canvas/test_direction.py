"""A block drawn from left to right: by mouse and keyboard as from top to bottom."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from graph.direction import BY_RESOLUTION, LEFT_RIGHT, TOP_DOWN
from graph.layout import turn
from graph.state import Link
from graph.templates import load_template
from gui.canvas.curves import LINK_STYLES
from gui.canvas.hits import Hit
from gui.canvas.measures import NODE_HEIGHT, Level
from gui.canvas.menus import context_menu
from gui.canvas.picture import picture_of
from gui.canvas.preferences import canvas_preferences
from gui.settings import VARIABLE
from tests.gui.canvas.building import (
    Hand,
    agree,
    block,
    chain,
    drop,
    key,
    network,
    on_node,
    on_port,
    pixel,
)
from tests.gui.canvas.test_labels import struck

FORK = network(
    *(("image", "Input", 0, 0), ("conv", "Conv2d", 0, 0), ("relu", "ReLU", 0, 0)),
    *(("tanh", "Tanh", 0, 0), ("cat", "Concat", 0, 0), ("result", "Output", 0, 0)),
    links=(
        *("image -> conv", "conv -> relu", "conv -> tanh", "relu -> cat.in_1"),
        *("tanh -> cat.in_2", "cat -> result"),
    ),
)


@pytest.fixture(autouse=True)
def own_settings(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    yield
    canvas_preferences().set_link_style("curved")


@pytest.fixture
def lying(open_canvas):
    """image -> relu -> tanh -> result, from left to right."""
    return open_canvas(turn(chain(), "main", LEFT_RIGHT), size=(1500, 600))


def ports(view, name):
    """The sides of a node's card on which its inputs and outputs lie."""
    item = view.items_scene.node_items[name]
    card = item.card_on_canvas()
    sides = (
        {"left": card.left(), "right": card.right()},
        {"top": card.top(), "bottom": card.bottom()},
    )
    found = {True: set(), False: set()}
    for is_input, looks in ((True, item.look.inputs), (False, item.look.outputs)):
        for look in looks:
            place = item.port_place(look.name, is_input=is_input)
            assert card.contains(place)
            found[is_input] |= {side for side, x in sides[0].items() if place.x() == x}
            found[is_input] |= {side for side, y in sides[1].items() if place.y() == y}
    return found[True], found[False]


def test_turning_is_one_step_that_undo_takes_back(open_canvas):
    view = open_canvas(turn(FORK, "main", TOP_DOWN))
    before = view.editor.document.state
    assert ports(view, "conv") == ({"top"}, {"bottom"})
    view.arranger.arrange(LEFT_RIGHT)
    assert block(view).direction == LEFT_RIGHT
    assert ports(view, "conv") == ({"left"}, {"right"})
    nodes = block(view).nodes
    assert all(nodes[one.source].at[0] < nodes[one.target].at[0] for one in block(view).links)
    agree(view)
    view.editor.history.undo()
    assert view.editor.document.state is before
    assert ports(view, "conv") == ({"top"}, {"bottom"})
    agree(view)


def test_it_glides_and_comes_into_view(open_canvas, qtbot):
    view = open_canvas(FORK, size=(1900, 500))
    view.items_scene.animated = True
    with qtbot.waitSignal(view.items_scene.glide.arrived):
        view.arranger.arrange(LEFT_RIGHT)
    seen = view.camera.seen()
    assert all(seen.contains(i.card_on_canvas()) for i in view.items_scene.node_items.values())
    agree(view)


def test_each_block_has_its_own_direction(open_canvas):
    view = open_canvas(turn(load_template("resnet-small"), "main", LEFT_RIGHT))
    assert ports(view, "relu") == ({"left"}, {"right"})
    view.editor.open_block("Residual")
    assert ports(view, "relu1") == ({"top"}, {"bottom"})
    view.editor.open_block("main")
    assert ports(view, "relu") == ({"left"}, {"right"})


@pytest.mark.parametrize("style", LINK_STYLES)
def test_links_leave_and_arrive_horizontally(open_canvas, style):
    canvas_preferences().set_link_style(style)
    view = open_canvas(turn(FORK, "main", LEFT_RIGHT))
    for link, item in view.items_scene.link_items.items():
        points = item.points()
        assert all(a[0] <= b[0] + 1e-6 for a, b in pairwise(points)), f"{link} goes back"
        if style != "straight":
            for (x1, y1), (x2, y2) in (points[:2], points[-2:]):
                assert abs(y2 - y1) <= abs(x2 - x1)


@pytest.mark.parametrize("style", ["curved", "straight"])
@pytest.mark.parametrize("template", ["lenet5", "resnet-small"])
def test_sizes_can_be_read(open_canvas, template, style):
    canvas_preferences().set_link_style(style)
    project = load_template(template)
    for name in project.blocks:
        project = turn(project, name, LEFT_RIGHT)
    view = open_canvas(project)
    for name in project.blocks:
        view.editor.open_block(name)
        assert not struck(view)


def test_named_ports_have_rows_below_the_texts(open_canvas):
    project = network(("a", "Input", 0, 0), ("attention", "MultiheadAttention", 0, 100))
    view = open_canvas(turn(project, "main", LEFT_RIGHT))
    item = view.items_scene.node_items["attention"]
    rows = [item.shape_.port(look.name, is_input=True)[1] for look in item.look.inputs]
    assert len(rows) > 2
    assert rows == sorted(rows)
    assert min(b - a for a, b in pairwise(rows)) >= 12
    assert rows[0] > item.card.top() + NODE_HEIGHT
    assert rows[-1] < item.card.bottom()
    view.grab()
    assert len(item.texts.port_names) == len(rows)


def test_a_link_is_drawn_from_the_right_to_the_left_of_another_node(open_canvas):
    project = turn(network(("a", "Input", 0, 0), ("b", "ReLU", 0, 90)), "main", LEFT_RIGHT)
    view = open_canvas(project)
    at = on_port(view, "a", "out", is_input=False)
    to = on_port(view, "b", "in", is_input=True)
    Hand(view).drag(at, to)
    assert block(view).links == (Link("a", "out", "b", "in"),)
    agree(view)
    # Let go near the port, it snaps; over the node, it takes the best free port.
    view.editor.history.undo()
    Hand(view).drag(at, on_node(view, "b"))
    assert block(view).links == (Link("a", "out", "b", "in"),)


def test_a_wire_let_go_gets_a_node_whose_port_is_there(lying):
    at = pixel(lying, QPointF(300, 200))
    Hand(lying).drag(on_port(lying, "image", "out", is_input=False), at)
    QTest.keyClicks(lying.adder.popup.line, "sigmoid")
    QTest.keyClick(lying.adder.popup.line, Qt.Key.Key_Return)
    (name,) = lying.editor.selection
    place = lying.items_scene.node_items[name].port_place("in", is_input=True)
    assert (place - QPointF(300, 200)).manhattanLength() <= 4
    agree(lying)


def test_typing_adds_to_the_right(lying):
    lying.editor.select(["relu"])
    before = block(lying).nodes["relu"].at
    key(lying, Qt.Key.Key_S)
    QTest.keyClicks(lying.adder.popup.line, "igmoid")
    QTest.keyClick(lying.adder.popup.line, Qt.Key.Key_Return)
    (name,) = lying.editor.selection
    nodes = block(lying).nodes
    assert nodes[name].at[1] == before[1]
    assert before[0] < nodes[name].at[0] < nodes["tanh"].at[0]
    cards = [item.card_on_canvas() for item in lying.items_scene.node_items.values()]
    assert not any(a.intersects(b) for a in cards for b in cards if a is not b)


def test_a_layer_dropped_into_a_link_makes_room_to_the_right(lying):
    link = Link("relu", "out", "tanh", "in")
    drop(lying, "Conv2d", pixel(lying, lying.items_scene.link_items[link].middle()))
    assert Link("relu", "out", "conv1", "in") in block(lying).links
    nodes = block(lying).nodes
    assert nodes["relu"].at[0] < nodes["conv1"].at[0] < nodes["tanh"].at[0]
    assert {node.at[1] for node in nodes.values()} == {0}
    agree(lying)


def test_a_node_in_hand_snaps_level_with_what_it_is_linked_to(lying):
    start = on_node(lying, "tanh")
    hand = Hand(lying)
    hand.drag(start, start + QPointF(31, 5).toPoint())
    assert block(lying).nodes["tanh"].at[1] == block(lying).nodes["relu"].at[1]
    assert block(lying).nodes["tanh"].at[0] != 680


def test_the_search_for_a_link_opens_at_the_outputs(lying):
    lying.editor.select(["image"])
    lying.linker.open()
    item = lying.items_scene.node_items["image"]
    edge = pixel(lying, item.port_place("out", is_input=False))
    assert lying.linker.popup.geometry().left() >= edge.x() - 2
    lying.linker.popup.close_popup()


def test_the_menu_of_the_canvas_turns_it(lying):
    menu = context_menu(lying, Hit(), QPointF(0, 300))
    found = {one.objectName().removeprefix("canvas_menu_"): one for one in menu.actions()}
    found["arrange_top_down"].trigger()
    assert block(lying).direction == TOP_DOWN
    found["arrange_left_right"].trigger()
    assert block(lying).direction == LEFT_RIGHT
    found["arrange_by_resolution"].trigger()
    assert block(lying).arrangement == BY_RESOLUTION
    found["arrange"].trigger()
    assert lying.editor.history.count() == 3, "there is nothing to change"
    menu.deleteLater()


def test_levels_minimap_and_pictures(lying):
    for zoom, level in (
        (1.0, Level.FULL),
        (0.5, Level.SIZE),
        (0.35, Level.TITLE),
        (0.1, Level.FAR),
    ):
        lying.set_zoom(zoom)
        assert lying.items_scene.surface.level is level
        lying.grab()
    lying.show_minimap(True)
    lying.overlays.minimap.grab()
    assert b"<svg" in picture_of(lying.editor, "svg").content
    bounds = lying.items_scene.content_bounds()
    assert bounds.width() > 4 * bounds.height()


def test_a_network_too_wide_to_read_opens_at_its_beginning(open_canvas):
    nodes = [("image", "Input", 0, 0), *((f"r{n}", "ReLU", 0, n) for n in range(30))]
    names = [node[0] for node in nodes]
    links = [f"{a} -> {b}" for a, b in pairwise(names)]
    view = open_canvas(turn(network(*nodes, links=links), "main", LEFT_RIGHT))
    view.show_start()
    assert view.camera.seen().contains(view.items_scene.node_items["image"].card_on_canvas())


def test_a_network_too_large_to_read_opens_at_its_upper_left(open_canvas):
    nodes = [("image", "Input", 0, 0), *((f"r{n}", "ReLU", 150 * n, n % 2) for n in range(30))]
    names = [node[0] for node in nodes]
    links = [f"{a} -> {b}" for a, b in pairwise(names)]
    view = open_canvas(turn(network(*nodes, links=links), "main", LEFT_RIGHT))
    view.show_start()
    assert view.camera.seen().contains(view.items_scene.node_items["image"].card_on_canvas())
