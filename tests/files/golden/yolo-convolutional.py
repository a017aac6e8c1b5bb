"""Convolutional YOLO, made with Kumitate."""

from torch import Tensor, nn


class ConvNormLeaky(nn.Module):
    """A 3×3 convolution that keeps height and width, batch normalization and Leaky
    ReLU.
    """

    def __init__(self, in_channels: int, channels: int = 64) -> None:
        super().__init__()
        self.conv = nn.Conv2d(
            in_channels, channels, kernel_size=3, padding=1, bias=False
        )
        nn.init.kaiming_normal_(self.conv.weight, nonlinearity="relu")
        self.norm = nn.BatchNorm2d(channels)
        self.leaky = nn.LeakyReLU(negative_slope=0.1)

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.conv(entry)  # (N, channels, H, W)
        x = self.norm(x)  # (N, channels, H, W)
        x = self.leaky(x)  # (N, channels, H, W)
        return x


class ConvolutionalYOLO(nn.Module):
    """Finds many objects in one look: a finer grid of 14×14 cells, and convolutions
    to the end, so that each cell is told from what lies around it.
    """

    def __init__(
        self, in_channels: int = 3, classes: int = 3, boxes: int = 2, width: int = 16
    ) -> None:
        super().__init__()
        self.conv1 = ConvNormLeaky(in_channels, channels=width)
        self.pool1 = nn.MaxPool2d(kernel_size=2)
        self.conv2 = ConvNormLeaky(width, channels=2 * width)
        self.pool2 = nn.MaxPool2d(kernel_size=2)
        self.conv3 = ConvNormLeaky(2 * width, channels=4 * width)
        self.pool3 = nn.MaxPool2d(kernel_size=2)
        self.conv4 = ConvNormLeaky(4 * width, channels=8 * width)
        self.pool4 = nn.MaxPool2d(kernel_size=2)
        self.conv5 = ConvNormLeaky(8 * width, channels=16 * width)
        self.conv6 = ConvNormLeaky(16 * width, channels=8 * width)
        self.conv7 = ConvNormLeaky(8 * width, channels=16 * width)
        self.cells = nn.Conv2d(16 * width, 5 * boxes + classes, kernel_size=1)

    def forward(self, image: Tensor) -> Tensor:  # (N, in_channels, 224, 224)
        x = self.conv1(image)  # (N, width, 224, 224)
        x = self.pool1(x)  # (N, width, 112, 112)
        x = self.conv2(x)  # (N, 2 * width, 112, 112)
        x = self.pool2(x)  # (N, 2 * width, 56, 56)
        x = self.conv3(x)  # (N, 4 * width, 56, 56)
        x = self.pool3(x)  # (N, 4 * width, 28, 28)
        x = self.conv4(x)  # (N, 8 * width, 28, 28)
        x = self.pool4(x)  # (N, 8 * width, 14, 14)
        x = self.conv5(x)  # (N, 16 * width, 14, 14)
        x = self.conv6(x)  # (N, 8 * width, 14, 14)
        x = self.conv7(x)  # (N, 16 * width, 14, 14)
        x = self.cells(x)  # (N, 5 * boxes + classes, 14, 14)
        return x
