"""Blocks shown in place: the room they need, what takes it back, and their file."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.check import check_project
from graph.compare import compare
from graph.direction import DIRECTIONS, LEFT_RIGHT, TOP_DOWN
from graph.dissolving import dissolve_node
from graph.dots import Dot, add_dot, place_of
from graph.edits import EditError, add_node
from graph.expanding import (
    CARD,
    inner_corner,
    inner_places,
    inner_rectangle,
    size_of,
)
from graph.files import FileError, from_text, to_text
from graph.framing import frame_around, frame_rectangle
from graph.inference import infer_block
from graph.layout import arrange, turn
from graph.placing import add_after, free_place, insert_with_room
from graph.room import set_expanded
from graph.state import MAIN, Project
from tests.graph.building import BODY, histories, project_of


def network() -> Project:
    """image -> conv -> body -> out with a branch beside it, arranged."""
    return arrange(
        arrange(
            project_of(
                {
                    "image": "layer: Input, shape: [2, 8, 8]",
                    "conv": "layer: Conv2d, padding: 1",
                    "body": "block: Double",
                    "side": "layer: ReLU",
                    "join": "layer: Concat",
                    "out": "layer: Output",
                },
                [
                    *("image -> conv", "conv -> body", "conv -> side"),
                    *("body -> join.in_1", "side -> join.in_2", "join -> out"),
                ],
                blocks=BODY,
            ),
            MAIN,
        ),
        "Double",
    )


def rectangles(project: Project) -> dict[str, tuple[float, float, float, float]]:
    main = project.main
    found = {}
    for name, node in main.nodes.items():
        width, height = size_of(project, node, main.direction)
        x, y = node.at
        found[name] = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    return found


def overlapping(project: Project) -> list[tuple[str, str]]:
    boxes = rectangles(project)
    return [
        (a, b)
        for (a, one), (b, other) in itertools.combinations(boxes.items(), 2)
        if one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
    ]


def test_it_stands_in_the_file_beside_the_place():
    expanded = set_expanded(network(), MAIN, "body", True)
    text = to_text(expanded)
    assert "body: {block: Double, expanded: true, at: [" in text
    assert from_text(text).project == expanded
    assert "expanded" not in to_text(set_expanded(expanded, MAIN, "body", False))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{block: Double, expanded: 1}", "body.expanded: must be true or false, not 1"),
        ("{layer: ReLU, expanded: true}", "only a node that uses a block can be expanded"),
    ],
)
def test_what_it_may_be_in_a_file(line, words):
    text = f"kumitate: 1\nblocks:\n  main:\n    nodes:\n      body: {line}\n{BODY}"
    with pytest.raises(FileError, match=words.replace(".", r"\.")):
        from_text(text)


def test_the_network_is_the_same():
    before = network()
    after = set_expanded(before, MAIN, "body", True)
    assert compare(before, after).is_empty
    assert check_project(after) == check_project(before)
    sizes = [infer_block(p, MAIN).nodes["out"].inputs for p in (before, after)]
    assert sizes[0] == sizes[1]


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_others_make_room_and_take_it_back(direction):
    before = turn(network(), MAIN, direction)
    after = set_expanded(before, MAIN, "body", True)
    assert overlapping(before) == []
    assert overlapping(after) == []
    axis = 1 if direction == TOP_DOWN else 0
    old, new = rectangles(before)["body"], rectangles(after)["body"]
    assert old[axis] == new[axis], "the edge where data enters stays"
    assert before.main.nodes["conv"] is after.main.nodes["conv"]
    back = set_expanded(after, MAIN, "body", False)
    assert back == before


def test_what_is_inside_lies_within():
    after = set_expanded(network(), MAIN, "body", True)
    size = size_of(after, after.main.nodes["body"], TOP_DOWN)
    left, top = inner_corner(size, TOP_DOWN)
    around = inner_rectangle(after, "Double", TOP_DOWN)
    places = inner_places(after, "Double", TOP_DOWN)
    assert places.keys() == {"conv1", "relu1", "conv2"}
    for x, y in places.values():
        x, y = x - around[0] + left, y - around[1] + top
        assert abs(x) <= size[0] / 2 - CARD[0] / 2
        assert abs(y) <= size[1] / 2 - CARD[1] / 2


def test_a_block_of_the_other_direction_is_turned():
    project = turn(network(), "Double", LEFT_RIGHT)
    ys = [at[1] for at in inner_places(project, "Double", TOP_DOWN).values()]
    assert ys == sorted(set(ys)), "one below the other"


def test_dots_and_frames_make_room_too():
    project = network()
    below = next(x for x in project.main.links if x.source == "join")
    project = add_dot(project, MAIN, below, 0, (40, project.main.nodes["join"].at[1] + 45))
    project, frame = frame_around(project, MAIN, {"body": CARD})
    after = set_expanded(project, MAIN, "body", True)
    moved = after.main.nodes["join"].at[1] - project.main.nodes["join"].at[1]
    assert moved > 0
    assert (
        place_of(after.main, Dot(below, 0))[1] == place_of(project.main, Dot(below, 0))[1] + moved
    )
    left, top, right, bottom = frame_rectangle(after, after.main.nodes[frame])
    box = rectangles(after)["body"]
    assert left < box[0]
    assert top < box[1]
    assert right > box[2]
    assert bottom > box[3]
    back = set_expanded(after, MAIN, "body", False)
    assert place_of(back.main, Dot(below, 0)) == place_of(project.main, Dot(below, 0))
    assert frame_rectangle(back, back.main.nodes[frame]) == pytest.approx(
        frame_rectangle(project, project.main.nodes[frame]), abs=2
    )


def test_arranging_leaves_the_room():
    after = arrange(set_expanded(network(), MAIN, "body", True), MAIN)
    assert after.main.nodes["body"].expanded
    assert overlapping(after) == []
    turned_ = turn(after, MAIN, LEFT_RIGHT)
    assert overlapping(turned_) == []


def test_new_nodes_do_not_lie_on_it():
    after = set_expanded(network(), MAIN, "body", True)
    assert overlapping(add_after(after, MAIN, "body", "Sigmoid")) == []
    assert overlapping(add_after(after, MAIN, "conv", "Sigmoid")) == []
    into = next(link for link in after.main.links if link.target == "body")
    assert overlapping(insert_with_room(after, MAIN, into, "Sigmoid")) == []
    place = free_place(after, MAIN, after.main.nodes["body"].at)
    assert overlapping(add_node(after, MAIN, "ReLU", at=place)) == []


def test_dissolving_puts_everything_where_it_was_shown():
    after = set_expanded(network(), MAIN, "body", True)
    shown = inner_places(after, "Double", TOP_DOWN)
    dissolved = dissolve_node(after, MAIN, "body")
    places = [dissolved.project.main.nodes[name].at for name in dissolved.nodes]
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in itertools.pairwise(places)]
    wanted = [(b[0] - a[0], b[1] - a[1]) for a, b in itertools.pairwise(shown.values())]
    assert steps == wanted
    assert overlapping(dissolved.project) == []


def test_only_blocks_can_be_expanded():
    with pytest.raises(EditError, match="does not stand for a block"):
        set_expanded(network(), MAIN, "conv", True)
    same = network()
    assert set_expanded(same, MAIN, "body", False) is same


@given(states=histories(), data=st.data())
def test_any_block_is_expanded_and_collapsed_again(states, data):
    project = states[-1]
    names = [n.name for n in project.main.nodes.values() if n.is_block and not n.expanded]
    if not names:
        return
    name = data.draw(st.sampled_from(names))
    if project.main.nodes[name].type not in project.blocks:
        return
    back = set_expanded(set_expanded(project, MAIN, name, True), MAIN, name, False)
    for key, node in project.main.nodes.items():
        assert back.main.nodes[key].at == pytest.approx(node.at, abs=1e-3)
