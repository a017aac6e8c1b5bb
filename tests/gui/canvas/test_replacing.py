"""A link that ends where another one does takes its place, as one step."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from graph.state import Link
from gui.canvas.hits import PortHit
from tests.gui.canvas.building import Hand, agree, block, network, on_node, on_port

OLD, NEW = Link("relu", "out", "fc", "in"), Link("tanh", "out", "fc", "in")


@pytest.fixture
def forked(open_canvas):
    """Two branches, of which one leads to fc, and a Concat that takes the image."""
    return open_canvas(
        network(
            ("image", "Input", 0, 0),
            ("relu", "ReLU", -120, 100),
            ("tanh", "Tanh", 120, 100),
            ("fc", "Linear", -120, 250),
            ("cat", "Concat", 120, 250),
            links=("image -> relu", "image -> tanh", "relu -> fc", "image -> cat.in_1"),
        )
    )


@pytest.mark.parametrize("at", ["port", "node"])
def test_the_old_link_gives_way_and_comes_back_with_undo(forked, at):
    before = forked.editor.document.state
    hand = Hand(forked)
    start = on_port(forked, "tanh", "out", is_input=False)
    end = on_port(forked, "fc", "in", is_input=True) if at == "port" else on_node(forked, "fc")
    hand.press(start)
    hand.move(end)
    assert "Takes the place of relu → fc." in forked.note.text()
    hand.release(end)
    assert NEW in block(forked).links
    assert OLD not in block(forked).links
    agree(forked)
    assert forked.editor.history.count() == 1
    forked.editor.history.undo()
    assert forked.editor.document.state is before
    agree(forked)


def test_a_node_with_room_for_more_keeps_what_it_has(forked):
    Hand(forked).drag(on_port(forked, "tanh", "out", is_input=False), on_node(forked, "cat"))
    assert {"image -> cat.in_1", "tanh -> cat.in_2"} <= set(map(str, block(forked).links))


def test_a_branch_of_several_never_gives_way(forked):
    hand, start = Hand(forked), on_port(forked, "tanh", "out", is_input=False)
    hand.press(start)
    hand.move(on_port(forked, "cat", "in_1", is_input=True))
    targets = forked.gesture.targets
    assert targets.replaced(PortHit("cat", "in_1", True)) is None
    assert not targets.is_legal(PortHit("cat", "in_1", True))
    assert targets.is_legal(PortHit("cat", "in_2", True))
    forked.cancel_gesture()
    hand.release(start)


def test_the_same_link_once_more_is_refused(forked, qtbot):
    before = forked.editor.document.state
    hand = Hand(forked)
    start = on_port(forked, "relu", "out", is_input=False)
    with qtbot.waitSignal(forked.editor.refused) as refused:
        hand.drag(start, on_port(forked, "fc", "in", is_input=True))
    assert "already linked like this" in refused.args[0]
    assert forked.editor.document.state is before


def test_by_keyboard_those_at_which_nothing_gives_way_come_first(forked):
    forked.editor.select(["tanh"])
    forked.linker.open()
    popup = forked.linker.popup
    offers = popup.model.offers
    assert [(offer.title, offer.sort) for offer in offers] == [
        ("tanh → cat.in_2", "Concatenate"),
        ("tanh → relu", "in place of image"),
        ("tanh → fc", "in place of relu"),
    ]
    QTest.keyClicks(popup.line, "fc")
    QTest.keyClick(popup.line, Qt.Key.Key_Return)
    assert NEW in block(forked).links
    assert OLD not in block(forked).links
    agree(forked)
