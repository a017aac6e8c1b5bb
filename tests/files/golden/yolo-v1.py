"""YOLO v1, made with Kumitate."""

from torch import Tensor, nn


class ConvLeaky(nn.Module):
    """A convolution and Leaky ReLU. With stride 1 height and width stay."""

    def __init__(
        self, in_channels: int, channels: int = 64, kernel: int = 3, stride: int = 1
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(
            in_channels,
            channels,
            kernel_size=kernel,
            stride=stride,
            padding=kernel // 2,
        )
        nn.init.kaiming_normal_(self.conv.weight, nonlinearity="relu")
        nn.init.zeros_(self.conv.bias)
        self.leaky = nn.LeakyReLU(negative_slope=0.1)

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.conv(entry)
        x = self.leaky(x)
        return x


class NarrowAndLook(nn.Module):
    """A 1×1 convolution that narrows, so that the 3×3 convolution behind it costs
    less. The paper repeats such pairs.
    """

    def __init__(self, in_channels: int, channels: int = 256) -> None:
        super().__init__()
        self.narrow = ConvLeaky(in_channels, channels=channels, kernel=1)
        self.look = ConvLeaky(channels, channels=2 * channels)

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.narrow(entry)  # (N, channels, H, W)
        x = self.look(x)  # (N, 2 * channels, H, W)
        return x


class YOLOV1(nn.Module):
    """Finds things in one look: each of 7×7 cells tells in 30 numbers two boxes, how
    sure it is of them, and one class.
    """

    def __init__(
        self,
        in_channels: int = 3,
        image_size: int = 448,
        classes: int = 20,
        boxes: int = 2,
        grid: int = 7,
        width: int = 64,
        hidden: int = 4096,
    ) -> None:
        super().__init__()
        self.classes = classes
        self.boxes = boxes
        self.grid = grid
        self.conv1 = ConvLeaky(in_channels, channels=width, kernel=7, stride=2)
        self.pool1 = nn.MaxPool2d(kernel_size=2)
        self.conv2 = ConvLeaky(width, channels=3 * width)
        self.pool2 = nn.MaxPool2d(kernel_size=2)
        self.conv3 = ConvLeaky(3 * width, channels=2 * width, kernel=1)
        self.conv4 = ConvLeaky(2 * width, channels=4 * width)
        self.pair5 = NarrowAndLook(4 * width, channels=4 * width)
        self.pool3 = nn.MaxPool2d(kernel_size=2)
        self.pairs6 = nn.Sequential(
            *[NarrowAndLook(8 * width, channels=4 * width) for _ in range(4)]
        )
        self.pair7 = NarrowAndLook(8 * width, channels=8 * width)
        self.pool4 = nn.MaxPool2d(kernel_size=2)
        self.pairs8 = nn.Sequential(
            *[NarrowAndLook(16 * width, channels=8 * width) for _ in range(2)]
        )
        self.conv9 = ConvLeaky(16 * width, channels=16 * width)
        self.conv10 = ConvLeaky(16 * width, channels=16 * width, stride=2)
        self.conv11 = ConvLeaky(16 * width, channels=16 * width)
        self.conv12 = ConvLeaky(16 * width, channels=16 * width)
        self.flatten = nn.Flatten()
        self.fc1 = nn.Linear(16 * ((image_size + 33) // 64) ** 2 * width, hidden)
        nn.init.kaiming_normal_(self.fc1.weight, nonlinearity="relu")
        nn.init.zeros_(self.fc1.bias)
        self.leaky1 = nn.LeakyReLU(negative_slope=0.1)
        self.dropout = nn.Dropout(p=0.5)
        self.fc2 = nn.Linear(hidden, 5 * boxes * grid**2 + classes * grid**2)

    # (N, in_channels, image_size, image_size)
    def forward(self, image: Tensor) -> Tensor:
        # (N, width, (image_size + 1) // 2, (image_size + 1) // 2)
        x = self.conv1(image)
        x = self.pool1(x)  # (N, width, (image_size + 1) // 4, (image_size + 1) // 4)
        # (N, 3 * width, (image_size + 1) // 4, (image_size + 1) // 4)
        x = self.conv2(x)
        # (N, 3 * width, (image_size + 1) // 8, (image_size + 1) // 8)
        x = self.pool2(x)
        # (N, 2 * width, (image_size + 1) // 8, (image_size + 1) // 8)
        x = self.conv3(x)
        # (N, 4 * width, (image_size + 1) // 8, (image_size + 1) // 8)
        x = self.conv4(x)
        # (N, 8 * width, (image_size + 1) // 8, (image_size + 1) // 8)
        x = self.pair5(x)
        x = self.pool3(x)
        x = self.pairs6(x)
        x = self.pair7(x)
        x = self.pool4(x)
        x = self.pairs8(x)
        x = self.conv9(x)
        x = self.conv10(x)
        x = self.conv11(x)
        x = self.conv12(x)
        x = self.flatten(x)  # (N, 16 * ((image_size + 33) // 64) ** 2 * width)
        x = self.fc1(x)  # (N, hidden)
        x = self.leaky1(x)  # (N, hidden)
        x = self.dropout(x)  # (N, hidden)
        x = self.fc2(x)  # (N, 5 * boxes * grid**2 + classes * grid**2)
        # (N, 5 * boxes + classes, grid, grid)
        x = x.reshape(x.size(0), 5 * self.boxes + self.classes, self.grid, self.grid)
        return x
