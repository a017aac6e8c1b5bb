"""Edits are pure, keep what must hold, and say why they refuse."""

from __future__ import annotations

import itertools
import pickle

import pytest
from hypothesis import given

from graph.edits import (
    EditError,
    add_node,
    blocks_inside,
    default_node_name,
    move_nodes,
    remove_nodes,
    rename_node,
    set_argument,
    set_repeat,
)
from graph.expression import Expression
from graph.files import from_text, to_text
from graph.project_edits import add_block, remove_block, set_block_parameter
from graph.state import MAIN, BlockParameter, Project, check_name, near_name
from tests.graph.building import (
    BODY,
    chain,
    check_invariants,
    dots_of,
    histories,
    project_of,
    start,
)


def as_plain(project: Project) -> str:
    """Everything in a state, as a text of its own that later edits cannot reach."""
    return repr(project)


@given(states=histories())
def test_any_edits_keep_what_must_hold(states):
    for state in states:
        check_invariants(state)


@given(states=histories())
def test_any_state_survives_its_file(states):
    last = states[-1]
    again = from_text(to_text(last)).project
    assert again == last
    assert dots_of(again) == dots_of(last)
    assert to_text(again) == to_text(last)


@given(states=histories())
def test_old_states_are_left_as_they_were(states):
    """Undo is only an older state, so no later edit may have touched it."""
    assert states[0] == start()
    for before, after in itertools.pairwise(states):
        for name, block in before.blocks.items():
            if name not in after.blocks or after.blocks[name] is block:
                continue
            for node in block.nodes.values():
                other = after.blocks[name].nodes.get(node.name)
                assert other is node or other != node, "an unchanged node is shared"


def test_states_cannot_be_changed():
    project = start()
    with pytest.raises(TypeError):
        project.main.nodes["new"] = 1
    with pytest.raises(TypeError):
        project.blocks["new"] = 1
    with pytest.raises(TypeError):
        project.main.nodes["conv"].arguments["padding"] = 1
    with pytest.raises(AttributeError):
        project.name = "x"


def test_an_edit_shares_the_rest():
    before = start()
    text = as_plain(before)
    after = set_argument(before, MAIN, "conv", "stride", 2)
    assert as_plain(before) == text
    assert after.blocks["Double"] is before.blocks["Double"]
    assert after.main.links is before.main.links
    assert [n for n in after.main.nodes if after.main.nodes[n] is not before.main.nodes[n]] == [
        "conv"
    ]


def test_renaming_shares_links_that_it_does_not_touch():
    before = start()
    after = rename_node(before, MAIN, "relu", "bend")
    kept = [link for link in after.main.links if any(link is old for old in before.main.links)]
    assert len(kept) == len(before.main.links) - 2
    assert "bend -> add.in_1" in [str(link) for link in after.main.links]


def test_a_state_is_plain_data():
    project = chain("layer: ReLU")
    assert "ReLU" in repr(project)
    with pytest.raises((TypeError, pickle.PicklingError)):
        pickle.dumps(project)  # mappingproxy: a state leaves the process only as a file


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda p: add_node(p, "mian", "ReLU"), 'no block "mian"; did you mean "main"'),
        (lambda p: add_node(p, MAIN, "ReLu"), 'no layer "ReLu"; did you mean "ReLU"'),
        (lambda p: add_node(p, MAIN, "Doubel", is_block=True), 'did you mean "Double"'),
        (lambda p: add_node(p, MAIN, "ReLU", name="conv"), 'already a node called "conv"'),
        (lambda p: add_node(p, MAIN, "ReLU", name="2nd"), "must start with a letter"),
        (lambda p: add_node(p, MAIN, "ReLU", name="forward"), "meaning of its own"),
        (lambda p: add_node(p, MAIN, "ReLU", name="é"), "without accents"),
        (lambda p: add_node(p, MAIN, "ReLU", name="a" * 65), "longer than 64"),
        (lambda p: add_node(p, "Double", "Outer", is_block=True), "cannot contain itself"),
        (lambda p: add_node(p, "Double", "Double", is_block=True), "cannot contain itself"),
        (lambda p: add_node(p, "Double", MAIN, is_block=True), "cannot contain itself"),
        (lambda p: remove_nodes(p, MAIN, ["cnov"]), 'no node "cnov"; did you mean "conv"'),
        (lambda p: move_nodes(p, MAIN, {"nobody": (0, 0)}), 'no node "nobody"'),
        (lambda p: rename_node(p, MAIN, "conv", "relu"), 'already a node called "relu"'),
        (lambda p: rename_node(p, MAIN, "conv", "torch"), "meaning of its own"),
        (lambda p: set_argument(p, MAIN, "conv", "kernel", 3), 'did you mean "kernel_size"'),
        (lambda p: set_argument(p, MAIN, "conv", "stride", 0), "at least 1, but is"),
        (lambda p: set_argument(p, MAIN, "body", "depth", 3), 'no parameter "depth"'),
        (lambda p: set_argument(p, MAIN, "body", "width", [3]), "a number, a text or an expr"),
        (lambda p: set_repeat(p, MAIN, "body", 0), "1 to 1000 times, not 0"),
        (lambda p: set_repeat(p, MAIN, "body", True), "1 to 1000 times"),
        (lambda p: set_repeat(p, MAIN, "conv", 2), "only blocks can be repeated"),
        (lambda p: add_block(p, "Double"), 'already a block called "Double"'),
        (lambda p: add_block(p, "Conv2d"), 'already a layer called "Conv2d"'),
        (lambda p: remove_block(p, "Double"), "still used by body in main"),
        (lambda p: remove_block(p, MAIN), "the main block is the network"),
        (
            lambda p: set_block_parameter(p, "Double", "conv1", BlockParameter(1)),
            'already a node called "conv1"',
        ),
    ],
)
def test_refused_edits_say_why(edit, words):
    project = start()
    text = as_plain(project)
    with pytest.raises(EditError) as refusal:
        edit(project)
    assert words in str(refusal.value)
    assert as_plain(project) == text


@pytest.mark.parametrize(
    "edit",
    [
        lambda p: remove_nodes(p, MAIN, []),
        lambda p: move_nodes(p, MAIN, {"conv": p.main.nodes["conv"].at}),
        lambda p: rename_node(p, MAIN, "conv", "conv"),
        lambda p: set_argument(p, MAIN, "conv", "padding", (1, 1)),
        lambda p: set_argument(p, MAIN, "conv", "bias", True),
        lambda p: set_repeat(p, MAIN, "body", 2),
    ],
)
def test_an_edit_without_effect_is_the_same_state(edit):
    project = start()
    assert edit(project) is project


def test_a_default_leaves_the_arguments():
    project = set_argument(start(), MAIN, "conv", "stride", 2)
    assert project.main.nodes["conv"].arguments["stride"] == (2, 2)
    project = set_argument(project, MAIN, "conv", "stride", 1)
    assert "stride" not in project.main.nodes["conv"].arguments


def test_expressions_are_kept_even_where_they_give_the_default():
    project = set_argument(start(), MAIN, "conv", "out_channels", Expression("16"))
    assert project.main.nodes["conv"].arguments["out_channels"] == Expression("16")


def test_names_of_new_nodes():
    project = start()
    assert default_node_name(project, MAIN, "Conv2d") == "conv1"
    assert default_node_name(project, MAIN, "Input") == "image2"
    assert default_node_name(project, MAIN, "MaxPool2d") == "maxpool1"
    project = add_node(add_node(project, MAIN, "Conv2d"), MAIN, "Conv2d")
    assert list(project.main.nodes)[-2:] == ["conv1", "conv2"]


def test_every_layer_gets_a_legal_name():
    from tests.graph.building import LAYERS

    project = Project()
    for name in LAYERS:
        project = add_node(add_node(project, MAIN, name), MAIN, name)
    check_invariants(project)


def test_a_renamed_input_of_a_block_takes_the_links_of_its_uses_along():
    project = project_of(
        {
            "x": "layer: Input, shape: [4]",
            "both": "block: Two",
            "out": "layer: Output",
        },
        ["x -> both.left", "x -> both.right", "both -> out"],
        blocks="""
  Two:
    nodes:
      left: {layer: Input, shape: [4]}
      right: {layer: Input, shape: [4]}
      add: {layer: Add}
      leave: {layer: Output}
    links: [left -> add.in_1, right -> add.in_2, add -> leave]
""",
    )
    project = rename_node(project, "Two", "left", "first")
    assert [str(link) for link in project.main.links] == [
        "x -> both.first",
        "x -> both.right",
        "both -> out",
    ]


def test_blocks_inside():
    project = chain("layer: ReLU", blocks=BODY)
    assert blocks_inside(project, "Outer") == {"Double"}
    assert blocks_inside(project, MAIN) == set()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("two words", "two_words"),
        ("3×3 Gefühl!", "Gefuhl"),
        ("__private__", "private"),
        ("conv1", "conv1"),
        ("class", ""),
        ("卷积", ""),
        ("x" * 100, "x" * 64),
    ],
)
def test_the_nearest_name_is_one_that_can_be(text, name):
    assert near_name(text) == name
    if name:
        assert check_name(name) == name
