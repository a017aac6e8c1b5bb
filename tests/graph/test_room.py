"""Room for what is moved inside of an expanded node."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.direction import DIRECTIONS
from graph.dots import add_dot, dots_between, move_parts
from graph.expanding import inner_corner, inner_places, inner_rectangle, redirected, size_of
from graph.files import from_text, to_text
from graph.framing import frame_around, frame_rectangle
from graph.layout import turn
from graph.room import make_room, set_expanded
from graph.state import MAIN

TEXT = """kumitate: 1
blocks:
  main:
    nodes:
      image: {layer: Input, shape: [1, 16, 16], at: [0, 0]}
      step: {block: Step, at: [0, 100]}
      out: {layer: Output, at: [0, 200]}
      above: {layer: Note, at: [0, -90]}
      beside: {layer: Note, at: [400, 100]}
    links: [image -> step, step -> out]
  Step:
    nodes:
      entry: {layer: Input, shape: [3, 8, 8], at: [0, 0]}
      conv: {layer: Conv2d, at: [0, 90]}
      relu: {layer: ReLU, at: [0, 180]}
      leave: {layer: Output, at: [0, 270]}
    links: [entry -> conv, conv -> relu, relu -> leave]
"""
AWAY = st.tuples(st.integers(-600, 600), st.integers(-600, 600)).map(
    lambda away: (float(away[0]), float(away[1]))
)


def expanded(inner="top-down", outer="top-down"):
    project = from_text(TEXT).project
    if inner != "top-down":
        project = turn(project, "Step", inner)
    if outer != "top-down":
        project = turn(project, MAIN, outer)
    return set_expanded(project, MAIN, "step", True)


def moved(project, names, away):
    """The nodes of the block moved so far as it is drawn there, with the dots between them."""
    step = project.blocks["Step"]
    across, down = redirected(away, project.main.direction, step.direction)
    now = {name: step.nodes[name].at for name in names} | dots_between(step, names)
    places = {part: (x + across, y + down) for part, (x, y) in now.items()}
    return make_room(project, move_parts(project, "Step", places), MAIN, ["step"])


def drawn(project):
    """Where the nodes inside are on the canvas."""
    node, direction = project.main.nodes["step"], project.main.direction
    corner = inner_corner(size_of(project, node, direction), direction)
    left, top = inner_rectangle(project, "Step", direction)[:2]
    return {
        name: (node.at[0] + corner[0] - left + x, node.at[1] + corner[1] - top + y)
        for name, (x, y) in inner_places(project, "Step", direction).items()
    }


@given(
    st.sampled_from(DIRECTIONS),
    st.sampled_from(DIRECTIONS),
    AWAY,
    st.sampled_from(("conv", "relu")),
)
def test_it_goes_as_far_as_the_hand_and_all_else_inside_stays(inner, outer, away, name):
    before = expanded(inner, outer)
    after = moved(before, [name], away)
    old, new = drawn(before), drawn(after)
    for one, at in new.items():
        wanted = [a + b for a, b in zip(old[one], away, strict=True)] if one == name else old[one]
        assert at == pytest.approx(wanted, abs=0.01)
    assert from_text(to_text(after)).project == after


@given(AWAY)
def test_what_lies_around_keeps_its_distance(away):
    before = expanded()
    after = moved(before, ["conv"], away)

    def gaps(project):
        nodes = project.main.nodes
        (x, y), (width, height) = nodes["step"].at, size_of(project, nodes["step"], "top-down")
        return (
            y - height / 2 - nodes["image"].at[1],
            nodes["out"].at[1] - y - height / 2,
            nodes["beside"].at[0] - x - width / 2,
        )

    assert gaps(after) == pytest.approx(gaps(before), abs=0.01)
    there_and_back = moved(after, ["conv"], (-away[0], -away[1]))
    for name in ("image", "step", "out"):
        at = before.main.nodes[name].at
        assert there_and_back.main.nodes[name].at == pytest.approx(at, abs=0.02)


def test_a_frame_stays_around_it_and_dots_go_along():
    project, frame = frame_around(expanded(), MAIN, {"step": (400.0, 300.0)})
    link = project.blocks["Step"].links[1]
    project = add_dot(project, "Step", link, 0, (40.0, 135.0))
    after = moved(project, ["conv", "relu"], (100.0, 0.0))
    assert after.blocks["Step"].links[1].dots == ((140.0, 135.0),)
    alone = moved(project, ["conv"], (100.0, 0.0))
    assert alone.blocks["Step"].links[1].dots == ((40.0, 135.0),)
    before, wider = (frame_rectangle(p, p.main.nodes[frame]) for p in (project, alone))
    assert wider == pytest.approx((before[0], before[1], before[2] + 100, before[3]), abs=1)


TWICE = """kumitate: 1
blocks:
  main:
    nodes:
      image: {layer: Input, shape: [3, 16, 16], at: [0, 0]}
      before: {block: Outer, at: [0, 100]}
      step: {block: Outer, at: [0, 200]}
      behind: {block: Outer, repeat: 2, at: [0, 300]}
      out: {layer: Output, at: [0, 400]}
    links: [image -> before, before -> step, step -> behind, behind -> out]
  Outer:
    nodes:
      entry: {layer: Input, shape: [3, 8, 8], at: [0, 0]}
      step: {block: Step, at: [0, 100]}
      tanh: {layer: Tanh, at: [0, 200]}
      leave: {layer: Output, at: [0, 300]}
    links: [entry -> step, step -> tanh, tanh -> leave]
  Step:
    nodes:
      entry: {layer: Input, shape: [3, 8, 8], at: [0, 0]}
      relu: {layer: ReLU, at: [0, 100]}
      elu: {layer: ELU, at: [0, 200]}
      leave: {layer: Output, at: [0, 300]}
    links: [entry -> relu, relu -> elu, elu -> leave]
"""


def inner_origin(project, block, use):
    """Where the block of an expanded node has its origin, in the block in which the node lies."""
    node, direction = project.blocks[block].nodes[use], project.blocks[block].direction
    corner = inner_corner(size_of(project, node, direction), direction)
    left, top = inner_rectangle(project, node.type, direction)[:2]
    return node.at[0] + corner[0] - left, node.at[1] + corner[1] - top


def gaps(project, block):
    """How far apart the nodes of a block are that stand one below the other."""
    nodes = [n for n in project.blocks[block].nodes.values() if n.type not in ("Input", "Output")]
    spans = []
    for node in nodes:
        half = size_of(project, node, "top-down")[1] / 2
        spans.append((node.at[1] - half, node.at[1] + half))
    return [second[0] - first[1] for first, second in itertools.pairwise(spans)]


@given(AWAY, st.sampled_from(("relu", "elu")))
def test_every_use_makes_room_and_the_one_in_hand_stays(away, name):
    project = from_text(TWICE).project
    project = set_expanded(project, "Outer", "step", True)
    for use in ("before", "step", "behind"):
        project = set_expanded(project, MAIN, use, True)
    x, y = project.blocks["Step"].nodes[name].at
    moved_there = move_parts(project, "Step", {name: (x + away[0], y + away[1])})
    after = make_room(project, moved_there, MAIN, ["step", "step"])
    for block in (MAIN, "Outer"):
        assert inner_origin(after, block, "step") == pytest.approx(
            inner_origin(project, block, "step"), abs=0.01
        )
        assert gaps(after, block) == pytest.approx(gaps(project, block), abs=0.01)
