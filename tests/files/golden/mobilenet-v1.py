"""MobileNetV1, made with Kumitate."""

from torch import Tensor, nn


class SeparableConv(nn.Module):
    """One 3×3 filter for each channel, then a 1×1 convolution that mixes them. Does
    the work of a convolution for a fraction of its cost.
    """

    def __init__(
        self, in_channels: int, channels: int = 64, stride: int = 1, dilation: int = 1
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
        self.norm1 = nn.BatchNorm2d(in_channels)
        self.relu1 = nn.ReLU()
        self.pointwise = nn.Conv2d(in_channels, channels, kernel_size=1, bias=False)
        self.norm2 = nn.BatchNorm2d(channels)
        self.relu2 = nn.ReLU()

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.depthwise(entry)
        x = self.norm1(x)
        x = self.relu1(x)
        # (N, channels, (H - 1) // stride + 1, (W - 1) // stride + 1)
        x = self.pointwise(x)
        x = self.norm2(x)  # (N, channels, (H - 1) // stride + 1, (W - 1) // stride + 1)
        x = self.relu2(x)  # (N, channels, (H - 1) // stride + 1, (W - 1) // stride + 1)
        return x


class MobileNetV1(nn.Module):
    """Made for phones: every convolution is split into one filter for each channel
    and a 1×1 convolution that mixes channels.
    """

    def __init__(
        self, in_channels: int = 3, width: int = 32, classes: int = 1000
    ) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(
            in_channels, width, kernel_size=3, stride=2, padding=1, bias=False
        )
        self.norm1 = nn.BatchNorm2d(width)
        self.relu1 = nn.ReLU()
        self.separable1 = SeparableConv(width, channels=2 * width)
        self.down2 = SeparableConv(2 * width, channels=4 * width, stride=2)
        self.separable2 = SeparableConv(4 * width, channels=4 * width)
        self.down3 = SeparableConv(4 * width, channels=8 * width, stride=2)
        self.separable3 = SeparableConv(8 * width, channels=8 * width)
        self.down4 = SeparableConv(8 * width, channels=16 * width, stride=2)
        self.separable4 = nn.Sequential(
            *[SeparableConv(16 * width, channels=16 * width) for _ in range(5)]
        )
        self.down5 = SeparableConv(16 * width, channels=32 * width, stride=2)
        self.separable5 = SeparableConv(32 * width, channels=32 * width)
        self.mean = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.fc = nn.Linear(32 * width, classes)

    def forward(self, image: Tensor) -> Tensor:  # (N, in_channels, 224, 224)
        x = self.conv1(image)  # (N, width, 112, 112)
        x = self.norm1(x)  # (N, width, 112, 112)
        x = self.relu1(x)  # (N, width, 112, 112)
        x = self.separable1(x)  # (N, 2 * width, 112, 112)
        x = self.down2(x)  # (N, 4 * width, 56, 56)
        x = self.separable2(x)  # (N, 4 * width, 56, 56)
        x = self.down3(x)  # (N, 8 * width, 28, 28)
        x = self.separable3(x)  # (N, 8 * width, 28, 28)
        x = self.down4(x)  # (N, 16 * width, 14, 14)
        x = self.separable4(x)  # (N, 16 * width, 14, 14)
        x = self.down5(x)  # (N, 32 * width, 7, 7)
        x = self.separable5(x)  # (N, 32 * width, 7, 7)
        x = self.mean(x)  # (N, 32 * width, 1, 1)
        x = self.flatten(x)  # (N, 32 * width)
        x = self.fc(x)  # (N, classes)
        return x
