"""Segmenter, made with Kumitate."""

from torch import Tensor, nn


class Stage(nn.Module):
    """A convolution that may look further apart instead of making the map smaller."""

    def __init__(
        self, in_channels: int, channels: int = 16, stride: int = 1, dilation: int = 1
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(
            in_channels,
            channels,
            kernel_size=3,
            stride=stride,
            padding=dilation,
            dilation=dilation,
            bias=False,
        )
        self.norm = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU()

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        # (N, channels, (H - 1) // stride + 1, (W - 1) // stride + 1)
        x = self.conv(entry)
        x = self.norm(x)  # (N, channels, (H - 1) // stride + 1, (W - 1) // stride + 1)
        x = self.relu(x)  # (N, channels, (H - 1) // stride + 1, (W - 1) // stride + 1)
        return x


class Segmenter(nn.Module):
    """Everything that its parameters decide can be given to the constructor."""

    def __init__(
        self,
        in_channels: int = 3,
        classes: int = 4,
        width: int = 8,
        output_stride: int = 16,
        padding_mode: str = "zeros",
    ) -> None:
        super().__init__()
        self.stem = nn.Conv2d(
            in_channels,
            width,
            kernel_size=3,
            stride=4,
            padding=1,
            padding_mode=padding_mode,
        )
        self.down1 = Stage(width, channels=2 * width, stride=2)
        self.down2 = Stage(
            2 * width,
            channels=4 * width,
            stride=2 if output_stride == 16 else 1,
            dilation=1 if output_stride == 16 else 2,
        )
        self.scores = nn.Conv2d(4 * width, classes, kernel_size=1)

    def forward(self, image: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.stem(image)  # (N, width, (H + 3) // 4, (W + 3) // 4)
        x = self.down1(x)  # (N, 2 * width, (H + 7) // 8, (W + 7) // 8)
        x = self.down2(x)
        x = self.scores(x)
        # (N, classes, H, W)
        x = nn.functional.interpolate(x, size=image.shape[2:], mode="nearest")
        return x
