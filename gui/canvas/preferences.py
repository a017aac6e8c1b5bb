"""How a person wants canvases to behave: the same in every tab, and remembered."""

from __future__ import annotations

import functools

from PySide6.QtCore import QObject, QSettings, Signal

from gui.canvas.curves import LINK_STYLES, LinkStyle

_SNAPS, _LINK_STYLE = "canvas/snap", "canvas/link_style"


class CanvasPreferences(QObject):
    """Whether nodes in hand snap, and how links go.

    Signals:
        changed(): something is wanted otherwise.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._settings: QSettings | None = None
        self.snaps = True
        self.link_style: LinkStyle = "curved"

    def restore(self, settings: QSettings) -> None:
        """Take what was wanted last time, and remember what is from now on."""
        self._settings = settings
        self.snaps = bool(settings.value(_SNAPS, True, bool))
        stored = settings.value(_LINK_STYLE, "curved")
        self.link_style = stored if stored in LINK_STYLES else "curved"
        self.changed.emit()

    def set_link_style(self, style: LinkStyle) -> None:
        """The course that links take between their ports."""
        self.link_style = style
        self._remember(_LINK_STYLE, style)

    def set_snaps(self, snaps: bool) -> None:
        """Whether nodes in hand keep to the grid and line up with others."""
        self.snaps = snaps
        self._remember(_SNAPS, snaps)

    def _remember(self, key: str, value: object) -> None:
        if self._settings is not None:
            self._settings.setValue(key, value)
        self.changed.emit()


@functools.cache
def canvas_preferences() -> CanvasPreferences:
    """Those of the application."""
    return CanvasPreferences()
