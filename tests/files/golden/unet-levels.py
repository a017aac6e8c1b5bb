"""Small U-Net, made with Kumitate."""

import torch
from torch import Tensor, nn


class DoubleConv(nn.Module):
    """Two convolutions with padding, each followed by ReLU."""

    def __init__(self, in_channels: int, channels: int = 8) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, channels, kernel_size=3, padding=1)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(channels, channels, kernel_size=3, padding=1)
        self.relu2 = nn.ReLU()

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.conv1(entry)  # (N, channels, H, W)
        x = self.relu1(x)  # (N, channels, H, W)
        x = self.conv2(x)  # (N, channels, H, W)
        x = self.relu2(x)  # (N, channels, H, W)
        return x


class SmallUNet(nn.Module):
    def __init__(self, width: int = 8, classes: int = 2) -> None:
        super().__init__()
        self.down1 = DoubleConv(1, channels=width)
        self.pool1 = nn.MaxPool2d(kernel_size=2)
        self.down2 = DoubleConv(width, channels=2 * width)
        self.pool2 = nn.MaxPool2d(kernel_size=2)
        self.bottom = DoubleConv(2 * width, channels=4 * width)
        self.up2 = nn.ConvTranspose2d(4 * width, 2 * width, kernel_size=2, stride=2)
        self.merge2 = DoubleConv(4 * width, channels=2 * width)
        self.up1 = nn.ConvTranspose2d(2 * width, width, kernel_size=2, stride=2)
        self.merge1 = DoubleConv(2 * width, channels=width)
        self.score = nn.Conv2d(width, classes, kernel_size=1)

    def forward(self, image: Tensor) -> Tensor:  # (N, 1, 32, 32)
        down1 = self.down1(image)  # (N, width, 32, 32)
        x = self.pool1(down1)  # (N, width, 16, 16)
        down2 = self.down2(x)  # (N, 2 * width, 16, 16)
        x = self.pool2(down2)  # (N, 2 * width, 8, 8)
        x = self.bottom(x)  # (N, 4 * width, 8, 8)
        x = self.up2(x)  # (N, 2 * width, 16, 16)
        x = torch.cat([down2, x], dim=1)  # (N, 4 * width, 16, 16)
        x = self.merge2(x)  # (N, 2 * width, 16, 16)
        x = self.up1(x)  # (N, width, 32, 32)
        x = torch.cat([down1, x], dim=1)  # (N, 2 * width, 32, 32)
        x = self.merge1(x)  # (N, width, 32, 32)
        x = self.score(x)  # (N, classes, 32, 32)
        return x
