"""How a person wants canvases to behave: the same in every tab, and remembered."""

from __future__ import annotations

import functools

from PySide6.QtCore import QObject, QSettings, Signal

_SNAPS = "canvas/snap"


class CanvasPreferences(QObject):
    """Whether nodes in hand snap.

    Signals:
        changed(): something is wanted otherwise.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._settings: QSettings | None = None
        self.snaps = True

    def restore(self, settings: QSettings) -> None:
        """Take what was wanted last time, and remember what is from now on."""
        self._settings = settings
        self.snaps = bool(settings.value(_SNAPS, True, bool))
        self.changed.emit()

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
