"""A convolution that computes with -1 and 1."""

from torch import Tensor, nn

from codegen.parts.binary_sign import binary_sign
from codegen.parts.clip_weight import clip_weight


class BinaryConnectConv2d(nn.Conv2d):
    """Like `nn.Conv2d`, but with the sign of its weights (Courbariaux et al. 2015)."""

    def forward(self, input: Tensor) -> Tensor:
        """(N, in_channels, H, W) -> (N, out_channels, H', W')."""
        clip_weight(self)
        return self._conv_forward(input, binary_sign(self.weight), self.bias)
