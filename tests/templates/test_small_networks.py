"""The small networks among the templates compute what they say, and vision transformers what
torchvision's do."""

from functools import partial

import pytest
import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode
from torchvision import models

from graph.document import Document
from graph.templates import load_template
from tests.codegen.building import network_of
from tests.templates import transcriptions_small as plain
from tests.templates.parity import assert_same_outputs, template_with, with_the_same_weights


def test_logistic_regression_is_one_linear_layer():
    ours, theirs = with_the_same_weights(
        lambda: template_with("logistic-regression"), plain.logistic_regression
    )
    assert_same_outputs(ours, theirs, 1, 8, 8)


def test_a_table_goes_through_three_linear_layers():
    ours, theirs = with_the_same_weights(lambda: template_with("mlp-table"), plain.mlp_table)
    assert_same_outputs(ours, theirs, 30)


@pytest.mark.parametrize("size", [8, 24, 29])
def test_the_small_pyramid_takes_any_size(size):
    ours, theirs = with_the_same_weights(lambda: template_with("sppnet-small"), plain.SmallSPPNet)
    assert_same_outputs(ours, theirs, 1, size, size)


def test_the_neocognitron_follows_its_formula():
    ours, theirs = with_the_same_weights(lambda: template_with("neocognitron"), plain.neocognitron)
    assert_same_outputs(ours, theirs, 1, 16, 16)


class Joined(nn.Module):
    """Several outputs of a network in one row."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([output.flatten(1) for output in self.network(x)], dim=1)


def test_the_variational_autoencoder_draws_while_training():
    ours, theirs = with_the_same_weights(
        lambda: Joined(template_with("variational-autoencoder")), plain.VariationalAutoencoder
    )
    assert_same_outputs(ours, theirs, 1, 8, 8)


def test_the_lstm_reads_a_sequence():
    ours, theirs = with_the_same_weights(lambda: template_with("lstm-sequences"), plain.LastOfLSTM)
    for length in (64, 41):
        assert_same_outputs(ours, theirs, length, 1)


def test_the_transformer_is_made_of_torch_s_encoder_layers():
    def arrange(weights: dict[str, Tensor]) -> list[Tensor]:
        groups = {"token": 1, "features": 0, "layers": 2, "norm": 3, "fc": 4}
        inner = ["norm1", "self_attn", "norm2", "linear1", "linear2"]

        def place(key: str) -> tuple[int, ...]:
            first, *rest = key.split(".")
            inside = (int(rest[0]), inner.index(rest[1])) if first == "layers" else ()
            return groups[first], *inside

        return [weights[key] for key in sorted(weights, key=place)]

    ours, theirs = with_the_same_weights(
        lambda: template_with("transformer-sequences"), plain.WordsTransformer, arrange
    )
    for length in (64, 100):
        assert_same_outputs(ours, theirs, length, 1)


def vision_transformer(
    size: int, patch: int, depth: int, heads: int, width: int, classes: int, **others: object
) -> nn.Module:
    return models.VisionTransformer(
        size, patch, depth, heads, width, 4 * width, num_classes=classes, **others
    )


def grey_vision_transformer() -> nn.Module:
    network = vision_transformer(
        8, 2, 4, 4, 64, 10, dropout=0.1, attention_dropout=0.1,
        norm_layer=partial(nn.LayerNorm, eps=1e-5),
    )  # fmt: skip
    network.conv_proj = nn.Conv2d(1, 64, 2, 2)
    return network


def from_torchvision(weights: dict[str, Tensor]) -> list[Tensor]:
    """The weights of a vision transformer in the order in which they are used."""
    weights = dict(weights)
    first = ["conv_proj.weight", "conv_proj.bias", "class_token", "encoder.pos_embedding"]
    taken = [weights.pop(key) for key in first]
    # torchvision keeps an axis for the batch.
    return [*taken[:2], taken[2][0], taken[3][0], *weights.values()]


def test_the_small_vision_transformer_is_torchvision_s():
    ours, theirs = with_the_same_weights(
        lambda: template_with("vit-small"), grey_vision_transformer, from_torchvision
    )
    assert_same_outputs(ours, theirs, 1, 8, 8)


def test_vit_b16_is_torchvision_s():
    ours, theirs = with_the_same_weights(
        lambda: template_with("vit-b16", width=48, depth=3, heads=4, classes=10),
        lambda: vision_transformer(224, 16, 3, 4, 48, 10),
        from_torchvision,
    )
    assert_same_outputs(ours, theirs, 3, 224, 224)


def test_a_vision_transformer_for_another_size_of_image():
    project = load_template("vit-b16")
    ours, theirs = with_the_same_weights(
        lambda: network_of(project, image_size=96, patch=8, width=48, depth=2, heads=4, classes=10),
        lambda: vision_transformer(96, 8, 2, 4, 48, 10),
        from_torchvision,
    )
    assert ours.positions.weight.shape == (12 * 12 + 1, 48)
    assert_same_outputs(ours, theirs, 3, 96, 96)


def test_vit_b16_has_the_weights_and_multiply_adds_of_torchvision_s():
    result = Document(load_template("vit-b16")).result()
    with torch.device("meta"):
        theirs = models.vit_b_16().eval()
        x = torch.empty(1, 3, 224, 224)
    assert result.parameters == sum(p.numel() for p in theirs.parameters()) == 86_567_656
    # In training, since in evaluation torch takes a way that its counter does not see.
    with FlopCounterMode(display=False) as counter:
        theirs.train()(x)
    assert result.multiply_adds * 2 == counter.get_total_flops()
