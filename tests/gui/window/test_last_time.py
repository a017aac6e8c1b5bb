"""A window that starts again shows what was open, as it was left."""

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from graph.files import save
from graph.templates import load_template
from tests.gui.window.conftest import bar_text


@pytest.fixture
def left(window, tmp_path):
    """Two files and a project in no file were open; the view of the second was moved."""
    for name in ("lenet5", "resnet-small"):
        save(load_template(name), tmp_path / f"{name}.yaml")
    window.session.open(tmp_path / "lenet5.yaml")
    window.actions_["new_tab"].trigger()
    window.session.open(tmp_path / "resnet-small.yaml")
    window.actions_["new_tab"].trigger()
    window.commands.new_from_template("mlp")
    window.show_tab(1)
    QApplication.processEvents()
    canvas = window.pages.design.canvas
    window.editor.open_block(next(n for n in window.editor.document.state.blocks if n != "main"))
    canvas.show_view(0.6, QPointF(40, 120))
    window.left = (window.editor.block, canvas.zoom, canvas.camera.seen().center())
    window.close()
    return window


def names(window):
    return [one.session.path.name for one in window.workspaces if one.session.path]


def test_files_blocks_and_views_come_back(left, open_window):
    window = open_window()
    window.last_time.open_again()
    QApplication.processEvents()
    assert names(window) == ["lenet5.yaml", "resnet-small.yaml"]
    assert len(window.workspaces) == 2
    assert window.session.path.name == "resnet-small.yaml"
    assert window.pages.page == "design"
    block, zoom, middle = left.left
    canvas = window.pages.design.canvas
    assert (window.editor.block, canvas.zoom) == (block, zoom)
    now = canvas.camera.seen().center()
    assert abs(now.x() - middle.x()) < 4
    assert abs(now.y() - middle.y()) < 4
    assert not window.editor.history.canUndo()
    assert not window.session.modified


def test_who_does_not_want_it_starts_with_the_welcome(left, open_window):
    window = open_window()
    window.actions_["open_again"].trigger()
    window.last_time.open_again()
    assert window.pages.page == "welcome"
    other = open_window()
    assert not other.actions_["open_again"].isChecked()
    other.last_time.open_again()
    assert names(other) == []


def test_what_is_gone_is_told_and_the_rest_opens(left, open_window, tmp_path):
    (tmp_path / "lenet5.yaml").unlink()
    window = open_window()
    window.last_time.open_again()
    assert names(window) == ["resnet-small.yaml"]
    assert len(window.workspaces) == 1
    assert str(tmp_path / "lenet5.yaml") in bar_text(window, "gone")


@pytest.mark.parametrize("text", ["", "nonsense", "{}", '[1, {"file": 3}]', "[null]"])
def test_settings_that_somebody_spoiled_do_no_harm(window, text):
    window.settings.setValue("last_time/open", text)
    window.last_time.open_again()
    assert window.pages.page == "welcome"


@pytest.mark.parametrize("view", ['"at": [1]', '"zoom": "x", "at": [0, 0]', '"at": {}'])
def test_a_view_that_is_none_is_left_out(window, tmp_path, view):
    path = tmp_path / "one.yaml"
    save(load_template("lenet5"), path)
    window.settings.setValue("last_time/open", f'[{{"file": "{path.as_posix()}", {view}}}]')
    window.last_time.open_again()
    assert names(window) == ["one.yaml"]
