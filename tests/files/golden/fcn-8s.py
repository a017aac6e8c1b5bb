"""FCN-8s, made with Kumitate."""

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


def crop(x: Tensor, offset: tuple[int, ...], size: tuple[int, ...]) -> Tensor:
    """Cut a piece out of every axis behind the channels, starting at the offset."""
    for axis, (start, wanted) in enumerate(zip(offset, size, strict=True), start=2):
        x = x.narrow(axis, start, wanted)
    return x


class ConvReLU(nn.Module):
    """A 3×3 convolution and ReLU."""

    def __init__(self, in_channels: int, channels: int = 64, padding: int = 1) -> None:
        super().__init__()
        self.conv = nn.Conv2d(in_channels, channels, kernel_size=3, padding=padding)
        nn.init.kaiming_normal_(self.conv.weight, mode="fan_out", nonlinearity="relu")
        nn.init.zeros_(self.conv.bias)
        self.relu = nn.ReLU()

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.conv(entry)  # (N, channels, H + 2 * padding - 2, W + 2 * padding - 2)
        x = self.relu(x)  # (N, channels, H + 2 * padding - 2, W + 2 * padding - 2)
        return x


class Stage(nn.Module):
    """Some 3×3 convolutions, each with ReLU, and a pooling that halves height and
    width, rounding up.
    """

    def __init__(
        self,
        in_channels: int,
        channels: int = 64,
        convolutions: int = 2,
        padding: int = 1,
    ) -> None:
        super().__init__()
        self.first = ConvReLU(in_channels, channels=channels, padding=padding)
        self.rest = nn.Sequential(
            *[ConvReLU(channels, channels=channels) for _ in range(convolutions - 1)]
        )
        self.pool = nn.MaxPool2d(kernel_size=2, ceil_mode=True)

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.first(entry)  # (N, channels, H + 2 * padding - 2, W + 2 * padding - 2)
        x = self.rest(x)  # (N, channels, H + 2 * padding - 2, W + 2 * padding - 2)
        x = self.pool(x)
        return x


class Convolutional(nn.Module):
    """What was a fully connected layer, as a convolution: the same weights at every
    place of the map; then ReLU and dropout.
    """

    def __init__(
        self, in_channels: int, channels: int = 4096, kernel_size: int = 7
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(in_channels, channels, kernel_size=kernel_size)
        nn.init.kaiming_normal_(self.conv.weight, nonlinearity="relu")
        nn.init.zeros_(self.conv.bias)
        self.relu = nn.ReLU()
        self.drop = nn.Dropout(p=0.5)

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.conv(entry)  # (N, channels, H + 1 - kernel_size, W + 1 - kernel_size)
        x = self.relu(x)  # (N, channels, H + 1 - kernel_size, W + 1 - kernel_size)
        x = self.drop(x)  # (N, channels, H + 1 - kernel_size, W + 1 - kernel_size)
        return x


class Fuse(nn.Module):
    """Doubles height and width of the coarser scores and adds the finer ones, of
    which it takes the piece that lies at the same place.
    """

    def __init__(
        self, coarser_channels: int, classes: int = 21, offset: int = 5
    ) -> None:
        super().__init__()
        self.offset = offset
        self.enlarge = nn.ConvTranspose2d(
            coarser_channels, classes, kernel_size=4, stride=2, bias=False
        )
        bilinear_(self.enlarge.weight)

    def forward(self, finer: Tensor, coarser: Tensor) -> Tensor:
        # (N, classes, 2 * coarser_height + 2, 2 * coarser_width + 2)
        enlarge = self.enlarge(coarser)
        x = crop(finer, (self.offset, self.offset), enlarge.shape[2:])
        x = x + enlarge
        return x


class FCN8s(nn.Module):
    """The fully convolutional network that others are measured by: labels every
    pixel from scores at three scales of VGG-16, each twice as fine as the one
    before.
    """

    def __init__(
        self,
        in_channels: int = 3,
        width: int = 64,
        hidden: int = 4096,
        classes: int = 21,
    ) -> None:
        super().__init__()
        self.stage1 = Stage(in_channels, channels=width, padding=100)
        self.stage2 = Stage(width, channels=2 * width)
        self.stage3 = Stage(2 * width, channels=4 * width, convolutions=3)
        self.stage4 = Stage(4 * width, channels=8 * width, convolutions=3)
        self.stage5 = Stage(8 * width, channels=8 * width, convolutions=3)
        self.fc6 = Convolutional(8 * width, channels=hidden)
        self.fc7 = Convolutional(hidden, channels=hidden, kernel_size=1)
        self.score = nn.Conv2d(hidden, classes, kernel_size=1)
        nn.init.zeros_(self.score.weight)
        nn.init.zeros_(self.score.bias)
        self.score4 = nn.Conv2d(8 * width, classes, kernel_size=1)
        nn.init.zeros_(self.score4.weight)
        nn.init.zeros_(self.score4.bias)
        self.fuse4 = Fuse(classes, classes=classes)
        self.score3 = nn.Conv2d(4 * width, classes, kernel_size=1)
        nn.init.zeros_(self.score3.weight)
        nn.init.zeros_(self.score3.bias)
        self.fuse3 = Fuse(classes, classes=classes, offset=9)
        self.enlarge = nn.ConvTranspose2d(
            classes, classes, kernel_size=16, stride=8, bias=False
        )
        bilinear_(self.enlarge.weight)
        self.enlarge.requires_grad_(False)

    def forward(self, image: Tensor) -> Tensor:  # (N, in_channels, 500, 500)
        x = self.stage1(image)  # (N, width, 349, 349)
        x = self.stage2(x)  # (N, 2 * width, 175, 175)
        stage3 = self.stage3(x)  # (N, 4 * width, 88, 88)
        stage4 = self.stage4(stage3)  # (N, 8 * width, 44, 44)
        x = self.stage5(stage4)  # (N, 8 * width, 22, 22)
        x = self.fc6(x)  # (N, hidden, 16, 16)
        x = self.fc7(x)  # (N, hidden, 16, 16)
        score = self.score(x)  # (N, classes, 16, 16)
        x = self.score4(stage4)  # (N, classes, 44, 44)
        fuse4 = self.fuse4(x, score)  # (N, classes, 34, 34)
        x = self.score3(stage3)  # (N, classes, 88, 88)
        x = self.fuse3(x, fuse4)  # (N, classes, 70, 70)
        x = self.enlarge(x)  # (N, classes, 568, 568)
        x = crop(x, (31, 31), image.shape[2:])  # (N, classes, 500, 500)
        return x
