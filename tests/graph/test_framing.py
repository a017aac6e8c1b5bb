"""Frames around nodes: what lies in them, and what happens to them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen.module import generate
from graph.check import check_project
from graph.edits import EditError, add_node, move_nodes, remove_nodes
from graph.files import from_text, to_text
from graph.framing import (
    frame_around,
    frame_rectangle,
    inside,
    set_rectangle,
    with_contents,
)
from graph.layout import arrange, turn
from graph.placing import insert_with_room
from graph.state import MAIN, Link
from tests.graph.building import chain

SIZE = (230.0, 48.0)


def framed(*names):
    """image -> n1 -> n2 -> out with a frame around some of them, and its name."""
    project = arrange(chain("layer: ReLU", "layer: Tanh"), MAIN)
    return frame_around(project, MAIN, dict.fromkeys(names, SIZE))


def rectangle(project, frame):
    return frame_rectangle(project, project.main.nodes[frame])


def test_a_frame_goes_around_the_cards_and_leaves_the_network_alone():
    project, frame = framed("n1", "n2")
    left, top, right, bottom = rectangle(project, frame)
    for name in ("n1", "n2"):
        x, y = project.main.nodes[name].at
        assert left < x - SIZE[0] / 2
        assert x + SIZE[0] / 2 < right
        assert top < y - SIZE[1] / 2
        assert y + SIZE[1] / 2 < bottom
    assert inside(project, MAIN, frame) == ["n1", "n2"]
    assert with_contents(project, MAIN, [frame]) == [frame, "n1", "n2"]
    assert with_contents(project, MAIN, ["n1"]) == ["n1"]
    plain = remove_nodes(project, MAIN, [frame])
    assert check_project(project) == check_project(plain)
    assert generate(project).text == generate(plain).text


@given(
    corner=st.tuples(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4)),
    size=st.tuples(st.floats(-50, 5000), st.floats(-50, 5000)),
)
def test_a_frame_comes_back_from_a_file_as_it_was(corner, size):
    project, frame = framed("n1")
    around = (*corner, corner[0] + size[0], corner[1] + size[1])
    project = set_rectangle(project, MAIN, frame, around)
    left, top, right, bottom = rectangle(project, frame)
    assert (left, top) == (round(corner[0]), round(corner[1]))
    assert right - left >= 80
    assert bottom - top >= 60
    assert from_text(to_text(project)).project == project


def test_a_frame_follows_what_lies_in_it_when_the_network_is_arranged():
    project, frame = framed("n1", "n2")
    before = rectangle(project, frame)
    far = move_nodes(project, MAIN, {"image": (900.0, -700.0), "out": (40.0, 1200.0)})
    arranged = arrange(far, MAIN)
    assert inside(arranged, MAIN, frame) == ["n1", "n2"]
    after = rectangle(arranged, frame)
    assert (after[2] - after[0], after[3] - after[1]) == (
        before[2] - before[0],
        before[3] - before[1],
    )
    assert arrange(arranged, MAIN) is arranged


def test_a_frame_follows_what_lies_in_it_into_another_direction():
    project, frame = framed("n1", "n2")
    turned = turn(project, MAIN, "left-right")
    assert inside(turned, MAIN, frame) == ["n1", "n2"]
    left, top, right, bottom = rectangle(turned, frame)
    assert right - left > 2 * (bottom - top)
    assert inside(turn(turned, MAIN, "top-down"), MAIN, frame) == ["n1", "n2"]


def test_a_node_put_into_a_link_in_a_frame_stays_in_it():
    project, frame = framed("n1", "n2")
    project = insert_with_room(project, MAIN, Link("n1", "out", "n2", "in"), "Sigmoid")
    assert inside(project, MAIN, frame) == ["n1", "n2", "sigmoid1"]


def test_frames_lie_in_frames():
    project, inner = framed("n1")
    project, outer = frame_around(project, MAIN, {"n1": SIZE, "n2": SIZE})
    project = set_rectangle(project, MAIN, outer, (-400, -400, 400, 800))
    assert inner in inside(project, MAIN, outer)
    assert outer not in inside(project, MAIN, inner)


def test_a_frame_around_nothing_is_refused():
    with pytest.raises(EditError, match="select the nodes"):
        frame_around(add_node(chain(), MAIN, "ReLU", name="a"), MAIN, {})
