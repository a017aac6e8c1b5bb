"""What attention computes: against formulas worked out here, and by what may change what."""

import math
from typing import Any

import pytest
import torch
from torch import Tensor

from codegen.parts.causal_mask import causal_mask
from codegen.parts.rotate_by_position import rotate_by_position
from codegen.parts.sinusoidal_positions import sinusoidal_positions
from graph.layer import Layer
from graph.layers.attention import MultiheadAttention, ScaledDotProductAttention
from graph.layers.attention_position import ClassToken, LearnedPositions
from graph.layers.attention_transformer import (
    Transformer,
    TransformerDecoderLayer,
    TransformerEncoderLayer,
)
from graph.shapes import SetArgument, ShapeError, TensorSpec
from tests.graph.layer_harness import DTYPES, Emitted

STEPS = torch.randn(2, 5, 8, generator=torch.Generator().manual_seed(1))
OTHER = torch.randn(2, 7, 8, generator=torch.Generator().manual_seed(2))


def emitted(layer: Layer, *tensors: Tensor | None) -> Emitted:
    """The module for inputs of such sizes, in evaluation."""
    sorts: dict[torch.dtype, Any] = {dtype: name for name, dtype in DTYPES.items()}
    specs = [None if t is None else TensorSpec(tuple(t.shape[1:]), sorts[t.dtype]) for t in tensors]
    module = Emitted(layer, specs)
    module.eval()
    return module


def filled(layer: Layer, *tensors: Tensor | None) -> list[Tensor | None]:
    """Nothing at the ports that are left."""
    return [*tensors, *[None] * (len(layer.inputs()) - len(tensors))]


def test_attention_is_softmax_of_products_times_values():
    layer = MultiheadAttention(num_heads=2, need_weights=True, average_attn_weights=False)
    inputs = filled(layer, STEPS, OTHER)
    module = emitted(layer, *inputs)
    given = module(*inputs)
    own = module.module
    q, k, v = (
        (x @ w.T + b).unflatten(-1, (2, 4)).transpose(1, 2)
        for x, w, b in zip(
            (STEPS, OTHER, OTHER),
            own.in_proj_weight.chunk(3),
            own.in_proj_bias.chunk(3),
            strict=True,
        )
    )
    looks = torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(4), dim=-1)
    expected = own.out_proj((looks @ v).transpose(1, 2).flatten(2))
    torch.testing.assert_close(given["weights"], looks)
    torch.testing.assert_close(given["out"], expected)


CAUSAL = [
    (MultiheadAttention(causal=True), (STEPS,)),
    (ScaledDotProductAttention(is_causal=True), (STEPS, STEPS, STEPS)),
    (TransformerEncoderLayer(causal=True, dim_feedforward=8), (STEPS,)),
    (TransformerDecoderLayer(dim_feedforward=8), (STEPS, OTHER)),
    (Transformer(dim_feedforward=8), (OTHER, STEPS)),
]


@pytest.mark.parametrize(("layer", "tensors"), CAUSAL, ids=lambda value: str(value)[:30])
def test_a_causal_layer_does_not_look_ahead(layer: Layer, tensors: tuple[Tensor, ...]):
    inputs = filled(layer, *tensors)
    module = emitted(layer, *inputs)
    before = module(*inputs)["out"]
    later = STEPS.clone()
    later[:, 3:] += 1
    changed = [later if x is STEPS else x for x in inputs]
    after = module(*changed)["out"]
    torch.testing.assert_close(after[:, :3], before[:, :3])
    assert not torch.allclose(after[:, 3:], before[:, 3:])


PADDED = [
    (MultiheadAttention(), (STEPS, OTHER, None), 1),
    (MultiheadAttention(causal=True), (OTHER, None, None), 0),
    (TransformerEncoderLayer(dim_feedforward=8), (OTHER,), 0),
    (Transformer(dim_feedforward=8), (OTHER, STEPS), 0),
]


@pytest.mark.parametrize(("layer", "tensors", "padded"), PADDED, ids=lambda value: str(value)[:30])
def test_nobody_looks_at_what_is_filled_up(layer: Layer, tensors, padded: int):
    mask = torch.zeros(2, 7, dtype=torch.bool)
    mask[:, 5:] = True
    inputs = filled(layer, *tensors, mask)
    module = emitted(layer, *inputs)
    before = module(*inputs)["out"]
    inputs[padded] = OTHER + 9 * mask.unsqueeze(2)
    after = module(*inputs)["out"]
    kept = slice(None) if tensors[padded] is not tensors[0] else slice(0, 5)
    torch.testing.assert_close(after[:, kept], before[:, kept])


@pytest.mark.parametrize("as_numbers", [False, True])
@pytest.mark.parametrize("causal", [False, True])
def test_a_mask_holds_for_every_head_of_its_sample(as_numbers: bool, causal: bool):
    mask = torch.zeros(2, 5, 5, dtype=torch.bool)
    mask[0, :, 1] = True
    if as_numbers:
        mask = torch.zeros(2, 5, 5).masked_fill(mask, -math.inf)
    layer = MultiheadAttention(
        num_heads=2, need_weights=True, average_attn_weights=False, causal=causal
    )
    inputs = [STEPS, None, None, None, mask]
    looks = emitted(layer, *inputs)(*inputs)["weights"]
    hidden = torch.zeros(2, 2, 5, 5, dtype=torch.bool)
    hidden[0, :, :, 1] = True
    if causal:
        hidden |= torch.ones(5, 5, dtype=torch.bool).triu(1)
    assert torch.equal(looks == 0, hidden)


def test_a_mask_of_the_plain_product_says_where_to_look_in_every_head():
    mask = torch.zeros(2, 5, 7, dtype=torch.bool)
    mask[:, :, 3] = True
    heads = [x.unflatten(-1, (2, 4)).transpose(1, 2) for x in (STEPS, OTHER)]
    inputs = [heads[0], heads[1], heads[1], mask]
    given = emitted(ScaledDotProductAttention(), *inputs)(*inputs)["out"]
    torch.testing.assert_close(given, heads[1][:, :, 3:4].expand(2, 2, 5, 4))


def test_the_mask_hides_what_comes_later():
    expected = torch.tensor([[False, True, True], [False, False, True]])
    assert torch.equal(causal_mask(torch.zeros(1, 2, 4), torch.zeros(1, 3, 4)), expected)


def test_waves_are_those_of_the_paper():
    given = sinusoidal_positions(torch.zeros(1, 4, 5))
    for t in range(4):
        for place in range(5):
            wave = math.cos if place % 2 else math.sin
            expected = wave(t / 10000 ** (place // 2 * 2 / 5))
            assert given[t, place].item() == pytest.approx(expected, abs=1e-6)


def test_rotated_products_depend_on_the_distance_only():
    q, k = torch.randn(2, 6)
    turned = [rotate_by_position(x.expand(1, 9, 6)) for x in (q, k)]
    products = (turned[0] @ turned[1].transpose(1, 2))[0]
    assert products[0, 0].item() == pytest.approx((q @ k).item(), abs=1e-5)
    for distance in range(-4, 5):
        diagonal = products.diagonal(distance)
        torch.testing.assert_close(diagonal, diagonal[:1].expand_as(diagonal), atol=1e-5, rtol=0)
    assert not torch.allclose(products[0, 0], products[0, 5])


def test_learned_positions_are_added_from_the_first_step_on():
    module = emitted(LearnedPositions(max_length=9), STEPS)
    given = module(STEPS)["out"]
    torch.testing.assert_close(given, STEPS + module.module.weight[:5])
    with pytest.raises(ShapeError, match="4 steps") as caught:
        LearnedPositions(max_length=4).infer(TensorSpec((5, 8)))
    assert caught.value.repairs == (SetArgument("max_length", 5),)


def test_tokens_come_before_the_sequence():
    module = emitted(ClassToken(num_tokens=2), STEPS)
    with torch.no_grad():
        module.module.weight.copy_(torch.arange(16.0).view(2, 8))
    given = module(STEPS)["out"]
    assert torch.equal(given[:, 2:], STEPS)
    assert torch.equal(given[1, :2], torch.arange(16.0).view(2, 8))


def test_heads_that_do_not_fit_come_with_the_nearest_that_do():
    with pytest.raises(ShapeError, match="3 heads must divide the 8 features") as caught:
        MultiheadAttention(num_heads=3).infer(TensorSpec((5, 8)))
    assert caught.value.repairs == (SetArgument("num_heads", 2),)


FAST = [
    (MultiheadAttention(causal=True), (OTHER, None, None)),
    (TransformerEncoderLayer(causal=True, dim_feedforward=8), (OTHER,)),
    (TransformerEncoderLayer(dim_feedforward=8, activation="gelu", norm_first=True), (OTHER,)),
    (TransformerDecoderLayer(dim_feedforward=8), (OTHER, STEPS)),
    (Transformer(dim_feedforward=8), (OTHER, STEPS)),
]


@pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors")
@pytest.mark.parametrize(("layer", "tensors"), FAST, ids=lambda value: str(value)[:40])
@pytest.mark.parametrize("padded", [False, True])
def test_the_fast_way_without_gradients_gives_the_same(layer: Layer, tensors, padded: bool):
    mask = torch.zeros(2, 7, dtype=torch.bool)
    mask[0, 5:] = True
    inputs = filled(layer, *tensors, *([mask] if padded else []))
    module = emitted(layer, *inputs)
    slow = module(*inputs)["out"]
    with torch.no_grad():
        fast = module(*inputs)["out"]
    assert fast.shape == slow.shape
    # What stands at filled up steps does not matter to anybody.
    kept = ~mask if padded and slow.size(1) == 7 else torch.ones(slow.shape[:2], dtype=torch.bool)
    torch.testing.assert_close(fast[kept], slow[kept], atol=1e-5, rtol=1e-4)
