"""Blocks in the palette: those of the project, of one's own library and the standard ones."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from graph.edits import add_node
from graph.project_edits import add_block
from gui.files.shelf import shelf
from gui.panels.palette_list import ENTRY_ROLE
from gui.settings import VARIABLE
from tests.graph.building import start
from tests.gui.panels.listed import added, index_of, rows

KEY = Qt.Key


@pytest.fixture
def own(tmp_path, monkeypatch):
    """An empty library of one's own."""
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    shelf().read_again()
    yield tmp_path / "blocks"
    monkeypatch.undo()
    shelf().read_again()


def with_twin(editor):
    """A project with a block, which nothing uses."""
    twin = start().blocks["Double"]
    editor.apply("Add", lambda project: add_block(project, "Twin", twin))


def menu_of(palette, title, action=""):
    """The names in an entry's menu; one of them is chosen."""
    entry = index_of(palette, title).data(ENTRY_ROLE)
    menu = palette.blocks.menu(entry, lambda: palette._choose(index_of(palette, title)))
    found = {a.objectName().removeprefix("palette_menu_"): a for a in menu.actions() if a.text()}
    if action:
        found[action].trigger()
    menu.close()
    return {name: a.isEnabled() for name, a in found.items()}


def notice(palette):
    """What is said below the list; empty where nothing is."""
    shown = palette.blocks.notice
    return "" if shown.isHidden() else f"{shown.title.text()}. {shown.text.text()}"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("residual block", "standard:residual"),
        ("mobilenetv2", "standard:inverted-residual"),
        ("channel attention", "standard:squeeze-excitation"),
        ("SeparableConv", "standard:separable-conv"),
    ],
)
def test_standard_blocks_are_found_and_added(palette, text, name):
    calls = added(palette)
    palette.focus_search()
    QTest.keyClicks(palette.search, text)
    QTest.keyClick(palette.search, KEY.Key_Return)
    assert calls == [(name, True)]


def test_a_block_is_saved_renamed_removed_and_put_back(palette, editor, own, qtbot):
    with_twin(editor)
    assert menu_of(palette, "Twin") == dict.fromkeys(
        ("add", "open", "rename", "save", "remove"), True
    )
    menu_of(palette, "Twin", "save")
    assert notice(palette).startswith("Twin is in your library")
    assert (own / "Twin.yaml").exists()
    listed = rows(palette)
    assert listed[listed.index("MY LIBRARY") + 1] == "Twin"
    menu_of(palette, "Twin", "save")
    assert "already" in notice(palette)
    menu_of(palette, "Twin", "remove")
    assert "Twin" not in editor.document.state.blocks
    assert set(menu_of(palette, "Twin")) == {"add", "rename", "remove"}
    index = index_of(palette, "Twin")
    palette.blocks.rename(index.data(ENTRY_ROLE), "Pair")
    assert "PAIR" not in rows(palette)
    assert "Pair" in rows(palette)
    calls = added(palette)
    menu_of(palette, "Pair", "add")
    assert calls == [("own:Pair", True)]
    menu_of(palette, "Pair", "remove")
    assert "Pair" not in rows(palette)
    assert "no longer" in notice(palette)
    qtbot.mouseClick(palette.blocks.undo, Qt.MouseButton.LeftButton)
    assert "Pair" in rows(palette)
    assert notice(palette) == ""


def test_a_block_is_renamed_where_it_stands(palette, editor, qtbot):
    with_twin(editor)
    menu_of(palette, "Twin", "rename")
    line = palette.view.findChild(QLineEdit, "palette_name")
    assert line.text() == line.selectedText() == "Twin"
    QTest.keyClicks(line, "Pair")
    QTest.keyClick(line, KEY.Key_Return)
    qtbot.waitUntil(lambda: "Pair" in editor.document.state.blocks)
    assert "Pair" in rows(palette)
    palette.blocks.rename(index_of(palette, "Pair").data(ENTRY_ROLE), "ReLU")
    assert 'already a layer called "ReLU"' in notice(palette)
    editor.history.undo()
    assert "Twin" in rows(palette)


def test_a_used_block_is_not_removed(palette, editor):
    with_twin(editor)
    editor.apply("Use", lambda project: add_node(project, "main", "Twin", is_block=True))
    assert not menu_of(palette, "Twin")["remove"]


def test_broken_files_of_the_library_are_told(palette, own, qtbot):
    own.mkdir()
    (own / "broken.yaml").write_text("{", encoding="utf-8")
    assert notice(palette) == ""
    palette.focus_search()
    assert "cannot be read" in notice(palette)
    assert "broken.yaml" in notice(palette)
    qtbot.mouseClick(palette.blocks.close, Qt.MouseButton.LeftButton)
    assert notice(palette) == ""


def test_a_library_that_cannot_be_written_is_told(palette, editor, own):
    own.write_text("a file where the folder should be")
    with_twin(editor)
    menu_of(palette, "Twin", "save")
    assert notice(palette).startswith("Twin was not saved")
