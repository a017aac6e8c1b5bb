"""Frames on the canvas: made, named, moved, resized, removed; each by hand, and undone."""

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt

from graph.edits import set_argument
from graph.framing import frame_rectangle, inside
from graph.links import remove_links
from graph.state import MAIN
from gui.canvas.frames import FrameTitleField
from gui.look.theme import theme
from tests.gui.canvas.building import Hand, agree, block, key, pixel


@pytest.fixture
def framed(canvas):
    """The chain with a frame around relu and tanh, called Frame1 by its name only."""
    canvas.editor.select(["relu", "tanh"])
    canvas.frame_selection()
    title(canvas).finish()
    return canvas


def title(view):
    fields = [f for f in view.findChildren(FrameTitleField) if not f._done]
    return fields[0] if fields else None


def frame(view):
    (found,) = [node for node in block(view).nodes.values() if node.is_frame]
    return found


def shown(view):
    """Where the frame is shown."""
    card = view.items_scene.node_items[frame(view).name].card_on_canvas()
    return (card.left(), card.top(), card.right(), card.bottom())


def told(view):
    return frame_rectangle(view.editor.document.state, frame(view))


def test_a_frame_is_made_and_named_in_place(canvas, qtbot):
    before = canvas.editor.document.state
    canvas.editor.select(["relu", "tanh"])
    canvas.frame_selection()
    assert canvas.editor.selection == {frame(canvas).name}
    field = title(canvas)
    assert field.hasFocus()
    qtbot.keyClicks(field, "Encoder")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert frame(canvas).arguments["title"] == "Encoder"
    assert canvas.items_scene.node_items[frame(canvas).name].look.note == "Encoder"
    assert title(canvas) is None
    agree(canvas)
    canvas.editor.history.undo()
    canvas.editor.history.undo()
    assert canvas.editor.document.state is before
    agree(canvas)


def test_a_double_click_names_it_anew(framed, qtbot):
    left, top, *_ = told(framed)
    place = pixel(framed, QPointF(left + 40, top + 10))
    qtbot.mouseDClick(framed.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.keyClicks(title(framed), "Head")
    qtbot.keyClick(title(framed), Qt.Key.Key_Escape)
    assert "title" not in frame(framed).arguments
    qtbot.mouseDClick(framed.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.keyClicks(title(framed), "Head")
    framed.setFocus()
    assert frame(framed).arguments["title"] == "Head"


def test_what_lies_in_it_moves_with_it(framed):
    before = framed.editor.document.state
    left, top, *_ = told(framed)
    grip = pixel(framed, QPointF(left + 40, top + 10))
    framed.clear_selection()
    Hand(framed).drag(grip, grip + QPoint(60, 30))
    after = framed.editor.document.state
    away = [
        (after.main.nodes[n].at[0] - before.main.nodes[n].at[0],
         after.main.nodes[n].at[1] - before.main.nodes[n].at[1])
        for n in (frame(framed).name, "relu", "tanh")
    ]  # fmt: skip
    assert len(set(away)) == 1
    assert away[0] != (0.0, 0.0)
    assert after.main.nodes["image"] is before.main.nodes["image"]
    agree(framed)
    framed.editor.history.undo()
    assert framed.editor.document.state is before
    agree(framed)


def test_arrow_keys_move_it_with_what_lies_in_it(framed):
    before = block(framed).nodes["relu"].at
    key(framed, Qt.Key.Key_Right)
    assert block(framed).nodes["relu"].at == (before[0] + 4.0, before[1])
    assert inside(framed.editor.document.state, MAIN, frame(framed).name) == ["relu", "tanh"]


def test_its_corner_changes_its_size(framed):
    before = told(framed)
    corner = pixel(framed, QPointF(before[2] - 4, before[3] - 4))
    hand = Hand(framed)
    hand.press(corner)
    hand.move(corner + QPoint(40, 24))
    assert shown(framed)[2] > before[2]
    assert told(framed) == before
    hand.release(corner + QPoint(40, 24))
    assert told(framed)[:2] == before[:2]
    assert told(framed)[2] == pytest.approx(before[2] + 40, abs=3)
    assert told(framed)[3] == pytest.approx(before[3] + 24, abs=3)
    assert shown(framed) == told(framed)
    framed.editor.history.undo()
    assert shown(framed) == told(framed) == before


def test_escape_leaves_its_size(framed, qtbot):
    before = told(framed)
    corner = pixel(framed, QPointF(before[2] - 4, before[3] - 4))
    hand = Hand(framed)
    hand.press(corner)
    hand.move(corner + QPoint(40, 24))
    qtbot.keyClick(framed, Qt.Key.Key_Escape)
    assert shown(framed) == told(framed) == before


def test_nodes_in_it_are_taken_as_ever_and_it_goes_alone(framed):
    relu = framed.items_scene.node_items["relu"]
    Hand(framed).click(pixel(framed, relu.pos() + QPointF(-60, 0)))
    assert framed.editor.selection == {"relu"}
    assert relu.zValue() > framed.items_scene.node_items[frame(framed).name].zValue()
    framed.editor.select([frame(framed).name])
    key(framed, Qt.Key.Key_Delete)
    assert list(block(framed).nodes) == ["image", "relu", "tanh", "result"]
    agree(framed)


def test_a_frame_around_nothing_is_refused(canvas, qtbot):
    with qtbot.waitSignal(canvas.editor.refused):
        canvas.frame_selection()
    assert title(canvas) is None


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_no_link_crosses_a_title(framed, mode):
    """The title looks the same with the link into the frame and without it."""
    theme().set_mode(mode)
    words = "A title that reaches as far as the frame"
    name = frame(framed).name
    framed.editor.apply("", lambda p: set_argument(p, MAIN, name, "title", words))
    framed.clear_selection()
    left, top, _, _ = told(framed)
    corners = [pixel(framed, QPointF(left + x, top + y)) for x, y in ((10, 4), (200, 22))]
    crossing = next(link for link in block(framed).links if link.target == "relu")
    line = framed.items_scene.link_items[crossing]
    assert corners[0].x() < pixel(framed, line.start).x() < corners[1].x()

    def strip():
        return framed.viewport().grab(QRect(*corners)).toImage()

    before = strip()
    framed.editor.apply("", lambda p: remove_links(p, MAIN, [crossing]))
    assert strip() == before
    theme().set_mode("system")
