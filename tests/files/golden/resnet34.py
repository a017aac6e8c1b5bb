"""ResNet-34, made with Kumitate."""

from torch import Tensor, nn


class ResidualBlock(nn.Module):
    """Two 3×3 convolutions whose result is added to what came in, so that deep
    networks stay trainable. Sizes stay as they are; repeat it for depth.
    """

    def __init__(self, in_channels: int, channels: int = 64) -> None:
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
        x = x + entry  # (N, channels, H, W)
        x = self.relu2(x)  # (N, channels, H, W)
        return x


class ResidualDown(nn.Module):
    """A residual block that changes the number of channels and, with stride 2,
    halves height and width. Starts a new stage of a ResNet.
    """

    def __init__(self, in_channels: int, channels: int = 128, stride: int = 2) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(
            in_channels, channels, kernel_size=3, stride=stride, padding=1, bias=False
        )
        self.norm1 = nn.BatchNorm2d(channels)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(channels, channels, kernel_size=3, padding=1, bias=False)
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


class ResNet34(nn.Module):
    """Sixteen residual blocks of two 3×3 convolutions each; as deep as this form
    goes.
    """

    def __init__(
        self, in_channels: int = 3, width: int = 64, classes: int = 1000
    ) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(
            in_channels, width, kernel_size=7, stride=2, padding=3, bias=False
        )
        self.norm1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU()
        self.pool = nn.MaxPool2d(kernel_size=3, stride=2, padding=1)
        self.stage1 = nn.Sequential(
            *[ResidualBlock(width, channels=width) for _ in range(3)]
        )
        self.stage2_start = ResidualDown(width, channels=2 * width)
        self.stage2 = nn.Sequential(
            *[ResidualBlock(2 * width, channels=2 * width) for _ in range(3)]
        )
        self.stage3_start = ResidualDown(2 * width, channels=4 * width)
        self.stage3 = nn.Sequential(
            *[ResidualBlock(4 * width, channels=4 * width) for _ in range(5)]
        )
        self.stage4_start = ResidualDown(4 * width, channels=8 * width)
        self.stage4 = nn.Sequential(
            *[ResidualBlock(8 * width, channels=8 * width) for _ in range(2)]
        )
        self.mean = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.fc = nn.Linear(8 * width, classes)

    def forward(self, image: Tensor) -> Tensor:  # (N, in_channels, 224, 224)
        x = self.conv1(image)  # (N, width, 112, 112)
        x = self.norm1(x)  # (N, width, 112, 112)
        x = self.relu(x)  # (N, width, 112, 112)
        x = self.pool(x)  # (N, width, 56, 56)
        x = self.stage1(x)  # (N, width, 56, 56)
        x = self.stage2_start(x)  # (N, 2 * width, 28, 28)
        x = self.stage2(x)  # (N, 2 * width, 28, 28)
        x = self.stage3_start(x)  # (N, 4 * width, 14, 14)
        x = self.stage3(x)  # (N, 4 * width, 14, 14)
        x = self.stage4_start(x)  # (N, 8 * width, 7, 7)
        x = self.stage4(x)  # (N, 8 * width, 7, 7)
        x = self.mean(x)  # (N, 8 * width, 1, 1)
        x = self.flatten(x)  # (N, 8 * width)
        x = self.fc(x)  # (N, classes)
        return x
