"""Makes the pictures of docs/CANVAS.md: what can be done on the canvas, on real networks.

uv run python docs/canvas_pictures.py [FOLDER]        (docs/images/canvas unless another is named)
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from docs.screenshots import settle
from graph.dots import add_dot
from graph.edits import add_node, set_argument
from graph.links import connect
from graph.setting_edits import set_setting
from graph.state import MAIN, Project
from gui.application import make_application
from gui.main_window import MainWindow
from gui.theme import theme

SIZE = (1200, 760)
LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


class Scene:
    """A window with a template, and a hand."""

    def __init__(self, template: str) -> None:
        self.window = MainWindow()
        self.window.resize(*SIZE)
        self.window.show()
        self.window.commands.new_from_template(template)
        self.canvas = self.window.pages.design.canvas
        self.canvas.items_scene.animated = False
        self.editor = self.window.editor
        self.canvas.setFocus()
        settle(0.2)

    def act(self, name: str) -> None:
        """Do what a menu does."""
        self.window.actions_[name].trigger()

    def edit(self, label: str, edit: Callable) -> None:
        """Change the network."""
        self.editor.apply(label, edit)

    def node(self, name: str) -> QPoint:
        """A pixel of a node."""
        place = self.canvas.items_scene.node_items[name].pos() + QPointF(-60, 0)
        return self.canvas.camera.to_view(place).toPoint()

    def port(self, name: str, port: str, *, is_input: bool) -> QPoint:
        """The pixel of a port."""
        item = self.canvas.items_scene.node_items[name]
        place = item.port_place(port, is_input=is_input)
        return self.canvas.camera.to_view(place).toPoint()

    def hold(self, start: QPoint, end: QPoint, modifier: Qt.KeyboardModifier = NONE) -> None:
        """Drag, and do not let go."""
        port = self.canvas.viewport()
        QTest.mousePress(port, LEFT, modifier, start)
        for part in (0.3, 0.7, 1.0):
            QTest.mouseMove(port, start + (end - start) * part)

    def release(self, at: QPoint) -> None:
        """Let go."""
        QTest.mouseRelease(self.canvas.viewport(), LEFT, NONE, at)

    def look(self, x: float, y: float, zoom: float = 1.0) -> None:
        """Show a place."""
        self.canvas.set_zoom(zoom)
        self.canvas.camera.look_at(QPointF(x, y))
        settle(0.2)

    def close(self) -> None:
        """Throw it away."""
        self.canvas.cancel_gesture()
        for one in self.window.workspaces:
            one.editor.replace_project(Project())
            one.session.begin(Project())
        self.window.close()
        self.window.deleteLater()
        settle(0.1)


def search(scene: Scene) -> QWidget:
    """Double click on nothing: the search opens there."""
    scene.look(0, 200)
    QTest.mouseDClick(scene.canvas.viewport(), LEFT, NONE, QPoint(80, 220))
    QTest.keyClicks(scene.canvas.adder.popup.line, "norm")
    return scene.window


def wire(scene: Scene) -> QWidget:
    """A wire let go over nothing: only what takes it is offered."""
    scene.look(0, 260)
    start = scene.port("pool1", "out", is_input=False)
    scene.hold(start, start + QPoint(-190, 60))
    scene.release(start + QPoint(-190, 60))
    return scene.window


def insert(scene: Scene) -> QWidget:
    """A node dropped on a wire goes into it; the wire lights up."""
    scene.edit("Add", lambda p: add_node(p, MAIN, "Dropout", at=(300, 135), name="dropout"))
    scene.look(60, 180)
    scene.hold(scene.node("dropout"), scene.node("dropout") - QPoint(270, 0))
    return scene.window


def targets(scene: Scene) -> QWidget:
    """A link in hand: what takes it lights up, what would not fit says why."""
    scene.edit("Add", lambda p: add_node(p, MAIN, "Linear", at=(290, 180), name="linear"))
    scene.edit("Add", lambda p: add_node(p, MAIN, "Concat", at=(-290, 180), name="join"))
    scene.look(0, 180)
    scene.hold(
        scene.port("conv1", "out", is_input=False), scene.port("linear", "in", is_input=True)
    )
    return scene.window


def refused(scene: Scene) -> QWidget:
    """A link that cannot be: the reason stands beside the mouse."""
    scene.look(0, 180)
    scene.hold(scene.port("pool1", "out", is_input=False), scene.port("conv1", "in", is_input=True))
    return scene.window


def problem(scene: Scene) -> QWidget:
    """Sizes that do not fit turn the wire and the node red."""
    from graph.edits import remove_nodes

    scene.edit(
        "Remove", lambda p: connect(remove_nodes(p, MAIN, ["flatten"]), MAIN, "pool2", "fc1")
    )
    scene.editor.go_to(MAIN, "fc1")
    return scene.window


def guides(scene: Scene) -> QWidget:
    """While moving, nodes line up with others."""
    scene.edit("Add", lambda p: add_node(p, MAIN, "Dropout", at=(300, 120), name="dropout"))
    scene.look(120, 180)
    scene.hold(scene.node("dropout"), scene.node("dropout") + QPoint(6, 60))
    return scene.window


def badges(scene: Scene) -> QWidget:
    """Frozen, bypassed, shared and repeated nodes say so."""
    scene.edit("Freeze", lambda p: set_setting(p, MAIN, "stage1", "frozen", True))
    scene.edit("Bypass", lambda p: set_setting(p, MAIN, "relu", "bypassed", True))
    scene.edit("Share", lambda p: set_setting(p, MAIN, "stage2", "learning_rate_factor", 0.1))
    scene.editor.select(["stage1"])
    return scene.window


def shares(scene: Scene) -> QWidget:
    """On demand, a bar shows each node's share of the weights."""
    scene.act("share_weights")
    scene.act("fit")
    return scene.window


def near(zoom: float) -> Callable[[Scene], QWidget]:
    """How much can be read at a zoom."""

    def show(scene: Scene) -> QWidget:
        scene.look(0, 400, zoom)
        return scene.window

    return show


def several(scene: Scene) -> QWidget:
    """Several nodes of one layer, edited at once."""
    scene.edit("Filters", lambda p: set_argument(p, MAIN, "conv2", "kernel_size", 3))
    scene.editor.select(["conv1", "conv2"])
    scene.look(0, 250)
    return scene.window


def palette(scene: Scene) -> QWidget:
    """Everything by typing."""
    scene.act("command_palette")
    QTest.keyClicks(scene.window.palette_.popup.line, "conv")
    return scene.window


def find(scene: Scene) -> QWidget:
    """Nodes by name, layer or problem."""
    scene.act("find_node")
    line = scene.window.pages.design.find_bar.line
    QTest.keyClicks(line, "convolution")
    return scene.window


def shortcuts(scene: Scene) -> QWidget:
    """All keys, and changing them."""
    scene.act("shortcuts")
    settle(0.3)
    return scene.window.findChild(QWidget, "shortcuts_window")


def block(scene: Scene) -> QWidget:
    """Inside of a block, with the way back above."""
    scene.editor.open_block("Residual")
    return scene.window


def expanded(scene: Scene) -> QWidget:
    """A block shown where it stands, and a layer inside of it in the inspector."""
    scene.act("show_bottom")
    scene.editor.select(["stage2"])
    scene.act("expand")
    scene.editor.select_inside("stage2", ["conv2"])
    middle = scene.canvas.items_scene.node_items["stage2"].pos()
    scene.look(middle.x(), middle.y() - 40, 0.72)
    return scene.window


def reroute(scene: Scene) -> QWidget:
    """A link led through two dots, one of them in hand."""
    scene.act("show_bottom")
    scene.editor.open_block("Residual")
    graph = scene.editor.document.state.blocks["Residual"]
    link = next(one for one in graph.links if (one.source, one.target) == ("entry", "add"))
    for number, place in enumerate([(-160.0, 100.0), (-160.0, 440.0)]):
        scene.edit("Lead", lambda p, n=number, at=place: add_dot(p, "Residual", link, n, at))
    scene.look(0, 300, 0.9)
    dot = scene.canvas.camera.to_view(QPointF(-160, 440)).toPoint()
    scene.hold(dot, dot + QPoint(0, 12))
    return scene.window


def tabs(scene: Scene) -> QWidget:
    """Several projects, a tab each."""
    scene.act("new_tab")
    scene.window.commands.new_from_template("mlp")
    return scene.window


def keyboard_link(scene: Scene) -> QWidget:
    """A link without a mouse."""
    scene.edit("Add", lambda p: add_node(p, MAIN, "Concat", at=(-290, 270), name="join"))
    scene.look(0, 250)
    scene.editor.select(["conv1"])
    scene.act("link_to")
    return scene.window


PICTURES: dict[str, tuple[str, Callable[[Scene], QWidget]]] = {
    "search": ("lenet5", search),
    "wire": ("lenet5", wire),
    "insert": ("lenet5", insert),
    "targets": ("lenet5", targets),
    "refused": ("lenet5", refused),
    "problem": ("lenet5", problem),
    "link-by-keyboard": ("lenet5", keyboard_link),
    "guides": ("lenet5", guides),
    "block": ("resnet-small", block),
    "badges": ("resnet-small", badges),
    "shares": ("lenet5", shares),
    "zoom-100": ("lenet5", near(1.0)),
    "zoom-50": ("lenet5", near(0.5)),
    "zoom-35": ("lenet5", near(0.35)),
    "zoom-15": ("lenet5", near(0.15)),
    "several": ("lenet5", several),
    "command-palette": ("lenet5", palette),
    "find": ("lenet5", find),
    "shortcuts": ("lenet5", shortcuts),
    "expanded": ("resnet-small", expanded),
    "reroute": ("resnet-small", reroute),
    "tabs": ("lenet5", tabs),
}
"""The template of each picture, and what is done with it."""


def main(folder: Path, names: list[str]) -> None:
    """Make all pictures, or some, in both modes."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        os.environ["KUMITATE_DATA_DIR"] = place
        make_application(["kumitate"])
        for name in names or PICTURES:
            template, show = PICTURES[name]
            for mode in ("light", "dark"):
                theme().set_mode(mode)
                scene = Scene(template)
                shown = show(scene)
                settle(0.4)
                path = folder / f"{name}-{mode}.png"
                if not shown.grab().save(str(path)):
                    raise OSError(f"{path} cannot be written")
                print(path, flush=True)
                scene.close()


if __name__ == "__main__":
    where = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "images" / "canvas"
    main(where, sys.argv[2:])
