"""What lies near a place, and around everything, as looking at each rectangle would tell."""

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF

from gui.canvas.spatial import SpatialIndex
from tests.gui.canvas.building import chain

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
