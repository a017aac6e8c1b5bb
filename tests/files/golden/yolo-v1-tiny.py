"""YOLO v1 tiny, made with Kumitate."""

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


class YOLOV1Tiny(nn.Module):
    """The small YOLO of darknet's yolov1-tiny.cfg: eight convolutions with batch
    normalization, and one linear layer that tells all boxes at once.
    """

    def __init__(
        self,
        in_channels: int = 3,
        image_size: int = 448,
        classes: int = 20,
        boxes: int = 2,
        grid: int = 7,
        width: int = 16,
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
        self.pool5 = nn.MaxPool2d(kernel_size=2)
        self.conv6 = ConvNormLeaky(16 * width, channels=32 * width)
        self.pool6 = nn.MaxPool2d(kernel_size=2)
        self.conv7 = ConvNormLeaky(32 * width, channels=64 * width)
        self.conv8 = ConvNormLeaky(64 * width, channels=16 * width)
        self.flatten = nn.Flatten()
        self.fc = nn.Linear(
            16 * (image_size // 64) ** 2 * width,
            5 * boxes * grid**2 + classes * grid**2,
        )

    # (N, in_channels, image_size, image_size)
    def forward(self, image: Tensor) -> Tensor:
        x = self.conv1(image)  # (N, width, image_size, image_size)
        x = self.pool1(x)  # (N, width, image_size // 2, image_size // 2)
        x = self.conv2(x)  # (N, 2 * width, image_size // 2, image_size // 2)
        x = self.pool2(x)  # (N, 2 * width, image_size // 4, image_size // 4)
        x = self.conv3(x)  # (N, 4 * width, image_size // 4, image_size // 4)
        x = self.pool3(x)  # (N, 4 * width, image_size // 8, image_size // 8)
        x = self.conv4(x)  # (N, 8 * width, image_size // 8, image_size // 8)
        x = self.pool4(x)  # (N, 8 * width, image_size // 16, image_size // 16)
        x = self.conv5(x)  # (N, 16 * width, image_size // 16, image_size // 16)
        x = self.pool5(x)  # (N, 16 * width, image_size // 32, image_size // 32)
        x = self.conv6(x)  # (N, 32 * width, image_size // 32, image_size // 32)
        x = self.pool6(x)  # (N, 32 * width, image_size // 64, image_size // 64)
        x = self.conv7(x)  # (N, 64 * width, image_size // 64, image_size // 64)
        x = self.conv8(x)  # (N, 16 * width, image_size // 64, image_size // 64)
        x = self.flatten(x)  # (N, 16 * (image_size // 64) ** 2 * width)
        x = self.fc(x)  # (N, 5 * boxes * grid**2 + classes * grid**2)
        return x
