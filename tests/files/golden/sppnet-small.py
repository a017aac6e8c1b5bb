"""Small SPP-net, made with Kumitate."""

import torch
from torch import Tensor, nn


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


class SpatialPyramidPooling(nn.Module):
    """Takes the largest value in each cell of three grids, from fine to coarse, and
    lines them up in a vector whose length does not depend on the size of the image.
    """

    def __init__(self, fine: int = 4, middle: int = 2, coarse: int = 1) -> None:
        super().__init__()
        self.pool1 = nn.AdaptiveMaxPool2d(fine)
        self.flatten1 = nn.Flatten()
        self.pool2 = nn.AdaptiveMaxPool2d(middle)
        self.flatten2 = nn.Flatten()
        self.pool3 = nn.AdaptiveMaxPool2d(coarse)
        self.flatten3 = nn.Flatten()

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.pool1(entry)  # (N, in_channels, fine, fine)
        flatten1 = self.flatten1(x)  # (N, fine**2 * in_channels)
        x = self.pool2(entry)  # (N, in_channels, middle, middle)
        flatten2 = self.flatten2(x)  # (N, in_channels * middle**2)
        x = self.pool3(entry)  # (N, in_channels, coarse, coarse)
        x = self.flatten3(x)  # (N, coarse**2 * in_channels)
        x = torch.cat([flatten1, flatten2, x], dim=1)
        return x


class SmallSPPNet(nn.Module):
    """Reads digits in images of any size from 8×8 pixels: a pyramid of pools makes
    21 numbers of each map, however large it is.
    """

    def __init__(
        self, in_channels: int = 1, classes: int = 10, width: int = 16, hidden: int = 64
    ) -> None:
        super().__init__()
        self.conv1 = ConvNormReLU(in_channels, channels=width)
        self.conv2 = ConvNormReLU(width, channels=width)
        self.pool1 = nn.MaxPool2d(kernel_size=2)
        self.conv3 = ConvNormReLU(width, channels=2 * width)
        self.conv4 = ConvNormReLU(2 * width, channels=2 * width)
        self.pyramid = SpatialPyramidPooling()
        self.fc1 = nn.Linear(42 * width, hidden)
        self.relu = nn.ReLU()
        self.drop = nn.Dropout(p=0.2)
        self.fc2 = nn.Linear(hidden, classes)

    def forward(self, image: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.conv1(image)  # (N, width, H, W)
        x = self.conv2(x)  # (N, width, H, W)
        x = self.pool1(x)  # (N, width, H // 2, W // 2)
        x = self.conv3(x)  # (N, 2 * width, H // 2, W // 2)
        x = self.conv4(x)  # (N, 2 * width, H // 2, W // 2)
        x = self.pyramid(x)  # (N, 42 * width)
        x = self.fc1(x)  # (N, hidden)
        x = self.relu(x)  # (N, hidden)
        x = self.drop(x)  # (N, hidden)
        x = self.fc2(x)  # (N, classes)
        return x
