"""The published classifiers among the templates are exactly those networks.

With the same weights they give the same scores as torchvision's, or as a transcription of the
paper; their weights and multiply-adds are those that were counted on reference implementations.
"""

import pytest
import torch
from torchvision import models

from graph.document import Document
from graph.templates import load_template
from tests.codegen.building import network_of
from tests.templates.parity import assert_same_outputs, with_the_same_weights
from tests.templates.transcriptions import AlexNet2012, MobileNetV1, Xception65


def googlenet(**arguments):
    return models.googlenet(aux_logits=False, init_weights=False, **arguments)


# network, weights, multiply-adds in thousand millions, size of the image to compare with
PUBLISHED = {
    "alexnet": (models.alexnet, 61_100_840, 0.7142, 64),
    "alexnet-2012": (AlexNet2012, 60_965_224, 0.7244, 227),
    "vgg11": (models.vgg11, 132_863_336, 7.609, 32),
    "vgg11-bn": (models.vgg11_bn, 132_868_840, 7.609, 32),
    "vgg16-bn": (models.vgg16_bn, 138_365_992, 15.470, 32),
    "vgg19-bn": (models.vgg19_bn, 143_678_248, 19.632, 32),
    "vgg16": (models.vgg16, 138_357_544, 15.470, 32),
    "vgg19": (models.vgg19, 143_667_240, 19.632, 32),
    "resnet18": (models.resnet18, 11_689_512, 1.814, 64),
    "resnet34": (models.resnet34, 21_797_672, 3.664, 64),
    "resnet50": (models.resnet50, 25_557_032, 4.089, 64),
    "resnet101": (models.resnet101, 44_549_160, 7.801, 64),
    "squeezenet": (models.squeezenet1_0, 1_248_424, 0.819, 64),
    "mobilenet-v1": (MobileNetV1, 4_231_976, 0.5687, 64),
    "mobilenet-v2": (models.mobilenet_v2, 3_504_872, 0.3008, 64),
    "mobilenet-v3-large": (models.mobilenet_v3_large, 5_483_032, 0.2166, 64),
    "densenet121": (models.densenet121, 7_978_856, 2.834, 64),
    "googlenet": (googlenet, 6_624_904, 1.498, 64),
    "xception65": (Xception65, 39_916_312, 13.853, 65),
}


@pytest.mark.parametrize("id_", PUBLISHED)
def test_it_gives_what_the_published_network_gives(id_):
    make, _, _, size = PUBLISHED[id_]
    ours, theirs = with_the_same_weights(lambda: network_of(load_template(id_)), make)
    assert_same_outputs(ours, theirs, 3, size, size, batch=1, training=False)


@pytest.mark.parametrize("id_", PUBLISHED)
def test_weights_and_multiply_adds_are_the_published_ones(id_):
    _, weights, multiply_adds, _ = PUBLISHED[id_]
    result = Document(load_template(id_)).result()
    assert result.parameters == weights
    assert [output.sizes for output in result.outputs.values()] == [(1000,)]
    # The numbers are given with four digits.
    assert result.multiply_adds / 1e9 == pytest.approx(multiply_adds, rel=6e-4, abs=5e-5)


@pytest.mark.parametrize(
    ("id_", "overrides", "make"),
    [
        ("resnet18", {"width": 16, "classes": 10}, None),
        ("vgg11", {"width": 8, "hidden": 32, "classes": 5}, None),
        ("mobilenet-v1", {"width": 8, "classes": 10}, None),
        ("densenet121", {"growth": 8, "classes": 10}, lambda: models.DenseNet(
            8, (6, 12, 24, 16), 16, num_classes=10)),
        ("xception65", {"depth": 2, "classes": 10}, None),
    ],
)  # fmt: skip
def test_its_parameters_scale_it(id_, overrides, make):
    given = [f"blocks.main.parameters.{name}.default={value}" for name, value in overrides.items()]
    project = load_template(id_, overrides=given)
    result = Document(project).result()
    assert result.outputs["scores"].sizes == (overrides["classes"],)
    assert result.parameters < PUBLISHED[id_][1] / 2
    if make:
        with torch.device("meta"):
            assert result.parameters == sum(p.numel() for p in make().parameters())
