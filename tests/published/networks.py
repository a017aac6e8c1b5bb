"""Published networks as drafts, written from the facts in the literature.

Sources: LeCun et al. 1998; Krizhevsky et al. 2012; Simonyan and Zisserman 2014; He et al. 2014
(SPP) and 2015 (ResNet); Redmon et al. 2015 (YOLO) with darknet's files; Ronneberger et al.
2015 (U-Net); Shelhamer et al. 2016 (FCN); Chen et al. 2018 (DeepLabv3+); Howard et al. 2017 and
Sandler et al. 2018 (MobileNet).
"""

from __future__ import annotations

from graph.state import Project
from tests.published.draft import Draft


def lenet5() -> Project:
    d = Draft(1, 28, 28)
    x = d.chain(d.image, "Conv2d", "Tanh", out_channels=6, kernel_size=5, padding=2)
    x = d.add("AvgPool2d", x)
    x = d.chain(x, "Conv2d", "Tanh", out_channels=16, kernel_size=5)
    x = d.chain(x, "AvgPool2d", "Flatten")
    for width in (120, 84):
        x = d.chain(x, "Linear", "Tanh", out_features=width)
    return d.project(d.add("Linear", x, out_features=10))


def alexnet_2012() -> Project:
    d = Draft(3, 227, 227)
    x = d.image
    for filters, kernel, stride, padding, groups, pooled in (
        (96, 11, 4, 0, 1, True),
        (256, 5, 1, 2, 2, True),
        (384, 3, 1, 1, 1, False),
        (384, 3, 1, 1, 2, False),
        (256, 3, 1, 1, 2, False),
    ):
        x = d.chain(
            x, "Conv2d", "ReLU", out_channels=filters, kernel_size=kernel, stride=stride,
            padding=padding, groups=groups,
        )  # fmt: skip
        if pooled:
            x = d.add("LocalResponseNorm", x, size=5, k=2.0)
            x = d.add("MaxPool2d", x, kernel_size=3, stride=2)
    x = d.add("MaxPool2d", x, kernel_size=3, stride=2)
    x = d.add("Flatten", x)
    for _ in range(2):
        x = d.chain(x, "Dropout", "Linear")
        x = _set_last(d, out_features=4096)
        x = d.add("ReLU", x)
    return d.project(d.add("Linear", x, out_features=1000))


def _set_last(d: Draft, **arguments: int) -> str:
    name = list(d.nodes)[-1]
    layer, sources = d.nodes.pop(name).type, [link for link in d.links if link.target == name]
    d.links = [link for link in d.links if link.target != name]
    return d.add(layer, *[f"{link.source}.{link.output}" for link in sources], **arguments)


VGG = {
    11: (64, 0, 128, 0, 256, 256, 0, 512, 512, 0, 512, 512, 0),
    16: (64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512, 0, 512, 512, 512, 0),
    19: (64, 64, 0, 128, 128, 0, *(256,) * 4, 0, *(512,) * 4, 0, *(512,) * 4, 0),
}


def vgg(depth: int) -> Project:
    d = Draft(3, 224, 224)
    x = d.image
    for width in VGG[depth]:
        if width:
            x = d.chain(x, "Conv2d", "ReLU", out_channels=width, kernel_size=3, padding=1)
        else:
            x = d.add("MaxPool2d", x)
    x = d.add("Flatten", x)
    for _ in range(2):
        x = d.chain(x, "Linear", "ReLU", "Dropout", out_features=4096)
    return d.project(d.add("Linear", x, out_features=1000))


def resnet(depth: int) -> Project:
    d = Draft(3, 224, 224)
    x = _conv_norm(d, d.image, 64, 7, stride=2)
    x = d.chain(x, "ReLU", "MaxPool2d")
    x = _set_last(d, kernel_size=3, stride=2, padding=1)
    bottleneck = depth >= 50
    repeats = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3)}[depth]
    channels = 64
    for stage, repeat in enumerate(repeats):
        width, out = 64 << stage, (256 if bottleneck else 64) << stage
        for number in range(repeat):
            stride = 2 if stage and not number else 1
            if bottleneck:
                y = d.add("ReLU", _conv_norm(d, x, width, 1))
                y = d.add("ReLU", _conv_norm(d, y, width, 3, stride=stride))
                y = _conv_norm(d, y, out, 1)
            else:
                y = d.add("ReLU", _conv_norm(d, x, width, 3, stride=stride))
                y = _conv_norm(d, y, out, 3)
            if stride != 1 or channels != out:
                x = _conv_norm(d, x, out, 1, stride=stride)
            x = d.add("ReLU", d.add("Add", y, x))
            channels = out
    x = d.chain(x, "AdaptiveAvgPool2d", "Flatten", output_size=1)
    return d.project(d.add("Linear", x, out_features=1000))


def _conv_norm(d: Draft, x: str, width: int, kernel: int, stride: int = 1) -> str:
    x = d.add(
        "Conv2d", x, out_channels=width, kernel_size=kernel, stride=stride, padding=kernel // 2,
        bias=False,
    )  # fmt: skip
    return d.add("BatchNorm2d", x)


def mobilenet_v1() -> Project:
    d = Draft(3, 224, 224)
    x = d.add("ReLU", _conv_norm(d, d.image, 32, 3, stride=2))
    stages = ((64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *((512, 1),) * 5)
    for width, stride in (*stages, (1024, 2), (1024, 1)):
        x = d.add("DepthwiseConv2d", x, kernel_size=3, stride=stride, padding=1, bias=False)
        x = d.chain(x, "BatchNorm2d", "ReLU")
        x = d.add("ReLU", _conv_norm(d, x, width, 1))
    x = d.chain(x, "AdaptiveAvgPool2d", "Flatten", output_size=1)
    return d.project(d.add("Linear", x, out_features=1000))


def spp_net(levels: tuple[int, ...]) -> Project:
    d = Draft(3, 224, 224)
    x = d.chain(
        d.image, "Conv2d", "ReLU", "LocalResponseNorm", out_channels=96, kernel_size=7, stride=2,
        padding=1,
    )  # fmt: skip
    x = d.add("MaxPool2d", x, kernel_size=3, stride=2, ceil_mode=True)
    x = d.chain(
        x, "Conv2d", "ReLU", "LocalResponseNorm", out_channels=256, kernel_size=5, stride=2,
        padding=1,
    )  # fmt: skip
    x = d.add("MaxPool2d", x, kernel_size=3, stride=2, ceil_mode=True)
    for width in (384, 384, 256):
        x = d.chain(x, "Conv2d", "ReLU", out_channels=width, kernel_size=3, padding=1)
    bins = [d.chain(x, "AdaptiveMaxPool2d", "Flatten", output_size=level) for level in levels]
    x = d.add("Concat", *bins)
    for _ in range(2):
        x = d.chain(x, "Linear", "ReLU", "Dropout", out_features=4096)
    return d.project(d.add("Linear", x, out_features=1000))


YOLO = (
    *((64, 7, 2), 0, (192, 3, 1), 0, (128, 1, 1), (256, 3, 1), (256, 1, 1), (512, 3, 1), 0),
    *((256, 1, 1), (512, 3, 1)) * 4,
    *((512, 1, 1), (1024, 3, 1), 0),
    *((512, 1, 1), (1024, 3, 1)) * 2,
    *((1024, 3, 1), (1024, 3, 2), (1024, 3, 1), (1024, 3, 1)),
)


def yolo_v1(*, darknet: bool) -> Project:
    d = Draft(3, 448, 448)
    x = d.image
    for stage in YOLO:
        if isinstance(stage, int):
            x = d.add("MaxPool2d", x)
            continue
        width, kernel, stride = stage
        if darknet:
            x = _conv_norm(d, x, width, kernel, stride=stride)
        else:
            x = d.add(
                "Conv2d", x, out_channels=width, kernel_size=kernel, stride=stride,
                padding=kernel // 2,
            )  # fmt: skip
        x = d.add("LeakyReLU", x, negative_slope=0.1)
    if darknet:
        x = d.add("LocallyConnected2d", x, out_channels=256, kernel_size=3, padding=1)
        x = d.add("LeakyReLU", x, negative_slope=0.1)
        x = d.chain(x, "Dropout", "Flatten")
        return d.project(d.add("Linear", x, out_features=7 * 7 * (3 * 5 + 20)))
    x = d.add("Flatten", x)
    x = d.chain(x, "Linear", "LeakyReLU", "Dropout", out_features=4096)
    x = d.add("Linear", x, out_features=7 * 7 * 30)
    return d.project(d.add("Reshape", x, shape=(7, 7, 30)))


def unet_paper() -> Project:
    d = Draft(1, 572, 572)
    x, skips = d.image, []
    for width in (64, 128, 256, 512, 1024):
        for _ in range(2):
            x = d.chain(x, "Conv2d", "ReLU", out_channels=width, kernel_size=3)
        if width < 1024:
            skips.append(x)
            x = d.add("MaxPool2d", x)
    for width in (512, 256, 128, 64):
        x = d.add("ConvTranspose2d", x, out_channels=width, kernel_size=2, stride=2)
        x = d.add("Concat", d.add("CenterCrop", skips.pop(), x), x)
        for _ in range(2):
            x = d.chain(x, "Conv2d", "ReLU", out_channels=width, kernel_size=3)
    return d.project(d.add("Conv2d", x, out_channels=2, kernel_size=1))


def unet_padded(*, bilinear: bool) -> Project:
    d = Draft(3, 512, 512)
    x, skips = d.image, []
    widths = [64, 128, 256, 512, 512 if bilinear else 1024]
    for number, width in enumerate(widths):
        x = _double(d, x, width, width)
        if number < 4:
            skips.append(x)
            x = d.add("MaxPool2d", x)
    for width in (512, 256, 128, 64):
        if bilinear:
            x = d.add("Upsample", x, scale_factor=2, mode="bilinear", align_corners=True)
        else:
            x = d.add("ConvTranspose2d", x, out_channels=width, kernel_size=2, stride=2)
        skip = skips.pop()
        x = d.add("Concat", skip, d.add("PadLike", x, skip))
        out = width // 2 if bilinear and width > 64 else width
        x = _double(d, x, width if bilinear else out, out)
    return d.project(d.add("Conv2d", x, out_channels=2, kernel_size=1))


def _double(d: Draft, x: str, middle: int, width: int) -> str:
    for out in (middle, width):
        x = d.add("ReLU", _conv_norm(d, x, out, 3))
    return x


def fcn(stride: int) -> Project:
    d = Draft(3, 500, 500)
    x, pools = d.image, {}
    padding, pooled = 100, 0
    for width in VGG[16]:
        if width:
            x = d.chain(x, "Conv2d", "ReLU", out_channels=width, kernel_size=3, padding=padding)
            padding = 1
        else:
            x = d.add("MaxPool2d", x, ceil_mode=True)
            pooled += 1
            pools[pooled] = x
    x = d.chain(x, "Conv2d", "ReLU", "Dropout", out_channels=4096, kernel_size=7)
    x = d.chain(x, "Conv2d", "ReLU", "Dropout", out_channels=4096, kernel_size=1)
    x = d.add("Conv2d", x, out_channels=21, kernel_size=1)
    for pool, offset in ((4, 5), (3, 9)):
        if stride == 32 or (stride == 16 and pool == 3):
            break
        x = _upscore(d, x, 4, 2)
        score = d.add("Conv2d", pools[pool], out_channels=21, kernel_size=1)
        x = d.add("Add", x, d.add("Crop", score, x, offset=(offset,)))
    x = _upscore(d, x, 2 * stride, stride)
    offset = {32: 19, 16: 27, 8: 31}[stride]
    return d.project(d.add("Crop", x, d.image, offset=(offset,)))


def _upscore(d: Draft, x: str, kernel: int, stride: int) -> str:
    return d.add(
        "ConvTranspose2d", x, out_channels=21, kernel_size=kernel, stride=stride, bias=False
    )


def deeplab_v3_plus() -> Project:
    """With the modified aligned Xception-65, at an output stride of 16."""
    d = Draft(3, 513, 513)
    x = d.add("ReLU", _conv_norm(d, d.image, 32, 3, stride=2))
    x = d.add("ReLU", _conv_norm(d, x, 64, 3))
    x, _ = _xception(d, x, (128, 128, 128), 2)
    x, low = _xception(d, x, (256, 256, 256), 2)
    x, _ = _xception(d, x, (728, 728, 728), 2)
    for _ in range(16):
        x, _ = _xception(d, x, (728, 728, 728), 1)
    x, _ = _xception(d, x, (728, 1024, 1024), 1)
    for width in (1536, 1536, 2048):
        x = _separable(d, x, width, dilation=2)
    pooled = d.add("AdaptiveAvgPool2d", x, output_size=1)
    pooled = d.add("ReLU", _conv_norm(d, pooled, 256, 1))
    branches = [d.add("Interpolate", pooled, x, mode="bilinear")]
    branches.append(d.add("ReLU", _conv_norm(d, x, 256, 1)))
    branches += [_separable(d, x, 256, dilation=rate) for rate in (6, 12, 18)]
    x = d.add("ReLU", _conv_norm(d, d.add("Concat", *branches), 256, 1))
    x = d.add("Dropout", x, p=0.1)
    low = d.add("ReLU", _conv_norm(d, low, 48, 1))
    x = d.add("Concat", d.add("Interpolate", x, low, mode="bilinear"), low)
    for _ in range(2):
        x = _separable(d, x, 256)
    x = d.add("Conv2d", x, out_channels=21, kernel_size=1)
    return d.project(d.add("Interpolate", x, d.image, mode="bilinear"))


def _separable(d: Draft, x: str, width: int, stride: int = 1, dilation: int = 1) -> str:
    x = d.add(
        "DepthwiseConv2d", x, kernel_size=3, stride=stride, padding=dilation, dilation=dilation,
        bias=False,
    )  # fmt: skip
    x = d.chain(x, "BatchNorm2d", "ReLU")
    return d.add("ReLU", _conv_norm(d, x, width, 1))


def _xception(d: Draft, x: str, widths: tuple[int, ...], stride: int) -> tuple[str, str]:
    """A block with its shortcut, and the result of its second convolution."""
    entry, inner = x, x
    for number, width in enumerate(widths):
        step = stride if number == 2 else 1
        x = d.add("ReLU", x)
        x = d.add("DepthwiseConv2d", x, kernel_size=3, stride=step, padding=1, bias=False)
        x = _conv_norm(d, d.add("BatchNorm2d", x), width, 1)
        inner = x if number == 1 else inner
    if stride == 1 and widths == (728, 728, 728):
        return d.add("Add", x, entry), inner
    return d.add("Add", x, _conv_norm(d, entry, widths[-1], 1, stride=stride)), inner


def pspnet50() -> Project:
    """On a dilated ResNet-50 with an output stride of 8."""
    d = Draft(3, 473, 473)
    x = d.add("ReLU", _conv_norm(d, d.image, 64, 7, stride=2))
    x = d.add("MaxPool2d", x, kernel_size=3, stride=2, padding=1)
    channels = 64
    for stage, repeat in enumerate((3, 4, 6, 3)):
        width, out = 64 << stage, 256 << stage
        for number in range(repeat):
            stride = 2 if stage == 1 and not number else 1
            dilation = {2: 2, 3: 4}.get(stage, 1)
            if stage > 1 and not number:
                dilation //= 2
            y = d.add("ReLU", _conv_norm(d, x, width, 1))
            y = d.add(
                "Conv2d", y, out_channels=width, kernel_size=3, stride=stride, padding=dilation,
                dilation=dilation, bias=False,
            )  # fmt: skip
            y = d.chain(y, "BatchNorm2d", "ReLU")
            y = _conv_norm(d, y, out, 1)
            if channels != out:
                x = _conv_norm(d, x, out, 1, stride=stride)
            x = d.add("ReLU", d.add("Add", y, x))
            channels = out
    branches = [x]
    for bins in (1, 2, 3, 6):
        pooled = d.add("AdaptiveAvgPool2d", x, output_size=bins)
        pooled = d.add("ReLU", _conv_norm(d, pooled, 512, 1))
        branches.append(d.add("Interpolate", pooled, x, mode="bilinear"))
    x = d.add("ReLU", _conv_norm(d, d.add("Concat", *branches), 512, 3))
    x = d.add("Conv2d", d.add("Dropout", x, p=0.1), out_channels=21, kernel_size=1)
    return d.project(d.add("Interpolate", x, d.image, mode="bilinear"))
