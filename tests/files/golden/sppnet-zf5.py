"""SPP-net (ZF-5), made with Kumitate."""

import torch
from torch import Tensor, nn


class SpatialPyramidPooling(nn.Module):
    """Takes the largest value in each cell of four grids, from fine to coarse, and
    lines them up in a vector whose length does not depend on the size of the image.
    """

    def __init__(
        self, finest: int = 6, fine: int = 3, middle: int = 2, coarse: int = 1
    ) -> None:
        super().__init__()
        self.pool1 = nn.AdaptiveMaxPool2d(finest)
        self.flatten1 = nn.Flatten()
        self.pool2 = nn.AdaptiveMaxPool2d(fine)
        self.flatten2 = nn.Flatten()
        self.pool3 = nn.AdaptiveMaxPool2d(middle)
        self.flatten3 = nn.Flatten()
        self.pool4 = nn.AdaptiveMaxPool2d(coarse)
        self.flatten4 = nn.Flatten()

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.pool1(entry)  # (N, in_channels, finest, finest)
        flatten1 = self.flatten1(x)  # (N, finest**2 * in_channels)
        x = self.pool2(entry)  # (N, in_channels, fine, fine)
        flatten2 = self.flatten2(x)  # (N, fine**2 * in_channels)
        x = self.pool3(entry)  # (N, in_channels, middle, middle)
        flatten3 = self.flatten3(x)  # (N, in_channels * middle**2)
        x = self.pool4(entry)  # (N, in_channels, coarse, coarse)
        x = self.flatten4(x)  # (N, coarse**2 * in_channels)
        x = torch.cat([flatten1, flatten2, flatten3, x], dim=1)
        return x


class SPPNetZF5(nn.Module):
    """Takes images of any size: a pyramid of pools keeps the largest value in 6×6,
    3×3, 2×2 and 1×1 cells of the map, however large it is.
    """

    def __init__(
        self,
        in_channels: int = 3,
        width: int = 32,
        hidden: int = 4096,
        classes: int = 1000,
    ) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(
            in_channels, 3 * width, kernel_size=7, stride=2, padding=1
        )
        nn.init.kaiming_normal_(self.conv1.weight, nonlinearity="relu")
        nn.init.zeros_(self.conv1.bias)
        self.relu1 = nn.ReLU()
        self.norm1 = nn.LocalResponseNorm(5)
        self.pool1 = nn.MaxPool2d(kernel_size=3, stride=2, ceil_mode=True)
        self.conv2 = nn.Conv2d(3 * width, 8 * width, kernel_size=5, stride=2, padding=1)
        nn.init.kaiming_normal_(self.conv2.weight, nonlinearity="relu")
        nn.init.zeros_(self.conv2.bias)
        self.relu2 = nn.ReLU()
        self.norm2 = nn.LocalResponseNorm(5)
        self.pool2 = nn.MaxPool2d(kernel_size=3, stride=2, ceil_mode=True)
        self.conv3 = nn.Conv2d(8 * width, 12 * width, kernel_size=3, padding=1)
        nn.init.kaiming_normal_(self.conv3.weight, nonlinearity="relu")
        nn.init.zeros_(self.conv3.bias)
        self.relu3 = nn.ReLU()
        self.conv4 = nn.Conv2d(12 * width, 12 * width, kernel_size=3, padding=1)
        nn.init.kaiming_normal_(self.conv4.weight, nonlinearity="relu")
        nn.init.zeros_(self.conv4.bias)
        self.relu4 = nn.ReLU()
        self.conv5 = nn.Conv2d(12 * width, 8 * width, kernel_size=3, padding=1)
        nn.init.kaiming_normal_(self.conv5.weight, nonlinearity="relu")
        nn.init.zeros_(self.conv5.bias)
        self.relu5 = nn.ReLU()
        self.pyramid = SpatialPyramidPooling()
        self.fc6 = nn.Linear(400 * width, hidden)
        nn.init.kaiming_normal_(self.fc6.weight, nonlinearity="relu")
        nn.init.zeros_(self.fc6.bias)
        self.relu6 = nn.ReLU()
        self.drop6 = nn.Dropout(p=0.5)
        self.fc7 = nn.Linear(hidden, hidden)
        nn.init.kaiming_normal_(self.fc7.weight, nonlinearity="relu")
        nn.init.zeros_(self.fc7.bias)
        self.relu7 = nn.ReLU()
        self.drop7 = nn.Dropout(p=0.5)
        self.fc8 = nn.Linear(hidden, classes)
        nn.init.normal_(self.fc8.weight, std=0.01)
        nn.init.zeros_(self.fc8.bias)

    def forward(self, image: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.conv1(image)  # (N, 3 * width, (H + 1) // 2 - 2, (W + 1) // 2 - 2)
        x = self.relu1(x)  # (N, 3 * width, (H + 1) // 2 - 2, (W + 1) // 2 - 2)
        x = self.norm1(x)  # (N, 3 * width, (H + 1) // 2 - 2, (W + 1) // 2 - 2)
        x = self.pool1(x)  # (N, 3 * width, (H + 1) // 4 - 1, (W + 1) // 4 - 1)
        x = self.conv2(x)  # (N, 8 * width, (H + 1) // 8 - 1, (W + 1) // 8 - 1)
        x = self.relu2(x)  # (N, 8 * width, (H + 1) // 8 - 1, (W + 1) // 8 - 1)
        x = self.norm2(x)  # (N, 8 * width, (H + 1) // 8 - 1, (W + 1) // 8 - 1)
        x = self.pool2(x)  # (N, 8 * width, (H + 9) // 16 - 1, (W + 9) // 16 - 1)
        x = self.conv3(x)  # (N, 12 * width, (H + 9) // 16 - 1, (W + 9) // 16 - 1)
        x = self.relu3(x)  # (N, 12 * width, (H + 9) // 16 - 1, (W + 9) // 16 - 1)
        x = self.conv4(x)  # (N, 12 * width, (H + 9) // 16 - 1, (W + 9) // 16 - 1)
        x = self.relu4(x)  # (N, 12 * width, (H + 9) // 16 - 1, (W + 9) // 16 - 1)
        x = self.conv5(x)  # (N, 8 * width, (H + 9) // 16 - 1, (W + 9) // 16 - 1)
        x = self.relu5(x)  # (N, 8 * width, (H + 9) // 16 - 1, (W + 9) // 16 - 1)
        x = self.pyramid(x)  # (N, 400 * width)
        x = self.fc6(x)  # (N, hidden)
        x = self.relu6(x)  # (N, hidden)
        x = self.drop6(x)  # (N, hidden)
        x = self.fc7(x)  # (N, hidden)
        x = self.relu7(x)  # (N, hidden)
        x = self.drop7(x)  # (N, hidden)
        x = self.fc8(x)  # (N, classes)
        return x
