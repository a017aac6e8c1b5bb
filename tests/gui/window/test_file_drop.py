"""What happens with files that are dropped onto the window, beside opening them."""

from pathlib import Path

from graph.files import save
from graph.templates import load_template
from tests.gui.window.conftest import bar_text
from tests.gui.window.test_pictures import drop


def test_a_file_that_cannot_be_opened_leaves_no_tab_and_is_told_where_one_is(lenet, tmp_path):
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    before = lenet.workspace
    assert drop(lenet, broken)
    assert lenet.workspaces == [before]
    assert lenet.session.name == "LeNet-5"
    assert "broken.png" in bar_text(lenet, "open")


def test_of_several_files_those_that_can_be_opened_are(lenet, tmp_path):
    good, broken = tmp_path / "good.yaml", tmp_path / "broken.yaml"
    save(load_template("mlp"), good)
    broken.write_text("kumitate: 1\nblocks: [")
    assert drop(lenet, broken, good)
    assert [one.session.path for one in lenet.workspaces] == [None, good]
    assert "broken.yaml" in bar_text(lenet.workspaces[0], "open")


def test_what_cannot_be_dropped_is_told_what_can(lenet):
    assert not drop(lenet, Path("/somewhere/model.onnx"))
    told = lenet.status.hint.text()
    for word in ("model.onnx", ".yaml", "PNG", ".safetensors"):
        assert word in told


def test_weights_become_what_the_next_training_starts_from(lenet, tmp_path):
    path = tmp_path / "best.safetensors"
    assert drop(lenet, path)
    assert lenet.editor.document.state.training["weights"] == str(path)
    assert lenet.pages.page == "train"
    lenet.editor.history.undo()
    assert "weights" not in lenet.editor.document.state.training


def test_weights_have_no_use_without_a_project(window, tmp_path):
    assert not drop(window, tmp_path / "best.pt")
