"""Networks that torchvision lacks, in plain PyTorch from their papers."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class AlexNet2012(nn.Sequential):
    """Krizhevsky et al. 2012: two groups, and normalization across channels before pooling."""

    def __init__(self) -> None:
        def norm_and_pool() -> tuple[nn.Module, nn.Module]:
            return nn.LocalResponseNorm(5, alpha=1e-4, beta=0.75, k=2), nn.MaxPool2d(3, 2)

        super().__init__(
            *(nn.Conv2d(3, 96, 11, 4), nn.ReLU(), *norm_and_pool()),
            *(nn.Conv2d(96, 256, 5, padding=2, groups=2), nn.ReLU(), *norm_and_pool()),
            *(nn.Conv2d(256, 384, 3, padding=1), nn.ReLU()),
            *(nn.Conv2d(384, 384, 3, padding=1, groups=2), nn.ReLU()),
            *(nn.Conv2d(384, 256, 3, padding=1, groups=2), nn.ReLU(), nn.MaxPool2d(3, 2)),
            *(nn.Flatten(), nn.Linear(9216, 4096), nn.ReLU(), nn.Dropout()),
            *(nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout(), nn.Linear(4096, 1000)),
        )


def conv_norm(ins: int, outs: int, size: int, *, stride: int = 1, eps: float = 1e-5) -> list:
    """A convolution that keeps sizes but for its stride, and its normalization."""
    conv = nn.Conv2d(ins, outs, size, stride, padding=size // 2, bias=False)
    return [conv, nn.BatchNorm2d(outs, eps)]


def depthwise_norm(channels: int, *, stride: int = 1, eps: float = 1e-5) -> list:
    """A 3×3 filter for each channel, and its normalization."""
    conv = nn.Conv2d(channels, channels, 3, stride, padding=1, groups=channels, bias=False)
    return [conv, nn.BatchNorm2d(channels, eps)]


class MobileNetV1(nn.Sequential):
    """Howard et al. 2017, table 1."""

    def __init__(self) -> None:
        layers = [*conv_norm(3, 32, 3, stride=2), nn.ReLU()]
        ins = 32
        strides = {128: 2, 256: 2, 512: 2, 1024: 2}
        for outs in (64, 128, 128, 256, 256, *[512] * 6, 1024, 1024):
            stride = strides.pop(outs, 1)
            layers += [*depthwise_norm(ins, stride=stride), nn.ReLU()]
            layers += [*conv_norm(ins, outs, 1), nn.ReLU()]
            ins = outs
        mean = nn.AdaptiveAvgPool2d(1)
        super().__init__(*layers, mean, nn.Flatten(), nn.Linear(1024, 1000))


class XceptionBlock(nn.Module):
    """Three separable convolutions, each behind ReLU, and a way around them."""

    def __init__(self, ins: int, widths: tuple[int, int, int], stride: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        before = ins
        for number, width in enumerate(widths):
            layers.append(nn.ReLU())
            layers += depthwise_norm(before, stride=stride if number == 2 else 1, eps=1e-3)
            layers += conv_norm(before, width, 1, eps=1e-3)
            before = width
        self.body = nn.Sequential(*layers)
        same = stride == 1 and ins == widths[-1]
        around = [] if same else conv_norm(ins, widths[-1], 1, stride=stride, eps=1e-3)
        self.around = nn.Sequential(*around)

    def forward(self, x: Tensor) -> Tensor:
        return torch.add(self.body(x), self.around(x))


class Xception65(nn.Sequential):
    """The modified aligned Xception of Chen et al. 2018, at an output stride of 32."""

    def __init__(self) -> None:
        layers: list[nn.Module] = [*conv_norm(3, 32, 3, stride=2, eps=1e-3), nn.ReLU()]
        layers += [*conv_norm(32, 64, 3, eps=1e-3), nn.ReLU()]
        ins = 64
        for width in (128, 256, 728):
            layers.append(XceptionBlock(ins, (width, width, width), 2))
            ins = width
        layers += [XceptionBlock(728, (728, 728, 728), 1) for _ in range(16)]
        layers.append(XceptionBlock(728, (728, 1024, 1024), 2))
        ins = 1024
        for width in (1536, 1536, 2048):
            layers += [*depthwise_norm(ins, eps=1e-3), nn.ReLU()]
            layers += [*conv_norm(ins, width, 1, eps=1e-3), nn.ReLU()]
            ins = width
        mean = nn.AdaptiveAvgPool2d(1)
        super().__init__(*layers, mean, nn.Flatten(), nn.Linear(2048, 1000))
