"""What lies near a place, and around everything, as looking at each rectangle would tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF

from graph.edits import move_nodes
from gui.canvas.hits import node_at
from gui.canvas.preferences import canvas_preferences
from gui.canvas.spatial import SpatialIndex
from tests.gui.canvas.building import as_if_opened_anew, chain, network

NUMBER = st.integers(-2000, 2000).map(float)
SIDE = st.integers(0, 900).map(float)
RECTANGLE = st.tuples(NUMBER, NUMBER, SIDE, SIDE).map(
    lambda r: (r[0], r[1], r[0] + r[2], r[1] + r[3])
)
STEP = st.tuples(st.integers(0, 5), st.none() | RECTANGLE)


@given(st.lists(STEP, max_size=30), RECTANGLE)
def test_the_index_is_what_looking_at_each_would_tell(steps, asked):
    index, known = SpatialIndex(), {}
    for key, rectangle in steps:
        if rectangle is None:
            known.pop(key, None)
            index.remove(key)
        else:
            known[key] = rectangle
            index.place(key, rectangle)
        expected = None
        if known:
            lefts, tops, rights, bottoms = zip(*known.values(), strict=True)
            expected = min(lefts), min(tops), max(rights), max(bottoms)
        assert index.bounds() == expected
    near = {
        key
        for key, (left, top, right, bottom) in known.items()
        if left <= asked[2] and right >= asked[0] and top <= asked[3] and bottom >= asked[1]
    }
    assert set(index.touching(asked)) == near


def test_only_what_is_near_the_view_is_visible_to_qt(open_canvas):
    view = open_canvas(chain())
    scene = view.items_scene
    view.set_zoom(1.0)
    view.camera.look_at(scene.node_items["relu"].pos())
    assert scene.node_items["relu"].isVisible()
    scene.look_at(QRectF(9000, 9000, 400, 300))
    assert not any(item.isVisible() for item in scene.node_items.values())
    assert not any(item.isVisible() for item in scene.link_items.values())
    scene.show_places({"relu": scene.node_items["relu"].pos() + scene.node_items["relu"].pos()})
    assert not scene.node_items["relu"].isVisible()
    scene.show_places({"relu": QRectF(9000, 9000, 400, 300).center()})
    assert scene.node_items["relu"].isVisible()
    assert any(item.isVisible() for item in scene.link_items.values()), "its links lead there"
    scene.look_at(None)
    assert all(item.isVisible() for item in scene.node_items.values())


def test_what_comes_back_into_view_lies_above_the_same_as_before(open_canvas):
    names = [f"n{number}" for number in range(8)]
    view = open_canvas(network(*((name, "ReLU", 4 * n, 4 * n) for n, name in enumerate(names))))
    scene = view.items_scene

    def lying():
        """From below."""
        return [item.name for item in scene.items(QPointF(14, 14)) if hasattr(item, "name")][::-1]

    scene.look_at(QRectF(9000, 9000, 400, 300))
    assert not lying()
    scene.show_places({"n3": QPointF(9200, 9150)})
    scene.show_places({"n3": QPointF(12, 12)})
    scene.look_at(None)
    assert lying() == names
    assert node_at(scene, QPointF(14, 14)) == names[-1]


def test_a_size_beside_a_link_out_of_view_is_seen(open_canvas):
    """However far one has panned: what is chosen beside the view is used up on the way."""
    view = open_canvas(chain())
    link, item = next(iter(view.items_scene.link_items.items()))
    label = item.label
    assert not label.isNull()
    for step in range(200):
        scene = view.items_scene
        scene.look_at(QRectF(label.left() + step, label.top() - 20, 40, 40))
        if label.right() < label.left() + step:
            break
        assert item.isVisible(), f"{step}: {link}"


@pytest.mark.parametrize("first", ["straight", "orthogonal", "curved"])
@pytest.mark.parametrize("then", ["straight", "orthogonal", "curved"])
def test_a_link_that_comes_into_view_in_another_style_is_seen(open_canvas, first, then):
    view = open_canvas(
        network(
            ("image", "Input", 0, 0),
            ("relu", "ReLU", 4000, -3000),
            ("out", "Output", 4000, 3000),
            links=("image -> relu", "image -> out"),
        )
    )
    canvas_preferences().set_link_style(first)
    try:
        for place in (QPointF(0, 1400), QPointF(2000, -1500), QPointF(3900, 0)):
            view.camera.look_at(place)
            canvas_preferences().set_link_style(then)
            as_if_opened_anew(view)
            canvas_preferences().set_link_style(first)
    finally:
        canvas_preferences().set_link_style("curved")


def moved_as_a_whole(open_canvas):
    """A canvas with a link whose nodes both moved, and the item of the link."""
    nodes = ("relu", "ReLU", 0, 76), ("tanh", "Tanh", 77, 166)
    view = open_canvas(network(*nodes, links=("relu -> tanh",)))
    places = {"relu": (0, -24), "tanh": (77, 66)}
    view.editor.apply("Move", lambda p: move_nodes(p, "main", places))
    view.items_scene.glide.finish()
    (item,) = view.items_scene.link_items.values()
    return view, item


def test_a_link_that_moved_as_a_whole_is_where_it_would_be_anew(open_canvas):
    """Here a point of it lies half way between two numbers of six digits, give or take 1e-13."""
    view, _ = moved_as_a_whole(open_canvas)
    as_if_opened_anew(view)


def test_a_link_that_moved_elsewhere_is_noticed(open_canvas):
    view, item = moved_as_a_whole(open_canvas)
    x, y = item.points()[6]
    item.points()[6] = x, y + 0.001
    with pytest.raises(AssertionError):
        as_if_opened_anew(view)
