"""What can be set on a node besides its arguments: files, edits, and what is said of it."""

from __future__ import annotations

import pytest

from graph.check import check_project
from graph.document import Document
from graph.edits import EditError, remove_nodes, rename_node, set_argument, set_repeat
from graph.explain import explain
from graph.files import FileError, from_text, to_text
from graph.inference import infer_block
from graph.initialization import Normal
from graph.node_settings import PLAIN, NodeSettings
from graph.setting_edits import own, set_setting, share_weights, toggle_bypass
from graph.settled import initialized, weights_in_form
from graph.state import MAIN, Project
from tests.graph.building import BODY, chain, project_of


def twins(second: str = "layer: Conv2d, shares: first", blocks: str = "") -> Project:
    """Two convolutions in a row, the second of which can use the weights of the first."""
    return project_of(
        {
            "image": "layer: Input, shape: [4, 8, 8]",
            "first": "layer: Conv2d, out_channels: 4, padding: 1",
            "second": second,
            "third": "layer: Conv2d, shares: first",
            "out": "layer: Output",
        },
        ["image -> first", "first -> second", "second -> third", "third -> out"],
        blocks=blocks,
    )


def settings_of(project: Project, name: str) -> NodeSettings:
    return project.main.nodes[name].settings


def problems(project: Project) -> list[str]:
    return [f"{p.severity}: {p.text}" for p in check_project(project)]


# --- files -------------------------------------------------------------------------------------


def test_settings_stand_in_the_file_where_they_differ():
    line = (
        "{layer: Conv2d, bypassed: true, frozen: true, learning_rate_factor: 0.1, "
        "weight_norm: spectral, initialization: {name: normal, std: 0.02}, at: [0, 90]}"
    )
    project = chain(line[1:-1])
    assert f"n1: {line}" in to_text(project)
    assert settings_of(project, "n1").initialization == Normal(std=0.02)
    defaults = chain("layer: Conv2d, frozen: false, learning_rate_factor: 1, shares: ''")
    assert settings_of(defaults, "n1") is PLAIN
    assert "frozen" not in to_text(defaults)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("frozen: 3", "frozen: frozen must be true or false, but is 3"),
        ("learning_rate_factor: 0", "must be a number above 0"),
        ("weight_norm: spectrul", 'did you mean "spectral"?'),
        ("initialization: kaiming", "there is no initialization"),
        ("initialization: {name: normal, spread: 1}", 'there is no parameter "spread"'),
        ("initialization: {name: uniform, low: 1}", "high must be above low (1), not 0.05"),
        ("shares: two words", "cannot be a name"),
    ],
)
def test_an_illegal_setting_is_named_with_its_place(text, words):
    with pytest.raises(FileError) as refused:
        chain(f"layer: Conv2d, {text}")
    assert words in str(refused.value)
    assert "blocks.main.nodes.n1" in str(refused.value)


def test_a_parameter_of_a_block_cannot_be_called_like_a_setting():
    with pytest.raises(FileError, match='"frozen" means something else on a node'):
        from_text("kumitate: 1\nblocks:\n  main:\n    parameters: {frozen: 1}\n    nodes: {}\n")


# --- weights -----------------------------------------------------------------------------------


def test_frozen_weights_are_counted_apart():
    project = chain(
        "layer: Conv2d, out_channels: 4, frozen: true",
        "layer: BatchNorm2d",
        "block: Double, frozen: true, repeat: 2",
        "block: Outer",
        blocks=BODY.replace("conv2: {", "conv2: {frozen: true, "),
        shape="[1, 8, 8]",
    )
    result = infer_block(project, MAIN)
    nodes = result.nodes
    assert (nodes["n1"].parameters, nodes["n1"].frozen_parameters) == (40, 40)
    assert nodes["n2"].frozen_parameters == 0
    assert nodes["n3"].frozen_parameters == nodes["n3"].parameters > 0
    # Inside Outer there is Double with a width of 3, whose second convolution is frozen.
    assert nodes["n4"].frozen_parameters == (3 * 9 + 1) * 6
    assert result.frozen_parameters == sum(node.frozen_parameters for node in nodes.values())
    assert check_project(project) == []


def test_which_tensors_an_initialization_fills():
    assert initialized({"weight": (4, 3, 3, 3), "bias": (4,)}) == ["weight"]
    assert initialized({"weight": (4,), "bias": (4,)}) == ["weight"]
    inner = {"in_proj_weight": (9, 3), "in_proj_bias": (9,), "norm1.weight": (3,)}
    assert initialized(inner) == ["in_proj_weight"]
    assert initialized({"value": (3, 4)}) == ["value"]
    assert initialized({"bias": (4,)}) == []


def test_sizes_of_weights_in_a_form_are_those_of_the_state_dict():
    weights = {"weight": (4, 3, 2), "bias": (4,)}
    stem = "parametrizations.weight.original"
    assert weights_in_form(weights, "") == weights
    assert weights_in_form(weights, "spectral") == {"bias": (4,), stem: (4, 3, 2)}
    assert weights_in_form(weights, "weight") == {
        "bias": (4,),
        f"{stem}0": (4, 1, 1),
        f"{stem}1": (4, 3, 2),
    }


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("layer: ReLU, frozen: true", "warning: n1 has no weights, so “frozen” has no effect."),
        ("layer: ReLU, learning_rate_factor: 2", "“learning rate factor” has no effect"),
        ("layer: ReLU, initialization: ones", "warning: n1 has no weights, so where they start"),
        ("layer: ReLU, weight_norm: weight", "needs one table of weights"),
        ("layer: BatchNorm2d, initialization: orthogonal", "its own have 1. Choose zeros"),
        ("layer: BatchNorm2d, weight_norm: weight", "needs one table of weights"),
        ("layer: Conv2d, initialization: bilinear", "that is for ConvTranspose1d"),
        ("layer: Conv2d, bias: false, initialization: {name: default, bias: 0}", "has no biases"),
        ("layer: ConvTranspose2d, weight_norm: standardized", "choose weight or spectral"),
        ("layer: LSTM, bypassed: true", "that needs one output, and it has 3"),
        ("block: Double, initialization: ones", "set “initialization” on the layers inside Double"),
        ("layer: ReLU, shares: image", "is a ReLU and cannot share the weights of image"),
        ("layer: Conv2d, shares: n1", "shares its own weights"),
        ("layer: Conv2d, shares: n7", "there is no such node"),
    ],
)
def test_what_has_no_meaning_is_said_and_can_be_mended(line, words):
    shape = "[4, 8]" if "LSTM" in line else "[2, 8, 8]"
    project = chain(line, shape=shape, blocks=BODY)
    (problem,) = check_project(project)
    assert words in f"{problem.severity}: {problem.text}"
    (fix,) = problem.fixes
    assert check_project(fix.edit(project)) == []


def test_the_arithmetic_of_weights_in_a_form():
    project = chain("layer: Conv2d, out_channels: 8, weight_norm: weight", shape="[3, 8, 8]")
    result = infer_block(project, MAIN).nodes["n1"]
    lines = {line.label: str(line) for line in explain(result)}
    assert lines["weights"] == "weights: 2·8 + 8·(3·3·3) = 232"
    assert result.parameters == 232


# --- bypassed ----------------------------------------------------------------------------------


def test_a_bypassed_node_passes_its_first_input_on_and_costs_nothing():
    project = project_of(
        {
            "image": "layer: Input, shape: [2, 8, 8]",
            "conv": "layer: Conv2d, kernel_size: 99, bypassed: true",
            "add": "layer: Concat, bypassed: true",
            "body": "block: Double, bypassed: true, repeat: 3",
            "out": "layer: Output",
        },
        ["image -> conv", "conv -> add.in_1", "image -> add.in_2", "add -> body", "body -> out"],
        blocks=BODY,
    )
    result = infer_block(project, MAIN)
    assert {str(spec) for node in result.nodes.values() for spec in node.outputs.values()} == {
        "2×8×8"
    }
    assert result.parameters == result.multiply_adds == 0
    assert check_project(project) == []


def test_what_follows_a_bypassed_node_is_checked():
    project = chain("layer: Flatten, bypassed: true", "layer: Linear")
    (problem,) = check_project(project)
    assert problem.node == "n2"
    assert "receives 1×28×28" in problem.text


def test_a_bypassed_node_needs_something_to_pass_on():
    project = project_of(
        {"i": "layer: Input", "a": "layer: Add, bypassed: true", "o": "layer: Output"},
        ["i -> a.in_2", "a -> o"],
    )
    assert any("nothing that it could pass on" in text for text in problems(project))


def test_bypassing_several_nodes_and_back():
    project = chain("layer: ReLU", "layer: Tanh, bypassed: true")
    both = toggle_bypass(project, MAIN, ["n1", "n2"])
    assert all(settings_of(both, name).bypassed for name in ("n1", "n2"))
    none = toggle_bypass(both, MAIN, ["n1", "n2"])
    assert all(settings_of(none, name) is PLAIN for name in ("n1", "n2"))
    for name in ("image", "out"):
        with pytest.raises(EditError, match="cannot be bypassed: nothing goes through it"):
            toggle_bypass(project, MAIN, ["n1", name])


# --- shared ------------------------------------------------------------------------------------


def test_shared_weights_are_counted_once():
    result = infer_block(twins(), MAIN)
    assert result.parameters == (4 * 9 + 1) * 4
    assert result.multiply_adds == 3 * 4 * 4 * 9 * 64
    assert str(result.outputs["out"]) == "4×8×8"


def test_an_argument_of_a_sharer_is_that_of_the_owner():
    project = set_argument(twins(), MAIN, "third", "kernel_size", 5)
    assert project.main.nodes["first"].arguments["kernel_size"] == (5, 5)
    assert dict(project.main.nodes["third"].arguments) == {}
    document = Document(twins())
    document.set_state(project)
    assert str(document.result().outputs["out"]) == "4×2×2"


def test_weights_that_do_not_fit_are_told_with_both_sizes():
    project = set_argument(twins(), MAIN, "first", "out_channels", 6)
    (text,) = {t.partition(" ")[2].partition(" ")[2] for t in problems(project)}
    assert text == (
        "receives 6×8×8, for which its weight would be 6×6×3×3, but it shares that of first, "
        "which is 6×4×3×3."
    )
    document = Document(twins())
    assert document.problems == []
    document.set_state(project)
    assert [problem.node for problem in document.problems] == ["second", "third"]
    fixed = document.problems[0].fixes[0].edit(document.problems[1].fixes[0].edit(project))
    assert check_project(fixed) == []


def test_blocks_share_only_what_is_made_alike():
    lines = ("block: Double, width: 1", "block: Double, shares: n1")
    assert check_project(chain(*lines, blocks=BODY, shape="[2, 8, 8]")) == []
    (problem,) = check_project(chain(*lines, blocks=BODY, shape="[3, 8, 8]"))
    assert (
        "receives 2×8×8, but it shares the weights of n1, which are made for 3×8×8" in problem.text
    )


def test_renaming_carries_sharing_along():
    project = rename_node(twins(), MAIN, "first", "conv")
    assert settings_of(project, "second").shares == settings_of(project, "third").shares == "conv"
    assert check_project(project) == []


def test_without_its_owner_the_first_sharer_owns():
    project = set_setting(twins(), MAIN, "second", "frozen", True)
    assert settings_of(project, "first").frozen, "what belongs to weights is set on their owner"
    left = remove_nodes(project, MAIN, ["first"])
    assert left.main.nodes["second"].arguments == project.main.nodes["first"].arguments
    assert settings_of(left, "second") == NodeSettings(frozen=True)
    assert settings_of(left, "third") == NodeSettings(shares="second")


def test_sharing_with_a_sharer_means_the_owner():
    project = own(twins(), MAIN, "third")
    assert settings_of(project, "third") is PLAIN
    project = share_weights(project, MAIN, "third", "second")
    assert settings_of(project, "third").shares == "first"
    with pytest.raises(EditError, match="uses the weights of first already"):
        share_weights(project, MAIN, "first", "third")


def test_sharers_follow_when_their_owner_becomes_a_sharer():
    project = own(twins(), MAIN, "second")
    project = share_weights(project, MAIN, "first", "second")
    assert settings_of(project, "third").shares == "second"
    assert check_project(project) == []


def test_a_sharer_of_a_sharer_is_told_to_name_the_owner():
    project = twins("layer: Conv2d, shares: third")
    assert any("has those of first; name first instead" in text for text in problems(project))


def test_own_settings_of_a_sharer_have_no_effect_and_say_so():
    project = twins("layer: Conv2d, shares: first, frozen: true, kernel_size: 7")
    (text,) = problems(project)
    assert "its own setting of frozen, kernel size has no effect; set it on first" in text


def test_a_bypassed_owner_has_no_weights():
    project = set_setting(twins(), MAIN, "first", "bypassed", True)
    assert any("which is bypassed and so has none" in text for text in problems(project))


def test_repeats_of_shared_blocks_are_those_of_the_owner():
    lines = ("block: Double, width: 1", "block: Double, shares: n1")
    project = chain(*lines, blocks=BODY, shape="[2, 8, 8]")
    project = set_repeat(project, MAIN, "n2", 3)
    assert project.main.nodes["n1"].repeat == 3
    assert project.main.nodes["n2"].repeat == 1
    assert infer_block(project, MAIN).nodes["n2"].repeat == 3


@pytest.mark.parametrize(
    ("name", "setting", "value", "words"),
    [
        ("n1", "frozen", True, "n1 has no weights"),
        ("n2", "weight_norm", "weight", "is set on the layers inside Double"),
        ("n3", "bypassed", True, "that needs one output, and it has 3"),
        ("n1", "speed", 3, 'no setting "speed"'),
        ("n2", "learning_rate_factor", -1, "must be a number above 0"),
        ("n2", "shares", "n1", "n2 is a Double and cannot share the weights of n1, a ReLU"),
        ("n2", "shares", "n9", 'there is no node "n9"'),
    ],
)
def test_refusals_in_words(name, setting, value, words):
    project = chain("layer: ReLU", "block: Double", "layer: LSTM", blocks=BODY)
    with pytest.raises(EditError) as refused:
        set_setting(project, MAIN, name, setting, value)
    assert words in str(refused.value)
