"""Nodes in a line and at equal distances."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.aligning import LEAST_GAP, align, distribute
from graph.edits import EditError, add_node
from graph.layer import load_layers
from graph.state import MAIN, Project

load_layers()

PLACES = st.tuples(st.integers(-600, 600), st.integers(-600, 600))
SIZES = st.tuples(st.sampled_from([230.0, 248.0]), st.sampled_from([48.0, 72.0, 130.0]))
LINES = {
    "left": lambda at, size: at[0] - size[0] / 2,
    "center": lambda at, size: at[0],
    "right": lambda at, size: at[0] + size[0] / 2,
    "top": lambda at, size: at[1] - size[1] / 2,
    "middle": lambda at, size: at[1],
    "bottom": lambda at, size: at[1] + size[1] / 2,
}


@st.composite
def scattered(draw, least=2):
    """A project with nodes anywhere, and their sizes; one node is not among the selected."""
    project = add_node(Project(), MAIN, "ReLU", at=(5.0, 5.0), name="other")
    sizes = {}
    for number, (at, size) in enumerate(
        draw(st.lists(st.tuples(PLACES, SIZES), min_size=least, max_size=7))
    ):
        project = add_node(project, MAIN, "ReLU", at=at, name=f"n{number}")
        sizes[f"n{number}"] = size
    return project, sizes


def places(project, sizes):
    return {name: project.main.nodes[name].at for name in sizes}


@pytest.mark.parametrize("line", LINES)
@given(given_=scattered())
def test_aligned_nodes_lie_in_one_line_and_not_on_each_other(line, given_):
    project, sizes = given_
    aligned = align(project, MAIN, sizes, line)
    at = places(aligned, sizes)
    where = [LINES[line](at[name], sizes[name]) for name in sizes]
    assert where == pytest.approx([where[0]] * len(where))
    before = places(project, sizes)
    wished = [LINES[line](before[name], sizes[name]) for name in sizes]
    if line in ("left", "top"):
        assert where[0] == pytest.approx(min(wished))
    elif line in ("right", "bottom"):
        assert where[0] == pytest.approx(max(wished))
    for one, other in itertools.combinations(sizes, 2):
        apart = [
            abs(at[one][axis] - at[other][axis]) - (sizes[one][axis] + sizes[other][axis]) / 2
            for axis in (0, 1)
        ]
        assert max(apart) > -1e-6, "they lie on each other"
    assert aligned.main.nodes["other"] is project.main.nodes["other"]
    assert places(align(aligned, MAIN, sizes, line), sizes) == {
        name: pytest.approx(place) for name, place in at.items()
    }


@pytest.mark.parametrize("axis", [0, 1])
@given(given_=scattered(least=3))
def test_distributed_nodes_have_equal_gaps(axis, given_):
    project, sizes = given_
    after = places(distribute(project, MAIN, sizes, axis), sizes)
    before = places(project, sizes)
    order = sorted(sizes, key=lambda name: after[name][axis])
    gaps = [
        after[b][axis] - after[a][axis] - (sizes[a][axis] + sizes[b][axis]) / 2
        for a, b in itertools.pairwise(order)
    ]
    assert gaps == pytest.approx([gaps[0]] * len(gaps))
    assert gaps[0] >= LEAST_GAP - 1e-6
    assert after[order[0]][axis] == pytest.approx(before[order[0]][axis])
    if gaps[0] > LEAST_GAP + 1e-6:
        assert after[order[-1]][axis] == pytest.approx(before[order[-1]][axis])
    assert all(after[name][1 - axis] == before[name][1 - axis] for name in sizes)


def test_what_is_in_line_already_is_not_touched():
    project = add_node(Project(), MAIN, "ReLU", at=(0.0, 0.0), name="a")
    project = add_node(project, MAIN, "ReLU", at=(0.0, 49.0), name="b")
    sizes = {"a": (230.0, 48.0), "b": (230.0, 48.0)}
    assert align(project, MAIN, sizes, "center") is project


def test_too_few_nodes_are_refused():
    project = add_node(Project(), MAIN, "ReLU", name="a")
    with pytest.raises(EditError, match="at least 2"):
        align(project, MAIN, {"a": (230.0, 48.0)}, "left")
    with pytest.raises(EditError, match="at least 3"):
        distribute(project, MAIN, {"a": (230.0, 48.0)}, 0)
