"""A window with settings of its own."""

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QLabel

from gui.application import make_application
from gui.runs.background import running_threads
from gui.settings import VARIABLE
from gui.window import dialogs
from gui.window.main_window import MainWindow


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Qt's offscreen platform can neither limit nor raise a window, and says so every time."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore("propagateSizeHints", r"raise\(\)"))


class Answers:
    """Plays the person who is asked by a dialog: what was asked, and what to answer."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.unsaved: dialogs.Answer = "cancel"
        self.path: Path | None = None

    def ask_unsaved(self, _parent, name):
        self.asked.append(f"unsaved {name}")
        return self.unsaved

    def choose(self, _parent, _proposal):
        self.asked.append("path")
        return self.path


@pytest.fixture
def answers(monkeypatch):
    """Answers to the few dialogs there are."""
    made = Answers()
    monkeypatch.setattr(dialogs, "ask_unsaved", made.ask_unsaved)
    for name in ("choose_project", "choose_target", "choose_module", "choose_folder"):
        monkeypatch.setattr(dialogs, name, made.choose)
    return made


@pytest.fixture
def open_window(tmp_path, monkeypatch, qtbot, answers):
    """Opens windows of one user."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "user"))
    make_application(["kumitate"])
    windows = []

    def make() -> MainWindow:
        window = MainWindow()
        windows.append(window)
        window.resize(1440, 900)
        window.show()
        qtbot.waitExposed(window)
        return window

    yield make
    answers.unsaved = "discard"
    for window in windows:
        window.close()
        window.deleteLater()
    # Now: every window that is left makes each change of the look slower.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert running_threads() == []


@pytest.fixture
def window(open_window):
    """The window of somebody who starts for the first time."""
    return open_window()


@pytest.fixture
def lenet(window):
    """A window with the first template."""
    window.commands.new_from_template("lenet5")
    return window


def bar_text(window, key):
    """What the message with that key says; empty where there is none."""
    bar = window.info.bar(key)
    return "" if bar is None else "\n".join(one.text() for one in bar.findChildren(QLabel))
