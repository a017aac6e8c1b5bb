"""Blocks in the whole window: actions, the library beside the canvas, what is remembered."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.canvas.commands import save_block
from gui.panels.palette_list import ENTRY_ROLE
from gui.settings import data_folder


def listed(window):
    """The blocks in the palette, by section."""
    palette = window.pages.design.palette_panel
    found = {}
    for row in range(palette.model.rowCount()):
        entry = palette.model.index(row, 0).data(ENTRY_ROLE)
        if entry is not None and entry.is_block:
            found.setdefault(entry.section, []).append(entry.title)
    return found


def test_a_block_goes_from_one_project_to_another(lenet):
    editor, canvas = lenet.editor, lenet.pages.design.canvas
    actions = lenet.actions_
    assert not actions["group"].isEnabled()
    editor.select(["conv1", "tanh1", "pool1"])
    assert actions["group"].isEnabled()
    assert not actions["dissolve"].isEnabled()
    before = editor.document.result()
    actions["group"].trigger()
    QTest.keyClicks(canvas.block_name.line, "Step")
    QTest.keyClick(canvas.block_name.line, Qt.Key.Key_Return)
    assert actions["dissolve"].isEnabled()
    after = editor.document.result()
    assert (after.parameters, after.outputs) == (before.parameters, before.outputs)
    assert not editor.document.has_errors
    lenet.actions_["show_palette"].trigger()
    assert not lenet.pages.design.panel_visible("palette")
    assert save_block(editor, "Step")
    assert (data_folder() / "blocks" / "Step.yaml").exists()
    assert lenet.pages.design.panel_visible("palette"), "it says what happened"
    assert "Step is in your library" in lenet.pages.design.palette_panel.blocks.notice.title.text()

    actions["dissolve"].trigger()
    lenet.session.give_up()
    lenet.commands.new_from_template("mlp")
    assert "project blocks" not in listed(lenet)
    assert listed(lenet)["own blocks"] == ["Step"]
    lenet.pages.design.palette_panel.add_requested.emit("own:Step", True)
    assert "Step" in editor.document.state.blocks
    assert listed(lenet)["project blocks"] == ["Step"]


def test_folded_sections_are_remembered(open_window, answers):
    answers.unsaved = "discard"
    window = open_window()
    view = window.pages.design.palette_panel.view
    view.fold({"pooling"})
    window.close()
    assert open_window().pages.design.palette_panel.view.folded == {"pooling"}


def test_a_block_is_expanded_and_edited_in_place(lenet):
    editor, actions = lenet.editor, lenet.actions_
    editor.select(["conv1", "tanh1", "pool1"])
    actions["group"].trigger()
    lenet.pages.design.canvas.setFocus()
    (block,) = (name for name in editor.document.state.blocks if name != "main")
    (node,) = editor.selection
    assert actions["expand"].isEnabled()
    actions["expand"].trigger()
    assert editor.document.state.main.nodes[node].expanded
    editor.select(["tanh1"], (node,))
    inspector = lenet.pages.design.inspector
    inspector.update_now()
    assert inspector.form.shown == (block, ("tanh1",))
    assert lenet.status.hint.text().startswith("tanh1:")
    assert not actions["frame"].isEnabled()
    assert all(actions[one].isEnabled() for one in ("bypass", "link_to", "group", "duplicate"))
    actions["bypass"].trigger()
    assert editor.document.state.blocks[block].nodes["tanh1"].settings.bypassed
    actions["delete"].trigger()
    assert "tanh1" not in editor.document.state.blocks[block].nodes
    assert "Select one node that stands for a block" in actions.why_not("expand")
    editor.select([node])
    actions["expand"].trigger()
    assert not editor.document.state.main.nodes[node].expanded


def test_a_reroute_point_by_menu(lenet):
    editor, actions = lenet.editor, lenet.actions_
    editor.select(["conv1"])
    actions["add_dot"].trigger()
    (link,) = (one for one in editor.document.state.main.links if one.dots)
    assert link.source == "conv1"
    QTest.keyClick(lenet.pages.design.canvas, Qt.Key.Key_Delete)
    assert not any(one.dots for one in editor.document.state.main.links)
