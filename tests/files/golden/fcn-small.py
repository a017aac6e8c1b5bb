"""FCN, small, made with Kumitate."""

import torch
from torch import Tensor, nn


@torch.no_grad()
def bilinear_(weight: Tensor, groups: int = 1) -> Tensor:
    """Fill a transposed convolution so that it enlarges each channel by itself.

    The kernel of (in_channels, out_channels / groups, *kernel) is a full matrix whose
    diagonal is bilinear: 0.25, 0.75, 0.75, 0.25 for a kernel of 4 (Long et al. 2015).
    """
    kernel = torch.ones((), dtype=weight.dtype, device=weight.device)
    for size in weight.shape[2:]:
        factor = (size + 1) // 2
        centre = factor - 1 if size % 2 else factor - 0.5
        places = torch.arange(size, dtype=weight.dtype, device=weight.device)
        kernel = kernel[..., None] * (1 - (places - centre).abs() / factor)
    weight.zero_()
    for channel in range(weight.size(0)):
        within = channel % (weight.size(0) // groups)
        if within < weight.size(1):
            weight[channel, within] = kernel
    return weight


class ConvNormReLU(nn.Module):
    """A 3×3 convolution that keeps height and width, batch normalization and ReLU."""

    def __init__(self, in_channels: int, channels: int = 16) -> None:
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


class Stage(nn.Module):
    """Two 3×3 convolutions, each with batch normalization and ReLU, and a pooling
    that halves height and width.
    """

    def __init__(self, in_channels: int, channels: int = 16) -> None:
        super().__init__()
        self.conv = nn.Sequential(
            ConvNormReLU(in_channels, channels=channels),
            ConvNormReLU(channels, channels=channels),
        )
        self.pool = nn.MaxPool2d(kernel_size=2)

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.conv(entry)  # (N, channels, H, W)
        x = self.pool(x)  # (N, channels, H // 2, W // 2)
        return x


class Fuse(nn.Module):
    """Doubles height and width of the coarser scores and adds the finer ones."""

    def __init__(self, coarser_channels: int, classes: int = 4) -> None:
        super().__init__()
        self.enlarge = nn.ConvTranspose2d(
            coarser_channels, classes, kernel_size=4, stride=2, padding=1, bias=False
        )
        bilinear_(self.enlarge.weight)

    def forward(self, finer: Tensor, coarser: Tensor) -> Tensor:
        x = self.enlarge(coarser)  # (N, classes, 2 * coarser_height, 2 * coarser_width)
        x = finer + x  # (N, finer_channels, finer_height, finer_width)
        return x


class FCNSmall(nn.Module):
    """A fully convolutional network for small pictures and a laptop: labels every
    pixel from scores at three scales, each twice as fine as the one before.
    """

    def __init__(self, in_channels: int = 3, width: int = 16, classes: int = 4) -> None:
        super().__init__()
        self.stage1 = Stage(in_channels, channels=width)
        self.stage2 = Stage(width, channels=2 * width)
        self.stage3 = Stage(2 * width, channels=4 * width)
        self.stage4 = Stage(4 * width, channels=8 * width)
        self.score4 = nn.Conv2d(8 * width, classes, kernel_size=1)
        self.score3 = nn.Conv2d(4 * width, classes, kernel_size=1)
        self.fuse3 = Fuse(classes, classes=classes)
        self.score2 = nn.Conv2d(2 * width, classes, kernel_size=1)
        self.fuse2 = Fuse(classes, classes=classes)
        self.enlarge = nn.ConvTranspose2d(
            classes, classes, kernel_size=8, stride=4, padding=2, bias=False
        )
        bilinear_(self.enlarge.weight)

    def forward(self, image: Tensor) -> Tensor:  # (N, in_channels, 96, 96)
        x = self.stage1(image)  # (N, width, 48, 48)
        stage2 = self.stage2(x)  # (N, 2 * width, 24, 24)
        stage3 = self.stage3(stage2)  # (N, 4 * width, 12, 12)
        x = self.stage4(stage3)  # (N, 8 * width, 6, 6)
        score4 = self.score4(x)  # (N, classes, 6, 6)
        x = self.score3(stage3)  # (N, classes, 12, 12)
        fuse3 = self.fuse3(x, score4)  # (N, classes, 12, 12)
        x = self.score2(stage2)  # (N, classes, 24, 24)
        x = self.fuse2(x, fuse3)  # (N, classes, 24, 24)
        x = self.enlarge(x)  # (N, classes, 96, 96)
        return x
