"""DenseNet-121, made with Kumitate."""

import torch
from torch import Tensor, nn


class DenseLayer(nn.Module):
    """One layer of a dense block; its result is put beside what came in."""

    def __init__(self, in_channels: int, growth: int = 32, widening: int = 4) -> None:
        super().__init__()
        self.norm1 = nn.BatchNorm2d(in_channels)
        self.relu1 = nn.ReLU()
        self.conv1 = nn.Conv2d(
            in_channels, growth * widening, kernel_size=1, bias=False
        )
        self.norm2 = nn.BatchNorm2d(growth * widening)
        self.relu2 = nn.ReLU()
        self.conv2 = nn.Conv2d(
            growth * widening, growth, kernel_size=3, padding=1, bias=False
        )

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.norm1(entry)  # (N, in_channels, H, W)
        x = self.relu1(x)  # (N, in_channels, H, W)
        x = self.conv1(x)  # (N, growth * widening, H, W)
        x = self.norm2(x)  # (N, growth * widening, H, W)
        x = self.relu2(x)  # (N, growth * widening, H, W)
        x = self.conv2(x)  # (N, growth, H, W)
        x = torch.cat([entry, x], dim=1)  # (N, growth + in_channels, H, W)
        return x


class DenseBlock(nn.Module):
    """Layers of which each sees the results of all before it and adds a few channels
    of its own. Reuses what was found early, with few weights.
    """

    def __init__(
        self, in_channels: int, growth: int = 32, layers: int = 6, widening: int = 4
    ) -> None:
        super().__init__()
        self.layer = nn.Sequential(
            *[
                DenseLayer(
                    growth * place + in_channels, growth=growth, widening=widening
                )
                for place in range(layers)
            ],
        )

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.layer(entry)  # (N, growth * layers + in_channels, H, W)
        return x


class Transition(nn.Module):
    """Mixes the channels into half as many and halves height and width; between two
    dense blocks.
    """

    def __init__(self, in_channels: int, channels: int = 128) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(in_channels)
        self.relu = nn.ReLU()
        self.conv = nn.Conv2d(in_channels, channels, kernel_size=1, bias=False)
        self.pool = nn.AvgPool2d(kernel_size=2)

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.norm(entry)  # (N, in_channels, H, W)
        x = self.relu(x)  # (N, in_channels, H, W)
        x = self.conv(x)  # (N, channels, H, W)
        x = self.pool(x)  # (N, channels, H // 2, W // 2)
        return x


class DenseNet121(nn.Module):
    """Every layer sees the results of all layers before it in its block, and adds 32
    channels of its own. Few weights, since nothing must be learned twice.
    """

    def __init__(
        self, in_channels: int = 3, growth: int = 32, classes: int = 1000
    ) -> None:
        super().__init__()
        self.conv0 = nn.Conv2d(
            in_channels, 2 * growth, kernel_size=7, stride=2, padding=3, bias=False
        )
        self.norm0 = nn.BatchNorm2d(2 * growth)
        self.relu0 = nn.ReLU()
        self.pool0 = nn.MaxPool2d(kernel_size=3, stride=2, padding=1)
        self.dense1 = DenseBlock(2 * growth, growth=growth)
        self.transition1 = Transition(8 * growth, channels=4 * growth)
        self.dense2 = DenseBlock(4 * growth, growth=growth, layers=12)
        self.transition2 = Transition(16 * growth, channels=8 * growth)
        self.dense3 = DenseBlock(8 * growth, growth=growth, layers=24)
        self.transition3 = Transition(32 * growth, channels=16 * growth)
        self.dense4 = DenseBlock(16 * growth, growth=growth, layers=16)
        self.norm5 = nn.BatchNorm2d(32 * growth)
        self.relu5 = nn.ReLU()
        self.mean = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.fc = nn.Linear(32 * growth, classes)

    def forward(self, image: Tensor) -> Tensor:  # (N, in_channels, 224, 224)
        x = self.conv0(image)  # (N, 2 * growth, 112, 112)
        x = self.norm0(x)  # (N, 2 * growth, 112, 112)
        x = self.relu0(x)  # (N, 2 * growth, 112, 112)
        x = self.pool0(x)  # (N, 2 * growth, 56, 56)
        x = self.dense1(x)  # (N, 8 * growth, 56, 56)
        x = self.transition1(x)  # (N, 4 * growth, 28, 28)
        x = self.dense2(x)  # (N, 16 * growth, 28, 28)
        x = self.transition2(x)  # (N, 8 * growth, 14, 14)
        x = self.dense3(x)  # (N, 32 * growth, 14, 14)
        x = self.transition3(x)  # (N, 16 * growth, 7, 7)
        x = self.dense4(x)  # (N, 32 * growth, 7, 7)
        x = self.norm5(x)  # (N, 32 * growth, 7, 7)
        x = self.relu5(x)  # (N, 32 * growth, 7, 7)
        x = self.mean(x)  # (N, 32 * growth, 1, 1)
        x = self.flatten(x)  # (N, 32 * growth)
        x = self.fc(x)  # (N, classes)
        return x
