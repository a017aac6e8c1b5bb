"""Whole networks in order: in layers, without overlaps, links past nodes, and no more new than
necessary."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.edits import chain as residual
from graph.coordinates import coordinates
from graph.direction import DIRECTIONS, TOP_DOWN
from graph.dots import lead
from graph.edits import EditError, add_node, move_nodes, rename_node
from graph.files import from_text, to_text
from graph.geometry import crosses
from graph.layout import arrange, turn
from graph.links import connect, remove_links
from graph.state import MAIN, Link, Project, frozen
from graph.templates import all_templates, load_template
from tests.graph.building import chain, histories, project_of
from tests.graph.layouts import Card, at, behind, card_of, drawn_networks, layers, network, networks
from tests.graph.test_placing import flows_on, overlaps


@given(states=histories(), direction=st.sampled_from(DIRECTIONS))
def test_layout_has_no_overlaps_and_flows_on(states, direction):
    project = turn(states[-1], MAIN, direction)
    assert overlaps(project) == []
    assert flows_on(project)
    assert turn(states[-1], MAIN, direction) == project, "the same graph always looks the same"
    assert arrange(project, MAIN) is project, "arranging twice changes nothing"


def test_layout_changes_only_places_and_ways():
    project = load_template("resnet-small")
    for block in project.blocks:
        arranged = arrange(project, block).blocks[block]
        assert arranged.links == project.blocks[block].links
        assert list(arranged.nodes) == list(project.blocks[block].nodes)


@pytest.mark.parametrize(("direction", "step"), [("top-down", (0, 90)), ("left-right", (340, 0))])
def test_layers_follow_each_other_in_the_direction_of_the_block(direction, step):
    project = turn(chain("layer: ReLU"), MAIN, direction)
    assert project.main.direction == direction
    across, down = step
    assert [node.at for node in project.main.nodes.values()] == [
        (0, 0),
        (across, down),
        (2 * across, 2 * down),
    ]


@given(drawn=drawn_networks())
def test_nodes_of_any_size_do_not_overlap(drawn):
    project, shapes = drawn
    project = arrange(project, MAIN, shapes)
    cards = [card_of(project, shapes, name) for name in project.main.nodes]
    for (a, b, c, d), (left, top, right, bottom) in itertools.combinations(cards, 2):
        assert c < left or right < a or d < top or bottom < b


def test_a_thousand_nodes_flow_on_and_each_has_a_place():
    project = arrange(residual(1000), MAIN)
    assert flows_on(project)
    places = [node.at for node in project.main.nodes.values()]
    assert len(set(places)) == len(places)


def test_a_circle_cannot_be_arranged():
    project = project_of({"a": "layer: ReLU", "b": "layer: ReLU"}, ["a -> b", "b -> a"])
    with pytest.raises(EditError, match="circle"):
        arrange(project, MAIN)
    assert project.main.nodes["b"].at != project.main.nodes["a"].at


def test_an_empty_block_is_arranged_at_once():
    assert arrange(Project(), MAIN) == Project()


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


def test_a_fork_is_symmetric_and_what_lies_in_a_row_is_straight():
    project = network([(0, 1), (0, 2), (1, 3), (2, 4), (3, 5), (4, 5)])
    nodes = arrange(project, MAIN).main.nodes
    at = [nodes[f"v{number}"].at[0] for number in range(6)]
    assert at[0] == at[5] == 0
    assert at[1] == at[3] == -130
    assert at[2] == at[4] == 130


def test_a_node_is_put_where_the_link_to_its_port_is_straight():
    project = network([(0, 1)])
    shapes = {"v1": Card(230.0, 48.0, TOP_DOWN)}
    nodes = arrange(project, MAIN, shapes).main.nodes
    port = shapes["v1"].port("in_1", is_input=True)
    assert nodes["v1"].at[0] + port[0] == pytest.approx(nodes["v0"].at[0], abs=1)


@given(drawn=drawn_networks())
def test_arranging_twice_changes_nothing(drawn):
    project, shapes = drawn
    project = arrange(project, MAIN, shapes)
    assert arrange(project, MAIN, shapes) is project


@given(project=networks(), data=st.data())
def test_renaming_changes_no_place(project, data):
    project = arrange(project, MAIN)
    name = data.draw(st.sampled_from(sorted(project.main.nodes)))
    renamed = rename_node(project, MAIN, name, "another")
    assert arrange(renamed, MAIN) is renamed


@given(project=networks(), data=st.data())
def test_a_node_more_at_the_end_leaves_the_others_in_their_order(project, data):
    project = arrange(project, MAIN)
    before = layers(project)
    source = data.draw(st.sampled_from(sorted(project.main.nodes)))
    place = data.draw(st.tuples(st.integers(-900, 900), st.integers(-900, 900)))
    more = add_node(project, MAIN, "ReLU", name="end", at=place)
    more = connect(more, MAIN, source, "end")
    after = [[name for name in row if name != "end"] for row in layers(arrange(more, MAIN))]
    assert [row for row in after if row] == before


def test_what_hangs_on_the_same_port_keeps_the_order_that_somebody_gave_it():
    project = arrange(network([(0, 1), (0, 2), (0, 3)]), MAIN)
    assert layers(project)[1] == ["v1", "v2", "v3"]
    moved = move_nodes(project, MAIN, {"v3": (-999.0, 90.0)})
    assert layers(arrange(moved, MAIN))[1] == ["v3", "v1", "v2"]


def test_what_need_not_move_stays_where_it_is():
    project = arrange(chain(*(["layer: ReLU"] * 8)), MAIN)
    places = {name: (x + 1000.0, y - 400.0) for name, (x, y) in at(project).items()}
    project = move_nodes(project, MAIN, places)
    assert arrange(project, MAIN) is project, "it stays where it was moved to"
    longer = add_node(project, MAIN, "ReLU", name="end", at=(0.0, 0.0))
    longer = arrange(connect(longer, MAIN, "n8", "end"), MAIN)
    assert all(at(longer)[f"n{number}"] == places[f"n{number}"] for number in range(1, 9))


def test_a_link_less_leaves_what_stands_before_it():
    project = arrange(network([(0, 1), (1, 2), (2, 3), (0, 3), (3, 4)]), MAIN)
    cut = remove_links(project, MAIN, [Link("v3", "out", "v4", "in_1")])
    assert {n: a for n, a in at(arrange(cut, MAIN)).items() if n != "v4"} == {
        n: a for n, a in at(project).items() if n != "v4"
    }


@given(drawn=drawn_networks())
def test_no_link_runs_behind_a_node(drawn):
    project, shapes = drawn
    project = arrange(project, MAIN, shapes)
    assert behind(project, shapes) == []
    assert from_text(to_text(project)).project == project


def test_links_are_led_only_where_something_is_in_the_way():
    straight = arrange(network([(0, 1), (1, 2), (0, 2)]), MAIN)
    assert not any(link.dots for link in straight.main.links)
    wide = network([(0, 1), (0, 2), (0, 3), (0, 4), (1, 4), (2, 4), (3, 4)])
    led = [link for link in arrange(wide, MAIN).main.links if link.dots]
    assert [(link.source, link.target) for link in led] in ([], [("v0", "v4")])


@given(drawn=drawn_networks(), data=st.data())
def test_points_set_by_hand_stay_unless_the_link_would_run_behind_a_node(drawn, data):
    project, shapes = drawn
    project = arrange(project, MAIN, shapes)
    if not project.main.links:
        return
    link = data.draw(st.sampled_from(project.main.links))
    place = st.tuples(st.integers(-900, 900), st.integers(-900, 900))
    by_hand = tuple((float(x), float(y)) for x, y in data.draw(st.lists(place, min_size=1)))
    led = lead(project, MAIN, {link: by_hand}, by_hand=True)
    hidden = any(one.startswith(f"{link} behind") for one in behind(led, shapes))
    for name in (link.source, link.target):
        left, top, right, bottom = card_of(project, shapes, name)
        hidden |= crosses(by_hand, (left + 2, top + 2, right - 2, bottom - 2))
    after = arrange(led, MAIN, shapes)
    if hidden:
        assert behind(after, shapes) == []
        assert not any(one.by_hand for one in after.main.links)
    else:
        assert after is led
    assert arrange(after, MAIN, shapes) is after


@given(drawn=drawn_networks(), data=st.data())
def test_points_set_by_hand_go_with_nodes_that_are_moved_and_never_lead_behind_one(drawn, data):
    project, shapes = drawn
    project = arrange(project, MAIN, shapes)
    if not project.main.links:
        return
    link = data.draw(st.sampled_from(project.main.links))
    project = lead(project, MAIN, {link: ((700.0, 30.0),)}, by_hand=True)
    name = data.draw(st.sampled_from(sorted(project.main.nodes)))
    away = data.draw(st.tuples(st.integers(-900, 900), st.integers(-900, 900)))
    project = move_nodes(project, MAIN, {name: (float(away[0]), float(away[1]))})
    after = arrange(project, MAIN, shapes)
    assert behind(after, shapes) == []
    assert arrange(after, MAIN, shapes) is after


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("id_", [template.id for template in all_templates()])
def test_links_of_templates_pass_their_nodes(id_, direction):
    project = load_template(id_)
    for name in project.blocks:
        arranged = turn(project, name, direction)
        main = Project(blocks=frozen({MAIN: arranged.blocks[name]}))
        assert behind(main) == []


def test_lanes_are_straight_unless_they_cross():
    """A chain of lanes between wide layers: one place across for all of it."""
    order = [["x"], ["a", "l1", "b"], ["c", "l2"], ["d", "e", "l3"], ["y"]]
    before = {
        "a": ["x"],
        "l1": ["x"],
        "b": ["x"],
        "c": ["a"],
        "l2": ["l1"],
        "d": ["c"],
        "e": ["c"],
        "l3": ["l2"],
        "y": ["d", "l3"],
    }
    places = coordinates(
        order, before, lambda one, other: 100.0, lambda one, other: 0.0, lambda k: k[0] == "l"
    )
    assert places["l1"] == places["l2"] == places["l3"]
    for layer in order:
        for one, other in itertools.pairwise(layer):
            assert places[other] - places[one] >= 100.0
