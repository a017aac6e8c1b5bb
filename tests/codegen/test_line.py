"""The lines of single layers: the same as in a module, and what they say runs."""

import ast
from types import SimpleNamespace

import pytest
import torch

from codegen.line import example_inputs, example_layer, example_lines, node_lines, result_lines
from codegen.module import generate
from graph.inference import infer_block
from graph.layer import Layer, load_layers
from graph.state import MAIN
from graph.templates import load_template
from tests.codegen.building import DOUBLE_CONV, project_of
from tests.graph.layer_harness import DTYPES, NAMES, written_out

LAYERS = load_layers()
EMITTED = [name for name, layer in LAYERS.items() if layer.emit is not Layer.emit]


@pytest.mark.parametrize("name", EMITTED)
def test_the_example_of_every_layer_runs(name):
    layer = example_layer(LAYERS[name])
    received = example_inputs(layer)
    assert received is not None, f"no input was found that {name} takes"
    code = "\n".join(example_lines(LAYERS[name]))
    ast.parse(code)
    known = {n: written_out(n) for n in layer.emit(*received).names() if n not in NAMES}
    variables = {**NAMES, **known, "self": SimpleNamespace(), "x": torch.zeros(2)}
    waiting = list(received)
    for port in layer.inputs():
        stem = "x" if port.name == "in" else port.name
        count = len(waiting) if port.variadic else 1
        names = [f"{stem}{n}" for n in range(1, count + 1)] if port.variadic else [stem]
        for variable, spec in zip(names, waiting, strict=False):
            if spec is not None:
                # Not zeros, which have no inverse.
                values = torch.rand(2, *spec.sizes)
                variables[variable] = values.to(DTYPES[spec.dtype])
        waiting = waiting[count:]
    exec(code, variables)
    outputs = layer.infer(*received)
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    ports = [port.name for port in layer.outputs()]
    for port, spec in zip(["x"] if ports == ["out"] else ports, outputs, strict=True):
        assert tuple(variables[port].shape) == (2, *spec.sizes)


def test_what_is_no_code_has_no_lines():
    assert [example_lines(LAYERS[name]) for name in ("Input", "Output", "Note")] == [[], [], []]


def test_a_node_of_lenet_by_itself_and_in_its_module():
    project = load_template("lenet5")
    module, results = generate(project), infer_block(project, MAIN).nodes
    construction = "self.conv1 = nn.Conv2d(1, 6, kernel_size=5, padding=2)"
    assert result_lines(results["conv1"], "conv1") == [construction, "x = self.conv1(x)"]
    in_the_module = node_lines(module, MAIN, "conv1")
    assert in_the_module[0] == construction.replace("(1,", "(in_channels,")
    assert in_the_module[1].startswith("x = self.conv1(image)  # (N, 6, 28, 28)")
    for name, result in results.items():
        alone, written = result_lines(result, name), node_lines(module, MAIN, name)
        if alone and "self." in alone[0]:
            # Where the node alone has a value, the module writes the parameter of the block.
            assert alone[0] == written[0].replace("classes", "10").replace("in_channels", "1")


def test_a_node_that_does_not_fit_has_no_lines_and_a_block_has_those_of_its_module():
    project = project_of(
        {
            "image": "layer: Input, shape: [3, 8, 8]",
            "body": "block: DoubleConv, out_channels: 4",
            "out": "layer: Output",
        },
        ["image -> body", "body -> out"],
        blocks=DOUBLE_CONV,
    )
    lines = node_lines(generate(project), MAIN, "body")
    assert lines[0] == "self.body = DoubleConv(3, out_channels=4)"
    assert lines[1].startswith("x = self.body(image)")
    result = infer_block(project, MAIN).nodes["body"]
    assert result_lines(result, "body") == []
