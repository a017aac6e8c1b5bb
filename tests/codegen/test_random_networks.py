"""The code of random networks: it runs, does what the canvas says, and is laid out by the rules."""

from __future__ import annotations

import ast
import re
import subprocess
import sys

import pytest
import torch
from hypothesis import given, settings

from codegen.module import generate
from codegen.project import export_texts
from graph.files import from_text, to_text
from graph.inference import infer_block
from graph.state import MAIN
from tests.codegen.building import DOUBLE_CONV, network_of, project_of, run_module
from tests.codegen.random_networks import networks, settled_networks
from tests.codegen.test_module import is_harmless
from tests.graph.test_inference import doubling


@settings(max_examples=60)
@given(project=networks())
def test_what_is_generated_gives_the_sizes_of_the_canvas(project):
    module = generate(project)
    result = infer_block(project, MAIN)
    network = run_module(module.text)[module.network]().eval()
    inputs = [
        torch.rand(2, *result.nodes[name].outputs["out"].sizes)
        for name in project.main.input_names()
    ]
    given_ = network(*inputs)
    outputs = given_ if isinstance(given_, tuple) else (given_,)
    expected = [(2, *result.outputs[name].sizes) for name in project.main.output_names()]
    assert [tuple(tensor.shape) for tensor in outputs] == expected
    assert sum(parameter.numel() for parameter in network.parameters()) == result.parameters


@given(project=networks() | settled_networks())
def test_the_text_depends_on_the_project_alone(project):
    module = generate(project)
    again = generate(from_text(to_text(project)).project)
    assert again.text == module.text
    assert again.owners == module.owners
    is_harmless(module.text)


@given(project=networks())
def test_lines_lead_to_nodes_and_back(project):
    module = generate(project)
    lines = module.text.splitlines()
    assert len(module.owners) == len(lines)
    for line, owner in zip(lines, module.owners, strict=True):
        if owner is None:
            continue
        block, node = owner
        assert node in project.blocks[block].nodes
        made = re.match(r"\s+self\.(\w+) = (nn\.|[A-Z])", line)
        assert made is None or made[1] == node
        called = re.search(r"= self\.(\w+)\(", line)
        assert called is None or called[1] == node
    for name, node in project.main.nodes.items():
        if node.type not in ("Input", "Output"):
            assert module.lines_of(MAIN, name), f"{name} became no line"


def test_layout_is_that_of_ruff(tmp_path):
    """All in one call, since starting ruff costs more than its work."""
    count = 0

    @settings(max_examples=30)
    @given(project=networks() | settled_networks())
    def write(project):
        nonlocal count
        count += 1
        (tmp_path / f"network_{count}.py").write_text(generate(project).text)

    write()
    # What a node computes may be unused: that is a warning on the canvas (F841).
    checks = ["check", "--select=E,F,I,UP,B", "--ignore=F841"]
    for command in (["format", "--check", "--diff"], checks):
        ruff = [sys.executable, "-m", "ruff", command[0], "--isolated", *command[1:], str(tmp_path)]
        done = subprocess.run(ruff, text=True, capture_output=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@settings(max_examples=15)
@given(project=networks() | settled_networks())
def test_an_exported_folder_is_legal_python_and_the_same_project(project):
    texts = export_texts(project)
    ast.parse(texts["example.py"])
    assert texts["model.py"] == generate(project).text
    assert from_text(texts["project.yaml"]).project == project


@pytest.mark.timeout(30)
def test_deeply_doubled_blocks_do_not_freeze_the_generator():
    module = generate(doubling(24, ""))
    assert module.text.count("class ") == 25


def test_names_that_the_code_would_like_for_itself():
    project = project_of(
        {
            "x": "layer: Input, shape: [6]",
            "h": "layer: ReLU",
            "value": "layer: Tanh",
            "cut": "layer: Chunk",
            "cut_out_1": "layer: Linear, out_features: 3",
            "add": "layer: Add",
            "out": "layer: Output",
        },
        [
            "x -> h",
            "h -> value",
            "value -> cut",
            "cut.out_2 -> cut_out_1",
            "cut.out_1 -> add.in_1",
            "cut.out_1 -> add.in_2",
            "cut_out_1 -> add.in_3",
            "add -> out",
        ],
    )
    network = network_of(project)
    x = torch.rand(2, 6)
    first, second = torch.tanh(torch.relu(x)).chunk(2, dim=1)
    torch.testing.assert_close(network(x), first + first + network.cut_out_1(second))


def test_a_parameter_called_like_a_block():
    project = project_of(
        {
            "x": "layer: Input, shape: [3, 8, 8]",
            "a": "block: DoubleConv, out_channels: = DoubleConv",
            "out": "layer: Output",
        },
        ["x -> a", "a -> out"],
        parameters="{DoubleConv: 5, Net: 1}",
        blocks=DOUBLE_CONV,
    )
    assert tuple(network_of(project)(torch.rand(1, 3, 8, 8)).shape) == (1, 5, 8, 8)


def test_a_whole_number_given_for_a_decimal_one_stays_a_parameter():
    project = project_of(
        {"x": "layer: Input, shape: [3]", "a": "layer: Dropout, p: = rate", "o": "layer: Output"},
        ["x -> a", "a -> o"],
        parameters="{rate: 0}",
    )
    assert network_of(project, rate=1).a.p == 1


@pytest.mark.parametrize("kind", ["Add", "Multiply", "Concat"])
def test_long_lines_are_broken_as_ruff_would(kind):
    names = [f"a_branch_with_a_long_name_{number}" for number in range(6)]
    project = project_of(
        {"image": "layer: Input, shape: [3]"}
        | dict.fromkeys(names, "layer: ReLU")
        | {"join": f"layer: {kind}", "the_result_of_the_whole_network": "layer: Output"},
        [
            *(f"image -> {name}" for name in names),
            *(f"{name} -> join.in_{number}" for number, name in enumerate(names, start=1)),
            "join -> the_result_of_the_whole_network",
        ],
    )
    text = generate(project).text
    ruff = [sys.executable, "-m", "ruff", "format", "--isolated", "--diff", "-"]
    done = subprocess.run(ruff, input=text, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout
    assert network_of(project)(torch.rand(2, 3)).shape[0] == 2
