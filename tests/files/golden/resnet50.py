"""ResNet-50, made with Kumitate."""

from torch import Tensor, nn


class BottleneckDown(nn.Module):
    """A bottleneck block that changes the number of channels and, with stride 2,
    halves height and width. Starts a new stage of a ResNet-50 or deeper.
    """

    def __init__(
        self, in_channels: int, width: int = 128, stride: int = 2, dilation: int = 1
    ) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, width, kernel_size=1, bias=False)
        self.norm1 = nn.BatchNorm2d(width)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(
            width,
            width,
            kernel_size=3,
            stride=stride,
            padding=dilation,
            dilation=dilation,
            bias=False,
        )
        self.norm2 = nn.BatchNorm2d(width)
        self.relu2 = nn.ReLU()
        self.conv3 = nn.Conv2d(width, 4 * width, kernel_size=1, bias=False)
        self.norm3 = nn.BatchNorm2d(4 * width)
        self.shortcut = nn.Conv2d(
            in_channels, 4 * width, kernel_size=1, stride=stride, bias=False
        )
        self.norm4 = nn.BatchNorm2d(4 * width)
        self.relu3 = nn.ReLU()

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.conv1(entry)  # (N, width, H, W)
        x = self.norm1(x)  # (N, width, H, W)
        x = self.relu1(x)  # (N, width, H, W)
        x = self.conv2(x)  # (N, width, (H - 1) // stride + 1, (W - 1) // stride + 1)
        x = self.norm2(x)  # (N, width, (H - 1) // stride + 1, (W - 1) // stride + 1)
        x = self.relu2(x)  # (N, width, (H - 1) // stride + 1, (W - 1) // stride + 1)
        # (N, 4 * width, (H - 1) // stride + 1, (W - 1) // stride + 1)
        x = self.conv3(x)
        # (N, 4 * width, (H - 1) // stride + 1, (W - 1) // stride + 1)
        norm3 = self.norm3(x)
        # (N, 4 * width, (H - 1) // stride + 1, (W - 1) // stride + 1)
        x = self.shortcut(entry)
        # (N, 4 * width, (H - 1) // stride + 1, (W - 1) // stride + 1)
        x = self.norm4(x)
        x = norm3 + x  # (N, 4 * width, (H - 1) // stride + 1, (W - 1) // stride + 1)
        # (N, 4 * width, (H - 1) // stride + 1, (W - 1) // stride + 1)
        x = self.relu3(x)
        return x


class Bottleneck(nn.Module):
    """A residual block that computes in a quarter of the channels (1×1, 3×3, 1×1),
    so that wide and deep networks stay affordable. Sizes stay as they are.
    """

    def __init__(self, in_channels: int, width: int = 64, dilation: int = 1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, width, kernel_size=1, bias=False)
        self.norm1 = nn.BatchNorm2d(width)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(
            width, width, kernel_size=3, padding=dilation, dilation=dilation, bias=False
        )
        self.norm2 = nn.BatchNorm2d(width)
        self.relu2 = nn.ReLU()
        self.conv3 = nn.Conv2d(width, 4 * width, kernel_size=1, bias=False)
        self.norm3 = nn.BatchNorm2d(4 * width)
        self.relu3 = nn.ReLU()

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.conv1(entry)  # (N, width, H, W)
        x = self.norm1(x)  # (N, width, H, W)
        x = self.relu1(x)  # (N, width, H, W)
        x = self.conv2(x)  # (N, width, H, W)
        x = self.norm2(x)  # (N, width, H, W)
        x = self.relu2(x)  # (N, width, H, W)
        x = self.conv3(x)  # (N, 4 * width, H, W)
        x = self.norm3(x)  # (N, 4 * width, H, W)
        x = x + entry  # (N, 4 * width, H, W)
        x = self.relu3(x)  # (N, 4 * width, H, W)
        return x


class ResNet50(nn.Module):
    """The residual network that most others are measured by: sixteen bottleneck
    blocks of three convolutions each.
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
        self.stage1_start = BottleneckDown(width, width=width, stride=1)
        self.stage1 = nn.Sequential(
            *[Bottleneck(4 * width, width=width) for _ in range(2)]
        )
        self.stage2_start = BottleneckDown(4 * width, width=2 * width)
        self.stage2 = nn.Sequential(
            *[Bottleneck(8 * width, width=2 * width) for _ in range(3)]
        )
        self.stage3_start = BottleneckDown(8 * width, width=4 * width)
        self.stage3 = nn.Sequential(
            *[Bottleneck(16 * width, width=4 * width) for _ in range(5)]
        )
        self.stage4_start = BottleneckDown(16 * width, width=8 * width)
        self.stage4 = nn.Sequential(
            *[Bottleneck(32 * width, width=8 * width) for _ in range(2)]
        )
        self.mean = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.fc = nn.Linear(32 * width, classes)

    def forward(self, image: Tensor) -> Tensor:  # (N, in_channels, 224, 224)
        x = self.conv1(image)  # (N, width, 112, 112)
        x = self.norm1(x)  # (N, width, 112, 112)
        x = self.relu(x)  # (N, width, 112, 112)
        x = self.pool(x)  # (N, width, 56, 56)
        x = self.stage1_start(x)  # (N, 4 * width, 56, 56)
        x = self.stage1(x)  # (N, 4 * width, 56, 56)
        x = self.stage2_start(x)  # (N, 8 * width, 28, 28)
        x = self.stage2(x)  # (N, 8 * width, 28, 28)
        x = self.stage3_start(x)  # (N, 16 * width, 14, 14)
        x = self.stage3(x)  # (N, 16 * width, 14, 14)
        x = self.stage4_start(x)  # (N, 32 * width, 7, 7)
        x = self.stage4(x)  # (N, 32 * width, 7, 7)
        x = self.mean(x)  # (N, 32 * width, 1, 1)
        x = self.flatten(x)  # (N, 32 * width)
        x = self.fc(x)  # (N, classes)
        return x
