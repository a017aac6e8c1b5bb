"""Networks that label every pixel, in plain PyTorch from their papers and their authors' code."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate
from torchvision import models


def conv_norm(ins: int, outs: int, size: int, *, stride: int = 1) -> list[nn.Module]:
    """A convolution that keeps sizes but for its stride, its normalization, and ReLU."""
    conv = nn.Conv2d(ins, outs, size, stride, padding=size // 2, bias=False)
    return [conv, nn.BatchNorm2d(outs), nn.ReLU()]


def pair(ins: int, middle: int, outs: int, *, padded: bool) -> nn.Sequential:
    """Two 3×3 convolutions with ReLU; padded ones with normalization, as most write them today."""
    if padded:
        return nn.Sequential(*conv_norm(ins, middle, 3), *conv_norm(middle, outs, 3))
    first, second = nn.Conv2d(ins, middle, 3), nn.Conv2d(middle, outs, 3)
    return nn.Sequential(first, nn.ReLU(), second, nn.ReLU())


def border(missing: int) -> tuple[int, int]:
    """As much on both sides, or one more at the end."""
    return missing // 2, missing - missing // 2


class UNet(nn.Module):
    """Ronneberger et al. 2015, without padding; or padded, as in its best-known PyTorch code."""

    def __init__(
        self,
        ins: int,
        classes: int,
        width: int = 64,
        depth: int = 4,
        *,
        padded: bool,
        bilinear: bool = False,
    ) -> None:
        super().__init__()
        self.padded, self.bilinear = padded, bilinear
        widths = [width * 2**level for level in range(depth + 1)]
        if bilinear:
            widths[-1] //= 2
        self.downs = nn.ModuleList()
        for outs in widths:
            self.downs.append(pair(ins, outs, outs, padded=padded))
            ins = outs
        self.drop = nn.Identity() if padded else nn.Dropout()
        self.ups = nn.ModuleList()
        for level in reversed(range(depth)):
            skip = widths[level]
            if bilinear:
                enlarge = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True)
                outs = max(skip // 2, width)
                body = pair(2 * skip, skip, outs, padded=True)
            else:
                enlarge = nn.ConvTranspose2d(ins, skip, 2, 2)
                outs = skip
                body = pair(2 * skip, skip, skip, padded=padded)
            self.ups.append(nn.ModuleList([enlarge, body]))
            ins = outs
        self.score = nn.Conv2d(width, classes, 1)

    def forward(self, x: Tensor) -> Tensor:
        skips = []
        for down in self.downs:
            x = down(nn.functional.max_pool2d(x, 2) if skips else x)
            skips.append(x)
        x = self.drop(skips.pop())
        for enlarge, body in self.ups:
            x, skip = enlarge(x), skips.pop()
            if self.padded:
                high, wide = (a - b for a, b in zip(skip.shape[2:], x.shape[2:], strict=True))
                x = nn.functional.pad(x, (*border(wide), *border(high)))
            else:
                top, left = ((a - b) // 2 for a, b in zip(skip.shape[2:], x.shape[2:], strict=True))
                skip = skip[:, :, top : top + x.size(2), left : left + x.size(3)]
            x = body(torch.cat([skip, x], dim=1))
        return self.score(x)


class FCN(nn.Module):
    """Long et al. 2015, with the paddings and offsets of the authors' Caffe files."""

    OFFSETS: ClassVar = {32: 19, 16: 27, 8: 31}

    def __init__(self, stride: int, width: int = 64, hidden: int = 4096, classes: int = 21) -> None:
        super().__init__()
        self.offset = self.OFFSETS[stride]
        self.stages = nn.ModuleList()
        ins, padding = 3, 100
        for outs, count in zip((1, 2, 4, 8, 8), (2, 2, 3, 3, 3), strict=True):
            layers: list[nn.Module] = []
            for _ in range(count):
                layers += [nn.Conv2d(ins, outs * width, 3, padding=padding), nn.ReLU()]
                ins, padding = outs * width, 1
            self.stages.append(nn.Sequential(*layers, nn.MaxPool2d(2, ceil_mode=True)))
        self.head = nn.Sequential(
            *(nn.Conv2d(ins, hidden, 7), nn.ReLU(), nn.Dropout()),
            *(nn.Conv2d(hidden, hidden, 1), nn.ReLU(), nn.Dropout()),
            nn.Conv2d(hidden, classes, 1),
        )
        self.skips = nn.ModuleList()
        for channels in (8 * width, 4 * width)[: {32: 0, 16: 1, 8: 2}[stride]]:
            score = nn.Conv2d(channels, classes, 1)
            self.skips.append(nn.ModuleList([score, self.enlargement(classes, 2)]))
        self.enlarge = self.enlargement(classes, stride)

    @staticmethod
    def enlargement(classes: int, factor: int) -> nn.ConvTranspose2d:
        return nn.ConvTranspose2d(classes, classes, 2 * factor, factor, bias=False)

    def forward(self, image: Tensor) -> Tensor:
        x, pooled = image, []
        for stage in self.stages:
            x = stage(x)
            pooled.append(x)
        x = self.head(x)
        for (score, enlarge), finer, start in zip(self.skips, pooled[3:1:-1], (5, 9), strict=False):
            x = enlarge(x)
            x = score(finer)[:, :, start : start + x.size(2), start : start + x.size(3)] + x
        height, width = image.shape[2:]
        start = self.offset
        return self.enlarge(x)[:, :, start : start + height, start : start + width]


def separable(
    ins: int, outs: int, *, stride: int = 1, dilation: int = 1, eps: float = 1e-5, relu: bool = True
) -> nn.Sequential:
    """A filter for each channel and a 1×1 convolution, each normalized."""
    depthwise = nn.Conv2d(
        ins, ins, 3, stride, padding=dilation, dilation=dilation, groups=ins, bias=False
    )
    after = [nn.ReLU()] if relu else []
    pointwise = nn.Conv2d(ins, outs, 1, bias=False)
    return nn.Sequential(
        *(depthwise, nn.BatchNorm2d(ins, eps), *after),
        *(pointwise, nn.BatchNorm2d(outs, eps), *after),
    )


def resized(x: Tensor, like: Tensor, *, corners: bool = True) -> Tensor:
    """Blended to the size of another map."""
    return interpolate(x, size=like.shape[2:], mode="bilinear", align_corners=corners)


class XceptionBlock(nn.Module):
    """ReLU before each of three separable convolutions, and a way around them."""

    def __init__(
        self, ins: int, widths: tuple[int, int, int], stride: int = 1, dilation: int = 1
    ) -> None:
        super().__init__()
        self.convs = nn.ModuleList()
        before = ins
        for number, width in enumerate(widths):
            step = stride if number == 2 else 1
            conv = separable(before, width, stride=step, dilation=dilation, eps=1e-3, relu=False)
            self.convs.append(conv)
            before = width
        self.around = nn.Sequential()
        if stride != 1 or ins != before:
            conv = nn.Conv2d(ins, before, 1, stride, bias=False)
            self.around = nn.Sequential(conv, nn.BatchNorm2d(before, 1e-3))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        around, inner = self.around(x), []
        for conv in self.convs:
            x = conv(x.relu())
            inner.append(x)
        return x + around, inner[1]


class DeepLabV3Plus(nn.Module):
    """Chen et al. 2018 on the modified aligned Xception-65, as in the authors' TensorFlow code."""

    def __init__(self, output_stride: int = 16, depth: int = 16, classes: int = 21) -> None:
        super().__init__()
        fine = output_stride == 8
        self.stem = nn.Sequential(
            *(nn.Conv2d(3, 32, 3, 2, 1, bias=False), nn.BatchNorm2d(32, 1e-3), nn.ReLU()),
            *(nn.Conv2d(32, 64, 3, 1, 1, bias=False), nn.BatchNorm2d(64, 1e-3), nn.ReLU()),
        )
        spread = 2 if fine else 1
        self.entry = nn.ModuleList(
            [
                XceptionBlock(64, (128, 128, 128), 2),
                XceptionBlock(128, (256, 256, 256), 2),
                XceptionBlock(256, (728, 728, 728), 1 if fine else 2),
            ]
        )
        middle = [XceptionBlock(728, (728, 728, 728), dilation=spread) for _ in range(depth)]
        last = XceptionBlock(728, (728, 1024, 1024), dilation=spread)
        self.later = nn.ModuleList([*middle, last])
        self.exit = nn.Sequential(
            separable(1024, 1536, dilation=2 * spread, eps=1e-3),
            separable(1536, 1536, dilation=2 * spread, eps=1e-3),
            separable(1536, 2048, dilation=2 * spread, eps=1e-3),
        )
        rates = (12, 24, 36) if fine else (6, 12, 18)
        self.near = nn.Sequential(*conv_norm(2048, 256, 1))
        self.spread = nn.ModuleList([separable(2048, 256, dilation=rate) for rate in rates])
        self.pool = nn.Sequential(nn.AdaptiveAvgPool2d(1), *conv_norm(2048, 256, 1))
        self.mix = nn.Sequential(*conv_norm(1280, 256, 1), nn.Dropout(0.1))
        self.low = nn.Sequential(*conv_norm(256, 48, 1))
        self.decoder = nn.Sequential(separable(304, 256), separable(256, 256))
        self.score = nn.Conv2d(256, classes, 1)

    def forward(self, image: Tensor) -> Tensor:
        x, _ = self.entry[0](self.stem(image))
        x, low = self.entry[1](x)
        x, _ = self.entry[2](x)
        for block in self.later:
            x, _ = block(x)
        x = self.exit(x)
        pooled = resized(self.pool(x), x)
        x = self.mix(torch.cat([pooled, self.near(x), *[one(x) for one in self.spread]], dim=1))
        low = self.low(low)
        x = self.decoder(torch.cat([resized(x, low), low], dim=1))
        return resized(self.score(x), image)


def spread_out(stage: nn.Module, dilation: int) -> None:
    """Let a stage look further instead of halving sizes: every convolution, the first ones too."""
    for module in stage.modules():
        if isinstance(module, nn.Conv2d):
            module.stride = (1, 1)
            module.dilation = (dilation, dilation)
            module.padding = tuple(size // 2 * dilation for size in module.kernel_size)


def resnet_stages(network: models.ResNet, output_stride: int) -> list[nn.Module]:
    """A ResNet's stem and stages, the last ones spread out."""
    if output_stride == 8:
        spread_out(network.layer3, 2)
    spread_out(network.layer4, 32 // output_stride)
    stem = nn.Sequential(network.conv1, network.bn1, network.relu, network.maxpool)
    return [stem, network.layer1, network.layer2, network.layer3, network.layer4]


def mobilenet_stages(output_stride: int) -> list[nn.Module]:
    """MobileNetV2's; the second of the first two ends with the early map."""
    features = models.mobilenet_v2().features
    if output_stride == 8:
        spread_out(features[7:14], 2)
    spread_out(features[14:], 32 // output_stride)
    return [features[:2], features[2:4], features[4:]]


class SeparableSMP(nn.Sequential):
    """Both convolutions, then one normalization."""

    def __init__(self, ins: int, outs: int, rate: int = 1) -> None:
        depthwise = nn.Conv2d(ins, ins, 3, padding=rate, dilation=rate, groups=ins, bias=False)
        super().__init__(depthwise, *conv_norm(ins, outs, 1))


class DeepLabV3PlusSMP(nn.Module):
    """The form of segmentation_models.pytorch 0.5, with its deviations from the paper.

    It enlarges by factors and refuses sizes that are no multiples of its output stride; for those
    this enlarges to the size of the early map and of the image, as the paper's does.
    """

    def __init__(
        self,
        stages: Callable[[int], list[nn.Module]],
        low: int,
        high: int,
        *,
        output_stride: int = 16,
        channels: int = 256,
        classes: int = 21,
    ) -> None:
        super().__init__()
        self.backbone = nn.ModuleList(stages(output_stride))
        self.near = nn.Sequential(*conv_norm(high, channels, 1))
        rates = (12, 24, 36)
        self.spread = nn.ModuleList([SeparableSMP(high, channels, rate) for rate in rates])
        self.pool = nn.Sequential(nn.AdaptiveAvgPool2d(1), *conv_norm(high, channels, 1))
        self.mix = nn.Sequential(*conv_norm(5 * channels, channels, 1), nn.Dropout())
        self.more = SeparableSMP(channels, channels)
        self.low = nn.Sequential(*conv_norm(low, 48, 1))
        self.decoder = SeparableSMP(channels + 48, channels)
        self.output_stride = output_stride
        self.score = nn.Conv2d(channels, classes, 1)

    def forward(self, image: Tensor) -> Tensor:
        x, maps = image, []
        for stage in self.backbone:
            x = stage(x)
            maps.append(x)
        pooled = resized(self.pool(x), x, corners=False)
        x = torch.cat([self.near(x), *[one(x) for one in self.spread], pooled], dim=1)
        x = self.more(self.mix(x))
        by_factors = all(size % self.output_stride == 0 for size in image.shape[2:])

        def enlarged(x: Tensor, like: Tensor, factor: int) -> Tensor:
            if not by_factors:
                return resized(x, like)
            return interpolate(x, scale_factor=factor, mode="bilinear", align_corners=True)

        x = enlarged(x, maps[1], self.output_stride // 4)
        x = self.score(self.decoder(torch.cat([x, self.low(maps[1])], dim=1)))
        return enlarged(x, image, 4)


class PSPNet(nn.Module):
    """Zhao et al. 2016 on torchvision's ResNet-50, as in the authors' PyTorch code."""

    def __init__(self, output_stride: int = 8, classes: int = 21) -> None:
        super().__init__()
        self.backbone = nn.Sequential(*resnet_stages(models.resnet50(), output_stride))
        self.levels = nn.ModuleList(
            nn.Sequential(nn.AdaptiveAvgPool2d(grid), *conv_norm(2048, 512, 1))
            for grid in (1, 2, 3, 6)
        )
        self.head = nn.Sequential(*conv_norm(4096, 512, 3), nn.Dropout2d(0.1))
        self.score = nn.Conv2d(512, classes, 1)

    def forward(self, image: Tensor) -> Tensor:
        x = self.backbone(image)
        x = torch.cat([x, *[resized(level(x), x) for level in self.levels]], dim=1)
        return resized(self.score(self.head(x)), image)
