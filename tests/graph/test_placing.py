"""Places for new nodes."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.direction import (
    BY_RESOLUTION,
    DIRECTIONS,
    LEFT_RIGHT,
    SPACINGS,
    TOP_DOWN,
    Direction,
    turned,
)
from graph.edits import EditError, add_node, with_block
from graph.geometry import crosses
from graph.layout import arrange, turn
from graph.links import connect
from graph.placing import (
    add_after,
    free_place,
    insert_with_room,
    make_room,
)
from graph.state import MAIN, Link, Project
from tests.graph.building import chain, project_of
from tests.graph.networks import small_unet


def overlaps(project: Project, block: str = MAIN) -> list[tuple[str, str]]:
    """Pairs of nodes that lie on each other."""
    target = project.blocks[block]
    spacing = SPACINGS[target.direction]
    places = {name: turned(target.direction, node.at) for name, node in target.nodes.items()}
    return [
        (a, b)
        for a, b in itertools.combinations(places, 2)
        if abs(places[a][0] - places[b][0]) < spacing.clear_across
        and abs(places[a][1] - places[b][1]) < spacing.clear_along
    ]


def flows_on(project: Project, block: str = MAIN) -> bool:
    """Whether every link leads down, or right where the block is drawn so."""
    target = project.blocks[block]
    axis = 1 if target.direction == TOP_DOWN else 0
    return all(
        target.nodes[link.source].at[axis] < target.nodes[link.target].at[axis]
        for link in target.links
    )


def directed(project: Project, direction: Direction, block: str = MAIN) -> Project:
    """The block in a direction, its nodes where they are."""
    return with_block(project, block, replace(project.blocks[block], arrangement=direction))


# --- single nodes ------------------------------------------------------------------------------


@given(
    wishes=st.lists(st.tuples(st.floats(-500, 500), st.floats(-500, 500)), min_size=1, max_size=20),
    direction=st.sampled_from(DIRECTIONS),
)
def test_free_places_are_free(wishes, direction):
    project = directed(Project(), direction)
    for wish in wishes:
        place = free_place(project, MAIN, wish)
        across, along = turned(direction, place)
        assert across == turned(direction, wish)[0]
        assert along >= turned(direction, wish)[1]
        project = add_node(project, MAIN, "ReLU", at=place)
    assert overlaps(project) == []


def test_room_is_made_below_a_line():
    project = arrange(chain("layer: ReLU", "layer: ReLU"), MAIN)
    moved = make_room(project, MAIN, 180.0, 90.0)
    assert [node.at[1] for node in moved.main.nodes.values()] == [0, 90, 270, 360]
    assert make_room(project, MAIN, 180.0, 0.0) is project
    project = turn(project, MAIN, LEFT_RIGHT)
    moved = make_room(project, MAIN, 680.0, 340.0)
    assert [node.at[0] for node in moved.main.nodes.values()] == [0, 340, 1020, 1360]


@given(count=st.integers(1, 8), direction=st.sampled_from(DIRECTIONS))
def test_inserting_again_and_again_never_overlaps(count, direction):
    project = turn(chain("layer: ReLU"), MAIN, direction)
    link = Link("image", "out", "n1", "in")
    for _ in range(count):
        project = insert_with_room(project, MAIN, link, "Tanh")
        link = next(one for one in project.main.links if one.target == "n1")
    assert overlaps(project) == []
    assert flows_on(project)


def test_a_node_after_another_one_goes_into_its_link():
    project = add_after(chain("layer: ReLU"), MAIN, "n1", "Tanh")
    assert [str(link) for link in project.main.links] == [
        "image -> n1",
        "n1 -> tanh1",
        "tanh1 -> out",
    ]


@pytest.mark.parametrize(("direction", "place"), [(TOP_DOWN, (0, 90)), (LEFT_RIGHT, (340, 0))])
def test_a_node_after_the_last_one_is_linked_where_data_flows_on(direction, place):
    project = add_node(directed(Project(), direction), MAIN, "Input", name="x")
    project = add_after(project, MAIN, "x", "ReLU")
    assert [str(link) for link in project.main.links] == ["x -> relu1"]
    assert project.main.nodes["relu1"].at == place


def test_a_node_after_one_with_several_links_becomes_a_branch():
    project = project_of(
        {"x": "layer: Input", "a": "layer: ReLU", "b": "layer: ReLU"}, ["x -> a", "x -> b"]
    )
    project = add_after(project, MAIN, "x", "Tanh")
    assert "x -> tanh1" in [str(link) for link in project.main.links]
    assert overlaps(project) == []


def test_what_has_no_output_gets_a_node_below_without_a_link():
    project = add_after(chain(), MAIN, "out", "ReLU")
    assert len(project.main.links) == 1
    with pytest.raises(EditError, match="nobody"):
        add_after(project, MAIN, "nobody", "ReLU")


def test_a_node_put_between_two_columns_lies_on_neither():
    """As people build: the second half of a chain beside the first."""
    names = ["a", "b", "c", "d", "e", "f"]
    project = Project()
    for number, name in enumerate(names):
        column, row = divmod(number, 3)
        place = (column * 300.0, row * 90.0)
        project = add_node(project, MAIN, "ReLU", name=name, at=place)
    for one, other in itertools.pairwise(names):
        project = connect(project, MAIN, one, other)
    project = insert_with_room(project, MAIN, Link("c", "out", "d", "in"), "Tanh")
    assert overlaps(project) == []
    # It stands by the node that it follows.
    assert project.main.nodes["tanh1"].at == (0.0, 270.0)


def by_resolution() -> Project:
    """An encoder on the left and a decoder on the right, in rows."""
    return turn(small_unet(), MAIN, BY_RESOLUTION)


def test_a_node_put_into_a_link_between_rows_stands_in_one_of_them():
    project = by_resolution()
    rows = {node.at[1] for node in project.main.nodes.values()}
    down = next(link for link in project.main.links if link.target == "pool")
    put = insert_with_room(project, MAIN, down, "ReLU")
    assert put.main.nodes["relu1"].at[1] in rows
    assert overlaps(put) == []
    at = {name: node.at for name, node in put.main.nodes.items()}
    assert not crosses([at["d1b"], at["join"]], around(at["relu1"])), "it lies on no other link"


def around(at: tuple[float, float]) -> tuple[float, float, float, float]:
    return at[0] - 115, at[1] - 24, at[0] + 115, at[1] + 24


def test_a_further_branch_stands_beside_the_others():
    project = arrange(
        project_of(
            {"x": "layer: Input", "a": "layer: ReLU", "b": "layer: ReLU", "c": "layer: ReLU"},
            ["x -> a", "x -> c", "a -> b"],
        ),
        MAIN,
    )
    added = add_after(project, MAIN, "x", "Tanh").main.nodes
    assert added["tanh1"].at[1] == added["a"].at[1] == added["c"].at[1]
