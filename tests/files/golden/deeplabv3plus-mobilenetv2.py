"""DeepLabv3+ with MobileNetV2, made with Kumitate."""

import torch
from torch import Tensor, nn


class DepthwiseProject(nn.Module):
    """Filters each channel by itself, then mixes them into fewer; the first block,
    which widens nothing.
    """

    def __init__(self, in_channels: int, channels: int = 16) -> None:
        super().__init__()
        self.depthwise = nn.Conv2d(
            in_channels,
            in_channels,
            kernel_size=3,
            padding=1,
            groups=in_channels,
            bias=False,
        )
        self.norm1 = nn.BatchNorm2d(in_channels)
        self.relu = nn.ReLU6()
        self.project = nn.Conv2d(in_channels, channels, kernel_size=1, bias=False)
        self.norm2 = nn.BatchNorm2d(channels)

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.depthwise(entry)  # (N, in_channels, H, W)
        x = self.norm1(x)  # (N, in_channels, H, W)
        x = self.relu(x)  # (N, in_channels, H, W)
        x = self.project(x)  # (N, channels, H, W)
        x = self.norm2(x)  # (N, channels, H, W)
        return x


class InvertedResidualDown(nn.Module):
    """An inverted residual block that changes the number of channels and, with
    stride 2, halves height and width; nothing is added then. Starts a new stage of a
    MobileNetV2.
    """

    def __init__(
        self,
        in_channels_given: int,
        in_channels: int = 24,
        channels: int = 32,
        stride: int = 2,
        expansion: int = 6,
        dilation: int = 1,
    ) -> None:
        super().__init__()
        self.expand = nn.Conv2d(
            in_channels_given, expansion * in_channels, kernel_size=1, bias=False
        )
        self.norm1 = nn.BatchNorm2d(expansion * in_channels)
        self.relu1 = nn.ReLU6()
        self.depthwise = nn.Conv2d(
            expansion * in_channels,
            expansion * in_channels,
            kernel_size=3,
            stride=stride,
            padding=dilation,
            dilation=dilation,
            groups=expansion * in_channels,
            bias=False,
        )
        self.norm2 = nn.BatchNorm2d(expansion * in_channels)
        self.relu2 = nn.ReLU6()
        self.project = nn.Conv2d(
            expansion * in_channels, channels, kernel_size=1, bias=False
        )
        self.norm3 = nn.BatchNorm2d(channels)

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels_given, H, W)
        x = self.expand(entry)  # (N, expansion * in_channels, H, W)
        x = self.norm1(x)  # (N, expansion * in_channels, H, W)
        x = self.relu1(x)  # (N, expansion * in_channels, H, W)
        x = self.depthwise(x)
        x = self.norm2(x)
        x = self.relu2(x)
        # (N, channels, (H - 1) // stride + 1, (W - 1) // stride + 1)
        x = self.project(x)
        x = self.norm3(x)  # (N, channels, (H - 1) // stride + 1, (W - 1) // stride + 1)
        return x


class InvertedResidual(nn.Module):
    """Widens the channels, filters each by itself, narrows them again and adds what
    came in. The building block of small networks for phones. Sizes stay as they are.
    """

    def __init__(
        self,
        in_channels: int,
        channels: int = 24,
        expansion: int = 6,
        dilation: int = 1,
    ) -> None:
        super().__init__()
        self.expand = nn.Conv2d(
            in_channels, channels * expansion, kernel_size=1, bias=False
        )
        self.norm1 = nn.BatchNorm2d(channels * expansion)
        self.relu1 = nn.ReLU6()
        self.depthwise = nn.Conv2d(
            channels * expansion,
            channels * expansion,
            kernel_size=3,
            padding=dilation,
            dilation=dilation,
            groups=channels * expansion,
            bias=False,
        )
        self.norm2 = nn.BatchNorm2d(channels * expansion)
        self.relu2 = nn.ReLU6()
        self.project = nn.Conv2d(
            channels * expansion, channels, kernel_size=1, bias=False
        )
        self.norm3 = nn.BatchNorm2d(channels)

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.expand(entry)  # (N, channels * expansion, H, W)
        x = self.norm1(x)  # (N, channels * expansion, H, W)
        x = self.relu1(x)  # (N, channels * expansion, H, W)
        x = self.depthwise(x)  # (N, channels * expansion, H, W)
        x = self.norm2(x)  # (N, channels * expansion, H, W)
        x = self.relu2(x)  # (N, channels * expansion, H, W)
        x = self.project(x)  # (N, channels, H, W)
        x = self.norm3(x)  # (N, channels, H, W)
        x = x + entry  # (N, channels, H, W)
        return x


class MobileNetV2(nn.Module):
    """MobileNetV2 without its classifier, whose last stages look further instead of
    halving sizes; gives its last map (high) and an early one at a quarter of the
    image's size (low).
    """

    def __init__(self, in_channels: int, output_stride: int = 16) -> None:
        super().__init__()
        if output_stride not in (8, 16):
            raise ValueError("output_stride must be 8 or 16")
        self.conv1 = nn.Conv2d(
            in_channels, 32, kernel_size=3, stride=2, padding=1, bias=False
        )
        self.norm1 = nn.BatchNorm2d(32)
        self.relu1 = nn.ReLU6()
        self.stage1 = DepthwiseProject(32)
        self.stage2_start = InvertedResidualDown(16, in_channels=16, channels=24)
        self.stage2 = InvertedResidual(24)
        self.stage3_start = InvertedResidualDown(24)
        self.stage3 = nn.Sequential(
            *[InvertedResidual(32, channels=32) for _ in range(2)]
        )
        self.stage4_start = InvertedResidualDown(
            32,
            in_channels=32,
            channels=64,
            stride=output_stride // 8,
            dilation=16 // output_stride,
        )
        self.stage4 = nn.Sequential(
            *[
                InvertedResidual(64, channels=64, dilation=16 // output_stride)
                for _ in range(3)
            ],
        )
        self.stage5_start = InvertedResidualDown(
            64, in_channels=64, channels=96, stride=1, dilation=16 // output_stride
        )
        self.stage5 = nn.Sequential(
            *[
                InvertedResidual(96, channels=96, dilation=16 // output_stride)
                for _ in range(2)
            ],
        )
        self.stage6_start = InvertedResidualDown(
            96, in_channels=96, channels=160, stride=1, dilation=32 // output_stride
        )
        self.stage6 = nn.Sequential(
            *[
                InvertedResidual(160, channels=160, dilation=32 // output_stride)
                for _ in range(2)
            ],
        )
        self.stage7 = InvertedResidualDown(
            160, in_channels=160, channels=320, stride=1, dilation=32 // output_stride
        )
        self.conv8 = nn.Conv2d(320, 1280, kernel_size=1, bias=False)
        self.norm8 = nn.BatchNorm2d(1280)
        self.relu8 = nn.ReLU6()

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:  # (N, in_channels, H, W)
        x = self.conv1(image)  # (N, 32, (H + 1) // 2, (W + 1) // 2)
        x = self.norm1(x)  # (N, 32, (H + 1) // 2, (W + 1) // 2)
        x = self.relu1(x)  # (N, 32, (H + 1) // 2, (W + 1) // 2)
        x = self.stage1(x)  # (N, 16, (H + 1) // 2, (W + 1) // 2)
        x = self.stage2_start(x)  # (N, 24, (H + 3) // 4, (W + 3) // 4)
        stage2 = self.stage2(x)  # (N, 24, (H + 3) // 4, (W + 3) // 4)
        x = self.stage3_start(stage2)  # (N, 32, (H + 7) // 8, (W + 7) // 8)
        x = self.stage3(x)  # (N, 32, (H + 7) // 8, (W + 7) // 8)
        x = self.stage4_start(x)
        x = self.stage4(x)
        x = self.stage5_start(x)
        x = self.stage5(x)
        x = self.stage6_start(x)
        x = self.stage6(x)
        x = self.stage7(x)
        x = self.conv8(x)
        x = self.norm8(x)
        x = self.relu8(x)
        return x, stage2


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


class SeparableConv(nn.Module):
    """One 3×3 filter for each channel, then a 1×1 convolution that mixes them, with
    one normalization and ReLU behind both.
    """

    def __init__(
        self, in_channels: int, channels: int = 256, dilation: int = 1
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
        self.pointwise = nn.Conv2d(in_channels, channels, kernel_size=1, bias=False)
        self.norm = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU()

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.depthwise(entry)  # (N, in_channels, H, W)
        x = self.pointwise(x)  # (N, channels, H, W)
        x = self.norm(x)  # (N, channels, H, W)
        x = self.relu(x)  # (N, channels, H, W)
        return x


class ASPP(nn.Module):
    """Atrous spatial pyramid pooling: looks at a map at five scales at once (1×1,
    three spread 3×3 convolutions, the mean of all) and mixes what they see.
    """

    def __init__(
        self,
        in_channels: int,
        channels: int = 256,
        rate: int = 12,
        dropout: float = 0.5,
    ) -> None:
        super().__init__()
        self.near = PointwiseConv(in_channels, channels=channels)
        self.rate1 = SeparableConv(in_channels, channels=channels, dilation=rate)
        self.rate2 = SeparableConv(in_channels, channels=channels, dilation=2 * rate)
        self.rate3 = SeparableConv(in_channels, channels=channels, dilation=3 * rate)
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
        # (N, channels, H, W)
        x = nn.functional.interpolate(x, size=entry.shape[2:], mode="bilinear")
        x = torch.cat([near, rate1, rate2, rate3, x], dim=1)  # (N, 5 * channels, H, W)
        x = self.mix(x)  # (N, channels, H, W)
        x = self.drop(x)  # (N, channels, H, W)
        return x


class Decoder(nn.Module):
    """Enlarges the coarse map (high), puts a few channels of the fine one (low)
    beside it, and convolves both.
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
        self.refine = SeparableConv(high_channels + low_channels, channels=channels)

    def forward(self, high: Tensor, low: Tensor) -> Tensor:
        narrow = self.narrow(low)  # (N, low_channels, low_height, low_width)
        x = nn.functional.interpolate(
            high, size=narrow.shape[2:], mode="bilinear", align_corners=True
        )  # (N, high_channels, low_height, low_width)
        # (N, high_channels + low_channels, low_height, low_width)
        x = torch.cat([x, narrow], dim=1)
        x = self.refine(x)  # (N, channels, low_height, low_width)
        return x


class DeepLabv3WithMobileNetV2(nn.Module):
    """DeepLabv3+ for phones: MobileNetV2 as the backbone, with a tenth of the
    weights of Xception-65's.
    """

    def __init__(
        self,
        in_channels: int = 3,
        output_stride: int = 16,
        channels: int = 256,
        classes: int = 21,
    ) -> None:
        super().__init__()
        if output_stride not in (8, 16):
            raise ValueError("output_stride must be 8 or 16")
        self.backbone = MobileNetV2(in_channels, output_stride=output_stride)
        self.aspp = ASPP(1280, channels=channels)
        self.mix = SeparableConv(channels, channels=channels)
        self.decoder = Decoder(channels, 24, channels=channels)
        self.score = nn.Conv2d(channels, classes, kernel_size=1)

    def forward(self, image: Tensor) -> Tensor:  # (N, in_channels, 512, 512)
        backbone_high, backbone_low = self.backbone(image)
        x = self.aspp(backbone_high)
        x = self.mix(x)
        x = self.decoder(x, backbone_low)  # (N, channels, 128, 128)
        x = self.score(x)  # (N, classes, 128, 128)
        x = nn.functional.interpolate(
            x, size=image.shape[2:], mode="bilinear", align_corners=True
        )  # (N, classes, 512, 512)
        return x
