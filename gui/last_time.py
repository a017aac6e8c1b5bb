"""What was open when the window was closed, and the view of it: brought back when it starts."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QPointF

from gui.window.messages import Message

if TYPE_CHECKING:
    from gui.window.main_window import MainWindow
    from gui.window.workspace import Workspace

_WANTED, _OPEN = "last_time/wanted", "last_time/open"


class LastTime:
    """Reads and writes the settings of one window; projects that are in no file are not kept."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._action = window.actions_["open_again"]
        self._action.setChecked(str(window.settings.value(_WANTED, "yes")) == "yes")
        self._action.triggered.connect(self._want)

    def _want(self, wanted: bool) -> None:
        self._window.settings.setValue(_WANTED, "yes" if wanted else "no")

    def remember(self) -> None:
        """Keep what is open now."""
        window = self._window
        kept = [
            {
                "file": str(one.session.path),
                "in_view": one is window.workspace,
                "block": one.editor.block,
                **_view_of(one),
            }
            for one in window.workspaces
            if one.session.path is not None
        ]
        window.settings.setValue(_OPEN, json.dumps(kept))

    def open_again(self) -> None:
        """Open what was open, a tab each, if that is wanted; what is gone is told."""
        if not self._action.isChecked():
            return
        window, shown = self._window, None
        gone: list[str] = []
        for entry in _read(str(window.settings.value(_OPEN, "[]"))):
            if not Path(entry["file"]).is_file():
                gone.append(entry["file"])
                continue
            if window.has_project:
                window.new_tab()
            if not window.session.open(Path(entry["file"])):
                continue
            _show_view(window.workspace, entry)
            if entry.get("in_view"):
                shown = window.workspace
        if shown is not None:
            window.show_tab(window.workspaces.index(shown))
        if gone:
            title = QCoreApplication.translate("LastTime", "What was open is no longer there")
            window.info.show_message(Message("gone", title, "\n".join(gone), "warning"))


def _view_of(workspace: Workspace) -> dict[str, Any]:
    camera = workspace.pages.design.canvas.camera
    middle = camera.seen().center()
    return {"zoom": camera.zoom, "at": [middle.x(), middle.y()]}


def _show_view(workspace: Workspace, entry: dict[str, Any]) -> None:
    workspace.editor.open_block(str(entry.get("block", "")))
    zoom, at = entry.get("zoom"), entry.get("at")
    numbers = [zoom, *at] if isinstance(at, list) else []
    # Settings may have been written by anybody.
    if len(numbers) == 3 and all(isinstance(n, int | float) and math.isfinite(n) for n in numbers):
        workspace.pages.design.canvas.show_view(numbers[0], QPointF(numbers[1], numbers[2]))


def _read(text: str) -> list[dict[str, Any]]:
    """What was kept; nothing where somebody else wrote something else there."""
    try:
        kept = json.loads(text)
    except ValueError:
        return []
    entries = kept if isinstance(kept, list) else []
    return [one for one in entries if isinstance(one, dict) and isinstance(one.get("file"), str)]
