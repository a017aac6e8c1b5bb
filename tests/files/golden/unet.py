"""U-Net, made with Kumitate."""

import torch
from torch import Tensor, nn


def pad_like(
    x: Tensor, like: Tensor, mode: str = "constant", value: float = 0.0
) -> Tensor:
    """Add a border around every axis behind the channels, up to the sizes of `like`.

    Where an odd number of rows is added, one less goes to the top than to the
    bottom; likewise on the left.
    """
    border: list[int] = []
    for axis in range(x.dim() - 1, 1, -1):  # torch wants the last axis first
        missing = like.size(axis) - x.size(axis)
        border += [missing // 2, missing - missing // 2]
    return nn.functional.pad(x, border, mode, value)


class ConvNormReLU(nn.Module):
    """A 3×3 convolution that keeps height and width, batch normalization and ReLU."""

    def __init__(self, in_channels: int, channels: int = 64) -> None:
        super().__init__()
        self.conv = nn.Conv2d(
            in_channels, channels, kernel_size=3, padding=1, bias=False
        )
        self.norm = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU()

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.conv(entry)  # (N, channels, H, W)
        x = self.norm(x)  # (N, channels, H, W)
        x = self.relu(x)  # (N, channels, H, W)
        return x


class Down(nn.Module):
    """Halves height and width and convolves twice."""

    def __init__(self, in_channels: int, channels: int = 128) -> None:
        super().__init__()
        self.pool = nn.MaxPool2d(kernel_size=2)
        self.conv = nn.Sequential(
            ConvNormReLU(in_channels, channels=channels),
            ConvNormReLU(channels, channels=channels),
        )

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.pool(entry)  # (N, in_channels, H // 2, W // 2)
        x = self.conv(x)  # (N, channels, H // 2, W // 2)
        return x


class Up(nn.Module):
    """Doubles height and width of what comes from below (lower), adds a border where
    an odd size was halved, puts what comes across (skip) beside it, and convolves
    both twice.
    """

    def __init__(
        self,
        skip_channels: int,
        lower_channels: int,
        channels: int = 64,
        learned: bool = True,
        last: bool = False,
    ) -> None:
        super().__init__()
        if learned:
            self.transposed = nn.ConvTranspose2d(
                lower_channels, channels, kernel_size=2, stride=2
            )
        else:
            self.transposed = nn.Identity()
        if not learned:
            self.bilinear = nn.Upsample(
                scale_factor=2, mode="bilinear", align_corners=True
            )
        else:
            self.bilinear = nn.Identity()
        self.conv1 = ConvNormReLU(
            (channels if learned else lower_channels) + skip_channels, channels=channels
        )
        self.conv2 = ConvNormReLU(
            channels, channels=channels if learned or last else channels // 2
        )

    def forward(self, skip: Tensor, lower: Tensor) -> Tensor:
        x = self.transposed(lower)
        x = self.bilinear(x)
        x = pad_like(x, skip)
        x = torch.cat([skip, x], dim=1)
        x = self.conv1(x)  # (N, channels, skip_height, skip_width)
        x = self.conv2(x)
        return x


class UNet(nn.Module):
    """The U-Net that most people use today: padded convolutions with batch
    normalization, so that the labels are as large as the image.
    """

    def __init__(
        self,
        in_channels: int = 3,
        width: int = 64,
        depth: int = 4,
        upsampling: str = "transposed",
        classes: int = 2,
    ) -> None:
        super().__init__()
        if depth not in (1, 2, 3, 4, 5):
            raise ValueError("depth must be 1, 2, 3, 4 or 5")
        if upsampling not in ("transposed", "bilinear"):
            raise ValueError("upsampling must be 'transposed' or 'bilinear'")
        self.depth = depth
        self.first = nn.Sequential(
            ConvNormReLU(in_channels, channels=width),
            ConvNormReLU(width, channels=width),
        )
        self.down1 = Down(
            width,
            channels=2 * width if depth >= 2 or upsampling == "transposed" else width,
        )
        if depth >= 2:
            self.down2 = Down(
                2 * width,
                channels=4 * width
                if depth >= 3 or upsampling == "transposed"
                else 2 * width,
            )
        else:
            self.down2 = nn.Identity()
        if depth >= 3:
            self.down3 = Down(
                4 * width,
                channels=8 * width
                if depth >= 4 or upsampling == "transposed"
                else 4 * width,
            )
        else:
            self.down3 = nn.Identity()
        if depth >= 4:
            self.down4 = Down(
                8 * width,
                channels=16 * width
                if depth >= 5 or upsampling == "transposed"
                else 8 * width,
            )
        else:
            self.down4 = nn.Identity()
        if depth >= 5:
            self.down5 = Down(
                16 * width,
                channels=32 * width if upsampling == "transposed" else 16 * width,
            )
        else:
            self.down5 = nn.Identity()
        if depth >= 5:
            self.up5 = Up(
                16 * width,
                32 * width if upsampling == "transposed" else 16 * width,
                channels=16 * width,
                learned=upsampling == "transposed",
            )
        if depth >= 4:
            self.up4 = Up(
                8 * width,
                16 * width if upsampling == "transposed" else 8 * width,
                channels=8 * width,
                learned=upsampling == "transposed",
            )
        if depth >= 3:
            self.up3 = Up(
                4 * width,
                8 * width if upsampling == "transposed" else 4 * width,
                channels=4 * width,
                learned=upsampling == "transposed",
            )
        if depth >= 2:
            self.up2 = Up(
                2 * width,
                4 * width if upsampling == "transposed" else 2 * width,
                channels=2 * width,
                learned=upsampling == "transposed",
            )
        self.up1 = Up(
            width,
            2 * width if upsampling == "transposed" else width,
            channels=width,
            learned=upsampling == "transposed",
            last=True,
        )
        self.score = nn.Conv2d(width, classes, kernel_size=1)

    def forward(self, image: Tensor) -> Tensor:  # (N, in_channels, 512, 512)
        first = self.first(image)  # (N, width, 512, 512)
        down1 = self.down1(first)
        down2 = self.down2(down1)
        down3 = self.down3(down2)
        down4 = self.down4(down3)
        x = self.down5(down4)
        x = self.up5(down4, x) if self.depth >= 5 else down4
        x = self.up4(down3, x) if self.depth >= 4 else down3
        x = self.up3(down2, x) if self.depth >= 3 else down2
        x = self.up2(down1, x) if self.depth >= 2 else down1
        x = self.up1(first, x)  # (N, width, 512, 512)
        x = self.score(x)  # (N, classes, 512, 512)
        return x
