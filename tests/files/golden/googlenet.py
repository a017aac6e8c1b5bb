"""GoogLeNet, made with Kumitate."""

import torch
from torch import Tensor, nn


class ConvNormReLU(nn.Module):
    """A convolution, normalization and ReLU."""

    def __init__(
        self, in_channels: int, channels: int = 64, kernel: int = 1, stride: int = 1
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(
            in_channels,
            channels,
            kernel_size=kernel,
            stride=stride,
            padding=kernel // 2,
            bias=False,
        )
        self.norm = nn.BatchNorm2d(channels, eps=0.001)
        self.relu = nn.ReLU()

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.conv(entry)
        x = self.norm(x)
        x = self.relu(x)
        return x


class Inception(nn.Module):
    """Four ways side by side that look at a place through windows of different size;
    their results are put beside each other.
    """

    def __init__(
        self,
        in_channels: int,
        ones: int = 64,
        narrow_threes: int = 96,
        threes: int = 128,
        narrow_fives: int = 16,
        fives: int = 32,
        pools: int = 32,
    ) -> None:
        super().__init__()
        self.one = ConvNormReLU(in_channels, channels=ones)
        self.narrow3 = ConvNormReLU(in_channels, channels=narrow_threes)
        self.three = ConvNormReLU(narrow_threes, channels=threes, kernel=3)
        self.narrow5 = ConvNormReLU(in_channels, channels=narrow_fives)
        self.five = ConvNormReLU(narrow_fives, channels=fives, kernel=3)
        self.pool = nn.MaxPool2d(kernel_size=3, stride=1, padding=1, ceil_mode=True)
        self.pooled = ConvNormReLU(in_channels, channels=pools)

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        one = self.one(entry)  # (N, ones, H, W)
        x = self.narrow3(entry)  # (N, narrow_threes, H, W)
        three = self.three(x)  # (N, threes, H, W)
        x = self.narrow5(entry)  # (N, narrow_fives, H, W)
        five = self.five(x)  # (N, fives, H, W)
        x = self.pool(entry)  # (N, in_channels, H, W)
        x = self.pooled(x)  # (N, pools, H, W)
        # (N, fives + ones + pools + threes, H, W)
        x = torch.cat([one, three, five, x], dim=1)
        return x


class GoogLeNet(nn.Module):
    """Nine inception modules, each with four ways side by side; a tenth of AlexNet's
    weights.
    """

    def __init__(self, in_channels: int = 3, classes: int = 1000) -> None:
        super().__init__()
        self.conv1 = ConvNormReLU(in_channels, kernel=7, stride=2)
        self.pool1 = nn.MaxPool2d(kernel_size=3, stride=2, ceil_mode=True)
        self.conv2 = ConvNormReLU(64)
        self.conv3 = ConvNormReLU(64, channels=192, kernel=3)
        self.pool2 = nn.MaxPool2d(kernel_size=3, stride=2, ceil_mode=True)
        self.inception3a = Inception(192)
        self.inception3b = Inception(
            256,
            ones=128,
            narrow_threes=128,
            threes=192,
            narrow_fives=32,
            fives=96,
            pools=64,
        )
        self.pool3 = nn.MaxPool2d(kernel_size=3, stride=2, ceil_mode=True)
        self.inception4a = Inception(480, ones=192, threes=208, fives=48, pools=64)
        self.inception4b = Inception(
            512,
            ones=160,
            narrow_threes=112,
            threes=224,
            narrow_fives=24,
            fives=64,
            pools=64,
        )
        self.inception4c = Inception(
            512,
            ones=128,
            narrow_threes=128,
            threes=256,
            narrow_fives=24,
            fives=64,
            pools=64,
        )
        self.inception4d = Inception(
            512,
            ones=112,
            narrow_threes=144,
            threes=288,
            narrow_fives=32,
            fives=64,
            pools=64,
        )
        self.inception4e = Inception(
            528,
            ones=256,
            narrow_threes=160,
            threes=320,
            narrow_fives=32,
            fives=128,
            pools=128,
        )
        self.pool4 = nn.MaxPool2d(kernel_size=2, ceil_mode=True)
        self.inception5a = Inception(
            832,
            ones=256,
            narrow_threes=160,
            threes=320,
            narrow_fives=32,
            fives=128,
            pools=128,
        )
        self.inception5b = Inception(
            832,
            ones=384,
            narrow_threes=192,
            threes=384,
            narrow_fives=48,
            fives=128,
            pools=128,
        )
        self.mean = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.drop = nn.Dropout(p=0.2)
        self.fc = nn.Linear(1024, classes)

    def forward(self, image: Tensor) -> Tensor:  # (N, in_channels, 224, 224)
        x = self.conv1(image)  # (N, 64, 112, 112)
        x = self.pool1(x)  # (N, 64, 56, 56)
        x = self.conv2(x)  # (N, 64, 56, 56)
        x = self.conv3(x)  # (N, 192, 56, 56)
        x = self.pool2(x)  # (N, 192, 28, 28)
        x = self.inception3a(x)  # (N, 256, 28, 28)
        x = self.inception3b(x)  # (N, 480, 28, 28)
        x = self.pool3(x)  # (N, 480, 14, 14)
        x = self.inception4a(x)  # (N, 512, 14, 14)
        x = self.inception4b(x)  # (N, 512, 14, 14)
        x = self.inception4c(x)  # (N, 512, 14, 14)
        x = self.inception4d(x)  # (N, 528, 14, 14)
        x = self.inception4e(x)  # (N, 832, 14, 14)
        x = self.pool4(x)  # (N, 832, 7, 7)
        x = self.inception5a(x)  # (N, 832, 7, 7)
        x = self.inception5b(x)  # (N, 1024, 7, 7)
        x = self.mean(x)  # (N, 1024, 1, 1)
        x = self.flatten(x)  # (N, 1024)
        x = self.drop(x)  # (N, 1024)
        x = self.fc(x)  # (N, classes)
        return x
