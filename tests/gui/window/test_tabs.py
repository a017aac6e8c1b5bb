"""Several projects in one window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabBar

from graph.edits import rename_node
from graph.files import load, save
from graph.state import MAIN
from graph.templates import load_template


@pytest.fixture
def two(lenet):
    """LeNet in the first tab, the perceptron in the second, which is shown."""
    lenet.actions_["new_tab"].trigger()
    lenet.commands.new_from_template("mlp")
    return lenet


def rename(window, old, new):
    window.editor.apply("Rename", lambda project: rename_node(project, MAIN, old, new))


def texts(window):
    return [window.tabs.bar.tabText(number) for number in range(window.tabs.bar.count())]


def test_one_project_has_no_row_of_tabs(lenet):
    assert lenet.tabs.isHidden()


def test_a_new_tab_offers_the_templates_and_leaves_the_other_project_alone(lenet):
    before = lenet.editor.document.state
    lenet.actions_["new_tab"].trigger()
    assert not lenet.tabs.isHidden()
    assert texts(lenet) == ["LeNet-5", "New tab"]
    assert lenet.pages.page == "welcome"
    assert not lenet.has_project
    assert lenet.workspaces[0].editor.document.state is before


def test_each_tab_has_a_project_undo_and_selection_of_its_own(two):
    rename(two, "fc1", "first")
    two.editor.select(["first"])
    two.tabs.bar.setCurrentIndex(0)
    assert two.session.name == "LeNet-5"
    assert "conv1" in two.editor.document.state.main.nodes
    assert not two.actions_["undo"].isEnabled()
    assert two.editor.selection == frozenset()
    assert texts(two) == ["LeNet-5", "Multilayer perceptron •"]
    two.tabs.bar.setCurrentIndex(1)
    assert two.editor.selection == {"first"}
    two.actions_["undo"].trigger()
    assert "fc1" in two.editor.document.state.main.nodes
    assert texts(two) == ["LeNet-5", "Multilayer perceptron"]


def test_the_title_and_the_canvas_are_those_of_the_tab(two):
    assert "perceptron" in two.windowTitle()
    two.actions_["previous_tab"].trigger()
    assert "LeNet" in two.windowTitle()
    assert "conv1" in two.pages.design.canvas.items_scene.node_items
    two.actions_["next_tab"].trigger()
    assert "conv1" not in two.pages.design.canvas.items_scene.node_items
    two.actions_["next_tab"].trigger()
    assert "LeNet" in two.windowTitle()


def test_actions_act_on_the_project_in_view(two):
    two.pages.design.canvas.select_all()
    two.actions_["delete"].trigger()
    assert not two.editor.document.state.main.nodes
    assert two.workspaces[0].editor.document.state.main.nodes


def test_closing_a_tab_asks_for_what_is_not_saved(two, answers):
    rename(two, "fc1", "first")
    answers.unsaved = "cancel"
    two.actions_["close_project"].trigger()
    assert len(two.workspaces) == 2
    answers.unsaved = "discard"
    two.actions_["close_project"].trigger()
    assert answers.asked == ["unsaved Multilayer perceptron"] * 2
    assert len(two.workspaces) == 1
    assert two.session.name == "LeNet-5"
    assert two.tabs.isHidden()


def test_closing_the_window_asks_for_every_tab(two, answers):
    rename(two, "fc1", "first")
    two.tabs.bar.setCurrentIndex(0)
    rename(two, "conv1", "edges")
    answers.unsaved = "cancel"
    assert not two.close()
    assert answers.asked == ["unsaved LeNet-5"]
    answers.unsaved = "discard"
    assert two.close()
    assert answers.asked[1:] == ["unsaved LeNet-5", "unsaved Multilayer perceptron"]


def test_a_file_is_open_in_one_tab_only(two, tmp_path):
    path = tmp_path / "lenet.yaml"
    save(load_template("lenet5"), path)
    two.tabs.bar.setCurrentIndex(0)
    two.commands.open_file(path)
    two.tabs.bar.setCurrentIndex(1)
    two.commands.open_file(path)
    assert two.tabs.current == 0
    assert two.session.path == path
    assert two.workspaces[1].session.name == "Multilayer perceptron"


def test_a_tab_can_be_moved(two):
    two.tabs.bar.moveTab(1, 0)
    assert texts(two) == ["Multilayer perceptron", "LeNet-5"]
    two.tabs.bar.setCurrentIndex(1)
    assert two.session.name == "LeNet-5"
    two.tabs.bar.setCurrentIndex(0)
    assert two.session.name == "Multilayer perceptron"


def test_each_tab_saves_its_own_file(two, tmp_path):
    two.session.save_as(tmp_path / "two.yaml")
    two.tabs.bar.setCurrentIndex(0)
    two.session.save_as(tmp_path / "one.yaml")
    assert load(tmp_path / "one.yaml").project.name == "LeNet-5"
    assert load(tmp_path / "two.yaml").project.name == "Multilayer perceptron"


def test_the_cross_closes_its_own_tab(two, qtbot):
    bar, side = two.tabs.bar, QTabBar.ButtonPosition.RightSide
    crosses = [bar.tabButton(number, side) for number in range(bar.count())]
    assert [cross.accessibleName() for cross in crosses] == [
        "Close LeNet-5",
        "Close Multilayer perceptron",
    ]
    qtbot.mouseClick(crosses[0], Qt.MouseButton.LeftButton)
    assert [one.session.name for one in two.workspaces] == ["Multilayer perceptron"]


def test_closing_another_tab_stays_where_one_is(two):
    two.actions_["new_tab"].trigger()
    two.commands.new_from_template("vgg11")
    for seen, closed, then in ((0, 2, 0), (1, 0, 0)):
        two.show_tab(seen)
        here = two.workspace
        two.close_tab(closed)
        assert two.workspace is here
        assert two.tabs.current == then
