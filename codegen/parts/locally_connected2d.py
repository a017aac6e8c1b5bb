"""A convolution over an image whose filters are not the same everywhere."""

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
