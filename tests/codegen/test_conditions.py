"""Nodes that are there only under a condition, in code: with several inputs, with no module, and
where they would not fit."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from codegen.module import NotReadyError, generate
from graph.check import check_project
from graph.edits import EditError
from graph.inference import infer_block
from graph.project_edits import set_block_parameter
from graph.setting_edits import set_setting
from graph.state import MAIN, Project
from graph.templates import load_template
from tests.codegen.building import network_of, project_of
from tests.codegen.random_networks import networks
from tests.codegen.test_arguments import assert_arguments_give_the_project, with_values

BLOCK = """
  Join:
    nodes:
      x: {layer: Input, shape: [4, 8, 8]}
      y: {layer: Input, shape: [4, 8, 8]}
      both: {layer: Concat}
      conv: {layer: Conv2d, out_channels: 4, padding: 1}
      leave: {layer: Output}
    links: [x -> both.in_1, y -> both.in_2, both -> conv, conv -> leave]
"""


def joined(what: str, ports: tuple[str, str]) -> Project:
    """Two branches, joined where the network is deep."""
    return project_of(
        {
            "image": "layer: Input, shape: [4, 6, 6]",
            "left": "layer: Conv2d, out_channels: 4, padding: 1",
            "right": "layer: Conv2d, out_channels: 4, padding: 1",
            "join": f"{what}, only_if: depth >= 3",
            "bend": "layer: ReLU",
            "out": "layer: Output",
        },
        [
            *("image -> left", "image -> right"),
            *(f"left -> join.{ports[0]}", f"right -> join.{ports[1]}"),
            *("join -> bend", "bend -> out"),
        ],
        parameters="{depth: 3}",
        blocks=BLOCK,
    )


CASES = {
    "layer: Concat": (("in_1", "in_2"), "torch.cat([left, x], dim=1) if self.depth >= 3 else left"),
    "layer: Add": (("in_1", "in_2"), "left + x if self.depth >= 3 else left"),
    "layer: PadLike": (("in", "like"), "pad_like(left, x) if self.depth >= 3 else left"),
    "layer: CenterCrop": (
        ("in", "like"), "center_crop(left, x.shape[2:]) if self.depth >= 3 else left",
    ),
    "block: Join": (("x", "y"), "self.join(left, x) if self.depth >= 3 else left"),
    "block: Join, repeat: 1": (("y", "x"), "self.join(x, left) if self.depth >= 3 else x"),
}  # fmt: skip


@pytest.mark.parametrize("what", CASES)
def test_with_several_inputs_the_first_goes_on(what):
    ports, line = CASES[what]
    project = joined(what, ports)
    text = generate(project).text
    assert f"x = {line}" in text
    assert "nn.Identity" not in text
    x = torch.rand(2, 4, 6, 6)
    for depth in (1, 3):
        network = network_of(project, depth=depth)
        assert hasattr(network, "join") == (what.startswith("block") and depth == 3)
        result = infer_block(with_values(project, {"depth": depth}), MAIN)
        assert network(x).shape == (2, *result.outputs["out"].sizes)
        assert sum(weight.numel() for weight in network.parameters()) == result.parameters
    first = network_of(project, depth=2)
    passed = first.left(x) if ports[0] in ("in_1", "in", "x") else first.right(x)
    torch.testing.assert_close(first(x), passed.relu())


def test_attention_that_is_not_there_gives_its_query():
    project = project_of(
        {
            "tokens": "layer: Input, shape: [5, 8]",
            "attend": "layer: MultiheadAttention, num_heads: 2, only_if: depth >= 3",
            "out": "layer: Output",
        },
        ["tokens -> attend.query", "attend -> out"],
        parameters="{depth: 3}",
    )
    x = torch.rand(2, 5, 8)
    assert network_of(project)(x).shape == x.shape
    assert network_of(project, depth=1)(x) is x


def test_what_has_no_module_is_chosen_in_the_forward_pass():
    project = project_of(
        {
            "image": "layer: Input, shape: [4, 6, 6]",
            "turn": "layer: Permute, dims: [1, 3, 2], only_if: turned and depth > 1",
            "out": "layer: Output",
        },
        ["image -> turn", "turn -> out"],
        parameters="{turned: true, depth: 3}",
    )
    x = torch.rand(2, 4, 6, 6)
    torch.testing.assert_close(network_of(project)(x), x.transpose(2, 3))
    assert network_of(project, turned=False)(x) is x


SQUEEZE = """
  Squeeze:
    parameters: {reduction: 4}
    nodes:
      entry: {layer: Input, shape: [6, 8, 8]}
      less: {layer: Conv2d, out_channels: = 12 // reduction}
      more: {layer: Conv2d, out_channels: 6}
      leave: {layer: Output}
    links: [entry -> less, less -> more, more -> leave]
"""

MEANS_NONE = {
    "Linear, each_position: true, out_features: = n, only_if: n > 0": (0, (1, 5)),
    "Conv2d, out_channels: = n, only_if: n != 0": (0, (1, 5)),
    "Conv2d, out_channels: = 12 // n, only_if: n > 0": (0, (1, 4)),
    "Conv2d, out_channels: = n - 3, padding: 1, only_if: n >= 4 and not n == 4": (0, (5, 9)),
    "AvgPool2d, kernel_size: = n, stride: 1, padding: 1, only_if: n == 3": (1, (3,)),
    "Dropout, p: = n, only_if: n >= 0": (-1.0, (0.0, 0.5)),
    "Dropout, p: = n, only_if: n > 0": (0.0, (0.5,)),
    "Conv2d, out_channels: 4, padding_mode: = n, padding: 1, only_if: n != 'none'": (
        "none", ("zeros", "reflect"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("layer", MEANS_NONE)
def test_the_value_that_means_none_is_legal_where_the_node_is_not_there(layer):
    none, others = MEANS_NONE[layer]
    choices = ", choices: [none, zeros, reflect]" if none == "none" else ""
    for drawn in (none, *others):
        project = project_of(
            {
                "image": "layer: Input, shape: [6, 8, 8]",
                "maybe": f"layer: {layer}",
                "flatten": "layer: Flatten",
                "last": "layer: Linear, out_features: 3",
                "out": "layer: Output",
            },
            ["image -> maybe", "maybe -> flatten", "flatten -> last", "last -> out"],
            parameters=f"{{n: {{default: {drawn}{choices}}}}}",
        )
        assert check_project(project) == []
        for value in (none, *others):
            assert_arguments_give_the_project(project, {"n": value})


@pytest.mark.parametrize("drawn", [0, 2])
def test_a_block_is_not_there_for_the_value_that_means_none(drawn):
    project = project_of(
        {
            "image": "layer: Input, shape: [6, 8, 8]",
            "squeeze": "block: Squeeze, reduction: = n, only_if: n > 0",
            "again": "block: Squeeze, repeat: = n, only_if: n > 0",
            "last": "layer: Conv2d, out_channels: = n + 1",
            "out": "layer: Output",
        },
        ["image -> squeeze", "squeeze -> again", "again -> last", "last -> out"],
        parameters=f"{{n: {drawn}}}",
        blocks=SQUEEZE.replace("Conv2d,", "Conv2d, kernel_size: 1,"),
    )
    for value in (0, 1, 2, 3):
        assert_arguments_give_the_project(project, {"n": value})


def too_deep(depth: int, size: int = 12) -> Project:
    given_ = [
        f"blocks.main.parameters.depth.default={depth}",
        f"blocks.main.nodes.image.shape=[= in_channels, {size}, {size}]",
    ]
    return load_template("unet-small", overrides=given_)


def test_levels_that_the_image_is_too_small_for_are_refused_by_the_class():
    """With 12 pixels, three halvings leave one."""
    project = too_deep(2)
    assert check_project(project) == []
    for depth in (1, 2, 3):
        assert network_of(project, depth=depth)(torch.rand(2, 1, 12, 12)).shape == (2, 2, 12, 12)
    for depth in (4, 5):
        with pytest.raises(ValueError, match=r"depth >= 4 does not fit the input: down4\.pool"):
            network_of(project, depth=depth)
    text = generate(project).text
    assert "down3" in text
    assert "down4 " not in text
    assert "up4" not in text
    assert "up5" not in text
    ruff = [sys.executable, "-m", "ruff", "format", "--isolated", "--diff", "-"]
    done = subprocess.run(ruff, input=text, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout


def test_a_level_that_is_there_and_does_not_fit_is_a_problem():
    (problem,) = check_project(too_deep(4))
    assert problem.path == ("down4",)
    fix = problem.fixes[0]
    assert fix.label == "Set depth to 3"
    assert fix.edit(too_deep(4)).main.parameters["depth"].default == 3
    assert check_project(fix.edit(too_deep(4))) == []
    with pytest.raises(NotReadyError, match="pool"):
        generate(too_deep(4))


LEVELS = {"unet": "1, 2, 3, 4 or 5", "unet-small": "1, 2, 3, 4 or 5", "unet-paper": "1, 2, 3 or 4"}


@pytest.mark.parametrize("depth", [0, 9, 2.5])
@pytest.mark.parametrize("id_", LEVELS)
def test_a_depth_that_does_not_exist_is_refused(id_, depth):
    project = load_template(id_)
    with pytest.raises(ValueError, match=f"depth must be {LEVELS[id_]}"):
        network_of(project, depth=depth)
    parameter = replace(project.main.parameters["depth"], default=depth)
    with pytest.raises(EditError, match=f"depth must be {LEVELS[id_]}, but is {depth}"):
        set_block_parameter(project, MAIN, "depth", parameter)


@settings(max_examples=25)
@given(
    id_=st.sampled_from(["unet-small", "unet-paper"]),
    depth=st.integers(1, 5),
    more=st.tuples(st.integers(0, 40), st.integers(0, 40)),
    width=st.integers(1, 3).map(lambda half: 2 * half),
    bilinear=st.booleans(),
)
def test_every_size_in_a_unet_is_that_of_the_canvas(id_, depth, more, width, bilinear):
    depth = min(depth, 4) if id_ == "unet-paper" else depth
    values: dict[str, object] = {"depth": depth, "width": width}
    if id_ == "unet-small":
        values["upsampling"] = "bilinear" if bilinear else "transposed"
        height, broad = (2**depth + one for one in more)
    else:
        # The smallest legal size, and every even share of the deepest level more.
        height, broad = (12 * 2**depth - 4 + 2**depth * (one // 8) for one in more)
    given_ = [
        f"blocks.main.parameters.depth.default={depth}",
        f"blocks.main.nodes.image.shape=[= in_channels, {height}, {broad}]",
    ]
    project = load_template(id_, overrides=given_)
    shown = infer_block(with_values(project, values), MAIN)
    assert not shown.broken
    with torch.device("meta"):
        network = network_of(project, **values)
        seen: dict[str, tuple[int, ...]] = {}
        for name, module in network.named_children():
            module.register_forward_hook(
                lambda _module, _in, out, name=name: seen.__setitem__(name, tuple(out.shape[1:]))
            )
        network(torch.rand(2, 1, height, broad))
    assert sum(weight.numel() for weight in network.parameters()) == shown.parameters
    assert set(seen) >= {"first", "down1", "up1", f"up{depth}", "score"}
    for name, sizes in seen.items():
        assert shown.nodes[name].outputs["out"].sizes == sizes, name


CHOICES = ("channels > 3", "channels == 4 and rate < 1", "not rate > 0.6")


@settings(max_examples=60)
@given(data=st.data(), project=networks(), channels=st.integers(1, 6))
def test_left_out_by_a_condition_is_bypassed(data, project, channels):
    """Random nodes of random networks, with whatever inputs they have."""
    names = sorted(project.main.nodes)
    bypassed = project
    for name in data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=4, unique=True)):
        condition = data.draw(st.sampled_from(CHOICES))
        try:
            under = set_setting(project, MAIN, name, "only_if", condition)
            without = set_setting(bypassed, MAIN, name, "bypassed", True)
        except EditError:
            continue
        if any(p.severity == "error" for p in check_project(under)):
            continue
        absent = not eval(condition, {}, {"channels": channels, "rate": 0.5})
        project, bypassed = under, without if absent else bypassed
    expected = infer_block(with_values(bypassed, {"channels": channels}), MAIN)
    shown = infer_block(with_values(project, {"channels": channels}), MAIN)
    try:
        network = network_of(project, channels=channels)
        plain = network_of(with_values(bypassed, {"channels": channels}))
    except (NotReadyError, ValueError):
        return
    assert shown.outputs == expected.outputs
    assert shown.parameters == expected.parameters == sum(p.numel() for p in network.parameters())
    plain.load_state_dict(network.state_dict())
    inputs = [
        torch.rand(2, *shown.nodes[name].outputs["out"].sizes)
        for name in project.main.input_names()
    ]
    with torch.no_grad():
        torch.testing.assert_close(network.eval()(*inputs), plain.eval()(*inputs))
