"""DeepLabv3+ with Xception-65, made with Kumitate."""

import torch
from torch import Tensor, nn


class Separable(nn.Module):
    """One 3×3 filter for each channel, then a 1×1 convolution that mixes them."""

    def __init__(
        self, in_channels: int, channels: int = 728, stride: int = 1, dilation: int = 1
    ) -> None:
        super().__init__()
        self.depthwise = nn.Conv2d(
            in_channels,
            in_channels,
            kernel_size=3,
            stride=stride,
            padding=dilation,
            dilation=dilation,
            groups=in_channels,
            bias=False,
        )
        self.norm1 = nn.BatchNorm2d(in_channels, eps=0.001)
        self.pointwise = nn.Conv2d(in_channels, channels, kernel_size=1, bias=False)
        self.norm2 = nn.BatchNorm2d(channels, eps=0.001)

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.depthwise(entry)
        x = self.norm1(x)
        # (N, channels, (H - 1) // stride + 1, (W - 1) // stride + 1)
        x = self.pointwise(x)
        x = self.norm2(x)  # (N, channels, (H - 1) // stride + 1, (W - 1) // stride + 1)
        return x


class XceptionDown(nn.Module):
    """Three separable convolutions that change the number of channels and, with
    stride 2, halve height and width; a 1×1 convolution leads around them.
    """

    def __init__(
        self,
        in_channels: int,
        narrow: int = 256,
        channels: int = 256,
        stride: int = 2,
        dilation: int = 1,
    ) -> None:
        super().__init__()
        self.relu1 = nn.ReLU()
        self.conv1 = Separable(in_channels, channels=narrow, dilation=dilation)
        self.relu2 = nn.ReLU()
        self.conv2 = Separable(narrow, channels=channels, dilation=dilation)
        self.relu3 = nn.ReLU()
        self.conv3 = Separable(
            channels, channels=channels, stride=stride, dilation=dilation
        )
        self.shortcut = nn.Conv2d(
            in_channels, channels, kernel_size=1, stride=stride, bias=False
        )
        self.norm = nn.BatchNorm2d(channels, eps=0.001)

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.relu1(entry)  # (N, in_channels, H, W)
        x = self.conv1(x)  # (N, narrow, H, W)
        x = self.relu2(x)  # (N, narrow, H, W)
        x = self.conv2(x)  # (N, channels, H, W)
        x = self.relu3(x)  # (N, channels, H, W)
        # (N, channels, (H - 1) // stride + 1, (W - 1) // stride + 1)
        conv3 = self.conv3(x)
        # (N, channels, (H - 1) // stride + 1, (W - 1) // stride + 1)
        x = self.shortcut(entry)
        x = self.norm(x)  # (N, channels, (H - 1) // stride + 1, (W - 1) // stride + 1)
        x = conv3 + x  # (N, channels, (H - 1) // stride + 1, (W - 1) // stride + 1)
        return x


class XceptionTap(nn.Module):
    """The same with 256 channels and stride 2, which also gives what its second
    separable convolution computes before sizes are halved (low).
    """

    def __init__(self, in_channels: int, channels: int = 256) -> None:
        super().__init__()
        self.relu1 = nn.ReLU()
        self.conv1 = Separable(in_channels, channels=channels)
        self.relu2 = nn.ReLU()
        self.conv2 = Separable(channels, channels=channels)
        self.relu3 = nn.ReLU()
        self.conv3 = Separable(channels, channels=channels, stride=2)
        self.shortcut = nn.Conv2d(
            in_channels, channels, kernel_size=1, stride=2, bias=False
        )
        self.norm = nn.BatchNorm2d(channels, eps=0.001)

    def forward(self, entry: Tensor) -> tuple[Tensor, Tensor]:  # (N, in_channels, H, W)
        x = self.relu1(entry)  # (N, in_channels, H, W)
        x = self.conv1(x)  # (N, channels, H, W)
        x = self.relu2(x)  # (N, channels, H, W)
        conv2 = self.conv2(x)  # (N, channels, H, W)
        x = self.relu3(conv2)  # (N, channels, H, W)
        conv3 = self.conv3(x)  # (N, channels, (H + 1) // 2, (W + 1) // 2)
        x = self.shortcut(entry)  # (N, channels, (H + 1) // 2, (W + 1) // 2)
        x = self.norm(x)  # (N, channels, (H + 1) // 2, (W + 1) // 2)
        x = conv3 + x  # (N, channels, (H + 1) // 2, (W + 1) // 2)
        return x, conv2


class XceptionMiddle(nn.Module):
    """Three separable convolutions whose result is added to what came in."""

    def __init__(
        self, in_channels: int, channels: int = 728, dilation: int = 1
    ) -> None:
        super().__init__()
        self.relu1 = nn.ReLU()
        self.conv1 = Separable(in_channels, channels=channels, dilation=dilation)
        self.relu2 = nn.ReLU()
        self.conv2 = Separable(channels, channels=channels, dilation=dilation)
        self.relu3 = nn.ReLU()
        self.conv3 = Separable(channels, channels=channels, dilation=dilation)

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.relu1(entry)  # (N, in_channels, H, W)
        x = self.conv1(x)  # (N, channels, H, W)
        x = self.relu2(x)  # (N, channels, H, W)
        x = self.conv2(x)  # (N, channels, H, W)
        x = self.relu3(x)  # (N, channels, H, W)
        x = self.conv3(x)  # (N, channels, H, W)
        x = x + entry  # (N, channels, H, W)
        return x


class SeparableReLU(nn.Module):
    """One 3×3 filter for each channel, then a 1×1 convolution that mixes them, each
    with ReLU.
    """

    def __init__(
        self,
        in_channels: int,
        channels: int = 256,
        dilation: int = 1,
        eps: float = 1e-05,
    ) -> None:
        super().__init__()
        self.depthwise = nn.Conv2d(
            in_channels,
            in_channels,
            kernel_size=3,
            padding=dilation,
            dilation=dilation,
            groups=in_channels,
            bias=False,
        )
        self.norm1 = nn.BatchNorm2d(in_channels, eps=eps)
        self.relu1 = nn.ReLU()
        self.pointwise = nn.Conv2d(in_channels, channels, kernel_size=1, bias=False)
        self.norm2 = nn.BatchNorm2d(channels, eps=eps)
        self.relu2 = nn.ReLU()

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.depthwise(entry)  # (N, in_channels, H, W)
        x = self.norm1(x)  # (N, in_channels, H, W)
        x = self.relu1(x)  # (N, in_channels, H, W)
        x = self.pointwise(x)  # (N, channels, H, W)
        x = self.norm2(x)  # (N, channels, H, W)
        x = self.relu2(x)  # (N, channels, H, W)
        return x


class Xception65(nn.Module):
    """The modified aligned Xception with 65 layers; gives its last map (high) and an
    early one at a quarter of the image's size (low).
    """

    def __init__(
        self, in_channels: int, output_stride: int = 16, depth: int = 16
    ) -> None:
        super().__init__()
        if output_stride not in (8, 16):
            raise ValueError("output_stride must be 8 or 16")
        self.conv1 = nn.Conv2d(
            in_channels, 32, kernel_size=3, stride=2, padding=1, bias=False
        )
        self.norm1 = nn.BatchNorm2d(32, eps=0.001)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(32, 64, kernel_size=3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(64, eps=0.001)
        self.relu2 = nn.ReLU()
        self.entry1 = XceptionDown(64, narrow=128, channels=128)
        self.entry2 = XceptionTap(128)
        self.entry3 = XceptionDown(
            256, narrow=728, channels=728, stride=output_stride // 8
        )
        self.middle = nn.Sequential(
            *[XceptionMiddle(728, dilation=16 // output_stride) for _ in range(depth)]
        )
        self.exit1 = XceptionDown(
            728, narrow=728, channels=1024, stride=1, dilation=16 // output_stride
        )
        self.exit2 = SeparableReLU(
            1024, channels=1536, dilation=32 // output_stride, eps=0.001
        )
        self.exit3 = SeparableReLU(
            1536, channels=1536, dilation=32 // output_stride, eps=0.001
        )
        self.exit4 = SeparableReLU(
            1536, channels=2048, dilation=32 // output_stride, eps=0.001
        )

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:  # (N, in_channels, H, W)
        x = self.conv1(image)  # (N, 32, (H + 1) // 2, (W + 1) // 2)
        x = self.norm1(x)  # (N, 32, (H + 1) // 2, (W + 1) // 2)
        x = self.relu1(x)  # (N, 32, (H + 1) // 2, (W + 1) // 2)
        x = self.conv2(x)  # (N, 64, (H + 1) // 2, (W + 1) // 2)
        x = self.norm2(x)  # (N, 64, (H + 1) // 2, (W + 1) // 2)
        x = self.relu2(x)  # (N, 64, (H + 1) // 2, (W + 1) // 2)
        x = self.entry1(x)  # (N, 128, (H + 3) // 4, (W + 3) // 4)
        entry2_high, entry2_low = self.entry2(x)
        x = self.entry3(entry2_high)
        x = self.middle(x)
        x = self.exit1(x)
        x = self.exit2(x)
        x = self.exit3(x)
        x = self.exit4(x)
        return x, entry2_low


class PointwiseConv(nn.Module):
    """A 1×1 convolution with batch normalization and ReLU."""

    def __init__(self, in_channels: int, channels: int = 256) -> None:
        super().__init__()
        self.conv = nn.Conv2d(in_channels, channels, kernel_size=1, bias=False)
        self.norm = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU()

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.conv(entry)  # (N, channels, H, W)
        x = self.norm(x)  # (N, channels, H, W)
        x = self.relu(x)  # (N, channels, H, W)
        return x


class ASPP(nn.Module):
    """Atrous spatial pyramid pooling: looks at a map at five scales at once (1×1,
    three spread 3×3 convolutions, the mean of all) and mixes what they see.
    """

    def __init__(
        self, in_channels: int, channels: int = 256, rate: int = 6, dropout: float = 0.1
    ) -> None:
        super().__init__()
        self.near = PointwiseConv(in_channels, channels=channels)
        self.rate1 = SeparableReLU(in_channels, channels=channels, dilation=rate)
        self.rate2 = SeparableReLU(in_channels, channels=channels, dilation=2 * rate)
        self.rate3 = SeparableReLU(in_channels, channels=channels, dilation=3 * rate)
        self.mean = nn.AdaptiveAvgPool2d(1)
        self.mean_conv = PointwiseConv(in_channels, channels=channels)
        self.mix = PointwiseConv(5 * channels, channels=channels)
        self.drop = nn.Dropout(p=dropout)

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        near = self.near(entry)  # (N, channels, H, W)
        rate1 = self.rate1(entry)  # (N, channels, H, W)
        rate2 = self.rate2(entry)  # (N, channels, H, W)
        rate3 = self.rate3(entry)  # (N, channels, H, W)
        x = self.mean(entry)  # (N, in_channels, 1, 1)
        x = self.mean_conv(x)  # (N, channels, 1, 1)
        x = nn.functional.interpolate(
            x, size=entry.shape[2:], mode="bilinear", align_corners=True
        )  # (N, channels, H, W)
        x = torch.cat([x, near, rate1, rate2, rate3], dim=1)  # (N, 5 * channels, H, W)
        x = self.mix(x)  # (N, channels, H, W)
        x = self.drop(x)  # (N, channels, H, W)
        return x


class Decoder(nn.Module):
    """Enlarges the coarse map (high), puts a few channels of the fine one (low)
    beside it, and convolves both twice.
    """

    def __init__(
        self,
        high_channels: int,
        low_channels_given: int,
        channels: int = 256,
        low_channels: int = 48,
    ) -> None:
        super().__init__()
        self.narrow = PointwiseConv(low_channels_given, channels=low_channels)
        self.refine = nn.Sequential(
            SeparableReLU(high_channels + low_channels, channels=channels),
            SeparableReLU(channels, channels=channels),
        )

    def forward(self, high: Tensor, low: Tensor) -> Tensor:
        narrow = self.narrow(low)  # (N, low_channels, low_height, low_width)
        x = nn.functional.interpolate(
            high, size=narrow.shape[2:], mode="bilinear", align_corners=True
        )  # (N, high_channels, low_height, low_width)
        # (N, high_channels + low_channels, low_height, low_width)
        x = torch.cat([x, narrow], dim=1)
        x = self.refine(x)  # (N, channels, low_height, low_width)
        return x


class DeepLabv3WithXception65(nn.Module):
    """Labels every pixel from a map that sees the whole image at five scales, and
    sharpens borders with an early map: the network that led the benchmarks of 2018,
    exactly as in the paper.
    """

    def __init__(
        self,
        in_channels: int = 3,
        output_stride: int = 16,
        depth: int = 16,
        classes: int = 21,
    ) -> None:
        super().__init__()
        if output_stride not in (8, 16):
            raise ValueError("output_stride must be 8 or 16")
        self.backbone = Xception65(
            in_channels, output_stride=output_stride, depth=depth
        )
        self.aspp = ASPP(2048, rate=96 // output_stride)
        self.decoder = Decoder(256, 256)
        self.score = nn.Conv2d(256, classes, kernel_size=1)

    def forward(self, image: Tensor) -> Tensor:  # (N, in_channels, 513, 513)
        backbone_high, backbone_low = self.backbone(image)
        x = self.aspp(backbone_high)
        x = self.decoder(x, backbone_low)  # (N, 256, 129, 129)
        x = self.score(x)  # (N, classes, 129, 129)
        x = nn.functional.interpolate(
            x, size=image.shape[2:], mode="bilinear", align_corners=True
        )  # (N, classes, 513, 513)
        return x
