"""Another state of the project over the canvas, chosen from the menu and left by Esc."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from graph.edits import add_node, move_nodes, set_argument
from graph.files import save, to_text
from graph.removal import remove_selection
from graph.state import MAIN
from gui.look.theme import theme
from gui.window import compare_dialog, dialogs
from gui.window.compare_dialog import versions_of
from tests.gui.window.conftest import bar_text
from training.runs import create_run


@pytest.fixture
def panel(lenet):
    """The list of differences of LeNet, with three edits done."""
    editor = lenet.editor
    editor.apply("Remove tanh1", lambda p: remove_selection(p, MAIN, ["tanh1"]))
    editor.apply("Wider", lambda p: set_argument(p, MAIN, "conv1", "out_channels", 12))
    editor.apply("Add", lambda p: add_node(p, MAIN, "ReLU", name="more", at=(400.0, 0.0)))
    return lenet.pages.design.comparison


def choose(window, monkeypatch, words):
    """Compare with the version whose name has these words, by the menu."""

    def answer(_parent, versions):
        return next(one for one in versions if words in one.name)

    monkeypatch.setattr(compare_dialog, "ask_version", answer)
    window.actions_["compare"].trigger()


def lines(panel):
    return [panel.list.item(row).text() for row in range(panel.list.count())]


def test_an_earlier_step(lenet, panel, monkeypatch):
    before = lenet.editor.document.state
    choose(lenet, monkeypatch, "before “Remove tanh1”")
    assert "~ conv1 changed: out_channels 6 → 12" in lines(panel)
    assert "+ more added" in lines(panel)
    assert "− tanh1 removed" in lines(panel)
    marks = panel.item.marks
    assert {name: mark.kind for name, mark in marks.nodes.items()} == {
        "conv1": "changed",
        "more": "added",
        "tanh1": "removed",
    }
    assert [str(link) for link in marks.added] == ["conv1 -> pool1"]
    assert len(marks.removed) == 2
    # Looking changes nothing.
    assert lenet.editor.document.state is before


def test_what_is_gone_is_shown_inside_of_a_frame_and_beside_what_took_its_place(lenet, panel):
    canvas = lenet.pages.design.canvas
    before = lenet.editor.document.state
    place = before.main.nodes["more"].at
    lenet.editor.apply("", lambda p: remove_selection(p, MAIN, ["more"]))
    lenet.editor.apply("", lambda p: add_node(p, MAIN, "Frame", name="around", at=place))
    panel.compare_with(before, "before")
    assert panel.item.marks.nodes["more"].card.center().toTuple() == place
    lenet.editor.apply("", lambda p: add_node(p, MAIN, "Tanh", name="instead", at=place))
    ghost = panel.item.marks.nodes["more"].card
    assert not ghost.intersects(canvas.items_scene.node_items["instead"].card_on_canvas())


def test_what_is_shown_follows_edits_and_moves(lenet, panel, monkeypatch):
    choose(lenet, monkeypatch, "before “Remove tanh1”")
    lenet.pages.design.canvas.items_scene.animated = False
    lenet.editor.apply("Move", lambda p: move_nodes(p, MAIN, {"more": (500.0, 80.0)}))
    assert panel.item.marks.nodes["more"].card.center().x() == 500.0
    for _ in range(4):
        lenet.editor.history.undo()
    assert lines(panel) == []
    assert "Nothing is different" in panel.counts.text()


def test_the_list_leads_to_the_nodes_by_keyboard(lenet, panel, monkeypatch):
    choose(lenet, monkeypatch, "before “Remove tanh1”")
    panel.list.setCurrentRow(lines(panel).index("+ more added"))
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    assert lenet.editor.selection == {"more"}
    panel.list.setCurrentRow(lines(panel).index("− tanh1 removed"))
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    ghost = panel.item.marks.nodes["tanh1"].card
    assert lenet.pages.design.canvas.camera.seen().contains(ghost)


@pytest.mark.parametrize("where", ["list", "canvas"])
def test_escape_leaves(lenet, panel, monkeypatch, where):
    choose(lenet, monkeypatch, "before “Wider”")
    assert panel.isVisible()
    QTest.keyClick(panel.list if where == "list" else lenet.pages.design.canvas, Qt.Key.Key_Escape)
    assert not panel.isVisible()
    assert not panel.item.isVisible()
    assert lenet.pages.design.canvas.hasFocus()


def test_the_saved_file_another_file_and_a_run(lenet, panel, monkeypatch, answers, tmp_path):
    file, other = tmp_path / "net.yaml", tmp_path / "other.yaml"
    assert lenet.session.save_as(file)
    choose(lenet, monkeypatch, "net.yaml")
    assert panel.found.is_empty
    text = to_text(lenet.editor.document.state)
    create_run(lenet.session.runs_folder(), project_text=text, model_text="")
    lenet.editor.apply("Remove", lambda p: remove_selection(p, MAIN, ["more"]))
    choose(lenet, monkeypatch, "the run")
    assert list(panel.found.of(MAIN).removed) == ["more"]
    save(lenet.editor.document.state, other)
    monkeypatch.setattr(dialogs, "choose_project", lambda *_: other)
    choose(lenet, monkeypatch, "another file")
    assert panel.found.is_empty
    other.write_text("a shopping list", encoding="utf-8")
    choose(lenet, monkeypatch, "another file")
    assert "not a" in bar_text(lenet, "compare")


def test_the_dialog_lists_the_steps_the_newest_first(lenet, panel, qtbot):
    dialog = compare_dialog.compare_dialog(versions_of(lenet.workspace), lenet)
    qtbot.addWidget(dialog)
    shown = [dialog.list.item(row).text() for row in range(dialog.list.count())]
    assert shown == [
        "Another file…",
        "The state before “Add”",
        "The state before “Wider”",
        "The state before “Remove tanh1”",
    ]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_outlines_and_words_are_painted(lenet, panel, monkeypatch, mode):
    lenet.set_theme(mode)
    choose(lenet, monkeypatch, "before “Remove tanh1”")
    canvas = lenet.pages.design.canvas
    canvas.set_zoom(1.0)
    for kind, node in (("good", "more"), ("error", "tanh1"), ("warning", "conv1")):
        card = panel.item.marks.nodes[node].card
        canvas.camera.update_limits(around=card.center())
        canvas.camera.look_at(card.center())
        panel._uncover(card)
        image = canvas.viewport().grab().toImage()
        tag = canvas.camera.to_view(card.topLeft()).toPoint()
        seen = {image.pixelColor(tag.x() + x, tag.y() - 5).name() for x in range(8, 70)}
        assert theme().color(kind).name() in seen
        assert len(seen) > 2, "a word stands there"
