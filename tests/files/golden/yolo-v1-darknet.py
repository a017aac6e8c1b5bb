"""YOLO v1 (darknet), made with Kumitate."""

import math

import torch
from torch import Tensor, nn


class LocallyConnected2d(nn.Module):
    """Like `nn.Conv2d`, but with filters and biases of their own at every place.

    The `[local]` layer of Darknet, on which YOLO's first published networks were built.

    Args:
        input_size: height and width of the images, on which the number of
            weights depends.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        input_size: tuple[int, int],
        kernel_size: tuple[int, int],
        stride: tuple[int, int] = (1, 1),
        padding: tuple[int, int] = (0, 0),
        bias: bool = True,
    ) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = stride
        self.padding = padding
        height, width = (
            (size + 2 * p - k) // s + 1
            for size, k, s, p in zip(
                input_size, kernel_size, stride, padding, strict=True
            )
        )
        self.weight = nn.Parameter(
            torch.empty(height, width, out_channels, in_channels, *kernel_size)
        )
        self.bias = (
            nn.Parameter(torch.empty(out_channels, height, width)) if bias else None
        )
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the weights as `nn.Conv2d` does: within ±1 / √(values of a filter)."""
        bound = 1 / math.sqrt(self.weight[0, 0, 0].numel())
        for parameter in self.parameters():
            nn.init.uniform_(parameter, -bound, bound)

    def forward(self, x: Tensor) -> Tensor:
        """(N, in_channels, *input_size) -> (N, out_channels, height, width)."""
        rows, columns = self.padding
        x = nn.functional.pad(x, (columns, columns, rows, rows))
        patches = x.unfold(2, self.kernel_size[0], self.stride[0])
        patches = patches.unfold(
            3, self.kernel_size[1], self.stride[1]
        )  # (N, C, H, W, kh, kw)
        patches = patches.permute(2, 3, 1, 4, 5, 0).flatten(2, 4)  # (H, W, C·kh·kw, N)
        out = self.weight.flatten(3) @ patches  # at every place by itself
        out = out.permute(3, 2, 0, 1)  # (N, out_channels, H, W)
        return out if self.bias is None else out + self.bias

    def extra_repr(self) -> str:
        """The settings, for `print(model)`."""
        settings = f"kernel_size={self.kernel_size}, stride={self.stride}"
        return f"{settings}, padding={self.padding}"


class ConvNormLeaky(nn.Module):
    """A convolution, batch normalization and Leaky ReLU. With stride 1 height and
    width stay.
    """

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
            bias=False,
        )
        nn.init.kaiming_normal_(self.conv.weight, nonlinearity="relu")
        self.norm = nn.BatchNorm2d(channels)
        self.leaky = nn.LeakyReLU(negative_slope=0.1)

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.conv(entry)
        x = self.norm(x)
        x = self.leaky(x)
        return x


class NarrowAndLook(nn.Module):
    """A 1×1 convolution that narrows, so that the 3×3 convolution behind it costs
    less. The paper repeats such pairs.
    """

    def __init__(self, in_channels: int, channels: int = 256) -> None:
        super().__init__()
        self.narrow = ConvNormLeaky(in_channels, channels=channels, kernel=1)
        self.look = ConvNormLeaky(channels, channels=2 * channels)

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.narrow(entry)  # (N, channels, H, W)
        x = self.look(x)  # (N, 2 * channels, H, W)
        return x


class YOLOV1Darknet(nn.Module):
    """What darknet's yolov1.cfg holds today, which is not the network of the paper:
    with batch normalization, three boxes for each cell, and a locally connected
    layer.
    """

    def __init__(
        self,
        in_channels: int = 3,
        image_size: int = 448,
        classes: int = 20,
        boxes: int = 3,
        grid: int = 7,
        width: int = 64,
    ) -> None:
        super().__init__()
        self.conv1 = ConvNormLeaky(in_channels, channels=width, kernel=7, stride=2)
        self.pool1 = nn.MaxPool2d(kernel_size=2)
        self.conv2 = ConvNormLeaky(width, channels=3 * width)
        self.pool2 = nn.MaxPool2d(kernel_size=2)
        self.conv3 = ConvNormLeaky(3 * width, channels=2 * width, kernel=1)
        self.conv4 = ConvNormLeaky(2 * width, channels=4 * width)
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
        self.conv9 = ConvNormLeaky(16 * width, channels=16 * width)
        self.conv10 = ConvNormLeaky(16 * width, channels=16 * width, stride=2)
        self.conv11 = ConvNormLeaky(16 * width, channels=16 * width)
        self.conv12 = ConvNormLeaky(16 * width, channels=16 * width)
        self.local = LocallyConnected2d(
            16 * width,
            4 * width,
            input_size=((image_size + 33) // 64, (image_size + 33) // 64),
            kernel_size=(3, 3),
            padding=(1, 1),
        )
        self.leaky1 = nn.LeakyReLU(negative_slope=0.1)
        self.dropout = nn.Dropout(p=0.5)
        self.flatten = nn.Flatten()
        self.fc = nn.Linear(
            4 * ((image_size + 33) // 64) ** 2 * width,
            5 * boxes * grid**2 + classes * grid**2,
        )

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
        x = self.local(x)
        x = self.leaky1(x)
        x = self.dropout(x)
        x = self.flatten(x)  # (N, 4 * ((image_size + 33) // 64) ** 2 * width)
        x = self.fc(x)  # (N, 5 * boxes * grid**2 + classes * grid**2)
        return x
