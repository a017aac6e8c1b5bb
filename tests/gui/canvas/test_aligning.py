"""Nodes are put in line by commands, and while they are moved."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from gui.canvas.aligning import ALIGNMENTS, DISTRIBUTIONS, put_in_order
from gui.canvas.preferences import canvas_preferences
from gui.gestures.guides import GuideLines
from tests.gui.canvas.building import Hand, agree, network, on_node, pixel

SCATTERED = network(
    ("a", "ReLU", -151, -203), ("b", "Tanh", 90, -11), ("c", "Sigmoid", 210, 260), links=("a -> b",)
)


def cards(view):
    return [item.card_on_canvas() for item in view.items_scene.node_items.values()]


def guides(view):
    found = [item for item in view.items_scene.items() if isinstance(item, GuideLines)]
    return found[0].guides if found else None


@pytest.mark.parametrize(
    ("action", "of"),
    list(
        zip(
            ALIGNMENTS,
            (
                lambda card: card.left(),
                lambda card: card.center().x(),
                lambda card: card.right(),
                lambda card: card.top(),
                lambda card: card.center().y(),
                lambda card: card.bottom(),
            ),
            strict=True,
        )
    ),
)
def test_aligned_cards_are_shown_in_line(open_canvas, action, of):
    view = open_canvas(SCATTERED)
    before = view.editor.document.state
    view.select_all()
    assert put_in_order(view, action)
    agree(view)
    assert len({of(card) for card in cards(view)}) == 1
    one, two, three = cards(view)
    pairs = ((one, two), (two, three), (one, three))
    assert not any(first.intersects(second) for first, second in pairs)
    view.editor.history.undo()
    assert view.editor.document.state is before
    agree(view)


@pytest.mark.parametrize("action", DISTRIBUTIONS)
def test_distributed_cards_have_equal_gaps(open_canvas, action):
    view = open_canvas(SCATTERED)
    view.select_all()
    assert put_in_order(view, action)
    agree(view)
    one, two, three = cards(view)
    if action == "distribute_across":
        assert two.left() - one.right() == pytest.approx(three.left() - two.right())
    else:
        assert two.top() - one.bottom() == pytest.approx(three.top() - two.bottom())
    view.editor.history.undo()
    agree(view)


def test_one_node_is_refused_with_words(open_canvas, qtbot):
    view = open_canvas(SCATTERED)
    view.editor.select(["a"])
    with qtbot.waitSignal(view.editor.refused) as told:
        assert not put_in_order(view, "align_left")
    assert "at least 2 nodes" in told.args[0]


def held(view, to, keys=Qt.KeyboardModifier.NoModifier):
    """A hand that holds `c` with its centre at a place of the canvas."""
    hand = Hand(view)
    start = on_node(view, "c")
    hand.press(start)
    away = pixel(view, QPointF(*to)) - pixel(view, view.items_scene.node_items["c"].pos())
    hand.move(start + away / 2)
    end = start + away
    if keys:
        view.gesture.move(view.camera.to_canvas(QPointF(end)), keys)
    else:
        hand.move(end)
    return hand, end


def test_a_node_in_hand_lines_up_and_says_so(open_canvas):
    view = open_canvas(SCATTERED)
    hints = []
    view.editor.hint.connect(hints.append)
    hand, end = held(view, (92, -205))
    assert {(guide.axis, guide.at) for guide in guides(view)} == {(0, 90.0), (1, -203.0)}
    assert "Alt" in hints[-1]
    hand.release(end)
    assert guides(view) is None
    assert view.editor.document.state.main.nodes["c"].at == (90.0, -203.0)
    agree(view)
    view.editor.history.undo()
    assert view.editor.document.state.main.nodes["c"].at == (210.0, 260.0)


def test_alt_suspends_it(open_canvas):
    view = open_canvas(SCATTERED)
    _, end = held(view, (93, -205), Qt.KeyboardModifier.AltModifier)
    assert guides(view) == ()
    QTest.mouseRelease(
        view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.AltModifier, end
    )
    assert view.editor.document.state.main.nodes["c"].at == (93.0, -205.0)


def test_a_canvas_that_does_not_snap(open_canvas, monkeypatch):
    view = open_canvas(SCATTERED)
    monkeypatch.setattr(canvas_preferences(), "snaps", False)
    hand, end = held(view, (93, -205))
    assert guides(view) == ()
    hand.release(end)
    assert view.editor.document.state.main.nodes["c"].at == (93.0, -205.0)


def test_escape_puts_it_back_without_lines(open_canvas, qtbot):
    view = open_canvas(SCATTERED)
    held(view, (92, -205))
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert guides(view) is None
    agree(view)


def test_lines_are_drawn_in_the_accent(open_canvas):
    view = open_canvas(SCATTERED)
    held(view, (92, -205))
    image = view.viewport().grab().toImage()
    accent = view.items_scene.surface.colors["accent"]
    at = pixel(view, QPointF(90, -100))
    near = [image.pixelColor(at + QPoint(away, 0)) for away in (-1, 0, 1)]
    assert any(abs(c.blue() - accent.blue()) + abs(c.red() - accent.red()) < 120 for c in near)
    view.cancel_gesture()
