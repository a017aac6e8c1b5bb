"""SqueezeNet 1.0, made with Kumitate."""

import torch
from torch import Tensor, nn


class Fire(nn.Module):
    """Narrows to a few channels, then widens with 1×1 and with 3×3 convolutions side
    by side.
    """

    def __init__(self, in_channels: int, squeeze: int = 16, expand: int = 64) -> None:
        super().__init__()
        self.narrow = nn.Conv2d(in_channels, squeeze, kernel_size=1)
        nn.init.kaiming_uniform_(self.narrow.weight, nonlinearity="relu")
        nn.init.zeros_(self.narrow.bias)
        self.relu1 = nn.ReLU()
        self.wide1 = nn.Conv2d(squeeze, expand, kernel_size=1)
        nn.init.kaiming_uniform_(self.wide1.weight, nonlinearity="relu")
        nn.init.zeros_(self.wide1.bias)
        self.relu2 = nn.ReLU()
        self.wide3 = nn.Conv2d(squeeze, expand, kernel_size=3, padding=1)
        nn.init.kaiming_uniform_(self.wide3.weight, nonlinearity="relu")
        nn.init.zeros_(self.wide3.bias)
        self.relu3 = nn.ReLU()

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.narrow(entry)  # (N, squeeze, H, W)
        relu1 = self.relu1(x)  # (N, squeeze, H, W)
        x = self.wide1(relu1)  # (N, expand, H, W)
        relu2 = self.relu2(x)  # (N, expand, H, W)
        x = self.wide3(relu1)  # (N, expand, H, W)
        x = self.relu3(x)  # (N, expand, H, W)
        x = torch.cat([relu2, x], dim=1)  # (N, 2 * expand, H, W)
        return x


class SqueezeNet10(nn.Module):
    """About as accurate as AlexNet with a fiftieth of its weights: fire modules, and
    no fully connected layer at all.
    """

    def __init__(self, in_channels: int = 3, classes: int = 1000) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, 96, kernel_size=7, stride=2)
        nn.init.kaiming_uniform_(self.conv1.weight, nonlinearity="relu")
        nn.init.zeros_(self.conv1.bias)
        self.relu1 = nn.ReLU()
        self.pool1 = nn.MaxPool2d(kernel_size=3, stride=2, ceil_mode=True)
        self.fire2 = Fire(96)
        self.fire3 = Fire(128)
        self.fire4 = Fire(128, squeeze=32, expand=128)
        self.pool4 = nn.MaxPool2d(kernel_size=3, stride=2, ceil_mode=True)
        self.fire5 = Fire(256, squeeze=32, expand=128)
        self.fire6 = Fire(256, squeeze=48, expand=192)
        self.fire7 = Fire(384, squeeze=48, expand=192)
        self.fire8 = Fire(384, squeeze=64, expand=256)
        self.pool8 = nn.MaxPool2d(kernel_size=3, stride=2, ceil_mode=True)
        self.fire9 = Fire(512, squeeze=64, expand=256)
        self.drop = nn.Dropout(p=0.5)
        self.conv10 = nn.Conv2d(512, classes, kernel_size=1)
        nn.init.normal_(self.conv10.weight, std=0.01)
        nn.init.zeros_(self.conv10.bias)
        self.relu10 = nn.ReLU()
        self.mean = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()

    def forward(self, image: Tensor) -> Tensor:  # (N, in_channels, 224, 224)
        x = self.conv1(image)  # (N, 96, 109, 109)
        x = self.relu1(x)  # (N, 96, 109, 109)
        x = self.pool1(x)  # (N, 96, 54, 54)
        x = self.fire2(x)  # (N, 128, 54, 54)
        x = self.fire3(x)  # (N, 128, 54, 54)
        x = self.fire4(x)  # (N, 256, 54, 54)
        x = self.pool4(x)  # (N, 256, 27, 27)
        x = self.fire5(x)  # (N, 256, 27, 27)
        x = self.fire6(x)  # (N, 384, 27, 27)
        x = self.fire7(x)  # (N, 384, 27, 27)
        x = self.fire8(x)  # (N, 512, 27, 27)
        x = self.pool8(x)  # (N, 512, 13, 13)
        x = self.fire9(x)  # (N, 512, 13, 13)
        x = self.drop(x)  # (N, 512, 13, 13)
        x = self.conv10(x)  # (N, classes, 13, 13)
        x = self.relu10(x)  # (N, classes, 13, 13)
        x = self.mean(x)  # (N, classes, 1, 1)
        x = self.flatten(x)  # (N, classes)
        return x
