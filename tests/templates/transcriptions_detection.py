"""SPP-net and the first YOLO networks in plain PyTorch, from the papers and darknet's files."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class SPPNet(nn.Module):
    """He et al. 2014, ZF-5 with a pyramid of pools in front of its linear layers."""

    def __init__(
        self, levels: tuple[int, ...], *, width: int = 96, hidden: int = 4096, classes: int = 1000
    ) -> None:
        super().__init__()
        middle, wide = width * 8 // 3, width * 4
        self.features = nn.Sequential(
            *(nn.Conv2d(3, width, 7, 2, 1), nn.ReLU(), nn.LocalResponseNorm(5)),
            nn.MaxPool2d(3, 2, ceil_mode=True),
            *(nn.Conv2d(width, middle, 5, 2, 1), nn.ReLU(), nn.LocalResponseNorm(5)),
            nn.MaxPool2d(3, 2, ceil_mode=True),
            *(nn.Conv2d(middle, wide, 3, 1, 1), nn.ReLU()),
            *(nn.Conv2d(wide, wide, 3, 1, 1), nn.ReLU()),
            *(nn.Conv2d(wide, middle, 3, 1, 1), nn.ReLU()),
        )
        self.levels = levels
        self.classifier = nn.Sequential(
            *(nn.Linear(sum(n * n for n in levels) * middle, hidden), nn.ReLU(), nn.Dropout()),
            *(nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout()),
            nn.Linear(hidden, classes),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(pyramid(self.features(x), self.levels))


def pyramid(x: Tensor, levels: tuple[int, ...]) -> Tensor:
    """The largest value of each bin, as appendix A of the paper says where a bin begins and ends:
    bin i of n along a side a reaches from floor((i - 1)·a/n) to ceil(i·a/n)."""
    height, width = x.shape[2:]
    parts = []
    for n in levels:
        rows = [slice(i * height // n, -((i + 1) * -height // n)) for i in range(n)]
        columns = [slice(i * width // n, -((i + 1) * -width // n)) for i in range(n)]
        cells = [[x[:, :, r, c].amax(dim=(2, 3)) for c in columns] for r in rows]
        parts.append(torch.stack([torch.stack(row, -1) for row in cells], -2).flatten(1))
    return torch.cat(parts, dim=1)


# Channels, size of the filters, stride; 0 is a pooling. Figure 3 of the paper.
FULL = (
    *((64, 7, 2), 0, (192, 3, 1), 0, (128, 1, 1), (256, 3, 1), (256, 1, 1), (512, 3, 1), 0),
    *((256, 1, 1), (512, 3, 1)) * 4,
    *((512, 1, 1), (1024, 3, 1), 0),
    *((512, 1, 1), (1024, 3, 1)) * 2,
    *((1024, 3, 1), (1024, 3, 2), (1024, 3, 1), (1024, 3, 1)),
)
SIX_POOLED = tuple(
    part for channels in (16, 32, 64, 128, 256, 512) for part in ((channels, 3, 1), 0)
)
TINY = (*SIX_POOLED, (1024, 3, 1), (256, 3, 1))
FAST = (*SIX_POOLED, (1024, 3, 1), (1024, 3, 1), (1024, 3, 1))


def convolutions(spec: tuple, share: int, *, norm: bool) -> list[nn.Module]:
    """The convolutions with only one of `share` channels."""
    layers: list[nn.Module] = []
    ins = 3
    for stage in spec:
        if stage == 0:
            layers.append(nn.MaxPool2d(2))
            continue
        outs, size, stride = stage[0] // share, *stage[1:]
        layers.append(nn.Conv2d(ins, outs, size, stride, size // 2, bias=not norm))
        layers += [nn.BatchNorm2d(outs)] if norm else []
        layers.append(nn.LeakyReLU(0.1))
        ins = outs
    return [*layers]


def yolo(*, share: int = 1, hidden: int = 4096, boxes: int = 2, classes: int = 20) -> nn.Module:
    """The network of the paper; per cell boxes and classes, before rows and columns."""
    return nn.Sequential(
        *convolutions(FULL, share, norm=False),
        *(nn.Flatten(), nn.Linear(49 * 1024 // share, hidden), nn.LeakyReLU(0.1), nn.Dropout()),
        nn.Linear(hidden, 49 * (5 * boxes + classes)),
        nn.Unflatten(1, (5 * boxes + classes, 7, 7)),
    )


class Local(nn.Module):
    """Darknet's `[local]`: 3×3 filters of its own at each of 7×7 places."""

    def __init__(self, ins: int, outs: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(7, 7, outs, ins, 3, 3))
        self.bias = nn.Parameter(torch.empty(outs, 7, 7))

    def forward(self, x: Tensor) -> Tensor:
        x = nn.functional.pad(x, (1, 1, 1, 1))
        rows = [
            torch.stack(
                [
                    torch.einsum("oikl,nikl->no", self.weight[r, c], x[:, :, r : r + 3, c : c + 3])
                    for c in range(7)
                ],
                dim=-1,
            )
            for r in range(7)
        ]
        return torch.stack(rows, dim=-2) + self.bias


def yolo_darknet(*, share: int = 1, boxes: int = 3, classes: int = 20) -> nn.Module:
    """Today's cfg/yolov1.cfg."""
    return nn.Sequential(
        *convolutions(FULL, share, norm=True),
        *(Local(1024 // share, 256 // share), nn.LeakyReLU(0.1), nn.Dropout(), nn.Flatten()),
        nn.Linear(49 * 256 // share, 49 * (5 * boxes + classes)),
    )


def yolo_tiny(*, share: int = 1, classes: int = 20) -> nn.Module:
    """Today's cfg/yolov1-tiny.cfg."""
    return nn.Sequential(
        *convolutions(TINY, share, norm=True),
        nn.Flatten(),
        nn.Linear(49 * 256 // share, 49 * (10 + classes)),
    )


def yolo_fast(*, share: int = 1, hidden: int = 4096, classes: int = 20) -> nn.Module:
    """cfg/yolo-tiny.cfg of November 2015."""
    return nn.Sequential(
        *convolutions(FAST, share, norm=False),
        *(nn.Flatten(), nn.Linear(49 * 1024 // share, hidden // 16)),
        *(nn.Linear(hidden // 16, hidden), nn.LeakyReLU(0.1), nn.Dropout()),
        nn.Linear(hidden, 49 * (10 + classes)),
    )


def yolo_small(*, stride: int = 1) -> nn.Module:
    """Five convolutions for 112×112 pixels; the last one takes strides for larger images."""
    layers: list[nn.Module] = []
    ins = 3
    for number, outs in enumerate((16, 32, 64, 128, 128)):
        last = number == 4
        layers.append(nn.Conv2d(ins, outs, 3, stride if last else 1, 1, bias=False))
        layers += [nn.BatchNorm2d(outs), nn.LeakyReLU(0.1)]
        layers += [] if last else [nn.MaxPool2d(2)]
        ins = outs
    return nn.Sequential(
        *layers,
        *(nn.Flatten(), nn.Linear(6272, 256), nn.LeakyReLU(0.1), nn.Dropout(0.2)),
        *(nn.Linear(256, 637), nn.Unflatten(1, (13, 7, 7))),
    )


def yolo_convolutional() -> nn.Module:
    """Seven convolutions and one of 1×1, which tells each of 14×14 cells of 224×224 pixels."""
    layers: list[nn.Module] = []
    ins = 3
    for number, outs in enumerate((16, 32, 64, 128, 256, 128, 256)):
        layers.append(nn.Conv2d(ins, outs, 3, 1, 1, bias=False))
        layers += [nn.BatchNorm2d(outs), nn.LeakyReLU(0.1)]
        layers += [nn.MaxPool2d(2)] if number < 4 else []
        ins = outs
    return nn.Sequential(*layers, nn.Conv2d(256, 13, 1))
