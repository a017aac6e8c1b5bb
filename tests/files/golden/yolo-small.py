"""Small YOLO, made with Kumitate."""

from torch import Tensor, nn


class ConvNormLeaky(nn.Module):
    """A 3×3 convolution, batch normalization and Leaky ReLU. With stride 1 height
    and width stay.
    """

    def __init__(self, in_channels: int, channels: int = 16, stride: int = 1) -> None:
        super().__init__()
        self.conv = nn.Conv2d(
            in_channels, channels, kernel_size=3, stride=stride, padding=1, bias=False
        )
        self.norm = nn.BatchNorm2d(channels)
        self.leaky = nn.LeakyReLU(negative_slope=0.1)

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        # (N, channels, (H - 1) // stride + 1, (W - 1) // stride + 1)
        x = self.conv(entry)
        x = self.norm(x)  # (N, channels, (H - 1) // stride + 1, (W - 1) // stride + 1)
        x = self.leaky(x)  # (N, channels, (H - 1) // stride + 1, (W - 1) // stride + 1)
        return x


class SmallYOLO(nn.Module):
    """Finds drawn shapes in one look, as the first YOLO did, and learns it on a
    laptop: two boxes and one class for each of 7×7 cells, with two million weights.
    """

    def __init__(
        self,
        in_channels: int = 3,
        image_size: int = 112,
        classes: int = 3,
        boxes: int = 2,
        grid: int = 7,
        width: int = 16,
        hidden: int = 256,
    ) -> None:
        super().__init__()
        self.classes = classes
        self.boxes = boxes
        self.grid = grid
        self.conv1 = ConvNormLeaky(in_channels, channels=width)
        self.pool1 = nn.MaxPool2d(kernel_size=2)
        self.conv2 = ConvNormLeaky(width, channels=2 * width)
        self.pool2 = nn.MaxPool2d(kernel_size=2)
        self.conv3 = ConvNormLeaky(2 * width, channels=4 * width)
        self.pool3 = nn.MaxPool2d(kernel_size=2)
        self.conv4 = ConvNormLeaky(4 * width, channels=8 * width)
        self.pool4 = nn.MaxPool2d(kernel_size=2)
        self.conv5 = ConvNormLeaky(8 * width, channels=8 * width)
        self.flatten = nn.Flatten()
        self.fc1 = nn.Linear(8 * (image_size // 16) ** 2 * width, hidden)
        self.leaky = nn.LeakyReLU(negative_slope=0.1)
        self.dropout = nn.Dropout(p=0.2)
        self.fc2 = nn.Linear(hidden, 5 * boxes * grid**2 + classes * grid**2)

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
        x = self.conv5(x)  # (N, 8 * width, image_size // 16, image_size // 16)
        x = self.flatten(x)  # (N, 8 * (image_size // 16) ** 2 * width)
        x = self.fc1(x)  # (N, hidden)
        x = self.leaky(x)  # (N, hidden)
        x = self.dropout(x)  # (N, hidden)
        x = self.fc2(x)  # (N, 5 * boxes * grid**2 + classes * grid**2)
        # (N, 5 * boxes + classes, grid, grid)
        x = x.reshape(x.size(0), 5 * self.boxes + self.classes, self.grid, self.grid)
        return x
