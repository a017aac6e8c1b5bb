"""VGG-11 with batch normalization, made with Kumitate."""

from torch import Tensor, nn


class ConvNormReLU(nn.Module):
    """A 3×3 convolution that keeps height and width, batch normalization and ReLU."""

    def __init__(self, in_channels: int, channels: int = 64) -> None:
        super().__init__()
        self.conv = nn.Conv2d(in_channels, channels, kernel_size=3, padding=1)
        nn.init.kaiming_normal_(self.conv.weight, mode="fan_out", nonlinearity="relu")
        nn.init.zeros_(self.conv.bias)
        self.norm = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU()

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.conv(entry)  # (N, channels, H, W)
        x = self.norm(x)  # (N, channels, H, W)
        x = self.relu(x)  # (N, channels, H, W)
        return x


class VGG11WithBatchNormalization(nn.Module):
    """The shallow VGG with batch normalization behind each of its eight
    convolutions, so that it learns from scratch.
    """

    def __init__(
        self,
        in_channels: int = 3,
        width: int = 64,
        hidden: int = 4096,
        classes: int = 1000,
    ) -> None:
        super().__init__()
        self.stage1 = ConvNormReLU(in_channels, channels=width)
        self.pool1 = nn.MaxPool2d(kernel_size=2)
        self.stage2 = ConvNormReLU(width, channels=2 * width)
        self.pool2 = nn.MaxPool2d(kernel_size=2)
        self.stage3 = nn.Sequential(
            ConvNormReLU(2 * width, channels=4 * width),
            ConvNormReLU(4 * width, channels=4 * width),
        )
        self.pool3 = nn.MaxPool2d(kernel_size=2)
        self.stage4 = nn.Sequential(
            ConvNormReLU(4 * width, channels=8 * width),
            ConvNormReLU(8 * width, channels=8 * width),
        )
        self.pool4 = nn.MaxPool2d(kernel_size=2)
        self.stage5 = nn.Sequential(
            *[ConvNormReLU(8 * width, channels=8 * width) for _ in range(2)]
        )
        self.pool5 = nn.MaxPool2d(kernel_size=2)
        self.mean = nn.AdaptiveAvgPool2d(7)
        self.flatten = nn.Flatten()
        self.fc1 = nn.Linear(392 * width, hidden)
        nn.init.normal_(self.fc1.weight, std=0.01)
        nn.init.zeros_(self.fc1.bias)
        self.relu1 = nn.ReLU()
        self.drop1 = nn.Dropout(p=0.5)
        self.fc2 = nn.Linear(hidden, hidden)
        nn.init.normal_(self.fc2.weight, std=0.01)
        nn.init.zeros_(self.fc2.bias)
        self.relu2 = nn.ReLU()
        self.drop2 = nn.Dropout(p=0.5)
        self.fc3 = nn.Linear(hidden, classes)
        nn.init.normal_(self.fc3.weight, std=0.01)
        nn.init.zeros_(self.fc3.bias)

    def forward(self, image: Tensor) -> Tensor:  # (N, in_channels, 224, 224)
        x = self.stage1(image)  # (N, width, 224, 224)
        x = self.pool1(x)  # (N, width, 112, 112)
        x = self.stage2(x)  # (N, 2 * width, 112, 112)
        x = self.pool2(x)  # (N, 2 * width, 56, 56)
        x = self.stage3(x)  # (N, 4 * width, 56, 56)
        x = self.pool3(x)  # (N, 4 * width, 28, 28)
        x = self.stage4(x)  # (N, 8 * width, 28, 28)
        x = self.pool4(x)  # (N, 8 * width, 14, 14)
        x = self.stage5(x)  # (N, 8 * width, 14, 14)
        x = self.pool5(x)  # (N, 8 * width, 7, 7)
        x = self.mean(x)  # (N, 8 * width, 7, 7)
        x = self.flatten(x)  # (N, 392 * width)
        x = self.fc1(x)  # (N, hidden)
        x = self.relu1(x)  # (N, hidden)
        x = self.drop1(x)  # (N, hidden)
        x = self.fc2(x)  # (N, hidden)
        x = self.relu2(x)  # (N, hidden)
        x = self.drop2(x)  # (N, hidden)
        x = self.fc3(x)  # (N, classes)
        return x
