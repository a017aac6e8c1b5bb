"""Nodes that are there only under a condition on the block's parameters."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from graph.check import check_project
from graph.dissolving import dissolve_node
from graph.document import Document
from graph.edits import EditError
from graph.expression import Expression
from graph.files import from_text, load, to_text
from graph.grouping import group_nodes
from graph.inference import infer_block
from graph.links import remove_links
from graph.node_settings import PLAIN
from graph.project_edits import rename_block_parameter, set_block_parameter
from graph.setting_edits import set_setting, share_weights
from graph.state import MAIN, Project
from tests.graph.building import project_of

CONDITIONS = Path(__file__).parent.parent / "files" / "projects" / "conditions.yaml"


def network(condition: str, layer: str = "Conv2d, out_channels: 5") -> Project:
    return project_of(
        {
            "image": "layer: Input, shape: [2, 8, 8]",
            "maybe": f"layer: {layer}, only_if: {condition!r}",
            "out": "layer: Output",
        },
        ["image -> maybe", "maybe -> out"],
        parameters="{deep: true, depth: 3}",
    )


def test_it_is_there_where_the_condition_holds():
    result = infer_block(network("deep and depth > 2"), MAIN)
    assert str(result.outputs["out"]) == "5×6×6"
    assert result.parameters == 5 * 2 * 9 + 5
    assert result.nodes["maybe"].condition is True


def test_what_comes_in_goes_on_where_it_does_not():
    result = infer_block(network("depth > 3"), MAIN)
    assert str(result.outputs["out"]) == "2×8×8"
    assert result.parameters == result.multiply_adds == 0
    assert result.nodes["maybe"].condition is False


@pytest.mark.parametrize(
    ("condition", "layer", "words"),
    [
        ("depth", "Conv2d", "is not true or false"),
        ("depth >", "Conv2d", "cannot be computed"),
        ("wide", "Conv2d", 'no parameter "wide"'),
        ("1 < 2", "Conv2d", "uses no parameter of the block"),
        ("deep", "Flatten", "it makes 128 of 2×8×8"),
        ("deep", "Chunk", "that needs one output, and it has 2"),
    ],
)
def test_what_cannot_be_is_said_in_words(condition, layer, words):
    problems = check_project(network(condition, layer))
    found = [p for p in problems if p.parameter == "only_if"]
    assert len(found) == 1
    assert words in found[0].text
    assert found[0].title == "maybe: “only if” is not possible"
    (fix,) = found[0].fixes
    assert fix.edit(network(condition, layer)).main.nodes["maybe"].settings.only_if == ""


def joining(condition: str, *, across: str = "in_1", through: str = "in_2") -> Project:
    """A way around a convolution, whose two ends are put side by side under a condition."""
    return project_of(
        {
            "image": "layer: Input, shape: [2, 8, 8]",
            "conv": "layer: Conv2d, out_channels: 5, padding: 1, stride: = 1 if deep else 2",
            "join": f"layer: Concat, only_if: {condition!r}",
            "out": "layer: Output",
        },
        ["image -> conv", f"image -> join.{across}", f"conv -> join.{through}", "join -> out"],
        parameters="{deep: true, depth: 3}",
    )


def test_of_several_inputs_the_first_goes_on():
    assert str(infer_block(joining("deep"), MAIN).outputs["out"]) == "7×8×8"
    for project in (
        joining("depth > 3"),
        set_setting(joining("deep"), MAIN, "join", "bypassed", True),
    ):
        result = infer_block(project, MAIN)
        assert str(result.outputs["out"]) == "2×8×8"
        assert result.multiply_adds == 5 * 2 * 9 * 64, "only the convolution is left"
    other = infer_block(joining("depth > 3", across="in_2", through="in_1"), MAIN)
    assert str(other.outputs["out"]) == "5×8×8"


def without_links_into(project: Project, port: str) -> Project:
    gone = [link for link in project.main.links if link.input == port]
    return remove_links(project, MAIN, gone)


def test_what_the_others_receive_does_not_matter_where_it_is_left_out():
    shallow = replace(joining("deep").main.parameters["deep"], default=False)
    project = set_block_parameter(joining("deep"), MAIN, "deep", shallow)
    assert not check_project(project), "with 8×8 and 4×4 it would not fit"
    assert str(infer_block(project, MAIN).outputs["out"]) == "2×8×8"
    unlinked = without_links_into(project, "in_2")
    assert [p for p in check_project(unlinked) if p.severity == "error"] == []
    other = without_links_into(project, "in_1")
    assert str(infer_block(other, MAIN).outputs["out"]) == "5×4×4", "the branches move up"


def test_while_editing_its_results_are_those_from_scratch():
    document = Document(joining("depth > 2"))
    for depth in (1, 3, 2, 5, 1):
        parameter = replace(document.state.main.parameters["depth"], default=depth)
        document.set_state(set_block_parameter(document.state, MAIN, "depth", parameter))
        fresh = infer_block(document.state, MAIN)
        assert document.result().nodes == fresh.nodes
        assert document.result().parameters == fresh.parameters


def test_edits_refuse_what_cannot_be_read_or_has_no_meaning():
    project = network("deep")
    with pytest.raises(EditError, match="is not an expression"):
        set_setting(project, MAIN, "maybe", "only_if", "depth >")
    with pytest.raises(EditError, match="image cannot depend on a condition: nothing"):
        set_setting(project, MAIN, "image", "only_if", "deep")
    same = set_setting(project, MAIN, "maybe", "only_if", "deep")
    assert same is project
    cleared = set_setting(project, MAIN, "maybe", "only_if", "")
    assert cleared.main.nodes["maybe"].settings is PLAIN


def test_weights_of_a_node_that_may_be_missing_are_not_shared():
    project = load(CONDITIONS).project
    with pytest.raises(EditError, match="there only under a condition"):
        share_weights(project, MAIN, "scores", "after")


def test_it_survives_its_file():
    project = load(CONDITIONS).project
    assert "only_if: upsampling == " in to_text(project)
    assert from_text(to_text(project)).project == project


def test_a_parameter_is_renamed_in_conditions():
    project = rename_block_parameter(network("depth > 2 and deep"), MAIN, "depth", "levels")
    assert project.main.nodes["maybe"].settings.only_if == "levels > 2 and deep"


def test_a_condition_goes_into_a_block_with_its_parameters():
    project = network("depth > 2 and deep")
    grouped = group_nodes(project, MAIN, ["maybe"])
    inner = grouped.project.blocks[grouped.block]
    assert set(inner.parameters) == {"deep", "depth"}
    assert grouped.project.main.nodes[grouped.node].arguments["depth"] == Expression("depth")
    out = dissolve_node(grouped.project, MAIN, grouped.node).project
    assert out.main.nodes["maybe"].settings.only_if == "depth > 2 and deep"


def test_taken_out_of_a_block_nothing_is_left_of_a_condition_that_is_decided():
    project = load(CONDITIONS).project
    text = to_text(project).replace("upsampling: = upsampling", 'upsampling: "bilinear"')
    project = from_text(text).project
    nodes = dissolve_node(project, MAIN, "up").project.main.nodes
    assert nodes["transposed"].settings.bypassed
    assert not nodes["bilinear"].settings.bypassed
    assert not nodes["transposed"].settings.only_if + nodes["bilinear"].settings.only_if
