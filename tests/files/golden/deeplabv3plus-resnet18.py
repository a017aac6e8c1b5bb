"""DeepLabv3+ with ResNet-18, made with Kumitate."""

import torch
from torch import Tensor, nn


class ResidualBlock(nn.Module):
    """Two 3×3 convolutions whose result is added to what came in, so that deep
    networks stay trainable. Sizes stay as they are; repeat it for depth.
    """

    def __init__(self, in_channels: int, channels: int = 64, dilation: int = 1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(
            in_channels,
            channels,
            kernel_size=3,
            padding=dilation,
            dilation=dilation,
            bias=False,
        )
        self.norm1 = nn.BatchNorm2d(channels)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(
            channels,
            channels,
            kernel_size=3,
            padding=dilation,
            dilation=dilation,
            bias=False,
        )
        self.norm2 = nn.BatchNorm2d(channels)
        self.relu2 = nn.ReLU()

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.conv1(entry)  # (N, channels, H, W)
        x = self.norm1(x)  # (N, channels, H, W)
        x = self.relu1(x)  # (N, channels, H, W)
        x = self.conv2(x)  # (N, channels, H, W)
        x = self.norm2(x)  # (N, channels, H, W)
        x = x + entry  # (N, channels, H, W)
        x = self.relu2(x)  # (N, channels, H, W)
        return x


class ResidualDown(nn.Module):
    """A residual block that changes the number of channels and, with stride 2,
    halves height and width. Starts a new stage of a ResNet.
    """

    def __init__(
        self, in_channels: int, channels: int = 128, stride: int = 2, dilation: int = 1
    ) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(
            in_channels,
            channels,
            kernel_size=3,
            stride=stride,
            padding=dilation,
            dilation=dilation,
            bias=False,
        )
        self.norm1 = nn.BatchNorm2d(channels)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(
            channels,
            channels,
            kernel_size=3,
            padding=dilation,
            dilation=dilation,
            bias=False,
        )
        self.norm2 = nn.BatchNorm2d(channels)
        self.shortcut = nn.Conv2d(
            in_channels, channels, kernel_size=1, stride=stride, bias=False
        )
        self.norm3 = nn.BatchNorm2d(channels)
        self.relu2 = nn.ReLU()

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        # (N, channels, (H - 1) // stride + 1, (W - 1) // stride + 1)
        x = self.conv1(entry)
        x = self.norm1(x)  # (N, channels, (H - 1) // stride + 1, (W - 1) // stride + 1)
        x = self.relu1(x)  # (N, channels, (H - 1) // stride + 1, (W - 1) // stride + 1)
        x = self.conv2(x)  # (N, channels, (H - 1) // stride + 1, (W - 1) // stride + 1)
        # (N, channels, (H - 1) // stride + 1, (W - 1) // stride + 1)
        norm2 = self.norm2(x)
        # (N, channels, (H - 1) // stride + 1, (W - 1) // stride + 1)
        x = self.shortcut(entry)
        x = self.norm3(x)  # (N, channels, (H - 1) // stride + 1, (W - 1) // stride + 1)
        x = norm2 + x  # (N, channels, (H - 1) // stride + 1, (W - 1) // stride + 1)
        x = self.relu2(x)  # (N, channels, (H - 1) // stride + 1, (W - 1) // stride + 1)
        return x


class ResNet18(nn.Module):
    """ResNet-18 without its classifier, whose last stages look further instead of
    halving sizes; gives its last map (high) and that of its first stage, at a
    quarter of the image's size (low).
    """

    def __init__(
        self, in_channels: int, width: int = 64, output_stride: int = 16
    ) -> None:
        super().__init__()
        if output_stride not in (8, 16):
            raise ValueError("output_stride must be 8 or 16")
        self.conv1 = nn.Conv2d(
            in_channels, width, kernel_size=7, stride=2, padding=3, bias=False
        )
        self.norm1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU()
        self.pool = nn.MaxPool2d(kernel_size=3, stride=2, padding=1)
        self.stage1 = nn.Sequential(
            *[ResidualBlock(width, channels=width) for _ in range(2)]
        )
        self.stage2_start = ResidualDown(width, channels=2 * width)
        self.stage2 = ResidualBlock(2 * width, channels=2 * width)
        self.stage3_start = ResidualDown(
            2 * width,
            channels=4 * width,
            stride=output_stride // 8,
            dilation=16 // output_stride,
        )
        self.stage3 = ResidualBlock(
            4 * width, channels=4 * width, dilation=16 // output_stride
        )
        self.stage4_start = ResidualDown(
            4 * width, channels=8 * width, stride=1, dilation=32 // output_stride
        )
        self.stage4 = ResidualBlock(
            8 * width, channels=8 * width, dilation=32 // output_stride
        )

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:  # (N, in_channels, H, W)
        x = self.conv1(image)  # (N, width, (H + 1) // 2, (W + 1) // 2)
        x = self.norm1(x)  # (N, width, (H + 1) // 2, (W + 1) // 2)
        x = self.relu(x)  # (N, width, (H + 1) // 2, (W + 1) // 2)
        x = self.pool(x)  # (N, width, (H + 3) // 4, (W + 3) // 4)
        stage1 = self.stage1(x)  # (N, width, (H + 3) // 4, (W + 3) // 4)
        x = self.stage2_start(stage1)  # (N, 2 * width, (H + 7) // 8, (W + 7) // 8)
        x = self.stage2(x)  # (N, 2 * width, (H + 7) // 8, (W + 7) // 8)
        x = self.stage3_start(x)
        x = self.stage3(x)
        x = self.stage4_start(x)
        x = self.stage4(x)
        return x, stage1


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


class DeepLabv3WithResNet18(nn.Module):
    """DeepLabv3+ on the smallest residual network: half the weights and
    multiply-adds of ResNet-50's.
    """

    def __init__(
        self,
        in_channels: int = 3,
        output_stride: int = 16,
        width: int = 64,
        channels: int = 256,
        classes: int = 21,
    ) -> None:
        super().__init__()
        if output_stride not in (8, 16):
            raise ValueError("output_stride must be 8 or 16")
        self.backbone = ResNet18(in_channels, width=width, output_stride=output_stride)
        self.aspp = ASPP(8 * width, channels=channels)
        self.mix = SeparableConv(channels, channels=channels)
        self.decoder = Decoder(channels, width, channels=channels)
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
