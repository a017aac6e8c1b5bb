"""The arithmetic that the inspector shows, against strings computed by hand."""

from __future__ import annotations

import pytest

from graph.document import Document
from graph.edits import add_node
from graph.explain import explain, explain_all
from graph.layer import LAYERS
from graph.links import connect
from graph.ports import input_ports
from graph.state import MAIN, Project
from graph.templates import load_template


def explained(type_: str, shape: tuple[int, ...], **arguments: object) -> list[str]:
    project = add_node(Project(), MAIN, "Input", name="x", arguments={"shape": shape})
    project = add_node(project, MAIN, type_, name="y", arguments=arguments)
    project = connect(project, MAIN, "x", "y")
    return [str(line) for line in explain(Document(project).node_result(MAIN, "y"))]


@pytest.mark.parametrize(
    ("type_", "shape", "arguments", "expected"),
    [
        (
            "Conv2d",
            (6, 14, 14),
            {"kernel_size": (5, 5)},
            [
                "height: (14 + 2·0 − 5) / 1 + 1 = 10",
                "width: (14 + 2·0 − 5) / 1 + 1 = 10",
                "weights: 16·(6·5·5) + 16 = 2,416",
            ],
        ),
        (
            "Conv2d",
            (3, 32, 17),
            {"out_channels": 6, "padding": (1, 1), "stride": (2, 2), "bias": False, "groups": 3},
            [
                "height: ⌊(32 + 2·1 − 3) / 2⌋ + 1 = 16",
                "width: (17 + 2·1 − 3) / 2 + 1 = 9",
                "weights: 6·((3 / 3)·3·3) = 54",
            ],
        ),
        (
            "Conv2d",
            (1, 28, 28),
            {"out_channels": 2, "dilation": (2, 2)},
            [
                "height: (28 + 2·0 − 2·(3 − 1) − 1) / 1 + 1 = 24",
                "width: (28 + 2·0 − 2·(3 − 1) − 1) / 1 + 1 = 24",
                "weights: 2·(1·3·3) + 2 = 20",
            ],
        ),
        (
            "MaxPool2d",
            (6, 15, 14),
            {},
            [
                "height: ⌊(15 + 2·0 − 2) / 2⌋ + 1 = 7",
                "width: (14 + 2·0 − 2) / 2 + 1 = 7",
            ],
        ),
        ("Flatten", (16, 5, 5), {}, ["features: 16·5·5 = 400"]),
        ("Flatten", (1, 28, 28), {}, ["features: 1·28·28 = 784"]),
        ("Linear", (400,), {"out_features": 120}, ["weights: 120·400 + 120 = 48,120"]),
        ("BatchNorm2d", (16, 8, 8), {}, ["weights: 2·16 = 32"]),
        ("Upsample", (4, 7, 7), {}, ["height: 7·2 = 14", "width: 7·2 = 14"]),
        ("ReLU", (6, 14, 14), {}, []),
        ("AdaptiveAvgPool2d", (6, 14, 14), {}, []),
    ],
)
def test_formula(type_, shape, arguments, expected):
    assert explained(type_, shape, **arguments) == expected


def test_misfit_is_not_explained():
    assert explained("Linear", (16, 5, 5), out_features=10) == []


def test_nothing_linked_is_not_explained():
    project = add_node(Project(), MAIN, "Conv2d", name="conv")
    assert explain(Document(project).node_result(MAIN, "conv")) == []


def test_two_branches():
    project = add_node(Project(), MAIN, "Input", name="x", arguments={"shape": (6, 8, 8)})
    project = add_node(project, MAIN, "Concat", name="y")
    project = connect(connect(project, MAIN, "x", "y"), MAIN, "x", "y")
    lines = explain(Document(project).node_result(MAIN, "y"))
    assert [str(line) for line in lines] == ["channels: 6 + 6 = 12"]


def node(type_: str, shape: tuple[int, ...], **arguments: object):
    project = add_node(Project(), MAIN, "Input", name="x", arguments={"shape": shape})
    project = add_node(project, MAIN, type_, name="y", arguments=arguments)
    return Document(connect(project, MAIN, "x", "y")).node_result(MAIN, "y")


@pytest.mark.parametrize(
    ("type_", "shape", "arguments", "expected"),
    [
        (
            "Conv2d",
            (1, 28, 28),
            {"kernel_size": (5, 5), "out_channels": 6},
            "multiply-adds: 6·1·5·5·24·24 = 86,400",
        ),
        (
            "Conv2d",
            (8, 28, 28),
            {"out_channels": 8, "groups": 8, "stride": (2, 2)},
            "multiply-adds: 8·(8 / 8)·3·3·13·13 = 12,168",
        ),
        ("Linear", (400,), {}, "multiply-adds: 400·10 = 4,000"),
    ],
)
def test_multiply_adds_name_the_sizes_of_the_output_as_numbers(type_, shape, arguments, expected):
    assert str(explain_all(node(type_, shape, **arguments)).multiply_adds) == expected


def test_nothing_that_costs_nothing_is_explained():
    explained = explain_all(node("ReLU", (6, 14, 14)))
    assert (explained.sizes, explained.weights, explained.multiply_adds) == ((), None, None)


def test_several_outputs_are_told_apart_and_equal_ones_stand_there_once():
    lines = explain(node("LSTM", (10, 8), num_layers=2, bidirectional=True))
    assert [str(line) for line in lines[:2]] == ["features: 2·64 = 128", "hidden, axis 1: 2·2 = 4"]
    assert lines[2].label == "weights"
    assert [str(line) for line in explain(node("Chunk", (10, 8)))] == ["steps: 10 / 2 = 5"]


@pytest.mark.parametrize("name", ["lenet5", "mlp", "resnet-small"])
def test_values_are_the_inferred_ones(name):
    document = Document(load_template(name))
    for result in document.result().nodes.values():
        lines = {line.label: line.value for line in explain(result)}
        counted = explain_all(result).multiply_adds
        assert counted is None or counted.value == result.multiply_adds
        assert (counted is None) == (result.multiply_adds == 0 or bool(result.inner))
        if "weights" in lines:
            assert lines["weights"] == result.parameters
        if "height" in lines:
            assert lines["height"] == result.outputs["out"].sizes[1]


@pytest.mark.parametrize("name", list(LAYERS))
@pytest.mark.parametrize("shape", [(8, 12, 12), (8, 16), (24,)])
def test_never_fails(name, shape):
    required = {key: 4 for key, p in LAYERS[name].PARAMETERS.items() if p.required}
    project = add_node(Project(), MAIN, "Input", name="x", arguments={"shape": shape})
    project = add_node(project, MAIN, name, name="y", arguments=required)
    for port in input_ports(project, project.main.nodes["y"]):
        if not port.optional:
            into = f"{port.name}_1" if port.variadic else port.name
            project = connect(project, MAIN, "x", "y", input=into)
    result = Document(project).node_result(MAIN, "y")
    explained = explain_all(result)
    assert explained.weights is None or explained.weights.value == result.parameters
    counted = explained.multiply_adds
    assert counted is None or counted.value == result.multiply_adds
