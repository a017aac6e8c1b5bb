"""Notes when nodes are arranged: in place, with their frame, and never on a node."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from graph.direction import ARRANGEMENTS
from graph.edits import add_node, move_nodes
from graph.framing import frame_around
from graph.layout import arrange, turn
from graph.state import MAIN
from tests.graph.building import chain
from tests.graph.layouts import Card, at, card_of, networks

PLACES = st.tuples(st.integers(-700, 700), st.integers(-700, 700))


@given(
    project=networks(),
    places=st.lists(PLACES, min_size=1, max_size=4),
    arrangement=st.sampled_from(ARRANGEMENTS),
)
def test_no_note_lies_on_a_node(project, places, arrangement):
    notes = [f"note{number}" for number in range(len(places))]
    for name, (x, y) in zip(notes, places, strict=True):
        project = add_node(project, MAIN, "Note", name=name, at=(float(x), float(y)))
    shapes = dict.fromkeys(notes, Card(230.0, 80.0, "top-down"))
    after = turn(project, MAIN, arrangement, shapes)
    cards = [card_of(after, shapes, name) for name in after.main.nodes]
    for (a, b, c, d), (left, top, right, bottom) in itertools.combinations(cards, 2):
        on_each_other = a < right and left < c and b < bottom and top < d
        assert not on_each_other
    assert arrange(after, MAIN, shapes) is after


def test_a_note_in_a_frame_goes_with_it():
    project = arrange(chain("layer: ReLU", "layer: Tanh", "layer: ReLU"), MAIN)
    project = add_node(project, MAIN, "Note", name="note", at=(300.0, 180.0))
    sizes = {"n2": (230.0, 48.0), "note": (230.0, 48.0)}
    project, frame = frame_around(project, MAIN, sizes)
    nodes, moved = project.main.nodes, ("n2", "note", frame)
    apart = {name: (x, y + 700.0) for name, (x, y) in at(project).items() if name in moved}
    after = arrange(move_nodes(project, MAIN, apart), MAIN)
    here, there = ([one[n].at for n in ("note", "n2", frame)] for one in (nodes, after.main.nodes))
    assert there[0] == (there[1][0] + 300.0, there[1][1])
    assert (there[2][0] - there[0][0], there[2][1] - there[0][1]) == (
        here[2][0] - here[0][0],
        here[2][1] - here[0][1],
    )
    assert there[1][1] < apart["n2"][1] - 500
    assert arrange(after, MAIN) is after
