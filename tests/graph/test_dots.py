"""Reroute points: edits of them, what happens to them in edits of everything else, their file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.compare import compare
from graph.dissolving import dissolve_node
from graph.document import Document
from graph.dots import (
    Dot,
    add_dot,
    dots_between,
    halfway,
    move_dots,
    move_parts,
    place_of,
    remove_dots,
    without_dots,
)
from graph.edits import EditError, add_node, move_nodes, rename_node
from graph.files import FileError, from_text, to_text
from graph.grouping import group_nodes
from graph.layout import arrange, turn
from graph.links import connect, insert_on_link, put_into_link, remove_links
from graph.placing import insert_with_room, make_room
from graph.reading import MOST_DOTS
from graph.removal import remove_selection
from graph.snippet import copy_nodes, duplicate_nodes, paste_nodes
from graph.state import MAIN, Link, Project
from tests.graph.building import dots_of, histories

TEXT = """kumitate: 1
name: Led
blocks:
  main:
    nodes:
      image: {layer: Input, at: [0, 0]}
      conv1: {layer: Conv2d, at: [0, 300]}
      relu1: {layer: ReLU, at: [0, 600]}
      out: {layer: Output, at: [0, 900]}
    links:
    - image -> conv1 via (200, 100), (-12.5, 200)
    - conv1 -> relu1
    - relu1 -> out via (300, 750)
"""


@pytest.fixture
def led() -> Project:
    """image -> conv1 -> relu1 -> out, far apart, two of the links through dots."""
    return from_text(TEXT).project


def link(source: str, target: str) -> Link:
    return Link(source, "out", target, "in")


def dots(project: Project, block: str = MAIN) -> dict[str, tuple[tuple[float, float], ...]]:
    return {key[1]: found for key, found in dots_of(project).items() if key[0] == block}


FIRST, SECOND, THIRD = link("image", "conv1"), link("conv1", "relu1"), link("relu1", "out")


# --- files -------------------------------------------------------------------------------------


def test_they_stand_in_the_file_behind_their_link(led):
    assert dots(led) == {
        "image -> conv1": ((200, 100), (-12.5, 200)),
        "relu1 -> out": ((300, 750),),
    }
    assert to_text(led) == TEXT


@given(states=histories())
def test_a_file_without_any_looks_as_if_there_were_none(states):
    bare = states[-1]
    for name in bare.blocks:
        bare = without_dots(bare, name)
    assert " via " not in to_text(bare)
    assert bare == states[-1], "dots are no part of what a network is"


PLACES = st.floats(-1e7, 1e7, allow_nan=False)


@given(places=st.lists(st.tuples(PLACES, PLACES), max_size=5))
def test_any_places_survive(places):
    project = without_dots(from_text(TEXT).project, MAIN)
    for number, place in enumerate(places):
        project = add_dot(project, MAIN, SECOND, number, place)
    again = from_text(to_text(project)).project
    assert dots(again).get("conv1 -> relu1", ()) == tuple(places)


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ("via", "must be pairs of numbers"),
        ("via (1, 2", "in quotes where all links stand on one line"),
        ("via (1, 2) (3, 4)", 'such as "conv1 -> relu1 via'),
        ("via (1, 2),", "must be pairs"),
        ("via (a, 2)", 'not "(a, 2)"'),
        ("via (nan, 2)", "must be pairs"),
        ("via (1e9, 2)", "must be pairs"),
        ("via (1, 2, 3)", "must be pairs"),
        ("by (1, 2)", "is not a link"),
        (f"via {', '.join(['(1, 2)'] * (MOST_DOTS + 1))}", "101 reroute points; up to 100"),
    ],
)
def test_what_is_wrong_with_them_is_said_with_its_place(broken, words):
    with pytest.raises(FileError) as error:
        from_text(TEXT.replace("conv1 -> relu1", f"conv1 -> relu1 {broken}"))
    assert "blocks.main.links[1]: " in str(error.value)
    assert words in str(error.value)


# --- edits of them -----------------------------------------------------------------------------


def test_one_is_added_moved_and_removed(led):
    more = add_dot(led, MAIN, FIRST, 1, (7, 8))
    assert dots(more)["image -> conv1"] == ((200, 100), (7, 8), (-12.5, 200))
    moved = move_dots(more, MAIN, {Dot(FIRST, 1): (9, 9), Dot(THIRD, 0): (1, 1)})
    assert dots(moved)["image -> conv1"] == ((200, 100), (9, 9), (-12.5, 200))
    assert dots(moved)["relu1 -> out"] == ((1, 1),)
    less = remove_dots(moved, MAIN, [Dot(FIRST, 0), Dot(FIRST, 2)])
    assert dots(less)["image -> conv1"] == ((9, 9),)
    assert place_of(less.main, Dot(FIRST, 0)) == (9, 9)
    assert dots(led)["image -> conv1"] == ((200, 100), (-12.5, 200)), "the old state is as it was"


def test_what_changes_nothing_is_the_same_state(led):
    assert move_dots(led, MAIN, {Dot(FIRST, 0): (200, 100)}) is led
    assert remove_dots(led, MAIN, []) is led
    assert without_dots(led, MAIN, [SECOND]) is led


@pytest.mark.parametrize(
    "edit",
    [
        lambda p: add_dot(p, MAIN, link("image", "out"), 0, (0, 0)),
        lambda p: add_dot(p, MAIN, FIRST, 3, (0, 0)),
        lambda p: add_dot(p, MAIN, FIRST, 0, (float("nan"), 0)),
        lambda p: move_dots(p, MAIN, {Dot(FIRST, 2): (0, 0)}),
        lambda p: move_dots(p, MAIN, {Dot(FIRST, 0): (1e9, 0)}),
        lambda p: remove_dots(p, MAIN, [Dot(SECOND, 0)]),
        lambda p: remove_dots(p, "nothing", [Dot(SECOND, 0)]),
    ],
)
def test_what_cannot_be_is_refused_in_words(led, edit):
    with pytest.raises(EditError, match=r"no reroute|no link|number 3|far away|no block"):
        edit(led)


def test_a_link_has_so_many_at_most(led):
    for number in range(MOST_DOTS):
        led = add_dot(led, MAIN, SECOND, number, (number, 0))
    with pytest.raises(EditError, match="up to 100"):
        add_dot(led, MAIN, SECOND, 0, (0, 0))


def test_half_way_is_measured_along_the_way():
    assert halfway(((0, 0), (0, 10))) == (0, 5)
    assert halfway(((0, 0), (30, 0), (30, 10))) == (20, 0)
    assert halfway(((1, 1), (1, 1))) == (1, 1)


# --- other edits -------------------------------------------------------------------------------


def test_the_network_does_not_see_them(led):
    document = Document(led)
    differences = []
    document.changed.connect(differences.append)
    before = document.result()
    document.set_state(move_dots(led, MAIN, {Dot(FIRST, 0): (0, 0)}))
    (difference,) = differences
    assert difference.blocks[MAIN].links_led == (FIRST,)
    assert not difference.blocks[MAIN].links_added
    assert not difference.blocks[MAIN].links_removed
    assert not difference.results[MAIN]
    assert document.result().nodes == before.nodes
    assert compare(led, document.state).is_empty


def test_they_keep_to_their_link_under_other_names(led):
    renamed = rename_node(led, MAIN, "conv1", "stem")
    assert dots(renamed)["image -> stem"] == ((200, 100), (-12.5, 200))


def test_a_node_put_into_the_link_leaves_them_on_their_sides(led):
    far = add_dot(led, MAIN, FIRST, 2, (500, 280))
    after = insert_on_link(far, MAIN, FIRST, "ReLU", at=(400, 200))
    assert dots(after)["image -> relu2"] == ((200, 100), (-12.5, 200))
    assert dots(after)["relu2 -> conv1"] == ((500, 280),)


def test_a_node_takes_the_place_of_what_it_would_lie_on(led):
    after = insert_on_link(led, MAIN, FIRST, "ReLU", at=(210, 90))
    assert "image -> relu2" not in dots(after)
    assert dots(after)["relu2 -> conv1"] == ((-12.5, 200),)


def test_a_node_that_is_put_there_stands_half_way(led):
    after = insert_with_room(led, MAIN, THIRD, "ReLU")
    assert after.main.nodes["relu2"].at == (300, 750)
    assert after.main.nodes["out"].at == led.main.nodes["out"].at
    assert dots(after).keys() == {"image -> conv1"}


def test_a_healed_link_takes_the_way_of_both(led):
    led = add_dot(led, MAIN, SECOND, 0, (50, 450))
    healed = remove_selection(led, MAIN, ["conv1", "relu1"])
    assert dots(healed) == {"image -> out": ((200, 100), (-12.5, 200), (50, 450), (300, 750))}


def test_dots_and_nodes_are_removed_together(led):
    healed = remove_selection(led, MAIN, ["conv1"], dots=[Dot(FIRST, 0)])
    assert dots(healed)["image -> relu1"] == ((-12.5, 200),)


def by_hand(project: Project) -> set[str]:
    return {str(one) for one in project.main.links if one.by_hand}


def test_arranging_sets_those_anew_that_nobody_set(led):
    assert dots(arrange(led, MAIN)) == {}


def test_what_somebody_did_to_them_makes_them_set_by_hand(led):
    assert by_hand(led) == set()
    assert by_hand(add_dot(led, MAIN, SECOND, 0, (50, 450))) == {"conv1 -> relu1"}
    assert by_hand(move_dots(led, MAIN, {Dot(THIRD, 0): (310, 750)})) == {"relu1 -> out"}
    fewer = remove_dots(led, MAIN, [Dot(FIRST, 0)])
    assert by_hand(fewer) == {"image -> conv1"}
    assert by_hand(remove_dots(fewer, MAIN, [Dot(FIRST, 0)])) == set(), "there is none left"


def test_going_along_with_both_ends_sets_none(led):
    places = {"relu1": (0.0, 700.0), "out": (0.0, 990.0), Dot(THIRD, 0): (300.0, 840.0)}
    moved = move_parts(led, MAIN, places)
    assert dots(moved)["relu1 -> out"] == ((300, 840),)
    assert by_hand(moved) == set()
    del places["out"]
    assert by_hand(move_parts(led, MAIN, places)) == {"relu1 -> out"}


def test_what_was_set_by_hand_stays_so_in_files_and_edits(led):
    led = add_dot(led, MAIN, SECOND, 0, (50, 450))
    text = to_text(led)
    assert "- conv1 -> relu1 via (50, 450) by hand\n" in text
    assert "- relu1 -> out via (300, 750)\n" in text
    assert by_hand(from_text(text).project) == {"conv1 -> relu1"}
    assert by_hand(remove_selection(led, MAIN, ["relu1"])) == {"conv1 -> out"}
    assert by_hand(rename_node(led, MAIN, "relu1", "other")) == {"conv1 -> other"}
    put = insert_on_link(led, MAIN, SECOND, "ReLU", at=(0.0, 350.0))
    assert by_hand(put) == {"relu2 -> relu1"}


def test_those_set_by_hand_go_with_the_nodes_when_these_are_arranged(led):
    led = add_dot(led, MAIN, SECOND, 0, (250, 450))
    after = arrange(led, MAIN)
    assert dots(after) == {"conv1 -> relu1": ((250, 135),)}, "half way, as it was"
    assert by_hand(after) == {"conv1 -> relu1"}
    assert arrange(after, MAIN) is after
    assert dots(turn(after, MAIN, "left-right")) == {}, "what was beside is elsewhere then"


def test_those_set_by_hand_go_where_the_link_would_run_behind_a_node(led):
    below = add_dot(led, MAIN, SECOND, 0, (0, 1500))
    after = arrange(below, MAIN)
    assert dots(after) == {}
    assert by_hand(after) == set()


def test_what_makes_room_takes_them_along(led):
    moved = make_room(led, MAIN, 300, 90)
    assert dots(moved) == {
        "image -> conv1": ((200, 100), (-12.5, 200)),
        "relu1 -> out": ((300, 840),),
    }


def test_those_between_nodes_are_known(led):
    assert dots_between(led.main, ["image", "conv1", "out"]) == {
        Dot(FIRST, 0): (200, 100),
        Dot(FIRST, 1): (-12.5, 200),
    }


def test_copies_have_them_at_the_same_distance(led):
    text = copy_nodes(led, MAIN, ["image", "conv1", "relu1"])
    assert "image -> conv1 via (200, 100), (-12.5, 200)" in text
    assert "relu1 -> out" not in text
    pasted = paste_nodes(led, MAIN, text, at=(1000, 300))
    assert dots(pasted.project)["image2 -> conv2"] == ((1200, 100), (987.5, 200))
    doubled = duplicate_nodes(led, MAIN, ["image", "conv1"]).project
    across, down = (
        there - here
        for here, there in zip(
            led.main.nodes["image"].at, doubled.main.nodes["image2"].at, strict=True
        )
    )
    assert dots(doubled)["image2 -> conv2"] == (
        (200 + across, 100 + down),
        (-12.5 + across, 200 + down),
    )


def test_a_block_takes_those_inside_and_leaves_those_outside(led):
    inner = add_dot(led, MAIN, SECOND, 0, (50, 450))
    grouped = group_nodes(inner, MAIN, ["conv1", "relu1"], name="Step")
    assert dots(grouped.project, "Step") == {"conv1 -> relu1": ((50, 450),)}
    assert dots(grouped.project) == {
        "image -> step1": ((200, 100), (-12.5, 200)),
        "step1 -> out": ((300, 750),),
    }
    back = dissolve_node(grouped.project, MAIN, "step1").project
    assert dots(back) == dots(inner)


def test_a_link_that_is_drawn_anew_goes_straight(led):
    again = connect(remove_links(led, MAIN, [FIRST]), MAIN, "image", "conv1")
    assert "image -> conv1" not in dots(again)
    led = connect(remove_links(led, MAIN, [FIRST]), MAIN, "image", "conv1", dots=((1, 2),))
    assert dots(led)["image -> conv1"] == ((1, 2),)


def test_a_node_dropped_into_a_link_may_lie_anywhere(led):
    loose = add_node(led, MAIN, "Tanh", name="tanh", at=(210, 105))
    after = put_into_link(move_nodes(loose, MAIN, {"tanh": (0, 150)}), MAIN, FIRST, "tanh")
    assert dots(after)["image -> tanh"] == ((200, 100),)
    assert dots(after)["tanh -> conv1"] == ((-12.5, 200),)
