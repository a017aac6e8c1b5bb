"""Pictures of adding nodes and of linking them."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest

from docs.pictures.stage import LEFT, NONE, Stage
from graph.dots import add_dot
from graph.edits import add_node, remove_nodes
from graph.links import connect
from graph.state import MAIN, Link


def drag(stage: Stage) -> None:
    """A layer on its way from the palette."""
    stage.look(90, 300)
    stage.window.pages.design.palette_panel.search.setText("drop")
    stage.carry("Dropout", stage.pixel(280, 225))
    stage.snap()


def search(stage: Stage) -> None:
    """Double click on nothing: the search opens there."""
    stage.hide("inspector")
    stage.look(-160, 330)
    QTest.mouseDClick(stage.canvas.viewport(), LEFT, NONE, QPoint(100, 180))
    stage.type("norm")
    stage.snap()


def wire(stage: Stage) -> None:
    """A wire let go over nothing: only what takes it is offered."""
    stage.hide("palette")
    stage.look(160, 360)
    start = stage.port("pool1", "out", is_input=False)
    stage.hold(start, start + QPoint(190, 60))
    stage.release(start + QPoint(190, 60))
    stage.snap()


def insert(stage: Stage) -> None:
    """A layer dropped on a wire goes into it; the wire lights up."""
    stage.look(0, 310)
    stage.carry("BatchNorm2d", stage.middle(Link("conv1", "out", "tanh1", "in")))
    stage.snap()


def typing(stage: Stage) -> None:
    """Letters while a node is selected begin the name of what comes behind it."""
    stage.hide("palette")
    stage.look(200, 330)
    stage.editor.select(["conv1"])
    stage.canvas.setFocus()
    stage.type("max")
    stage.snap()


def healing(stage: Stage) -> None:
    """A node is removed from a chain, which is whole afterwards."""
    stage.only_canvas()
    stage.look(0, 180)
    stage.editor.select(["tanh1"])
    part = stage.crop(420, 480)
    stage.snap(part)
    stage.act("delete")
    stage.snap(part)


def targets(stage: Stage) -> None:
    """A link in hand: everything that takes it lights up."""
    stage.edit("Add", lambda p: add_node(p, MAIN, "Concat", at=(-290, 180), name="join"))
    stage.edit("Add", lambda p: add_node(p, MAIN, "ReLU", at=(-290, 300), name="relu"))
    stage.edit("Add", lambda p: add_node(p, MAIN, "MaxPool2d", at=(-290, 60), name="pool"))
    stage.look(-120, 310)
    start = stage.port("conv1", "out", is_input=False)
    stage.hold(start, start + QPoint(-150, 30))
    stage.snap()


def refused(stage: Stage) -> None:
    """A link that cannot be: the reason stands beside the mouse."""
    stage.look(0, 320)
    stage.hold(stage.port("pool1", "out", is_input=False), stage.port("conv1", "in", is_input=True))
    stage.snap()


def misfit(stage: Stage) -> None:
    """A link whose sizes would not fit can be made, and says so before."""
    stage.edit("Add", lambda p: add_node(p, MAIN, "Linear", at=(290, 180), name="linear"))
    stage.look(90, 320)
    stage.hold(
        stage.port("conv1", "out", is_input=False), stage.port("linear", "in", is_input=True)
    )
    stage.snap()


def snapping(stage: Stage) -> None:
    """Near a node, the link jumps to its free port."""
    stage.edit("Add", lambda p: add_node(p, MAIN, "Concat", at=(-290, 260), name="join"))
    stage.edit("Link", lambda p: connect(p, MAIN, "conv1", "join"))
    stage.look(-120, 320)
    stage.hold(stage.port("tanh1", "out", is_input=False), stage.node("join", 40, -6))
    stage.snap()


def axes(stage: Stage) -> None:
    """What flows through a port, with the names of its axes."""
    stage.look(0, 360)
    stage.tell(stage.port("conv2", "out", is_input=False))
    stage.snap()


def kinds(stage: Stage) -> None:
    """Ports have the colour of what flows: images, then vectors."""
    stage.look(0, 620)
    stage.tell(stage.middle(Link("pool2", "out", "flatten", "in")) + QPoint(0, 2))
    stage.snap()


def reroute(stage: Stage) -> None:
    """Reroute points lead a link around what is in its way."""
    stage.editor.open_block("Residual")
    link = Link("entry", "out", "add", "in_1")
    places = ((-90, 90), (-90, 450))
    for number, at in enumerate(places):
        stage.edit("Dot", lambda p, n=number, at=at: add_dot(p, "Residual", link, n, at))
    stage.look(40, 280)
    stage.canvas.setFocus()
    stage.hold(stage.pixel(*places[1]), stage.pixel(*places[1]) + QPoint(-40, -20))
    stage.snap()


def problem(stage: Stage) -> None:
    """Sizes that do not fit turn the wire and the node red."""
    stage.edit(
        "Remove", lambda p: connect(remove_nodes(p, MAIN, ["flatten"]), MAIN, "pool2", "fc1")
    )
    stage.editor.go_to(MAIN, "fc1")
    stage.snap()


def keyboard_link(stage: Stage) -> None:
    """A link without a mouse."""
    stage.edit("Add", lambda p: add_node(p, MAIN, "Concat", at=(-290, 270), name="join"))
    stage.hide("inspector")
    stage.look(-60, 330)
    stage.editor.select(["conv1"])
    stage.act("link_to")
    stage.snap()


def status(stage: Stage) -> None:
    """The status bar says what the gesture in hand would do."""
    stage.look(0, 360)
    start = stage.port("tanh2", "out", is_input=False)
    stage.hold(start, start + QPoint(150, 100))
    stage.snap()


SCENES = {
    "drag": ("lenet5", drag),
    "search": ("lenet5", search),
    "wire": ("lenet5", wire),
    "insert": ("lenet5", insert),
    "typing": ("lenet5", typing),
    "healing": ("lenet5", healing),
    "targets": ("lenet5", targets),
    "refused": ("lenet5", refused),
    "misfit": ("lenet5", misfit),
    "snapping": ("lenet5", snapping),
    "axes": ("lenet5", axes),
    "kinds": ("lenet5", kinds),
    "reroute": ("resnet-small", reroute),
    "problem": ("lenet5", problem),
    "link-by-keyboard": ("lenet5", keyboard_link),
    "status": ("lenet5", status),
}
