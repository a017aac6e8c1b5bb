"""PSPNet with ResNet-50, made with Kumitate."""

import torch
from torch import Tensor, nn


class BottleneckDown(nn.Module):
    """A bottleneck block that changes the number of channels and, with stride 2,
    halves height and width. Starts a new stage of a ResNet-50 or deeper.
    """

    def __init__(
        self, in_channels: int, width: int = 128, stride: int = 2, dilation: int = 1
    ) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, width, kernel_size=1, bias=False)
        self.norm1 = nn.BatchNorm2d(width)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(
            width,
            width,
            kernel_size=3,
            stride=stride,
            padding=dilation,
            dilation=dilation,
            bias=False,
        )
        self.norm2 = nn.BatchNorm2d(width)
        self.relu2 = nn.ReLU()
        self.conv3 = nn.Conv2d(width, 4 * width, kernel_size=1, bias=False)
        self.norm3 = nn.BatchNorm2d(4 * width)
        self.shortcut = nn.Conv2d(
            in_channels, 4 * width, kernel_size=1, stride=stride, bias=False
        )
        self.norm4 = nn.BatchNorm2d(4 * width)
        self.relu3 = nn.ReLU()

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.conv1(entry)  # (N, width, H, W)
        x = self.norm1(x)  # (N, width, H, W)
        x = self.relu1(x)  # (N, width, H, W)
        x = self.conv2(x)  # (N, width, (H - 1) // stride + 1, (W - 1) // stride + 1)
        x = self.norm2(x)  # (N, width, (H - 1) // stride + 1, (W - 1) // stride + 1)
        x = self.relu2(x)  # (N, width, (H - 1) // stride + 1, (W - 1) // stride + 1)
        # (N, 4 * width, (H - 1) // stride + 1, (W - 1) // stride + 1)
        x = self.conv3(x)
        # (N, 4 * width, (H - 1) // stride + 1, (W - 1) // stride + 1)
        norm3 = self.norm3(x)
        # (N, 4 * width, (H - 1) // stride + 1, (W - 1) // stride + 1)
        x = self.shortcut(entry)
        # (N, 4 * width, (H - 1) // stride + 1, (W - 1) // stride + 1)
        x = self.norm4(x)
        x = norm3 + x  # (N, 4 * width, (H - 1) // stride + 1, (W - 1) // stride + 1)
        # (N, 4 * width, (H - 1) // stride + 1, (W - 1) // stride + 1)
        x = self.relu3(x)
        return x


class Bottleneck(nn.Module):
    """A residual block that computes in a quarter of the channels (1×1, 3×3, 1×1),
    so that wide and deep networks stay affordable. Sizes stay as they are.
    """

    def __init__(self, in_channels: int, width: int = 64, dilation: int = 1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, width, kernel_size=1, bias=False)
        self.norm1 = nn.BatchNorm2d(width)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(
            width, width, kernel_size=3, padding=dilation, dilation=dilation, bias=False
        )
        self.norm2 = nn.BatchNorm2d(width)
        self.relu2 = nn.ReLU()
        self.conv3 = nn.Conv2d(width, 4 * width, kernel_size=1, bias=False)
        self.norm3 = nn.BatchNorm2d(4 * width)
        self.relu3 = nn.ReLU()

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.conv1(entry)  # (N, width, H, W)
        x = self.norm1(x)  # (N, width, H, W)
        x = self.relu1(x)  # (N, width, H, W)
        x = self.conv2(x)  # (N, width, H, W)
        x = self.norm2(x)  # (N, width, H, W)
        x = self.relu2(x)  # (N, width, H, W)
        x = self.conv3(x)  # (N, 4 * width, H, W)
        x = self.norm3(x)  # (N, 4 * width, H, W)
        x = x + entry  # (N, 4 * width, H, W)
        x = self.relu3(x)  # (N, 4 * width, H, W)
        return x


class ResNet50(nn.Module):
    """ResNet-50 without its classifier, whose last stages look further instead of
    halving sizes.
    """

    def __init__(
        self, in_channels: int, width: int = 64, output_stride: int = 8
    ) -> None:
        super().__init__()
        if output_stride not in (8, 16):
            raise ValueError("output_stride must be 8 or 16")
        self.conv1 = nn.Conv2d(
            in_channels, width, kernel_size=7, stride=2, padding=3, bias=False
        )
        self.norm1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU()
        self.pool = nn.MaxPool2d(kernel_size=3, stride=2, padding=1)
        self.stage1_start = BottleneckDown(width, width=width, stride=1)
        self.stage1 = nn.Sequential(
            *[Bottleneck(4 * width, width=width) for _ in range(2)]
        )
        self.stage2_start = BottleneckDown(4 * width, width=2 * width)
        self.stage2 = nn.Sequential(
            *[Bottleneck(8 * width, width=2 * width) for _ in range(3)]
        )
        self.stage3_start = BottleneckDown(
            8 * width,
            width=4 * width,
            stride=output_stride // 8,
            dilation=16 // output_stride,
        )
        self.stage3 = nn.Sequential(
            *[
                Bottleneck(16 * width, width=4 * width, dilation=16 // output_stride)
                for _ in range(5)
            ],
        )
        self.stage4_start = BottleneckDown(
            16 * width, width=8 * width, stride=1, dilation=32 // output_stride
        )
        self.stage4 = nn.Sequential(
            *[
                Bottleneck(32 * width, width=8 * width, dilation=32 // output_stride)
                for _ in range(2)
            ],
        )

    def forward(self, image: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.conv1(image)  # (N, width, (H + 1) // 2, (W + 1) // 2)
        x = self.norm1(x)  # (N, width, (H + 1) // 2, (W + 1) // 2)
        x = self.relu(x)  # (N, width, (H + 1) // 2, (W + 1) // 2)
        x = self.pool(x)  # (N, width, (H + 3) // 4, (W + 3) // 4)
        x = self.stage1_start(x)  # (N, 4 * width, (H + 3) // 4, (W + 3) // 4)
        x = self.stage1(x)  # (N, 4 * width, (H + 3) // 4, (W + 3) // 4)
        x = self.stage2_start(x)  # (N, 8 * width, (H + 7) // 8, (W + 7) // 8)
        x = self.stage2(x)  # (N, 8 * width, (H + 7) // 8, (W + 7) // 8)
        x = self.stage3_start(x)
        x = self.stage3(x)
        x = self.stage4_start(x)
        x = self.stage4(x)
        return x


class PyramidLevel(nn.Module):
    """The means over the cells of a grid, in fewer channels, brought back to the
    size that came in.
    """

    def __init__(self, in_channels: int, channels: int = 128, grid: int = 1) -> None:
        super().__init__()
        self.pool = nn.AdaptiveAvgPool2d(grid)
        self.conv = nn.Conv2d(in_channels, channels, kernel_size=1, bias=False)
        self.norm = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU()

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.pool(entry)  # (N, in_channels, grid, grid)
        x = self.conv(x)  # (N, channels, grid, grid)
        x = self.norm(x)  # (N, channels, grid, grid)
        x = self.relu(x)  # (N, channels, grid, grid)
        x = nn.functional.interpolate(
            x, size=entry.shape[2:], mode="bilinear", align_corners=True
        )  # (N, channels, H, W)
        return x


class PyramidPooling(nn.Module):
    """Puts means over four grids, from the whole image to small regions, beside
    every pixel, so that each knows where it is. The head of PSPNet, which labels
    every pixel.
    """

    def __init__(
        self,
        in_channels: int,
        channels: int = 128,
        grid1: int = 1,
        grid2: int = 2,
        grid3: int = 3,
        grid4: int = 6,
    ) -> None:
        super().__init__()
        self.level1 = PyramidLevel(in_channels, channels=channels, grid=grid1)
        self.level2 = PyramidLevel(in_channels, channels=channels, grid=grid2)
        self.level3 = PyramidLevel(in_channels, channels=channels, grid=grid3)
        self.level4 = PyramidLevel(in_channels, channels=channels, grid=grid4)

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        level1 = self.level1(entry)  # (N, channels, H, W)
        level2 = self.level2(entry)  # (N, channels, H, W)
        level3 = self.level3(entry)  # (N, channels, H, W)
        x = self.level4(entry)  # (N, channels, H, W)
        # (N, 4 * channels + in_channels, H, W)
        x = torch.cat([entry, level1, level2, level3, x], dim=1)
        return x


class PSPNetWithResNet50(nn.Module):
    """Labels every pixel knowing where it is: means over four grids, from the whole
    image to small regions, are put beside every place of the map. Winner of the
    ImageNet scene parsing challenge of 2016.
    """

    def __init__(
        self,
        in_channels: int = 3,
        width: int = 64,
        output_stride: int = 8,
        classes: int = 21,
    ) -> None:
        super().__init__()
        if output_stride not in (8, 16):
            raise ValueError("output_stride must be 8 or 16")
        self.backbone = ResNet50(in_channels, width=width, output_stride=output_stride)
        self.pyramid = PyramidPooling(32 * width, channels=8 * width)
        self.mix = nn.Conv2d(
            64 * width, 8 * width, kernel_size=3, padding=1, bias=False
        )
        self.norm = nn.BatchNorm2d(8 * width)
        self.relu = nn.ReLU()
        self.drop = nn.Dropout2d(p=0.1)
        self.score = nn.Conv2d(8 * width, classes, kernel_size=1)

    def forward(self, image: Tensor) -> Tensor:  # (N, in_channels, 473, 473)
        x = self.backbone(image)
        x = self.pyramid(x)
        x = self.mix(x)
        x = self.norm(x)
        x = self.relu(x)
        x = self.drop(x)
        x = self.score(x)
        x = nn.functional.interpolate(
            x, size=image.shape[2:], mode="bilinear", align_corners=True
        )  # (N, classes, 473, 473)
        return x
