"""Finding nodes on the canvas."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from graph.links import remove_links

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def bar(lenet, qtbot):
    """The bar, opened by its key."""
    with qtbot.waitActive(lenet):
        lenet.activateWindow()
    QTest.keyClick(lenet, Qt.Key.Key_F, CTRL)
    found = lenet.pages.design.find_bar
    assert found.isVisible()
    assert found.line.hasFocus()
    return found


def test_typing_selects_and_enter_goes_round(lenet, bar):
    QTest.keyClicks(bar.line, "conv")
    nodes = lenet.editor.document.state.main.nodes
    convolutions = [name for name in nodes if nodes[name].type == "Conv2d"]
    assert lenet.editor.selection == {convolutions[0]}
    assert bar.count.text() == f"1 of {len(convolutions)}"
    for name in (*convolutions[1:], convolutions[0]):
        QTest.keyClick(bar.line, Qt.Key.Key_Return)
        assert lenet.editor.selection == {name}
    QTest.keyClick(bar.line, Qt.Key.Key_Return, SHIFT)
    assert lenet.editor.selection == {convolutions[-1]}
    item = lenet.pages.design.canvas.items_scene.node_items[convolutions[-1]]
    assert item.is_selected
    QTest.keyClick(bar.line, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    assert QApplication.focusWidget() is lenet.pages.design.canvas
    # The text is kept for the keys that go on.
    QTest.keyClick(lenet, Qt.Key.Key_F3)
    assert lenet.editor.selection == {convolutions[0]}
    QTest.keyClick(lenet, Qt.Key.Key_F3, SHIFT)
    assert lenet.editor.selection == {convolutions[-1]}


def test_a_layer_and_a_problem_are_found(lenet, bar):
    QTest.keyClicks(bar.line, "average pool")
    nodes = lenet.editor.document.state.main.nodes
    assert nodes[next(iter(lenet.editor.selection))].type == "AvgPool2d"
    bar.line.clear()
    link = next(one for one in lenet.editor.document.state.main.links if one.target == "conv2")
    lenet.editor.apply("Cut", lambda project: remove_links(project, "main", [link]))
    told = next(p for p in lenet.editor.document.problems if p.node == "conv2")
    word = next(w for w in told.text.split() if len(w) > 5 and w.isalpha())
    QTest.keyClicks(bar.line, word)
    assert "conv2" in {place.node for place in bar.found()}


def test_nothing_says_so_and_selects_nothing_else(lenet, bar):
    lenet.editor.select(["conv1"])
    QTest.keyClicks(bar.line, "xyzzy")
    assert bar.count.text() == "nothing"
    QTest.keyClick(bar.line, Qt.Key.Key_Return)
    assert lenet.editor.selection == {"conv1"}


def test_what_is_inside_blocks_is_found_too(window):
    window.commands.new_from_template("resnet-small")
    bar, blocks = window.pages.design.find_bar, window.editor.document.state.blocks
    inside = next(
        (block, node)
        for block in blocks
        if block != "main"
        for node in blocks[block].nodes
        if blocks[block].nodes[node].type == "Conv2d"
    )
    QTest.keyClick(window, Qt.Key.Key_F, CTRL)
    QTest.keyClicks(bar.line, inside[1])
    assert window.editor.block == "main"
    seen = set()
    for _ in bar.found():
        QTest.keyClick(bar.line, Qt.Key.Key_Return)
        seen.add((window.editor.block, next(iter(window.editor.selection))))
    assert inside in seen
    assert seen == {(place.block, place.node) for place in bar.found()}


@pytest.mark.parametrize("size", [(1440, 900), (960, 540)])
def test_what_is_found_is_not_under_the_bar(lenet, bar, size):
    lenet.resize(*size)
    canvas = lenet.pages.design.canvas
    for name in ("image", "conv1", "tanh1", "scores"):
        bar.line.clear()
        QTest.keyClicks(bar.line, name)
        assert lenet.editor.selection == {name}
        card = canvas.items_scene.node_items[name].card_on_canvas()
        shown = canvas.camera.transform().mapRect(card).toRect()
        assert not shown.intersects(bar.geometry()), name
        assert canvas.viewport().rect().contains(shown), name


def test_the_buttons_do_what_the_keys_do(lenet, bar):
    QTest.keyClicks(bar.line, "conv")
    first = lenet.editor.selection
    for name in ("find_next", "find_previous"):
        QTest.mouseClick(bar.findChild(object, name), Qt.MouseButton.LeftButton)
    assert lenet.editor.selection == first
    QTest.mouseClick(bar.findChild(object, "find_close"), Qt.MouseButton.LeftButton)
    assert not bar.isVisible()
