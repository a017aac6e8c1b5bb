"""Small ResNet, made with Kumitate."""

from torch import Tensor, nn


class Residual(nn.Module):
    """Two convolutions whose result is added to what came in."""

    def __init__(self, in_channels: int, channels: int = 16) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(
            in_channels, channels, kernel_size=3, padding=1, bias=False
        )
        self.norm1 = nn.BatchNorm2d(channels)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(channels, channels, kernel_size=3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(channels)
        self.relu2 = nn.ReLU()

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.conv1(entry)  # (N, channels, H, W)
        x = self.norm1(x)  # (N, channels, H, W)
        x = self.relu1(x)  # (N, channels, H, W)
        x = self.conv2(x)  # (N, channels, H, W)
        x = self.norm2(x)  # (N, channels, H, W)
        x = entry + x  # (N, in_channels, H, W)
        x = self.relu2(x)  # (N, in_channels, H, W)
        return x


class Downsample(nn.Module):
    """Like Residual, but halves height and width and changes the number of channels."""

    def __init__(self, in_channels: int, channels: int = 32) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(
            in_channels, channels, kernel_size=3, stride=2, padding=1, bias=False
        )
        self.norm1 = nn.BatchNorm2d(channels)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(channels, channels, kernel_size=3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(channels)
        self.shortcut = nn.Conv2d(
            in_channels, channels, kernel_size=1, stride=2, bias=False
        )
        self.norm3 = nn.BatchNorm2d(channels)
        self.relu2 = nn.ReLU()

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.conv1(entry)  # (N, channels, (H + 1) // 2, (W + 1) // 2)
        x = self.norm1(x)  # (N, channels, (H + 1) // 2, (W + 1) // 2)
        x = self.relu1(x)  # (N, channels, (H + 1) // 2, (W + 1) // 2)
        x = self.conv2(x)  # (N, channels, (H + 1) // 2, (W + 1) // 2)
        norm2 = self.norm2(x)  # (N, channels, (H + 1) // 2, (W + 1) // 2)
        x = self.shortcut(entry)  # (N, channels, (H + 1) // 2, (W + 1) // 2)
        x = self.norm3(x)  # (N, channels, (H + 1) // 2, (W + 1) // 2)
        x = x + norm2  # (N, channels, (H + 1) // 2, (W + 1) // 2)
        x = self.relu2(x)  # (N, channels, (H + 1) // 2, (W + 1) // 2)
        return x


class SmallResNet(nn.Module):
    """A residual network in miniature: each block adds what it learned to what came
    in, so that the signal has a short way through any depth.
    """

    def __init__(
        self, in_channels: int = 1, classes: int = 10, width: int = 16, depth: int = 2
    ) -> None:
        super().__init__()
        self.stem = nn.Conv2d(in_channels, width, kernel_size=3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(width)
        self.relu = nn.ReLU()
        self.stage1 = nn.Sequential(
            *[Residual(width, channels=width) for _ in range(depth)]
        )
        self.down = Downsample(width, channels=2 * width)
        self.stage2 = nn.Sequential(
            *[Residual(2 * width, channels=2 * width) for _ in range(depth)]
        )
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.fc = nn.Linear(2 * width, classes)

    def forward(self, image: Tensor) -> Tensor:  # (N, in_channels, 16, 16)
        x = self.stem(image)  # (N, width, 16, 16)
        x = self.norm(x)  # (N, width, 16, 16)
        x = self.relu(x)  # (N, width, 16, 16)
        x = self.stage1(x)  # (N, width, 16, 16)
        x = self.down(x)  # (N, 2 * width, 8, 8)
        x = self.stage2(x)  # (N, 2 * width, 8, 8)
        x = self.pool(x)  # (N, 2 * width, 1, 1)
        x = self.flatten(x)  # (N, 2 * width)
        x = self.fc(x)  # (N, classes)
        return x
