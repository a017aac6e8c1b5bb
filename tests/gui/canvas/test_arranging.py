"""Arranging puts nodes in order and brings them into view."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF

from graph.direction import BY_RESOLUTION, DIRECTIONS, LEFT_RIGHT
from graph.document import Document
from graph.dots import add_dot, lead
from graph.edits import rename_node
from graph.files import load
from graph.geometry import crosses
from graph.templates import FOLDER
from gui.canvas.curves import LINK_STYLES
from gui.canvas.preferences import canvas_preferences
from gui.canvas.view import CanvasView
from gui.editor import Editor
from tests.graph.building import project_of
from tests.graph.layouts import networks, resizing_networks
from tests.graph.networks import small_unet
from tests.gui.canvas.building import agree, block, chain, network
from tests.gui.canvas.test_template_layout import faults


@pytest.fixture(autouse=True)
def usual_links():
    yield
    canvas_preferences().set_link_style("curved")


FAR = network(
    ("image", "Input", 0, 0),
    ("relu", "ReLU", 4000, 3000),
    ("tanh", "Tanh", -5000, 2000),
    links=("image -> relu", "relu -> tanh"),
)


def seen(view):
    port = view.viewport().rect()
    return all(
        port.contains(view.camera.to_view(item.pos()).toPoint())
        for item in view.items_scene.node_items.values()
    )


@pytest.mark.parametrize("animated", [False, True])
def test_what_was_arranged_is_in_view(open_canvas, qtbot, animated):
    view = open_canvas(FAR)
    view.items_scene.animated = animated
    assert not seen(view)
    view.arranger.arrange()
    qtbot.waitUntil(lambda: not view.items_scene.glide.moving)
    qtbot.waitUntil(lambda: seen(view))
    assert view.zoom == 1.0


def test_who_looks_elsewhere_meanwhile_is_left_there(open_canvas, qtbot):
    view = open_canvas(FAR)
    view.items_scene.animated = True
    view.arranger.arrange()
    view.pan(-300, -200)
    middle = view.camera.to_canvas(QPointF(view.viewport().rect().center()))
    with qtbot.waitSignal(view.items_scene.glide.arrived):
        pass
    assert view.camera.to_canvas(QPointF(view.viewport().rect().center())) == middle


def behind(view):
    """Links that run behind nodes which they do not touch, as they are drawn."""
    scene = view.items_scene
    found = []
    for link, item in scene.link_items.items():
        for name, node in scene.node_items.items():
            card = node.card_on_canvas().adjusted(1, 1, -1, -1)
            edges = (card.left(), card.top(), card.right(), card.bottom())
            if name not in (link.source, link.target) and crosses(item.points(), edges):
                found.append(f"{link} behind {name}")
    return found


@pytest.mark.parametrize("style", LINK_STYLES)
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_no_link_runs_behind_a_node_in_a_template(open_canvas, style, direction):
    canvas_preferences().set_link_style(style)
    for file in sorted(FOLDER.glob("**/*.yaml")):
        project = load(file).project
        view = open_canvas(project)
        for name in project.blocks:
            view.editor.open_block(name)
            view.arranger.arrange(direction)
            assert behind(view) == [], f"{file.stem}: {name}"


@given(
    project=networks(), style=st.sampled_from(LINK_STYLES), direction=st.sampled_from(DIRECTIONS)
)
def test_no_link_runs_behind_a_node_in_any_network(qapp, project, style, direction):
    canvas_preferences().set_link_style(style)
    view = CanvasView(Editor(Document(project)))
    view.items_scene.animated = False
    view.arranger.arrange(direction)
    assert behind(view) == []
    agree(view)
    arranged = view.editor.document.state
    view.arranger.arrange()
    assert view.editor.document.state is arranged
    view.deleteLater()


@given(project=resizing_networks(), style=st.sampled_from(LINK_STYLES))
def test_no_link_runs_behind_a_node_in_rows_of_equal_resolution(qapp, project, style):
    canvas_preferences().set_link_style(style)
    view = CanvasView(Editor(Document(project)))
    view.items_scene.animated = False
    view.arranger.arrange(BY_RESOLUTION)
    assert faults(view) == []
    agree(view)
    view.deleteLater()


def test_a_long_way_back_to_another_row_passes_the_nodes_of_its_own(open_canvas):
    """What comes from a table joins what is left of an image, far down on the left."""
    project = project_of(
        {
            "image": "layer: Input, shape: [3, 64, 64]",
            "table": "layer: Input, shape: [9]",
            **{f"fc{number}": "layer: Linear" for number in range(1, 7)},
            **{f"pool{number}": "layer: MaxPool2d" for number in range(1, 4)},
            **{f"relu{number}": "layer: ReLU" for number in range(1, 7)},
            "flat": "layer: Flatten",
            "cat": "layer: Concat",
        },
        [
            "flat -> cat.in_1",
            "table -> fc1",
            *(f"fc{number} -> fc{number + 1}" for number in range(1, 6)),
            "fc6 -> cat.in_2",
            "pool1 -> relu1",
            *(f"relu{number} -> relu{number + 1}" for number in range(1, 6)),
            *("image -> pool1", "pool1 -> pool2", "pool2 -> pool3", "pool3 -> flat"),
        ],
    )
    view = open_canvas(project)
    view.arranger.arrange(BY_RESOLUTION)
    nodes = block(view).nodes
    assert nodes["cat"].at[0] < nodes["fc6"].at[0] - 600
    assert any(link.dots for link in block(view).links if link.source == "fc6")
    assert faults(view) == []


def test_a_longer_name_moves_nothing(open_canvas):
    """Two widths of nodes, and ports at the same places in both."""
    links = ("a -> b", "a -> c.in_1", "b -> c.in_2", "a -> d", "c -> e", "d -> e2")
    nodes = [(n, "Concat" if n == "c" else "ReLU", 0, 0) for n in ("b", "c", "d", "e", "e2")]
    view = open_canvas(network(("a", "Input", 0, 0), *nodes, links=links))
    for direction in DIRECTIONS:
        view.arranger.arrange(direction)
        places = [node.at for node in block(view).nodes.values()]
        for old, new in (("c", "a_name_much_longer_than_before"), ("d", "another_very_long_name")):
            view.editor.apply("", lambda p, old=old, new=new: rename_node(p, "main", old, new))
        view.arranger.arrange()
        assert [node.at for node in block(view).nodes.values()] == places
        view.editor.history.undo()
        view.editor.history.undo()


def test_reroute_points_set_by_hand_stay_and_are_told_where_they_cannot(open_canvas):
    view = open_canvas(chain())
    told = []
    view.editor.told.connect(told.append)
    view.arranger.arrange()
    first, last = block(view).links[0], block(view).links[-1]
    view.editor.apply("", lambda p: add_dot(p, "main", first, 0, (200.0, 50.0)))
    view.arranger.arrange()
    assert block(view).links[0].dots == ((200.0, 50.0),)
    assert not told
    x, y = block(view).nodes[first.source].at
    view.editor.apply("", lambda p: add_dot(p, "main", last, 0, (x, y - 100.0)))
    led = view.editor.document.state
    view.arranger.arrange()
    assert block(view).links[0].dots == ((200.0, 50.0),)
    assert not block(view).links[-1].dots
    assert told == [f"Arranged. {last} is no longer led as set by hand; undo brings that back"]
    view.editor.history.undo()
    assert view.editor.document.state is led


@pytest.mark.parametrize("style", LINK_STYLES)
def test_a_link_led_by_hand_is_clear_as_it_is_drawn(open_canvas, style):
    """Straight from port to point it would touch the node between; curved it does not."""
    canvas_preferences().set_link_style(style)
    links = ("image -> relu", "relu -> sum.in_1", "image -> sum.in_2")
    nodes = (("image", "Input", 0, 0), ("relu", "ReLU", 0, 90), ("sum", "Add", 0, 180))
    view = open_canvas(network(*nodes, links=links))
    view.arranger.arrange()
    skip = next(link for link in block(view).links if link.input == "in_2")
    x, y = block(view).nodes["relu"].at
    ways = ((x + 150.0, y - 5.0), (x + 150.0, y + 5.0))
    view.editor.apply("", lambda p: lead(p, "main", {skip: ways}, by_hand=True))
    clear = behind(view) == []
    view.arranger.arrange()
    kept = next(link for link in block(view).links if link.input == "in_2").dots == ways
    assert kept == clear
    assert behind(view) == []


def test_the_u_by_action_in_one_step(open_canvas):
    view = open_canvas(small_unet())
    before = view.editor.document.state
    view.arranger.arrange(BY_RESOLUTION)
    nodes = block(view).nodes
    assert block(view).direction == LEFT_RIGHT
    assert nodes["d2a"].at[1] > nodes["d1a"].at[1] + 100
    assert nodes["d2a"].at[1] > nodes["u1a"].at[1] + 100
    skip = next(i for link, i in view.items_scene.link_items.items() if link.source == "d1b"
                and link.target == "join")  # fmt: skip
    assert abs(skip.start.y() - skip.end.y()) < 40
    agree(view)
    view.editor.history.undo()
    assert view.editor.document.state is before
