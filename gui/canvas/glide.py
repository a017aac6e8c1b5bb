"""Nodes and reroute points on their way to new places, so that eyes can follow."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEasingCurve, QObject, QPointF, QVariantAnimation, Signal

from graph.dots import Dot

Part = str | Dot
"""A node, by its name, or a reroute point."""

DURATION = 150
"""Milliseconds."""
MOST_NODES = 400
"""More than this move at once: nobody could follow, and it would cost frames."""


class Glide(QObject):
    """Moves shown parts from where they are to where the model has them.

    Signals:
        arrived(): they are there, after a way that could be watched.
    """

    arrived = Signal()

    def __init__(
        self,
        pass_by: Callable[[Mapping[Part, QPointF]], None],
        put_down: Callable[[Mapping[Part, QPointF]], None],
        parent: QObject,
    ) -> None:
        """Show places on the way with `pass_by`, the last ones with `put_down`."""
        super().__init__(parent)
        self._pass_by = pass_by
        self._put_down = put_down
        self._ways: dict[Part, tuple[QPointF, QPointF]] = {}
        self._animation = QVariantAnimation(self)
        self._animation.setDuration(DURATION)
        self._animation.setStartValue(0.0)
        self._animation.setEndValue(1.0)
        self._animation.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._animation.valueChanged.connect(self._step)
        self._animation.finished.connect(self.finish)
        self._animation.finished.connect(self.arrived)

    def start(self, ways: Mapping[Part, tuple[QPointF, QPointF]]) -> None:
        """Begin anew with these ways (from, to)."""
        self._animation.stop()
        self._ways = dict(ways)
        self._animation.start()

    def finish(self) -> None:
        """Be there at once."""
        self._animation.stop()
        ways, self._ways = self._ways, {}
        if ways:
            self._put_down({part: way[1] for part, way in ways.items()})

    @property
    def moving(self) -> bool:
        """Whether something is on its way."""
        return bool(self._ways)

    def drop(self, part: Part) -> None:
        """Something is gone, or moved by something else."""
        self._ways.pop(part, None)

    def _step(self, part: float) -> None:
        if self._ways:
            self._pass_by({one: a + (b - a) * part for one, (a, b) in self._ways.items()})
