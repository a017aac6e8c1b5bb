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
    """Two convolutions, whose result goes across to the way up (skip) and, halved in
    height and width, further down (lower).
    """

    def __init__(self, in_channels: int, channels: int = 64) -> None:
        super().__init__()
        self.conv = nn.Sequential(
            ConvNormReLU(in_channels, channels=channels),
            ConvNormReLU(channels, channels=channels),
        )
        self.pool = nn.MaxPool2d(kernel_size=2)

    def forward(self, entry: Tensor) -> tuple[Tensor, Tensor]:  # (N, in_channels, H, W)
        conv = self.conv(entry)  # (N, channels, H, W)
        x = self.pool(conv)  # (N, channels, H // 2, W // 2)
        return conv, x


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
        upsampling: str = "transposed",
        classes: int = 2,
    ) -> None:
        super().__init__()
        if upsampling not in ("transposed", "bilinear"):
            raise ValueError("upsampling must be 'transposed' or 'bilinear'")
        self.down1 = Down(in_channels, channels=width)
        self.down2 = Down(width, channels=2 * width)
        self.down3 = Down(2 * width, channels=4 * width)
        self.down4 = Down(4 * width, channels=8 * width)
        self.bottom = nn.Sequential(
            ConvNormReLU(
                8 * width,
                channels=16 * width if upsampling == "transposed" else 8 * width,
            ),
            ConvNormReLU(
                16 * width if upsampling == "transposed" else 8 * width,
                channels=16 * width if upsampling == "transposed" else 8 * width,
            ),
        )
        self.up4 = Up(
            8 * width,
            16 * width if upsampling == "transposed" else 8 * width,
            channels=8 * width,
            learned=upsampling == "transposed",
        )
        self.up3 = Up(
            4 * width,
            8 * width if upsampling == "transposed" else 4 * width,
            channels=4 * width,
            learned=upsampling == "transposed",
        )
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
        # (N, width, 512, 512), (N, width, 256, 256)
        down1_skip, down1_lower = self.down1(image)
        # (N, 2 * width, 256, 256), (N, 2 * width, 128, 128)
        down2_skip, down2_lower = self.down2(down1_lower)
        # (N, 4 * width, 128, 128), (N, 4 * width, 64, 64)
        down3_skip, down3_lower = self.down3(down2_lower)
        # (N, 8 * width, 64, 64), (N, 8 * width, 32, 32)
        down4_skip, down4_lower = self.down4(down3_lower)
        x = self.bottom(down4_lower)
        x = self.up4(down4_skip, x)
        x = self.up3(down3_skip, x)
        x = self.up2(down2_skip, x)
        x = self.up1(down1_skip, x)  # (N, width, 512, 512)
        x = self.score(x)  # (N, classes, 512, 512)
        return x
