"""Published networks, assembled from ordinary layers: weights, multiply-adds and sizes are those
that were counted on reference implementations."""

import pytest

from graph.shapes import TensorSpec
from tests.published import networks
from tests.published.draft import at_size, result_of

# network, weights, multiply-adds in thousand millions, size of the result
PUBLISHED = {
    "LeNet-5": (networks.lenet5, 61_706, 0.0004, (10,)),
    "AlexNet 2012": (networks.alexnet_2012, 60_965_224, 0.7244, (1000,)),
    "VGG-11": (lambda: networks.vgg(11), 132_863_336, 7.609, (1000,)),
    "VGG-16": (lambda: networks.vgg(16), 138_357_544, 15.470, (1000,)),
    "VGG-19": (lambda: networks.vgg(19), 143_667_240, 19.632, (1000,)),
    "ResNet-18": (lambda: networks.resnet(18), 11_689_512, 1.814, (1000,)),
    "ResNet-34": (lambda: networks.resnet(34), 21_797_672, 3.664, (1000,)),
    "ResNet-50": (lambda: networks.resnet(50), 25_557_032, 4.089, (1000,)),
    "ResNet-101": (lambda: networks.resnet(101), 44_549_160, 7.801, (1000,)),
    "MobileNetV1": (networks.mobilenet_v1, 4_231_976, 0.5687, (1000,)),
    "SPP-net 6-3-2-1": (lambda: networks.spp_net((6, 3, 2, 1)), 77_037_672, 1.2153, (1000,)),
    "SPP-net 4-2-1": (lambda: networks.spp_net((4, 2, 1)), 46_628_968, 1.185, (1000,)),
    "YOLO v1": (lambda: networks.yolo_v1(darknet=False), 271_703_550, 20.285, (7, 7, 30)),
    "YOLO v1 darknet": (lambda: networks.yolo_v1(darknet=True), 197_301_875, 20.211, (1715,)),
    "U-Net": (networks.unet_paper, 31_030_658, 150.43, (2, 388, 388)),
    "U-Net padded": (
        lambda: networks.unet_padded(bilinear=False), 31_037_698, 192.69, (2, 512, 512),
    ),
    "U-Net bilinear": (
        lambda: networks.unet_padded(bilinear=True), 17_263_042, 159.94, (2, 512, 512),
    ),
    "FCN-32s": (lambda: networks.fcn(32), 136_152_917, 181.37, (21, 500, 500)),
    "FCN-16s": (lambda: networks.fcn(16), 134_815_994, 181.45, (21, 500, 500)),
    "FCN-8s": (lambda: networks.fcn(8), 134_489_759, 181.53, (21, 500, 500)),
    "DeepLabv3+": (networks.deeplab_v3_plus, 41_055_413, 54.035, (21, 513, 513)),
    "PSPNet-50": (networks.pspnet50, 46_592_597, 155.57, (21, 473, 473)),
}  # fmt: skip


@pytest.mark.parametrize("name", PUBLISHED)
def test_weights_and_multiply_adds_are_the_published_ones(name):
    make, weights, multiply_adds, size = PUBLISHED[name]
    result = result_of(make())
    assert result.parameters == weights
    assert list(result.outputs.values()) == [TensorSpec(size)]
    # The numbers are given with four digits.
    assert result.multiply_adds / 1e9 == pytest.approx(multiply_adds, rel=6e-4, abs=5e-5)


def test_a_pyramid_of_pools_takes_images_of_any_size():
    project = networks.spp_net((6, 3, 2, 1))
    smaller = result_of(at_size(project, 3, 180, 180))
    assert smaller.parameters == 77_037_672
    assert smaller.multiply_adds / 1e9 == pytest.approx(0.7632, rel=6e-4)


@pytest.mark.parametrize(("height", "width"), [(188, 204), (572, 572), (700, 940)])
def test_the_valid_network_gives_184_less(height, width):
    result = result_of(at_size(networks.unet_paper(), 1, height, width))
    assert list(result.outputs.values()) == [TensorSpec((2, height - 184, width - 184))]


@pytest.mark.parametrize("bilinear", [False, True])
def test_the_padded_network_takes_odd_sizes(bilinear):
    result = result_of(at_size(networks.unet_padded(bilinear=bilinear), 3, 101, 75))
    assert list(result.outputs.values()) == [TensorSpec((2, 101, 75))]
