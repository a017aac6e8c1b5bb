"""Notes on the canvas: sheets with words that are written where they lie."""

from PySide6.QtCore import Qt

from codegen.module import generate
from graph.check import check_project
from graph.edits import add_node, set_argument
from graph.layout import arrange
from graph.state import MAIN
from tests.gui.canvas.building import chain, on_node

LONG = "What was tried here and did not help. " * 8


def with_note(text: str = ""):
    project = add_node(chain(), MAIN, "Note", at=(400.0, 90.0), name="remark")
    return set_argument(project, MAIN, "remark", "text", text) if text else project


def note_of(view):
    return view.editor.document.state.main.nodes["remark"].arguments.get("text", "")


def test_a_note_has_no_effect_on_the_network():
    without, noted = chain(), with_note(LONG)
    assert check_project(noted) == check_project(without) == []
    assert generate(noted).text == generate(without).text


def test_a_note_stays_where_it_is_when_the_network_is_arranged():
    assert arrange(with_note("here"), MAIN).main.nodes["remark"].at == (400.0, 90.0)


def test_a_note_is_as_high_as_its_words(open_canvas):
    view = open_canvas(with_note("short"))
    low = view.items_scene.node_items["remark"].card.height()
    view.editor.apply("Write", lambda p: set_argument(p, MAIN, "remark", "text", LONG))
    item = view.items_scene.node_items["remark"]
    assert item.card.height() > 2 * low
    words = item._note_words().size()
    assert words.height() <= item.card.height()
    assert words.width() <= item.card.width()


def test_a_double_click_writes_where_the_note_lies(open_canvas, qtbot):
    view = open_canvas(with_note())
    place = on_node(view, "remark")
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    editor = view.note_editor
    assert editor is not None
    qtbot.keyClicks(editor, "two")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.keyClicks(editor, "lines")
    assert note_of(view) == "two\nlines"
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert view.note_editor is None
    assert note_of(view) == "two\nlines"
    view.editor.history.undo()
    assert note_of(view) == ""


def test_the_field_goes_with_its_note(open_canvas, qtbot):
    view = open_canvas(with_note("words"))
    view.editor.select(["remark"])
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert view.note_editor is not None
    view.editor.apply("Remove", lambda p: chain())
    assert view.note_editor is None


def test_other_nodes_cannot_be_written_on(open_canvas):
    view = open_canvas(with_note("words"))
    assert not view.write_note("relu")
    assert view.note_editor is None


MARKDOWN = """# Why
Some **bold** words
on two lines, and `code`.
- one
- two
[paper](https://example.org) <b>raw</b> ![picture](/etc/hostname)"""


def parts(document):
    """The pieces of a note with their formats, and the blocks in which they stand."""
    block = document.begin()
    while block.isValid():
        piece = block.begin()
        while not piece.atEnd():
            yield block, piece.fragment().text(), piece.fragment().charFormat()
            piece += 1
        block = block.next()


def test_notes_are_markdown(open_canvas):
    view = open_canvas(with_note(MARKDOWN))
    words = view.items_scene.node_items["remark"]._note_words()
    found = {text.strip(): (block, look) for block, text, look in parts(words)}
    assert found["Why"][0].blockFormat().headingLevel() == 1
    assert found["bold"][1].fontWeight() >= 600
    assert found["code"][1].fontFixedPitch()
    assert found["one"][0].textList() is not None
    assert found["paper"][1].anchorHref() == "https://example.org"
    # What a person typed on two lines stands on two lines, in old files too.
    assert any("\u2028" in text or text.startswith("on two lines") for _, text, _ in parts(words))
    assert "<b>raw</b>" in words.toPlainText(), "HTML stays text"
    view.grab()


def test_lines_of_old_notes_stay_lines(open_canvas):
    view = open_canvas(with_note("one\ntwo\nthree"))
    words = view.items_scene.node_items["remark"]._note_words()
    lines = words.toPlainText().replace("\u2028", "\n").split("\n")
    assert lines == ["one", "two", "three"]


def test_ctrl_enter_ends_writing_and_the_canvas_has_the_keyboard(open_canvas, qtbot):
    view = open_canvas(with_note())
    view.write_note("remark")
    qtbot.keyClicks(view.note_editor, "done")
    qtbot.keyClick(view.note_editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert view.note_editor is None
    assert note_of(view) == "done"
