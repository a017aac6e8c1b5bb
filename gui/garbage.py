"""Looking for garbage in the thread of the window only.

Python looks for circles of objects that nobody holds in whichever thread makes objects at that
moment. What belongs to Qt and is found in such a circle must not be taken apart in another thread
than the window's, or the process ends.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

INTERVAL = 500
"""Milliseconds between two looks at whether there is enough of it."""


class GarbageCollector(QObject):
    """Takes over from Python's own, with the same thresholds, until it is stopped."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setObjectName("garbage_timer")
        self._timer.setInterval(INTERVAL)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Look through as much as Python would, if it would at all."""
        over = [
            count > most for count, most in zip(gc.get_count(), gc.get_threshold(), strict=True)
        ]
        if over[0]:
            gc.collect(max(generation for generation, full in enumerate(over) if full))

    def stop(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.enable()
