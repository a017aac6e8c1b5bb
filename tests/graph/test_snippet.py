"""Copying a part of a network as text, and pasting it."""

from textwrap import indent

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from graph.direction import LEFT_RIGHT, TOP_DOWN
from graph.edits import EditError, add_node, set_argument
from graph.expression import Expression
from graph.files import from_text, to_text
from graph.inference import infer_block
from graph.layout import turn
from graph.library import same_block
from graph.setting_edits import set_setting
from graph.snippet import copy_nodes, duplicate_nodes, paste_nodes
from graph.state import MAIN, Link, Project
from tests.graph.building import chain, check_invariants, histories, project_of, start

BRANCHES = project_of(
    {
        "image": "layer: Input, shape: [1, 8, 8]",
        "conv1": "layer: Conv2d, out_channels: = width, padding: 1, at: [0, 100]",
        "relu1": "layer: ReLU, at: [0, 200]",
        "add": "layer: Add, at: [0, 300]",
        "out": "layer: Output, at: [0, 400]",
    },
    ["image -> conv1", "conv1 -> relu1", "relu1 -> add.in_1", "conv1 -> add.in_2", "add -> out"],
    parameters="{width: 6}",
)


def test_the_text_is_that_of_a_project():
    text = copy_nodes(BRANCHES, MAIN, ["conv1", "relu1"])
    raw = yaml.safe_load(text)
    assert list(raw["blocks"]["main"]["nodes"]) == ["conv1", "relu1"]
    assert raw["blocks"]["main"]["links"] == ["conv1 -> relu1"]
    assert raw["blocks"]["main"]["from_outside"] == ["image -> conv1"]
    assert raw["blocks"]["main"]["parameters"] == {"width": 6}
    assert from_text(text).project.main.nodes.keys() == {"conv1", "relu1"}


def test_names_that_are_taken_are_counted_on():
    pasted = paste_nodes(BRANCHES, MAIN, copy_nodes(BRANCHES, MAIN, ["conv1", "relu1"]))
    assert pasted.nodes == ("conv2", "relu2")
    assert Link("conv2", "out", "relu2", "in") in pasted.project.main.links
    assert len(pasted.project.main.links) == len(BRANCHES.main.links) + 1
    assert pasted.project.main.nodes["conv2"].arguments["out_channels"] == Expression("width")


def test_with_inputs_it_hangs_where_the_original_hangs():
    text = copy_nodes(BRANCHES, MAIN, ["relu1", "add"])
    after = paste_nodes(BRANCHES, MAIN, text, keep_inputs=True).project.main
    assert Link("conv1", "out", "relu2", "in") in after.links
    assert Link("conv1", "out", "add2", "in_2") in after.links
    without = paste_nodes(BRANCHES, MAIN, text).project.main
    assert not [link for link in without.links if link.source == "conv1" and "2" in link.target]


def test_inputs_that_are_not_here_are_left_out():
    text = copy_nodes(BRANCHES, MAIN, ["relu1"])
    pasted = paste_nodes(Project(), MAIN, text, keep_inputs=True)
    assert pasted.project.main.links == ()


def test_the_middle_goes_where_it_is_wanted():
    text = copy_nodes(BRANCHES, MAIN, ["conv1", "relu1"])
    nodes = paste_nodes(BRANCHES, MAIN, text, at=(500, 600)).project.main.nodes
    assert (nodes["conv2"].at, nodes["relu2"].at) == ((500, 550), (500, 650))


def test_nothing_is_pasted_exactly_onto_something():
    text = copy_nodes(BRANCHES, MAIN, ["conv1"])
    project = BRANCHES
    for _ in range(3):
        project = paste_nodes(project, MAIN, text).project
    assert len({node.at for node in project.main.nodes.values()}) == len(project.main.nodes)


def test_a_parameter_that_is_not_here_becomes_its_value():
    pasted = paste_nodes(chain(), MAIN, copy_nodes(BRANCHES, MAIN, ["conv1"]))
    assert pasted.project.main.nodes["conv1"].arguments["out_channels"] == 6


def test_blocks_come_along_once():
    source = start()
    text = copy_nodes(source, MAIN, ["body", "outer"])
    pasted = paste_nodes(Project(), MAIN, text)
    assert set(pasted.project.blocks) == {MAIN, "Double", "Outer"}
    again = paste_nodes(pasted.project, MAIN, text).project
    assert set(again.blocks) == {MAIN, "Double", "Outer"}


def test_another_block_of_the_same_name_stays_what_it_is():
    source = start()
    text = copy_nodes(source, MAIN, ["outer"])
    other = set_argument(source, "Double", "conv1", "bias", False)
    pasted = paste_nodes(other, MAIN, text)
    assert pasted.project.blocks["Double"] == other.blocks["Double"]
    assert same_block(pasted.project.blocks["Double2"], source.blocks["Double"])
    outer = pasted.project.blocks[pasted.project.main.nodes[pasted.nodes[0]].type]
    assert outer.nodes["one"].type == "Double2"


def test_shared_weights_follow_the_new_name():
    project = add_node(BRANCHES, MAIN, "Conv2d", name="conv9", at=(300, 100))
    project = set_setting(project, MAIN, "conv9", "shares", "conv1")
    both = paste_nodes(project, MAIN, copy_nodes(project, MAIN, ["conv1", "conv9"]))
    owner, user = both.nodes
    assert both.project.main.nodes[user].settings.shares == owner
    alone = paste_nodes(project, MAIN, copy_nodes(project, MAIN, ["conv9"]))
    assert alone.project.main.nodes[alone.nodes[0]].settings.shares == "conv1"
    elsewhere = paste_nodes(Project(), MAIN, copy_nodes(project, MAIN, ["conv9"]))
    assert elsewhere.project.main.nodes["conv9"].settings.shares == ""


def test_a_block_is_not_pasted_into_itself():
    project = start()
    with pytest.raises(EditError, match="into itself"):
        paste_nodes(project, "Double", copy_nodes(project, MAIN, ["outer"]))


BOMB = "kumitate: 1\na: &a [1, 1]\nblocks: {main: {nodes: {}, x: [*a, *a]}}"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "nothing to paste"),
        ("hello world", "not a Kumitate project"),
        ("{", "legal YAML"),
        ("kumitate: 1\nblocks: {main: {nodes: {}}}", "no nodes"),
        ("kumitate: 999\nblocks: {}", "newer release"),
        (BOMB, "aliases"),
        ("kumitate: 1\nx: !!python/object/apply:os.system ['true']", "tag"),
        ("kumitate: 1\nx: " + "[" * 500 + "]" * 500, "nested too deeply"),
        ("x" * 3_000_000, "far too much"),
        (
            "kumitate: 1\nblocks: {main: {nodes: {a: {block: A}}}, A: {nodes: {b: {block: A}}}}",
            "itself",
        ),
    ],
)
def test_what_is_no_network_is_refused_in_words(text, words):
    with pytest.raises(EditError) as caught:
        paste_nodes(BRANCHES, MAIN, text)
    assert words in str(caught.value)


def test_nothing_selected_is_nothing_to_copy():
    with pytest.raises(EditError, match="select"):
        copy_nodes(BRANCHES, MAIN, ["nobody"])


def test_duplicating_stands_beside():
    made = duplicate_nodes(BRANCHES, MAIN, ["conv1"])
    assert made.project.main.nodes["conv2"].at == (40, 140)


@given(states=histories())
def test_everything_copied_is_the_same_network_elsewhere(states):
    project = states[-1]
    assume(project.main.nodes)
    text = copy_nodes(project, MAIN, project.main.nodes)
    try:
        pasted = paste_nodes(Project(), MAIN, text)
    except EditError:
        # Blocks that lack something, or contain themselves, stay where they are.
        assert infer_block(project, MAIN).broken
        return
    check_invariants(pasted.project)
    names = dict(zip(project.main.nodes, pasted.nodes, strict=True))
    before, after = infer_block(project, MAIN), infer_block(pasted.project, MAIN)
    for old, new in names.items():
        assert before.nodes[old].outputs == after.nodes[new].outputs
    assert from_text(to_text(pasted.project)).project == pasted.project


@given(states=histories(), data=st.data())
def test_pasting_leaves_what_is_there_alone(states, data):
    project = states[-1]
    assume(project.main.nodes)
    chosen = data.draw(st.sets(st.sampled_from(sorted(project.main.nodes)), min_size=1))
    text = copy_nodes(project, MAIN, chosen)
    block = data.draw(st.sampled_from(sorted(project.blocks)))
    keep = data.draw(st.booleans())
    try:
        pasted = paste_nodes(project, block, text, keep_inputs=keep)
    except EditError:
        # Only where a block would contain itself, or lacks one that it uses.
        assert block != MAIN or infer_block(project, MAIN).broken
        return
    check_invariants(pasted.project)
    graph = pasted.project.blocks[block]
    for name, node in project.blocks[block].nodes.items():
        assert graph.nodes[name] is node
    assert set(project.blocks[block].links) <= set(graph.links)
    assert len(graph.nodes) == len(project.blocks[block].nodes) + len(chosen)


def test_a_link_that_no_longer_fits_is_left_out():
    text = copy_nodes(BRANCHES, MAIN, ["relu1"])
    project = add_node(Project(), MAIN, "Output", name="conv1")
    pasted = paste_nodes(project, MAIN, text, keep_inputs=True)
    assert pasted.project.main.links == ()


def test_a_sharer_pasted_elsewhere_is_made_like_its_owner():
    project = chain("layer: Linear, out_features: 3", "layer: Linear, out_features: 9")
    project = set_setting(project, MAIN, "n2", "shares", "n1")
    alone = paste_nodes(Project(), MAIN, copy_nodes(project, MAIN, ["n2"])).project
    assert alone.main.nodes["n2"].arguments == {"out_features": 3}
    assert alone.main.nodes["n2"].settings.shares == ""


def test_ports_close_up_where_an_input_does_not_come_back():
    text = copy_nodes(BRANCHES, MAIN, ["conv1", "add"])
    for keep in (False, True):
        made = paste_nodes(Project(), MAIN, text, keep_inputs=keep).project
        assert made.main.links == (Link("conv1", "out", "add", "in_1"),)


SENT = {
    "as it is": lambda text: text,
    "with a byte order mark": lambda text: "\ufeff" + text,
    "with a fence": lambda text: f"```yaml\n{text}```\n",
    "in a message": lambda text: f"Here: it works!\n\n```yaml\n{text}```\nDo you see it?\n",
    "in a message without a fence": lambda text: f"Look at this.\n{text}\nDo you see it?\n",
    "indented": lambda text: indent(text, "    "),
    "indented in a message": lambda text: f"So:\n\n{indent(text, '    ')}\nBye.",
    "indented, but for the first line": lambda text: indent(text, "    ").lstrip(),
    "with spaces that do not break": lambda text: indent(text, "  ").replace(" ", "\xa0"),
    "quoted": lambda text: indent(text, "> ", lambda _: True),
    "with the ends of lines of Windows": lambda text: text.replace("\n", "\r\n"),
}


@pytest.mark.parametrize("how", SENT)
def test_text_from_a_message_is_read(how):
    said = "Like this:\n\n```python\nx = conv(x)\n```\n\nkumitate: reads it."
    noted = add_node(BRANCHES, MAIN, "Note", name="note", arguments={"text": said})
    text = copy_nodes(noted, MAIN, ["conv1", "relu1", "note"])
    wanted = paste_nodes(Project(), MAIN, text).project
    assert wanted.main.nodes["note"].arguments["text"] == said
    assert paste_nodes(Project(), MAIN, SENT[how](text)).project == wanted


def test_a_refusal_is_one_line():
    text = "kumitate: 1\nblocks: {main: {nodes: {a: {layer: ReLU, at: 3}, b: {}}, links: 4}}"
    with pytest.raises(EditError, match="names either") as refused:
        paste_nodes(Project(), MAIN, text)
    assert "\n" not in str(refused.value)


def hostile(count, uses):
    """Blocks in a row, each of which uses the next one several times."""
    blocks = "".join(
        f"  B{n}: {{nodes: {{{', '.join(f'n{u}: {{block: B{n + 1}}}' for u in range(uses))}}}}}\n"
        for n in range(count)
    )
    return (
        "kumitate: 1\nblocks:\n  main: {nodes: {x: {block: B0}}}\n"
        f"{blocks}  B{count}: {{nodes: {{r: {{layer: ReLU}}}}}}\n"
    )


@pytest.mark.parametrize(("count", "uses"), [(60, 3), (1200, 1)], ids=["wide", "deep"])
def test_many_blocks_inside_of_each_other_are_each_looked_at_once(count, uses):
    made = paste_nodes(Project(), MAIN, hostile(count, uses)).project
    assert len(made.blocks) == count + 2


def test_more_nodes_than_a_file_may_have_are_refused(monkeypatch):
    monkeypatch.setattr("graph.snippet.MOST_NODES", 8)
    with pytest.raises(EditError, match="blocks with repeat"):
        paste_nodes(BRANCHES, MAIN, copy_nodes(BRANCHES, MAIN, BRANCHES.main.nodes))


def test_what_comes_into_an_empty_block_lies_there_as_where_it_was_copied():
    lying = turn(BRANCHES, MAIN, LEFT_RIGHT)
    text = copy_nodes(lying, MAIN, lying.main.nodes)
    assert paste_nodes(Project(), MAIN, text).project.main.direction == LEFT_RIGHT
    # What is there already stays as it lies.
    assert paste_nodes(BRANCHES, MAIN, text).project.main.direction == TOP_DOWN
