"""The published networks for segmentation among the templates are exactly those networks.

With the same weights they give the same scores as networks that were written down from the papers
and their authors' code; their weights and multiply-adds are those that were counted on reference
implementations.
"""

from functools import partial

import pytest
import torch
from torchvision import models

from codegen.module import generate
from graph.document import Document
from graph.templates import load_template
from tests.codegen.building import network_of, run_module
from tests.templates.parity import assert_same_outputs, with_the_same_weights
from tests.templates.transcriptions_segmentation import (
    FCN,
    DeepLabV3Plus,
    DeepLabV3PlusSMP,
    PSPNet,
    UNet,
    mobilenet_stages,
    resnet_stages,
)
from training.check import task_problems


def resnet18_stages(output_stride):
    return resnet_stages(models.resnet18(), output_stride)


def resnet50_stages(output_stride):
    return resnet_stages(models.resnet50(), output_stride)


# template: weights, multiply-adds in thousand millions, size of the result
PUBLISHED = {
    "unet": (31_037_698, 192.69, (2, 512, 512)),
    "unet-paper": (31_030_658, 150.43, (2, 388, 388)),
    "fcn-32s": (136_152_917, 181.37, (21, 500, 500)),
    "fcn-16s": (134_815_994, 181.45, (21, 500, 500)),
    "fcn-8s": (134_489_759, 181.53, (21, 500, 500)),
    "deeplabv3plus-xception65": (41_055_413, 54.035, (21, 513, 513)),
    "deeplabv3plus-resnet18": (12_334_437, 18.33, (21, 512, 512)),
    "deeplabv3plus-resnet50": (26_682_725, 36.65, (21, 512, 512)),
    "deeplabv3plus-mobilenetv2": (4_383_653, 6.01, (21, 512, 512)),
    "pspnet-resnet50": (46_592_597, 155.57, (21, 473, 473)),
}
SMALL = ("unet-small", "fcn-small", "deeplabv3plus-small")


@pytest.mark.parametrize("id_", PUBLISHED)
def test_weights_and_multiply_adds_are_the_published_ones(id_):
    weights, multiply_adds, sizes = PUBLISHED[id_]
    result = Document(load_template(id_)).result()
    assert result.parameters == weights
    assert [output.sizes for output in result.outputs.values()] == [sizes]
    assert result.multiply_adds / 1e9 == pytest.approx(multiply_adds, rel=6e-4)


def test_enlarging_by_blending_needs_little_more_than_half_the_weights():
    project = load_template(
        "unet", overrides=["blocks.main.parameters.upsampling.default=bilinear"]
    )
    result = Document(project).result()
    assert result.parameters == 17_263_042
    assert result.multiply_adds / 1e9 == pytest.approx(159.94, rel=6e-4)
    with torch.device("meta"):
        grey = network_of(load_template("unet"), in_channels=1, classes=1)
    assert sum(value.numel() for value in grey.parameters()) == 31_036_481


def test_a_finer_map_costs_what_the_paper_says():
    project = load_template(
        "deeplabv3plus-xception65", overrides=["blocks.main.parameters.output_stride.default=8"]
    )
    result = Document(project).result()
    assert result.parameters == 41_055_413
    assert result.multiply_adds / 1e9 == pytest.approx(176.85, rel=6e-4)


# What is compared: template, arguments, the network that it should be, size of the image. Where
# the whole network takes long, it is a narrow or shallow one: both take the same arguments.
SAME = {
    **{
        f"unet, {upsampling}, {height} × {width}": (
            {"width": 8, "upsampling": upsampling},
            partial(UNet, 3, 2, width=8, padded=True, bilinear=upsampling == "bilinear"),
            (height, width),
        )
        for upsampling in ("transposed", "bilinear")
        for height, width in ((512, 512), (101, 75), (16, 31))
    },
    **{
        f"unet, {upsampling}, {depth} levels down": (
            {"width": 8, "upsampling": upsampling, "depth": depth},
            partial(UNet, 3, 2, 8, depth, padded=True, bilinear=upsampling == "bilinear"),
            (2**depth + 5, 2 * 2**depth),
        )
        for upsampling in ("transposed", "bilinear")
        for depth in (1, 2, 3, 5)
    },
    "unet-small": ({}, partial(UNet, 1, 2, width=8, padded=True), (64, 64)),
    "unet-small, shallow": ({"depth": 2}, partial(UNet, 1, 2, 8, 2, padded=True), (28, 33)),
    "unet-paper": ({"width": 8}, partial(UNet, 1, 2, width=8, padded=False), (572, 572)),
    **{
        f"unet-paper, {depth} levels down": (
            {"width": 8, "depth": depth}, partial(UNet, 1, 2, 8, depth, padded=False), size,
        )
        for depth, size in ((1, (28, 20)), (2, (60, 44)), (3, (92, 108)))
    },
    "unet-paper, wide": ({"width": 8}, partial(UNet, 1, 2, width=8, padded=False), (188, 220)),
    **{
        f"fcn-{stride}s, {height} × {width}": (
            {"width": 4, "hidden": 16},
            partial(FCN, stride, width=4, hidden=16),
            (height, width),
        )
        for stride in (32, 16, 8)
        for height, width in ((500, 500), (77, 130))
    },
    "deeplabv3plus-xception65": ({"depth": 4}, partial(DeepLabV3Plus, depth=4), (33, 33)),
    "deeplabv3plus-xception65, fine": (
        {"output_stride": 8, "depth": 2}, partial(DeepLabV3Plus, 8, depth=2), (46, 51),
    ),
    "deeplabv3plus-resnet18": (
        {}, partial(DeepLabV3PlusSMP, resnet18_stages, 64, 512), (32, 48),
    ),
    "deeplabv3plus-resnet18, odd": (
        {"channels": 32},
        partial(DeepLabV3PlusSMP, resnet18_stages, 64, 512, channels=32), (45, 70),
    ),
    "deeplabv3plus-resnet18, fine": (
        {"output_stride": 8, "channels": 32, "classes": 5},
        partial(
            DeepLabV3PlusSMP, resnet18_stages, 64, 512, output_stride=8, channels=32, classes=5
        ),
        (64, 64),
    ),
    "deeplabv3plus-resnet50": (
        {}, partial(DeepLabV3PlusSMP, resnet50_stages, 256, 2048), (32, 48),
    ),
    "deeplabv3plus-resnet50, odd": (
        {"output_stride": 8},
        partial(DeepLabV3PlusSMP, resnet50_stages, 256, 2048, output_stride=8), (33, 41),
    ),
    "deeplabv3plus-resnet50, fine": (
        {"output_stride": 8},
        partial(DeepLabV3PlusSMP, resnet50_stages, 256, 2048, output_stride=8),
        (32, 48),
    ),
    "deeplabv3plus-mobilenetv2": (
        {}, partial(DeepLabV3PlusSMP, mobilenet_stages, 24, 1280), (64, 32),
    ),
    "deeplabv3plus-mobilenetv2, odd": (
        {}, partial(DeepLabV3PlusSMP, mobilenet_stages, 24, 1280), (50, 33),
    ),
    "deeplabv3plus-mobilenetv2, fine": (
        {"output_stride": 8},
        partial(DeepLabV3PlusSMP, mobilenet_stages, 24, 1280, output_stride=8),
        (64, 32),
    ),
    "deeplabv3plus-small": (
        {"width": 64, "channels": 32},
        partial(DeepLabV3PlusSMP, resnet18_stages, 64, 512, channels=32, classes=4),
        (48, 32),
    ),
    "pspnet-resnet50": ({}, PSPNet, (33, 33)),
    "pspnet-resnet50, odd": ({"output_stride": 16}, partial(PSPNet, 16), (40, 51)),
}  # fmt: skip


@pytest.mark.parametrize("case", SAME)
def test_it_gives_what_the_published_network_gives(case):
    arguments, make, (height, width) = SAME[case]
    template = load_template(case.partition(",")[0])
    ours, theirs = with_the_same_weights(lambda: network_of(template, **arguments), make)
    channels = next(ours.parameters()).size(1)
    if height > 200:
        assert_same_outputs(ours, theirs, channels, height, width, batch=1, training=False)
    else:
        # In double precision: normalizing values that are nearly the same makes much of little.
        assert_same_outputs(ours.double(), theirs.double(), channels, height, width)


@pytest.mark.parametrize(
    "id_",
    [
        *("unet", "fcn-32s", "fcn-16s", "fcn-8s", "pspnet-resnet50", "deeplabv3plus-xception65"),
        *("deeplabv3plus-resnet18", "deeplabv3plus-resnet50", "deeplabv3plus-mobilenetv2"),
        "deeplabv3plus-small",
    ],
)
def test_any_size_is_known_to_come_out_as_it_went_in(id_):
    for height, width in ((101, 75), (48, 333)):
        shape = f"blocks.main.nodes.image.shape=[= in_channels, {height}, {width}]"
        document = Document(load_template(id_, overrides=[shape]))
        assert document.problems == []
        assert document.result().outputs["scores"].sizes[1:] == (height, width)


@pytest.mark.parametrize("stride", [32, 16, 8])
def test_fully_convolutional_networks_start_with_bilinear_enlargement(stride):
    torch.manual_seed(0)
    network = network_of(load_template(f"fcn-{stride}s"), width=4, hidden=16, classes=3)
    kernel = network.enlarge.weight
    assert not kernel.requires_grad, "the last enlargement stays as it is"
    along = 1 - (torch.arange(2 * stride) - (stride - 0.5)).abs() / stride
    for out in range(3):
        for into in range(3):
            wanted = along[:, None] * along if into == out else torch.zeros(())
            torch.testing.assert_close(kernel[into, out], wanted.expand(2 * stride, 2 * stride))
    learned = {name for name, value in network.named_parameters() if value.requires_grad}
    assert {f"fuse{n}.enlarge.weight" for n in (4, 3)[: {32: 0, 16: 1, 8: 2}[stride]]} <= learned


@pytest.mark.parametrize(("depth", "size", "step", "less"), [(4, 188, 16, 184), (3, 92, 8, 88)])
def test_the_paper_s_sizes_come_out_smaller(depth, size, step, less):
    network = network_of(load_template("unet-paper"), width=2, depth=depth).eval()
    for height, width in ((size, size + step), (size + 3 * step, size)):
        with torch.no_grad():
            found = network(torch.rand(1, 1, height, width))
        assert found.shape == (1, 2, height - less, width - less)


@pytest.mark.parametrize("id_", [*PUBLISHED, *SMALL])
def test_it_says_what_it_is(id_):
    project = load_template(id_)
    assert project.about["task"] == "segmentation"
    assert project.about["source"]
    assert len(project.notes.split("\n\n")) in (2, 3)
    # Its data and settings fit, too.
    assert Document(project, checks=[task_problems]).problems == []
    assert all(parameter.help for block in project.blocks.values()
               for parameter in block.parameters.values())  # fmt: skip
    assert all(block.help for name, block in project.blocks.items() if name != "main")


@pytest.mark.parametrize("id_", [*PUBLISHED, *SMALL])
def test_all_uses_of_a_block_share_a_class(id_):
    project = load_template(id_)
    module = generate(project)
    classes = [name for name, value in run_module(module.text).items()
               if isinstance(value, type) and name != "Tensor"]  # fmt: skip
    assert len(classes) == len(project.blocks)
