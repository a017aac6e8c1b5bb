"""Xception-65, made with Kumitate."""

from torch import Tensor, nn


class Separable(nn.Module):
    """One 3×3 filter for each channel, then a 1×1 convolution that mixes them."""

    def __init__(self, in_channels: int, channels: int = 728, stride: int = 1) -> None:
        super().__init__()
        self.depthwise = nn.Conv2d(
            in_channels,
            in_channels,
            kernel_size=3,
            stride=stride,
            padding=1,
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
        self, in_channels: int, narrow: int = 256, channels: int = 256, stride: int = 2
    ) -> None:
        super().__init__()
        self.relu1 = nn.ReLU()
        self.conv1 = Separable(in_channels, channels=narrow)
        self.relu2 = nn.ReLU()
        self.conv2 = Separable(narrow, channels=channels)
        self.relu3 = nn.ReLU()
        self.conv3 = Separable(channels, channels=channels, stride=stride)
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


class XceptionMiddle(nn.Module):
    """Three separable convolutions whose result is added to what came in."""

    def __init__(self, in_channels: int, channels: int = 728) -> None:
        super().__init__()
        self.relu1 = nn.ReLU()
        self.conv1 = Separable(in_channels, channels=channels)
        self.relu2 = nn.ReLU()
        self.conv2 = Separable(channels, channels=channels)
        self.relu3 = nn.ReLU()
        self.conv3 = Separable(channels, channels=channels)

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

    def __init__(self, in_channels: int, channels: int = 1536) -> None:
        super().__init__()
        self.depthwise = nn.Conv2d(
            in_channels,
            in_channels,
            kernel_size=3,
            padding=1,
            groups=in_channels,
            bias=False,
        )
        self.norm1 = nn.BatchNorm2d(in_channels, eps=0.001)
        self.relu1 = nn.ReLU()
        self.pointwise = nn.Conv2d(in_channels, channels, kernel_size=1, bias=False)
        self.norm2 = nn.BatchNorm2d(channels, eps=0.001)
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
    """Separable convolutions throughout, with skip connections; in this deeper form
    the base of DeepLabv3+.
    """

    def __init__(
        self, in_channels: int = 3, depth: int = 16, classes: int = 1000
    ) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(
            in_channels, 32, kernel_size=3, stride=2, padding=1, bias=False
        )
        self.norm1 = nn.BatchNorm2d(32, eps=0.001)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(32, 64, kernel_size=3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(64, eps=0.001)
        self.relu2 = nn.ReLU()
        self.entry1 = XceptionDown(64, narrow=128, channels=128)
        self.entry2 = XceptionDown(128)
        self.entry3 = XceptionDown(256, narrow=728, channels=728)
        self.middle = nn.Sequential(*[XceptionMiddle(728) for _ in range(depth)])
        self.exit1 = XceptionDown(728, narrow=728, channels=1024)
        self.exit2 = SeparableReLU(1024)
        self.exit3 = SeparableReLU(1536)
        self.exit4 = SeparableReLU(1536, channels=2048)
        self.mean = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.fc = nn.Linear(2048, classes)

    def forward(self, image: Tensor) -> Tensor:  # (N, in_channels, 299, 299)
        x = self.conv1(image)  # (N, 32, 150, 150)
        x = self.norm1(x)  # (N, 32, 150, 150)
        x = self.relu1(x)  # (N, 32, 150, 150)
        x = self.conv2(x)  # (N, 64, 150, 150)
        x = self.norm2(x)  # (N, 64, 150, 150)
        x = self.relu2(x)  # (N, 64, 150, 150)
        x = self.entry1(x)  # (N, 128, 75, 75)
        x = self.entry2(x)  # (N, 256, 38, 38)
        x = self.entry3(x)  # (N, 728, 19, 19)
        x = self.middle(x)  # (N, 728, 19, 19)
        x = self.exit1(x)  # (N, 1024, 10, 10)
        x = self.exit2(x)  # (N, 1536, 10, 10)
        x = self.exit3(x)  # (N, 1536, 10, 10)
        x = self.exit4(x)  # (N, 2048, 10, 10)
        x = self.mean(x)  # (N, 2048, 1, 1)
        x = self.flatten(x)  # (N, 2048)
        x = self.fc(x)  # (N, classes)
        return x
