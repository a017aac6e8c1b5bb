"""Places for new nodes, and the layout of whole graphs."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.edits import chain as residual
from graph.edits import EditError, add_node
from graph.layout import Spacing, arrange
from graph.links import connect
from graph.placing import (
    CLEAR_ACROSS,
    CLEAR_DOWN,
    SPACING,
    add_after,
    free_place,
    insert_with_room,
    make_room,
)
from graph.state import MAIN, Link, Project
from graph.templates import load_template
from tests.graph.building import chain, histories, project_of


def overlaps(project: Project, block: str = MAIN) -> list[tuple[str, str]]:
    """Pairs of nodes that lie on each other."""
    nodes = project.blocks[block].nodes.values()
    return [
        (a.name, b.name)
        for a, b in itertools.combinations(nodes, 2)
        if abs(a.at[0] - b.at[0]) < CLEAR_ACROSS and abs(a.at[1] - b.at[1]) < CLEAR_DOWN
    ]


def flows_down(project: Project, block: str = MAIN) -> bool:
    nodes = project.blocks[block].nodes
    return all(
        nodes[link.source].at[1] < nodes[link.target].at[1] for link in project.blocks[block].links
    )


# --- layout ------------------------------------------------------------------------------------


@given(states=histories())
def test_layout_has_no_overlaps_and_flows_down(states):
    project = arrange(states[-1], MAIN)
    assert overlaps(project) == []
    assert flows_down(project)
    assert arrange(states[-1], MAIN) == project, "the same graph always looks the same"
    assert arrange(project, MAIN) is project, "arranging twice changes nothing"


def test_layout_changes_only_places():
    project = load_template("resnet-small")
    for block in project.blocks:
        arranged = arrange(project, block).blocks[block]
        assert arranged.links is project.blocks[block].links
        assert list(arranged.nodes) == list(project.blocks[block].nodes)


def test_layout_keeps_the_distances_that_it_is_told():
    project = arrange(chain("layer: ReLU"), MAIN, Spacing(across=100, down=50))
    assert [node.at for node in project.main.nodes.values()] == [(0, 0), (0, 50), (0, 100)]


def test_layout_of_1000_nodes():
    start = time.process_time()
    project = arrange(residual(1000), MAIN)
    assert time.process_time() - start < 5
    assert flows_down(project)
    places = [node.at for node in project.main.nodes.values()]
    assert len(set(places)) == len(places)


def test_a_circle_cannot_be_arranged():
    project = project_of({"a": "layer: ReLU", "b": "layer: ReLU"}, ["a -> b", "b -> a"])
    with pytest.raises(EditError, match="circle"):
        arrange(project, MAIN)
    assert project.main.nodes["b"].at != project.main.nodes["a"].at


def test_an_empty_block_is_arranged_at_once():
    assert arrange(Project(), MAIN) == Project()


# --- single nodes ------------------------------------------------------------------------------


@given(
    wishes=st.lists(st.tuples(st.floats(-500, 500), st.floats(-500, 500)), min_size=1, max_size=20)
)
def test_free_places_are_free(wishes):
    project = Project()
    for wish in wishes:
        place = free_place(project.main, wish)
        assert place[0] == wish[0]
        assert place[1] >= wish[1]
        project = add_node(project, MAIN, "ReLU", at=place)
    assert overlaps(project) == []


def test_room_is_made_below_a_line():
    project = arrange(chain("layer: ReLU", "layer: ReLU"), MAIN)
    moved = make_room(project, MAIN, 180.0, 90.0)
    assert [node.at[1] for node in moved.main.nodes.values()] == [0, 90, 270, 360]
    assert make_room(project, MAIN, 180.0, 0.0) is project


@given(count=st.integers(1, 8))
def test_inserting_again_and_again_never_overlaps(count):
    project = arrange(chain("layer: ReLU"), MAIN)
    link = Link("image", "out", "n1", "in")
    for _ in range(count):
        project = insert_with_room(project, MAIN, link, "Tanh")
        link = next(one for one in project.main.links if one.target == "n1")
    assert overlaps(project) == []
    assert flows_down(project)


def test_a_node_after_another_one_goes_into_its_link():
    project = add_after(chain("layer: ReLU"), MAIN, "n1", "Tanh")
    assert [str(link) for link in project.main.links] == [
        "image -> n1",
        "n1 -> tanh1",
        "tanh1 -> out",
    ]


def test_a_node_after_the_last_one_is_linked_below_it():
    project = add_node(Project(), MAIN, "Input", name="x")
    project = add_after(project, MAIN, "x", "ReLU")
    assert [str(link) for link in project.main.links] == ["x -> relu1"]
    assert project.main.nodes["relu1"].at == (0.0, SPACING.down)


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
        place = (column * 300.0, row * SPACING.down)
        project = add_node(project, MAIN, "ReLU", name=name, at=place)
    for one, other in itertools.pairwise(names):
        project = connect(project, MAIN, one, other)
    project = insert_with_room(project, MAIN, Link("c", "out", "d", "in"), "Tanh")
    assert overlaps(project) == []
    # It stands by the node that it follows.
    assert project.main.nodes["tanh1"].at == (0.0, 3 * SPACING.down)


@pytest.mark.parametrize(("skip", "way", "side"), [("in_1", "in_2", 1), ("in_2", "in_1", -1)])
def test_a_passing_link_has_the_side_of_its_port(skip, way, side):
    project = project_of(
        {
            "x": "layer: Input",
            "a": "layer: ReLU",
            "b": "layer: ReLU",
            "sum": "layer: Add",
        },
        ["x -> a", "a -> b", f"b -> sum.{way}", f"x -> sum.{skip}"],
    )
    nodes = arrange(project, MAIN).main.nodes
    assert all((nodes[name].at[0] - nodes["x"].at[0]) * side > 0 for name in ("a", "b"))
