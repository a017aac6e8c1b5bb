"""Blocks shown in place: what is drawn, selected, edited and opened there."""

import pytest
from PySide6.QtCore import QPointF

from graph.direction import ARRANGEMENTS
from graph.edits import set_argument
from graph.layout import arrange, turn
from graph.state import MAIN
from graph.templates import load_template
from gui.canvas.curves import LINK_STYLES
from gui.canvas.hits import hit_test
from gui.canvas.measures import PORT_RADIUS
from gui.canvas.menus import context_menu
from gui.canvas.picture import picture_of
from gui.canvas.preferences import canvas_preferences
from tests.gui.canvas.building import agree, as_if_opened_anew, block
from tests.gui.canvas.expanding.blocks import (
    area,
    inside,
    project,
)
from tests.gui.canvas.test_template_layout import faults


def test_the_action_expands_and_collapses_as_one_step(open_canvas):
    view = open_canvas(project())
    before = view.editor.document.state
    view.editor.select(["second"])
    view.expand_selection()
    assert block(view).nodes["second"].expanded
    assert view.editor.history.count() == 1
    assert view.editor.selection == {"second"}
    assert inside(view).node_items.keys() == {"conv", "relu", "pool"}
    agree(view)
    view.expand_selection()
    assert not block(view).nodes["second"].expanded
    assert not view.items_scene.inside
    agree(view)
    view.editor.history.undo()
    view.editor.history.undo()
    assert view.editor.document.state is before
    agree(view)


def test_others_glide_and_the_upper_edge_stays(open_canvas, qtbot):
    view = open_canvas(project())
    view.items_scene.animated = True
    top = area(view).card_on_canvas().top()
    view.editor.select(["second"])
    with qtbot.waitSignal(view.items_scene.glide.arrived):
        view.expand_selection()
        assert view.items_scene.glide.moving
        assert area(view).card_on_canvas().top() == pytest.approx(top, abs=8)
    agree(view)


def test_only_a_block_can_be_expanded(open_canvas):
    view = open_canvas(project())
    refusals = []
    view.editor.refused.connect(refusals.append)
    view.editor.select(["image"])
    view.expand_selection()
    view.editor.select([])
    view.expand_selection()
    assert "nothing inside to show" in refusals[0]
    assert "select the one block" in refusals[1]


def test_the_menu_says_what_it_does(view):
    def words(name):
        place = view.items_scene.node_items[name].pos()
        view.editor.select([name])
        menu = context_menu(view, hit_test(view.items_scene, place, 1.0), place)
        found = [a.text() for a in menu.actions() if a.objectName() == "canvas_menu_expand"]
        menu.close()
        return found

    assert words("first") == ["Expand in place"]
    assert words("second") == ["Collapse second"]


def test_sizes_are_those_of_this_use(view):
    inner = area(view).look.inner
    assert {look.name: look.size for look, _ in inner.nodes} == {
        "conv": "4×8×8",
        "relu": "4×8×8",
        "pool": "4×4×4",
    }
    assert [look.size for _, look in inner.links] == ["8×8×8", "4×8×8", "4×8×8", "4×4×4"]


def test_links_go_on_from_the_ports_to_what_is_inside(view):
    links = {str(item.link): item for item in inside(view).link_items.values()}
    nodes, origin = inside(view).node_items, inside(view).origin()
    first, last = links["entry -> conv"], links["pool -> leave"]
    below = QPointF(0, PORT_RADIUS)
    assert first.start + origin == area(view).port_place("in", is_input=True) + below
    assert first.end == nodes["conv"].port_place("in", is_input=True)
    assert last.start == nodes["pool"].port_place("out", is_input=False)
    assert last.end + origin == area(view).port_place("out", is_input=False) - below
    card = area(view).card_on_canvas().translated(-origin)
    assert all(card.contains(item.card_on_canvas()) for item in nodes.values())


def test_another_size_comes_in(view):
    view.editor.apply("", lambda p: set_argument(p, MAIN, "image", "shape", (1, 32, 32)))
    assert {look.size for look, _ in area(view).look.inner.nodes} == {"4×16×16", "4×8×8"}
    view.editor.apply("", lambda p: set_argument(p, MAIN, "second", "channels", 5))
    assert inside(view).node_items["conv"].look.size == "5×16×16"
    agree(view)


@pytest.mark.parametrize("style", ["straight", "orthogonal"])
def test_its_links_follow_the_style(view, style):
    try:
        canvas_preferences().set_link_style(style)
        as_if_opened_anew(view)
    finally:
        canvas_preferences().set_link_style("curved")
    as_if_opened_anew(view)


def test_an_edit_of_the_block_is_seen_there(view):
    view.editor.apply("", lambda p: set_argument(p, "Step", "conv", "kernel_size", 5))
    assert "5×5" in inside(view).node_items["conv"].look.summary
    agree(view)


@pytest.mark.parametrize("zoom", [1.0, 0.5, 0.35, 0.15])
def test_it_is_drawn_at_every_zoom_and_direction(view, zoom):
    view.set_zoom(zoom)
    assert not view.grab().isNull()
    view.editor.apply("", lambda p: turn(p, MAIN, "left-right"))
    assert not view.grab().isNull()
    agree(view)
    if zoom < 0.3:
        view.items_scene.collect_far()
        cards = sum(map(len, view.items_scene.far.cards.values()))
        assert cards == 3 + 3, "the cards inside, not the whole as one"


@pytest.mark.parametrize("kind", ["svg", "pdf", "png"])
def test_pictures_have_it(view, kind):
    content = picture_of(view.editor, kind).content
    assert content
    if kind == "svg":
        assert b"conv" in content
        assert b"<image" not in content


@pytest.mark.parametrize("template", ["unet", "resnet18"])
def test_arranging_in_another_direction_knows_where_its_ports_will_be(open_canvas, template):
    view = open_canvas(load_template(template))
    view.editor.select([next(n.name for n in block(view).nodes.values() if n.is_block)])
    view.expand_selection()
    for direction in ("left-right", "top-down"):
        view.arranger.arrange(direction)
        once = view.editor.document.state
        view.arranger.arrange(direction)
        assert view.editor.document.state is once
        as_if_opened_anew(view)


def test_arranging_leaves_it_expanded(view):
    view.arranger.arrange()
    assert block(view).nodes["second"].expanded
    view.editor.apply("", lambda p: arrange(p, "Step"))
    agree(view)


@pytest.fixture(params=LINK_STYLES)
def style(request):
    canvas_preferences().set_link_style(request.param)
    yield request.param
    canvas_preferences().set_link_style("curved")


@pytest.mark.parametrize("arrangement", ARRANGEMENTS)
def test_no_link_is_hidden_by_what_has_grown(open_canvas, style, arrangement):
    view = open_canvas(load_template("unet-small"))
    view.arranger.arrange(arrangement)
    before = block(view)

    def turn_over(name):
        view.editor.select([name])
        view.expand_selection()
        assert faults(view) == []
        agree(view)

    for name in ("down2", "up3", "bottom"):
        turn_over(name)
        turn_over(name)
        assert block(view).nodes == before.nodes
        assert [link.dots for link in block(view).links] == [link.dots for link in before.links]
    for name in ("down2", "up3", "up3", "down2"):
        turn_over(name)
    assert block(view).nodes == before.nodes
