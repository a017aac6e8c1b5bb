"""The canvas beside NodeGraphQt: the same graph in a window of the same size, both in one run.

    uv run --group benchmarks python -m benchmarks.beside_nodegraphqt [--nodes 1000] [--rounds 3]

Each side runs in a process of its own, in turn, so that a busy machine slows both. NodeGraphQt
gets nodes with a name and ports and computes nothing; ours computes the sizes of a network, writes
them on the links and checks it. Times run until the picture is painted, offscreen. The aims: open
10 times faster; 95 of 100 frames under 16 ms and no slower than NodeGraphQt.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any, Protocol

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_PREFERRED_BINDING", "PySide6")

import psutil
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

SIZE = (1200, 800)
LANE = 25
ACROSS, DOWN = 280.0, 120.0
FAN = 20
"""Links of the node that is dragged."""


def place(number: int, *, sideways: bool) -> tuple[float, float]:
    """Where a node stands: in lanes that run as the canvas lets data flow, over the same
    grid on both sides."""
    lane, step = divmod(number, LANE)
    column, row = (step, lane) if sideways else (lane, step)
    return ACROSS * column, DOWN * row


def part(count: int, nodes: int, *, sideways: bool) -> QRectF:
    """The part of the canvas around the middle, as wide for its height as the window, that holds
    so many nodes; all of them for their number."""
    lanes = -(-nodes // LANE)
    columns, rows = (LANE, lanes) if sideways else (lanes, LANE)
    whole = QRectF(-ACROSS / 2, -DOWN / 2, ACROSS * columns, DOWN * rows)
    if count >= nodes:
        return whole
    height = math.sqrt(count * ACROSS * DOWN * SIZE[1] / SIZE[0])
    found = QRectF(0, 0, height * SIZE[0] / SIZE[1], height)
    found.moveCenter(whole.center())
    return found


class Side(Protocol):
    """A canvas that can be opened and driven."""

    viewport: QWidget
    sideways: bool

    def open(self, nodes: int) -> None:
        """A chain of nodes with links."""

    def show(self, bounds: QRectF) -> None:
        """Bring a part of the canvas into view."""

    def pan(self, pixels: int) -> None:
        """Move the canvas down."""

    def zoom(self, factor: float) -> None:
        """Zoom around the middle."""

    def fan(self) -> QPoint:
        """Link one node to `FAN` others; the pixel at which to take it."""

    def rename(self, number: int) -> None:
        """Give a node another name."""


class Ours:
    """A project on our canvas."""

    sideways = False

    def open(self, nodes: int) -> None:
        """From the project, as it comes out of a file, to sizes, problems and picture."""
        from graph.document import Document
        from graph.state import MAIN, Block, Link, Node, Project, frozen
        from gui.canvas.view import CanvasView
        from gui.editor import Editor

        layers = ("Conv2d", "BatchNorm2d", "ReLU")
        arguments = frozen({"out_channels": 16, "padding": (1, 1)})
        names = [f"node{number}" for number in range(nodes)]
        made = {
            name: Node(
                name,
                "Input" if not number else layers[number % 3],
                arguments=arguments if number and number % 3 == 0 else frozen({}),
                at=place(number, sideways=False),
            )
            for number, name in enumerate(names)
        }
        links = tuple(Link(a, "out", b, "in") for a, b in pairwise(names))
        self.project = Project(blocks=frozen({MAIN: Block(frozen(made), links)}))
        self.editor = Editor(Document(self.project))
        self.view = CanvasView(self.editor)
        self.view.items_scene.animated = False
        self.view.resize(*SIZE)
        self.view.show()
        self.viewport = self.view.viewport()

    def show(self, bounds: QRectF) -> None:
        """Fit a part."""
        self.view.camera.fit(bounds, [])

    def pan(self, pixels: int) -> None:
        """As a drag with the middle button does."""
        self.view.pan(0, pixels)

    def zoom(self, factor: float) -> None:
        """As the wheel does."""
        self.view.set_zoom(self.view.zoom * factor)

    def fan(self) -> QPoint:
        """Add nodes around one."""
        from graph.edits import add_node
        from graph.links import connect
        from graph.state import MAIN

        project = self.project
        around = part(50, len(project.main.nodes), sideways=False).center()
        project = add_node(project, MAIN, "ReLU", at=(around.x() + 40, around.y() + 60), name="hub")
        project = connect(project, MAIN, "node3", "hub")
        for number in range(FAN - 1):
            at = (around.x() - 500 + 50 * number, around.y() + 250)
            project = add_node(project, MAIN, "ReLU", at=at, name=f"leaf{number}")
            project = connect(project, MAIN, "hub", f"leaf{number}")
        self.editor.apply("Fan", lambda _: project)
        item = self.view.items_scene.node_items["hub"]
        return self.view.camera.to_view(item.pos() - QPointF(60, 0)).toPoint()

    def rename(self, number: int) -> None:
        """With everything that follows from it."""
        from graph.edits import rename_node
        from graph.state import MAIN

        nodes = list(self.editor.document.state.main.nodes)
        old, new = nodes[len(nodes) // 2], f"renamed{number}"
        self.editor.apply("Rename", lambda project: rename_node(project, MAIN, old, new))


class Theirs:
    """The same with NodeGraphQt."""

    sideways = True

    def open(self, nodes: int) -> None:
        """Without undo and without selecting, which is its fastest way to build a graph."""
        from NodeGraphQt import BaseNode, NodeGraph

        class Plain(BaseNode):
            __identifier__ = "benchmark"
            NODE_NAME = "Node"

            def __init__(self) -> None:
                super().__init__()
                self.add_input("in")
                self.add_output("out", multi_output=True)

        self.graph = NodeGraph()
        self.graph.register_node(Plain)
        self.viewer = self.graph.viewer()
        self.viewer.resize(*SIZE)
        self.made = [
            self._node(f"node{number}", place(number, sideways=True)) for number in range(nodes)
        ]
        for one, other in pairwise(self.made):
            one.output(0).connect_to(other.input(0), push_undo=False)
        self.viewer.show()
        self.viewport = self.viewer.viewport()

    def _node(self, name: str, at: tuple[float, float]) -> Any:
        return self.graph.create_node(
            "benchmark.Plain", name=name, pos=list(at), selected=False, push_undo=False
        )

    def show(self, bounds: QRectF) -> None:
        """Fit a part."""
        self.viewer._scene_range = QRectF(bounds)
        self.viewer._update_scene()

    def pan(self, pixels: int) -> None:
        """As its mouse handler does."""
        scale = self.viewer.transform().m22()
        self.viewer._set_viewer_pan(0, -pixels / scale)

    def zoom(self, factor: float) -> None:
        """As its wheel handler does."""
        self.viewer.scale(factor, factor)

    def fan(self) -> QPoint:
        """Add nodes around one."""
        around = part(50, len(self.made), sideways=True).center()
        hub = self._node("hub", (around.x() + 40, around.y() + 60))
        self.made[3].output(0).connect_to(hub.input(0), push_undo=False)
        for number in range(FAN - 1):
            leaf = self._node(f"leaf{number}", (around.x() - 500 + 50 * number, around.y() + 250))
            hub.output(0).connect_to(leaf.input(0), push_undo=False)
        centre = hub.view.mapToScene(hub.view.boundingRect().center())
        return self.viewer.mapFromScene(centre)

    def rename(self, number: int) -> None:
        """Through its undo stack, as a person's rename goes."""
        self.made[len(self.made) // 2].set_name(f"renamed{number}")


def timed(action: Callable[[], object]) -> float:
    """Milliseconds until what an action changes is painted."""
    begun = time.perf_counter()
    action()
    QApplication.processEvents()
    return (time.perf_counter() - begun) * 1000


def measure(side: Side, nodes: int, frames: int) -> dict[str, list[float]]:
    """Milliseconds by what is done; for memory, KiB."""
    process = psutil.Process()
    times: dict[str, list[float]] = {}
    # What is loaded once is not a matter of the graph.
    side.open(10)
    QApplication.processEvents()
    gc.collect()
    before = process.memory_info().rss
    times["open, with links"] = [timed(lambda: side.open(nodes))]
    gc.collect()
    held = process.memory_info().rss - before
    times["memory of a node [KiB]"] = [held / 1024 / nodes]
    for count in (nodes, 50):
        timed(lambda count=count: side.show(part(count, nodes, sideways=side.sideways)))
        times[f"pan, {count} in view"] = [
            timed(lambda n=n: side.pan(9 if n % 20 < 10 else -9)) for n in range(frames)
        ]
        steps = [1 / 1.03] * (frames // 4) + [1.03] * (frames // 2) + [1 / 1.03] * (frames // 4)
        times[f"zoom, {count} in view"] = [timed(lambda s=s: side.zoom(s)) for s in steps]
    timed(lambda: side.show(part(50, nodes, sideways=side.sideways)))
    pixel = side.fan()
    QApplication.processEvents()
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(side.viewport, left, none, pixel)
    times[f"drag a node with {FAN} links"] = [
        timed(
            lambda n=n: QTest.mouseMove(
                side.viewport, pixel + QPoint(4 * (n % 20) + 8, 3 * (n % 15))
            )
        )
        for n in range(1, frames + 1)
    ]
    QTest.mouseRelease(side.viewport, left, none, pixel)
    times["rename a node"] = [timed(lambda n=n: side.rename(n)) for n in range(10)]
    return times


SIDES = {"ours": Ours, "NodeGraphQt": Theirs}


def run_side(name: str, nodes: int, frames: int) -> None:
    """One round of one side; prints JSON."""
    if name == "ours":
        from gui.application import make_application

        application: QApplication = make_application(["kumitate"])
    else:
        application = QApplication([])
    print(json.dumps(measure(SIDES[name](), nodes, frames)), flush=True)
    # Neither side is asked to clean up.
    application.processEvents()
    os._exit(0)


def percentile(times: list[float], share: float) -> float:
    """The value that this share of all stays below."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def main() -> None:
    """Run both in turn and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--nodes", type=int, default=1000)
    parser.add_argument("--frames", type=int, default=80)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        run_side(options.side, options.nodes, options.frames)
    found: dict[str, dict[str, list[float]]] = {name: {} for name in SIDES}
    for _ in range(options.rounds):
        for name in SIDES:
            command = [
                *(sys.executable, "-m", "benchmarks.beside_nodegraphqt", "--side", name),
                *("--nodes", str(options.nodes), "--frames", str(options.frames)),
            ]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                sys.exit(f"{name} failed:\n{done.stderr}")
            for what, times in json.loads(done.stdout.splitlines()[-1]).items():
                found[name].setdefault(what, []).extend(times)
    rows = []
    for what, times in found["ours"].items():
        ours, theirs = percentile(times, 0.95), percentile(found["NodeGraphQt"][what], 0.95)
        middle, their_middle = percentile(times, 0.5), percentile(found["NodeGraphQt"][what], 0.5)
        rows.append(
            {
                "what": what,
                "ours": round(middle, 2),
                "ours_p95": round(ours, 2),
                "NodeGraphQt": round(their_middle, 2),
                "NodeGraphQt_p95": round(theirs, 2),
                "ratio": round(their_middle / middle, 2) if middle else None,
                "ratio_p95": round(theirs / ours, 2) if ours else None,
            }
        )
    if options.json:
        print(json.dumps(rows, indent=1))
        return
    print(f"{options.nodes} nodes; median and 95th percentile in ms; ratio above 1: ours is better")
    for row in rows:
        print(
            f"{row['what']:30}ours {row['ours']:9.2f} {row['ours_p95']:9.2f}   NodeGraphQt "
            f"{row['NodeGraphQt']:9.2f} {row['NodeGraphQt_p95']:9.2f}   "
            f"ratio {row['ratio']:7.2f} {row['ratio_p95']:7.2f}"
        )


if __name__ == "__main__":
    main()
