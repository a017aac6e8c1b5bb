"""Pictures of arranging nodes, and of finding one's way among them."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from docs.pictures.stage import LEFT, Stage
from docs.screenshots import settle
from graph.edits import add_node, move_nodes, set_argument
from graph.state import MAIN
from gui.canvas.frames import FrameTitleField
from gui.canvas.hits import PortHit

NOTE = """### What to try
- **Wider**: `conv1` with 16 channels
- *ReLU* instead of Tanh, which learns faster
- [x] dropout before `fc3`
- [ ] see [the paper](http://yann.lecun.com/exdb/publis/pdf/lecun-98.pdf)"""


def marquee(stage: Stage) -> None:
    """A rectangle around nodes selects them."""
    stage.look(0, 320)
    stage.hold(stage.pixel(-200, 55), stage.pixel(190, 235))
    stage.snap()


def guides(stage: Stage) -> None:
    """While moving, nodes line up with others."""
    stage.edit("Add", lambda p: add_node(p, MAIN, "Dropout", at=(270, 120), name="dropout"))
    stage.hide("palette")
    stage.look(60, 320)
    stage.hold(stage.node("dropout"), stage.node("dropout") + QPoint(6, 60))
    stage.snap()


def aligning(stage: Stage) -> None:
    """Selected nodes in one line, with equal gaps."""
    names = ("conv1", "tanh1", "pool1")
    places = dict(zip(names, ((40, 92), (-60, 178), (10, 262)), strict=True))
    stage.edit("Move", lambda p: move_nodes(p, MAIN, places))
    stage.editor.select(names)
    stage.only_canvas()
    stage.look(0, 180)
    part = stage.crop(480, 520)
    stage.snap(part)
    stage.act("align_center")
    stage.act("distribute_down")
    settle(0.4)
    stage.snap(part)


def arrange_menu(stage: Stage) -> None:
    """The menu with which nodes are put in order."""
    stage.editor.select(["conv1", "tanh1", "pool1"])
    stage.look(0, 320)
    menus = [menu for menu in stage.window.menuBar().findChildren(QMenu) if "Arr" in menu.title()]
    action: QAction = menus[0].menuAction()
    place = stage.window.menuBar().actionGeometry(action).bottomLeft()
    menus[0].popup(stage.window.menuBar().mapToGlobal(place))
    stage.snap()
    menus[0].close()


def top_down(stage: Stage) -> None:
    """In layers, from top to bottom."""
    _layers(stage, "arrange_top_down")


def left_right(stage: Stage) -> None:
    """The same from left to right."""
    _layers(stage, "arrange_left_right")


def _layers(stage: Stage, action: str) -> None:
    stage.only_canvas()
    stage.editor.open_block("Residual")
    stage.act(action)
    settle(0.4)
    stage.act("fit")
    if action == "arrange_left_right":
        bounds = stage.canvas.items_scene.content_bounds()
        stage.look(bounds.left() + 780, bounds.center().y(), 0.72)
    stage.snap(stage.canvas if action == "arrange_top_down" else stage.wide(360))


def by_resolution(stage: Stage) -> None:
    """In rows of one resolution, which makes a U of a U-Net."""
    stage.only_canvas()
    stage.act("arrange_by_resolution")
    settle(0.4)
    stage.act("fit")
    stage.snap(stage.canvas)


def expanded(stage: Stage) -> None:
    """A block shown where it stands, and a layer inside of it in the inspector."""
    stage.hide("palette")
    stage.editor.select(["stage2"])
    stage.act("expand")
    stage.editor.select(["conv2"], ("stage2",))
    middle = stage.canvas.items_scene.node_items["stage2"].pos()
    stage.look(middle.x(), middle.y() - 40, 0.72)
    stage.snap()


def linking_inside(stage: Stage) -> None:
    """A link in hand inside of an expanded block lights up what takes it there."""
    stage.only_canvas()
    stage.editor.select(["stage2"])
    stage.act("expand")
    stage.editor.select([])
    inside = stage.canvas.items_scene.inside["stage2"]
    middle = stage.canvas.items_scene.node_items["stage2"].pos()
    stage.look(middle.x(), middle.y() - 70, 0.85)
    start = inside.on_canvas(inside.port_place(PortHit("relu1", "out", False)))
    end = inside.on_canvas(inside.port_place(PortHit("add", "in_3", True)))
    stage.hold(stage.pixel(start.x(), start.y()), stage.pixel(end.x() - 5, end.y() - 6))
    stage.snap(stage.canvas)


def nested(stage: Stage) -> None:
    """A block shown in place inside of another one that is."""
    stage.only_canvas()
    blocks = stage.editor.document.state.blocks
    use = next(node for node in blocks["main"].nodes.values() if node.type == "Stage")
    stage.editor.select([use.name])
    stage.act("expand")
    stage.editor.select(["conv"], (use.name,))
    stage.act("expand")
    middle = stage.canvas.items_scene.node_items[use.name].pos()
    stage.look(middle.x(), middle.y(), 0.8)
    stage.snap(stage.canvas)


def link_styles(stage: Stage) -> None:
    """Curved, straight, and at right angles."""
    stage.only_canvas()
    stage.editor.open_block("Downsample")
    part = stage.crop(396, 660)
    for style in ("curved", "straight", "orthogonal"):
        stage.act(f"links_{style}")
        stage.act("fit")
        stage.snap(part)
    stage.act("links_curved")


def frames(stage: Stage) -> None:
    """Frames show what belongs together."""
    stage.only_canvas()
    below = ("flatten", "fc1", "tanh3", "fc2", "tanh4", "fc3", "scores")
    nodes = stage.editor.document.state.main.nodes
    places = {name: (nodes[name].at[0], nodes[name].at[1] + 60) for name in below}
    stage.edit("Move", lambda p: move_nodes(p, MAIN, places))
    for title, color, names in (
        ("Features", "teal",
         ("conv1", "tanh1", "pool1", "conv2", "tanh2", "pool2")),
        ("Decision", "orange", ("flatten", "fc1", "tanh3", "fc2", "tanh4", "fc3")),
    ):  # fmt: skip
        stage.editor.select(names)
        stage.act("frame")
        (field,) = [f for f in stage.canvas.findChildren(FrameTitleField) if f.isVisible()]
        field.setText(title)
        QTest.keyClick(field, "\r")
        (frame,) = stage.editor.selection
        stage.edit("Colour", lambda p, f=frame, c=color: set_argument(p, MAIN, f, "color", c))
        settle(0.1)
    stage.canvas.clear_selection()
    stage.look(0, 400, 0.75)
    stage.snap(stage.canvas)


def notes(stage: Stage) -> None:
    """Notes are Markdown."""
    stage.edit("Note", lambda p: add_node(p, MAIN, "Note", at=(270, 180), name="note"))
    stage.edit("Words", lambda p: set_argument(p, MAIN, "note", "text", NOTE))
    stage.hide("palette")
    stage.editor.select(["note"])
    stage.look(140, 320)
    stage.snap()


def minimap(stage: Stage) -> None:
    """The overview shows where one is, and takes one elsewhere."""
    stage.only_canvas()
    stage.look(60, 100, 1.2)
    stage.point(stage.canvas.overlays.minimap.rect().center(), stage.canvas.overlays.minimap)
    stage.snap(stage.canvas)


def breadcrumb(stage: Stage) -> None:
    """Inside of a block inside of a block, with the way back."""
    stage.only_canvas()
    stage.window.resize(940, 500)
    stage.editor.open_block("Down")
    stage.editor.open_block("DoubleConv")
    stage.canvas.visited.back()
    stage.editor.open_block("DoubleConv")
    settle(0.2)
    stage.canvas.visited.back()
    stage.snap(stage.canvas)


def block(stage: Stage) -> None:
    """Inside of a block, with the way back above."""
    stage.editor.open_block("Residual")
    stage.snap()


def grid(stage: Stage) -> None:
    """Alt lets a node go off the grid; without it, it keeps to the dots."""
    stage.edit("Add", lambda p: add_node(p, MAIN, "Dropout", at=(300, 60), name="dropout"))
    stage.only_canvas()
    stage.window.resize(940, 500)
    stage.look(140, 120, 1.5)
    press = stage.node("dropout")
    QTest.mousePress(stage.canvas.viewport(), LEFT, pos=press)
    stage.point(press + QPoint(3, 20))
    stage.point(press + QPoint(-12, 100))
    stage.snap()


SCENES = {
    "marquee": ("lenet5", marquee),
    "guides": ("lenet5", guides),
    "grid": ("lenet5", grid),
    "aligning": ("lenet5", aligning),
    "arrange-menu": ("lenet5", arrange_menu),
    "top-down": ("resnet-small", top_down),
    "left-right": ("resnet-small", left_right),
    "by-resolution": ("unet-paper", by_resolution),
    "expanded": ("resnet-small", expanded),
    "linking-inside": ("resnet-small", linking_inside),
    "nested": ("fcn-small", nested),
    "link-styles": ("resnet-small", link_styles),
    "frames": ("lenet5", frames),
    "notes": ("lenet5", notes),
    "minimap": ("unet-paper", minimap),
    "breadcrumb": ("unet-paper", breadcrumb),
    "block": ("resnet-small", block),
}
