"""The palette: found by what people type, added by keyboard, mouse and drag."""

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QPushButton

from graph.document import Document
from graph.edits import add_node
from graph.layer import CATEGORIES, LAYERS
from graph.library import standard_library
from graph.project_edits import add_block
from graph.state import Block, Project
from gui.editor import Editor
from gui.files.shelf import shelf
from gui.gestures.dragged import PALETTE_MIME, dropped_type
from gui.look.theme import TEXT_SIZE, font, theme
from gui.panels.palette import PalettePanel
from gui.panels.palette_list import ENTRY_ROLE, drag_pixmap
from gui.panels.search import Entry, edit_distance, find, layer_entries
from tests.gui.panels.listed import added, index_of, place_of, rows

KEY = Qt.Key


def test_every_layer_stands_below_its_category(palette):
    listed = rows(palette)
    used = [key for key in CATEGORIES if any(key == x.CATEGORY for x in LAYERS.values())]
    headings = [CATEGORIES[key].upper() for key in used]
    assert [row for row in listed if row in headings] == headings
    for name, layer in LAYERS.items():
        heading = listed.index(CATEGORIES[layer.CATEGORY].upper())
        assert listed.index(layer.TITLE) > heading, name


@pytest.mark.parametrize("width", [168, 256, 400])
def test_every_name_has_room(show, width):
    palette = show(PalettePanel(Editor(Document(Project()))), (width, 600))
    palette.view.fold(())
    metrics = QFontMetrics(font(TEXT_SIZE))
    heights = set()
    for row in range(palette.model.rowCount()):
        if palette.model.is_heading(row):
            continue
        place = palette.view.visualRect(palette.model.index(row, 0))
        line = metrics.horizontalAdvance(palette.model.index(row, 0).data())
        heights.add(place.height())
        lines = (place.height() - 8) // metrics.lineSpacing()
        assert line <= lines * (place.width() - 38)
    assert len(heights) > 1 or width > 168


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
    palette.search.setText("SpectralNorm")
    assert "in the settings of a layer with weights: spectral." in palette._nothing.text()
    calls = added(palette)
    QTest.keyClick(palette.search, KEY.Key_Return)
    assert not calls
    qtbot.mouseClick(palette.clear, Qt.MouseButton.LeftButton)
    assert rows(palette) == everything
    assert palette.search.hasFocus()


def test_a_double_click_adds_and_a_heading_does_not(palette, qtbot):
    calls = added(palette)
    port, left = palette.view.viewport(), Qt.MouseButton.LeftButton
    qtbot.mouseClick(port, left, pos=place_of(palette, "Linear"))
    assert not calls
    qtbot.mouseDClick(port, left, pos=place_of(palette, "Linear"))
    assert calls == [("Linear", False)]
    qtbot.mouseDClick(port, left, pos=place_of(palette, "Normalization", heading=True))
    assert len(calls) == 1


def test_a_drag_carries_the_layer(palette, editor):
    palette.search.setText("Conv2d")
    index = index_of(palette, "Convolution")
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
    assert "THIS PROJECT'S BLOCKS" not in rows(palette)
    editor.apply("Add", lambda p: add_block(p, "Twin", Block(help="Two of a kind.")))
    listed = rows(palette)
    place = listed.index("THIS PROJECT'S BLOCKS")
    assert listed[place + 1] == "Twin"
    assert listed[place + 2] == "STANDARD BLOCKS"
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
        assert (entry.block or entry.name) in tip
        assert index.data(Qt.ItemDataRole.AccessibleDescriptionRole) == entry.help
        assert len(entry.help) > 20


def test_what_it_offers_can_be_added(palette):
    project = Project()
    for number in range(palette.model.rowCount()):
        entry = palette.model.index(number, 0).data(ENTRY_ROLE)
        if entry is not None:
            project, name = shelf().bring(project, entry.name)
            project = add_node(project, "main", name, is_block=entry.is_block)
    assert len(project.main.nodes) == len(LAYERS) + len(standard_library().blocks)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_it_is_painted_in_the_colours_of_categories(palette, mode):
    theme().set_mode(mode)
    try:
        place = place_of(palette, "Tanh")
        picture = palette.view.viewport().grab().toImage()
        assert picture.pixelColor(13, place.y()) == theme().category_color("activation")
    finally:
        theme().set_mode("light")


def test_sections_fold_by_mouse_and_stay_so(palette, qtbot, tmp_path):
    port, left = palette.view.viewport(), Qt.MouseButton.LeftButton
    before = rows(palette)
    qtbot.mouseClick(port, left, pos=place_of(palette, "Convolution", heading=True))
    folded = rows(palette)
    layers = [cls.TITLE for cls in LAYERS.values() if cls.CATEGORY == "convolution"]
    assert len(folded) == len(before) - len(layers)
    QTest.keyClicks(palette.search, "Conv2d")
    assert rows(palette)[0] == "Convolution", "a search finds what is folded"
    palette.search.clear()
    assert rows(palette) == folded
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    palette.save_folded(settings)
    palette.view.fold(())
    palette.restore_folded(settings)
    assert rows(palette) == folded
    qtbot.mouseClick(port, left, pos=place_of(palette, "Convolution", heading=True))
    assert rows(palette) == before


@pytest.mark.qt_log_ignore("propagateSizeHints", r"raise\(\)", "grabbing the keyboard")
def test_all_sections_fold_at_once(palette):
    palette.view.customContextMenuRequested.emit(place_of(palette, "Pooling", heading=True))
    menu = palette.findChild(QMenu)
    actions = {action.objectName(): action for action in menu.actions()}
    actions["palette_menu_fold_all"].trigger()
    assert all(
        palette.model.is_heading(row) or palette.view.isRowHidden(row)
        for row in range(palette.model.rowCount())
    )
    actions["palette_menu_unfold_all"].trigger()
    assert palette.view.folded == frozenset()
    menu.close()


@pytest.mark.qt_log_ignore("propagateSizeHints", r"raise\(\)", "grabbing the keyboard")
def test_an_entry_s_menu_opens_where_it_is_asked_for(palette):
    calls = added(palette)
    palette.view.customContextMenuRequested.emit(place_of(palette, "Linear"))
    menu = palette.findChild(QMenu, "palette_menu")
    assert [action.text() for action in menu.actions()] == ["Add to network"]
    menu.actions()[0].trigger()
    assert calls == [("Linear", False)]
    menu.close()


def test_sections_fold_by_keyboard(palette):
    before = rows(palette)
    view = palette.view
    view.setFocus()
    view.setCurrentIndex(index_of(palette, "Max pooling"))
    QTest.keyClick(view, KEY.Key_Left)
    assert view.currentIndex() == index_of(palette, "Pooling", heading=True)
    assert "Max pooling" not in rows(palette)
    QTest.keyClick(view, KEY.Key_Down)
    assert palette.model.is_heading(view.currentIndex().row()), "what is hidden is passed over"
    QTest.keyClick(view, KEY.Key_Up)
    QTest.keyClick(view, KEY.Key_Return)
    assert rows(palette) == before
    QTest.keyClick(view, KEY.Key_Return)
    QTest.keyClick(view, KEY.Key_Right)
    assert rows(palette) == before


def test_at_first_only_what_is_needed_first_is_unfolded(editor, show):
    listed = rows(show(PalettePanel(editor), (232, 700)))
    assert {"Input", "Output"} <= set(listed)
    assert "Residual block" not in listed
    assert "STANDARD BLOCKS" in listed


def test_other_names_come_before_words_of_the_description():
    entries = [
        Entry("a", "Apple", "shape", "Makes juice.", ("Apple", "a")),
        Entry("b", "Press", "shape", "Presses.", ("Press", "b", "juice")),
        Entry("c", "Juice", "shape", "Is drunk.", ("Juice", "c")),
        Entry("juice", "Drink", "shape", "Is drunk.", ("Drink", "juice")),
    ]
    assert [entry.name for entry in find(entries, "juice")] == ["c", "juice", "b", "a"]
    assert [entry.name for entry in find(entries, "jucie")] == ["c", "juice", "b"]


def test_an_empty_search_keeps_the_order():
    assert find(layer_entries(), "  ") == list(layer_entries())


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [("", "", 0), ("relu", "relu", 0), ("relu", "rleu", 1), ("conv", "cnv", 1), ("tanh", "", 4)],
)
def test_edit_distance(one, other, distance):
    assert edit_distance(one, other) == distance
    assert edit_distance(other, one) == distance


def test_rows_take_the_height_that_another_width_needs(show, qtbot):
    def heights(palette):
        rows = range(palette.model.rowCount())
        return [palette.view.visualRect(palette.model.index(row, 0)).height() for row in rows]

    wide = show(PalettePanel(Editor(Document(Project()))), (400, 600))
    wide.view.fold(())
    wanted = heights(wide)
    palette = show(PalettePanel(Editor(Document(Project()))), (168, 600))
    palette.view.fold(())
    assert heights(palette) != wanted
    palette.resize(400, 600)
    qtbot.waitUntil(lambda: heights(palette) == wanted)
