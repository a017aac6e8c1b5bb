"""The palette: found by what people type, added by keyboard, mouse and drag."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from graph.edits import add_node
from graph.layer import CATEGORIES, LAYERS
from graph.project_edits import add_block
from graph.state import Block, Project
from gui.gestures.dragged import PALETTE_MIME, dropped_type
from gui.panels.palette import PalettePanel
from gui.panels.palette_list import ENTRY_ROLE, drag_pixmap
from gui.panels.search import edit_distance, find, layer_entries
from gui.theme import theme

KEY = Qt.Key


@pytest.fixture
def palette(editor, show):
    return show(PalettePanel(editor), (232, 700))


def rows(palette):
    """What is listed: titles, headings in capitals."""
    found = []
    for number in range(palette.model.rowCount()):
        index = palette.model.index(number, 0)
        entry = index.data(ENTRY_ROLE)
        found.append(entry.title if entry else str(index.data()).upper())
    return found


def added(palette):
    calls = []
    palette.add_requested.connect(lambda name, is_block: calls.append((name, is_block)))
    return calls


def test_every_layer_stands_below_its_category(palette):
    listed = rows(palette)
    assert [
        row
        for row in listed
        if row.isupper() and row.lower() in {title.lower() for title in CATEGORIES.values()}
    ] == [title.upper() for title in CATEGORIES.values()]
    for name, layer in LAYERS.items():
        heading = listed.index(CATEGORIES[layer.CATEGORY].upper())
        assert listed.index(layer.TITLE) > heading, name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("dense", "Linear"),
        ("affine", "Linear"),
        ("fully connected", "Linear"),
        ("conv", "Conv2d"),
        ("Conv2d", "Conv2d"),
        ("convolutoin", "Conv2d"),
        ("deconv", "ConvTranspose2d"),
        ("maxpool", "MaxPool2d"),
        ("bn", "BatchNorm2d"),
        ("cat", "Concat"),
        ("skip", "Add"),
        ("avg", "AvgPool2d"),
        ("gap", "AdaptiveAvgPool2d"),
        ("drop", "Dropout"),
        ("relu", "ReLU"),
        ("lstm", "LSTM"),
    ],
)
def test_typing_finds_and_enter_adds(palette, text, name):
    calls = added(palette)
    palette.focus_search()
    assert palette.search.hasFocus()
    QTest.keyClicks(palette.search, text)
    QTest.keyClick(palette.search, KEY.Key_Return)
    assert calls == [(name, False)]


def test_arrows_walk_through_what_was_found(palette):
    calls = added(palette)
    palette.focus_search()
    QTest.keyClicks(palette.search, "norm")
    listed = rows(palette)
    assert len(listed) >= 4
    QTest.keyClick(palette.search, KEY.Key_Down)
    QTest.keyClick(palette.search, KEY.Key_Return)
    ((name, _),) = calls
    assert listed[1] == LAYERS[name].TITLE
    assert palette.search.hasFocus()


def test_escape_and_the_button_show_everything_again(palette, qtbot):
    everything = rows(palette)
    palette.focus_search()
    QTest.keyClicks(palette.search, "relu")
    assert rows(palette) != everything
    QTest.keyClick(palette.search, KEY.Key_Escape)
    assert rows(palette) == everything
    QTest.keyClicks(palette.search, "qqqqqq")
    assert palette.findChild(QPushButton, "palette_clear").isVisible()
    assert "qqqqqq" in palette._nothing.text()
    calls = added(palette)
    QTest.keyClick(palette.search, KEY.Key_Return)
    assert not calls
    qtbot.mouseClick(palette.clear, Qt.MouseButton.LeftButton)
    assert rows(palette) == everything
    assert palette.search.hasFocus()


def place_of(palette, title):
    index = palette.model.index(rows(palette).index(title), 0)
    palette.view.scrollTo(index)
    return palette.view.visualRect(index).center()


def test_a_double_click_adds_and_a_heading_does_not(palette, qtbot):
    calls = added(palette)
    port, left = palette.view.viewport(), Qt.MouseButton.LeftButton
    qtbot.mouseClick(port, left, pos=place_of(palette, "Linear"))
    assert not calls
    qtbot.mouseDClick(port, left, pos=place_of(palette, "Linear"))
    assert calls == [("Linear", False)]
    qtbot.mouseDClick(port, left, pos=place_of(palette, "CONVOLUTION"))
    assert len(calls) == 1


def test_a_drag_carries_the_layer(palette, editor):
    index = palette.model.index(rows(palette).index("Convolution"), 0)
    mime = palette.model.mimeData([index])
    assert mime.formats() == palette.model.mimeTypes() == [PALETTE_MIME]
    assert dropped_type(mime) == ("Conv2d", False)
    picture = drag_pixmap(index.data(ENTRY_ROLE), 2.0)
    assert picture.devicePixelRatio() == 2.0
    assert picture.height() == 92


def test_the_mouse_starts_a_drag(palette, qtbot, monkeypatch):
    carried = []
    monkeypatch.setattr(
        "gui.panels.palette_list.QDrag.exec",
        lambda drag, action: carried.append(dropped_type(drag.mimeData())),
    )
    port, left = palette.view.viewport(), Qt.MouseButton.LeftButton
    at = place_of(palette, "ReLU")
    QTest.mousePress(port, left, Qt.KeyboardModifier.NoModifier, at)
    QTest.mouseMove(port, at + QPoint(30, 0))
    QTest.mouseMove(port, at + QPoint(60, 0))
    QTest.mouseRelease(port, left, Qt.KeyboardModifier.NoModifier, at + QPoint(60, 0))
    assert carried == [("ReLU", False)]


def test_blocks_of_the_project_are_listed_as_they_come_and_go(palette, editor):
    assert "MY BLOCKS" not in rows(palette)
    editor.apply("Add", lambda p: add_block(p, "Twin", Block(help="Two of a kind.")))
    listed = rows(palette)
    assert listed[-2:] == ["MY BLOCKS", "Twin"]
    calls = added(palette)
    palette.focus_search()
    QTest.keyClicks(palette.search, "twin")
    QTest.keyClick(palette.search, KEY.Key_Return)
    assert calls == [("Twin", True)]
    editor.history.undo()
    QTest.keyClick(palette.search, KEY.Key_Escape)
    assert "Twin" not in rows(palette)


def test_every_entry_explains_itself(palette):
    for number in range(palette.model.rowCount()):
        index = palette.model.index(number, 0)
        entry = index.data(ENTRY_ROLE)
        if entry is None:
            continue
        tip = index.data(Qt.ItemDataRole.ToolTipRole)
        assert entry.title in tip
        assert entry.name in tip
        assert index.data(Qt.ItemDataRole.AccessibleDescriptionRole) == entry.help
        assert len(entry.help) > 20


def test_what_it_offers_can_be_added(palette):
    project = Project()
    for number in range(palette.model.rowCount()):
        entry = palette.model.index(number, 0).data(ENTRY_ROLE)
        if entry is not None:
            project = add_node(project, "main", entry.name, is_block=entry.is_block)
    assert len(project.main.nodes) == len(LAYERS)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_it_is_painted_in_the_colours_of_categories(palette, mode):
    theme().set_mode(mode)
    try:
        place = place_of(palette, "Tanh")
        picture = palette.view.viewport().grab().toImage()
        assert picture.pixelColor(13, place.y()) == theme().category_color("activation")
    finally:
        theme().set_mode("light")


def test_an_empty_search_keeps_the_order():
    assert find(layer_entries(), "  ") == list(layer_entries())


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [("", "", 0), ("relu", "relu", 0), ("relu", "rleu", 1), ("conv", "cnv", 1), ("tanh", "", 4)],
)
def test_edit_distance(one, other, distance):
    assert edit_distance(one, other) == distance
    assert edit_distance(other, one) == distance
