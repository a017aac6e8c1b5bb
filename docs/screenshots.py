"""Makes the pictures of the window that the README and the guide show, from a real training.

uv run python docs/screenshots.py [FOLDER]        (docs/images unless another folder is named)
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import cast

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from graph.edits import remove_nodes
from graph.files import save
from graph.links import connect
from graph.state import MAIN, Project
from graph.templates import load_template
from gui.application import make_application
from gui.look.theme import Mode, theme
from gui.window.main_window import MainWindow
from gui.window.page_stack import Page

SIZE = (1440, 900)


def forget_flatten(project: Project) -> Project:
    """The mistake that everybody makes once."""
    return connect(remove_nodes(project, MAIN, ["flatten"]), MAIN, "pool2", "fc1")


def settle(seconds: float = 1.0) -> None:
    """Let timers and background work come to an end."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.01)


def take(window: MainWindow, folder: Path, name: str) -> None:
    """One picture in each mode."""
    for mode in ("light", "dark"):
        theme().set_mode(cast("Mode", mode))
        settle()
        path = folder / f"{name}-{mode}.png"
        if not window.grab().save(str(path)):
            raise OSError(f"{path} cannot be written")
        print(path)


def main(folder: Path) -> None:
    """Train LeNet, then walk through the pages."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        os.environ["KUMITATE_DATA_DIR"] = place
        path = Path(place) / "lenet-on-digits.yaml"
        save(load_template("lenet5"), path)
        subprocess.run([sys.executable, "-m", "kumitate", "train", str(path)], check=True)
        make_application(["kumitate"])
        window = MainWindow()
        window.resize(*SIZE)
        window.show()
        settle()
        take(window, folder, "welcome")
        window.open_path(path)
        window.editor.apply("Remove Flatten", forget_flatten)
        window.editor.go_to(MAIN, "conv2")
        take(window, folder, "design")
        window.editor.history.undo()
        for page in ("train", "evaluate"):
            window.actions_[f"page_{page}"].trigger()
            window.pages.show_page(cast("Page", page))
            settle(3)
            take(window, folder, page)
        window.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "images")
