"""Adding where one looks: by the search, by a wire let go, by typing, by dropping into a wire."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from graph.state import Link
from gui.canvas.hits import PortHit
from gui.look.theme import KIND_TOKENS, TOKENS
from gui.search.search_popup import ROW
from gui.settings import VARIABLE
from tests.gui.canvas.building import Hand, agree, block, key, network, on_node, on_port

NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture(autouse=True)
def own_settings(tmp_path, monkeypatch):
    """Nobody has added anything before."""
    monkeypatch.setenv(VARIABLE, str(tmp_path))


@pytest.fixture
def forked(open_canvas):
    """An image into a convolution, and a Linear beside them."""
    return open_canvas(
        network(
            ("image", "Input", 0, 0),
            ("conv", "Conv2d", 0, 100),
            ("fc", "Linear", 300, 100),
            links=("image -> conv",),
        )
    )


def offered(canvas):
    return [offer.title for offer in canvas.adder.popup.model.offers]


def choose(canvas, text):
    """Type and press Enter, with the keyboard only; the name of what came."""
    QTest.keyClicks(canvas.adder.popup.line, text)
    QTest.keyClick(canvas.adder.popup.line, Qt.Key.Key_Return)
    (name,) = canvas.editor.selection
    return name


def test_a_double_click_on_nothing_searches_there(canvas, hand):
    before = canvas.editor.document.state
    at = QPoint(120, 300)
    QTest.mouseDClick(canvas.viewport(), Qt.MouseButton.LeftButton, NONE, at)
    assert canvas.adder.popup.isVisible()
    assert canvas.adder.popup.geometry().contains(at + QPoint(12, 12))
    name = choose(canvas, "batch norm")
    added = block(canvas).nodes[name]
    assert added.type == "BatchNorm2d"
    assert QPointF(*added.at) == canvas.camera.to_canvas(QPointF(at))
    agree(canvas)
    canvas.editor.history.undo()
    assert canvas.editor.document.state is before


def test_space_searches_and_escape_leaves(canvas):
    key(canvas, Qt.Key.Key_Space)
    assert canvas.adder.popup.isVisible()
    assert canvas.adder.popup.note.text() == canvas.adder.popup.current.help
    QTest.keyClick(canvas.adder.popup.line, Qt.Key.Key_Escape)
    assert canvas.adder.popup.isHidden()
    assert canvas.editor.history.count() == 0


def test_what_was_added_last_comes_first(canvas):
    key(canvas, Qt.Key.Key_Space)
    assert offered(canvas)[0] != "Mish"
    choose(canvas, "mish")
    key(canvas, Qt.Key.Key_Space)
    assert offered(canvas)[0] == "Mish"
    canvas.adder.popup.close_popup()


def test_a_wire_let_go_over_nothing_searches_what_takes_it(forked):
    before = forked.editor.document.state
    hand = Hand(forked)
    start = on_port(forked, "conv", "out", is_input=False)
    hand.drag(start, start + QPoint(-200, 120))
    titles = offered(forked)
    assert "Max pooling" in titles
    assert "Flatten" in titles
    assert "Embedding" not in titles
    assert "Input" not in titles
    assert forked.adder._wire is not None
    name = choose(forked, "max pooling")
    assert Link("conv", "out", name, "in") in block(forked).links
    assert forked.editor.history.count() == 1
    assert forked.adder._wire is None
    agree(forked)
    forked.editor.history.undo()
    assert forked.editor.document.state is before


def test_a_wire_from_an_input_searches_what_leads_to_it(forked):
    before = forked.editor.document.state
    start = on_port(forked, "fc", "in", is_input=True)
    Hand(forked).drag(start, start + QPoint(60, -90))
    assert "Output" not in offered(forked)
    name = choose(forked, "flatten")
    assert Link(name, "out", "fc", "in") in block(forked).links
    forked.editor.history.undo()
    assert forked.editor.document.state is before


def test_the_port_of_what_was_added_is_where_the_wire_was_let_go(forked):
    start = on_port(forked, "conv", "out", is_input=False)
    end = start + QPoint(-200, 120)
    Hand(forked).drag(start, end)
    name = choose(forked, "relu")
    port = on_port(forked, name, "in", is_input=True)
    assert (port - end).manhattanLength() <= 6


def test_leaving_the_search_takes_the_wire_away(forked):
    before = forked.editor.document.state
    start = on_port(forked, "conv", "out", is_input=False)
    Hand(forked).drag(start, start + QPoint(-200, 120))
    QTest.keyClick(forked.adder.popup.line, Qt.Key.Key_Escape)
    assert forked.adder._wire is None
    assert forked.editor.document.state is before


def test_typing_on_a_node_adds_behind_it(canvas):
    before = canvas.editor.document.state
    canvas.editor.select(["relu"])
    canvas.setFocus()
    QTest.keyClicks(canvas, "d")
    assert canvas.adder.popup.line.text() == "d"
    name = choose(canvas, "ropout")
    links = set(block(canvas).links)
    assert {Link("relu", "out", name, "in"), Link(name, "out", "tanh", "in")} <= links
    assert canvas.editor.history.count() == 1
    canvas.editor.history.undo()
    assert canvas.editor.document.state is before


def test_nothing_comes_after_an_output(canvas):
    canvas.editor.select(["result"])
    QTest.keyClicks(canvas, "d")
    assert canvas.adder.popup.isHidden()


def test_only_blocks_that_fit_are_offered(open_canvas):
    view = open_canvas(
        network(("image", "Input", 0, 0), ("flat", "Flatten", 0, 100), links=("image -> flat",))
    )
    start = on_port(view, "flat", "out", is_input=False)
    Hand(view).drag(start, start + QPoint(-200, 100))
    assert "Residual block" not in offered(view)
    assert "Linear" in offered(view)
    view.adder.popup.close_popup()


def test_the_colours_of_ports_can_be_told_from_what_they_lie_on():
    def luminance(color):
        parts = [color.redF(), color.greenF(), color.blueF()]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for mode in (0, 1):
        for token in KIND_TOKENS.values():
            for ground in ("background", "panel"):
                one, other = (luminance(QColor(TOKENS[t][mode])) for t in (token, ground))
                # WCAG 2.2, 1.4.11: graphics need 3 : 1.
                assert (max(one, other) + 0.05) / (min(one, other) + 0.05) >= 3, (token, ground)


def test_letters_with_nothing_selected_do_nothing(canvas):
    canvas.editor.select([])
    QTest.keyClicks(canvas, "d")
    assert canvas.adder.popup.isHidden()


@pytest.fixture
def loose(open_canvas):
    """image -> result far apart, and a ReLU beside them."""
    return open_canvas(
        network(
            ("image", "Input", 0, 0),
            ("result", "Output", 0, 320),
            ("relu", "ReLU", 300, 160),
            links=("image -> result",),
        )
    )


def test_a_node_without_links_dropped_on_a_wire_is_put_into_it(loose):
    before, hand = loose.editor.document.state, Hand(loose)
    start, end = on_node(loose, "relu"), on_node(loose, "relu") - QPoint(240, 0)
    hand.press(start)
    hand.move((start + end) / 2)
    hand.move(end)
    link = Link("image", "out", "result", "in")
    assert loose.items_scene.link_items[link].is_insertion
    hand.release(end)
    assert set(block(loose).links) == {
        Link("image", "out", "relu", "in"),
        Link("relu", "out", "result", "in"),
    }
    assert loose.editor.history.count() == 1
    agree(loose)
    loose.editor.history.undo()
    assert loose.editor.document.state is before


def test_the_middle_of_a_node_counts_wherever_it_is_held(loose):
    start = on_node(loose, "relu")
    Hand(loose).drag(start, start - QPoint(300, 0))
    assert Link("relu", "out", "result", "in") in block(loose).links


def test_a_node_with_links_only_moves(canvas, hand):
    links = block(canvas).links
    hand.drag(on_node(canvas, "relu"), on_node(canvas, "relu") + QPoint(60, 150))
    assert block(canvas).links == links


def test_a_target_that_does_not_fit_is_lit_as_that_and_says_why(forked):
    hand = Hand(forked)
    start = on_port(forked, "conv", "out", is_input=False)
    hand.press(start)
    hand.move(start + QPoint(30, 30))
    targets = forked.items_scene.surface.targets
    assert targets.is_legal(PortHit("fc", "in", True))
    said = targets.misfit(PortHit("fc", "in", True))
    end = on_port(forked, "fc", "in", is_input=True)
    hand.move(end)
    assert forked.note.text().startswith(said)
    assert "all the same" in forked.note.text()
    hand.release(end)
    # People build step by step: it is made all the same, and named as a problem.
    assert Link("conv", "out", "fc", "in") in block(forked).links


def test_ports_say_what_flows_through_them(forked):
    looks = {name: item.look for name, item in forked.items_scene.node_items.items()}
    assert looks["image"].outputs[0].kind == "image"
    assert looks["conv"].inputs[0].kind == "image"
    assert looks["fc"].inputs[0].kind == ""


def test_what_is_added_by_typing_stays_in_view(canvas):
    """Also where many are added behind each other."""
    canvas.editor.select(["relu"])
    for _ in range(12):
        key(canvas, Qt.Key.Key_T)
        name = choose(canvas, "anh")
        seen = canvas.camera.seen()
        assert seen.contains(canvas.items_scene.node_items[name].card_on_canvas()), name
    agree(canvas)


@pytest.mark.parametrize(
    ("typed", "title"), [("max", "Max pooling"), ("denze", "Linear"), ("", "Convolution")]
)
def test_what_most_networks_consist_of_comes_first(canvas, typed, title):
    canvas.adder.open_after("relu", typed)
    assert offered(canvas)[0] == title
    canvas.adder.popup.close_popup()


def test_a_network_begins_with_an_input(open_canvas):
    canvas = open_canvas(network())
    canvas.adder.open_at(canvas.items_scene, QPointF(0, 0))
    assert offered(canvas)[0] == "Input"
    canvas.adder.popup.close_popup()


@pytest.mark.parametrize("typed", ["max", "denze", "zzzzz"])
def test_the_list_shows_whole_rows_and_the_field_is_whole(canvas, typed):
    canvas.adder.open_after("relu", typed)
    popup = canvas.adder.popup
    popup.layout().activate()
    assert popup.line.height() >= popup.line.sizeHint().height()
    room = popup.view.viewport().height()
    assert typed == "zzzzz" or room >= min(12, len(popup.model.offers)) * ROW
    assert popup.note.height() >= popup.note.heightForWidth(popup.note.width())
    popup.close_popup()
