"""What can be done inside of a block that is shown in place."""

import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu

from graph.room import set_expanded
from graph.state import MAIN
from gui.canvas import clipboard
from gui.canvas.hits import hit_test
from gui.canvas.tips import tip
from gui.panels.inspector import InspectorPanel
from gui.panels.node_form import NodeForm
from tests.gui.canvas.building import Hand, agree, as_if_opened_anew, block, key, on_node, pixel
from tests.gui.canvas.expanding.blocks import (
    ALT,
    KEY,
    SHIFT,
    area,
    canvas_places,
    inside,
    on_inner,
)


def test_a_click_selects_what_is_inside(view):
    hand = Hand(view)
    hand.click(on_inner(view, "conv"))
    assert view.editor.path == ("second",)
    assert view.editor.chosen == ("Step", {"conv"})
    assert not view.editor.selection
    assert inside(view).node_items["conv"].is_selected
    hand.click(on_inner(view, "relu"), keys=SHIFT)
    assert view.editor.chosen == ("Step", {"conv", "relu"})
    hand.click(on_node(view, "image"))
    assert view.editor.path == ()
    assert not inside(view).node_items["conv"].is_selected
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
    assert actions["canvas_menu_expand"].text() == "Collapse second"
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
    assert view.editor.path == ()
    assert inside(view).node_items.keys() == {"conv", "pool"}
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
    assert view.editor.path == ()


def test_what_is_selected_inside_goes_with_it(view):
    Hand(view).click(on_inner(view, "relu"))
    view.editor.history.undo()
    view.editor.apply("", lambda p: set_expanded(p, MAIN, "second", False))
    assert view.editor.path == ()
    assert not view.items_scene.anything_selected


def test_the_tip_tells_of_the_node_inside(view):
    place = view.camera.to_canvas(QPointF(on_inner(view, "conv")))
    hit = hit_test(view.items_scene, place, 1.0)
    assert (hit.path, hit.node) == (("second",), "conv")
    assert "4×8×8" in tip(view.items_scene, hit, place)
