"""A convolution over a sequence whose filters are not the same at every step."""

import math

import torch
from torch import Tensor, nn


class LocallyConnected1d(nn.Module):
    """Like `nn.Conv1d`, but with filters and biases of their own at every place.

    Args:
        input_size: the length of the sequences, on which the number of weights
            depends.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        input_size: int,
        kernel_size: int,
        stride: int = 1,
        padding: int = 0,
        bias: bool = True,
    ) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = stride
        self.padding = padding
        length = (input_size + 2 * padding - kernel_size) // stride + 1
        self.weight = nn.Parameter(
            torch.empty(length, out_channels, in_channels, kernel_size)
        )
        self.bias = nn.Parameter(torch.empty(out_channels, length)) if bias else None
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the weights as `nn.Conv1d` does: within ±1 / √(values of a filter)."""
        bound = 1 / math.sqrt(self.weight[0, 0].numel())
        for parameter in self.parameters():
            nn.init.uniform_(parameter, -bound, bound)

    def forward(self, x: Tensor) -> Tensor:
        """(N, in_channels, input_size) -> (N, out_channels, length)."""
        x = nn.functional.pad(x, (self.padding, self.padding))
        patches = x.unfold(2, self.kernel_size, self.stride)  # (N, C, L, k)
        patches = patches.permute(2, 1, 3, 0).flatten(1, 2)  # (L, C·k, N)
        out = self.weight.flatten(2) @ patches  # at every place by itself
        out = out.permute(2, 1, 0)  # (N, out_channels, L)
        return out if self.bias is None else out + self.bias

    def extra_repr(self) -> str:
        """The settings, for `print(model)`."""
        settings = f"kernel_size={self.kernel_size}, stride={self.stride}"
        return f"{settings}, padding={self.padding}"
