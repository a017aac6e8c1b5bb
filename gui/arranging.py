"""Connects the actions of the menu Arrange with the canvas in view and with what is remembered."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSettings

from gui.actions import Actions
from gui.canvas.aligning import ALIGNMENTS, DISTRIBUTIONS, put_in_order
from gui.canvas.preferences import canvas_preferences
from gui.canvas.view import CanvasView

ARRANGING = (*ALIGNMENTS, *DISTRIBUTIONS, "frame", "snap")
"""Actions that mean something only where a canvas is in view."""


def connect_arranging(
    actions: Actions, canvas: Callable[[], CanvasView], settings: QSettings
) -> None:
    """Let the actions do their work on the canvas that `canvas` gives at that moment."""
    for name in (*ALIGNMENTS, *DISTRIBUTIONS):
        actions[name].triggered.connect(lambda _=False, name=name: put_in_order(canvas(), name))
    actions["frame"].triggered.connect(lambda _=False: canvas().frame_selection())
    preferences = canvas_preferences()
    preferences.restore(settings)
    actions["snap"].setChecked(preferences.snaps)
    actions["snap"].toggled.connect(preferences.set_snaps)
