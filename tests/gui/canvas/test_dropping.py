"""Layers and blocks dragged from the palette onto the canvas; and moving the view over it."""

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent
from PySide6.QtWidgets import QApplication

from graph.edits import add_node
from graph.project_edits import add_block
from graph.state import Block, Link
from tests.gui.canvas.building import agree, block, chain, drop, key, on_node, pixel

NONE = Qt.KeyboardModifier.NoModifier


def test_a_layer_is_dropped_where_it_is_let_go(canvas):
    drop(canvas, "Conv2d", pixel(canvas, QPointF(300, 40)))
    assert block(canvas).nodes["conv1"].at == (300.0, 40.0)
    assert canvas.editor.selection == {"conv1"}
    agree(canvas)


def test_a_layer_dropped_on_a_link_is_put_into_it(canvas):
    link = Link("relu", "out", "tanh", "in")
    at = pixel(canvas, canvas.items_scene.link_items[link].middle())
    drop(canvas, "Conv2d", at, release=False)
    assert canvas.items_scene.link_items[link].is_insertion
    canvas.grab()
    drop(canvas, "Conv2d", at)
    links = set(block(canvas).links)
    assert {Link("relu", "out", "conv1", "in"), Link("conv1", "out", "tanh", "in")} <= links
    assert link not in links
    cards = [item.card_on_canvas() for item in canvas.items_scene.node_items.values()]
    for number, card in enumerate(cards):
        assert not any(card.intersects(other) for other in cards[number + 1 :])
    agree(canvas)
    canvas.editor.history.undo()
    assert block(canvas) == chain().main


def test_an_input_is_never_put_into_a_link(canvas):
    link = Link("relu", "out", "tanh", "in")
    drop(canvas, "Input", pixel(canvas, canvas.items_scene.link_items[link].middle()))
    assert link in block(canvas).links
    assert "image2" in block(canvas).nodes


def test_a_block_is_dropped_and_opened(open_canvas, qtbot):
    inner = Block()
    project = add_block(chain(), "Inner", inner)
    project = add_node(project, "Inner", "Input", name="entry")
    view = open_canvas(project)
    drop(view, "Inner", pixel(view, QPointF(300, 40)), is_block=True)
    (name,) = view.editor.selection
    assert block(view).nodes[name].is_block
    at = on_node(view, name)
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, NONE, at)
    assert view.editor.block == "Inner"
    assert set(view.items_scene.node_items) == {"entry"}


def test_a_drag_that_leaves_changes_nothing(canvas):
    before = canvas.editor.document.state
    drop(canvas, "Conv2d", QPoint(100, 100), release=False)
    assert canvas.gesture is not None
    key(canvas, Qt.Key.Key_Escape)
    assert canvas.gesture is None
    assert canvas.editor.document.state is before
    agree(canvas)


def test_something_unknown_is_refused_in_words(canvas, qtbot):
    with qtbot.waitSignal(canvas.editor.refused):
        drop(canvas, "NoSuchLayer", QPoint(100, 100))
    agree(canvas)


def test_a_drag_that_goes_elsewhere_leaves_no_ghost(canvas):
    drop(canvas, "Conv2d", QPoint(100, 100), release=False)
    QApplication.sendEvent(canvas.viewport(), QDragLeaveEvent())
    assert canvas.gesture is None
    agree(canvas)


def test_other_things_are_not_taken(canvas):
    mime = QMimeData()
    mime.setText("hello")
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(QPoint(100, 100), copy, mime, left, NONE)
    QApplication.sendEvent(canvas.viewport(), enter)
    assert not enter.isAccepted()
    assert canvas.gesture is None


# --- looking around ----------------------------------------------------------------------------


def test_the_middle_button_pans(canvas, hand):
    before = canvas.camera.seen().center()
    hand.drag(QPoint(400, 300), QPoint(460, 340), button=Qt.MouseButton.MiddleButton)
    after = canvas.camera.seen().center()
    assert before - after == QPointF(60, 40)


def test_space_and_drag_pans_and_space_alone_asks_for_search(canvas, hand, qtbot):
    before = canvas.camera.seen().center()
    qtbot.keyPress(canvas, Qt.Key.Key_Space)
    hand.drag(QPoint(400, 300), QPoint(430, 300))
    qtbot.keyRelease(canvas, Qt.Key.Key_Space)
    assert canvas.camera.seen().center().x() == before.x() - 30
    assert canvas.adder.popup.isHidden()
    qtbot.keyClick(canvas, Qt.Key.Key_Space)
    assert canvas.adder.popup.isVisible()
    canvas.adder.popup.close_popup()
