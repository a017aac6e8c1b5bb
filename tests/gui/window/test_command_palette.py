"""The command palette: everything by typing."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from graph.files import save
from graph.layer import LAYERS
from graph.templates import all_templates, load_template
from gui.search.offers import Offer, rank

CTRL = Qt.KeyboardModifier.ControlModifier


def typed(window, text, end=None):
    """Open the palette and type; the titles that are offered then."""
    QTest.keyClick(window, Qt.Key.Key_K, CTRL)
    popup = window.palette_.popup
    assert popup.isVisible()
    assert popup.line.hasFocus()
    QTest.keyClicks(popup.line, text)
    titles = [offer.title for offer in popup.model.offers]
    if end is not None:
        QTest.keyClick(popup.line, end)
    return titles


def offer(title, key="", **more):
    return Offer(key or title, title, lambda: None, **more)


def test_letters_may_be_left_out_and_mistyped():
    offers = [offer("Save"), offer("Add Convolution 2D", words=("Conv2d",)), offer("Actual size")]
    for text, first in (
        ("save", "Save"),
        ("conv2d", "Add Convolution 2D"),
        ("adcnv", "Add Convolution 2D"),
        ("acsz", "Actual size"),
        ("convolutoin", "Add Convolution 2D"),
    ):
        assert rank(offers, text)[0].title == first, text
    assert rank(offers, "zzz") == []


def test_what_was_used_last_comes_first():
    offers = [offer("Add ReLU"), offer("Add ReLU6"), offer("Arrange")]
    assert rank(offers, "", ["Arrange"])[0].title == "Arrange"
    assert rank(offers, "add relu")[0].title == "Add ReLU"
    assert rank(offers, "add", ["Add ReLU6"])[0].title == "Add ReLU6"
    # What does not fit stays away, however often it was used.
    assert [o.title for o in rank(offers, "relu", ["Arrange"])] == ["Add ReLU", "Add ReLU6"]


def test_a_layer_is_added_by_keys_only_and_is_one_step(lenet):
    before = lenet.editor.document.state
    assert typed(lenet, "add conv", Qt.Key.Key_Return)[0].startswith("Add Conv")
    (added,) = lenet.editor.document.state.main.nodes.keys() - before.main.nodes.keys()
    assert lenet.editor.document.state.main.nodes[added].type in LAYERS
    assert lenet.editor.selection == {added}
    assert not lenet.palette_.popup.isVisible()
    lenet.editor.history.undo()
    assert lenet.editor.document.state is before


def test_a_node_is_gone_to_and_the_canvas_has_the_keyboard(lenet):
    typed(lenet, "go to conv2", Qt.Key.Key_Return)
    assert lenet.editor.selection == {"conv2"}
    assert QApplication.focusWidget() is lenet.pages.design.canvas


def test_nodes_of_blocks_and_blocks_are_reached(window):
    window.commands.new_from_template("resnet-small")
    block = next(name for name in window.editor.document.state.blocks if name != "main")
    node = next(iter(window.editor.document.state.blocks[block].nodes))
    typed(window, f"open block {block}", Qt.Key.Key_Return)
    assert window.editor.block == block
    window.editor.open_block("main")
    offers = {one.key: one for one in window.palette_.offers()}
    assert block in offers[f"go:{block}.{node}"].sort
    offers[f"go:{block}.{node}"].do()
    assert (window.editor.block, window.editor.selection) == (block, {node})


def test_an_action_shows_its_keys_and_why_it_cannot_be_done(lenet):
    titles = typed(lenet, "make a block")
    popup = lenet.palette_.popup
    assert titles[0] == "Make a block"
    assert popup.current.keys == "Ctrl+G"
    assert popup.note.text() == "Select a node first."
    QTest.keyClick(popup.line, Qt.Key.Key_Return)
    # It stays, with the reason.
    assert popup.isVisible()
    QTest.keyClick(popup.line, Qt.Key.Key_Escape)
    assert not popup.isVisible()
    lenet.editor.select(["conv1"])
    typed(lenet, "make a block")
    assert popup.current.why_not == ""


def test_another_tab_is_shown(lenet):
    lenet.actions_["new_tab"].trigger()
    lenet.commands.new_from_template("mlp")
    assert lenet.session.name != "LeNet-5"
    typed(lenet, "show lenet", Qt.Key.Key_Return)
    assert lenet.session.name == "LeNet-5"


def test_every_disabled_action_has_a_reason_of_its_own(window):
    for window_has_project in (False, True):
        if window_has_project:
            window.commands.new_from_template("lenet5")
            window.show_page("train")
        for action in window.actions_:
            reason = window.actions_.why_not(action.objectName())
            assert bool(reason) != action.isEnabled(), action.objectName()
            assert reason != "It cannot be done now.", action.objectName()


def test_everything_that_there_is_is_offered(window, tmp_path):
    path = tmp_path / "mine.yaml"
    save(load_template("lenet5"), path)
    window.session.open(path)
    keys = {one.key for one in window.palette_.offers()}
    assert {f"add:{name}" for name in LAYERS} <= keys
    assert {f"template:{one.id}" for one in all_templates()} <= keys
    assert {f"go:main.{name}" for name in window.editor.document.state.main.nodes} <= keys
    assert f"file:{path}" in keys
    actions = {one.objectName() for one in window.actions_}
    assert {f"action:{name}" for name in actions - {"command_palette"}} <= keys
    assert len(keys) == len(window.palette_.offers())


def test_what_was_chosen_is_remembered_by_the_next_window(lenet, open_window, qtbot):
    typed(lenet, "zoom in", Qt.Key.Key_Return)
    typed(lenet, "arrange", Qt.Key.Key_Return)
    other = open_window()
    with qtbot.waitActive(other):
        other.activateWindow()
    assert other.palette_.last_used()[:2] == ["action:arrange", "action:zoom_in"]
    assert typed(other, "")[0] == "Arrange"


def test_keys_walk_round_and_the_keyboard_goes_back(lenet):
    canvas = lenet.pages.design.canvas
    canvas.setFocus()
    typed(lenet, "zoom")
    popup = lenet.palette_.popup
    rows = popup.model.rowCount()
    assert rows > 2
    QTest.keyClick(popup.line, Qt.Key.Key_Up)
    assert popup.view.currentIndex().row() == rows - 1
    QTest.keyClick(popup.line, Qt.Key.Key_Down)
    assert popup.view.currentIndex().row() == 0
    QTest.keyClick(popup.line, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is canvas


def test_a_click_chooses_and_a_click_elsewhere_closes(lenet):
    typed(lenet, "go to conv1")
    popup = lenet.palette_.popup
    place = popup.view.visualRect(popup.model.index(0, 0)).center()
    QTest.mouseClick(popup.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert lenet.editor.selection == {"conv1"}
    typed(lenet, "go to")
    QTest.mouseClick(lenet.status, Qt.MouseButton.LeftButton)
    assert not popup.isVisible()


@pytest.mark.parametrize("size", [(960, 540), (1440, 900)])
def test_it_lies_inside_of_the_window(lenet, size):
    lenet.resize(*size)
    typed(lenet, "")
    popup = lenet.palette_.popup
    assert lenet.rect().contains(popup.geometry())
    assert popup.view.height() > 200
