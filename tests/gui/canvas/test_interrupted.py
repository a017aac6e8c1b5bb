"""Gestures in which something else comes between: undo, another button, a menu."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu

from graph.edits import add_node
from tests.gui.canvas.building import Hand, agree, block, deep_network, on_node, on_port

# Qt's platform without a display can neither raise a menu nor give it the keyboard.
pytestmark = pytest.mark.qt_log_ignore(r"raise\(\)", "grabbing the keyboard")
RIGHT, MIDDLE = Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton
AWAY = QPoint(90, 40)


def test_a_node_that_undo_takes_from_under_the_mouse_is_not_dragged(canvas, hand, qtbot):
    canvas.editor.apply("add", lambda p: add_node(p, "main", "ReLU", name="new", at=(240, 100)))
    start = on_node(canvas, "new")
    hand.press(start)
    canvas.editor.history.undo()
    with qtbot.captureExceptions() as failures:
        hand.move(start + AWAY)
    assert failures == []
    assert canvas.gesture is None
    hand.release(start + AWAY)
    assert canvas.editor.history.index() == 0
    agree(canvas)


def test_only_the_button_that_began_ends_a_gesture(canvas, hand):
    start = on_node(canvas, "relu")
    hand.press(start)
    hand.move(start + AWAY)
    hand.press(start + AWAY, button=MIDDLE)
    hand.release(start + AWAY, button=MIDDLE)
    assert canvas.gesture is not None
    assert canvas.editor.history.count() == 0
    hand.release(start + AWAY)
    assert block(canvas).nodes["relu"].at != (0, 100)
    assert canvas.editor.history.count() == 1


def test_the_right_button_puts_back_what_is_in_hand_and_opens_no_menu(canvas, hand):
    for start in (on_node(canvas, "relu"), on_port(canvas, "image", "out", is_input=False)):
        hand.press(start)
        hand.move(start + AWAY)
        assert canvas.gesture is not None
        hand.press(start + AWAY, button=RIGHT)
        assert canvas.gesture is None
        _ask_for_menu(canvas, start + AWAY)
        assert canvas.findChild(QMenu, "canvas_menu") is None
        hand.release(start + AWAY, button=RIGHT)
        hand.release(start + AWAY)
    assert canvas.editor.history.count() == 0
    agree(canvas)
    # The next one is a menu again.
    hand.press(on_node(canvas, "relu"), button=RIGHT)
    _ask_for_menu(canvas, on_node(canvas, "relu"))
    menu = canvas.findChild(QMenu, "canvas_menu")
    assert menu is not None
    menu.close()
    hand.release(on_node(canvas, "relu"), button=RIGHT)


def _ask_for_menu(canvas, at):
    port = canvas.viewport()
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(port, QContextMenuEvent(reason, at, port.mapToGlobal(at)))


def test_with_something_in_hand_at_an_edge_the_canvas_moves_on(open_canvas, qtbot):
    """As far as the mouse stays there; what is in hand stays under it."""
    canvas = open_canvas(deep_network(60), size=(700, 500))
    canvas.camera.look_at(canvas.items_scene.node_items["image"].pos())
    hand, edge = Hand(canvas), QPoint(350, canvas.viewport().height() - 4)
    start = on_node(canvas, "image")
    before = canvas.camera.seen()
    hand.press(start)
    hand.move(edge)
    qtbot.waitUntil(lambda: canvas.camera.seen().top() > before.bottom(), timeout=5000)
    hand.move(QPoint(350, 250))
    assert not canvas._edge_pan.is_moving
    hand.release(QPoint(350, 250))
    assert block(canvas).nodes["image"].at[1] > before.bottom()
    agree(canvas)


def test_what_is_taken_up_at_an_edge_and_drawn_inwards_does_not_move_the_view(open_canvas):
    canvas = open_canvas(deep_network(60), size=(700, 500))
    hand, start = Hand(canvas), QPoint(660, canvas.viewport().height() - 6)
    hand.press(start)
    hand.move(start - QPoint(40, 10))
    assert canvas.gesture is not None
    assert not canvas._edge_pan.is_moving
    hand.release(start - QPoint(40, 10))


def test_a_press_is_no_drag_where_something_else_is_selected_before_the_mouse_moves(canvas, hand):
    start = on_node(canvas, "relu")
    hand.press(start)
    canvas.editor.select(["tanh"])
    hand.move(start + AWAY)
    assert canvas.gesture is None
    hand.release(start + AWAY)
    assert canvas.editor.history.count() == 0
    agree(canvas)
