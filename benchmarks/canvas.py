"""How long the canvas takes at 1,000 nodes: to open, to show an edit, to pan, zoom and drag.

    uv run python -m benchmarks.canvas [--nodes 100 1000] [--frames 60] [--json]

Everything is measured as a person sees it: an event goes in, and time runs until the picture is
painted. Without QT_QPA_PLATFORM the pictures are painted offscreen, by the processor. The aim is
one frame, 16 ms, for everything that a hand does; opening may take a moment.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from benchmarks.edits import chain, edits
from graph.document import Document
from graph.layout import arrange
from graph.state import MAIN, Project
from gui.application import make_application
from gui.canvas.view import CanvasView
from gui.editor import Editor

FRAME = 16.0
"""Milliseconds."""
SIZE = (1200, 800)


def deep_network(nodes: int) -> Project:
    """A residual network in layers from top to bottom, as the layout key makes it."""
    return arrange(chain(nodes), MAIN)


class Bench:
    """A shown canvas, and a clock."""

    def __init__(self, project: Project, frames: int) -> None:
        self.application = make_application(["kumitate"])
        self.frames = frames
        self.editor = Editor(Document(project))
        self.view = CanvasView(self.editor)
        self.view.resize(*SIZE)
        self.view.items_scene.animated = False
        self.view.show()
        self.view.zoom_reset()
        self.painted()

    def painted(self) -> None:
        """Wait until everything that is due has been painted."""
        self.application.processEvents()

    def time(self, action: Callable[[], object]) -> float:
        """Milliseconds until what an action changes is painted."""
        begun = time.perf_counter()
        action()
        self.painted()
        return (time.perf_counter() - begun) * 1000

    def look_at_middle(self, zoom: float) -> None:
        """Show the middle of the network."""
        self.view.set_zoom(zoom)
        bounds = self.view.items_scene.content_bounds()
        self.view.camera.look_at(bounds.center())
        self.painted()

    def pan(self, zoom: float) -> list[float]:
        """Every frame of a pan."""
        self.look_at_middle(zoom)
        return [
            self.time(partial(self.view.pan, 3, 17 if number % 40 < 20 else -17))
            for number in range(self.frames)
        ]

    def zoom(self) -> list[float]:
        """Every frame of zooming out of the network and into it again."""
        self.look_at_middle(1.0)
        steps = [1 / 1.08] * (self.frames // 2) + [1.08] * (self.frames // 2)
        return [self.time(partial(self._zoom_by, step)) for step in steps]

    def _zoom_by(self, step: float) -> None:
        self.view.set_zoom(self.view.zoom * step)

    def drag(self, *, everything: bool) -> list[float]:
        """Every frame of dragging one node, or all of them."""
        self.look_at_middle(1.0)
        centre = self.view.camera.seen().center()
        items = self.view.items_scene.node_items.values()
        item = min(items, key=lambda one: (one.pos() - centre).manhattanLength())
        self.editor.select(self.view.items_scene.node_items if everything else [item.name])
        port, left = self.view.viewport(), Qt.MouseButton.LeftButton
        start = self.view.camera.to_view(item.pos() - QPointF(60, 0)).toPoint()
        QTest.mousePress(port, left, Qt.KeyboardModifier.NoModifier, start)
        times = []
        for number in range(1, self.frames + 1):
            to = start + QPoint(4 * (number % 20) + 8, 4 * (number % 15))
            times.append(self.time(partial(QTest.mouseMove, port, to)))
        self.view.cancel_gesture()
        QTest.mouseRelease(port, left, Qt.KeyboardModifier.NoModifier, start)
        self.editor.select([])
        self.painted()
        return times

    def link(self) -> list[float]:
        """Every frame of dragging a link over the network."""
        self.look_at_middle(1.0)
        centre = self.view.camera.seen().center()
        items = self.view.items_scene.node_items.values()
        item = min(items, key=lambda one: (one.pos() - centre).manhattanLength())
        port, left = self.view.viewport(), Qt.MouseButton.LeftButton
        place = item.port_place("out", is_input=False)
        start = self.view.camera.to_view(place).toPoint()
        QTest.mousePress(port, left, Qt.KeyboardModifier.NoModifier, start)
        times = []
        for number in range(1, self.frames + 1):
            to = start + QPoint(6 * (number % 30), 5 * (number % 25))
            times.append(self.time(partial(QTest.mouseMove, port, to)))
        self.view.cancel_gesture()
        QTest.mouseRelease(port, left, Qt.KeyboardModifier.NoModifier, start)
        return times

    def edit(self, rounds: int) -> Iterator[tuple[str, list[float]]]:
        """Every sort of edit, done and undone."""
        self.look_at_middle(1.0)
        for name, edit in edits(self.editor.document.state).items():
            times = []
            for _ in range(rounds):
                times.append(self.time(partial(self.editor.apply, name, edit)))
                times.append(self.time(self.editor.history.undo))
            yield f"edit: {name}", times

    def close(self) -> None:
        """Take the canvas away."""
        self.view.close()
        self.view.deleteLater()
        self.painted()


def measure(nodes: int, frames: int) -> Iterator[tuple[str, list[float]]]:
    """Milliseconds of every round, by what is done."""
    project = deep_network(nodes)
    opened = []
    for _ in range(3):
        gc.collect()
        begun = time.perf_counter()
        bench = Bench(project, frames)
        opened.append((time.perf_counter() - begun) * 1000)
        bench.close()
    yield "open", opened
    bench = Bench(project, frames)
    gc.collect()
    for zoom in (1.0, 0.4, 0.1):
        yield f"pan at {zoom:.0%}", bench.pan(zoom)
    yield "zoom out and in", bench.zoom()
    yield "drag a node", bench.drag(everything=False)
    yield "drag all nodes", bench.drag(everything=True)
    yield "drag a link", bench.link()
    yield from bench.edit(max(3, frames // 12))
    bench.close()


def main() -> None:
    """Print a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--nodes", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--frames", type=int, default=60)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows = []
    for nodes in options.nodes:
        for name, times in measure(nodes, options.frames):
            median = statistics.median(times)
            row = {
                "nodes": nodes,
                "what": name,
                "median_ms": round(median, 2),
                "worst_ms": round(max(times), 2),
                "frames_per_second": round(1000 / median),
            }
            rows.append(row)
            if not options.json:
                late = "  more than a frame" if median > FRAME and name != "open" else ""
                print(
                    f"{nodes:6} nodes  {name:30}{median:9.2f} ms, worst {max(times):9.2f}"
                    f"{row['frames_per_second']:7} per second{late}",
                    flush=True,
                )
    if options.json:
        print(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
