"""Repeated blocks whose repetitions differ, where a parameter says how many there are."""

import subprocess
import sys

import pytest
import torch

from codegen.module import generate
from graph.check import check_project
from graph.document import Document
from graph.edits import set_repeat
from graph.expression import Expression
from graph.project_edits import set_block_parameter
from graph.state import BlockParameter
from tests.codegen.building import network_of, project_of

GROW = """
  Grow:
    parameters: {growth: 2}
    nodes:
      entry: {layer: Input, shape: [3, 8, 8]}
      conv: {layer: Conv2d, out_channels: = growth, padding: 1}
      join: {layer: Concat}
      leave: {layer: Output}
    links: [entry -> conv, entry -> join.in_1, conv -> join.in_2, join -> leave]
  Half:
    nodes:
      entry: {layer: Input, shape: [3, 16, 16]}
      pool: {layer: MaxPool2d}
      leave: {layer: Output}
    links: [entry -> pool, pool -> leave]
  HalfNorm:
    nodes:
      entry: {layer: Input, shape: [3, 16, 16]}
      pool: {layer: MaxPool2d}
      norm: {layer: LayerNorm, axes: 3}
      leave: {layer: Output}
    links: [entry -> pool, pool -> norm, norm -> leave]
  Turned:
    nodes:
      entry: {layer: Input, shape: [3, 16, 16]}
      pool: {layer: MaxPool2d, kernel_size: [2, 1], stride: [2, 1]}
      turn: {layer: Permute, dims: [1, 3, 2]}
      norm: {layer: LayerNorm, axes: 3}
      leave: {layer: Output}
    links: [entry -> pool, pool -> turn, turn -> norm, norm -> leave]
  Bend:
    nodes:
      entry: {layer: Input, shape: [3, 16, 16]}
      bend: {layer: ReLU, frozen: true}
      leave: {layer: Output}
    links: [entry -> bend, bend -> leave]
"""


def repeated(block, *, depth=3, size=16, more=""):
    """image -> the block, repeated -> a linear layer."""
    return project_of(
        {
            "image": f"layer: Input, shape: [3, {size}, {size}]",
            "body": f"block: {block}, repeat: = depth{more}",
            "flatten": "layer: Flatten",
            "fc": "layer: Linear, out_features: 5",
            "out": "layer: Output",
        },
        ["image -> body", "body -> flatten", "flatten -> fc", "fc -> out"],
        parameters=f"{{depth: {depth}, growth: 4}}",
        blocks=GROW,
    )


def formatted(text):
    ruff = [sys.executable, "-m", "ruff", "format", "--isolated", "--diff", "-"]
    return subprocess.run(ruff, input=text, text=True, capture_output=True, check=False).stdout


@pytest.mark.parametrize("depth", [1, 2, 3, 6])
def test_what_grows_by_the_same_is_one_comprehension_for_every_number(depth):
    project = repeated("Grow", depth=depth, more=", growth: = growth")
    text = generate(project).text
    assert "*[Grow(growth * place + 3, growth=growth) for place in range(depth)]" in text
    assert text.count("class Grow") == 1
    assert formatted(text) == ""
    network = network_of(project)
    expected = Document(project).result()
    assert sum(weights.numel() for weights in network.parameters()) == expected.parameters
    for other in (1, 2, 5):
        alike = network_of(project, depth=other, growth=3)
        assert alike(torch.randn(2, 3, 16, 16)).shape == (2, 5)
        assert alike.fc.in_features == (3 + 3 * other) * 16 * 16


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_what_shrinks_is_right_as_often_as_it_is_drawn(depth):
    network = network_of(repeated("Half", depth=depth))
    assert network(torch.randn(2, 3, 16, 16)).shape == (2, 5)
    network = network_of(repeated("HalfNorm", depth=depth))
    assert network(torch.randn(2, 3, 16, 16)).shape == (2, 5)


@pytest.mark.parametrize(
    ("block", "repeat", "condition"),
    [
        ("HalfNorm", "depth", "depth != 2"),
        ("HalfNorm", "depth + 1", "depth + 1 != 3"),
        ("HalfNorm", "depth if depth > 1 else 4", "(depth if depth > 1 else 4) != 2"),
        ("Turned", "depth", "depth != 2"),
    ],
)
def test_what_differs_by_no_rule_is_refused_for_another_number(block, repeat, condition):
    project = set_repeat(repeated(block, depth=2), "main", "body", Expression(repeat))
    text = generate(project).text
    assert f"        if {condition}:\n" in text
    assert formatted(text) == ""
    assert network_of(project)(torch.randn(2, 3, 16, 16)).shape == (2, 5)
    for depth in (1, 3, 4):
        with pytest.raises(ValueError, match="the repetitions of body differ"):
            network_of(project, depth=depth)


def test_a_repetition_that_is_not_asked_for_may_fail():
    project = repeated("Half", depth=1, size=2)
    assert not Document(project).has_errors
    assert network_of(project)(torch.randn(2, 3, 2, 2)).shape == (2, 5)


def test_a_warning_inside_does_not_keep_a_repeated_block_from_its_code():
    project = repeated("Bend", depth=2)
    (problem,) = check_project(project)
    assert problem.severity == "warning"
    assert len(network_of(project, depth=4).body) == 4


def test_the_number_of_repetitions_keeps_clear_of_other_names():
    project = repeated("Grow", more=", growth: = growth")
    project = set_block_parameter(project, "main", "place", BlockParameter(1))
    assert "for place_2 in range(depth)" in generate(project).text


def test_long_repetitions_are_broken_up_as_ruff_does():
    blocks = GROW.replace("Grow:", "GrowByAGoodNumberOfChannels:").replace(
        "growth", "how_many_channels_it_adds_each_time"
    )
    project = project_of(
        {
            "image": "layer: Input, shape: [3, 16, 16]",
            "body": "block: GrowByAGoodNumberOfChannels, repeat: = depth, "
            "how_many_channels_it_adds_each_time: = growth",
            "plain": "block: GrowByAGoodNumberOfChannels, repeat: 2, "
            "how_many_channels_it_adds_each_time: = growth",
            "out": "layer: Output",
        },
        ["image -> body", "body -> plain", "plain -> out"],
        parameters="{depth: 3, growth: 4}",
        blocks=blocks,
    )
    text = generate(project).text
    assert formatted(text) == ""
    assert max(map(len, text.splitlines())) <= 88
