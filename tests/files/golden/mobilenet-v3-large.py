"""MobileNetV3, large, made with Kumitate."""

from torch import Tensor, nn


class DepthwiseProject(nn.Module):
    """Filters each channel by itself, then mixes them; the first block, which widens
    nothing.
    """

    def __init__(self, in_channels: int) -> None:
        super().__init__()
        self.depthwise = nn.Conv2d(
            in_channels,
            in_channels,
            kernel_size=3,
            padding=1,
            groups=in_channels,
            bias=False,
        )
        self.norm1 = nn.BatchNorm2d(in_channels, eps=0.001)
        self.relu = nn.ReLU()
        self.project = nn.Conv2d(in_channels, 16, kernel_size=1, bias=False)
        self.norm2 = nn.BatchNorm2d(16, eps=0.001)

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.depthwise(entry)  # (N, in_channels, H, W)
        x = self.norm1(x)  # (N, in_channels, H, W)
        x = self.relu(x)  # (N, in_channels, H, W)
        x = self.project(x)  # (N, 16, H, W)
        x = self.norm2(x)  # (N, 16, H, W)
        return x


class WidenReLU(nn.Module):
    """Widens the channels, filters each by itself and narrows them again, with ReLU."""

    def __init__(
        self,
        in_channels: int,
        wide: int = 64,
        channels: int = 24,
        kernel: int = 3,
        stride: int = 1,
    ) -> None:
        super().__init__()
        self.expand = nn.Conv2d(in_channels, wide, kernel_size=1, bias=False)
        self.norm1 = nn.BatchNorm2d(wide, eps=0.001)
        self.act1 = nn.ReLU()
        self.depthwise = nn.Conv2d(
            wide,
            wide,
            kernel_size=kernel,
            stride=stride,
            padding=kernel // 2,
            groups=wide,
            bias=False,
        )
        self.norm2 = nn.BatchNorm2d(wide, eps=0.001)
        self.act2 = nn.ReLU()
        self.project = nn.Conv2d(wide, channels, kernel_size=1, bias=False)
        self.norm3 = nn.BatchNorm2d(channels, eps=0.001)

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.expand(entry)  # (N, wide, H, W)
        x = self.norm1(x)  # (N, wide, H, W)
        x = self.act1(x)  # (N, wide, H, W)
        x = self.depthwise(x)
        x = self.norm2(x)
        x = self.act2(x)
        x = self.project(x)
        x = self.norm3(x)
        return x


class SqueezeGate(nn.Module):
    """Looks at the mean of every channel and decides how much of each goes on."""

    def __init__(self, in_channels: int, channels: int = 72, narrow: int = 24) -> None:
        super().__init__()
        self.squeeze = nn.AdaptiveAvgPool2d(1)
        self.reduce = nn.Conv2d(in_channels, narrow, kernel_size=1)
        self.relu = nn.ReLU()
        self.expand = nn.Conv2d(narrow, channels, kernel_size=1)
        self.gate = nn.Hardsigmoid()

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.squeeze(entry)  # (N, in_channels, 1, 1)
        x = self.reduce(x)  # (N, narrow, 1, 1)
        x = self.relu(x)  # (N, narrow, 1, 1)
        x = self.expand(x)  # (N, channels, 1, 1)
        x = self.gate(x)  # (N, channels, 1, 1)
        x = x * entry  # (N, channels, H, W)
        return x


class WidenGateReLU(nn.Module):
    """Widens the channels, filters each by itself, stresses what matters and narrows
    them again, with ReLU.
    """

    def __init__(
        self,
        in_channels: int,
        wide: int = 64,
        channels: int = 24,
        kernel: int = 3,
        stride: int = 1,
        narrow: int = 24,
    ) -> None:
        super().__init__()
        self.expand = nn.Conv2d(in_channels, wide, kernel_size=1, bias=False)
        self.norm1 = nn.BatchNorm2d(wide, eps=0.001)
        self.act1 = nn.ReLU()
        self.depthwise = nn.Conv2d(
            wide,
            wide,
            kernel_size=kernel,
            stride=stride,
            padding=kernel // 2,
            groups=wide,
            bias=False,
        )
        self.norm2 = nn.BatchNorm2d(wide, eps=0.001)
        self.act2 = nn.ReLU()
        self.gate = SqueezeGate(wide, channels=wide, narrow=narrow)
        self.project = nn.Conv2d(wide, channels, kernel_size=1, bias=False)
        self.norm3 = nn.BatchNorm2d(channels, eps=0.001)

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.expand(entry)  # (N, wide, H, W)
        x = self.norm1(x)  # (N, wide, H, W)
        x = self.act1(x)  # (N, wide, H, W)
        x = self.depthwise(x)
        x = self.norm2(x)
        x = self.act2(x)
        x = self.gate(x)
        x = self.project(x)
        x = self.norm3(x)
        return x


class WidenHardswish(nn.Module):
    """Widens the channels, filters each by itself and narrows them again, with
    Hardswish.
    """

    def __init__(
        self,
        in_channels: int,
        wide: int = 64,
        channels: int = 24,
        kernel: int = 3,
        stride: int = 1,
    ) -> None:
        super().__init__()
        self.expand = nn.Conv2d(in_channels, wide, kernel_size=1, bias=False)
        self.norm1 = nn.BatchNorm2d(wide, eps=0.001)
        self.act1 = nn.Hardswish()
        self.depthwise = nn.Conv2d(
            wide,
            wide,
            kernel_size=kernel,
            stride=stride,
            padding=kernel // 2,
            groups=wide,
            bias=False,
        )
        self.norm2 = nn.BatchNorm2d(wide, eps=0.001)
        self.act2 = nn.Hardswish()
        self.project = nn.Conv2d(wide, channels, kernel_size=1, bias=False)
        self.norm3 = nn.BatchNorm2d(channels, eps=0.001)

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.expand(entry)  # (N, wide, H, W)
        x = self.norm1(x)  # (N, wide, H, W)
        x = self.act1(x)  # (N, wide, H, W)
        x = self.depthwise(x)
        x = self.norm2(x)
        x = self.act2(x)
        x = self.project(x)
        x = self.norm3(x)
        return x


class WidenGateHardswish(nn.Module):
    """Widens the channels, filters each by itself, stresses what matters and narrows
    them again, with Hardswish.
    """

    def __init__(
        self,
        in_channels: int,
        wide: int = 64,
        channels: int = 24,
        kernel: int = 3,
        stride: int = 1,
        narrow: int = 24,
    ) -> None:
        super().__init__()
        self.expand = nn.Conv2d(in_channels, wide, kernel_size=1, bias=False)
        self.norm1 = nn.BatchNorm2d(wide, eps=0.001)
        self.act1 = nn.Hardswish()
        self.depthwise = nn.Conv2d(
            wide,
            wide,
            kernel_size=kernel,
            stride=stride,
            padding=kernel // 2,
            groups=wide,
            bias=False,
        )
        self.norm2 = nn.BatchNorm2d(wide, eps=0.001)
        self.act2 = nn.Hardswish()
        self.gate = SqueezeGate(wide, channels=wide, narrow=narrow)
        self.project = nn.Conv2d(wide, channels, kernel_size=1, bias=False)
        self.norm3 = nn.BatchNorm2d(channels, eps=0.001)

    def forward(self, entry: Tensor) -> Tensor:  # (N, in_channels, H, W)
        x = self.expand(entry)  # (N, wide, H, W)
        x = self.norm1(x)  # (N, wide, H, W)
        x = self.act1(x)  # (N, wide, H, W)
        x = self.depthwise(x)
        x = self.norm2(x)
        x = self.act2(x)
        x = self.gate(x)
        x = self.project(x)
        x = self.norm3(x)
        return x


class MobileNetV3Large(nn.Module):
    """MobileNetV2 with widths found by a search, gates on the channels (squeeze and
    excitation), and a cheap activation, Hardswish.
    """

    def __init__(self, in_channels: int = 3, classes: int = 1000) -> None:
        super().__init__()
        self.conv0 = nn.Conv2d(
            in_channels, 16, kernel_size=3, stride=2, padding=1, bias=False
        )
        self.norm0 = nn.BatchNorm2d(16, eps=0.001)
        self.act0 = nn.Hardswish()
        self.stage1 = DepthwiseProject(16)
        self.stage2 = WidenReLU(16, stride=2)
        self.stage3 = WidenReLU(24, wide=72)
        self.stage4 = WidenGateReLU(24, wide=72, channels=40, kernel=5, stride=2)
        self.stage5 = WidenGateReLU(40, wide=120, channels=40, kernel=5, narrow=32)
        self.stage6 = WidenGateReLU(40, wide=120, channels=40, kernel=5, narrow=32)
        self.stage7 = WidenHardswish(40, wide=240, channels=80, stride=2)
        self.stage8 = WidenHardswish(80, wide=200, channels=80)
        self.stage9 = WidenHardswish(80, wide=184, channels=80)
        self.stage10 = WidenHardswish(80, wide=184, channels=80)
        self.stage11 = WidenGateHardswish(80, wide=480, channels=112, narrow=120)
        self.stage12 = WidenGateHardswish(112, wide=672, channels=112, narrow=168)
        self.stage13 = WidenGateHardswish(
            112, wide=672, channels=160, kernel=5, stride=2, narrow=168
        )
        self.stage14 = WidenGateHardswish(
            160, wide=960, channels=160, kernel=5, narrow=240
        )
        self.stage15 = WidenGateHardswish(
            160, wide=960, channels=160, kernel=5, narrow=240
        )
        self.conv16 = nn.Conv2d(160, 960, kernel_size=1, bias=False)
        self.norm16 = nn.BatchNorm2d(960, eps=0.001)
        self.act16 = nn.Hardswish()
        self.mean = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.fc1 = nn.Linear(960, 1280)
        self.act17 = nn.Hardswish()
        self.drop = nn.Dropout(p=0.2)
        self.fc2 = nn.Linear(1280, classes)

    def forward(self, image: Tensor) -> Tensor:  # (N, in_channels, 224, 224)
        x = self.conv0(image)  # (N, 16, 112, 112)
        x = self.norm0(x)  # (N, 16, 112, 112)
        act0 = self.act0(x)  # (N, 16, 112, 112)
        x = self.stage1(act0)  # (N, 16, 112, 112)
        x = x + act0  # (N, 16, 112, 112)
        stage2 = self.stage2(x)  # (N, 24, 56, 56)
        x = self.stage3(stage2)  # (N, 24, 56, 56)
        x = x + stage2  # (N, 24, 56, 56)
        stage4 = self.stage4(x)  # (N, 40, 28, 28)
        x = self.stage5(stage4)  # (N, 40, 28, 28)
        add5 = x + stage4  # (N, 40, 28, 28)
        x = self.stage6(add5)  # (N, 40, 28, 28)
        x = x + add5  # (N, 40, 28, 28)
        stage7 = self.stage7(x)  # (N, 80, 14, 14)
        x = self.stage8(stage7)  # (N, 80, 14, 14)
        add8 = x + stage7  # (N, 80, 14, 14)
        x = self.stage9(add8)  # (N, 80, 14, 14)
        add9 = x + add8  # (N, 80, 14, 14)
        x = self.stage10(add9)  # (N, 80, 14, 14)
        x = x + add9  # (N, 80, 14, 14)
        stage11 = self.stage11(x)  # (N, 112, 14, 14)
        x = self.stage12(stage11)  # (N, 112, 14, 14)
        x = x + stage11  # (N, 112, 14, 14)
        stage13 = self.stage13(x)  # (N, 160, 7, 7)
        x = self.stage14(stage13)  # (N, 160, 7, 7)
        add14 = x + stage13  # (N, 160, 7, 7)
        x = self.stage15(add14)  # (N, 160, 7, 7)
        x = x + add14  # (N, 160, 7, 7)
        x = self.conv16(x)  # (N, 960, 7, 7)
        x = self.norm16(x)  # (N, 960, 7, 7)
        x = self.act16(x)  # (N, 960, 7, 7)
        x = self.mean(x)  # (N, 960, 1, 1)
        x = self.flatten(x)  # (N, 960)
        x = self.fc1(x)  # (N, 1280)
        x = self.act17(x)  # (N, 1280)
        x = self.drop(x)  # (N, 1280)
        x = self.fc2(x)  # (N, classes)
        return x
