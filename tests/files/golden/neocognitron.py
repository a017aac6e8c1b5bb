"""Neocognitron, made with Kumitate."""

import torch
from torch import Tensor, nn


class SCells(nn.Module):
    """Cells that fire where a pattern is: (1 + excitation) / (1 + inhibition) − 1,
    not below 0. The inhibition grows with the root mean square of all that the
    window holds.
    """

    def __init__(self, in_channels: int, planes: int = 24, window: int = 5) -> None:
        super().__init__()
        self.excite = nn.Conv2d(
            in_channels, planes, kernel_size=window, padding=window // 2, bias=False
        )
        self.around = nn.AvgPool2d(kernel_size=window, stride=1, padding=window // 2)
        self.inhibit = nn.Conv2d(1, planes, kernel_size=1, bias=False)
        self.fire = nn.ReLU()

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.excite(entry)
        plus1 = x + 1.0
        x = torch.square(entry)  # (N, in_channels, H, W)
        x = x.mean(dim=1, keepdim=True)  # (N, 1, H, W)
        x = self.around(x)
        x = x + 0.0001
        x = torch.sqrt(x)
        x = self.inhibit(x)
        x = torch.abs(x)
        x = x + 1.0
        x = plus1 / x
        x = x + (-1.0)
        x = self.fire(x)
        return x


class CCells(nn.Module):
    """Cells that fire where a pattern is anywhere in their window: the mean of the
    S-cells there, saturating as x / (1 + x).
    """

    def __init__(self, window: int = 3, step: int = 2, gain: int = 4) -> None:
        super().__init__()
        self.gain = gain
        self.blur = nn.AvgPool2d(
            kernel_size=window,
            stride=step,
            padding=window // 2,
            count_include_pad=False,
        )
        self.saturate = nn.Softsign()

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.blur(entry)
        x = x * self.gain
        x = self.saturate(x)
        return x


class Neocognitron(nn.Module):
    """The ancestor of all convolutional networks, from 1980: S-cells find a pattern
    at every place, C-cells let it move a little, and so on in turn.
    """

    def __init__(
        self, in_channels: int = 1, classes: int = 10, planes: int = 12
    ) -> None:
        super().__init__()
        self.s1 = SCells(in_channels, planes=planes)
        self.c1 = CCells()
        self.s2 = SCells(planes, planes=2 * planes)
        self.c2 = CCells()
        self.s3 = SCells(2 * planes, planes=4 * planes, window=3)
        self.c3 = nn.AdaptiveMaxPool2d(1)
        self.flatten = nn.Flatten()
        self.fc = nn.Linear(4 * planes, classes)

    def forward(self, image: Tensor) -> Tensor:  # (N, in_channels, 16, 16)
        x = self.s1(image)  # (N, planes, 16, 16)
        x = self.c1(x)  # (N, planes, 8, 8)
        x = self.s2(x)  # (N, 2 * planes, 8, 8)
        x = self.c2(x)  # (N, 2 * planes, 4, 4)
        x = self.s3(x)  # (N, 4 * planes, 4, 4)
        x = self.c3(x)  # (N, 4 * planes, 1, 1)
        x = self.flatten(x)  # (N, 4 * planes)
        x = self.fc(x)  # (N, classes)
        return x
