"""Exporting a trained run from the window: the command does it, in a process of its own."""

from tests.gui.window.conftest import bar_text
from training.runs import create_run


def test_a_run_without_weights_says_why_not(lenet, answers, tmp_path, qtbot):
    run = create_run(tmp_path / "a.runs", project_text="", model_text="")
    answers.path = tmp_path
    lenet.commands.export_run(run)
    assert "Exporting" in bar_text(lenet, "export")
    qtbot.waitUntil(lambda: "not written" in bar_text(lenet, "export"), timeout=60_000)
    assert run.folder.name in bar_text(lenet, "export")
    assert "Traceback" not in bar_text(lenet, "export")
    assert not (tmp_path / "lenet-5").exists()


def test_a_command_that_cannot_start_says_so(lenet, answers, tmp_path, qtbot, monkeypatch):
    monkeypatch.setattr("sys.executable", str(tmp_path / "no-python"))
    answers.path = tmp_path
    lenet.commands.export_run(create_run(tmp_path / "a.runs", project_text="", model_text=""))
    qtbot.waitUntil(lambda: "cannot be started" in bar_text(lenet, "export"), timeout=60_000)


def test_a_run_is_found_where_saving_has_brought_it(lenet, tmp_path):
    """Whoever presses Export right after saving still has the run where it was made."""
    run = create_run(lenet.session.runs_folder(), project_text="", model_text="")
    assert lenet.session.run_now(run) == run
    assert lenet.session.save_as(tmp_path / "digits.yaml")
    assert not run.folder.exists()
    now = lenet.session.run_now(run)
    assert now.folder == tmp_path / "digits.runs" / run.name
    assert now.folder.is_dir()
