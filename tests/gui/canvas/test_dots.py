"""Reroute points by mouse and keyboard: first what the model says, then what is shown."""

import itertools

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from graph.dots import Dot, add_dot, move_dots, without_dots
from graph.files import from_text
from graph.geometry import distance
from graph.state import MAIN, Link
from gui.canvas import clipboard, curves
from gui.canvas.hits import hit_test
from gui.canvas.link_styles import lead_links
from gui.canvas.menus import context_menu
from gui.canvas.picture import picture_of
from gui.canvas.tips import tip
from tests.gui.canvas.building import (
    Hand,
    agree,
    block,
    chain,
    drop,
    key,
    network,
    on_dot,
    on_link,
    on_node,
    pixel,
)

KEY = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


def link(source, target):
    return Link(source, "out", target, "in")


FIRST, SECOND = link("image", "relu"), link("relu", "tanh")


@pytest.fixture
def led(open_canvas):
    """image -> relu, far below, through two dots at the side; relu -> tanh."""
    project = network(
        ("image", "Input", 0, 0),
        ("relu", "ReLU", 0, 320),
        ("tanh", "Tanh", 0, 420),
        links=("image -> relu", "relu -> tanh"),
    )
    project = add_dot(project, MAIN, FIRST, 0, (180, 120))
    return open_canvas(add_dot(project, MAIN, FIRST, 1, (200, 220)))


def dots(view, which=FIRST):
    return next(one for one in block(view).links if one == which).dots


def steps(view):
    return view.editor.history.count()


# --- adding and removing -----------------------------------------------------------------------


def test_a_double_click_on_a_link_adds_one_there(canvas, hand):
    at = on_link(canvas, SECOND, 0.5)
    place = canvas.camera.to_canvas(QPointF(at))
    hand.double_click(at)
    (dot,) = dots(canvas, SECOND)
    assert (QPointF(*dot) - place).manhattanLength() <= 4
    assert canvas.items_scene.selected_dots == {Dot(SECOND, 0)}
    assert steps(canvas) == 1
    agree(canvas)
    canvas.editor.history.undo()
    assert dots(canvas, SECOND) == ()
    assert not canvas.items_scene.selected_dots
    agree(canvas)


def test_it_comes_between_those_on_both_sides(led):
    Hand(led).double_click(on_link(led, FIRST, 0.5))
    assert len(dots(led)) == 3
    assert dots(led)[::2] == ((180, 120), (200, 220))
    assert 120 < dots(led)[1][1] < 220
    agree(led)


def test_a_double_click_on_one_removes_it(led):
    Hand(led).double_click(on_dot(led, FIRST, 0))
    assert dots(led) == ((200, 220),)
    agree(led)


def test_menus_add_and_remove_them(led):
    scene = led.items_scene

    def menu(at, name):
        place = led.camera.to_canvas(QPointF(at))
        shown = context_menu(led, hit_test(scene, place, led.zoom), place)
        action = next(a for a in shown.actions() if a.objectName() == f"canvas_menu_{name}")
        action.trigger()
        shown.close()

    menu(on_link(led, SECOND), "add_dot")
    assert len(dots(led, SECOND)) == 1
    menu(on_dot(led, FIRST, 1), "remove_dot")
    assert dots(led) == ((180, 120),)
    menu(on_link(led, FIRST, 0.2), "straighten")
    assert dots(led) == ()
    agree(led)


def test_the_selection_says_which_link_a_key_means(led):
    refusals = []
    led.editor.refused.connect(refusals.append)
    led.add_dot()
    assert "select a link" in refusals.pop()
    led.editor.select(["relu"])
    led.add_dot()
    assert len(dots(led, SECOND)) == 1
    led.editor.select(["image", "relu"])
    led.items_scene.select_links(())
    led.add_dot()
    assert len(dots(led)) == 3
    assert led.items_scene.selected_dots == {Dot(FIRST, 1)}
    led.items_scene.select_links([SECOND])
    led.add_dot()
    assert len(dots(led, SECOND)) == 2
    assert not refusals
    agree(led)


# --- moving ------------------------------------------------------------------------------------


def test_one_is_dragged_as_one_step(led):
    start = on_dot(led, FIRST, 0)
    Hand(led).drag(start, start + QPoint(60, 22), keys=ALT)
    assert dots(led) == ((240, 142), (200, 220))
    assert steps(led) == 1
    assert led.editor.history.undoText() == "Move a reroute point"
    agree(led)


def test_it_keeps_to_the_grid_and_lines_up(led):
    hand, start = Hand(led), on_dot(led, FIRST, 0)
    hand.drag(start, start + QPoint(101, 1))
    assert dots(led)[0][0] % 4 == 0
    start = on_dot(led, FIRST, 0)
    hand.press(start)
    hand.move(start + QPoint(-40, 30))
    hand.move(on_dot(led, FIRST, 1) + QPoint(4, -70))
    assert led.gesture.guides.guides
    hand.release(on_dot(led, FIRST, 1) + QPoint(4, -70))
    assert dots(led)[0][0] == 200
    agree(led)


def test_escape_puts_it_back(led):
    hand, start = Hand(led), on_dot(led, FIRST, 0)
    before = led.editor.document.state
    hand.press(start)
    hand.move(start + QPoint(30, 30))
    hand.move(start + QPoint(90, 60))
    key(led, KEY.Key_Escape)
    hand.release(start + QPoint(90, 60))
    assert led.editor.document.state is before
    agree(led)


def test_those_between_moved_nodes_go_with_them(led):
    led.editor.select(["image", "relu"])
    start = on_node(led, "image")
    Hand(led).drag(start, start + QPoint(-80, -40), keys=ALT)
    assert block(led).nodes["relu"].at == (-80, 280)
    assert dots(led) == ((100, 80), (120, 180))
    assert steps(led) == 1
    agree(led)


def test_a_node_alone_leaves_them_where_they_are(led):
    start = on_node(led, "image")
    Hand(led).drag(start, start + QPoint(-80, 0), keys=ALT)
    assert dots(led) == ((180, 120), (200, 220))
    agree(led)


def test_nodes_and_dots_are_selected_and_moved_together(led):
    hand = Hand(led)
    hand.drag(pixel(led, QPointF(330, 170)), pixel(led, QPointF(60, 430)))
    scene = led.items_scene
    assert scene.selected_dots == {Dot(FIRST, 1)}
    assert led.editor.selection == {"relu", "tanh"}
    start = on_dot(led, FIRST, 1)
    hand.drag(start, start + QPoint(40, 20), keys=ALT)
    assert dots(led) == ((180, 120), (240, 240))
    assert block(led).nodes["tanh"].at == (40, 440)
    assert steps(led) == 1
    agree(led)


def test_arrow_keys_move_what_is_selected(led):
    Hand(led).click(on_dot(led, FIRST, 0))
    key(led, KEY.Key_Right)
    key(led, KEY.Key_Right)
    key(led, KEY.Key_Down, SHIFT)
    assert dots(led)[0] == (188, 140)
    assert steps(led) == 1
    led.editor.history.undo()
    assert dots(led)[0] == (180, 120)
    agree(led)


def test_tab_walks_through_them(led):
    seen = []
    for _ in range(5):
        key(led, KEY.Key_Tab)
        seen.append(next(iter(led.editor.selection or led.items_scene.selected_dots)))
    assert seen == ["image", Dot(FIRST, 0), Dot(FIRST, 1), "relu", "tanh"]
    led.focusNextPrevChild(False)
    led.focusNextPrevChild(False)
    assert led.items_scene.selected_dots == {Dot(FIRST, 1)}
    key(led, KEY.Key_Delete)
    assert dots(led) == ((180, 120),)
    key(led, KEY.Key_Tab)
    assert led.editor.selection == {"image"}


# --- selecting and deleting --------------------------------------------------------------------


def test_clicks_select_them_like_nodes(led):
    hand, scene = Hand(led), led.items_scene
    hand.click(on_dot(led, FIRST, 0))
    assert scene.selected_dots == {Dot(FIRST, 0)}
    assert scene.link_items[FIRST].dots_selected == {0}
    hand.click(on_dot(led, FIRST, 1), keys=SHIFT)
    assert scene.selected_dots == {Dot(FIRST, 0), Dot(FIRST, 1)}
    hand.click(on_dot(led, FIRST, 1))
    assert scene.selected_dots == {Dot(FIRST, 1)}
    hand.click(on_node(led, "tanh"))
    assert not scene.selected_dots
    assert scene.link_items[FIRST].dots_selected == frozenset()
    hand.click(on_dot(led, FIRST, 1))
    assert not led.editor.selection
    key(led, KEY.Key_Escape)
    assert not scene.anything_selected


def test_delete_removes_what_is_selected(led):
    scene = led.items_scene
    scene.select_links((), [Dot(FIRST, 1)])
    led.editor.select(["tanh"])
    key(led, KEY.Key_Delete)
    assert dots(led) == ((180, 120),)
    assert "tanh" not in block(led).nodes
    assert steps(led) == 1
    assert not scene.anything_selected
    agree(led)


# --- other gestures ----------------------------------------------------------------------------


def test_a_node_dropped_on_the_link_keeps_them_on_their_sides(led):
    at = pixel(led, QPointF(200, 220))
    led.editor.apply("", lambda p: move_dots(p, MAIN, {Dot(FIRST, 0): (400, 60)}))
    drop(led, "Sigmoid", at)
    assert dots(led, link("image", "sigmoid1")) == ((400, 60),)
    agree(led)


def test_a_link_plugged_elsewhere_keeps_them(led):
    led.editor.apply("", lambda p: network(("gelu", "GELU", -300, 320), project=p))
    item = led.items_scene.node_items["relu"]
    start = pixel(led, item.port_place("in", is_input=True))
    end = pixel(led, led.items_scene.node_items["gelu"].port_place("in", is_input=True))
    Hand(led).drag(start, end)
    assert dots(led, link("image", "gelu")) == ((180, 120), (200, 220))
    agree(led)


def test_copies_carry_them(led):
    led.editor.select(["image", "relu"])
    clipboard.copy(led)
    text = QApplication.clipboard().text()
    assert "image -> relu via (180, 120), (200, 220)" in text
    assert clipboard.paste(led, QPointF(600, 160))
    assert dots(led, link("image2", "relu2")) == ((780, 120), (800, 220))
    agree(led)


def test_places_that_undo_brings_back_are_glided_to(led, qtbot):
    led.items_scene.animated = True
    with qtbot.waitSignal(led.items_scene.glide.arrived):
        led.editor.apply("", lambda p: move_dots(p, MAIN, {Dot(FIRST, 0): (500, 100)}))
        assert led.items_scene.link_items[FIRST].dots[0] == QPointF(180, 120)
    with qtbot.waitSignal(led.items_scene.glide.arrived):
        led.editor.history.undo()
    assert led.items_scene.link_items[FIRST].dots[0] == QPointF(180, 120)
    agree(led)


def test_another_link_in_the_same_place_while_they_glide(led):
    """What is on its way must not put an old place into a new link."""
    led.items_scene.animated = True
    led.editor.apply("", lambda p: move_dots(p, MAIN, {Dot(FIRST, 0): (500, 100)}))
    text = "kumitate: 1\nblocks:\n  main:\n    nodes:\n      image: {layer: Input}\n"
    led.editor.apply("", lambda p: from_text(text).project)
    led.editor.history.undo()
    agree(led)
    assert led.items_scene.link_items[FIRST].dots[0] == QPointF(500, 100)


# --- what is drawn -----------------------------------------------------------------------------


@pytest.mark.parametrize("style", curves.LINK_STYLES)
def test_every_style_leads_through_them(led, style):
    lead_links(led.items_scene, style)
    item = led.items_scene.link_items[FIRST]
    for at in item.dots:
        assert distance(item.points(), at.x(), at.y()) < 0.01
        assert item.path is not None
        assert item.boundingRect().contains(at)
    assert [item.leg_at(QPointF(*p)) for p in ((0, 40), (190, 170), (10, 290))] == [0, 1, 2]
    assert item.points()[0] == (item.start.x(), item.start.y())
    assert item.points()[-1] == (item.end.x(), item.end.y())
    agree(led)


@pytest.mark.parametrize(
    "places", [[(0, -60)], [(0, 100), (0, 60)], [(50, 500)], [(9, 90), (9, 90)], [(-200, -90)] * 3]
)
@pytest.mark.parametrize("style", curves.LINK_STYLES)
def test_the_strangest_ways_can_be_drawn(open_canvas, style, places):
    project = chain()
    for number, place in enumerate(places):
        project = add_dot(project, MAIN, SECOND, number, place)
    view = open_canvas(project)
    lead_links(view.items_scene, style)
    assert not view.grab().isNull()
    agree(view)


def test_right_angles_only(led):
    lead_links(led.items_scene, "orthogonal")
    points = led.items_scene.link_items[FIRST].points()
    for (ax, ay), (bx, by) in itertools.pairwise(points):
        assert min(abs(ax - bx), abs(ay - by)) < 0.01
    assert points[-2][1] < points[-1][1], "it arrives from above"


def test_far_away_the_line_still_takes_its_way(led):
    led.set_zoom(0.2)
    led.items_scene.collect_far()
    course = led.items_scene.far._curves.boundingRect()
    assert course.right() >= 200
    assert hit_test(led.items_scene, QPointF(180, 120), 0.2).dot is None


def test_pictures_take_the_way_and_leave_the_dots_out(led):
    def width():
        return QImage.fromData(picture_of(led.editor, "png").content).width()

    def circles():
        return picture_of(led.editor, "svg").content.count(b"<circle")

    before, round_things = width(), circles()
    led.editor.apply("", lambda p: move_dots(p, MAIN, {Dot(FIRST, 0): (900, 120)}))
    assert width() > before
    led.editor.apply("", lambda p: without_dots(p, MAIN))
    assert width() < before
    assert circles() == round_things


def test_the_tip_says_what_to_do_with_one(led):
    hit = hit_test(led.items_scene, QPointF(180, 120), 1.0)
    assert hit.dot == Dot(FIRST, 0)
    assert "double-click removes" in tip(led.items_scene, hit, QPointF(180, 120))
