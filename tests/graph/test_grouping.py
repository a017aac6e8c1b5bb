"""Making a block of nodes and dissolving it: the network stays what it was."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from graph.dissolving import dissolve_node
from graph.document import Document
from graph.edits import EditError, add_node, move_nodes, set_argument, set_repeat
from graph.grouping import group_nodes, rename_group
from graph.node_settings import NodeSettings
from graph.project_edits import (
    add_block,
    free_block_name,
    remove_block,
    rename_block,
    uses_of_block,
)
from graph.state import MAIN, Block, Link, Project, check_name
from graph.templates import load_template
from tests.codegen.building import network_of
from tests.graph.building import (
    chain,
    check_invariants,
    histories,
    project_of,
    refusal_in_words,
    start,
)


def shape_of(block):
    """A graph without the order of its links, and places."""
    nodes = {
        name: (n.type, n.is_block, dict(n.arguments), n.repeat) for name, n in block.nodes.items()
    }
    return nodes, set(block.links)


def branches():
    """A stem whose result is read three times, by a block-to-be with two ways in and out."""
    return project_of(
        {
            "image": "layer: Input, shape: [3, 16, 16], at: [0, 0]",
            "stem": "layer: Conv2d, out_channels: = width, padding: 1, at: [0, 90]",
            "left": "layer: Conv2d, out_channels: = width * 2, padding: 1, at: [-130, 180]",
            "right": "layer: Conv2d, out_channels: = width * 2, kernel_size: 1, at: [130, 180]",
            "join": "layer: Add, at: [0, 270]",
            "relu": "layer: ReLU, at: [0, 360]",
            "cat": "layer: Concat, at: [0, 450]",
            "out": "layer: Output, at: [0, 540]",
        },
        [
            "image -> stem",
            "stem -> left",
            "stem -> right",
            "left -> join.in_1",
            "right -> join.in_2",
            "join -> relu",
            "relu -> cat.in_1",
            "left -> cat.in_2",
            "image -> cat.in_3",
            "cat -> out",
        ],
        parameters="{width: {default: 4, help: Channels of the stem.}, unused: 3}",
    )


def test_ports_are_found_one_for_each_source():
    grouped = group_nodes(branches(), MAIN, ["left", "right", "join", "relu"], name="Body")
    body, main = grouped.project.blocks["Body"], grouped.project.main
    assert body.input_names() == ["entry"]
    assert body.output_names() == ["left_out", "relu_out"]
    assert set(body.links) >= {
        Link("entry", "out", "left", "in"),
        Link("entry", "out", "right", "in"),
    }
    assert list(main.nodes) == ["image", "stem", "body1", "cat", "out"]
    assert set(main.links) == {
        Link("image", "out", "stem", "in"),
        Link("stem", "out", "body1", "in"),
        Link("body1", "relu_out", "cat", "in_1"),
        Link("body1", "left_out", "cat", "in_2"),
        Link("image", "out", "cat", "in_3"),
        Link("cat", "out", "out", "in"),
    }
    check_invariants(grouped.project)
    assert not Document(grouped.project).has_errors


def test_several_ways_in_are_called_after_where_they_come_from():
    grouped = group_nodes(branches(), MAIN, ["cat"], name="Join")
    assert grouped.project.blocks["Join"].input_names() == ["relu", "left", "image"]
    assert not Document(grouped.project).has_errors


def test_inputs_show_what_flows_there():
    body = group_nodes(branches(), MAIN, ["left", "relu", "right", "join"]).project.blocks["Block"]
    assert body.nodes["entry"].arguments["shape"] == (4, 16, 16)
    words = project_of(
        {
            "words": "layer: Input, shape: [7], dtype: integer",
            "embedding": "layer: Embedding, num_embeddings: 9, embedding_dim: 5",
            "out": "layer: Output",
        },
        ["words -> embedding", "embedding -> out"],
    )
    entry = group_nodes(words, MAIN, ["embedding"]).project.blocks["Block"].nodes["entry"]
    assert dict(entry.arguments) == {"shape": (7,), "dtype": "integer"}


def test_inside_a_block_the_sizes_are_those_of_its_use():
    project = load_template("resnet-small")
    grouped = group_nodes(project, "Residual", ["conv2", "norm2"], name="Second")
    assert grouped.project.blocks["Second"].nodes["entry"].arguments["shape"] == (16, 16, 16)
    assert not Document(grouped.project).has_errors


def test_parameters_that_are_used_pass_through():
    grouped = group_nodes(branches(), MAIN, ["left", "right", "join"], name="Body")
    body = grouped.project.blocks["Body"]
    assert list(body.parameters) == ["width"]
    assert body.parameters["width"].help == "Channels of the stem."
    stand_in = grouped.project.main.nodes[grouped.node]
    assert {key: str(value) for key, value in stand_in.arguments.items()} == {"width": "= width"}


def test_places_stay_and_the_block_stands_in_the_middle():
    project = branches()
    grouped = group_nodes(project, MAIN, ["left", "right", "join", "relu"])
    body = grouped.project.blocks["Block"]
    for name in ("left", "right", "join", "relu"):
        assert body.nodes[name].at == project.main.nodes[name].at
    assert grouped.project.main.nodes[grouped.node].at == (0.0, 270.0)
    assert body.nodes["entry"].at[1] < 180 < 360 < body.nodes["relu_out"].at[1]


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([], "select the layers"),
        (["image", "stem"], "image cannot go into a block"),
        (["stem", "join"], "select them too"),
        (["left", "cat"], "passes join, relu and comes back"),
        (["nobody"], 'no node "nobody"'),
    ],
)
def test_what_cannot_be_a_block_is_refused_in_words(names, words):
    with pytest.raises(EditError, match=words):
        group_nodes(branches(), MAIN, names)


@pytest.mark.parametrize("name", ["1st", "main", "Conv2d", "class", "my block"])
def test_illegal_names_are_refused(name):
    with pytest.raises(EditError):
        group_nodes(branches(), MAIN, ["stem"], name=name)


def test_loose_ends_become_ports_too():
    project = chain("layer: Conv2d", "layer: ReLU")
    loose = Project(blocks={MAIN: Block(project.main.nodes)})
    grouped = group_nodes(loose, MAIN, ["n1", "n2"])
    block = grouped.project.blocks["Block"]
    assert len(block.input_names()) == len(block.output_names()) == 2
    assert dissolve_node(grouped.project, MAIN, grouped.node).project.main == loose.main


@pytest.mark.parametrize(
    ("template", "names"),
    [
        ("lenet5", ["conv1", "tanh1", "pool1"]),
        ("resnet-small", ["norm", "relu", "stage1"]),
        ("resnet-small", ["stage1", "down", "stage2", "pool"]),
    ],
)
def test_the_network_computes_the_same(template, names):
    before = load_template(template)
    after = group_nodes(before, MAIN, names, name="Body").project
    one, other = Document(before).result(), Document(after).result()
    assert one.outputs == other.outputs
    assert (one.parameters, one.multiply_adds) == (other.parameters, other.multiply_adds)
    first, second = network_of(before).eval(), network_of(after).eval()
    first_state, second_state = first.state_dict(), second.state_dict()
    assert [v.shape for v in first_state.values()] == [v.shape for v in second_state.values()]
    second.load_state_dict(dict(zip(second_state, first_state.values(), strict=True)))
    x = torch.randn(2, *one.nodes["image"].outputs["out"].sizes)
    assert torch.equal(first(x), second(x))


def test_several_ports_compute_the_same():
    before = branches()
    grouped = group_nodes(before, MAIN, ["left", "right", "join", "relu"], name="Body")
    twice = group_nodes(grouped.project, MAIN, [grouped.node, "cat"], name="Outer")
    assert twice.project.blocks["Outer"].input_names() == ["stem", "image"]
    first = network_of(before, width=3).eval()
    x = torch.randn(2, 3, 16, 16)
    for after, prefix in ((grouped, "body1."), (twice, "outer1.body1.")):
        second = network_of(after.project, width=3).eval()
        inside = {"left", "right"}
        second.load_state_dict(
            {
                f"{prefix if key.partition('.')[0] in inside else ''}{key}": value
                for key, value in first.state_dict().items()
            }
        )
        assert torch.equal(first(x), second(x))


def test_grouped_and_dissolved_is_what_it_was():
    project = branches()
    grouped = group_nodes(project, MAIN, ["left", "right", "join", "relu"])
    back = dissolve_node(grouped.project, MAIN, grouped.node).project
    assert shape_of(back.main) == shape_of(project.main)
    assert {n.name: n.at for n in back.main.nodes.values()} == {
        n.name: n.at for n in project.main.nodes.values()
    }
    assert list(back.blocks) == [MAIN]


def test_dissolving_writes_values_in_place_of_parameters():
    project = set_argument(start(), MAIN, "outer", "size", 6)
    done = dissolve_node(project, "Outer", "one")
    conv = {name: node.arguments for name, node in done.project.blocks["Outer"].nodes.items()}
    assert str(conv["conv1"]["out_channels"]) == "= size"
    assert str(conv["conv2"]["out_channels"]) == "= size * 2"
    assert "kernel_size" not in conv["conv1"], "3 is the default"
    assert done.nodes == ("conv1", "relu1", "conv2")
    assert "Double" in done.project.blocks, "it is still used in main"
    assert Document(done.project).result().parameters == Document(project).result().parameters


def test_dissolving_keeps_names_apart():
    project = set_repeat(start(), MAIN, "body", 1)
    first = dissolve_node(project, MAIN, "outer").project
    assert {"one", "join"} <= first.main.nodes.keys()
    both = dissolve_node(first, MAIN, "one").project
    both = dissolve_node(both, MAIN, "body").project
    assert len([n for n in both.main.nodes.values() if n.type == "Conv2d"]) == 5
    assert list(both.blocks) == [MAIN]
    check_invariants(both)
    before, after = Document(project).result(), Document(both).result()
    assert (before.parameters, before.outputs) == (after.parameters, after.outputs)


@pytest.mark.parametrize(
    ("node", "words"), [("body", "is repeated"), ("conv", "does not stand for")]
)
def test_what_cannot_be_dissolved_is_refused_in_words(node, words):
    with pytest.raises(EditError, match=words):
        dissolve_node(start(), MAIN, node)


def test_dissolved_nodes_get_room():
    near = chain("layer: Conv2d, padding: 1", "layer: ReLU", "layer: Conv2d", "layer: Tanh")
    grouped = group_nodes(near, MAIN, ["n1", "n2", "n3"])
    tight = move_nodes(
        grouped.project,
        MAIN,
        {"image": (0, 0), grouped.node: (0, 90), "n4": (0, 180), "out": (0, 270)},
    )
    back = dissolve_node(tight, MAIN, grouped.node).project
    heights = sorted(node.at[1] for node in back.main.nodes.values())
    assert min(b - a for a, b in itertools.pairwise(heights)) >= 74


def test_a_new_block_takes_the_name_that_is_typed():
    grouped = group_nodes(branches(), MAIN, ["left"])
    renamed = rename_group(grouped.project, MAIN, grouped.node, "Branch")
    assert renamed.node == "branch1"
    assert renamed.project.main.nodes["branch1"].type == "Branch"
    assert "Block" not in renamed.project.blocks
    with pytest.raises(EditError, match="already a layer"):
        rename_group(renamed.project, MAIN, "branch1", "ReLU")


def test_long_names_stay_legal_where_they_get_a_number():
    long = "B" * 64
    project = add_block(branches(), long)
    name = free_block_name(project, long)
    grouped = group_nodes(project, MAIN, ["stem"], name=name)
    check_invariants(grouped.project)
    assert check_name(name) == "B" * 58 + "2"
    nodes = {"b" * 64: replace(project.main.nodes["stem"], name="b" * 64)}
    crowded = replace(project.main, nodes={**project.main.nodes, **nodes})
    crowded = replace(project, blocks={**project.blocks, MAIN: crowded})
    for node in group_nodes(crowded, MAIN, ["left"], name=name).project.main.nodes:
        check_name(node)


def test_blocks_are_renamed_everywhere():
    project = rename_block(start(), "Double", "Twice")
    assert uses_of_block(project, "Twice") == [(MAIN, "body"), ("Outer", "one")]
    assert uses_of_block(project, "Double") == []
    assert list(project.blocks) == [MAIN, "Twice", "Outer"]
    for old, new in (("Twice", "Outer"), (MAIN, "Network"), ("Nothing", "Something")):
        with pytest.raises(EditError):
            rename_block(project, old, new)
    with pytest.raises(EditError, match="still used by body in main"):
        remove_block(project, "Twice")


def test_weights_are_shared_inside_a_block_or_outside():
    project = branches()
    nodes = dict(project.main.nodes)
    nodes["relu"] = replace(nodes["join"], name="relu", settings=NodeSettings(shares="join"))
    main = replace(project.main, nodes=nodes)
    project = replace(project, blocks={MAIN: main})
    with pytest.raises(EditError, match="uses the weights of join"):
        group_nodes(project, MAIN, ["relu"])
    grouped = group_nodes(project, MAIN, ["join", "relu"])
    crowded = add_node(grouped.project, MAIN, "ReLU", name="join")
    done = dissolve_node(crowded, MAIN, grouped.node).project
    assert done.main.nodes["relu"].settings.shares == "join2"


def test_settings_of_a_node_are_not_lost():
    grouped = group_nodes(branches(), MAIN, ["left"])
    node = replace(grouped.project.main.nodes[grouped.node], settings=NodeSettings(frozen=True))
    main = grouped.project.main
    main = replace(main, nodes={**main.nodes, node.name: node})
    project = replace(grouped.project, blocks={**grouped.project.blocks, MAIN: main})
    with pytest.raises(EditError, match="frozen"):
        dissolve_node(project, MAIN, node.name)


def test_an_open_document_follows_every_edit_of_blocks():
    states = [start()]
    states.append(rename_block(states[-1], "Double", "Twice"))
    states.append(set_repeat(states[-1], MAIN, "body", 1))
    states.append(dissolve_node(states[-1], MAIN, "body").project)
    states.append(dissolve_node(states[-1], MAIN, "outer").project)
    states.append(group_nodes(states[-1], MAIN, ["one", "join"], name="Double").project)
    states.append(dissolve_node(states[-1], "Double", "one").project)
    document = Document()
    for state in [*states, *reversed(states)]:
        document.set_state(state)
        fresh = Document(state)
        assert document.problems == fresh.problems
        for name in state.blocks:
            assert document.result(name).nodes == fresh.result(name).nodes


@given(histories(), st.data())
def test_any_selection_is_grouped_and_dissolved_or_refused(states, data):
    project = states[-1]
    block = data.draw(st.sampled_from(sorted(project.blocks)))
    nodes = sorted(project.blocks[block].nodes)
    names = data.draw(st.sets(st.sampled_from(nodes)) if nodes else st.just(set()))
    grouped = None
    with refusal_in_words():
        grouped = group_nodes(project, block, names)
    if grouped is None:
        return
    check_invariants(grouped.project)
    one, other = Document(project).result(), Document(grouped.project).result()
    assert one.outputs == other.outputs
    assert (one.parameters, one.multiply_adds) == (other.parameters, other.multiply_adds)
    back = dissolve_node(grouped.project, block, grouped.node).project
    check_invariants(back)
    assert shape_of(back.blocks[block]) == shape_of(project.blocks[block])
    assert back.blocks.keys() == project.blocks.keys()
