"""Sizes of everything, from scratch and kept up to date: both always agree."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.check import check_project
from graph.document import Document
from graph.inference import infer_block
from graph.links import remove_links
from graph.shapes import TensorSpec
from graph.state import MAIN, Link, Project
from graph.templates import all_templates, load_template
from tests.graph.building import BODY, chain, histories, project_of


def sizes(project: Project) -> dict[str, str]:
    result = infer_block(project, MAIN)
    return {name: ", ".join(map(str, node.outputs.values())) for name, node in result.nodes.items()}


def same_as_from_scratch(document: Document) -> None:
    project = document.state
    scratch = infer_block(project, MAIN)
    kept = document.result()
    assert kept.nodes == scratch.nodes
    assert list(kept.nodes) == list(scratch.nodes)
    assert kept.order == scratch.order
    assert kept.outputs == scratch.outputs
    assert kept.values == scratch.values
    assert kept.broken == scratch.broken
    assert (kept.parameters, kept.multiply_adds) == (scratch.parameters, scratch.multiply_adds)
    for name in project.blocks:
        if name != MAIN:
            assert document.result(name).nodes == Document(project).result(name).nodes
    assert document.problems == check_project(project)


@settings(max_examples=60)
@given(states=histories(longest=14), data=st.data())
def test_kept_results_are_those_from_scratch(states, data):
    """Also when states come back, as undo and redo let them."""
    again = data.draw(st.lists(st.integers(0, len(states) - 1), max_size=4))
    document = Document()
    for state in [*states, *(states[place] for place in again)]:
        document.set_state(state)
        same_as_from_scratch(document)


@st.composite
def broken(draw) -> Project:
    """A network as a careless person writes it by hand: circles, several links into a port, links
    to ports that do not exist, arguments that are not legal."""
    kinds = [
        "layer: Input",
        "layer: Input, shape: [4]",
        "layer: Input, shape: [-1]",
        "layer: Conv2d",
        "layer: Conv2d, kernel_size: 99, padding: = missing",
        "layer: Conv2d, out_channels: = channels, stride: 0",
        "layer: Linear",
        "layer: ReLU",
        "layer: Add",
        "layer: Concat",
        "layer: Chunk",
        "layer: Output",
        "layer: Nothing",
        "block: Double",
        "block: Double, width: x, repeat: = channels",
        "block: Outer, repeat: 2",
        "block: Nothing",
        "block: main",
        "block: Self",
    ]
    own = """
  Self:
    nodes: {entry: {layer: Input}, again: {block: Self}, leave: {layer: Output}}
    links: [entry -> again, again -> leave]
"""
    names = [f"n{number}" for number in range(draw(st.integers(0, 7)))]
    nodes = {name: draw(st.sampled_from(kinds)) for name in names}
    ports = st.sampled_from(("", "", "", ".in_1", ".in_2", ".out_1", ".x"))
    links = []
    for _ in range(draw(st.integers(0, 9)) if names else 0):
        source, target = draw(st.sampled_from(names)), draw(st.sampled_from(names))
        links.append(f"{source}{draw(ports)} -> {target}{draw(ports)}")
    return project_of(nodes, links, parameters="{channels: 3}", blocks=BODY + own)


@settings(max_examples=60)
@given(states=st.lists(broken(), min_size=1, max_size=4))
def test_broken_networks_too(states):
    document = Document()
    for state in states:
        document.set_state(state)
        same_as_from_scratch(document)


@pytest.mark.parametrize("id_", [template.id for template in all_templates()])
def test_templates_have_no_problems(id_):
    project = load_template(id_)
    assert check_project(project) == []
    document = Document(project)
    same_as_from_scratch(document)


def test_lenet_as_published():
    """Sizes and weights from LeCun et al. 1998, for convolutions between all channels."""
    project = load_template("lenet5")
    found = sizes(project)
    assert found["conv1"] == "6×28×28"
    assert found["pool2"] == "16×5×5"
    assert found["flatten"] == "400"
    result = infer_block(project, MAIN)
    assert result.parameters == 156 + 2416 + 48120 + 10164 + 850
    assert result.nodes["conv1"].multiply_adds == 6 * 25 * 28 * 28


def test_a_block_used_twice_with_different_arguments():
    project = chain(
        "block: Double, width: 5",
        "block: Double, width: 7, kernel: 1",
        blocks=BODY,
        shape="[2,8,8]",
    )
    result = infer_block(project, MAIN)
    first, second = result.nodes["n1"], result.nodes["n2"]
    assert first.outputs["out"] == TensorSpec((10, 8, 8))
    assert second.outputs["out"] == TensorSpec((14, 10, 10))
    assert first.parameters == (2 * 9 + 1) * 5 + (5 * 9 + 1) * 10
    assert second.parameters == (10 + 1) * 7 + (7 * 9 + 1) * 14


def test_a_repeated_block_counts_every_repetition():
    project = chain("block: Double, width: 5, repeat: 3", blocks=BODY, shape="[2, 8, 8]")
    node = infer_block(project, MAIN).nodes["n1"]
    first = (2 * 9 + 1) * 5 + (5 * 9 + 1) * 10
    later = (10 * 9 + 1) * 5 + (5 * 9 + 1) * 10
    assert node.parameters == first + 2 * later
    assert len(node.inner) == 2, "the third use is like the second"


def test_expressions_reach_through_blocks():
    project = chain("block: Outer, size: 6", blocks=BODY, shape="[2, 8, 8]")
    assert sizes(project)["n1"] == "14×8×8"  # 6 * 2 channels, and the 2 that came in


def test_what_cannot_be_known_stays_unknown():
    project = chain("layer: Linear", "layer: ReLU", "layer: ReLU")
    result = infer_block(project, MAIN)
    assert [finding.code for finding in result.nodes["n1"].findings] == ["size"]
    assert result.nodes["n2"].outputs == {}
    assert result.nodes["n2"].inputs == {"in": None}
    assert result.nodes["n2"].findings == (), "one fault is reported once"


def test_sizes_that_no_computer_can_hold_are_refused():
    project = chain("layer: Flatten", shape="[100000, 100000]")
    (finding,) = infer_block(project, MAIN).nodes["n1"].findings
    assert "no computer can hold" in finding.text


def test_mending_a_circle_brings_everything_behind_it_back():
    circle = project_of(
        {"x": "layer: Input", "a": "layer: Add", "b": "layer: ReLU", "c": "layer: Linear"},
        ["x -> a.in_1", "b -> a.in_2", "a -> b", "b -> c"],
    )
    document = Document(circle)
    assert document.result().nodes["c"].findings == ()
    document.set_state(remove_links(circle, MAIN, [Link("b", "out", "a", "in_2")]))
    same_as_from_scratch(document)
    assert document.result().nodes["c"].findings[0].code == "size"


def doubling(depth: int, second: str) -> Project:
    """Blocks of which each uses the next one twice."""
    text = ""
    for level in range(depth):
        inner = f"block: B{level + 1}" if level + 1 < depth else "layer: ReLU"
        other = inner + (second if level + 1 < depth else "")
        text += f"""
  B{level}:
    parameters: {{w: 1}}
    nodes: {{i: {{layer: Input}}, a: {{{inner}}}, b: {{{other}}}, o: {{layer: Output}}}}
    links: [i -> a, a -> b, b -> o]
"""
    return chain("block: B0", blocks=text)


@pytest.mark.timeout(20)
def test_deeply_doubled_blocks_do_not_freeze_the_window():
    """2 to the power of 28 uses, all of them alike."""
    document = Document(doubling(28, ""))
    assert document.problems == []
    assert check_project(document.state) == []


@pytest.mark.timeout(60)
def test_what_is_nested_too_deeply_is_said_and_does_not_freeze_the_window():
    document = Document(doubling(60, ""))
    assert {problem.code for problem in document.problems} == {"nesting"}
    assert "more than 32 blocks" in document.problems[0].text
