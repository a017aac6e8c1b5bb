"""Pictures of reading a network, of the inspector, and of trying things out."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from docs.pictures.stage import Stage
from docs.screenshots import settle
from graph.edits import add_node, default_node_name, remove_nodes, set_argument
from graph.expression import Expression
from graph.links import connect
from graph.placing import add_after
from graph.project_edits import set_block_parameter
from graph.removal import remove_selection
from graph.setting_edits import set_setting, share_weights
from graph.state import MAIN, BlockParameter, Project


def levels(stage: Stage) -> None:
    """From further away, nodes show less: all, name and size, the name, a coloured card."""
    stage.only_canvas()
    part = stage.crop(294, 520)
    for zoom in (1.0, 0.5, 0.35, 0.15):
        stage.look(0, 400, zoom)
        stage.snap(part)


def shares(counted: str) -> Callable[[Stage], None]:
    """On demand, a bar shows each node's share of the weights or of the work."""

    def show(stage: Stage) -> None:
        stage.act(f"share_{counted}")
        stage.look(0, 640, 0.9)
        stage.tell(stage.node("fc1", -80, 4))
        stage.snap()
        stage.act("share_nothing")

    return show


def badges(stage: Stage) -> None:
    """Signs on nodes: frozen, shared, bypassed, repeated, conditional, wrong."""

    def twice(project: Project) -> Project:
        name = default_node_name(project, MAIN, "Residual")
        project = add_after(project, MAIN, "stage1", "Residual", is_block=True)
        project = set_argument(project, MAIN, name, "channels", Expression("width"))
        return share_weights(project, MAIN, name, "stage1")

    def conditional(project: Project) -> Project:
        project = set_block_parameter(project, MAIN, "smooth", BlockParameter(False))
        return set_setting(project, MAIN, "norm", "only_if", "smooth")

    def forgotten(project: Project) -> Project:
        project = remove_nodes(project, MAIN, ["flatten"])
        return connect(project, MAIN, "pool", "fc")

    stage.edit("Share", twice)
    stage.edit("Freeze", lambda p: set_setting(p, MAIN, "stem", "frozen", True))
    stage.edit("Bypass", lambda p: set_setting(p, MAIN, "relu", "bypassed", True))
    stage.edit("Condition", conditional)
    stage.edit("Remove", forgotten)
    stage.only_canvas()
    stage.window.resize(1000, 1160)
    stage.canvas.show_problem_card(False)
    stage.look(0, 500)
    stage.snap(stage.crop(440, 1060))


def card(stage: Stage) -> None:
    """What a node does, and how its numbers come about."""
    stage.look(0, 380)
    stage.tell(stage.node("conv2"))
    stage.snap()


def code(stage: Stage) -> None:
    """The code of the selected node is marked, and a click into the code selects its node."""
    design = stage.window.pages.design
    stage.hide("palette")
    design.show_tab("code")
    design.middle.setSizes([300, 380])
    stage.editor.go_to(MAIN, "conv2")
    stage.look(0, 360)
    stage.snap()


def find(stage: Stage) -> None:
    """Nodes by name, layer or problem."""
    stage.act("find_node")
    QTest.keyClicks(stage.window.pages.design.find_bar.line, "convolution")
    stage.snap()


def several(stage: Stage) -> None:
    """Several nodes of one layer, edited at once."""
    stage.edit("Filters", lambda p: set_argument(p, MAIN, "conv2", "kernel_size", 3))
    stage.editor.select(["conv1", "conv2"])
    stage.look(0, 330)
    stage.snap()


def _field(stage: Stage, parameter: str) -> QLineEdit:
    stage.window.pages.design.inspector.update_now()
    line = stage.window.findChild(QLineEdit, f"line_{parameter}")
    line.setFocus()
    line.selectAll()
    return line


def invalid(stage: Stage) -> None:
    """A value that cannot be stays in its field, with the reason and legal values."""
    stage.editor.select(["conv2"])
    stage.look(0, 330)
    line = _field(stage, "kernel_size")
    QTest.keyClicks(line, "0")
    stage.snap()


def completion(stage: Stage) -> None:
    """Names of parameters complete themselves."""
    stage.editor.select(["stem"])
    stage.look(0, 330)
    line = _field(stage, "out_channels")
    QTest.keyClicks(line, "= 2 * w")
    settle(0.6)
    stage.snap()


def reset(stage: Stage) -> None:
    """What is not the default stands out, and goes back by a click."""
    stage.editor.select(["conv1"])
    stage.look(0, 330)
    stage.window.pages.design.inspector.update_now()
    row = stage.window.pages.design.inspector.form.rows["padding"]
    stage.point(row.back.rect().center(), row.back)
    stage.snap()


def bypass(stage: Stage) -> None:
    """What if this node were not there: sizes and costs without it."""
    stage.edit("Bypass", lambda p: set_setting(p, MAIN, "pool1", "bypassed", True))
    stage.editor.select(["pool1"])
    stage.look(0, 330)
    stage.snap()


def compare(stage: Stage) -> None:
    """Two versions of a network, one over the other."""
    before = stage.editor.document.state
    stage.edit("Remove tanh1", lambda p: remove_selection(p, MAIN, ["tanh1"]))
    stage.edit("Wider", lambda p: set_argument(p, MAIN, "conv1", "out_channels", 12))
    stage.edit("Add", lambda p: add_node(p, MAIN, "ReLU", name="relu", at=(280, 270)))
    stage.only_canvas()
    stage.window.pages.design.comparison.compare_with(before, "the saved file lenet5.yaml")
    stage.look(-60, 270)
    settle(0.2)
    stage.snap(stage.canvas)


def cost(stage: Stage) -> None:
    """Where weights and work are, as a table."""
    stage.window.pages.design.show_tab("cost")
    stage.window.pages.design.middle.setSizes([320, 360])
    stage.editor.go_to(MAIN, "fc1")
    stage.snap()


def rename(stage: Stage) -> None:
    """Enter takes a name; one that cannot be says why."""
    stage.editor.select(["conv2"])
    stage.act("rename")
    line = stage.window.findChild(QLineEdit, "node_name")
    line.setFocus(Qt.FocusReason.OtherFocusReason)
    line.selectAll()
    QTest.keyClicks(line, "conv1")
    QTest.keyClick(line, Qt.Key.Key_Return)
    stage.snap()


SCENES = {
    "levels": ("lenet5", levels),
    "shares-weights": ("lenet5", shares("weights")),
    "shares-multiply-adds": ("lenet5", shares("multiply_adds")),
    "badges": ("resnet-small", badges),
    "card": ("lenet5", card),
    "code": ("lenet5", code),
    "find": ("lenet5", find),
    "several": ("lenet5", several),
    "invalid": ("lenet5", invalid),
    "completion": ("resnet-small", completion),
    "reset": ("lenet5", reset),
    "rename": ("lenet5", rename),
    "bypass": ("lenet5", bypass),
    "compare": ("lenet5", compare),
    "cost": ("lenet5", cost),
}
