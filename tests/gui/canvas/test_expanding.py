"""Blocks shown in place: what is drawn, selected, edited and opened there."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu

from graph.edits import set_argument
from graph.expanding import set_expanded
from graph.files import from_text
from graph.layout import arrange, turn
from graph.state import MAIN
from graph.templates import load_template
from gui.canvas import clipboard
from gui.canvas.hits import hit_test
from gui.canvas.menus import context_menu
from gui.canvas.picture import picture_of
from gui.canvas.preferences import canvas_preferences
from gui.canvas.tips import tip
from gui.editor import Inside
from gui.panels.inspector import InspectorPanel
from gui.panels.node_form import NodeForm
from tests.gui.canvas.building import Hand, agree, as_if_opened_anew, block, key, on_node, pixel

KEY = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier

TEXT = """kumitate: 1
blocks:
  main:
    nodes:
      image: {layer: Input, shape: [1, 16, 16]}
      first: {block: Step, channels: 8}
      second: {block: Step, channels: 4}
      out: {layer: Output}
    links: [image -> first, first -> second, second -> out]
  Step:
    parameters: {channels: 2}
    nodes:
      entry: {layer: Input, shape: [3, 8, 8]}
      conv: {layer: Conv2d, out_channels: = channels, padding: 1}
      relu: {layer: ReLU}
      pool: {layer: MaxPool2d}
      leave: {layer: Output}
    links: [entry -> conv, conv -> relu, relu -> pool, pool -> leave]
"""


def project():
    return from_text(TEXT).project


@pytest.fixture
def view(open_canvas):
    """Two uses of a block, the second of which is expanded."""
    return open_canvas(set_expanded(project(), MAIN, "second", True), size=(900, 900))


def area(view):
    return view.items_scene.node_items["second"]


def on_inner(view, name):
    """A pixel of a node inside."""
    item = area(view).inside.nodes[name]
    return pixel(view, area(view).pos() + item.pos() + QPointF(-60, 0))


# --- expanding and collapsing ------------------------------------------------------------------


def test_the_action_expands_and_collapses_as_one_step(open_canvas):
    view = open_canvas(project())
    before = view.editor.document.state
    view.editor.select(["second"])
    view.expand_selection()
    assert block(view).nodes["second"].expanded
    assert view.editor.history.count() == 1
    assert view.editor.selection == {"second"}
    assert area(view).inside.nodes.keys() == {"conv", "relu", "pool"}
    agree(view)
    view.expand_selection()
    assert not block(view).nodes["second"].expanded
    assert not area(view).inside.nodes
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
    assert words("second") == ["Collapse"]


# --- what is shown -----------------------------------------------------------------------------


def test_sizes_are_those_of_this_use(view):
    inside = area(view).look.inner
    assert {look.name: look.size for look, _ in inside.nodes} == {
        "conv": "4×8×8",
        "relu": "4×8×8",
        "pool": "4×4×4",
    }
    assert [look.size for _, look in inside.links] == ["8×8×8", "4×8×8", "4×8×8", "4×4×4"]


def test_links_go_on_from_the_ports_to_what_is_inside(view):
    links = {str(item.link): item for item in area(view).inside.links}
    shape, nodes = area(view).shape_, area(view).inside.nodes
    first, last = links["entry -> conv"], links["pool -> leave"]
    assert first.start == QPointF(*shape.inputs["in"])
    assert first.end == nodes["conv"].port_place("in", is_input=True)
    assert last.start == nodes["pool"].port_place("out", is_input=False)
    assert last.end == QPointF(*shape.outputs["out"])
    assert all(area(view).card.contains(item.card_on_canvas()) for item in nodes.values())


def test_another_size_comes_in(view):
    view.editor.apply("", lambda p: set_argument(p, MAIN, "image", "shape", (1, 32, 32)))
    assert {look.size for look, _ in area(view).look.inner.nodes} == {"4×16×16", "4×8×8"}
    view.editor.apply("", lambda p: set_argument(p, MAIN, "second", "channels", 5))
    assert area(view).inside.nodes["conv"].look.size == "5×16×16"
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
    assert "5×5" in area(view).inside.nodes["conv"].look.summary
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


# --- selecting, editing, opening ---------------------------------------------------------------


def test_a_click_selects_what_is_inside(view):
    hand = Hand(view)
    hand.click(on_inner(view, "conv"))
    assert view.editor.inside == Inside("second", frozenset({"conv"}))
    assert view.editor.chosen == ("Step", {"conv"})
    assert not view.editor.selection
    assert area(view).inside.nodes["conv"].is_selected
    hand.click(on_inner(view, "relu"), keys=SHIFT)
    assert view.editor.chosen == ("Step", {"conv", "relu"})
    hand.click(on_node(view, "image"))
    assert view.editor.inside is None
    assert not area(view).inside.nodes["conv"].is_selected
    hand.click(on_inner(view, "relu"))
    key(view, KEY.Key_Escape)
    assert not view.items_scene.anything_selected


def test_the_title_selects_the_whole(view):
    top = area(view).card_on_canvas().topLeft() + QPointF(60, 20)
    Hand(view).click(pixel(view, top))
    assert view.editor.selection == {"second"}


def test_a_drag_by_the_title_moves_the_whole(view):
    start = pixel(view, area(view).card_on_canvas().topLeft() + QPointF(60, 20))
    before = block(view).nodes["second"].at
    Hand(view).drag(start, start + QPoint(80, 40), keys=ALT)
    after = block(view).nodes["second"].at
    assert (after[0] - before[0], after[1] - before[1]) == (80, 40)
    assert view.editor.selection == {"second"}
    as_if_opened_anew(view)


def canvas_places(view):
    return {name: area(view).pos() + item.pos() for name, item in area(view).inside.nodes.items()}


@pytest.mark.parametrize("direction", ["top-down", "left-right"])
def test_a_drag_inside_moves_the_node_of_the_block(view, direction):
    view.arranger.arrange(direction)
    view.fit()
    view.set_zoom(1.0)
    view.camera.look_at(area(view).pos())
    state, before = view.editor.document.state, canvas_places(view)
    hints = []
    view.editor.hint.connect(hints.append)
    start = on_inner(view, "relu")
    Hand(view).drag(start, start + QPoint(80, 40), keys=ALT)
    after = canvas_places(view)
    away = after.pop("relu") - before.pop("relu")
    assert (away.x(), away.y()) == pytest.approx((80, 40), abs=0.01)
    for name, at in after.items():
        assert (at - before[name]).manhattanLength() < 0.01, f"{name} stays"
    assert view.editor.chosen == ("Step", {"relu"})
    assert any("put it here in Step" in hint for hint in hints)
    as_if_opened_anew(view)
    view.editor.history.undo()
    assert view.editor.document.state is state
    as_if_opened_anew(view)


def test_escape_puts_it_back_inside(view):
    state, before = view.editor.document.state, canvas_places(view)
    start, hand = on_inner(view, "relu"), Hand(view)
    hand.press(start)
    hand.move(start + QPoint(30, 10))
    hand.move(start + QPoint(60, 20))
    assert canvas_places(view)["relu"] != before["relu"]
    key(view, KEY.Key_Escape)
    hand.release(start)
    assert view.editor.document.state is state
    assert canvas_places(view) == before
    as_if_opened_anew(view)


def test_arrow_keys_move_it_inside_as_one_step(view):
    state, before = view.editor.document.state, canvas_places(view)
    Hand(view).click(on_inner(view, "conv"))
    for _ in range(3):
        key(view, KEY.Key_Right)
    assert (canvas_places(view)["conv"] - before["conv"]).x() == pytest.approx(12, abs=0.01)
    as_if_opened_anew(view)
    view.editor.history.undo()
    assert view.editor.document.state is state


def test_it_lines_up_inside(view):
    Hand(view).click(on_inner(view, "conv"))
    for _ in range(3):
        key(view, KEY.Key_Right)
    start = on_inner(view, "conv")
    Hand(view).drag(start, start - QPoint(9, 0))
    nodes = view.editor.document.state.blocks["Step"].nodes
    assert nodes["conv"].at[0] == nodes["relu"].at[0]


@pytest.mark.qt_log_ignore(r"raise\(\)", "grabbing the keyboard")
@pytest.mark.parametrize("by_key", [False, True])
def test_its_menu_is_that_of_the_node_inside(view, by_key):
    at = on_inner(view, "relu")
    if by_key:
        Hand(view).click(at)
    reason = QContextMenuEvent.Reason.Keyboard if by_key else QContextMenuEvent.Reason.Mouse
    place = QPoint(1, 1) if by_key else at
    QApplication.sendEvent(view.viewport(), QContextMenuEvent(reason, place, place))
    menu = view.findChild(QMenu, "canvas_menu")
    assert view.editor.chosen == ("Step", {"relu"})
    actions = {action.objectName(): action for action in menu.actions()}
    assert actions["canvas_menu_remove"].text() == "Remove relu"
    assert actions["canvas_menu_expand"].text() == "Collapse"
    actions["canvas_menu_bypass"].trigger()
    assert view.editor.document.state.blocks["Step"].nodes["relu"].settings.bypassed
    actions["canvas_menu_open_block"].trigger()
    assert (view.editor.block, view.editor.selection) == ("Step", {"relu"})
    menu.close()


def test_typing_adds_behind_it_inside(view):
    state, before = view.editor.document.state, canvas_places(view)
    Hand(view).click(on_inner(view, "conv"))
    for letter in "tanh":
        key(view.focusWidget() if view.adder.popup.isVisible() else view, letter)
    view.adder.popup.choose_current()
    step = view.editor.document.state.blocks["Step"]
    assert {"conv -> tanh1", "tanh1 -> relu"} <= set(map(str, step.links))
    assert view.editor.chosen == ("Step", {"tanh1"})
    assert (canvas_places(view)["conv"] - before["conv"]).manhattanLength() < 0.01
    bottom = area(view).card_on_canvas().bottom()
    assert view.items_scene.node_items["out"].card_on_canvas().top() > bottom
    as_if_opened_anew(view)
    view.editor.history.undo()
    assert view.editor.document.state is state


def test_duplicates_inside_stay_selected_there(view):
    Hand(view).click(on_inner(view, "relu"))
    assert clipboard.duplicate(view)
    block_, names = view.editor.chosen
    assert block_ == "Step"
    assert len(names) == 1
    assert names != {"relu"}
    as_if_opened_anew(view)


def test_the_palette_adds_behind_it_inside(view):
    Hand(view).click(on_inner(view, "conv"))
    assert view.add_node_below_selection("Tanh")
    assert view.editor.chosen == ("Step", {"tanh1"})


def test_what_is_removed_inside_gives_its_room_back(view):
    gap = view.items_scene.node_items["out"].card_on_canvas().top()
    gap -= area(view).card_on_canvas().bottom()
    Hand(view).click(on_inner(view, "pool"))
    key(view, KEY.Key_Delete)
    now = view.items_scene.node_items["out"].card_on_canvas().top()
    assert now - area(view).card_on_canvas().bottom() == pytest.approx(gap)
    assert canvas_places(view).keys() == {"conv", "relu"}


def test_a_click_on_one_of_several_inside_selects_it_alone(view):
    hand = Hand(view)
    hand.click(on_inner(view, "conv"))
    hand.click(on_inner(view, "relu"), keys=SHIFT)
    hand.click(on_inner(view, "conv"))
    assert view.editor.chosen == ("Step", {"conv"})


def test_double_click_goes_there(view):
    Hand(view).double_click(on_inner(view, "relu"))
    assert view.editor.block == "Step"
    assert view.editor.selection == {"relu"}


def test_the_inspector_edits_what_is_inside(view, qtbot):
    panel = InspectorPanel(view.editor)
    qtbot.addWidget(panel)
    Hand(view).click(on_inner(view, "conv"))
    panel.update_now()
    assert isinstance(panel.form, NodeForm)
    assert panel.form.shown == ("Step", ("conv",))
    field = panel.form.rows["kernel_size"].field
    field.line.setFocus()
    field.line.setText("5")
    key_to = field.line
    key_to.editingFinished.emit()
    assert view.editor.node_result("Step", "conv").outputs["out"].sizes[0] == 4
    view.editor.select(["first"])
    assert view.editor.node_result("Step", "conv").outputs["out"].sizes[0] == 8


def test_delete_bypass_and_copy_work_inside(view):
    Hand(view).click(on_inner(view, "relu"))
    view.bypass_selection()
    assert view.editor.document.state.blocks["Step"].nodes["relu"].settings.bypassed
    assert clipboard.copy(view)
    key(view, KEY.Key_Delete)
    step = view.editor.document.state.blocks["Step"]
    assert "relu" not in step.nodes
    assert "conv -> pool" in map(str, step.links)
    assert view.editor.inside is None
    assert area(view).inside.nodes.keys() == {"conv", "pool"}
    agree(view)


def test_tab_walks_through_the_inside(view):
    seen = []
    for _ in range(7):
        key(view, KEY.Key_Tab)
        seen.append(*view.editor.chosen[1])
    assert seen == ["image", "first", "second", "conv", "relu", "pool", "out"]
    view.focusNextPrevChild(False)
    key(view, KEY.Key_Return)
    assert (view.editor.block, view.editor.selection) == ("Step", {"pool"})


def test_the_key_collapses_from_inside(view):
    Hand(view).click(on_inner(view, "relu"))
    view.expand_selection()
    assert not block(view).nodes["second"].expanded
    assert view.editor.selection == {"second"}
    assert view.editor.inside is None


def test_what_is_selected_inside_goes_with_it(view):
    Hand(view).click(on_inner(view, "relu"))
    view.editor.history.undo()
    view.editor.apply("", lambda p: set_expanded(p, MAIN, "second", False))
    assert view.editor.inside is None
    assert not view.items_scene.anything_selected


def test_the_tip_tells_of_the_node_inside(view):
    place = view.camera.to_canvas(QPointF(on_inner(view, "conv")))
    hit = hit_test(view.items_scene, place, 1.0)
    assert (hit.node, hit.inner) == ("second", "conv")
    assert "4×8×8" in tip(view.items_scene, hit, place)


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
