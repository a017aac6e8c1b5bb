"""Blocks on the canvas: made of a selection and named in place, opened, dissolved, brought from a
library."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from graph.grouping import group_nodes
from graph.project_edits import rename_block
from graph.state import MAIN
from gui.canvas.hits import Hit
from gui.canvas.menus import context_menu
from gui.files.shelf import shelf
from gui.settings import VARIABLE
from tests.gui.canvas.building import Hand, agree, block, drop, on_node, pixel

KEY = Qt.Key


@pytest.fixture
def own(tmp_path, monkeypatch):
    """An empty library of one's own."""
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    shelf().read_again()
    yield tmp_path / "blocks"
    monkeypatch.undo()
    shelf().read_again()


def make_block(canvas, *names):
    """Select and group; the field for the name."""
    canvas.editor.select(names)
    canvas.group_selection()
    return canvas.block_name


def refusals(canvas):
    found = []
    canvas.editor.refused.connect(found.append)
    return found


def test_a_block_is_made_and_named_in_place_in_one_step(canvas):
    before = canvas.editor.document.state
    field = make_block(canvas, "relu", "tanh")
    assert field.line.hasFocus()
    assert field.line.selectedText() == "Block"
    assert canvas.editor.selection == {"block1"}
    item = canvas.items_scene.node_items["block1"]
    card = canvas.camera.transform().mapRect(item.card_on_canvas())
    assert field.geometry().contains(card.center().toPoint()), "it lies over the node"
    QTest.keyClicks(field.line, "Squash")
    QTest.keyClick(field.line, KEY.Key_Return)
    assert canvas.block_name is None
    assert canvas.hasFocus()
    assert list(block(canvas).nodes) == ["image", "squash1", "result"]
    assert canvas.editor.selection == {"squash1"}
    assert list(canvas.editor.document.state.blocks) == [MAIN, "Squash"]
    agree(canvas)
    assert canvas.editor.history.count() == 1
    canvas.editor.history.undo()
    assert canvas.editor.document.state is before
    agree(canvas)
    canvas.editor.history.redo()
    assert "squash1" in block(canvas).nodes


def test_escape_keeps_the_name_that_the_block_got(canvas):
    field = make_block(canvas, "relu")
    QTest.keyClicks(field.line, "Other")
    QTest.keyClick(field.line, KEY.Key_Escape)
    assert canvas.block_name is None
    assert "Block" in canvas.editor.document.state.blocks


def test_a_name_that_cannot_be_taken_is_told_while_it_is_typed(canvas):
    field = make_block(canvas, "relu")
    QTest.keyClicks(field.line, "two words")
    assert "cannot be a name" in field.error.text()
    assert field.error.isVisible()
    QTest.keyClick(field.line, KEY.Key_Return)
    assert canvas.block_name is field, "it stays open"
    field.line.clear()
    QTest.keyClicks(field.line, "ReLU")
    assert "already a layer" in field.error.text()
    QTest.keyClicks(field.line, "s")
    assert not field.error.isVisible()
    canvas.setFocus()
    assert canvas.block_name is None
    assert "ReLUs" in canvas.editor.document.state.blocks, "leaving takes what can be taken"


def test_leaving_with_a_wrong_name_keeps_the_old_one(canvas):
    field = make_block(canvas, "relu")
    QTest.keyClicks(field.line, "1")
    canvas.setFocus()
    assert canvas.block_name is None
    assert "Block" in canvas.editor.document.state.blocks


def test_the_field_goes_with_undo_zoom_and_another_block(canvas):
    make_block(canvas, "relu")
    canvas.editor.history.undo()
    assert canvas.block_name is None
    make_block(canvas, "relu")
    canvas.zoom_in()
    assert canvas.block_name is None
    make_block(canvas, "tanh")
    canvas.editor.open_block("Block")
    assert canvas.block_name is None


def test_what_cannot_be_a_block_is_said(canvas):
    told = refusals(canvas)
    assert make_block(canvas, "image", "relu") is None
    assert "image cannot go into a block" in told[0]
    canvas.editor.select(["relu"])
    canvas.dissolve_selection()
    assert "does not stand for a block" in told[1]
    canvas.editor.select([])
    canvas.dissolve_selection()
    assert "select the one block" in told[2]
    assert canvas.editor.history.count() == 0


def test_dissolving_brings_the_nodes_back_and_selects_them(canvas):
    before = block(canvas)
    QTest.keyClick(make_block(canvas, "relu", "tanh").line, KEY.Key_Return)
    canvas.dissolve_selection()
    assert block(canvas) == before
    assert canvas.editor.selection == {"relu", "tanh"}
    agree(canvas)


def crumbs(canvas):
    return [one.text() for one in canvas.overlays.breadcrumb.findChildren(QLabel)]


def test_nested_blocks_are_opened_by_double_click_and_left_by_the_breadcrumb(canvas, qtbot):
    QTest.keyClick(make_block(canvas, "relu", "tanh").line, KEY.Key_Return)
    hand = Hand(canvas)

    def open_node(name):
        at = on_node(canvas, name)
        hand.press(at)
        hand.release(at)
        QTest.mouseDClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=at)

    open_node("block1")
    assert canvas.editor.block == "Block"
    QTest.keyClick(make_block(canvas, "relu").line, KEY.Key_Return)
    canvas.items_scene.glide.finish()
    open_node("block1")
    assert canvas.editor.block == "Block2"
    assert canvas.overlays.breadcrumb.trail == [MAIN, "Block", "Block2"]
    agree(canvas)
    button = canvas.overlays.breadcrumb.findChild(QPushButton, "canvas_breadcrumb_Block")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert canvas.editor.block == "Block"
    assert canvas.overlays.breadcrumb.trail == [MAIN, "Block"]


def test_the_breadcrumb_follows_a_new_name(canvas):
    make_block(canvas, "relu", "tanh").finish()
    canvas.editor.open_block("Block")
    make_block(canvas, "relu").finish()
    canvas.editor.select(["tanh"])
    canvas.editor.apply("Rename", lambda project: rename_block(project, "Block", "Step"))
    assert canvas.editor.block == "Step"
    assert canvas.editor.selection == {"tanh"}
    assert canvas.overlays.breadcrumb.trail == [MAIN, "Step"]
    canvas.editor.open_block("Block2")
    canvas.editor.apply("Rename", lambda project: rename_block(project, "Step", "Stage"))
    assert canvas.overlays.breadcrumb.trail == [MAIN, "Stage", "Block2"]
    canvas.editor.history.undo()
    canvas.editor.history.undo()
    assert canvas.overlays.breadcrumb.trail == [MAIN, "Block", "Block2"]
    assert canvas.editor.block == "Block2"


def test_the_breadcrumb_fits_into_narrow_windows_and_says_what_it_leaves_out(canvas):
    names = [f"ABlockOfTheLevelCalled{letter}" for letter in "ABCDE"]
    project = canvas.editor.document.state
    inner = "relu"
    for name in reversed(names):
        grouped = group_nodes(project, MAIN, [inner], name=name)
        inner, project = grouped.node, grouped.project
    canvas.editor.replace_project(project)
    for name in names:
        canvas.editor.open_block(name)
    breadcrumb = canvas.overlays.breadcrumb
    for width in (1400, 900, 600, 420, 320):
        canvas.resize(width, 500)
        assert breadcrumb.geometry().right() < width, width
        here = breadcrumb.findChildren(QLabel, "canvas_breadcrumb_here")[-1]
        assert names[-1].startswith(here.text().rstrip("…"))
        assert here.text() == names[-1] or here.toolTip() == names[-1]
    more = breadcrumb.findChildren(QLabel, "canvas_breadcrumb_more")[-1]
    assert more.toolTip() == " › ".join(names[:-1])
    canvas.resize(1400, 500)
    assert breadcrumb.trail == [MAIN, *names]


def test_menus_offer_what_can_be_done(canvas, own):
    QTest.keyClick(make_block(canvas, "relu").line, KEY.Key_Return)
    menu = context_menu(canvas, Hit(node="block1"), canvas.camera.to_canvas(QPoint(0, 0)))
    actions = {action.objectName(): action for action in menu.actions()}
    actions["canvas_menu_save_block"].trigger()
    assert (own / "Block.yaml").exists()
    actions["canvas_menu_dissolve"].trigger()
    assert "relu" in block(canvas).nodes
    menu.close()
    canvas.editor.select(["relu"])
    menu = context_menu(canvas, Hit(node="relu"), canvas.camera.to_canvas(QPoint(0, 0)))
    names = {action.objectName(): action for action in menu.actions()}
    assert "canvas_menu_dissolve" not in names
    names["canvas_menu_group"].trigger()
    assert canvas.block_name is not None
    menu.close()


def test_a_block_of_a_library_comes_with_what_it_uses_in_one_step(canvas):
    at = pixel(canvas, canvas.items_scene.content_bounds().center()) + QPoint(250, 0)
    drop(canvas, "standard:unet-down", at, is_block=True)
    assert list(canvas.editor.document.state.blocks) == [MAIN, "DoubleConv", "UNetDown"]
    assert block(canvas).nodes["unet_down1"].type == "UNetDown"
    assert canvas.editor.selection == {"unet_down1"}
    assert canvas.add_node_below_selection("standard:unet-down", is_block=True)
    assert len(canvas.editor.document.state.blocks) == 3, "an equal block is used again"
    canvas.editor.history.undo()
    canvas.editor.history.undo()
    assert list(canvas.editor.document.state.blocks) == [MAIN]
    agree(canvas)


def test_a_block_of_a_library_is_dropped_into_a_link(canvas):
    scene = canvas.items_scene
    link = next(iter(scene.link_items.values()))
    at = pixel(canvas, (link.start + link.end) / 2)
    drop(canvas, "standard:squeeze-excitation", at, is_block=True)
    assert "squeeze_excitation1" in block(canvas).nodes
    assert len(block(canvas).links) == 4


def test_a_block_that_is_no_longer_in_the_library_is_refused_in_words(canvas):
    told = refusals(canvas)
    assert not canvas.add_node_below_selection("own:Nothing", is_block=True)
    assert told == ["this block is no longer in the library"]


def test_a_block_is_not_put_into_itself(canvas):
    make_block(canvas, "relu").finish()
    canvas.editor.open_block("Block")
    told = refusals(canvas)
    assert not canvas.add_node_below_selection("Block", is_block=True)
    assert "cannot contain itself" in told[0]
