"""Rounded numbers and weights against torch and values worked out by hand, and how they learn."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from graph.declare import build
from graph.layer import load_layers
from graph.shapes import ShapeError, TensorSpec
from tests.codegen.building import network_of
from tests.graph.building import chain
from tests.graph.layer_harness import Emitted
from tests.graph.layers.computing import close, computed

LAYERS = load_layers()


def learned(name: str, numbers: list[float], **arguments: Any) -> tuple[Tensor, Tensor]:
    """What becomes of a row of numbers, and the gradient of the sum of it."""
    x = torch.tensor([numbers], requires_grad=True)
    result = computed(name, x, **arguments)
    result.sum().backward()
    assert x.grad is not None
    return result.detach()[0], x.grad[0]


def emitted(name: str, sizes: tuple[int, ...], **arguments: Any) -> Any:
    return Emitted(build(LAYERS[name], arguments), [TensorSpec(sizes)])


# --- numbers -----------------------------------------------------------------------------------


def test_fixed_point_rounds_halves_away_from_zero_and_cuts_off():
    numbers = [0.0, 0.24, 0.25, -0.25, 0.75, -0.75, 1.5, -1.5, 1.6, -9.0]
    result, gradient = learned("FixedPointQuantize", numbers, bits=3, delta=0.5)
    close(result, [0, 0, 0.5, -0.5, 1, -1, 1.5, -1.5, 1.5, -1.5])
    close(gradient, [1, 1, 1, 1, 1, 1, 1, 1, 0, 0])
    result, gradient = learned("FixedPointQuantize", numbers, bits=1, delta=0.5, signed=False)
    close(result, [0, 0, 0.5, 0, 0.5, 0, 0.5, 0, 0.5, 0])
    close(gradient, [1, 1, 1, 0, 0, 0, 0, 0, 0, 0])


def test_powers_of_two():
    numbers = [0.0, 0.3, -0.4, 1.4, 1.5, 3.0, -5.0, 0.1, 0.2, -0.17]
    # Four bits without sign and zero: 2^-2 to 2^1.
    result, gradient = learned("Pow2Quantize", numbers, bits=4)
    close(result, [0, 0.25, -0.5, 1, 2, 2, -2, 0, 0.25, 0])
    close(gradient, [1, 1, 1, 1, 1, 0, 0, 1, 1, 1])
    result, gradient = learned("Pow2Quantize", numbers, bits=2, signed=False, with_zero=False)
    close(result, [0.25, 0.25, 0.25, 1, 2, 2, 0.25, 0.25, 0.25, 0.25])
    close(gradient, [1, 1, 0, 1, 1, 0, 0, 1, 1, 0])


@pytest.mark.parametrize(
    ("name", "arguments", "count"),
    [
        ("FixedPointQuantize", {"bits": 4}, 15),
        ("FixedPointQuantize", {"bits": 5, "signed": False, "delta": 0.1}, 32),
        ("Pow2Quantize", {"bits": 4}, 9),
        ("Pow2Quantize", {"bits": 4, "with_zero": False}, 16),
        ("Pow2Quantize", {"bits": 3, "signed": False}, 5),
        ("MinMaxQuantize", {"bits": 5}, 32),
        ("MinMaxQuantize", {"bits": 3, "limits": "learned"}, 8),
        ("FakeQuantize", {"quant_min": -8, "quant_max": 7}, 16),
        ("BinaryTanh", {}, 2),
        ("BinarySigmoid", {}, 2),
    ],
)
def test_there_are_as_many_numbers_as_bits_allow(name: str, arguments: dict[str, Any], count: int):
    x = torch.linspace(-8, 8, 40_001)[None].requires_grad_()
    assert len(computed(name, x, **arguments).unique()) == count


def test_binary_activations():
    numbers = [-2.0, -1.0, -0.3, 0.0, 0.5, 1.0, 3.0]
    result, gradient = learned("BinaryTanh", numbers)
    close(result, [-1, -1, -1, -1, 1, 1, 1])
    close(gradient, [0, 0, 1, 1, 1, 0, 0])
    result, gradient = learned("BinarySigmoid", numbers)
    close(result, [0, 0, 0, 0, 1, 1, 1])
    close(gradient, [0, 0, 0.5, 0.5, 0.5, 0, 0])


def test_fixed_point_is_a_fake_quantization_of_torch_except_for_halves():
    torch.manual_seed(0)
    x = torch.randn(2, 500) * 3
    ours = computed("FixedPointQuantize", x, bits=6, delta=0.125)
    close(ours, torch.fake_quantize_per_tensor_affine(x, 0.125, 0, -31, 31))


def test_fake_quantization_is_that_of_torch():
    result, gradient = learned(
        "FakeQuantize", [-1.0, 0.0, 0.3, 0.75, 9.0], scale=0.5, zero_point=1, quant_min=0,
        quant_max=3,
    )  # fmt: skip
    close(result, [-0.5, 0, 0.5, 1, 1])
    close(gradient, [0, 1, 1, 1, 0])


def test_fake_quantization_of_channels_is_that_of_torch():
    x = torch.randn(2, 3, 4, 4) * 9
    scales, zeros = torch.tensor([0.1, 0.5, 0.02]), torch.full((3,), 4, dtype=torch.int32)
    expected = torch.fake_quantize_per_channel_affine(x, scales, zeros, 1, -8, 7)
    bounds = {"zero_point": 4, "quant_min": -8, "quant_max": 7}
    close(computed("FakeQuantizePerChannel", x, scale=[0.1, 0.5, 0.02], **bounds), expected)
    one = torch.fake_quantize_per_tensor_affine(x, 0.1, 4, -8, 7)
    close(computed("FakeQuantizePerChannel", x, scale=[0.1], **bounds), one)


def test_a_range_is_measured_while_training_and_stays():
    layer = emitted("MinMaxQuantize", (4,), bits=2, decay=0.75)
    layer(torch.tensor([[-1.0, 0.0, 1.0, 2.0]]))
    close(layer.module.limits, [-1, 2])  # the first batch sets it
    layer(torch.tensor([[3.0, 0.0, 1.0, 6.0]]))
    close(layer.module.limits, [-0.75, 3])
    layer.eval()
    given = layer(torch.tensor([[-9.0, 0.5, 0.7, 9.0]]))["out"]
    # Steps of 3.75 / 3; the lower limit is moved to a whole step below 0.
    close(given, [[-1.25, 0, 1.25, 2.5]])
    close(layer.module.limits, [-0.75, 3])


def test_the_range_of_the_latest_batch():
    layer = emitted("MinMaxQuantize", (2,), limits="latest")
    for low in (-1.0, -4.0):
        layer(torch.tensor([[low, 5.0]]))
    close(layer.module.limits, [-4, 5])


def test_a_learned_range_gets_the_gradient_of_what_is_beyond():
    layer = emitted("MinMaxQuantize", (5,), bits=2, limits="learned", lowest=-1.0, highest=2.0)
    x = torch.tensor([[-3.0, -0.4, 0.6, 4.0, 5.0]], requires_grad=True)
    result = layer(x)["out"]
    close(result, [[-1, 0, 1, 2, 2]])
    result.backward(torch.tensor([[1.0, 10.0, 100.0, 1000.0, 10000.0]]))
    close(x.grad, [[0, 10, 100, 0, 0]])
    close(layer.module.limits.grad, [1, 11000])


def test_a_range_without_width_is_no_division_by_zero():
    layer = emitted("MinMaxQuantize", (2,))
    assert bool(layer(torch.zeros(1, 2))["out"].isfinite().all())


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("FixedPointQuantize", {"bits": 1}, "at least 2 bits"),
        ("Pow2Quantize", {"bits": 1}, "a bit each"),
        ("MinMaxQuantize", {"lowest": 1.0, "highest": 1.0}, "must start above"),
        ("FakeQuantize", {"quant_min": 0, "zero_point": -1}, "one of 0 to 127, but is -1"),
        ("FakeQuantizePerChannel", {"scale": [0.1, 0.2]}, "has 2 scales, but receives 4 channels"),
    ],
)
def test_what_cannot_be_is_refused_with_a_repair_that_works(name, arguments, words):
    layer = build(LAYERS[name], arguments)
    with pytest.raises(ShapeError, match=words) as refused:
        layer.infer(TensorSpec((4,)))
    for repair in refused.value.repairs:
        mended = build(LAYERS[name], arguments | {repair.parameter: repair.value})
        assert mended.infer(TensorSpec((4,))) == TensorSpec((4,))


# --- weights -----------------------------------------------------------------------------------

WEIGHT = torch.tensor([[0.5, -0.25, 0.0], [-2.0, 0.5, 0.5]])


def with_weight(name: str) -> Any:
    layer = emitted(name, (3,), out_features=2, bias=False)
    with torch.no_grad():
        layer.module.weight.copy_(WEIGHT)
    return layer


def as_used(name: str) -> Tensor:
    """The table of weights that a linear layer computes with."""
    used: Tensor = with_weight(name)(torch.eye(3))["out"].T
    return used


def test_weights_that_are_computed_with():
    close(as_used("BinaryConnectLinear"), [[1, -1, 1], [-1, 1, 1]])
    close(as_used("BinaryWeightLinear"), [[0.25, -0.25, 0.25], [-1, 1, 1]])
    # 0.7 times the mean size is 0.4375; those above it have the mean size 0.875.
    close(as_used("TernaryWeightLinear"), [[0.875, 0, 0], [-0.875, 0.875, 0.875]])


def gradient_of(name: str, at_weights: Tensor) -> Tensor:
    layer = with_weight(name)
    layer(torch.eye(3))["out"].T.backward(at_weights)
    found: Tensor = layer.module.weight.grad
    return found


def test_gradients_reach_the_exact_weights():
    given = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    close(gradient_of("BinaryConnectLinear", given), given)
    close(gradient_of("TernaryWeightLinear", given), given)
    # Through sign: g · α, 0 beyond ±1; through α: the sign of w times Σ g · sign / 3.
    through_sign = [[0.25, 0.5, 0.75], [0, 5, 6]]
    through_scale = torch.tensor([[2.0, -2.0, 0.0], [-7.0, 7.0, 7.0]]) / 3
    close(gradient_of("BinaryWeightLinear", given), torch.tensor(through_sign) + through_scale)


def test_weights_of_binary_connect_stay_within_one_unless_frozen():
    layer = with_weight("BinaryConnectLinear")
    layer(torch.eye(3))
    close(layer.module.weight.detach(), WEIGHT.clamp(-1, 1))
    frozen = with_weight("BinaryConnectLinear")
    frozen.module.requires_grad_(False)
    frozen(torch.eye(3))
    close(frozen.module.weight, WEIGHT)


@pytest.mark.parametrize("name", ["BinaryConnect", "BinaryWeight", "TernaryWeight"])
def test_a_convolution_is_that_of_torch_with_the_weights_of_the_linear_layer(name: str):
    torch.manual_seed(0)
    arguments = {"out_channels": 4, "stride": [2, 1], "padding": [1, 1]}
    layer = emitted(f"{name}Conv2d", (3, 6, 6), padding_mode="reflect", **arguments)
    weight = layer.module.weight.detach()
    linear = emitted(f"{name}Linear", (27,), out_features=4, bias=False)
    with torch.no_grad():
        linear.module.weight.copy_(weight.flatten(1))
    used = linear(torch.eye(27))["out"].T.reshape(weight.shape)
    x = torch.randn(2, 3, 6, 6)
    padded = nn.functional.pad(x, (1, 1, 1, 1), mode="reflect")
    expected = nn.functional.conv2d(padded, used, layer.module.bias, stride=(2, 1))
    close(layer(x)["out"].detach(), expected.detach())


# --- in a network ------------------------------------------------------------------------------


def test_a_network_with_binary_weights_learns():
    torch.manual_seed(0)
    network = network_of(
        chain(
            "layer: BinaryConnectLinear, out_features: 16",
            "layer: BatchNorm1d",
            "layer: BinaryTanh",
            "layer: BinaryWeightLinear, out_features: 2",
            shape="[8]",
        )
    )
    x = torch.randn(128, 8)
    classes = (x[:, 0] + x[:, 1] > 0).long()
    optimizer = torch.optim.Adam(network.parameters(), lr=0.02)
    losses = []
    for _ in range(60):
        loss = nn.functional.cross_entropy(network(x), classes)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert sum(losses[-5:]) < 0.6 * sum(losses[:5])
    assert set(network.n1.weight.sign().unique().tolist()) <= {-1.0, 0.0, 1.0}
    assert network.n1.weight.abs().max() < 1.1


@pytest.mark.parametrize("name", ["BinaryConnect", "BinaryWeight", "TernaryWeight"])
@pytest.mark.parametrize("norm", ["spectral", "weight", "standardized"])
def test_settings_of_weights_hold(name: str, norm: str):
    settings = "initialization: {name: normal, std: 2, bias: 0.5}, learning_rate_factor: 0.1"
    line = f"layer: {name}Conv2d, out_channels: 4, {settings}"
    module = network_of(chain(line, shape="[2, 6, 6]")).n1
    assert bool((module.bias == 0.5).all())
    assert module.weight.std() > 1
    assert module.learning_rate_factor == 0.1
    network = network_of(chain(f"{line}, weight_norm: {norm}", shape="[2, 6, 6]"))
    network(torch.randn(2, 2, 6, 6)).square().sum().backward()
    originals = [p for key, p in network.n1.named_parameters() if "original" in key]
    assert originals
    assert all(p.grad is not None and bool(p.grad.isfinite().all()) for p in originals)
    frozen = network_of(chain(f"{line}, frozen: true", shape="[2, 6, 6]"))
    assert not any(p.requires_grad for p in frozen.n1.parameters())
