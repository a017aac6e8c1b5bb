"""A convolution that computes with two numbers in every filter."""

from torch import Tensor, nn

from codegen.parts.scaled_sign import scaled_sign


class BinaryWeightConv2d(nn.Conv2d):
    """Like `nn.Conv2d`, but its weights are made two numbers in every filter."""

    def forward(self, input: Tensor) -> Tensor:
        """(N, in_channels, H, W) -> (N, out_channels, H', W')."""
        return self._conv_forward(input, scaled_sign(self.weight), self.bias)
