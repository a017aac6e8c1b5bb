"""U-Net (paper), made with Kumitate."""

import torch
from torch import Tensor, nn


def center_crop(x: Tensor, size: tuple[int, ...]) -> Tensor:
    """Cut the middle out of every axis behind the channels.

    Where an odd number of rows is cut off, one less goes at the top than at the
    bottom; likewise on the left.
    """
    for axis, (has, wanted) in enumerate(zip(x.shape[2:], size, strict=True), start=2):
        x = x.narrow(axis, (has - wanted) // 2, wanted)
    return x


class DoubleConv(nn.Module):
    """Two 3×3 convolutions without padding, each with ReLU, which take two rows and
    columns off each side.
    """

    def __init__(self, in_channels: int, channels: int = 64) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, channels, kernel_size=3)
        nn.init.kaiming_normal_(self.conv1.weight, nonlinearity="relu")
        nn.init.zeros_(self.conv1.bias)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(channels, channels, kernel_size=3)
        nn.init.kaiming_normal_(self.conv2.weight, nonlinearity="relu")
        nn.init.zeros_(self.conv2.bias)
        self.relu2 = nn.ReLU()

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.conv1(entry)  # (N, channels, H - 2, W - 2)
        x = self.relu1(x)  # (N, channels, H - 2, W - 2)
        x = self.conv2(x)  # (N, channels, H - 4, W - 4)
        x = self.relu2(x)  # (N, channels, H - 4, W - 4)
        return x


class Down(nn.Module):
    """Halves height and width, convolves twice, and at the bottom drops values while
    training.
    """

    def __init__(
        self, in_channels: int, channels: int = 128, dropout: float = 0.0
    ) -> None:
        super().__init__()
        self.pool = nn.MaxPool2d(kernel_size=2)
        self.body = DoubleConv(in_channels, channels=channels)
        self.drop = nn.Dropout(p=dropout)

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.pool(entry)  # (N, in_channels, H // 2, W // 2)
        x = self.body(x)  # (N, channels, H // 2 - 4, W // 2 - 4)
        x = self.drop(x)  # (N, channels, H // 2 - 4, W // 2 - 4)
        return x


class Up(nn.Module):
    """Doubles height and width of what comes from below (lower) with half as many
    channels, puts what comes across (skip, cropped to the same size) beside it, and
    convolves both twice.
    """

    def __init__(
        self, skip_channels: int, lower_channels: int, channels: int = 64
    ) -> None:
        super().__init__()
        self.enlarge = nn.ConvTranspose2d(
            lower_channels, channels, kernel_size=2, stride=2
        )
        self.body = DoubleConv(channels + skip_channels, channels=channels)

    def forward(self, skip: Tensor, lower: Tensor) -> Tensor:
        # (N, channels, 2 * lower_height, 2 * lower_width)
        enlarge = self.enlarge(lower)
        # (N, skip_channels, 2 * lower_height, 2 * lower_width)
        x = center_crop(skip, enlarge.shape[2:])
        x = torch.cat([x, enlarge], dim=1)
        x = self.body(x)  # (N, channels, 2 * lower_height - 4, 2 * lower_width - 4)
        return x


class UNetPaper(nn.Module):
    """The first U-Net, exactly as published: a way down that sees more and more, a
    way up that finds the places again, and links across. It made segmentation work
    with few images.
    """

    def __init__(
        self,
        in_channels: int = 1,
        width: int = 64,
        depth: int = 4,
        dropout: float = 0.5,
        classes: int = 2,
    ) -> None:
        super().__init__()
        if depth not in (1, 2, 3, 4):
            raise ValueError("depth must be 1, 2, 3 or 4")
        self.depth = depth
        self.first = DoubleConv(in_channels, channels=width)
        self.down1 = Down(
            width, channels=2 * width, dropout=dropout if depth == 1 else 0.0
        )
        if depth >= 2:
            self.down2 = Down(
                2 * width, channels=4 * width, dropout=dropout if depth == 2 else 0.0
            )
        else:
            self.down2 = nn.Identity()
        if depth >= 3:
            self.down3 = Down(
                4 * width, channels=8 * width, dropout=dropout if depth == 3 else 0.0
            )
        else:
            self.down3 = nn.Identity()
        if depth >= 4:
            self.down4 = Down(
                8 * width, channels=16 * width, dropout=dropout if depth == 4 else 0.0
            )
        else:
            self.down4 = nn.Identity()
        if depth >= 4:
            self.up4 = Up(8 * width, 16 * width, channels=8 * width)
        if depth >= 3:
            self.up3 = Up(4 * width, 8 * width, channels=4 * width)
        if depth >= 2:
            self.up2 = Up(2 * width, 4 * width, channels=2 * width)
        self.up1 = Up(width, 2 * width, channels=width)
        self.score = nn.Conv2d(width, classes, kernel_size=1)

    def forward(self, image: Tensor) -> Tensor:  # (N, in_channels, 572, 572)
        first = self.first(image)  # (N, width, 568, 568)
        down1 = self.down1(first)  # (N, 2 * width, 280, 280)
        down2 = self.down2(down1)
        down3 = self.down3(down2)
        x = self.down4(down3)
        x = self.up4(down3, x) if self.depth >= 4 else down3
        x = self.up3(down2, x) if self.depth >= 3 else down2
        x = self.up2(down1, x) if self.depth >= 2 else down1
        x = self.up1(first, x)
        x = self.score(x)
        return x
