"""Opening, saving, what others do to the file, and what is left when the program dies."""

import errno
import os

import pytest
import yaml
from PySide6.QtWidgets import QPushButton

from graph.edits import remove_nodes
from graph.files import load
from graph.templates import load_template
from gui.files.recovery import find_lost
from tests.gui.window.conftest import bar_text


def cut(window, node="tanh1"):
    assert window.editor.apply("cut", lambda project: remove_nodes(project, "main", [node]))


def choose(window, key, name):
    """Press a button of a message."""
    window.info.bar(key).findChild(QPushButton, f"choice_{name}").click()


def test_a_project_is_saved_and_opened_again(lenet, answers, tmp_path, open_window):
    answers.path = tmp_path / "first"
    assert lenet.session.state_words() == "new"
    cut(lenet)
    assert lenet.session.state_words() == "not saved"
    lenet.actions_["save"].trigger()
    path = tmp_path / "first.yaml"
    assert lenet.session.path == path
    assert lenet.session.state_words() == "saved"
    assert "tanh1" not in load(path).project.main.nodes
    assert "first.yaml" in lenet.windowTitle()

    other = open_window()
    other.pages.welcome.recent_buttons[0].click()
    assert other.editor.document.state == lenet.editor.document.state
    assert other.pages.page == "design"


def test_undoing_every_change_makes_it_saved_again(lenet, answers, tmp_path):
    answers.path = tmp_path / "a.yaml"
    lenet.commands.save()
    cut(lenet)
    assert lenet.isWindowModified()
    lenet.actions_["undo"].trigger()
    assert not lenet.isWindowModified()
    lenet.actions_["redo"].trigger()
    assert lenet.isWindowModified()


@pytest.mark.parametrize(("answer", "closes"), [("cancel", False), ("discard", True)])
def test_closing_asks_before_changes_are_lost(lenet, answers, answer, closes):
    cut(lenet)
    answers.unsaved = answer
    assert lenet.close() is closes
    assert answers.asked == ["unsaved LeNet-5"]


def test_closing_saves_when_asked_to(lenet, answers, tmp_path):
    cut(lenet)
    answers.unsaved, answers.path = "save", tmp_path / "kept.yaml"
    assert lenet.close()
    assert "tanh1" not in load(tmp_path / "kept.yaml").project.main.nodes


def test_closing_stays_when_the_name_of_the_file_is_not_given(lenet, answers):
    cut(lenet)
    answers.unsaved, answers.path = "save", None
    assert not lenet.close()
    assert lenet.session.modified


def test_nothing_is_asked_where_nothing_would_be_lost(lenet, answers):
    assert lenet.close()
    assert answers.asked == []


BROKEN = {
    "text": "just words",
    "binary": b"\x89PNG\r\n\x1a\n\x00\xff\xfe",
    "newer": "kumitate: 99\nname: Future\nblocks: {main: {nodes: {}}}\n",
    "half": "kumitate: 1\nblocks:\n  main: {nodes: {a: {layer: Conv2d",
    "tag": "kumitate: 1\nblocks: !!python/object/apply:os.system ['true']\n",
    "list": "- 1\n- 2\n",
}


@pytest.mark.parametrize("sort", BROKEN)
def test_a_broken_file_is_told_and_the_open_project_stays(lenet, tmp_path, sort):
    path = tmp_path / "broken.yaml"
    content = BROKEN[sort]
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    before, size = lenet.editor.document.state, path.stat().st_size
    assert not lenet.open_path(path)
    told = bar_text(lenet, "open")
    assert "cannot be opened" in told
    assert "broken.yaml" in told
    assert "Traceback" not in told
    assert lenet.editor.document.state is before
    assert path.stat().st_size == size


def test_a_missing_file_is_told_and_forgotten(window, tmp_path):
    window.settings.setValue("recent", [str(tmp_path / "gone.yaml")])
    assert not window.open_path(tmp_path / "gone.yaml")
    assert "gone.yaml" in bar_text(window, "open")
    assert window.session.recent.paths() == []


def test_a_file_with_an_unknown_layer_opens_with_a_problem(window, tmp_path):
    path = tmp_path / "strange.yaml"
    path.write_text(
        "kumitate: 1\nblocks:\n  main:\n    nodes:\n      a: {layer: Warp9, speed: 3, at: [0, 0]}\n"
    )
    assert window.open_path(path)
    assert any(problem.code == "unknown layer" for problem in window.editor.document.problems)
    window.commands.save()
    assert yaml.safe_load(path.read_text())["blocks"]["main"]["nodes"]["a"]["speed"] == 3


def test_a_full_disk_keeps_the_old_file_and_says_so(lenet, answers, tmp_path, monkeypatch):
    path = answers.path = tmp_path / "a.yaml"
    lenet.commands.save()
    before = path.read_text()
    cut(lenet)

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        lenet.commands.save()
    assert path.read_text() == before
    assert "not saved" in bar_text(lenet, "save")
    assert "the disk is full" in bar_text(lenet, "save")
    assert lenet.session.modified
    assert sorted(one.name for one in tmp_path.iterdir() if one.is_file()) == ["a.yaml"]
    lenet.commands.save()
    assert bar_text(lenet, "save") == ""
    assert path.read_text() != before


def test_two_windows_on_one_file(lenet, answers, tmp_path, open_window):
    path = answers.path = tmp_path / "shared.yaml"
    lenet.commands.save()
    other = open_window()
    assert other.open_path(path)
    cut(other, "tanh2")
    other.commands.save()
    theirs = path.read_text()

    cut(lenet)
    lenet.commands.save()
    assert path.read_text() == theirs, "the other window's work was overwritten"
    assert "Another program has changed the file" in bar_text(lenet, "disk")
    choose(lenet, "disk", "overwrite")
    assert "tanh1" not in load(path).project.main.nodes
    assert "tanh2" in load(path).project.main.nodes

    other.session.check_disk()
    assert "Another program has changed the file" in bar_text(other, "disk")
    choose(other, "disk", "reload")
    assert other.editor.document.state == lenet.editor.document.state
    assert bar_text(other, "disk") == ""


def test_a_file_that_was_removed_is_told(lenet, answers, tmp_path):
    path = answers.path = tmp_path / "a.yaml"
    lenet.commands.save()
    path.unlink()
    lenet.session.check_disk()
    assert "gone" in bar_text(lenet, "disk")
    choose(lenet, "disk", "save_as")
    assert path.is_file()


def test_what_a_crash_left_behind_is_offered_and_restored(lenet, tmp_path, open_window):
    cut(lenet)
    lenet.session.recovery.write_now()
    state = lenet.editor.document.state
    # A window that is alive keeps its own.
    assert find_lost() == []
    lenet.session.recovery._file_lock.unlock()

    next_one = open_window()
    next_one.session.offer_recovery()
    [bar] = [bar for bar in next_one.info.bars if bar.message.key.startswith("recovery")]
    assert "LeNet-5" in bar.message.title
    choose(next_one, bar.message.key, "restore")
    assert next_one.editor.document.state == state
    assert next_one.session.modified
    assert next_one.pages.page == "design"
    assert find_lost() == []


def test_what_was_given_up_is_not_offered(lenet, answers, open_window):
    cut(lenet)
    lenet.session.recovery.write_now()
    answers.unsaved = "discard"
    assert lenet.close()
    assert find_lost() == []


def test_a_recovery_file_that_is_damaged_says_so(lenet, open_window):
    cut(lenet)
    lenet.session.recovery.write_now()
    lenet.session.recovery.path.write_text("kumitate: [")
    lenet.session.recovery._file_lock.unlock()
    next_one = open_window()
    [lost] = find_lost()
    assert not next_one.session.restore(lost)
    assert "cannot be restored" in bar_text(next_one, "open")
    assert lost.path.exists(), "nothing is thrown away without being asked"


def test_a_recovery_file_that_cannot_be_written_is_told_until_it_can(lenet):
    folder = lenet.session.recovery.path.parent
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("no folder")
    cut(lenet)
    lenet.session.recovery.write_now()
    assert str(folder) in bar_text(lenet, "recovery")
    assert "Save the project" in bar_text(lenet, "recovery")
    folder.unlink()
    lenet.session.recovery.write_now()
    assert lenet.info.bar("recovery") is None
    assert lenet.session.recovery.path.exists()


def test_the_first_file_names_a_project_that_has_no_name(window, answers, tmp_path):
    answers.path = tmp_path / "my digits.yaml"
    window.commands.new()
    window.commands.save()
    assert load(tmp_path / "my digits.yaml").project.name == "my digits"
    assert not window.session.modified


def test_a_template_keeps_its_name(lenet, answers, tmp_path):
    answers.path = tmp_path / "other.yaml"
    lenet.commands.save()
    assert load(answers.path).project.name == load_template("lenet5").name
