"""The code of nodes with settings: what it trains, where it starts, whose weights it uses."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from torch import nn

from codegen.module import generate
from graph.files import from_text, to_text
from graph.inference import infer_block
from graph.initialization import INITIALIZATIONS
from graph.state import MAIN, Project
from tests.codegen.building import DOUBLE_CONV, network_of, project_of
from tests.codegen.random_networks import settled_networks
from tests.graph.building import chain


def constructor(project: Project) -> list[str]:
    """The lines of the last constructor, behind `super().__init__()`."""
    text = generate(project).text.rpartition("super().__init__()\n")[2].partition("\n\n")[0]
    return [line.strip() for line in text.splitlines()]


@settings(max_examples=60)
@given(project=settled_networks())
def test_any_settings_survive_the_file_and_count_as_torch_does(project):
    assert from_text(to_text(project)).project == project
    result = infer_block(project, MAIN)
    network = network_of(project).eval()
    inputs = [
        torch.rand(2, *result.nodes[name].outputs["out"].sizes)
        for name in project.main.input_names()
    ]
    given_ = network(*inputs)
    outputs = given_ if isinstance(given_, tuple) else (given_,)
    expected = [(2, *result.outputs[name].sizes) for name in project.main.output_names()]
    assert [tuple(tensor.shape) for tensor in outputs] == expected
    counts = {True: 0, False: 0}
    for weight in network.parameters():
        counts[weight.requires_grad] += weight.numel()
    assert counts[False] == result.frozen_parameters
    assert counts[True] == result.parameters - result.frozen_parameters


@settings(max_examples=30)
@given(project=settled_networks())
def test_what_shares_or_is_bypassed_has_no_module(project):
    network = network_of(project)
    for name, node in project.main.nodes.items():
        if node.settings.bypassed or node.settings.shares:
            assert not isinstance(getattr(network, name, None), nn.Module)
        elif node.settings.frozen and hasattr(network, name):
            assert not any(weight.requires_grad for weight in getattr(network, name).parameters())


# --- initialization ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in INITIALIZATIONS if name != "bilinear"])
def test_every_initialization_runs_on_layers_of_all_sorts(name):
    for layer, shape in (
        ("Conv2d", "[2, 8, 8]"),
        ("ConvTranspose2d", "[2, 8, 8]"),
        ("Linear", "[6]"),
        ("LSTM", "[5, 6]"),
    ):
        setting = f"initialization: {{name: {name}, bias: 0.25}}"
        line = f"layer: {layer}, {setting}"
        nodes = {"i": f"layer: Input, shape: {shape}", "n1": line, "o": "layer: Output"}
        module = network_of(project_of(nodes, ["i -> n1", "n1 -> o"])).n1
        biases = [tensor for key, tensor in module.named_parameters() if "bias" in key]
        assert biases
        assert all(bool((tensor == 0.25).all()) for tensor in biases)


def start(line: str, shape: str = "[64, 8, 8]") -> torch.Tensor:
    torch.manual_seed(0)
    weight: torch.Tensor = network_of(chain(line, shape=shape)).n1.weight
    return weight


def test_where_weights_start():
    conv = "layer: Conv2d, out_channels: 128, initialization: "
    assert bool((start(conv + "zeros") == 0).all())
    assert bool((start(conv + "ones") == 1).all())
    assert bool((start(conv + "{name: constant, value: -2}") == -2).all())
    normal = start(conv + "{name: normal, mean: 1, std: 0.5}")
    assert normal.mean().item() == pytest.approx(1, abs=0.01)
    assert normal.std().item() == pytest.approx(0.5, rel=0.02)
    cut = start(conv + "{name: trunc_normal, std: 2, cut: 1.5}")
    assert 2.9 < cut.abs().max().item() <= 3
    even = start(conv + "{name: uniform, low: 3, high: 4}")
    assert 3 <= even.min().item() < 3.01
    assert 3.99 < even.max().item() <= 4
    fan_in, fan_out = 64 * 9, 128 * 9
    for text, spread in (
        ("kaiming_normal", (2 / fan_in) ** 0.5),
        ("{name: kaiming_normal, mode: fan_out, nonlinearity: linear}", (1 / fan_out) ** 0.5),
        (
            "{name: kaiming_uniform, nonlinearity: leaky_relu, slope: 1}",
            (1 / fan_in) ** 0.5,
        ),
        ("{name: xavier_normal, gain: 3}", 3 * (2 / (fan_in + fan_out)) ** 0.5),
        ("xavier_uniform", (2 / (fan_in + fan_out)) ** 0.5),
    ):
        assert start(conv + text).std().item() == pytest.approx(spread, rel=0.02), text
    rows = start(conv + "orthogonal").flatten(1)
    torch.testing.assert_close(rows @ rows.T, torch.eye(128), atol=1e-4, rtol=0)


@pytest.mark.parametrize(("kernel", "factor"), [(4, 2), (3, 2), (16, 8)])
def test_bilinear_enlarges_as_torch_does(kernel, factor):
    """As torch's `Upsample` at a distance from the border; a full matrix with a diagonal."""
    padding = (kernel - factor) // 2
    line = (
        f"layer: ConvTranspose2d, out_channels: 3, kernel_size: {kernel}, stride: {factor}, "
        f"padding: {padding}, bias: false, initialization: bilinear"
    )
    network = network_of(chain(line, shape="[3, 9, 9]"))
    weight = network.n1.weight
    assert tuple(weight.shape) == (3, 3, kernel, kernel)
    off = ~torch.eye(3, dtype=torch.bool)
    assert bool((weight[off] == 0).all())
    if kernel == 3:
        line = torch.tensor([0.5, 1.0, 0.5])
        torch.testing.assert_close(weight[0, 0], torch.outer(line, line))
        return
    x = torch.rand(1, 3, 9, 9)
    enlarged = nn.functional.interpolate(x, scale_factor=factor, mode="bilinear")
    inside = slice(factor, -factor)
    torch.testing.assert_close(network(x)[..., inside, inside], enlarged[..., inside, inside])


def test_bilinear_within_groups():
    line = "layer: ConvTranspose2d, out_channels: 4, kernel_size: 4, groups: 2, "
    weight = network_of(chain(line + "initialization: bilinear", shape="[4, 8, 8]")).n1.weight
    assert tuple(weight.shape) == (4, 2, 4, 4)
    used = (weight.flatten(2).sum(2) > 0).tolist()
    assert used == [[True, False], [False, True], [True, False], [False, True]]


# --- the rest ----------------------------------------------------------------------------------


def test_the_lines_of_settings():
    project = chain(
        "layer: Conv2d, out_channels: 8, initialization: {name: kaiming_normal, bias: 0}, "
        "weight_norm: weight, frozen: true, learning_rate_factor: 0.5"
    )
    assert constructor(project) == [
        "self.n1 = nn.Conv2d(1, 8, kernel_size=3)",
        'nn.init.kaiming_normal_(self.n1.weight, nonlinearity="relu")',
        "nn.init.zeros_(self.n1.bias)",
        "nn.utils.parametrizations.weight_norm(self.n1)",
        "self.n1.requires_grad_(False)",
        "self.n1.learning_rate_factor = 0.5",
    ]
    module = generate(project)
    assert len(module.lines_of(MAIN, "n1")) == 7, "six lines of construction, and the call"


def test_a_network_of_one_bypassed_node_is_the_identity():
    network = network_of(chain("layer: Conv2d, bypassed: true"))
    x = torch.rand(2, 1, 28, 28)
    assert network(x) is x
    assert not list(network.parameters())


def test_a_bypassed_node_before_two_readers():
    project = project_of(
        {
            "x": "layer: Input, shape: [6]",
            "a": "layer: Tanh",
            "b": "layer: Softmax, bypassed: true",
            "c": "layer: ReLU",
            "d": "layer: Add",
            "o": "layer: Output",
        },
        ["x -> a", "a -> b", "b -> c", "b -> d.in_1", "c -> d.in_2", "d -> o"],
    )
    x = torch.randn(2, 6)
    a = torch.tanh(x)
    torch.testing.assert_close(network_of(project)(x), a + torch.relu(a))


def test_shared_weights_are_the_same_ones():
    project = chain(
        "layer: Linear, out_features: 3, shares: n2",
        "layer: Linear, out_features: 6",
        "layer: ReLU",
        shape="[6]",
    )
    project = from_text(to_text(project).replace("out_features: 3, ", "")).project
    network = network_of(project)
    assert [name for name, _ in network.named_parameters()] == ["n2.weight", "n2.bias"]
    x = torch.randn(2, 6)
    torch.testing.assert_close(network(x), torch.relu(network.n2(network.n2(x))))


def test_a_shared_block_is_one_module():
    project = project_of(
        {
            "left": "layer: Input, shape: [4, 8, 8]",
            "right": "layer: Input, shape: [4, 10, 6]",
            "a": "block: DoubleConv, out_channels: 4, repeat: 2",
            "b": "block: DoubleConv, shares: a",
            "o": "layer: Output",
            "p": "layer: Output",
        },
        ["left -> a", "right -> b", "a -> o", "b -> p"],
        blocks=DOUBLE_CONV,
    )
    network = network_of(project)
    assert not hasattr(network, "b")
    x, y = torch.rand(2, 4, 8, 8), torch.rand(2, 4, 10, 6)
    first, second = network(x, y)
    assert first.shape == x.shape
    torch.testing.assert_close(second, network.a(y))
    assert generate(project).text.count("class ") == 2


@pytest.mark.parametrize("form", ["weight", "spectral", "standardized"])
def test_the_form_of_weights(form):
    project = chain(f"layer: Conv2d, out_channels: 4, weight_norm: {form}", shape="[3, 8, 8]")
    network = network_of(project).eval()
    weight = network.n1.weight.flatten(1)
    if form == "spectral":
        assert torch.linalg.matrix_norm(weight, 2).item() == pytest.approx(1, rel=0.05)
    elif form == "standardized":
        torch.testing.assert_close(weight.mean(1), torch.zeros(4), atol=1e-5, rtol=0)
        torch.testing.assert_close(weight.std(1, correction=0), torch.ones(4), atol=2e-3, rtol=0)
    else:
        length = network.n1.parametrizations.weight.original0.flatten()
        torch.testing.assert_close(weight.norm(dim=1), length)
    assert infer_block(project, MAIN).parameters == sum(p.numel() for p in network.parameters())


def test_a_form_is_that_of_the_initialized_weights():
    line = "layer: Linear, out_features: 6, weight_norm: weight, initialization: orthogonal"
    weight = network_of(chain(line, shape="[6]")).n1.weight
    torch.testing.assert_close(weight @ weight.T, torch.eye(6), atol=1e-5, rtol=0)


def test_a_parameter_that_decides_about_biases():
    block = DOUBLE_CONV.replace("kernel: 3", "flat: true").replace(
        "kernel_size: = kernel", "bias: = flat, initialization: {name: ones, bias: 0.5}"
    )
    project = chain("block: DoubleConv", shape="[1, 8, 8]", blocks=block)
    text = generate(project).text
    names = {"__name__": "generated"}
    exec(text, names)
    with_bias, without = names["DoubleConv"](1), names["DoubleConv"](1, flat=False)
    assert bool((with_bias.conv1.bias == 0.5).all())
    assert without.conv1.bias is None
    assert bool((without.conv1.weight == 1).all())
