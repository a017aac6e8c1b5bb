"""Removing nodes so that data still flows past them."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.check import check_project
from graph.edits import EditError
from graph.removal import remove_selection
from graph.state import MAIN, Link
from tests.graph.building import BODY, chain, check_invariants, project_of


def links(project):
    return [str(link) for link in project.main.links]


@given(gone=st.sets(st.integers(1, 6)))
def test_a_chain_heals_whatever_is_removed(gone):
    project = chain(*["layer: ReLU"] * 6)
    healed = remove_selection(project, MAIN, {f"n{number}" for number in gone})
    assert check_project(healed) == []
    left = ["image", *(f"n{n}" for n in range(1, 7) if n not in gone), "out"]
    assert links(healed) == [f"{a} -> {b}" for a, b in itertools.pairwise(left)]
    check_invariants(healed)


def test_a_node_that_feeds_several_passes_its_source_on_to_all():
    project = project_of(
        {
            "x": "layer: Input",
            "a": "layer: ReLU",
            "b": "layer: Tanh",
            "add": "layer: Add",
            "out": "layer: Output",
        },
        ["x -> a", "a -> b", "a -> add.in_1", "b -> add.in_2", "add -> out"],
    )
    healed = remove_selection(project, MAIN, {"a"})
    assert links(healed) == ["x -> b", "x -> add.in_1", "b -> add.in_2", "add -> out"]
    assert check_project(healed) == []


def test_what_would_be_ambiguous_leaves_a_gap():
    project = project_of(
        {
            "x": "layer: Input",
            "y": "layer: Input",
            "add": "layer: Add",
            "relu": "layer: ReLU",
            "out": "layer: Output",
        },
        ["x -> add.in_1", "y -> add.in_2", "add -> relu", "relu -> out"],
    )
    assert links(remove_selection(project, MAIN, {"add"})) == ["relu -> out"]


def test_links_alone():
    project = chain("layer: ReLU")
    cut = remove_selection(project, MAIN, (), [Link("image", "out", "n1", "in")])
    assert links(cut) == ["n1 -> out"]


def test_a_link_removed_with_its_node_does_not_come_back():
    project = chain("layer: ReLU")
    cut = remove_selection(project, MAIN, {"n1"}, [Link("image", "out", "n1", "in")])
    assert links(cut) == []


def test_both_branches_of_a_merge():
    project = project_of(
        {"x": "layer: Input", "a": "layer: ReLU", "b": "layer: ReLU", "add": "layer: Add"},
        ["x -> a", "x -> b", "a -> add.in_1", "b -> add.in_2"],
    )
    assert links(remove_selection(project, MAIN, {"a", "b"})) == ["x -> add.in_1", "x -> add.in_2"]


def test_a_block_heals_like_a_layer():
    project = chain("block: Double", "layer: ReLU", shape="[2, 8, 8]", blocks=BODY)
    assert links(remove_selection(project, MAIN, {"n1"})) == ["image -> n2", "n2 -> out"]


def test_the_old_state_stays():
    project = chain("layer: ReLU")
    before = repr(project)
    remove_selection(project, MAIN, {"n1"})
    assert repr(project) == before


def test_who_is_not_there_is_named():
    with pytest.raises(EditError, match='no node "nobody"'):
        remove_selection(chain(), MAIN, {"nobody"})
    with pytest.raises(EditError, match='no block "nowhere"'):
        remove_selection(chain(), "nowhere", {"image"})
