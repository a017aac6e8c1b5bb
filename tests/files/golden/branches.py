"""Branches, made with Kumitate."""

import torch
from torch import Tensor, nn


class DoubleConv(nn.Module):
    """Two convolutions with batch normalization."""

    def __init__(self, in_channels: int, out_channels: int = 16) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(
            in_channels, out_channels, kernel_size=3, padding=1, bias=False
        )
        self.norm1 = nn.BatchNorm2d(out_channels)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(
            out_channels, out_channels, kernel_size=3, padding=1, bias=False
        )
        self.norm2 = nn.BatchNorm2d(out_channels)
        self.relu2 = nn.ReLU()

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.conv1(entry)  # (N, out_channels, H, W)
        x = self.norm1(x)  # (N, out_channels, H, W)
        x = self.relu1(x)  # (N, out_channels, H, W)
        x = self.conv2(x)  # (N, out_channels, H, W)
        x = self.norm2(x)  # (N, out_channels, H, W)
        x = self.relu2(x)  # (N, out_channels, H, W)
        return x


class Branches(nn.Module):
    """A little of everything that is hard to write down as code."""

    def __init__(
        self,
        classes: int = 5,
        width: int = 8,
        axis: int = 1,
        rate: float = 0.1,
        use_bias: bool = False,
    ) -> None:
        super().__init__()
        self.axis = axis
        self.stem = nn.Conv2d(3, width, kernel_size=3, padding=1, bias=use_bias)
        self.level1 = DoubleConv(width, out_channels=width)
        self.down = nn.MaxPool2d(kernel_size=2)
        self.level2 = nn.Sequential(
            DoubleConv(width, out_channels=2 * width),
            *[DoubleConv(2 * width, out_channels=2 * width) for _ in range(2)],
        )
        self.up = nn.ConvTranspose2d(2 * width, width, kernel_size=2, stride=2)
        self.gate = nn.Sigmoid()
        self.pool = nn.AdaptiveAvgPool2d((2, 3))
        self.flat = nn.Flatten()
        self.lstm = nn.LSTM(
            20, 16, num_layers=2, batch_first=True, dropout=rate, bidirectional=True
        )
        self.last = nn.Flatten()
        self.norm = nn.BatchNorm1d(6 * width + 64)
        self.drop = nn.Dropout(p=rate)
        self.fc = nn.Linear(6 * width + 64, classes)

    # (N, 3, 32, 32), (N, 12, 20)
    def forward(self, image: Tensor, features: Tensor) -> tuple[Tensor, Tensor]:
        x = self.stem(image)  # (N, width, 32, 32)
        level1 = self.level1(x)  # (N, width, 32, 32)
        x = self.down(level1)  # (N, width, 16, 16)
        x = self.level2(x)  # (N, 2 * width, 16, 16)
        x = self.up(x)  # (N, width, 32, 32)
        x = torch.cat([level1, x], dim=self.axis)  # (N, 2 * width, 32, 32)
        # (N, width, 32, 32), (N, width, 32, 32)
        halves_out_1, halves_out_2 = torch.chunk(x, 2, dim=1)
        x = self.gate(halves_out_1)  # (N, width, 32, 32)
        gated = x * halves_out_2  # (N, width, 32, 32)
        x = self.pool(gated)  # (N, width, 2, 3)
        flat = self.flat(x)  # (N, 6 * width)
        _, (lstm_hidden, _) = self.lstm(features)
        lstm_hidden = lstm_hidden.transpose(0, 1)  # (N, 4, 16)
        x = self.last(lstm_hidden)  # (N, 64)
        x = torch.cat([flat, x], dim=1)  # (N, 6 * width + 64)
        x = self.norm(x)  # (N, 6 * width + 64)
        x = self.drop(x)  # (N, 6 * width + 64)
        x = self.fc(x)  # (N, classes)
        return x, gated
