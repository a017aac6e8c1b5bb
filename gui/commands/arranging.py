"""Connects the actions of the menu Arrange with the canvas in view and with what is remembered."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QSettings
from PySide6.QtGui import QActionGroup

from graph.direction import BY_RESOLUTION, LEFT_RIGHT, TOP_DOWN, Arrangement
from gui.canvas.aligning import ALIGNMENTS, DISTRIBUTIONS, put_in_order
from gui.canvas.curves import LINK_STYLES
from gui.canvas.preferences import canvas_preferences
from gui.canvas.view import CanvasView
from gui.commands.actions import Actions

_ARRANGE: Mapping[str, Arrangement | None] = {
    "arrange": None,
    "arrange_top_down": TOP_DOWN,
    "arrange_left_right": LEFT_RIGHT,
    "arrange_by_resolution": BY_RESOLUTION,
}
"""By action, how it arranges; None for the way that the block has."""
ARRANGING = (
    *(*_ARRANGE, *ALIGNMENTS, *DISTRIBUTIONS, "frame", "snap"),
    *(f"links_{one}" for one in LINK_STYLES),
)
"""Actions that mean something only where a canvas is in view."""


def connect_arranging(
    actions: Actions, canvas: Callable[[], CanvasView], settings: QSettings
) -> None:
    """Let the actions do their work on the canvas that `canvas` gives at that moment."""
    for name, arrangement in _ARRANGE.items():
        actions[name].triggered.connect(
            lambda _=False, arrangement=arrangement: canvas().arranger.arrange(arrangement)
        )
    for name in (*ALIGNMENTS, *DISTRIBUTIONS):
        actions[name].triggered.connect(lambda _=False, name=name: put_in_order(canvas(), name))
    actions["back"].triggered.connect(lambda _=False: canvas().visited.back())
    actions["forward"].triggered.connect(lambda _=False: canvas().visited.forward())
    actions["frame"].triggered.connect(lambda _=False: canvas().frame_selection())
    preferences = canvas_preferences()
    preferences.restore(settings)
    actions["snap"].setChecked(preferences.snaps)
    actions["snap"].toggled.connect(preferences.set_snaps)
    group = QActionGroup(actions)
    for style in LINK_STYLES:
        action = actions[f"links_{style}"]
        group.addAction(action)
        action.setChecked(style == preferences.link_style)
        action.triggered.connect(lambda _=False, style=style: preferences.set_link_style(style))
