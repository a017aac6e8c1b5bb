"""MobileNetV2, made with Kumitate."""

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
            padding=1,
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
        self, in_channels: int, channels: int = 24, expansion: int = 6
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
            padding=1,
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
    """Half the multiply-adds of MobileNetV1: blocks that widen six times, filter
    each channel by itself, and narrow again.
    """

    def __init__(self, in_channels: int = 3, classes: int = 1000) -> None:
        super().__init__()
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
        self.stage4_start = InvertedResidualDown(32, in_channels=32, channels=64)
        self.stage4 = nn.Sequential(
            *[InvertedResidual(64, channels=64) for _ in range(3)]
        )
        self.stage5_start = InvertedResidualDown(
            64, in_channels=64, channels=96, stride=1
        )
        self.stage5 = nn.Sequential(
            *[InvertedResidual(96, channels=96) for _ in range(2)]
        )
        self.stage6_start = InvertedResidualDown(96, in_channels=96, channels=160)
        self.stage6 = nn.Sequential(
            *[InvertedResidual(160, channels=160) for _ in range(2)]
        )
        self.stage7 = InvertedResidualDown(160, in_channels=160, channels=320, stride=1)
        self.conv8 = nn.Conv2d(320, 1280, kernel_size=1, bias=False)
        self.norm8 = nn.BatchNorm2d(1280)
        self.relu8 = nn.ReLU6()
        self.mean = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.drop = nn.Dropout(p=0.2)
        self.fc = nn.Linear(1280, classes)

    def forward(self, image: Tensor) -> Tensor:  # (N, in_channels, 224, 224)
        x = self.conv1(image)  # (N, 32, 112, 112)
        x = self.norm1(x)  # (N, 32, 112, 112)
        x = self.relu1(x)  # (N, 32, 112, 112)
        x = self.stage1(x)  # (N, 16, 112, 112)
        x = self.stage2_start(x)  # (N, 24, 56, 56)
        x = self.stage2(x)  # (N, 24, 56, 56)
        x = self.stage3_start(x)  # (N, 32, 28, 28)
        x = self.stage3(x)  # (N, 32, 28, 28)
        x = self.stage4_start(x)  # (N, 64, 14, 14)
        x = self.stage4(x)  # (N, 64, 14, 14)
        x = self.stage5_start(x)  # (N, 96, 14, 14)
        x = self.stage5(x)  # (N, 96, 14, 14)
        x = self.stage6_start(x)  # (N, 160, 7, 7)
        x = self.stage6(x)  # (N, 160, 7, 7)
        x = self.stage7(x)  # (N, 320, 7, 7)
        x = self.conv8(x)  # (N, 1280, 7, 7)
        x = self.norm8(x)  # (N, 1280, 7, 7)
        x = self.relu8(x)  # (N, 1280, 7, 7)
        x = self.mean(x)  # (N, 1280, 1, 1)
        x = self.flatten(x)  # (N, 1280)
        x = self.drop(x)  # (N, 1280)
        x = self.fc(x)  # (N, classes)
        return x
