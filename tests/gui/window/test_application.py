"""Starting in a fresh interpreter: without a display, with a file, and without torch."""

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from graph.files import save
from graph.templates import load_template
from gui import display

ROOT = Path(__file__).parent.parent.parent.parent

START = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from gui import application

made = application.make_application(["kumitate"])

def look():
    window = next(w for w in QApplication.topLevelWidgets() if w.objectName() == "main_window")
    print(window.pages.page, len(window.editor.document.state.main.nodes))
    heavy = {"torch", "torchvision", "sklearn", "lightning_fabric", "pyqtgraph"}
    print(sorted(heavy & {name.partition(".")[0] for name in sys.modules}))
    window.close()

QTimer.singleShot(300, look)
print(application.run(FILE))
"""


def started(arguments, tmp_path, **environment):
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")
    }
    return subprocess.run(
        [sys.executable, *arguments],
        env={**kept, "PYTHONPATH": str(ROOT), "KUMITATE_DATA_DIR": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("file", [False, True])
def test_the_window_opens_without_torch(tmp_path, file):
    path = tmp_path / "net.yaml"
    save(load_template("lenet5"), path)
    program = START.replace("FILE", repr(str(path)) if file else "None")
    done = started(["-c", program], tmp_path, QT_QPA_PLATFORM="offscreen")
    assert done.returncode == 0, done.stderr
    page = "design 14" if file else "welcome 0"
    assert done.stdout.splitlines() == [page, "[]", "0"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only there can it be missing")
@pytest.mark.parametrize("broken", [{}, {"DISPLAY": ":98765"}, {"QT_QPA_PLATFORM": "xcb"}])
def test_without_a_display_the_command_says_so(tmp_path, broken):
    done = started(["-m", "kumitate"], tmp_path, **broken)
    assert done.returncode == 2, done.stderr
    assert "kumitate demo" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Aborted" not in done.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X11 is a matter of Linux")
def test_a_display_that_listens_is_asked_only_once(tmp_path, monkeypatch):
    """Starting Qt a second time just to see whether it starts would double the time to open."""
    monkeypatch.setenv("KUMITATE_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", "localhost:7")
    probes = []
    monkeypatch.setattr(display, "_probe", lambda: probes.append(1) or "")
    with socket.create_server(("localhost", 6007)) as server:

        def answer():
            for _ in range(2):
                server.accept()[0].close()

        answering = threading.Thread(target=answer)
        answering.start()
        assert display.why_no_window() == ""
        assert display.why_no_window() == ""
        answering.join()
    assert probes == [1]
