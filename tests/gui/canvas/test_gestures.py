"""Each gesture, made with the mouse: first what the model says, then what is shown."""

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QGraphicsPathItem

from graph.state import Link
from gui.canvas.hits import PortHit
from tests.gui.canvas.building import (
    Hand,
    agree,
    alike,
    block,
    key,
    network,
    on_node,
    on_port,
    pixel,
)

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier


# --- moving ------------------------------------------------------------------------------------


def test_dragging_a_node_moves_it_as_one_step(canvas, hand):
    before = canvas.editor.document.state
    hand.drag(on_node(canvas, "relu"), on_node(canvas, "relu") + QPoint(120, 41))
    assert block(canvas).nodes["relu"].at == (120.0, 140.0)
    assert canvas.editor.history.count() == 1
    agree(canvas)
    canvas.editor.history.undo()
    assert canvas.editor.document.state is before
    agree(canvas)


def test_links_follow_a_node_in_hand(canvas, hand):
    start = on_node(canvas, "relu")
    hand.press(start)
    hand.move(start + QPoint(80, 0))
    link = canvas.items_scene.link_items[Link("image", "out", "relu", "in")]
    assert link.end == canvas.items_scene.node_items["relu"].port_place("in", is_input=True)
    assert link.end.x() == 80.0
    assert block(canvas).nodes["relu"].at == (0, 100)
    hand.release(start + QPoint(80, 0))
    assert block(canvas).nodes["relu"].at == (80.0, 100.0)


def test_all_selected_nodes_move(canvas, hand):
    canvas.editor.select(["relu", "tanh"])
    hand.drag(on_node(canvas, "tanh"), on_node(canvas, "tanh") + QPoint(40, 0))
    assert block(canvas).nodes["relu"].at == (40.0, 100.0)
    assert block(canvas).nodes["tanh"].at == (40.0, 200.0)
    assert canvas.editor.selection == {"relu", "tanh"}
    agree(canvas)


def test_a_node_lines_up_with_its_neighbours(open_canvas):
    view = open_canvas(
        network(("image", "Input", 1, 0), ("relu", "ReLU", 60, 100), links=("image -> relu",))
    )
    Hand(view).drag(on_node(view, "relu"), on_node(view, "relu") - QPoint(56, 0))
    assert block(view).nodes["relu"].at == (1.0, 100.0)


# --- linking -----------------------------------------------------------------------------------


@pytest.fixture
def loose(open_canvas):
    """An image and a ReLU side by side, not linked, and a Concat."""
    return open_canvas(
        network(
            ("image", "Input", 0, 0),
            ("relu", "ReLU", 0, 150),
            ("cat", "Concat", 0, 300),
        )
    )


@pytest.mark.parametrize("forward", [True, False])
def test_a_link_is_dragged_from_port_to_port(loose, forward):
    output = on_port(loose, "image", "out", is_input=False)
    entry = on_port(loose, "relu", "in", is_input=True)
    Hand(loose).drag(*((output, entry) if forward else (entry, output)))
    assert block(loose).links == (Link("image", "out", "relu", "in"),)
    agree(loose)
    assert loose.items_scene.link_items[Link("image", "out", "relu", "in")].look.size == "1×28×28"
    loose.editor.history.undo()
    assert not block(loose).links
    agree(loose)


def test_a_link_snaps_to_a_port_nearby(loose):
    entry = on_port(loose, "relu", "in", is_input=True)
    Hand(loose).drag(on_port(loose, "image", "out", is_input=False), entry - QPoint(12, 8))
    assert block(loose).links == (Link("image", "out", "relu", "in"),)


@pytest.mark.parametrize("away", [QPoint(150, 6), QPoint(-150, -40), QPoint(60, 90)])
def test_a_link_in_hand_over_nothing_goes_to_the_mouse_without_detours(loose, away):
    start = on_port(loose, "image", "out", is_input=False)
    hand = Hand(loose)
    hand.press(start)
    hand.move(start + away)
    assert loose.gesture.end is None
    shown = loose.gesture.preview.path().boundingRect()
    wanted = QRectF(loose.camera.to_canvas(start), loose.camera.to_canvas(start + away))
    assert wanted.normalized().adjusted(-6, -6, 6, 6).contains(shown)
    loose.cancel_gesture()


def test_a_link_dropped_on_a_node_takes_its_free_port(loose):
    hand = Hand(loose)
    hand.drag(on_port(loose, "image", "out", is_input=False), on_node(loose, "cat"))
    hand.drag(on_port(loose, "relu", "out", is_input=False), on_node(loose, "cat"))
    assert [link.input for link in block(loose).links] == ["in_1", "in_2"]
    item = loose.items_scene.node_items["cat"]
    assert [port.state for port in item.look.inputs] == ["linked", "linked", "spare"]
    agree(loose)


def test_a_circle_is_refused_with_its_reason(canvas, hand, qtbot):
    before = canvas.editor.document.state
    start = on_port(canvas, "tanh", "out", is_input=False)
    end = on_node(canvas, "relu")
    hand.press(start)
    hand.move(end)
    assert not canvas.note.isHidden()
    assert "would close a circle" in canvas.note.text()
    with qtbot.waitSignal(canvas.editor.refused) as refused:
        hand.release(end)
    assert "would close a circle" in refused.args[0]
    assert canvas.note.isHidden()
    assert canvas.editor.document.state is before
    agree(canvas)


def test_a_link_back_is_refused(open_canvas, qtbot):
    view = open_canvas(
        network(("cat", "Concat", 0, 0), ("relu", "ReLU", 0, 150), links=("cat -> relu",))
    )
    before = view.editor.document.state
    with qtbot.waitSignal(view.editor.refused) as refused:
        Hand(view).drag(
            on_port(view, "relu", "out", is_input=False),
            on_port(view, "cat", "in_1", is_input=True),
        )
    assert "circle" in refused.args[0]
    assert view.editor.document.state is before


def test_two_outputs_cannot_be_linked(loose, qtbot):
    with qtbot.waitSignal(loose.editor.refused) as refused:
        Hand(loose).drag(
            on_port(loose, "image", "out", is_input=False),
            on_port(loose, "relu", "out", is_input=False),
        )
    assert "output too" in refused.args[0]


def test_a_node_without_inputs_says_so(canvas, hand, qtbot):
    before = canvas.editor.document.state
    start, end = on_port(canvas, "tanh", "out", is_input=False), on_node(canvas, "image")
    hand.press(start)
    hand.move(end)
    assert canvas.note.text() == "image has no input"
    with qtbot.waitSignal(canvas.editor.refused):
        hand.release(end)
    assert canvas.editor.document.state is before


def test_a_link_in_hand_can_be_seen(canvas, hand):
    start = on_port(canvas, "tanh", "out", is_input=False)
    hand.press(start)
    hand.move(start + QPoint(150, 150))
    (preview,) = [i for i in canvas.items_scene.items() if isinstance(i, QGraphicsPathItem)]
    assert preview.isVisible()
    seen = canvas.viewport().grab().toImage()
    accent = canvas.items_scene.surface.colors["accent"]
    path = preview.path()
    shown = [pixel(canvas, path.pointAtPercent(n / 50)) for n in range(5, 46)]
    # It is dashed, so not everywhere.
    assert sum(alike(seen.pixelColor(at), accent, 40) for at in shown) > 12
    key(canvas, Qt.Key.Key_Escape)
    assert preview.scene() is None


def test_only_legal_ports_light_up(canvas, hand):
    hand.press(on_port(canvas, "tanh", "out", is_input=False))
    targets = canvas.items_scene.surface.targets
    assert targets is not None
    assert not targets.is_legal(PortHit("relu", "in", True))
    assert not targets.is_legal(PortHit("result", "in", True))
    canvas.grab()
    hand.release(on_port(canvas, "tanh", "out", is_input=False))
    assert canvas.items_scene.surface.targets is None


def test_a_link_is_plugged_elsewhere(open_canvas):
    view = open_canvas(
        network(
            ("image", "Input", 0, 0),
            ("relu", "ReLU", -150, 150),
            ("tanh", "Tanh", 150, 150),
            links=("image -> relu",),
        )
    )
    Hand(view).drag(
        on_port(view, "relu", "in", is_input=True), on_port(view, "tanh", "in", is_input=True)
    )
    assert block(view).links == (Link("image", "out", "tanh", "in"),)
    assert view.editor.history.count() == 1
    agree(view)


def test_a_link_pulled_out_and_let_go_is_removed(canvas, hand):
    hand.drag(on_port(canvas, "tanh", "in", is_input=True), QPoint(40, 300))
    assert Link("relu", "out", "tanh", "in") not in block(canvas).links
    agree(canvas)


def test_a_link_put_back_changes_nothing(canvas, hand):
    before = canvas.editor.document.state
    entry = on_port(canvas, "tanh", "in", is_input=True)
    hand.press(entry)
    hand.move(entry + QPoint(60, 0))
    hand.move(entry)
    hand.release(entry)
    assert canvas.editor.document.state is before


# --- selecting ---------------------------------------------------------------------------------


def test_clicks_select(canvas, hand):
    hand.click(on_node(canvas, "relu"))
    assert canvas.editor.selection == {"relu"}
    assert canvas.items_scene.node_items["relu"].is_selected
    hand.click(on_node(canvas, "tanh"), keys=CONTROL)
    assert canvas.editor.selection == {"relu", "tanh"}
    hand.click(on_node(canvas, "relu"), keys=CONTROL)
    assert canvas.editor.selection == {"tanh"}
    hand.click(QPoint(30, 400))
    assert canvas.editor.selection == frozenset()


def test_a_click_in_a_selection_leaves_one(canvas, hand):
    canvas.select_all()
    hand.click(on_node(canvas, "relu"))
    assert canvas.editor.selection == {"relu"}


def test_a_marquee_selects_and_shift_adds(canvas, hand):
    corner = pixel(canvas, QPointF(-200, 60))
    hand.drag(corner, pixel(canvas, QPointF(200, 240)))
    assert canvas.editor.selection == {"relu", "tanh"}
    hand.drag(pixel(canvas, QPointF(-200, -60)), pixel(canvas, QPointF(-50, 0)), keys=NONE)
    assert canvas.editor.selection == {"image"}
    hand.press(pixel(canvas, QPointF(-200, 330)), keys=SHIFT)
    end = pixel(canvas, QPointF(-50, 290))
    QTest.mouseMove(canvas.viewport(), (end + pixel(canvas, QPointF(-200, 330))) / 2)
    QTest.mouseMove(canvas.viewport(), end)
    hand.release(end, keys=SHIFT)
    assert canvas.editor.selection == {"image", "result"}


def test_links_are_selected_and_deleted(canvas, hand):
    link = Link("relu", "out", "tanh", "in")
    hand.click(pixel(canvas, canvas.items_scene.link_items[link].middle()))
    assert canvas.items_scene.selected_links == {link}
    key(canvas, Qt.Key.Key_Delete)
    assert link not in block(canvas).links
    assert len(block(canvas).nodes) == 4
    agree(canvas)


def test_hovering_a_link_lights_both_ends(canvas, hand):
    link = Link("relu", "out", "tanh", "in")
    hand.move(pixel(canvas, canvas.items_scene.link_items[link].middle()))
    items = canvas.items_scene.node_items
    assert items["relu"].lit_port == ("out", False)
    assert items["tanh"].lit_port == ("in", True)
    hand.move(QPoint(30, 400))
    assert items["relu"].lit_port is None


# --- giving up ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "start",
    [
        lambda view: on_node(view, "relu"),
        lambda view: on_port(view, "relu", "out", is_input=False),
        lambda view: on_port(view, "relu", "in", is_input=True),
        lambda view: QPoint(60, 60),
    ],
    ids=["move", "link", "replug", "marquee"],
)
def test_escape_cancels(canvas, hand, start):
    before = canvas.editor.document.state
    canvas.editor.select(["tanh"])
    at = start(canvas)
    hand.press(at)
    hand.move(at + QPoint(50, 40))
    hand.move(at + QPoint(150, 90))
    assert canvas.gesture is not None
    key(canvas, Qt.Key.Key_Escape)
    assert canvas.gesture is None
    hand.release(at + QPoint(150, 90))
    assert canvas.editor.document.state is before
    assert canvas.editor.history.count() == 0
    assert canvas.items_scene.surface.targets is None
    if at == QPoint(60, 60):
        assert canvas.editor.selection == {"tanh"}
    agree(canvas)


def test_undo_under_the_hand_cancels(canvas, hand):
    hand.drag(on_node(canvas, "relu"), on_node(canvas, "relu") + QPoint(40, 0))
    at = on_node(canvas, "relu")
    hand.press(at)
    hand.move(at + QPoint(100, 0))
    canvas.editor.history.undo()
    assert canvas.gesture is None
    hand.release(at + QPoint(100, 0))
    agree(canvas)
