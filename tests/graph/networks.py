"""Published networks as projects, written down from their papers."""

from __future__ import annotations

from graph.state import Project
from tests.graph.building import chain, project_of

VGG = {
    11: (1, 1, 2, 2, 2),
    16: (2, 2, 3, 3, 3),
}
"""Convolutions per stage; Simonyan and Zisserman 2014, table 1, columns A and D."""


def vgg(depth: int, size: int = 224, classes: int = 1000) -> Project:
    """VGG with so many layers that have weights."""
    layers: list[str] = []
    for stage, count in enumerate(VGG[depth]):
        for _ in range(count):
            width = min(64 * 2**stage, 512)
            layers += [f"layer: Conv2d, out_channels: {width}, padding: 1", "layer: ReLU"]
        layers.append("layer: MaxPool2d")
    layers += ["layer: AdaptiveAvgPool2d, output_size: 7", "layer: Flatten"]
    for width in (4096, 4096):
        layers += [f"layer: Linear, out_features: {width}", "layer: ReLU", "layer: Dropout"]
    layers.append(f"layer: Linear, out_features: {classes}")
    return chain(*layers, shape=f"[3, {size}, {size}]")


ALEXNET_FEATURES = (
    "layer: Conv2d, out_channels: 64, kernel_size: 11, stride: 4, padding: 2",
    "layer: ReLU",
    "layer: MaxPool2d, kernel_size: 3, stride: 2",
    "layer: Conv2d, out_channels: 192, kernel_size: 5, padding: 2",
    "layer: ReLU",
    "layer: MaxPool2d, kernel_size: 3, stride: 2",
    "layer: Conv2d, out_channels: 384, padding: 1",
    "layer: ReLU",
    "layer: Conv2d, out_channels: 256, padding: 1",
    "layer: ReLU",
    "layer: Conv2d, out_channels: 256, padding: 1",
    "layer: ReLU",
    "layer: MaxPool2d, kernel_size: 3, stride: 2",
)
"""As in torchvision (Krizhevsky 2014)."""


def alexnet() -> Project:
    """The convolutions of AlexNet."""
    return chain(*ALEXNET_FEATURES, shape="[3, 224, 224]")


RESIDUAL = """
  Basic:
    parameters: {width: 64}
    nodes:
      entry: {layer: Input, shape: [64, 56, 56]}
      conv1: {layer: Conv2d, out_channels: = width, padding: 1, bias: false}
      norm1: {layer: BatchNorm2d}
      relu1: {layer: ReLU}
      conv2: {layer: Conv2d, out_channels: = width, padding: 1, bias: false}
      norm2: {layer: BatchNorm2d}
      add: {layer: Add}
      relu2: {layer: ReLU}
      leave: {layer: Output}
    links:
    - entry -> conv1
    - conv1 -> norm1
    - norm1 -> relu1
    - relu1 -> conv2
    - conv2 -> norm2
    - norm2 -> add.in_1
    - entry -> add.in_2
    - add -> relu2
    - relu2 -> leave
  Down:
    parameters: {width: 128}
    nodes:
      entry: {layer: Input, shape: [64, 56, 56]}
      conv1: {layer: Conv2d, out_channels: = width, padding: 1, stride: 2, bias: false}
      norm1: {layer: BatchNorm2d}
      relu1: {layer: ReLU}
      conv2: {layer: Conv2d, out_channels: = width, padding: 1, bias: false}
      norm2: {layer: BatchNorm2d}
      short: {layer: Conv2d, out_channels: = width, kernel_size: 1, stride: 2, bias: false}
      norm3: {layer: BatchNorm2d}
      add: {layer: Add}
      relu2: {layer: ReLU}
      leave: {layer: Output}
    links:
    - entry -> conv1
    - conv1 -> norm1
    - norm1 -> relu1
    - relu1 -> conv2
    - conv2 -> norm2
    - norm2 -> add.in_1
    - entry -> short
    - short -> norm3
    - norm3 -> add.in_2
    - add -> relu2
    - relu2 -> leave
"""


def resnet18(size: int = 224) -> Project:
    """ResNet-18 (He et al. 2015), as torchvision has it."""
    layers = [
        "layer: Conv2d, out_channels: 64, kernel_size: 7, stride: 2, padding: 3, bias: false",
        "layer: BatchNorm2d",
        "layer: ReLU",
        "layer: MaxPool2d, kernel_size: 3, stride: 2, padding: 1",
        "block: Basic, repeat: 2",
    ]
    for width in (128, 256, 512):
        layers += [f"block: Down, width: {width}", f"block: Basic, width: {width}"]
    layers += [
        "layer: AdaptiveAvgPool2d",
        "layer: Flatten",
        "layer: Linear, out_features: 1000",
    ]
    return chain(*layers, shape=f"[3, {size}, {size}]", blocks=RESIDUAL)


def _inverted(name: str, *, residual: bool, expand: bool) -> str:
    middle = [
        "      wide: {layer: Conv2d, out_channels: = hidden, kernel_size: 1, bias: false}",
        "      norm1: {layer: BatchNorm2d}",
        "      relu1: {layer: ReLU6}",
    ]
    names = [*(("wide", "norm1", "relu1") if expand else ()), "deep", "norm2", "relu2"]
    names += ["narrow", "norm3"]
    links = [f"    - {a} -> {b}" for a, b in zip(["entry", *names], names, strict=False)]
    links += (
        ["    - norm3 -> add.in_1", "    - entry -> add.in_2", "    - add -> leave"]
        if residual
        else ["    - norm3 -> leave"]
    )
    lines = [
        f"  {name}:",
        "    parameters: {hidden: 96, width: 24, stride: 1}",
        "    nodes:",
        "      entry: {layer: Input, shape: [16, 112, 112]}",
        *(middle if expand else []),
        "      deep: {layer: Conv2d, out_channels: = hidden, padding: 1, stride: = stride, "
        "groups: = hidden, bias: false}",
        "      norm2: {layer: BatchNorm2d}",
        "      relu2: {layer: ReLU6}",
        "      narrow: {layer: Conv2d, out_channels: = width, kernel_size: 1, bias: false}",
        "      norm3: {layer: BatchNorm2d}",
        *(["      add: {layer: Add}"] if residual else []),
        "      leave: {layer: Output}",
        "    links:",
        *links,
    ]
    return "\n".join(lines) + "\n"


def mobilenet_v2(size: int = 224) -> Project:
    """MobileNetV2 (Sandler et al. 2018, table 2), as torchvision has it."""
    blocks = "\n" + _inverted("First", residual=False, expand=False)
    blocks += _inverted("Change", residual=False, expand=True)
    blocks += _inverted("Same", residual=True, expand=True)
    ends = ["layer: BatchNorm2d", "layer: ReLU6"]
    layers = ["layer: Conv2d, out_channels: 32, stride: 2, padding: 1, bias: false", *ends]
    layers.append("block: First, hidden: 32, width: 16")
    before = 16
    for width, count, stride in (
        (24, 2, 2),
        (32, 3, 2),
        (64, 4, 2),
        (96, 3, 1),
        (160, 3, 2),
        (320, 1, 1),
    ):
        layers.append(f"block: Change, hidden: {6 * before}, width: {width}, stride: {stride}")
        if count > 1:
            same = f"block: Same, hidden: {6 * width}, width: {width}, repeat: {count - 1}"
            layers.append(same)
        before = width
    layers += ["layer: Conv2d, out_channels: 1280, kernel_size: 1, bias: false", *ends]
    layers += ["layer: AdaptiveAvgPool2d", "layer: Flatten", "layer: Dropout, p: 0.2"]
    layers.append("layer: Linear, out_features: 1000")
    return chain(*layers, shape=f"[3, {size}, {size}]", blocks=blocks)


UNET_LINKS = [
    "image -> d1a",
    "d1a -> d1b",
    "d1b -> pool",
    "pool -> d2a",
    "d2a -> d2b",
    "d2b -> up",
    "up -> join.in_2",
    "d1b -> join.in_1",
    "join -> u1a",
    "u1a -> u1b",
    "u1b -> out",
]


def small_unet() -> Project:
    """One step down and up, with a skip connection."""
    conv = "layer: Conv2d, padding: 1, out_channels:"
    nodes = {
        "image": "layer: Input, shape: [3, 32, 32]",
        "d1a": f"{conv} 8",
        "d1b": "layer: Sigmoid",
        "pool": "layer: MaxPool2d",
        "d2a": f"{conv} 16",
        "d2b": "layer: GELU",
        "up": "layer: ConvTranspose2d, out_channels: 8",
        "join": "layer: Concat",
        "u1a": f"{conv} 8",
        "u1b": "layer: LeakyReLU",
        "out": "layer: Output",
    }
    return project_of(nodes, UNET_LINKS)
