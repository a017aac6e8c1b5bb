"""A convolution that computes with three numbers."""

from torch import Tensor, nn

from codegen.parts.ternary_weight import ternary_weight


class TernaryWeightConv2d(nn.Conv2d):
    """Like `nn.Conv2d`, but its weights are made three numbers."""

    def forward(self, input: Tensor) -> Tensor:
        """(N, in_channels, H, W) -> (N, out_channels, H', W')."""
        return self._conv_forward(input, ternary_weight(self.weight), self.bias)
