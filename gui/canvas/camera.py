"""What part of the canvas is seen: zoom, panning, fitting."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QTransform
from PySide6.QtWidgets import QGraphicsView

from graph.direction import TOP_DOWN
from gui.canvas.measures import LARGEST_ZOOM, READABLE_ZOOM, SMALLEST_ZOOM, level_of
from gui.canvas.scene import CanvasScene

LEAST_SEEN = 80.0
"""How many pixels of the content stay in view however far one pans."""
FIT_MARGIN, FIT_TOP = 28.0, 48.0
"""Kept free around the content when fitting; above it stands the breadcrumb."""


class Camera:
    """Moves a view over its scene. It only accepts finite zooms within the limits."""

    def __init__(self, view: QGraphicsView, scene: CanvasScene) -> None:
        self._view = view
        self._scene = scene
        self.zoom = 1.0
        self._moves = 0

    @contextmanager
    def one_move(self) -> Iterator[None]:
        """Scrolling to the side, down, and to another zoom is one move: the scene is told at its
        end what is in view, and prepares nothing that would only be passed by."""
        self._moves += 1
        try:
            yield
        finally:
            self._moves -= 1
            self.moved()

    def moved(self) -> None:
        """Something else is in view now."""
        if not self._moves:
            self._scene.look_at(self.seen())

    def transform(self) -> QTransform:
        """From canvas to view."""
        return self._view.viewportTransform()

    def to_view(self, place: QPointF) -> QPointF:
        """A place of the canvas in pixels of the view."""
        return self.transform().map(place)

    def to_canvas(self, pixel: QPointF) -> QPointF:
        """A pixel of the view as a place of the canvas."""
        return self.transform().inverted()[0].map(pixel)

    def seen(self) -> QRectF:
        """The part of the canvas that is in view."""
        return self.transform().inverted()[0].mapRect(QRectF(self._view.viewport().rect()))

    def set_zoom(self, zoom: float, around: QPointF | None = None) -> bool:
        """Zoom so that the canvas stays where it is at one pixel (the middle); False where that
        changes nothing."""
        if not math.isfinite(zoom):
            return False
        zoom = min(max(zoom, SMALLEST_ZOOM), LARGEST_ZOOM)
        if math.isclose(zoom, 1.0, abs_tol=0.004):
            zoom = 1.0
        if zoom == self.zoom:
            return False
        pixel = QPointF(self._view.viewport().rect().center()) if around is None else around
        place = self.to_canvas(pixel)
        self.zoom = zoom
        with self.one_move():
            # First, since what comes into view is then shown in this detail.
            self._scene.set_level(level_of(zoom))
            self._view.setTransform(QTransform.fromScale(zoom, zoom))
            self.update_limits(around=place)
            self.bring(place, pixel)
        return True

    def bring(self, place: QPointF, pixel: QPointF) -> None:
        """Scroll so that a place of the canvas comes to a pixel of the view."""
        away = self.to_view(place) - pixel
        self.pan(-away.x(), -away.y())

    def pan(self, across: float, down: float) -> None:
        """Move the canvas under the view, in pixels."""
        horizontal, vertical = self._view.horizontalScrollBar(), self._view.verticalScrollBar()
        with self.one_move():
            horizontal.setValue(horizontal.value() - round(across))
            vertical.setValue(vertical.value() - round(down))

    def look_at(self, place: QPointF) -> None:
        """Bring a place of the canvas to the middle of the view."""
        self.bring(place, QPointF(self._view.viewport().rect().center()))

    def update_limits(self, around: QPointF | None = None) -> None:
        """Let the view pan as far as the content goes, and not lose it."""
        port = self._view.viewport().rect()
        across = max(port.width() - LEAST_SEEN, 0.0) / self.zoom
        down = max(port.height() - LEAST_SEEN, 0.0) / self.zoom
        limits = self._scene.content_bounds().adjusted(-across, -down, across, down)
        if around is None:
            # What is in view stays there, even where its nodes have gone.
            limits |= self.seen()
        else:
            half = QPointF(port.width(), port.height()) / self.zoom
            limits |= QRectF(around - half, around + half)
        self._view.setSceneRect(limits)

    def fit(self, bounds: QRectF, covered: Sequence[QRectF], largest: float = 1.0) -> None:
        """Show a part of the canvas as large as possible, beside the covered parts of the view."""
        if bounds.isEmpty():
            middle = QPointF(self._view.viewport().rect().center())
            self._show(1.0, QPointF(0, 0), middle)
            return
        room = self._room(bounds, covered, largest)
        self._show(_zoom_into(bounds, room, largest), bounds.center(), room.center())

    def show_start(self, bounds: QRectF, covered: Sequence[QRectF]) -> None:
        """Show everything if it can be read then; else its beginning, in a size to read."""
        room = self._room(bounds, covered, 1.0)
        if bounds.isEmpty() or _zoom_into(bounds, room, 1.0) >= READABLE_ZOOM:
            self.fit(bounds, covered)
            return
        port = QPointF(self._view.viewport().rect().center())
        if self._scene.surface.direction == TOP_DOWN:
            start, pixel = QPointF(bounds.center().x(), bounds.top()), QPointF(port.x(), FIT_TOP)
        else:
            start = bounds.topLeft()
            half = bounds.height() * READABLE_ZOOM / 2
            pixel = QPointF(FIT_MARGIN, max(port.y() - half, FIT_TOP))
        self._show(READABLE_ZOOM, start, pixel)

    def _show(self, zoom: float, place: QPointF, pixel: QPointF) -> None:
        """A place of the canvas at a pixel of the view, at a zoom."""
        with self.one_move():
            self.set_zoom(zoom)
            self.update_limits(around=place)
            self.bring(place, pixel)

    def _room(self, bounds: QRectF, covered: Sequence[QRectF], largest: float) -> QRectF:
        """The part of the view to fit into: all of it where that covers nothing, else beside or
        above what is covered, whichever shows more."""
        port = QRectF(self._view.viewport().rect())
        whole = port.adjusted(FIT_MARGIN, FIT_TOP, -FIT_MARGIN, -FIT_MARGIN)
        if whole.width() < 40 or whole.height() < 40:
            return port
        candidates = [whole]
        lefts = [r.right() + 12.0 for r in covered if r.center().x() < port.center().x()]
        rights = [r.left() - 12.0 for r in covered if r.center().x() >= port.center().x()]
        tops = [r.top() - 12.0 for r in covered]
        if lefts:
            candidates.append(whole.adjusted(max(lefts) - whole.left(), 0, 0, 0))
        if rights:
            candidates.append(whole.adjusted(0, 0, min(rights) - whole.right(), 0))
        if lefts and rights:
            side = QRectF(whole)
            side.setLeft(max(lefts))
            side.setRight(min(rights))
            candidates.append(side)
        if tops:
            above = QRectF(whole)
            above.setBottom(min(tops))
            candidates.append(above)
        best, best_zoom = whole, 0.0
        for room in candidates:
            if room.width() < 40 or room.height() < 40:
                continue
            zoom = _zoom_into(bounds, room, largest)
            shown = QRectF(0, 0, bounds.width() * zoom, bounds.height() * zoom)
            shown.moveCenter(room.center())
            if zoom > best_zoom and not any(shown.intersects(rect) for rect in covered):
                best, best_zoom = room, zoom
        return best


def _zoom_into(bounds: QRectF, room: QRectF, largest: float) -> float:
    zoom = min(room.width() / max(bounds.width(), 1.0), room.height() / max(bounds.height(), 1.0))
    return min(max(zoom, SMALLEST_ZOOM), largest)
