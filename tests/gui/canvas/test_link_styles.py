"""Links take the course that a person chose, from port to port."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF

from graph.direction import DIRECTIONS, turned
from graph.geometry import distance
from gui.canvas import curves
from gui.canvas.curves import LINK_STYLES, points_of
from gui.canvas.preferences import canvas_preferences
from gui.canvas.routes import legs_of
from tests.gui.canvas.building import agree, network

PLACES = st.tuples(st.integers(-900, 900), st.integers(-900, 900))
BESIDE = network(
    ("image", "Input", 0, 0),
    ("relu", "ReLU", 300, 200),
    ("tanh", "Tanh", 0, -200),
    links=("image -> relu", "relu -> tanh"),
)


@pytest.fixture(autouse=True)
def _back_to_curves():
    yield
    canvas_preferences().set_link_style("curved")


def course(start, end, style):
    start, end = QPointF(*start), QPointF(*end)
    return curves.points_of(start, curves.cubics(start, end, style), end)


@pytest.mark.parametrize("style", LINK_STYLES)
@given(start=PLACES, end=PLACES)
def test_every_course_leads_from_port_to_port(style, start, end):
    points = course(start, end, style)
    assert points[0] == pytest.approx(start)
    assert points[-1] == pytest.approx(end)
    for one, other in itertools.pairwise(points):
        level = one[1] == pytest.approx(other[1], abs=1e-6)
        upright = one[0] == pytest.approx(other[0], abs=1e-6)
        if style == "orthogonal" and abs(start[0] - end[0]) >= 1:
            assert level or upright
    if style == "straight":
        assert len(points) == 2


@given(start=PLACES, end=PLACES)
def test_right_angles_leave_downwards_and_arrive_from_above(start, end):
    if start[0] == end[0] and start[1] >= end[1]:
        return
    points = course(start, end, "orthogonal")
    assert points[1][1] > points[0][1]
    assert points[-1][1] > points[-2][1]


def test_the_canvas_follows_the_choice(open_canvas):
    view = open_canvas(BESIDE)
    before = view.editor.document.state
    seen = {}
    for style in ("straight", "orthogonal", "curved"):
        canvas_preferences().set_link_style(style)
        agree(view)
        seen[style] = [tuple(item.points()) for item in view.items_scene.link_items.values()]
    assert len({tuple(paths) for paths in seen.values()}) == 3
    assert all(len(path) == 2 for path in seen["straight"])
    assert view.editor.document.state is before


def test_a_moved_node_keeps_the_style(open_canvas):
    view = open_canvas(BESIDE)
    canvas_preferences().set_link_style("straight")
    view.items_scene.show_places({"relu": QPointF(500, 300)})
    assert all(len(item.points()) == 2 for item in view.items_scene.link_items.values())


def test_another_canvas_begins_with_it(open_canvas):
    canvas_preferences().set_link_style("orthogonal")
    assert open_canvas(BESIDE).items_scene.surface.link_style == "orthogonal"


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_a_curve_through_points_far_apart_keeps_near_the_way_from_one_to_the_next(direction):
    way = [
        turned(direction, at) for at in ((0, 1000), (40, 1045), (40, -100), (700, -100), (720, 0))
    ]
    legs = legs_of([QPointF(*at) for at in way], "curved", direction)
    pieces = tuple(piece for leg in legs for piece in leg)
    points = points_of(QPointF(*way[0]), pieces, QPointF(*way[-1]))
    assert max(distance(way, x, y) for x, y in points) < 45
