"""A linear layer that computes with -1 and 1."""

from torch import Tensor, nn

from codegen.parts.binary_sign import binary_sign
from codegen.parts.clip_weight import clip_weight


class BinaryConnectLinear(nn.Linear):
    """Like `nn.Linear`, but with the sign of its weights (Courbariaux et al. 2015)."""

    def forward(self, input: Tensor) -> Tensor:
        """(..., in_features) -> (..., out_features)."""
        clip_weight(self)
        return nn.functional.linear(input, binary_sign(self.weight), self.bias)
