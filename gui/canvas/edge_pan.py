"""With something in hand at an edge of the view, the canvas moves on under the mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QTimer

if TYPE_CHECKING:
    from gui.canvas.mouse import MouseView

EDGE = 24.0
"""Pixels from the edge of the view at which it begins."""
FASTEST = 22.0
"""Pixels per step, for a mouse at the edge or beyond."""
STEP = 16
"""Milliseconds."""


class EdgePan(QObject):
    """Pans as long as the mouse stays at an edge, the faster the further out it is."""

    def __init__(self, view: MouseView) -> None:
        super().__init__(view)
        self._view = view
        self._across = self._down = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(STEP)
        self._timer.timeout.connect(self._step)

    @property
    def is_moving(self) -> bool:
        """Whether the canvas moves on."""
        return self._timer.isActive()

    def aim(self, pressed: QPointF, pixel: QPointF) -> None:
        """Go where the mouse is now, in pixels of the view; what was taken up at an edge goes only
        where it is drawn further out."""
        size = self._view.viewport().size()
        self._across = _speed(pressed.x(), pixel.x(), size.width())
        self._down = _speed(pressed.y(), pixel.y(), size.height())
        if not self._across and not self._down:
            self.stop()
        elif not self._timer.isActive():
            self._timer.start()

    def stop(self) -> None:
        """Stay."""
        self._timer.stop()

    def _step(self) -> None:
        self._view.canvas.pan(self._across, self._down)
        self._view.mouse_stays()


def _speed(pressed: float, now: float, size: int) -> float:
    """By how much to pan along one axis in a step."""
    if now < EDGE and now < pressed:
        return FASTEST * min((EDGE - now) / EDGE, 1.0)
    if now > size - EDGE and now > pressed:
        return -FASTEST * min((now - size + EDGE) / EDGE, 1.0)
    return 0.0
